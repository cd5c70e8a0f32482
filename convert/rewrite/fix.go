package rewrite

import (
	"strings"

	reader "hull/convert/polytope"
	"hull/ir"
	"hull/ir/check"
	"hull/ir/diag"
)

// maxFixes bounds the rounds of Fix: each reads the file anew.
const maxFixes = 1000

// Fix mends in the text of a file what is safe to mend, and leaves all else as
// it is, to the byte. It returns the new text and how many findings are gone.
//
// Fixes are made one at a time, and each is proved: the text is read and
// checked again, the finding must be gone, no error or warning and no loss of a
// comment may be new, and a fix that is about spelling must not change what the
// file says. What cannot be proved is not done. Findings that the policy allows,
// or a comment in the file, are left alone.
func Fix(in reader.Options, policy diag.Policy) (text []byte, fixed int) {
	givenUp := map[string]bool{}
	now := examine(in)
	for range maxFixes {
		d, next := now.mendOne(policy, givenUp)
		if next == nil {
			break
		}
		fixed += now.count(d) - next.count(d)
		now = next
	}
	return now.in.Text, fixed
}

// state is a file as it is at some point, and what is found in it.
type state struct {
	in     reader.Options
	file   *ir.File
	report *diag.Report
	offsets
}

func examine(in reader.Options) *state {
	s := &state{in: in, offsets: newOffsets(in.Text)}
	s.file, s.report = Inspect(in)
	return s
}

// mendOne makes the first fix that can be made and proved. Without one, the
// state is nil.
func (s *state) mendOne(policy diag.Policy, givenUp map[string]bool) (diag.Diagnostic, *state) {
	if s.file == nil {
		return diag.Diagnostic{}, nil
	}
	open := diag.Report{Diagnostics: append([]diag.Diagnostic{}, s.report.Diagnostics...), Sources: s.report.Sources}
	diag.Policy{Allow: policy.Allow, Deny: policy.Deny}.Apply(&open)
	for _, d := range open.Diagnostics {
		f, ok := fixOf(d)
		key := d.Code + "\x00" + d.Message + "\x00" + d.Path
		if !ok || givenUp[key] || d.Subject.File != s.in.Name {
			continue
		}
		for _, edits := range f.propose(s, d) {
			if next := s.apply(edits); next != nil && next.mends(s, d, f.isSpelling) {
				return d, next
			}
		}
		givenUp[key] = true
	}
	return diag.Diagnostic{}, nil
}

// apply makes edits. The result is nil where they do not fit, or change
// nothing.
func (s *state) apply(edits []edit) *state {
	text, ok := replace(s.in.Text, edits)
	if !ok || string(text) == string(s.in.Text) {
		return nil
	}
	in := s.in
	in.Text = text
	return examine(in)
}

// mends tells whether a fix of a finding has led from before to here, and to
// nothing else.
func (s *state) mends(before *state, d diag.Diagnostic, isSpelling bool) bool {
	if s.file == nil || s.count(d) >= before.count(d) {
		return false
	}
	was, is := before.problems(), s.problems()
	for key, n := range is {
		if n > was[key] {
			return false
		}
	}
	if !sameRemarks(remarks(before.file), remarks(s.file)) {
		return false
	}
	if !isSpelling {
		return true
	}
	a, _ := reader.Read(before.in)
	b, _ := reader.Read(s.in)
	return same(a, b)
}

// count counts the findings that say the same as one.
func (s *state) count(d diag.Diagnostic) int {
	n := 0
	for _, other := range s.report.Diagnostics {
		if other.Code == d.Code && other.Message == d.Message {
			n++
		}
	}
	return n
}

// problems counts the errors and warnings of each code.
func (s *state) problems() map[string]int {
	all := map[string]int{}
	for _, d := range s.report.Diagnostics {
		if d.Severity >= diag.Warning {
			all[d.Code]++
		}
	}
	return all
}

func sameRemarks(a, b map[string]int) bool {
	return lost(a, b) == "" && lost(b, a) == ""
}

// fix is a way to mend a finding.
type fix struct {
	// isSpelling holds for fixes after which the file says what it said.
	isSpelling bool
	// propose is one or more alternatives, the best first.
	propose func(*state, diag.Diagnostic) [][]edit
}

// fixes are the ways by the name that the checker gives, or by the code.
var fixes = map[string]fix{
	"polytope/spelling":      {true, (*state).fixReference},
	"polytope/older-dialect": {true, (*state).fixDialect},
	check.FixSplit:           {false, (*state).fixSplit},
	check.FixConvert:         {false, (*state).fixConvert},
	check.FixScopeProject:    {false, (*state).fixScope},
	check.FixUnquote:         {false, (*state).fixUnquote},
	check.FixQuote:           {false, (*state).fixQuote},
	check.FixSpelling:        {false, (*state).fixCodeParam},
	check.FixDropStepID:      {false, (*state).fixStepID},
	check.FixMountIndent:     {false, (*state).fixMount},
}

func fixOf(d diag.Diagnostic) (fix, bool) {
	name := d.Fix
	if name == "" && strings.HasPrefix(d.Code, "polytope/") {
		name = d.Code
	}
	f, ok := fixes[name]
	return f, ok
}
