// Package diag is hull's diagnostics: what went wrong, what was lost, and
// where. It knows nothing of formats and prints nothing; emit/report renders.
package diag

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pos is a place in a source file. Line and Column count from 1; Column counts
// Unicode code points, as editors do. The zero Pos means "unknown".
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// IsValid tells whether the position is known.
func (p Pos) IsValid() bool { return p.Line > 0 }

// Before tells whether p stands earlier in a file than q.
func (p Pos) Before(q Pos) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Column < q.Column
}

// Range is a half-open stretch of a file: Start is its first character, End
// the one behind its last. File is the path as hull shows it: relative to the
// project, with forward slashes. An unknown range has no valid Start; it may
// still name a File.
type Range struct {
	File  string `json:"file,omitempty"`
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// IsValid tells whether the range says where in its file it is.
func (r Range) IsValid() bool { return r.Start.IsValid() }

// Severity grades a diagnostic.
type Severity int

// The severities, from the harmless up. A Note is a difference that behaviour
// cannot show, a Warning one that it can, an Error means that the output would
// be wrong or that there is none.
const (
	Note Severity = iota + 1
	Warning
	Error
)

var severityNames = map[Severity]string{Note: "note", Warning: "warning", Error: "error"}

// String is the severity's name as reports print it.
func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the name, so that JSON reports hold "warning", not 2.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Fate says what became of a source construct.
type Fate string

// The fates. A diagnostic that is not about a construct's conversion has none.
const (
	NoFate       Fate = ""
	Approximated Fate = "approximated" // there is a counterpart, and it differs
	Dropped      Fate = "dropped"      // there is no counterpart
	Added        Fate = "added"        // the output has something the source did not ask for
)

// IsLoss tells whether something of the source is missing from the output.
func (f Fate) IsLoss() bool { return f == Approximated || f == Dropped }

// Diagnostic is one finding.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	// Code is stable: "area/what", in kebab case. Every code is documented by
	// an Info.
	Code string `json:"code"`
	// Message is one line, without position, severity or code.
	Message string `json:"message"`
	// Subject is what the finding is about.
	Subject Range `json:"subject"`
	// Fate is set where a construct of the source was not kept as it is.
	Fate Fate `json:"fate,omitempty"`
	// Path names the construct in its source: "services.db.healthcheck".
	Path string `json:"path,omitempty"`
	// Paths names further constructs that the same text stands for, as an
	// anchor's does.
	Paths []string `json:"paths,omitempty"`
	// Help says what to do, in one line; it may be empty.
	Help string `json:"help,omitempty"`
	// Fix names a way to mend it that changes nothing else; empty where there
	// is none. The names are those of the package that gives the code.
	Fix string `json:"fix,omitempty"`
}

// Info documents a code for `hull explain` and the reference.
type Info struct {
	Code     string
	Severity Severity // the usual one
	Fate     Fate
	// Summary is one sentence, Detail what it means and what to do, in plain
	// paragraphs.
	Summary string
	Detail  string
}

// Report collects the diagnostics of one run, and the sources they point into.
// The zero Report is ready to use.
type Report struct {
	Diagnostics []Diagnostic
	// Sources holds the text of each file that a Range may name.
	Sources map[string][]byte
}

// Add appends diagnostics.
func (r *Report) Add(ds ...Diagnostic) { r.Diagnostics = append(r.Diagnostics, ds...) }

// AddSource makes a file's text known, for the renderings that quote lines.
func (r *Report) AddSource(file string, text []byte) {
	if r.Sources == nil {
		r.Sources = map[string][]byte{}
	}
	r.Sources[file] = text
}

// Merge appends everything of other.
func (r *Report) Merge(other *Report) {
	if other == nil {
		return
	}
	r.Add(other.Diagnostics...)
	for file, text := range other.Sources {
		r.AddSource(file, text)
	}
}

// HasErrors tells whether any diagnostic is an Error.
func (r *Report) HasErrors() bool {
	return slices.ContainsFunc(r.Diagnostics, func(d Diagnostic) bool { return d.Severity == Error })
}

// Losses counts the diagnostics whose fate is a loss.
func (r *Report) Losses() int {
	n := 0
	for _, d := range r.Diagnostics {
		if d.Fate.IsLoss() {
			n++
		}
	}
	return n
}

// Sort orders by file, position, severity (worst first), code and message, and
// removes exact repetitions. The order of files is that of their names.
func (r *Report) Sort() {
	slices.SortStableFunc(r.Diagnostics, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Subject.File, b.Subject.File),
			cmp.Compare(a.Subject.Start.Line, b.Subject.Start.Line),
			cmp.Compare(a.Subject.Start.Column, b.Subject.Start.Column),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	r.Diagnostics = slices.CompactFunc(r.Diagnostics, func(a, b Diagnostic) bool { return reflect.DeepEqual(a, b) })
}

// Finish sorts, and keeps ranges within the lines of their sources: a text of
// several lines is pointed at by its first.
func (r *Report) Finish() {
	lines := map[string][]string{}
	for i := range r.Diagnostics {
		s := &r.Diagnostics[i].Subject
		text, ok := r.Sources[s.File]
		if !ok || !s.IsValid() {
			continue
		}
		if lines[s.File] == nil {
			lines[s.File] = strings.Split(string(text), "\n")
		}
		all := lines[s.File]
		s.Start.Line = min(s.Start.Line, len(all))
		width := utf8.RuneCountInString(strings.TrimRight(all[s.Start.Line-1], "\r")) + 1
		s.Start.Column = min(s.Start.Column, width)
		s.End = Pos{Line: s.Start.Line, Column: max(s.Start.Column, min(s.End.Column, width))}
	}
	r.Sort()
}
