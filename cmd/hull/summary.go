package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"hull/emit"
	"hull/emit/report"
	"hull/ir"
	"hull/ir/diag"
)

// summary is the last line: what was written and what was lost, or why nothing
// was.
func (c *conversion) summary() string {
	counts := report.Count(c.found.Diagnostics)
	switch {
	case counts.Errors > 0:
		return plural(counts.Errors, "error") + "; nothing written"
	case c.failsStrict():
		return plural(counts.Losses, "loss") + " under --strict; nothing written"
	}
	var names []string
	for _, o := range c.outputs {
		if o.Name != emit.ScriptName {
			names = append(names, filepath.Join(c.target.dir, o.Name))
		}
	}
	if c.target.toStdout {
		names = []string{"standard output"}
	}
	return fmt.Sprintf("%s: %s; %s", strings.Join(names, ", "), contents(c.file), losses(c.found.Diagnostics))
}

// contents is "2 templates, 8 modules, 7 values, 1 secret".
func contents(f *ir.File) string {
	values, secrets := 0, 0
	for _, b := range f.Bindings {
		if b.Kind == ir.SecretRef {
			secrets++
		} else {
			values++
		}
	}
	var parts []string
	for _, part := range []struct {
		n    int
		noun string
	}{{len(f.Templates), "template"}, {len(f.Modules), "module"}, {values, "value"}, {secrets, "secret"}} {
		if part.n > 0 {
			parts = append(parts, plural(part.n, part.noun))
		}
	}
	return strings.Join(parts, ", ")
}

// losses is "3 losses (2 warnings, 1 note)", or "nothing lost".
func losses(ds []diag.Diagnostic) string {
	var lost []diag.Diagnostic
	for _, d := range ds {
		if d.Fate.IsLoss() {
			lost = append(lost, d)
		}
	}
	if len(lost) == 0 {
		return "nothing lost"
	}
	counts := report.Count(lost)
	var kinds []string
	if counts.Warnings > 0 {
		kinds = append(kinds, plural(counts.Warnings, "warning"))
	}
	if counts.Notes > 0 {
		kinds = append(kinds, plural(counts.Notes, "note"))
	}
	return plural(len(lost), "loss") + " (" + strings.Join(kinds, ", ") + ")"
}

func plural(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
