package jsonnet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir/diag"
)

// The shapes of results, which are the names of the formats that they are in.
const (
	Compose  = "compose"
	Polytope = "polytope"
	Knot     = "knot"
)

// shapes are the top-level keys by which a result is known; the first row that
// has one of them decides.
var shapes = []struct {
	name string
	keys []string
}{
	{Compose, []string{"services"}},
	{Polytope, []string{"modules", "templates"}},
	{Knot, []string{"image", "container_name", "volumes"}},
}

const expected = "a result has services (docker-compose), modules or templates (Polytope), or image or container_name (knot) at its top"

// Document is a result of a program.
type Document struct {
	// Name is the field that holds it, with Options.Multi; else empty.
	Name string
	// File is what the reader of the text is told that it is called, for
	// Relocate to know its diagnostics by.
	File string
	// Shape is Compose, Polytope or Knot; empty where it is none of them.
	Shape string
	// Text is JSON, or where the program yields a text that text, which may be
	// YAML. A list of objects becomes several YAML documents.
	Text []byte

	keys   []string // at the top
	fields *locator
}

// documents are the results by their names.
func (e *evaluation) documents(texts map[string]string) ([]Document, []diag.Diagnostic) {
	var docs []Document
	var ds []diag.Diagnostic
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if e.opts.Multi && !isFileName(name) {
			d := problem("jsonnet/multi", diag.Range{File: e.files.main}, fmt.Sprintf("%q is no file name", name))
			d.Help = "with --multi each field of the result is a file, in the output folder or below"
			ds = append(ds, d)
			continue
		}
		d := Document{Name: name, Text: []byte(texts[name]), File: e.files.main + " (result)"}
		d.fields = &locator{vm: e.vm, root: e.root, multi: e.opts.Multi, name: name}
		if e.opts.Multi {
			d.File = fmt.Sprintf("%s (%s)", e.files.main, name)
		}
		d.classify()
		docs = append(docs, d)
	}
	return docs, ds
}

func isFileName(name string) bool {
	isHidden := func(part string) bool { return part == "" || part == "." || part == ".." }
	return !path.IsAbs(name) && !strings.Contains(name, `\`) && !slices.ContainsFunc(strings.Split(name, "/"), isHidden)
}

// classify finds the shape of a result, and lays it out as its reader takes it.
func (d *Document) classify() {
	var text string
	if json.Unmarshal(d.Text, &text) == nil {
		d.Text = []byte(text)
	}
	var items []json.RawMessage
	switch {
	case json.Unmarshal(d.Text, &items) == nil && len(items) > 0 && items[0][0] == '{':
		for _, i := range items {
			d.keys = append(d.keys, jsonKeys(i)...)
		}
		d.Text = append(bytes.Join(rawTexts(items), []byte("\n---\n")), '\n')
	case json.Valid(d.Text):
		d.keys = jsonKeys(d.Text)
	default:
		for _, root := range d.parse() {
			d.keys = append(d.keys, mappingKeys(root)...)
		}
	}
	for _, s := range shapes {
		if slices.ContainsFunc(d.keys, func(key string) bool { return slices.Contains(s.keys, key) }) {
			d.Shape = s.name
			return
		}
	}
}

func rawTexts(items []json.RawMessage) [][]byte {
	var texts [][]byte
	for _, i := range items {
		texts = append(texts, i)
	}
	return texts
}

func jsonKeys(text []byte) []string {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(text, &object) // what is no object has no keys
	return slices.Sorted(maps.Keys(object))
}

func mappingKeys(n *yaml.Node) []string {
	var keys []string
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			keys = append(keys, n.Content[i].Value)
		}
	}
	return keys
}

// check reports a result of no known shape.
func (d *Document) check(main string) []diag.Diagnostic {
	if d.Shape != "" {
		return nil
	}
	p := problem("jsonnet/shape", diag.Range{File: main}, fmt.Sprintf("the result is none that hull reads: %s", d.describe()))
	if d.Name != "" {
		p.Message = fmt.Sprintf("%s is none that hull reads: %s", d.Name, d.describe())
	}
	p.Help = expected + d.hint()
	return []diag.Diagnostic{p}
}

// maxKeys is how many keys a diagnostic names.
const maxKeys = 8

func (d *Document) describe() string {
	var value any
	isJSON := json.Unmarshal(d.Text, &value) == nil
	switch {
	case len(d.keys) > 0:
		names := d.keys[:min(len(d.keys), maxKeys)]
		return "an object with " + strings.Join(names, ", ") + map[bool]string{true: ", …"}[len(d.keys) > maxKeys]
	case !isJSON:
		return "a text that is no YAML mapping"
	}
	switch value.(type) {
	case map[string]any:
		return "an empty object"
	case []any:
		return "a list"
	case nil:
		return "null"
	}
	return fmt.Sprintf("%.40s", bytes.TrimSpace(d.Text))
}

// hint is what was probably meant.
func (d *Document) hint() string {
	isFile := func(key string) bool { return path.Ext(key) != "" }
	if d.Name == "" && len(d.keys) > 0 && !slices.ContainsFunc(d.keys, func(k string) bool { return !isFile(k) }) {
		return "; --multi reads each field as a file"
	}
	for _, key := range d.keys {
		for _, s := range shapes {
			if near := diag.Nearest(key, s.keys); near != "" {
				return fmt.Sprintf("; did you mean %q instead of %q?", near, key)
			}
		}
	}
	return ""
}
