package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

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
	return fmt.Sprintf("%s: %s; %s", strings.Join(names, ", "), c.contents(), losses(c.found.Diagnostics))
}

// contents is "2 templates, 8 modules, 7 values, 1 secret", of what was written.
func (c *conversion) contents() string {
	switch c.target.first().Name {
	case knotName:
		return counted(knotContents(c.outputs))
	case jsonnetName:
		// The program is of a file that has been made expressible.
		f, _ := emit.Legalize(c.file, emit.Options{NoBuiltins: true})
		return counted(fileContents(f))
	}
	return counted(fileContents(c.file))
}

// amount is how many there are of something.
type amount struct {
	n    int
	noun string
}

func counted(amounts []amount) string {
	var parts []string
	for _, a := range amounts {
		if a.n > 0 {
			parts = append(parts, plural(a.n, a.noun))
		}
	}
	return strings.Join(parts, ", ")
}

func fileContents(f *ir.File) []amount {
	values, secrets := 0, 0
	for _, b := range f.Bindings {
		if b.Kind == ir.SecretRef {
			secrets++
		} else {
			values++
		}
	}
	return []amount{{len(f.Templates), "template"}, {len(f.Modules), "module"}, {values, "value"}, {secrets, "secret"}}
}

// knotVariable is a variable of knot's that its users have to create.
var knotVariable = regexp.MustCompile(`\$\{\{ ?\.var\.(\w+)`)

// knotContents counts the documents of knot: job specifications, of which each
// is a template, the volumes that are declared for them, and the variables.
func knotContents(outputs []emit.Output) []amount {
	templates, volumes, variables := 0, 0, map[string]bool{}
	for _, o := range outputs {
		for _, m := range knotVariable.FindAllSubmatch(o.Data, -1) {
			variables[string(m[1])] = true
		}
		for d := yaml.NewDecoder(bytes.NewReader(o.Data)); ; {
			var doc struct{ Image, Volumes yaml.Node }
			if d.Decode(&doc) != nil {
				break
			}
			if !doc.Image.IsZero() {
				templates++
			} else {
				volumes += len(doc.Volumes.Content) / 2
			}
		}
	}
	return []amount{{templates, "template"}, {volumes, "volume"}, {len(variables), "variable"}}
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
