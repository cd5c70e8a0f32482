// Package polytope reads Polytope files: polytope.yml, polytope.json and
// polytope.edn, in the dialect of the reference, in the older one and, as far
// as it goes, in the newer one; and the script that sets their values and
// secrets.
//
// Each syntax has a front end that makes one kind of tree; what is made of it
// does not depend on the syntax.
//
// Source: the Polytope reference, and notes.md for what it leaves open.
package polytope

import (
	"path"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// Options is what to read.
type Options struct {
	// Name is the file's as diagnostics show it.
	Name string
	Text []byte
	// Format is "yaml", "json" or "edn"; empty: by the extension of Name, then
	// by the text.
	Format string
	// Script is the text of the values script beside the file, ScriptName its
	// name; nil where there is none.
	Script     []byte
	ScriptName string
}

// frontEnds are the syntaxes of Polytope files by name. Each returns nil where
// it has reported that nothing could be read.
var frontEnds = map[string]func(*source) *node{"yaml": readYAML, "json": readJSON, "edn": readEDN}

var extensions = map[string]string{".yml": "yaml", ".yaml": "yaml", ".json": "json", ".edn": "edn"}

// Read reads a file. The result is nil where its syntax leaves nothing to read;
// else it holds all that could be read, and the report tells of the rest.
func Read(opts Options) (*ir.File, *diag.Report) {
	report := &diag.Report{}
	report.AddSource(opts.Name, opts.Text)
	s := &source{name: opts.Name, input: opts.Text, report: report}
	defer s.finish()
	if !s.isText() {
		return nil, report
	}
	root := frontEnds[opts.format()](s)
	if root == nil || s.hasScaffold {
		return nil, report
	}
	file := lower(s, root)
	if opts.Script != nil {
		report.AddSource(opts.ScriptName, opts.Script)
		file.Bindings = readScript(opts.ScriptName, opts.Script, report)
	}
	return file, report
}

// format is the name of the file's syntax. What begins as a map is EDN where a
// keyword or another bracket follows, and JSON else; YAML is everything.
func (o Options) format() string {
	if _, ok := frontEnds[o.Format]; ok {
		return o.Format
	}
	if f, ok := extensions[strings.ToLower(path.Ext(o.Name))]; ok {
		return f
	}
	inside, isMap := strings.CutPrefix(strings.TrimSpace(string(o.Text)), "{")
	switch inside = strings.TrimSpace(inside); {
	case strings.HasPrefix(strings.TrimSpace(string(o.Text)), ";"), isMap && strings.HasPrefix(inside, ":"):
		return "edn"
	case isMap && strings.HasPrefix(inside, `"`):
		return "json"
	}
	return "yaml"
}
