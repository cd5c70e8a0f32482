package resolve

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// Symbolic is a job that knows which texts are made of values and secrets.
type Symbolic struct {
	// Job holds marks where values and secrets are used; Parts reads them.
	*Job
	// marks are what the marks in the job's texts and numbers stand for.
	marks map[string]Part
}

// Part is a piece of a text: literal, or a value or secret.
type Part struct {
	// Text is the literal, or what the reference stands for.
	Text string
	// Ref is nil for a literal.
	Ref *ir.Ref
}

// ResolveSymbolic evaluates a file so that texts and numbers which are made of
// values and secrets still say so. What code makes of a value in a way that
// cannot be told apart is the text that it has with opts.
//
// No evaluation of code says where its result came from, so that the file is
// evaluated twice: as it is, and with a mark in place of each value and secret.
// Where the marks of a text, replaced by what they stand for, give what the
// text really is, the text is made of them; where they do not, because code
// has looked into a value, the real text stands. Fractions and booleans are
// always the real ones.
//
// The job is nil where there is nothing to run.
func ResolveSymbolic(f *ir.File, opts Options) (*Symbolic, []diag.Diagnostic) {
	m := newMarker(f, opts)
	job, found := evaluate(f, opts, opts.lookup(f))
	if job == nil {
		return nil, found
	}
	marked, _ := evaluate(f, opts, m.lookup)
	s := &Symbolic{Job: job, marks: m.marks}
	if marked != nil {
		s.merge(reflect.ValueOf(job).Elem(), reflect.ValueOf(marked).Elem())
	}
	return s, found
}

// Parts takes a string of the job apart; a literal has one part, and the empty
// text none. Adjacent literals are joined.
func (s *Symbolic) Parts(text string) []Part {
	var parts []Part
	end := 0 // of the part before
	for _, at := range mark.FindAllStringIndex(text, -1) {
		part, ok := s.marks[text[at[0]:at[1]]]
		if !ok {
			continue
		}
		if at[0] > end {
			parts = append(parts, Part{Text: text[end:at[0]]})
		}
		parts, end = append(parts, part), at[1]
	}
	if end < len(text) {
		parts = append(parts, Part{Text: text[end:]})
	}
	return parts
}

// Number takes a number of the job apart: a reference, or the number in digits.
func (s *Symbolic) Number(n int) Part {
	text := strconv.Itoa(n)
	if part, ok := s.marks[text]; ok {
		return part
	}
	return Part{Text: text}
}

// Unmarked is a text with its marks replaced by what they stand for.
func (s *Symbolic) Unmarked(text string) string {
	var b strings.Builder
	for _, p := range s.Parts(text) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// merge puts marks into the real job, leaf by leaf.
func (s *Symbolic) merge(into, marked reflect.Value) {
	switch into.Kind() {
	case reflect.Struct:
		for i := range into.NumField() {
			s.merge(into.Field(i), marked.Field(i))
		}
	case reflect.Slice:
		if into.Len() == marked.Len() {
			for i := range into.Len() {
				s.merge(into.Index(i), marked.Index(i))
			}
		}
	case reflect.Pointer:
		if !into.IsNil() && !marked.IsNil() {
			s.merge(into.Elem(), marked.Elem())
		}
	case reflect.String:
		if s.Unmarked(marked.String()) == into.String() {
			into.SetString(marked.String())
		}
	case reflect.Int:
		if s.Number(int(marked.Int())).Text == strconv.FormatInt(into.Int(), 10) {
			into.SetInt(marked.Int())
		}
	}
}

// mark is what a mark looks like. One for a value that is an integer is an
// integer itself, of 31 bits, so that code can parse it; any other is an id.
// What begins a mark stands nowhere else in one, so that marks neither contain
// one another nor overlap, whatever stands beside them.
var mark = regexp.MustCompile(`19[02-8]{8}|qz[a-h]{12}`)

var integer = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})$`)

// marker gives out marks.
type marker struct {
	// taken are the marks that texts of the file happen to hold.
	taken map[string]bool
	marks map[string]Part
	known map[string]string // the mark of each value and secret, by kind and name
	text  func(ir.RefKind, string) (string, bool)
	next  int
}

func newMarker(f *ir.File, opts Options) *marker {
	m := &marker{taken: map[string]bool{}, marks: map[string]Part{}, known: map[string]string{}, text: opts.lookup(f)}
	m.takeAll(f)
	if opts.Args != nil {
		m.takeAll(opts.Args)
	}
	return m
}

func (m *marker) takeAll(n ir.Node) {
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.String:
			m.take(n.Value)
		case *ir.Int:
			m.take(strconv.FormatInt(n.Value, 10))
		case *ir.Code:
			m.take(n.Source)
		case *ir.Binding:
			text, _ := m.text(n.Kind, n.Name)
			m.take(text)
		}
		return true
	})
}

func (m *marker) take(text string) {
	for _, s := range mark.FindAllString(text, -1) {
		m.taken[s] = true
	}
}

// lookup gives the mark of a value or secret for its text.
func (m *marker) lookup(kind ir.RefKind, name string) (string, bool) {
	key := kind.String() + " " + name
	if known, ok := m.known[key]; ok {
		return known, true
	}
	text, ok := m.text(kind, name)
	if !ok {
		text = ""
	}
	m.take(text)
	made := m.mark(text)
	m.known[key] = made
	m.marks[made] = Part{Text: text, Ref: &ir.Ref{Kind: kind, Name: name}}
	return made, true
}

// mark is a mark that is not taken, of the kind that a text needs.
func (m *marker) mark(text string) string {
	for {
		m.next++
		made := wordMark(m.next)
		if integer.MatchString(text) {
			made = numberMark(m.next)
		}
		if !m.taken[made] && m.marks[made].Ref == nil {
			return made
		}
	}
}

// stride scatters the marks: were they neighbours, port + 1 would read as the
// next value.
const stride = 7_654_321

func numberMark(n int) string {
	octal := fmt.Sprintf("%08o", (n*stride)%(1<<24))
	return "19" + strings.ReplaceAll(octal, "1", "8")
}

func wordMark(n int) string {
	octal := fmt.Sprintf("%012o", (n*stride)%(1<<36))
	return "qz" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, octal)
}
