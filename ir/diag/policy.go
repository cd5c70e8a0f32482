package diag

import (
	"regexp"
	"slices"
	"strings"
)

// Policy is what the user says about codes.
type Policy struct {
	Allow []string // codes (or "area/*") to silence; errors cannot be silenced
	Deny  []string // codes (or "area/*") to promote to errors; Deny wins over Allow
	// Audit is the codes (or "area/*", or "all") whose comments in the sources
	// are reported, as UnusedAllow, where they have nothing to silence. It is
	// for those that a run can give: a run that checks nothing of an area
	// cannot tell.
	Audit []string
}

// UnusedAllow is the code of comments that silence nothing.
const UnusedAllow = "check/unused-allow"

// Apply silences and promotes, by the policy and by the comments in the
// report's sources.
//
// A comment "# hull:allow CODE reason" behind something is about its own line.
// On a line of its own it is about the next line that is no comment, and about
// what is indented below that: the whole of a list's item or of a map's key.
func (p Policy) Apply(r *Report) {
	allows := allowsIn(r.Sources)
	kept := r.Diagnostics[:0]
	for _, d := range r.Diagnostics {
		isAllowed := silence(allows[d.Subject.File], d)
		switch {
		case matchesAny(p.Deny, d.Code):
			d.Severity = Error
		case d.Severity != Error && (isAllowed || matchesAny(p.Allow, d.Code)):
			continue
		}
		kept = append(kept, d)
	}
	r.Diagnostics = append(kept, p.audit(allows)...)
}

func matchesAny(patterns []string, code string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		area, isArea := strings.CutSuffix(p, "/*")
		return p == code || p == "all" || isArea && strings.HasPrefix(code, area+"/")
	})
}

// allow is a comment that silences a code.
type allow struct {
	code        string
	subject     Range
	first, last int // the lines that it is about
	silences    bool
	isError     bool // what it is about is an error, which stays
}

// silence marks the comments that are about a diagnostic, and tells whether
// there are any.
func silence(allows []*allow, d Diagnostic) bool {
	found := false
	for _, a := range allows {
		line := d.Subject.Start.Line
		if a.code != d.Code || line < a.first || line > a.last {
			continue
		}
		found = true
		a.isError = a.isError || d.Severity == Error
		a.silences = a.silences || d.Severity != Error
	}
	return found
}

// audit reports the comments without effect, in the order of their files'
// names.
func (p Policy) audit(allows map[string][]*allow) []Diagnostic {
	var found []Diagnostic
	severity := Note
	if matchesAny(p.Deny, UnusedAllow) {
		severity = Error
	} else if matchesAny(p.Allow, UnusedAllow) {
		return nil
	}
	for _, as := range allows {
		for _, a := range as {
			if a.silences || !matchesAny(p.Audit, a.code) {
				continue
			}
			d := Diagnostic{
				Severity: severity, Code: UnusedAllow, Subject: a.subject,
				Message: "the comment has no effect: there is no " + a.code + " here", Help: "remove it",
			}
			if a.isError {
				d.Message, d.Help = "the comment has no effect: "+a.code+" is an error here, and errors cannot be silenced", ""
			}
			found = append(found, d)
		}
	}
	r := Report{Diagnostics: found}
	r.Sort()
	return r.Diagnostics
}

// allowComment is the comment, behind the mark that starts it in YAML ("#") or
// EDN (";").
var allowComment = regexp.MustCompile(`[#;]\s*(hull:allow\s+([^\s]+))`)

// allowsIn finds the comments in each source.
func allowsIn(sources map[string][]byte) map[string][]*allow {
	found := map[string][]*allow{}
	for file, text := range sources {
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			m := allowComment.FindStringSubmatchIndex(line)
			if m == nil {
				continue
			}
			column := func(at int) Pos { return Pos{i + 1, len([]rune(line[:at])) + 1} }
			a := &allow{code: line[m[4]:m[5]], subject: Range{file, column(m[2]), column(m[3])}, first: i + 1, last: i + 1}
			if isComment(line) {
				a.first, a.last = block(lines, i)
			}
			found[file] = append(found[file], a)
		}
	}
	return found
}

func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "#_") || strings.HasPrefix(line, ";")
}

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// block is the lines that a comment in line i (from 0) is about, counted from
// 1: the next line that is no comment, and those that are indented deeper.
func block(lines []string, i int) (first, last int) {
	for i++; i < len(lines) && isComment(lines[i]); i++ {
	}
	if i == len(lines) || isBlank(lines[i]) {
		return i, i
	}
	first, last = i+1, i+1
	depth := indent(lines[i])
	for i++; i < len(lines) && (isBlank(lines[i]) || isComment(lines[i]) || indent(lines[i]) > depth); i++ {
		last = i + 1
	}
	return first, last
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
