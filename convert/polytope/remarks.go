package polytope

import (
	"strings"

	"hull/ir"
)

// adopt gives the comments of a node and of all below it to an owner, where
// they have no other home.
func (l *lowering) adopt(n *node, owner *ir.Meta) {
	if n.home == nil {
		n.home = owner
	}
	for _, c := range n.children() {
		l.adopt(c, owner)
	}
}

// settler moves the comments of a tree into the representation. One without a
// home goes to the next node that has one, the last ones to the file: none is
// lost.
type settler struct {
	pending []string
	settled map[*ir.Meta]*remarks
}

func settleComments(f *ir.File, root *node) {
	s := settler{settled: map[*ir.Meta]*remarks{}}
	s.visit(root)
	if len(s.pending) > 0 {
		s.at(&f.Meta).foot = append(s.pending, s.at(&f.Meta).foot...)
	}
	for meta, r := range s.settled {
		meta.Comments = ir.Comments{Head: lines(r.head), Line: lines(r.line), Foot: lines(r.foot)}
	}
}

func lines(texts []string) string { return strings.Trim(strings.Join(texts, "\n"), "\n") }

// at are the comments of a home.
func (s *settler) at(home *ir.Meta) *remarks {
	r := s.settled[home]
	if r == nil {
		r = &remarks{}
		s.settled[home] = r
	}
	return r
}

func (s *settler) visit(n *node) {
	c := n.comments
	switch {
	case n.home == nil:
		s.pending = append(append(s.pending, c.head...), c.line...)
		defer func() { s.pending = append(s.pending, c.foot...) }()
	case s.settled[n.home] != nil:
		r := s.at(n.home)
		r.addHead(s.pending...)
		r.addHead(c.head...)
		r.addHead(c.line...)
		r.addHead(c.foot...)
		s.pending = nil
	case len(c.head)+len(c.line)+len(c.foot)+len(s.pending) > 0 || isOwner(n):
		r := s.at(n.home)
		r.addHead(s.pending...)
		r.addHead(c.head...)
		r.line, r.foot = append(r.line, c.line...), append(r.foot, c.foot...)
		s.pending = nil
	}
	for _, child := range n.children() {
		s.visit(child)
	}
}

// isOwner holds for what can be the home of what is below it.
func isOwner(n *node) bool { return n.kind == record }
