package compose

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// remark is a comment of the source.
type remark struct {
	raw string // with its markers
	// node is what YAML attaches it to, keys the path of that.
	node  *yaml.Node
	keys  []string
	layer *layer
}

// restComments finds a place for the comments that no attribute has taken
// along: what is about a service stands above its module, what stands above
// everything else is about the file. Others are counted.
func (r *reader) restComments() {
	var others []remark
	taken := map[string]map[string]bool{}
	main := r.mainLayer()
	for _, c := range r.src.remarks() {
		name, m := r.moduleAbout(c)
		switch {
		case c.layer == main && c.isAtTop():
			r.out.Comments.Head = joinComments(r.out.Comments.Head, c.forPeople(), "\n\n")
		case m != nil:
			if taken[name] == nil {
				taken[name] = r.commentsOf(name)
			}
			c.moveTo(m, taken[name])
		default:
			others = append(others, c)
		}
	}
	r.leaveOut(others)
}

// mainLayer is the first document of the project's first file; nil where that
// is empty.
func (r *reader) mainLayer() *layer {
	for _, l := range r.src.layers {
		if l.path == r.opts.Files[0] {
			return l
		}
	}
	return nil
}

// moduleAbout is the service that a comment stands in, and its module; nil
// where it stands elsewhere, or where the service became none. A file that is
// only extended from has services of its own, which are others.
func (r *reader) moduleAbout(c remark) (service string, m *ir.Module) {
	if len(c.keys) < 2 || c.keys[0] != "services" || !slices.Contains(r.src.layers, c.layer) {
		return "", nil
	}
	return c.keys[1], r.moduleOf[c.keys[1]]
}

// commentsOf are the comments that the modules of a service have.
func (r *reader) commentsOf(service string) map[string]bool {
	texts := map[string]bool{}
	addComments(texts, r.moduleOf[service])
	if b := r.buildOf[service]; b != nil {
		addComments(texts, b.module)
	}
	return texts
}

func addComments(texts map[string]bool, n ir.Node) {
	ir.Walk(n, func(n ir.Node) bool {
		c := n.GetMeta().Comments
		texts[c.Head], texts[c.Line], texts[c.Foot] = true, true, true
		return true
	})
}

// moveTo puts the comment above a module, unless it is among those taken.
func (c remark) moveTo(m *ir.Module, taken map[string]bool) {
	text := c.forPeople()
	if text == "" || c.isAmong(taken) {
		return
	}
	taken[text] = true
	m.Comments.Head = joinComments(m.Comments.Head, text, "\n")
}

func (c remark) isAmong(texts map[string]bool) bool {
	return texts[stripComment(c.raw)] || texts[c.forPeople()]
}

func joinComments(above, below, between string) string {
	if above == "" || below == "" {
		return above + below
	}
	return above + between + below
}

// leaveOut reports, in one note, the comments that are nowhere in the file.
func (r *reader) leaveOut(others []remark) {
	taken := map[string]bool{"": true}
	addComments(taken, r.out)
	others = slices.DeleteFunc(others, func(c remark) bool { return c.isAmong(taken) })
	if len(others) == 0 {
		return
	}
	message := "a comment has no place in the Polytope file and is left out"
	if n := len(others); n > 1 {
		message = fmt.Sprintf("%d comments have no place in the Polytope file and are left out", n)
	}
	first := others[0]
	r.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "compose/comments", Fate: diag.Dropped, Path: joinPath(first.keys), Subject: r.commentPlace(first), Message: message,
	})
}

// commentPlace is the first line of a comment. YAML only tells of what it is
// attached to, which is near.
func (r *reader) commentPlace(c remark) ir.Range {
	text, _, _ := strings.Cut(c.raw, "\n")
	text = strings.TrimSpace(text)
	lines := strings.Split(string(r.report.Sources[c.layer.file]), "\n")
	from := c.node.Line - 1
	for away := range lines {
		for _, i := range []int{from - away, from + away} {
			if i < 0 || i >= len(lines) {
				continue
			}
			if before, ok := strings.CutSuffix(strings.TrimRight(lines[i], " \t\r"), text); ok {
				start := ir.Pos{Line: i + 1, Column: len([]rune(before)) + 1}
				end := ir.Pos{Line: i + 1, Column: start.Column + len([]rune(text))}
				return ir.Range{File: c.layer.file, Start: start, End: end}
			}
		}
	}
	return nodeRange(c.layer.file, c.node)
}

// isAtTop tells whether the comment stands above all keys of its document.
func (c remark) isAtTop() bool {
	root := c.layer.root
	isFirst := c.node == root || len(root.Content) > 0 && c.node == root.Content[0]
	return isFirst && c.raw == c.node.HeadComment
}

// notForPeople are lines of comments that are about the source as a file: what
// runs it, how an editor checks it, what hull is not to report of it, and that
// it must not be edited (go.dev/s/generatedcode).
var notForPeople = regexp.MustCompile(`^\s*#(?:!\s*/|\s*yaml-language-server:|.*\bhull:allow\b|\s*Code generated .*DO NOT EDIT\.\s*$)`)

// forPeople is the comment's text without lines that are not for people, or
// only say how the file is called, which the Polytope file is not.
func (c remark) forPeople() string {
	name := path.Base(c.layer.file)
	lines := slices.DeleteFunc(strings.Split(c.raw, "\n"), func(line string) bool {
		return notForPeople.MatchString(line) || strings.Trim(line, "# \t") == name
	})
	return stripComment(strings.Join(lines, "\n"))
}

// dedent leaves out what all lines of a comment are indented by, so that a
// piece of YAML keeps its shape.
func dedent(lines []string) []string {
	var indent []int
	for _, l := range lines {
		if text := strings.TrimLeft(l, " "); text != "" {
			indent = append(indent, len(l)-len(text))
		}
	}
	for i, l := range lines {
		if strings.TrimLeft(l, " ") != "" {
			lines[i] = l[slices.Min(indent):]
		}
	}
	return lines
}

// remarks are the comments of all files in their order, weaker layers first,
// and what is only extended from last.
func (s *source) remarks() []remark {
	w := remarkWalk{seen: map[string]bool{}}
	for _, l := range s.allLayers() {
		w.layer = l
		w.below(nil, l.root, nil)
	}
	return w.found
}

// remarkWalk collects comments.
type remarkWalk struct {
	layer *layer
	found []remark
	// seen are the comments found, by their places: a file may be read twice.
	seen map[string]bool
}

// below collects the comments of a key and its value, and in the value. What an
// alias stands for is met where it is written down. The key is nil where there
// is none.
func (w *remarkWalk) below(key, value *yaml.Node, keys []string) {
	both := []*yaml.Node{value}
	if key != nil {
		both = []*yaml.Node{key, value}
	}
	for _, n := range both {
		w.add(n, n.HeadComment, keys)
	}
	for _, n := range both {
		w.add(n, n.LineComment, keys)
	}
	w.children(value, keys)
	for _, n := range both {
		w.add(n, n.FootComment, keys)
	}
}

func (w *remarkWalk) children(n *yaml.Node, keys []string) {
	child := func(name string) []string { return append(slices.Clone(keys), name) }
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			w.below(n.Content[i], n.Content[i+1], child(n.Content[i].Value))
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			w.below(nil, item, child(fmt.Sprintf("[%d]", i)))
		}
	}
}

func (w *remarkWalk) add(n *yaml.Node, raw string, keys []string) {
	place := fmt.Sprint(w.layer.file, n.Line, ":", n.Column, ":", n.Kind, raw)
	if raw == "" || w.seen[place] {
		return
	}
	w.seen[place] = true
	if len(keys) == 0 {
		keys = []string{"services"} // an entry of the report is about something
	}
	w.found = append(w.found, remark{raw, n, keys, w.layer})
}

// withComments is the mapping at a document's top with the comments that stand
// apart from it.
func withComments(doc *yaml.Node) *yaml.Node {
	root := doc.Content[0]
	root.HeadComment = joinComments(doc.HeadComment, root.HeadComment, "\n\n")
	root.FootComment = joinComments(root.FootComment, doc.FootComment, "\n\n")
	return root
}
