package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v2"

	"hull/convert"
	"hull/convert/polytope"
	"hull/convert/rewrite"
	"hull/emit/report"
	"hull/ir/diag"
)

const fmtDescription = `FILE is a Polytope file (YAML, JSON or EDN), a folder with one, or - for
standard input. Without one, it is the Polytope file of the current folder.

Lays a file out in the house style and prints it: templates first, then modules.
Meaning and comments are kept, which is proved by reading the result; a file
that hull cannot read in full is left alone, with the reasons.

-l and -d exit with code 3 where a file is not in the house style.

Examples:

  hull fmt                        print the file of the current folder
  hull fmt -w modules/*/polytope.yml
  hull fmt -l .                   is it formatted?
  hull fmt - < polytope.edn`

func fmtCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "fmt",
		Usage:       "lay out a Polytope file in the house style",
		ArgsUsage:   "[FILE…]",
		Description: fmtDescription,
		Flags: []cli.Flag{
			boolFlag("list", "print the names of files that are not in the house style", "l"),
			boolFlag("diff", "print what would change as a diff", "d"),
			boolFlag("write", "write the result to the file itself", "w"),
		},
		Action: func(c *cli.Context) error {
			f := &formatting{sys: sys, list: c.Bool("list"), diff: c.Bool("diff"), write: c.Bool("write")}
			return f.run(c.Context, c.Args().Slice())
		},
	}
}

// errDrift ends a run that found files to be other than they should.
var errDrift = errors.New("drift")

// formatting is one run of hull fmt.
type formatting struct {
	sys               system
	list, diff, write bool

	found   diag.Report
	drifted bool
}

func (f *formatting) run(ctx context.Context, args []string) error {
	files, ds := findPolyfiles(args)
	f.found.Add(ds...)
	for _, path := range files {
		if path == convert.Stdin && f.write {
			return usagef("fmt", "-w writes to files, and - is none")
		}
		in, found, err := openPolyfile(ctx, path, f.sys)
		if err != nil {
			return err
		}
		f.found.Merge(found)
		if in.Text == nil {
			continue
		}
		if err := f.file(path, in); err != nil {
			return err
		}
	}
	f.found.Sort()
	opts := report.TextOptions{Color: useColor(f.sys, f.sys.stderr)}
	if err := report.Text(f.sys.stderr, &f.found, opts); err != nil {
		return err
	}
	switch {
	case f.found.HasErrors():
		return errReported
	case f.drifted && !f.write:
		return errDrift
	}
	return nil
}

func (f *formatting) file(path string, in polytope.Options) error {
	out, found := rewrite.Format(in.Name, in.Text)
	if out == nil { // what the reader remarks on is for hull check to say otherwise
		f.found.Merge(found)
		return nil
	}
	isSame := bytes.Equal(in.Text, out)
	f.drifted = f.drifted || !isSame && (f.list || f.diff)
	if f.list && !isSame {
		fmt.Fprintln(f.sys.stdout, in.Name)
	}
	if f.diff && !isSame {
		if err := writeDiff(f.sys.stdout, in.Name, in.Text, out); err != nil {
			return err
		}
	}
	if f.write && !isSame {
		if d := overwrite(path, out); d != nil {
			f.found.Add(*d)
		}
	}
	if f.list || f.diff || f.write {
		return nil
	}
	_, err := f.sys.stdout.Write(out)
	return err
}

// writeDiff writes the difference of two texts of a file as a unified diff.
func writeDiff(w io.Writer, name string, before, after []byte) error {
	_, err := w.Write(diff.Diff(name, before, name, after))
	return err
}
