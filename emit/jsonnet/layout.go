package jsonnet

import (
	"strings"
	"unicode/utf8"
)

// node is a part of a program as it is laid out: a text, or brackets with items
// between them.
type node struct {
	// text is the whole of a node without brackets. Further lines of a text
	// block are without indentation.
	text        string
	open, close string
	items       []item
	// spread puts every item on a line of its own.
	spread bool
}

// item is what stands between commas, with the comments above it.
type item struct {
	comments []string // lines, without their marks
	label    string   // "key: " or "name="
	value    *node
}

func leaf(text string) *node { return &node{text: text} }

func array(items ...item) *node { return &node{open: "[", close: "]", items: items} }

func object(items ...item) *node { return &node{open: "{", close: "}", items: items} }

// call is a call of a function; an argument of nil is left out.
func call(function string, args ...item) *node {
	n := &node{open: function + "(", close: ")"}
	for _, a := range args {
		if a.value != nil {
			n.items = append(n.items, a)
		}
	}
	return n
}

func arg(value *node) item { return item{value: value} }

func named(name string, value *node) item { return item{label: name + "=", value: value} }

func field(key string, value *node) item { return item{label: fieldName(key) + ": ", value: value} }

// lineWidth is how long a line may be, in code points; a list of one item and
// what has no brackets may be longer.
const lineWidth = 120

// countComments counts the lines of comments at the node's items, and at theirs.
func (n *node) countComments(lines map[string]int) {
	for _, i := range n.items {
		for _, line := range i.comments {
			lines[line]++
		}
		i.value.countComments(lines)
	}
}

// flat is the node on one line; ok is false where that cannot be.
func (n *node) flat() (line string, ok bool) {
	if n.open == "" {
		return n.text, !strings.Contains(n.text, "\n")
	}
	if n.spread && len(n.items) > 0 {
		return "", false
	}
	var parts []string
	for _, i := range n.items {
		part, ok := i.value.flat()
		if !ok || len(i.comments) > 0 {
			return "", false
		}
		parts = append(parts, i.label+part)
	}
	pad := ""
	if n.open == "{" && len(parts) > 0 {
		pad = " "
	}
	return n.open + pad + strings.Join(parts, ", ") + pad + n.close, true
}

// write lays a node out where column characters of the line are taken, and
// behind follow behind it.
func (n *node) write(b *strings.Builder, indent, column int) {
	if line, ok := n.flat(); ok && (column+utf8.RuneCountInString(line) < lineWidth || n.open == "") {
		b.WriteString(line)
		return
	}
	if n.open == "" {
		b.WriteString(strings.ReplaceAll(n.text, "\n", "\n"+spaces(indent)))
		return
	}
	b.WriteString(n.open)
	if head, ok := n.hugged(column); ok {
		b.WriteString(head)
		n.items[len(n.items)-1].value.write(b, indent, column+len(n.open)+len(head))
		b.WriteString(n.close)
		return
	}
	for _, i := range n.items {
		b.WriteByte('\n')
		for _, c := range i.comments {
			b.WriteString(spaces(indent+step) + comment(c) + "\n")
		}
		b.WriteString(spaces(indent+step) + i.label)
		i.value.write(b, indent+step, indent+step+len(i.label))
		b.WriteByte(',')
	}
	b.WriteString("\n" + spaces(indent) + n.close)
}

// hugged is what stands before the last argument of a call, where that has
// brackets of its own or is a block, and all before it fits on the line.
func (n *node) hugged(column int) (head string, ok bool) {
	last := len(n.items) - 1
	if !strings.HasSuffix(n.open, "(") || n.spread || last < 0 {
		return "", false
	}
	end := n.items[last]
	_, isLine := end.value.flat()
	isBlock := end.value.open == "" && !isLine
	if len(end.comments) > 0 || !isBlock && end.value.open != "{" && end.value.open != "[" {
		return "", false
	}
	for _, i := range n.items[:last] {
		line, ok := i.value.flat()
		if !ok || len(i.comments) > 0 || i.value.open != "" {
			return "", false
		}
		head += i.label + line + ", "
	}
	head += end.label
	return head, column+len(n.open)+len(head) < lineWidth
}

// step is how far what stands between brackets is indented.
const step = 2

func spaces(n int) string { return strings.Repeat(" ", n) }

// comment is a line of a comment. It cannot end early: the line has no breaks.
func comment(line string) string {
	return strings.TrimRight("// "+strings.TrimRight(line, " \t\r"), " ")
}
