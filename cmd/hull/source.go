package main

import (
	"context"
	"slices"

	"hull/convert"
	"hull/emit"
	"hull/emit/report"
	"hull/ir"
	"hull/ir/diag"
)

// reading is a file that was read to be evaluated.
type reading struct {
	// conversion holds what reading the file has found, and is to be shown.
	*conversion
	file *ir.File
}

// readAny reads what is named in whichever format it is; where nothing is named,
// a Polytope file of the current folder goes before what it may have been made
// from. Where anything could not be read, that is shown, and the error ends the
// run.
func readAny(ctx context.Context, sys system, s settings) (*reading, error) {
	if len(s.inputs) == 0 {
		s.inputs = polytopeFormat().Discover(".")
	}
	if slices.Contains(s.inputs, convert.Stdin) {
		var err error
		if s.compose.Stdin, err = readInput(ctx, sys.stdin); err != nil {
			return nil, err
		}
	}
	c := &conversion{sys: sys, settings: s}
	f, err := c.read(ctx)
	if err != nil {
		return nil, err
	}
	c.found.Sort()
	failures := c.reasons()
	if f == nil || len(failures.Diagnostics) > 0 {
		if err := report.Text(sys.stderr, failures, report.TextOptions{Color: useColor(sys, sys.stderr), Prefix: c.prefix()}); err != nil {
			return nil, err
		}
		return nil, errReported
	}
	r := &reading{conversion: c}
	c.found.Diagnostics = slices.DeleteFunc(c.found.Diagnostics, func(d diag.Diagnostic) bool { return !c.changesRun(d) })
	// What Polytope cannot write down as it stands is evaluated as convert would
	// write it: with built-in modules, unless the author has chosen.
	r.file, _ = emit.Legalize(f, emit.Options{NoBuiltins: c.format == polytopeName})
	return r, nil
}

// changesRun tells whether a finding is about what a Polytope file runs, as one
// about a key that is not read is. What another language has no counterpart for
// is convert's to say.
func (c *conversion) changesRun(d diag.Diagnostic) bool {
	return c.format == polytopeName && d.Severity == diag.Warning
}

// read locates the inputs and reads them.
func (c *conversion) read(ctx context.Context) (*ir.File, error) {
	src, ds := convert.Locate(c.inputs)
	c.found.Add(ds...)
	if len(ds) > 0 {
		return nil, nil
	}
	if slices.Equal(src.Files, []string{convert.Stdin}) {
		src.Format = convert.FormatOf(c.compose.Stdin)
	}
	if err := c.settlePaths(&src); err != nil {
		return nil, err
	}
	c.format = src.Format
	f, found := convert.Read(ctx, src, c.readOptions())
	c.found.Merge(found)
	return f, ctx.Err()
}
