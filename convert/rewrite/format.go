package rewrite

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"

	"hull/ir"
	"hull/ir/diag"
)

// Format is a file in the house style of its syntax. Meaning and comments are
// kept, which is proved by reading the result; where the report has errors
// there is none. Name is the file's as diagnostics show it.
func Format(name string, text []byte) ([]byte, *diag.Report) {
	s := syntaxOf(name, text)
	f, report := s.read(name, text)
	if f == nil {
		return nil, report
	}
	if at := s.repeats(name, text); at.IsValid() {
		report.Add(formatError("format/anchors", at, "an alias would be written out: "+name+" is left as it is"))
	} else if what, isLossy := loses(report); isLossy {
		report.Add(formatError("format/lossy", diag.Range{File: name}, name+" cannot be formatted without loss: "+what))
	}
	if report.HasErrors() {
		return nil, report
	}
	out, err := s.write(f, writerOptions)
	if err == nil {
		err = s.prove(f, name, out)
	}
	if err != nil {
		report.Add(formatError("format/unproved", diag.Range{File: name}, err.Error()))
		return nil, report
	}
	return out, report
}

func formatError(code string, at diag.Range, message string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: code, Subject: at, Message: message}
}

// loses tells what the reader did not take over as it is, beyond what a note
// tells, which is a matter of spelling.
func loses(r *diag.Report) (what string, isLossy bool) {
	for _, d := range r.Diagnostics {
		if d.Severity == diag.Error || d.Fate.IsLoss() && d.Severity == diag.Warning {
			return d.Message, true
		}
	}
	return "", false
}

// prove reads what was written, and tells how it differs.
func (s *syntax) prove(f *ir.File, name string, out []byte) error {
	again, report := s.read(name, out)
	switch {
	case again == nil || report.HasErrors():
		return fmt.Errorf("the formatted %s cannot be read", name)
	case s == jsonSyntax: // without comments
	default:
		if line := lost(remarks(f), remarks(again)); line != "" {
			return fmt.Errorf("the formatted %s would lose the comment %q", name, line)
		}
	}
	if !same(f, again) {
		return fmt.Errorf("the formatted %s would mean something else", name)
	}
	return nil
}

// repeats finds the first alias or merge key.
func (s *syntax) repeats(name string, text []byte) diag.Range {
	if s != yamlSyntax || !bytes.ContainsAny(text, "*&<") {
		return diag.Range{}
	}
	for dec := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) || err != nil {
			return diag.Range{}
		}
		if n := findAlias(&doc); n != nil {
			at := diag.Pos{Line: n.Line, Column: n.Column}
			return diag.Range{File: name, Start: at, End: diag.Pos{Line: at.Line, Column: at.Column + 1 + len([]rune(n.Value))}}
		}
	}
}

func findAlias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n
	}
	for _, c := range n.Content {
		if found := findAlias(c); found != nil {
			return found
		}
	}
	return nil
}
