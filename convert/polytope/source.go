package polytope

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"hull/ir"
	"hull/ir/diag"
)

// The limits. The largest public Polytope file that we know has 30 kB.
const (
	maxSize   = 8 << 20 // bytes of a file
	maxDepth  = 200     // lists and maps within one another
	maxCopies = 100_000 // nodes that aliases repeat
)

// source is the text of a file, and where its front end reports.
type source struct {
	name   string
	input  []byte
	report *diag.Report
	lines  []string // split on demand
	widths []int    // of the lines, in characters; counted on demand
	// placeholders are where each begins, found on demand.
	placeholders  map[ir.Pos][]int
	firstScaffold []int // its offsets; empty where there is none
	hasScaffold   bool  // reported
}

// runes are the characters of a line, which counts from 1.
func (s *source) runes(line int) []rune {
	if s.lines == nil {
		s.lines = strings.Split(string(s.input), "\n")
	}
	if line < 1 || line > len(s.lines) {
		return nil
	}
	return []rune(s.lines[line-1])
}

// isText reports a text that no front end could read.
func (s *source) isText() bool {
	switch {
	case len(s.input) > maxSize:
		s.limit(ir.Range{File: s.name}, fmt.Sprintf("the file is larger than %d MB", maxSize>>20))
	case bytes.IndexByte(s.input, 0) >= 0 || !utf8.Valid(s.input):
		s.syntaxError(ir.Range{File: s.name}, "this is not text in UTF-8; is it a binary file?")
	default:
		return true
	}
	return false
}

func (s *source) fail(code string, at ir.Range, message string) {
	s.report.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Subject: at, Message: message})
}

// scaffold is a placeholder of what generates projects from templates.
var scaffold = regexp.MustCompile(`\{\{[-~]?[ \t]*[A-Za-z_.$][^{}\n]*\}\}`)

// syntaxError reports what the syntax does not allow. Where the file holds
// placeholders, they are the cause.
func (s *source) syntaxError(at ir.Range, message string) {
	if s.firstScaffold == nil {
		s.firstScaffold = append([]int{}, scaffold.FindIndex(s.input)...)
	}
	if len(s.firstScaffold) > 0 {
		s.scaffold(s.firstScaffold)
		return
	}
	s.fail("polytope/syntax", at, message)
}

func (s *source) scaffold(loc []int) {
	if s.hasScaffold {
		return
	}
	s.hasScaffold = true
	c := newCursor(s.name, string(s.input))
	c.skip(loc[0])
	start := c.pos
	c.skip(loc[1] - loc[0])
	s.report.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/scaffold", Subject: c.from(start),
		Message: fmt.Sprintf("%s is a placeholder: this is the template of a project, and no Polytope file until it is filled in", s.input[loc[0]:loc[1]]),
		Help:    "render it with the tool that it belongs to, such as polytope/scaffold, and convert the result",
	})
}

// isScaffold reports a placeholder that begins at a position or right before
// it: to YAML, "{{ x }}" is a map within a map.
func (s *source) isScaffold(at ir.Pos) bool {
	if s.placeholders == nil {
		s.placeholders = map[ir.Pos][]int{}
		c := newCursor(s.name, string(s.input))
		for _, loc := range scaffold.FindAllIndex(s.input, -1) {
			c.skip(loc[0] - c.off)
			s.placeholders[c.pos] = loc
		}
	}
	for range 2 {
		if loc, ok := s.placeholders[at]; ok {
			s.scaffold(loc)
			return true
		}
		at.Column--
	}
	return false
}

func (s *source) limit(at ir.Range, message string) { s.fail("polytope/limit", at, message) }

func (s *source) duplicateKey(key string, at ir.Range) {
	s.fail("polytope/duplicate-key", at, fmt.Sprintf("%q occurs twice in this map; the last one counts", key))
}

func (s *source) shape(n *node, message string) {
	s.report.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/shape", Fate: diag.Dropped, Subject: n.rng, Message: message, Path: n.path(),
	})
}

func (s *source) textKey(at ir.Range, text string) {
	s.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "polytope/text", Fate: diag.Approximated, Subject: at,
		Message: fmt.Sprintf("the key %s is read as the text %q", text, text),
	})
}

func (s *source) badNumber(at ir.Range, text string) {
	s.report.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "polytope/number", Fate: diag.Approximated, Subject: at,
		Message: fmt.Sprintf("%s is no number that can be kept exactly; it is read as text", text),
	})
}

func (s *source) unknownTag(at ir.Range, tag string) {
	s.report.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "polytope/tag", Fate: diag.Approximated, Subject: at,
		Message: fmt.Sprintf("the tag %s has no meaning in a Polytope file; what it stands before is read without it", tag),
	})
}

func (s *source) ambiguous(at ir.Range, text string) {
	s.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "polytope/yaml-ambiguous", Subject: at,
		Message: fmt.Sprintf("%s is read as text; YAML 1.1 reads it as a boolean or a number", text),
		Help:    "write it in quotes, or as true or false",
	})
}

// nothing is the file of an empty text.
func (s *source) nothing() *node {
	at := ir.Range{File: s.name, Start: ir.Pos{Line: 1, Column: 1}, End: ir.Pos{Line: 1, Column: 1}}
	s.report.Add(diag.Diagnostic{Severity: diag.Warning, Code: "polytope/empty", Subject: at, Message: "there is nothing in this file"})
	return &node{kind: record, rng: at, begin: at.Start}
}

// namePlaces gives what the front end reported the paths that it did not know
// then.
func (s *source) namePlaces(root *node) {
	if !slices.ContainsFunc(s.report.Diagnostics, func(d diag.Diagnostic) bool { return d.Path == "" }) {
		return
	}
	places := map[ir.Pos]*node{}
	var collect func(n *node)
	collect = func(n *node) {
		if !n.isCopy {
			places[n.begin], places[n.rng.Start] = n, n
		}
		for _, c := range n.children() {
			collect(c)
		}
	}
	collect(root)
	for i := range s.report.Diagnostics {
		d := &s.report.Diagnostics[i]
		if n := places[d.Subject.Start]; d.Path == "" && n != nil {
			d.Path = n.path()
		}
	}
}

// finish puts the report in order: losses of what is in no node are named by
// their line, and ranges are inside of the text.
func (s *source) finish() {
	for i := range s.report.Diagnostics {
		d := &s.report.Diagnostics[i]
		if d.Fate.IsLoss() && d.Path == "" {
			d.Path = fmt.Sprintf("line %d", d.Subject.Start.Line)
		}
		if d.Subject.File == s.name {
			d.Subject = s.clamp(d.Subject)
		}
	}
	s.report.Sort()
}

// clamp is a range inside of the text. The YAML parser puts what is empty
// behind the last line, and counts lines that end otherwise than in a line
// feed.
func (s *source) clamp(r ir.Range) ir.Range {
	if !r.IsValid() {
		return r
	}
	r.Start, r.End = s.clampPos(r.Start), s.clampPos(r.End)
	if r.End.Before(r.Start) {
		r.End = r.Start
	}
	return r
}

func (s *source) clampPos(p ir.Pos) ir.Pos {
	if s.widths == nil {
		for line := range bytes.SplitSeq(s.input, []byte("\n")) {
			s.widths = append(s.widths, utf8.RuneCount(line))
		}
	}
	if p.Line > len(s.widths) {
		return ir.Pos{Line: len(s.widths), Column: s.widths[len(s.widths)-1] + 1}
	}
	return ir.Pos{Line: p.Line, Column: min(max(p.Column, 1), s.widths[p.Line-1]+1)}
}

// clampNodes does so for the nodes of a tree.
func (s *source) clampNodes(n *node) {
	n.rng = s.clamp(n.rng)
	for i := range n.entries {
		n.entries[i].at = s.clamp(n.entries[i].at)
	}
	for _, c := range n.children() {
		s.clampNodes(c)
	}
}
