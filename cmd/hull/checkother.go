package main

import (
	"bytes"
	"context"
	"path"
	"slices"

	"hull/convert"
	"hull/convert/jsonnet"
	"hull/convert/knot"
	"hull/convert/polytope"
	"hull/convert/rewrite"
	"hull/ir/diag"
)

const (
	knotName    = "knot"
	jsonnetName = "jsonnet"
)

// sources puts together what is checked at a time: a Polytope file, the one or
// two files of a template of knot, or a Jsonnet program.
func (c *checking) sources(ctx context.Context, files []string) ([]convert.Source, error) {
	var sources []convert.Source
	var knots []string
	for _, file := range files {
		format := polytopeName
		switch {
		case file == convert.Stdin:
			text, err := readInput(ctx, c.sys.stdin)
			if err != nil {
				return nil, err
			}
			c.sys.stdin, c.stdin = bytes.NewReader(text), text
			if convert.FormatOf(text) == knotName {
				format = knotName
			}
		case convert.IsKnot(file):
			knots = append(knots, file)
			continue
		case path.Ext(file) == ".jsonnet":
			format = jsonnetName
		}
		sources = append(sources, convert.Source{Format: format, Files: []string{file}})
	}
	return append(sources, convert.KnotTemplates(knots)...), nil
}

// source checks one of them.
func (c *checking) source(ctx context.Context, src convert.Source) error {
	if src.Format == polytopeName {
		return c.file(ctx, src.Files[0])
	}
	opts := convert.Options{Jsonnet: c.jsonnet}
	opts.Compose.Stdin = c.stdin
	src, err := fromHere(src, &opts)
	if err != nil {
		return err
	}
	if src.Format == knotName {
		c.template(src, opts)
		return nil
	}
	return c.program(ctx, src, opts)
}

// template checks a template of knot.
func (c *checking) template(src convert.Source, opts convert.Options) {
	in, found := convert.OpenKnot(src, opts)
	c.found.Merge(found)
	if found.HasErrors() {
		return
	}
	for _, f := range in.Files {
		c.names = append(c.names, f.Name)
	}
	in.Platform = c.platform
	c.found.Merge(knot.Check(in))
}

// program evaluates a Jsonnet program, and checks what it yields by its shape.
// What is found is told of the program.
func (c *checking) program(ctx context.Context, src convert.Source, opts convert.Options) error {
	docs, found := convert.Evaluate(ctx, src, opts)
	c.found.Merge(found)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	name := relative(opts.Compose.ProjectDir, src.Files[0])
	c.names = append(c.names, name)
	for _, d := range docs {
		found := c.document(d, name)
		jsonnet.Relocate(found, d, name)
		c.found.Merge(found)
	}
	return nil
}

func (c *checking) document(d jsonnet.Document, program string) *diag.Report {
	switch d.Shape {
	case jsonnet.Polytope:
		_, found := rewrite.Inspect(polytope.Options{Name: d.File, Text: d.Text})
		return found
	case jsonnet.Knot:
		return knot.Check(knot.Options{Files: []knot.NamedText{{Name: d.File, Text: d.Text}}, Platform: c.platform})
	}
	found := &diag.Report{}
	if d.Shape != "" {
		found.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "input/format", Subject: diag.Range{File: program},
			Message: "the program yields a docker-compose project, and hull check is for Polytope files and knot templates",
			Help:    "convert it, or check it with docker compose config",
		})
	}
	return found
}

// checkPlatform refuses a platform that there is none of.
func checkPlatform(command, platform string) error {
	if platform == "" || slices.Contains(platforms, platform) {
		return nil
	}
	return badChoice(command, "platform", platform, platforms)
}
