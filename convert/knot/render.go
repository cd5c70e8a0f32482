package knot

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// marks are two characters that occur in nothing that is read. Between them, an
// evaluated text says which variable stands at a place, or where in the source
// what follows comes from.
type marks struct{ open, close rune }

// newMarks finds two characters of the private use area that no file and no
// setting has.
func newMarks(o Options) marks {
	used := map[rune]bool{}
	note := func(text string) {
		for _, r := range text {
			if r >= 0xE000 && r <= 0xF8FF {
				used[r] = true
			}
		}
	}
	for _, f := range o.Files {
		if len(f.Text) <= maxSize {
			note(string(f.Text))
		}
	}
	for _, text := range o.Set {
		note(text)
	}
	var free []rune
	for r := rune(0xE000); r <= 0xF8FF && len(free) < 2; r++ {
		if !used[r] {
			free = append(free, r)
		}
	}
	if len(free) < 2 {
		return marks{}
	}
	return marks{free[0], free[1]}
}

func (m marks) write(kind string, n int) string {
	return string(m.open) + kind + strconv.Itoa(n) + string(m.close)
}

// next cuts a text at its first mark.
func (m marks) next(text string) (before, kind string, n int, after string, ok bool) {
	before, rest, ok := strings.Cut(text, string(m.open))
	if !ok {
		return text, "", 0, "", false
	}
	inside, after, ok := strings.Cut(rest, string(m.close))
	if !ok || inside == "" {
		return text, "", 0, "", false
	}
	n, err := strconv.Atoi(inside[1:])
	return before, inside[:1], n, after, err == nil
}

// cut makes pieces of an evaluated text.
func (m marks) cut(text string, variables []string) tmpl {
	var out tmpl
	for {
		before, kind, n, after, ok := m.next(text)
		if !ok {
			return out.plus(piece{text: text})
		}
		out = out.plus(piece{text: before})
		if kind == "v" && n < len(variables) {
			out = out.plus(piece{variable: variables[n]})
		}
		text = after
	}
}

// render evaluates the logic of a whole file, and parses what it makes. There
// is nothing where it cannot be evaluated, which is reported; the error is the
// YAML's.
func (s *source) render(f *file, whole *template.Template) ([]*document, error) {
	if s.openLines(f, whole) {
		return nil, nil
	}
	if s.marks == (marks{}) {
		s.addAt(ir.Range{File: f.name}, diag.Error, "knot/template-failed", "the file has every character of the private use area; it cannot be evaluated", "")
		return nil, nil
	}
	e := s.newEvaluation(f)
	text, err := e.run(whole)
	if err != nil {
		line, message := templateError(err)
		s.addAt(f.at(line, 1), diag.Error, "knot/template-failed", "this cannot be evaluated: "+message, "")
		return nil, nil
	}
	f.rendered, f.origins = s.marks.origins(text)
	f.lines = newTextIndex(f.rendered)
	docs, err := parseYAML(f)
	f.cuts = map[*yaml.Node]tmpl{}
	for _, d := range docs {
		s.unmark(f, d.root, e.variables, 0)
		d.head = s.marks.cut(d.head, e.variables).String()
	}
	return docs, err
}

// unmark makes texts with marks in them into texts with actions, and notes how
// they are cut.
func (s *source) unmark(f *file, n *yaml.Node, variables []string, depth int) {
	for _, text := range []*string{&n.HeadComment, &n.LineComment, &n.FootComment} {
		*text = s.marks.cut(*text, variables).String()
	}
	if n.Kind == yaml.ScalarNode && strings.ContainsRune(n.Value, s.marks.open) {
		f.cuts[n] = s.marks.cut(n.Value, variables)
		n.Value = f.cuts[n].String()
	}
	for _, c := range n.Content {
		if depth < maxDepth {
			s.unmark(f, c, variables, depth+1)
		}
	}
}

// openLines reports the logic of a file that decides over lines and is not
// known.
func (s *source) openLines(f *file, whole *template.Template) bool {
	isOpen := false
	for _, tree := range definedIn(whole) {
		for _, n := range tree.Root.Nodes {
			l := pieceOf(n).logic
			if l == nil {
				continue
			}
			missing := s.unset(l.reads)
			if len(missing) == 0 {
				continue
			}
			isOpen = true
			at := f.atOffset(int(n.Position()))
			s.openLogic(at, diag.NoFate, &logic{source: strings.TrimLeft(f.line(at.Start.Line), "# \t"), reads: missing}, "it decides what the file says, so that the file cannot be read")
			s.report.Diagnostics[len(s.report.Diagnostics)-1].Severity = diag.Error
		}
	}
	return isOpen
}

// atOffset is the place of a byte of the given text.
func (f *file) atOffset(offset int) ir.Range {
	p := f.given.pos(offset)
	return ir.Range{File: f.name, Start: p, End: p}
}

// origin says that what stands from an offset of the rendered text on comes
// from an offset of the given one.
type origin struct {
	rendered, given int
	// isCopy holds for text that was copied; else all of it comes from one
	// place, an action.
	isCopy bool
}

type origins []origin

// origins takes the marks of places out of an evaluated text.
func (m marks) origins(text string) (string, origins) {
	var b strings.Builder
	found := origins{{0, 0, true}}
	for {
		before, kind, n, after, ok := m.next(text)
		if !ok {
			b.WriteString(text)
			return b.String(), found
		}
		b.WriteString(before)
		if kind == "v" {
			b.WriteString(m.write(kind, n))
		} else {
			found = append(found, origin{b.Len(), n, kind == "t"})
		}
		text = after
	}
}

// pos is where a place of the rendered text was in the given one.
func (o origins) pos(f *file, p ir.Pos) ir.Pos {
	offset := f.lines.offset(p)
	i := max(sort.Search(len(o), func(i int) bool { return o[i].rendered > offset })-1, 0)
	given := o[i].given
	if o[i].isCopy {
		given += offset - o[i].rendered
	}
	return f.atOffset(given).Start
}

// evaluation is one run of a template.
type evaluation struct {
	*source
	// file is set where the run is to tell where its texts come from.
	file *file
	// isQuoted holds for what stands between the double quotes of a text whose
	// YAML was read already: what quote escapes for them needs no escape there.
	isQuoted bool
	// variables are what the run leaves open: it prints marks instead.
	variables []string
	steps     int
}

func (s *source) newEvaluation(f *file) *evaluation { return &evaluation{source: s, file: f} }

// Limits of a run: knot's templates choose and join short texts.
const (
	maxSteps = 10_000  // passes through a loop or a template
	maxText  = 1 << 16 // bytes of any text on the way
	maxOut   = 1 << 20 // bytes of the result
)

// run executes a template with what is set. Variables that are only printed
// stay open.
func (e *evaluation) run(t *template.Template) (string, error) {
	run := template.New("t").Funcs(e.functions()).Option("missingkey=default")
	for _, tree := range definedIn(t) {
		copied := tree.Copy()
		copied.Root = e.list(copied.Root, true)
		copied.Root.Nodes = append(e.step(), copied.Root.Nodes...)
		if _, err := run.AddParseTree(tree.Name, copied); err != nil {
			return "", err
		}
	}
	out := &boundedWriter{left: maxOut}
	err := run.Execute(out, e.data())
	return out.String(), err
}

// boundedWriter fails where too much is written.
type boundedWriter struct {
	strings.Builder
	left int
}

func (w *boundedWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errTooMuch
	}
	return w.Builder.Write(p)
}

// step is an action that counts, so that no loop and no template that uses
// itself is without end.
func (e *evaluation) step() []parse.Node {
	t, err := template.New("").Funcs(e.functions()).Parse("{{hull_step}}")
	if err != nil {
		return nil
	}
	return t.Root.Nodes
}

// list replaces the variables of a list by marks, and makes its loops count.
func (e *evaluation) list(list *parse.ListNode, dotIsRoot bool) *parse.ListNode {
	if list == nil {
		return nil
	}
	var out []parse.Node
	for _, n := range list.Nodes {
		out = append(out, e.node(n, dotIsRoot)...)
	}
	list.Nodes = out
	return list
}

func (e *evaluation) node(n parse.Node, dotIsRoot bool) []parse.Node {
	if v := plainVariable(n, dotIsRoot); v != "" {
		return append(e.place("a", n), e.text(n, e.open(v)))
	}
	switch n := n.(type) {
	case *parse.TextNode:
		return append(e.place("t", n), n)
	case *parse.ActionNode:
		return append(e.place("a", n), n)
	case *parse.IfNode:
		n.List, n.ElseList = e.list(n.List, dotIsRoot), e.list(n.ElseList, dotIsRoot)
	case *parse.WithNode:
		n.List, n.ElseList = e.list(n.List, false), e.list(n.ElseList, dotIsRoot)
	case *parse.RangeNode:
		n.List, n.ElseList = e.list(n.List, false), e.list(n.ElseList, dotIsRoot)
		n.List.Nodes = append(e.step(), n.List.Nodes...)
	}
	return []parse.Node{n}
}

// open is the mark of a variable that stays open.
func (e *evaluation) open(variable string) string {
	e.variables = append(e.variables, variable)
	return e.marks.write("v", len(e.variables)-1)
}

// place tells where what follows comes from, where that is asked for.
func (e *evaluation) place(kind string, n parse.Node) []parse.Node {
	if e.file == nil {
		return nil
	}
	return []parse.Node{e.text(n, e.marks.write(kind, int(n.Position())))}
}

func (e *evaluation) text(at parse.Node, text string) parse.Node {
	return &parse.TextNode{NodeType: parse.NodeText, Pos: at.Position(), Text: []byte(text)}
}

// data is what is set, as templates see it.
func (e *evaluation) data() map[string]any {
	data := map[string]any{}
	for name, text := range e.opts.Set {
		m := data
		words := strings.Split(name, ".")
		for _, w := range words[:len(words)-1] {
			inner, ok := m[w].(map[string]any)
			if !ok {
				inner = map[string]any{}
				m[w] = inner
			}
			m = inner
		}
		m[words[len(words)-1]] = valueOf(name, text)
	}
	return data
}

// valueOf is a text as knot has it: of the system's variables, the first boot
// alone is no text.
func valueOf(name, text string) any {
	if name == "space.first_boot" {
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	}
	return text
}

var errTooMuch = fmt.Errorf("it makes more text than a template of knot's should")
