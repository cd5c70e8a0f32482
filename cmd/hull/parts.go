package main

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"

	"hull/convert"
	"hull/emit"
	"hull/ir"
	"hull/ir/diag"
)

// writeParts makes the outputs of a program that yields several files. Each is
// in the format of its name; those of a folder share a script.
func (c *conversion) writeParts(src convert.Source, parts []convert.Part) error {
	if c.target.toStdout || c.target.name != "" {
		c.found.Add(partError(src, "the program yields several files", "name a folder with -o DIR/"))
		return nil
	}
	base := *c
	byFolder := map[string][]emit.Output{}
	bindings := map[string][]*ir.Binding{}
	c.file = &ir.File{}
	for _, p := range parts {
		one := base
		format, ok := emit.ByFileName(path.Base(p.Name))
		if !ok {
			c.found.Add(partError(src, "the format of "+p.Name+" cannot be told", "end its name in .yml, .json or .edn"))
			continue
		}
		one.target.name, one.target.formats, one.found = path.Base(p.Name), []string{format.Name}, diag.Report{}
		if err := one.write(src, p); err != nil {
			return err
		}
		c.found.Merge(&one.found)
		c.file.Templates = append(c.file.Templates, one.file.Templates...)
		c.file.Modules = append(c.file.Modules, one.file.Modules...)
		dir := path.Dir(p.Name)
		for _, o := range one.outputs {
			if o.Name != emit.ScriptName {
				byFolder[dir] = append(byFolder[dir], o)
			} else {
				bindings[dir] = append(bindings[dir], one.file.Bindings...)
			}
		}
	}
	return c.join(src, byFolder, bindings)
}

// join puts the outputs of all folders together, with a script for each that
// needs one.
func (c *conversion) join(src convert.Source, byFolder map[string][]emit.Output, bindings map[string][]*ir.Binding) error {
	for _, dir := range slices.Sorted(maps.Keys(byFolder)) {
		files := byFolder[dir]
		if bound := c.unite(src, bindings[dir]); bound != nil {
			script, err := emit.Script(bound, files, emit.Options{Sources: c.sourceNames(src)})
			if err != nil {
				return err
			}
			files = append(files, script)
			c.file.Bindings = append(c.file.Bindings, bound...)
		}
		for _, o := range files {
			o.Name = path.Join(dir, o.Name)
			c.outputs = append(c.outputs, o)
		}
	}
	return nil
}

// unite leaves out the values that another file has, too.
func (c *conversion) unite(src convert.Source, all []*ir.Binding) []*ir.Binding {
	var f ir.File
	for _, b := range all {
		switch other := f.Binding(b.Kind, b.Name); {
		case other == nil:
			f.Bindings = append(f.Bindings, b)
		case !reflect.DeepEqual(other.Default, b.Default):
			c.found.Add(partError(src, fmt.Sprintf("two files of one folder give the %s %s different defaults", b.Kind, b.Name),
				"put the files into folders of their own"))
		}
	}
	return f.Bindings
}

func partError(src convert.Source, message, help string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: "jsonnet/multi", Subject: diag.Range{File: path.Base(src.Files[0])}, Message: message, Help: help}
}
