package polytope

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"hull/ir"
)

// WriteEDN writes a file that Split has made expressible: keys, ids, module
// references, enum members and types as keywords, free text, references and
// code as strings. It fails where a text is not UTF-8 or a number is not
// finite.
//
// Source: notes.md, "EDN files use keywords …". The printer of the edn package
// does not serve: it sorts keys, drops comments and escapes "<" and "&".
func WriteEDN(f *ir.File, opts Options) ([]byte, error) {
	root, err := tree(f, opts)
	if err != nil {
		return nil, err
	}
	return []byte(joinParagraphs([]string{
		ednComment(opts.Header),
		paragraphs(ednComment, joinLines(root.comments.Head, root.comments.Line, root.comments.Foot)),
		ednText(root, 0),
	})), nil
}

// keyword is what this package writes as an EDN keyword: less than the format
// allows, but the same to every reader. The slash parts owner and module.
var keyword = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*(/[a-zA-Z_][a-zA-Z0-9_-]*)?(![a-zA-Z0-9_-]+)?\??$`)

// ednText is the node as text that starts in the given column. Lines after the
// first are indented.
func ednText(n *node, column int) string {
	if n.isOneLine() {
		if line := ednLine(n); column+utf8.RuneCountInString(line) <= lineWidth {
			return line
		}
	}
	switch n.kind {
	case listNode:
		return ednList(n, column+1)
	case recordNode:
		return ednRecord(n, column+1)
	}
	return ednScalar(n)
}

func ednList(n *node, column int) string {
	var items []string
	for _, item := range n.items {
		items = append(items, ednHead(item, column)+ednText(item, column))
	}
	return "[" + strings.Join(items, newLine(column)) + "]"
}

// ednRecord aligns the values, as Clojure programmers do.
func ednRecord(n *node, column int) string {
	width := 0
	for _, f := range n.fields {
		width = max(width, utf8.RuneCountInString(ednKey(f.key)))
	}
	var entries []string
	for _, f := range n.fields {
		key := ednKey(f.key)
		key += strings.Repeat(" ", width+1-utf8.RuneCountInString(key))
		entries = append(entries, ednHead(f.value, column)+key+ednText(f.value, column+width+1))
	}
	return "{" + strings.Join(entries, newLine(column)) + "}"
}

// ednHead is a node's comments on lines of their own, above it: a comment
// behind or below it could swallow a bracket.
func ednHead(n *node, column int) string {
	c := n.comments
	lines := ednComment(joinLines(c.Head, c.Line, c.Foot))
	return strings.ReplaceAll(lines, "\n", newLine(column))
}

func newLine(column int) string { return "\n" + strings.Repeat(" ", column) }

// ednLine is the node on one line.
func ednLine(n *node) string {
	switch n.kind {
	case listNode:
		var items []string
		for _, item := range n.items {
			items = append(items, ednLine(item))
		}
		return "[" + strings.Join(items, " ") + "]"
	case recordNode:
		var entries []string
		for _, f := range n.fields {
			entries = append(entries, ednKey(f.key)+" "+ednLine(f.value))
		}
		return "{" + strings.Join(entries, ", ") + "}"
	}
	return ednScalar(n)
}

func ednScalar(n *node) string {
	switch n.kind {
	case nullNode:
		return "nil"
	case numberNode:
		return n.text
	case nameNode:
		return ednKey(n.text)
	}
	return jsonString(n.text)
}

// ednKey is a name as a keyword, or as a string where it cannot be one.
func ednKey(s string) string {
	if keyword.MatchString(s) {
		return ":" + s
	}
	return jsonString(s)
}

func ednComment(s string) string { return commentLines(";;", s) }
