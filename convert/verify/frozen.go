package verify

import (
	"bytes"
	"slices"
	"strings"

	"hull/ir/diag"
)

// varied are the differences that only other texts for the variables make, and
// that no entry says.
func (e *explanation) varied(c Comparison, report []diag.Diagnostic) []Difference {
	var out []Difference
	others := explanation{founded: map[place]bool{}} // what is said of today is not founded by this
	for _, d := range c.varied.differences {
		if slices.ContainsFunc(c.Differences, d.isSame) {
			continue
		}
		if !e.freezes(&d, report) && others.explain(&d, report) == "" {
			d.IsVaried = true
			out = append(out, d)
		}
	}
	return out
}

// freezes tells whether an entry says that a variable is frozen there.
func (e *explanation) freezes(d *Difference, report []diag.Diagnostic) bool {
	found := false
	for i, entry := range report {
		if entry.Code != resolved && entry.Code != envFileVariable {
			continue
		}
		for _, p := range paths(entry) {
			if d.isAt(p) || d.isBeside(p) {
				e.founded[place{i, p}] = true
				found = true
			}
		}
	}
	return found
}

// naming are the attributes by which a service has further names.
var naming = []string{"container_name", "hostname", "networks", "links"}

// isBeside tells whether a path is in the same attribute of the same service: a
// frozen port or mount has a place of its own in the target.
func (d *Difference) isBeside(p string) bool {
	if len(d.elements) < 3 || d.elements[0] != "services" {
		return false
	}
	attributes := []string{d.elements[2]}
	if d.elements[2] == "names" {
		attributes = naming
	}
	return slices.ContainsFunc(attributes, func(a string) bool { return covers(d.elements[:2].with(a).String(), p) })
}

// isUnseen tells whether an entry about a variable need not show: where the
// two differ there whatever it is, or where the variables in the text that it
// points at have no other texts.
func (c *Comparison) isUnseen(entry diag.Diagnostic, files map[string][]byte) bool {
	if entry.Code != resolved {
		return false
	}
	if c.varied.texts == nil || slices.ContainsFunc(c.Differences, func(d Difference) bool { return d.isAt(entry.Path) }) {
		return true
	}
	names := references(entry.Subject, files)
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return c.varied.texts[name] != "" })
}

// isGiven tells whether an entry is about the lack of a variable that
// something else requires, and that has a text here therefore.
func (c *Comparison) isGiven(code, p string) bool {
	_, name, _ := strings.Cut(p, ".environment.")
	return code == "compose/env-inherited" && c.madeUp[name]
}

// references are the variables on the lines of a range.
func references(rng diag.Range, files map[string][]byte) []string {
	lines := bytes.Split(files[rng.File], []byte("\n"))
	from, to := max(0, rng.Start.Line-1), max(rng.Start.Line, rng.End.Line)
	if from >= len(lines) {
		return nil
	}
	var names []string
	text := string(bytes.Join(lines[from:min(to, len(lines))], []byte("\n")))
	for _, m := range reference.FindAllStringSubmatch(strings.ReplaceAll(text, "$$", ""), -1) {
		if m[1] != "" {
			names = append(names, m[1])
		}
	}
	return names
}
