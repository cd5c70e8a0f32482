// Package knot reads knot's templates: a job specification and the definitions
// of its volumes, in YAML with actions of Go's text/template.
//
// knot validates a template before it expands the actions, and so does this
// package: the YAML is read as it stands, each text of it is cut into literals
// and variables, and variables become references. Logic is evaluated where
// every variable that it reads is set; logic that decides over lines is
// evaluated before the YAML is read, and positions are kept through that.
//
// Source: the knot job template specification (knot.md), and notes.md, "knot".
package knot

import (
	"fmt"
	"regexp"
	"slices"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
)

// NamedText is a file that was read.
type NamedText struct {
	Name string // as diagnostics show it
	Text []byte
}

// ValuePolicy says what becomes a value or a secret.
type ValuePolicy string

// The policies of mapping.md, "Values and secrets". The zero value is
// ValuesAll. Variables that are not set become references in any case.
const (
	ValuesAll          ValuePolicy = "all"
	ValuesInterpolated ValuePolicy = "interpolated"
	ValuesNone         ValuePolicy = "none"
)

// Options says what to read, and how.
type Options struct {
	// Files hold a job specification, and where there are volumes their
	// definitions: one or two documents, in one file or two, in any order.
	Files []NamedText
	// Set is the texts of variables, by names such as "space.name". What is not
	// in it stays open.
	Set map[string]string
	// Platform is "docker", "podman" or empty, for Check.
	Platform string
	// SingleVolume is for Check: the definitions are those of a volume by
	// itself, which are held to more.
	SingleVolume bool
	Values       ValuePolicy
}

var setting = regexp.MustCompile(`^\.?([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)+)=`)

// ParseSet makes Options.Set of settings such as "space.name=dev". Of two for
// one variable, the later one holds.
func ParseSet(settings []string) (map[string]string, error) {
	set := map[string]string{}
	for _, s := range settings {
		m := setting.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("%q does not set a variable; write space.name=text or var.name=text", s)
		}
		set[m[1]] = s[len(m[0]):]
	}
	return set, nil
}

// Read reads a template: a file with one module for the container and the
// template "stack" that runs it. The file is nil where there is no job
// specification that can be read; else it holds all that could be read, and the
// report tells of the rest.
func Read(o Options) (*ir.File, *diag.Report) {
	s := newSource(o)
	s.open(false)
	defer s.report.Finish()
	if s.job == nil {
		if !s.report.HasErrors() {
			s.addAt(ir.Range{File: firstName(o)}, diag.Error, "knot/no-job", "there is no job specification here",
				"a job specification is a mapping with an image")
		}
		return nil, s.report
	}
	s.validate()
	return convert(s), s.report
}

// Check holds a template against knot's own validation, which gives errors,
// and against the rules of the specification, which give warnings. Actions are
// not expanded for it, as knot does not either.
func Check(o Options) *diag.Report {
	s := newSource(o)
	s.open(true)
	s.validate()
	s.checkRules()
	s.report.Finish()
	return s.report
}

func firstName(o Options) string {
	if len(o.Files) == 0 {
		return ""
	}
	return o.Files[0].Name
}

// IsTemplate tells whether the top-level keys of a document are those of a job
// specification or of volume definitions.
func IsTemplate(keys []string) bool {
	isDefinitions := len(keys) > 0 && !slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(DefinitionKeys, k) })
	return isDefinitions || slices.Contains(keys, "image") && !slices.ContainsFunc(keys, func(k string) bool { return !knot.IsKey(k) }) ||
		slices.Contains(keys, "container_name")
}
