package main

import (
	"context"

	"hull/convert"
	"hull/emit"
	"hull/emit/report"
	"hull/ir"
)

// readAny reads what is named in whichever format it is, and tells of what is
// wrong with it; where nothing is named, a Polytope file of the current folder
// goes before what it may have been made from. The file is nil, with the error
// that ends the run, where anything could not be read.
func readAny(ctx context.Context, sys system, s settings) (*ir.File, error) {
	if len(s.inputs) == 0 {
		s.inputs = polytopeFormat().Discover(".")
	}
	c := &conversion{sys: sys, settings: s}
	f, err := c.read(ctx)
	if err != nil {
		return nil, err
	}
	c.found.Sort()
	failures := c.reasons()
	if err := report.Text(sys.stderr, failures, report.TextOptions{Color: useColor(sys, sys.stderr), Prefix: c.prefix()}); err != nil {
		return nil, err
	}
	if f == nil || len(failures.Diagnostics) > 0 {
		return nil, errReported
	}
	// What Polytope cannot write down as it stands is evaluated as convert would
	// write it: with built-in modules, unless the author has chosen.
	f, _ = emit.Legalize(f, emit.Options{NoBuiltins: c.format == polytopeName})
	return f, nil
}

// read locates the inputs and reads them.
func (c *conversion) read(ctx context.Context) (*ir.File, error) {
	src, ds := convert.Locate(c.inputs)
	c.found.Add(ds...)
	if len(ds) > 0 {
		return nil, nil
	}
	if err := c.settlePaths(&src); err != nil {
		return nil, err
	}
	c.format = src.Format
	f, found := convert.Read(ctx, src, c.readOptions())
	c.found.Merge(found)
	return f, ctx.Err()
}
