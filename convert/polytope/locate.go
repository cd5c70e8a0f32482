package polytope

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"hull/ir"
)

// locate finds what yaml/v4 does not tell: where nodes end, and the comments,
// of which it loses some. Nodes are what was made of doc.
func locate(doc *yaml.Node, root *node, nodes map[*yaml.Node]*node, s *source) []comment {
	l := &locator{cursor: newCursor(s.name, string(s.input)), starts: map[ir.Pos]token{}, nodes: nodes}
	l.isYAML = true
	if doc != nil {
		l.collect(s, doc, 0)
	}
	l.scan()
	settleEnds(root)
	return l.comments
}

// token is a scalar, or a list or map in brackets.
type token struct {
	style yaml.Style
	text  string
	node  *node // nil for a key, and what is merged
	// indent is that of the block around, in characters.
	indent int
}

type locator struct {
	cursor
	nodes    map[*yaml.Node]*node
	starts   map[ir.Pos]token
	open     []*node // the lists and maps in brackets around the cursor
	comments []comment
	// lineHas holds where something stands before the cursor on its line.
	lineHas bool
}

// collect finds the tokens whose extent decides what is a comment. Indent is
// that of the block around y.
func (l *locator) collect(s *source, y *yaml.Node, indent int) {
	isFlow := y.Kind != yaml.ScalarNode && y.Style&yaml.FlowStyle != 0
	isText := y.Kind == yaml.ScalarNode && (y.Value != "" || y.Style&^yaml.TaggedStyle != 0)
	if isFlow || isText {
		l.starts[startOf(y)] = token{y.Style, y.Value, l.nodes[y], indent}
	}
	for i, c := range y.Content {
		switch {
		case y.Kind == yaml.SequenceNode:
			indent = s.dash(y, c).Column - 1
		case y.Kind == yaml.MappingNode && i%2 == 0:
			indent = c.Column - 1
		}
		l.collect(s, c, indent)
	}
}

func (l *locator) scan() {
	line := 0
	for !l.atEnd() {
		if l.pos.Line != line {
			line, l.lineHas = l.pos.Line, false
		}
		if t, ok := l.starts[l.pos]; ok {
			delete(l.starts, l.pos)
			l.token(t)
			l.lineHas = true
			line = l.pos.Line
			continue
		}
		switch b := l.peek(0); b {
		case '#':
			if l.isCommentStart() {
				l.comment()
				continue
			}
		case ']', '}':
			l.close()
			l.lineHas = true
			continue
		case ' ', '\t', '\r', '\n':
			l.next()
			continue
		}
		l.next()
		l.lineHas = true
	}
}

// isCommentStart tells whether the # at the cursor begins a comment: it is the
// first of a line, or behind a space (YAML 1.2.2, 6.6).
func (l *locator) isCommentStart() bool {
	return l.pos.Column == 1 || l.off > 0 && strings.IndexByte(" \t\n\r", l.text[l.off-1]) >= 0 ||
		strings.HasSuffix(l.text[:l.off], "\ufeff")
}

func (l *locator) comment() {
	start, isAlone := l.pos, !l.lineHas || l.pos.Column == 1
	text := l.skipLine()
	l.comments = append(l.comments, comment{commentText(text, "#"), start, l.pos, isAlone})
}

// close ends the innermost list or map in brackets.
func (l *locator) close() {
	l.next()
	if len(l.open) == 0 {
		return
	}
	if n := l.open[len(l.open)-1]; n != nil {
		n.rng.End = l.pos
	}
	l.open = l.open[:len(l.open)-1]
}

func (l *locator) token(t token) {
	l.properties()
	switch b := l.peek(0); {
	case t.style&yaml.FlowStyle != 0 && (b == '[' || b == '{'):
		l.next()
		if t.node != nil {
			t.node.isDelimited = true
		}
		l.open = append(l.open, t.node)
		return
	case t.style&yaml.SingleQuotedStyle != 0:
		l.quoted('\'')
	case t.style&yaml.DoubleQuotedStyle != 0:
		l.quoted('"')
	case t.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		l.block(t)
		return
	default:
		l.plain(t.text)
	}
	if t.node != nil {
		t.node.rng.End = l.pos
	}
}

// properties skips anchors and tags, and the space behind them.
func (l *locator) properties() {
	for l.peek(0) == '&' || l.peek(0) == '!' {
		for !l.atEnd() && !strings.ContainsRune(" \t\r\n", rune(l.peek(0))) {
			l.next()
		}
		for !l.atEnd() && strings.ContainsRune(" \t\r\n", rune(l.peek(0))) {
			l.next()
		}
	}
}

// quoted skips a scalar in quotes. In single quotes two of them are one.
func (l *locator) quoted(quote byte) {
	if l.peek(0) != quote {
		return
	}
	l.next()
	for !l.atEnd() {
		switch b := l.peek(0); {
		case b == '\\' && quote == '"':
			l.skip(2)
		case b == quote && quote == '\'' && l.peek(1) == quote:
			l.skip(2)
		case b == quote:
			l.next()
			return
		default:
			l.next()
		}
	}
}

// plain skips a plain scalar where it is on one line. Of one on several, the
// first line is skipped up to a comment; in what follows there can be none.
func (l *locator) plain(text string) {
	if text != "" && !strings.Contains(text, "\n") && l.hasPrefix(text) {
		l.skip(len(text))
		return
	}
	for !l.atEnd() && !strings.ContainsRune("\r\n,]}", rune(l.peek(0))) && !l.hasPrefix(" #") {
		l.next()
	}
}

// block skips a literal or folded scalar: the lines that are indented as the
// first with text, or as the header says (YAML 1.2.2, 8.1.1).
func (l *locator) block(t token) {
	header := strings.TrimLeft(l.header(), "|>")
	if t.node != nil {
		t.node.rng.End = l.pos
	}
	want := -1
	for _, r := range header {
		if r >= '1' && r <= '9' {
			want = t.indent + int(r-'0')
		}
	}
	for !l.atEnd() {
		before := l.cursor
		l.nextLineStart()
		line, _, _ := strings.Cut(l.rest(), "\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		isBlank := strings.TrimSpace(line) == ""
		if want < 0 && !isBlank {
			want = max(indent, t.indent+1)
		}
		if !isBlank && indent < want {
			l.cursor = before
			return
		}
		l.skipLine()
		if t.node != nil && !isBlank {
			t.node.rng.End = l.pos
		}
	}
}

// header skips the first line of a block scalar and the comment behind it.
func (l *locator) header() string {
	start := l.off
	for !l.atEnd() && !strings.ContainsRune(" \t\r\n", rune(l.peek(0))) {
		l.next()
	}
	text := l.text[start:l.off]
	for l.peek(0) == ' ' || l.peek(0) == '\t' {
		l.next()
	}
	if l.peek(0) == '#' {
		l.lineHas = true
		l.comment()
	}
	return text
}

func (l *locator) nextLineStart() {
	for line := l.pos.Line; !l.atEnd() && l.pos.Line == line; {
		l.next()
	}
}

// settleEnds gives lists and maps without brackets the end of what they hold,
// and to scalars that were not found one on their line.
func settleEnds(n *node) {
	for _, c := range n.children() {
		settleEnds(c)
		if !n.isDelimited && !c.isCopy && n.rng.End.Before(c.rng.End) {
			n.rng.End = c.rng.End
		}
	}
	if text, ok := n.value.(string); ok && !n.rng.Start.Before(n.rng.End) {
		first, _, _ := strings.Cut(text, "\n")
		n.rng.End.Column += utf8.RuneCountInString(first)
	}
}
