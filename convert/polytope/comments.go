package polytope

import (
	"sort"
	"strings"

	"hull/ir"
)

// comment is a comment of the source: its text without the marker.
type comment struct {
	text       string
	start, end ir.Pos
	// isAlone holds where nothing stands before it on its line.
	isAlone bool
}

// remarks are the comments of a node, line by line; see ir.Comments.
type remarks struct{ head, line, foot []string }

func (r *remarks) addHead(texts ...string) { r.head = append(r.head, texts...) }

// anchor is what a comment can be attached to: an item of a list or an entry of
// a record.
type anchor struct {
	node *node
	up   int // the index of the anchor around it; -1 for the root
}

func (a anchor) begin() ir.Pos { return a.node.begin }

// attach gives each comment to a node: one behind something to what ends there,
// one on a line of its own to what follows, or to what it follows where the
// indentation, a bracket or an empty line says so. Whatever happens, a comment
// goes somewhere.
func attach(root *node, comments []comment) {
	p := placer{comments: comments, groups: groups(comments), filled: map[int]bool{}}
	p.collect(root, -1)
	for i, c := range comments {
		p.place(i, c)
	}
}

type placer struct {
	anchors  []anchor // in the order of the text, parents first
	comments []comment
	groups   []group
	// filled are the lines where something begins or ends.
	filled map[int]bool
}

// group is the first and the last line of comments without anything between.
type group struct{ first, last int }

// groups finds the group of each comment.
func groups(comments []comment) []group {
	all := make([]group, len(comments))
	for i, c := range comments {
		all[i] = group{c.start.Line, c.end.Line}
		if i > 0 && c.isAlone && comments[i-1].isAlone && comments[i-1].end.Line+1 == c.start.Line {
			all[i].first = all[i-1].first
		}
	}
	for i := len(all) - 2; i >= 0; i-- {
		if all[i].first == all[i+1].first {
			all[i].last = all[i+1].last
		}
	}
	return all
}

func (p *placer) collect(n *node, up int) {
	if n.isCopy {
		return
	}
	p.anchors = append(p.anchors, anchor{n, up})
	p.filled[n.begin.Line], p.filled[n.rng.End.Line] = true, true
	self := len(p.anchors) - 1
	for _, c := range n.children() {
		p.collect(c, self)
	}
}

func (p *placer) place(i int, c comment) {
	following := sort.Search(len(p.anchors), func(i int) bool { return c.start.Before(p.anchors[i].begin()) })
	last := following - 1
	if last < 0 {
		top := &p.anchors[0].node.comments
		if i > 0 && p.groups[i] != p.groups[i-1] {
			top.addHead("") // paragraphs stay apart
		}
		top.addHead(c.text)
		return
	}
	around := p.bracketsAround(last, c)
	next := p.next(following, around)
	opensWith := around != nil && p.anchors[last].node == around
	switch {
	case !c.isAlone && !opensWith:
		to := &p.endingAt(last, c).comments
		to.line = append(to.line, c.text)
	case next != nil && opensWith,
		next != nil && (around != nil || c.start.Column <= next.begin.Column) && !p.belongsAbove(i, next):
		next.comments.addHead(c.text)
	default:
		to := &p.above(last, c, around).comments
		to.foot = append(to.foot, c.text)
	}
}

// bracketsAround is the innermost list or record in brackets that a comment is
// inside of, or nil.
func (p *placer) bracketsAround(last int, c comment) *node {
	for i := last; i >= 0; i = p.anchors[i].up {
		n := p.anchors[i].node
		if n.isDelimited && n.rng.Start.Before(c.start) && c.start.Before(n.rng.End) {
			return n
		}
	}
	return nil
}

// next is the node at an index, where it is inside of the brackets.
func (p *placer) next(i int, around *node) *node {
	if i >= len(p.anchors) || around != nil && !p.anchors[i].begin().Before(around.rng.End) {
		return nil
	}
	return p.anchors[i].node
}

// endingAt is the outermost node that ends before a comment on its line, and is
// either on that line as a whole or ends with a bracket.
func (p *placer) endingAt(last int, c comment) *node {
	found := p.anchors[last].node
	for i := last; i >= 0; i = p.anchors[i].up {
		n := p.anchors[i].node
		ends := n.rng.End.Line == c.start.Line && !c.start.Before(n.rng.End)
		if ends && (n.isDelimited || n.begin.Line == c.start.Line) {
			found = n
		}
	}
	return found
}

// belongsAbove tells whether a comment stands close below something and apart
// from what follows.
func (p *placer) belongsAbove(i int, next *node) bool {
	g := p.groups[i]
	return next.begin.Line > g.last+1 && p.filled[g.first-1]
}

// above is the node that a comment stands below of: the last one that begins no
// further to the right, within the brackets.
func (p *placer) above(last int, c comment, around *node) *node {
	i := last
	for p.anchors[i].up >= 0 && p.anchors[i].node != around && p.anchors[i].begin().Column > c.start.Column {
		i = p.anchors[i].up
	}
	if p.anchors[i].node != around {
		return p.anchors[i].node
	}
	// Inside of the brackets nothing is as far to the left: the last child.
	for i = last; i >= 0 && p.anchors[i].up >= 0; i = p.anchors[i].up {
		if p.anchors[p.anchors[i].up].node == around {
			return p.anchors[i].node
		}
	}
	return around
}

// commentText is a comment without its marker and the space behind it.
func commentText(s, marker string) string {
	s = strings.TrimPrefix(strings.TrimRight(s, " \t\r"), marker)
	return strings.TrimPrefix(s, " ")
}
