package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"hull/convert"
	"hull/emit"
	"hull/ir/diag"
)

// leftOver are the files of the run before this one that it does not make any
// more. A script names the files that it was generated with, in its folder;
// templates of knot are known by their headers. One that people have taken
// over, by removing the header, stays.
func (c *conversion) leftOver(outputs []outfile) []*change {
	var changes []*change
	for _, o := range outputs {
		if filepath.Base(o.path) == emit.ScriptName {
			changes = append(changes, c.leftBeside(o.path, outputs)...)
		}
	}
	return append(changes, c.leftOverTemplates(outputs)...)
}

// leftBeside are left over of those that the present script names.
func (c *conversion) leftBeside(script string, outputs []outfile) []*change {
	text, err := readPresent(script)
	own := c.sourceNames(convert.Source{Files: c.sources})
	if err != nil || !emit.IsGenerated(text) || !c.isOwnScript(text) || !emit.SharesSource(text, own) {
		return nil
	}
	var changes []*change
	for _, name := range emit.ScriptFiles(text) {
		path := filepath.Join(filepath.Dir(script), filepath.Base(name))
		present, err := readOwn(path)
		if err == nil && !isMade(path, outputs) && (emit.IsGenerated(present) || !emit.HoldsComments(name)) {
			changes = append(changes, &change{outfile: outfile{path: path}, remove: true, present: present})
		}
	}
	return changes
}

func isMade(path string, outputs []outfile) bool {
	return slices.ContainsFunc(outputs, func(o outfile) bool { return o.path == path })
}

// readOwn is the content of a file that is no link: hull makes none.
func readOwn(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fs.ErrInvalid)
	}
	return readPresent(path)
}

// stale are the files that a check found not to be current, for reports: their
// names are as seen from the project.
func (c *conversion) stale() []diag.Diagnostic {
	var ds []diag.Diagnostic
	for _, ch := range c.changed {
		path, err := filepath.Abs(ch.path)
		if c.check && err == nil {
			ds = append(ds, diag.Diagnostic{
				Severity: diag.Error, Code: "output/stale", Subject: diag.Range{File: relative(c.dir, path)},
				Message: "the file is not current: " + ch.state(), Help: "run hull without --check, and commit what it writes",
			})
		}
	}
	return ds
}

// showStale prints what a check found, as one diff a file.
func (c *conversion) showStale() error {
	for _, ch := range c.changed {
		name := filepath.ToSlash(ch.path)
		if here, err := os.Getwd(); err == nil {
			name = relative(here, ch.path)
		}
		name = printable(name)
		fmt.Fprintf(c.sys.stderr, "%s: %s\n", name, ch.state())
		if err := writeDiff(c.sys.stdout, name, ch.present, ch.data); err != nil {
			return err
		}
	}
	if len(c.changed) > 0 {
		return errDrift
	}
	return nil
}
