package main

import (
	"path/filepath"
	"slices"
	"strings"

	"hull/convert"
	"hull/emit"
)

// leftOverTemplates are the templates of knot that an earlier run named after
// containers which are there no more. They are in the folder of this run, with
// the header that this run's have: made from the same sources, and named by
// hull. Outside of the project's folder another project's may have it, too.
func (c *conversion) leftOverTemplates(outputs []outfile) []*change {
	if len(outputs) == 0 || c.target.first().Name != knotName || strings.HasPrefix(relative(c.dir, absolute(c.target.dir)), "..") {
		return nil
	}
	header := emit.KnotHeader(outputs[0].data)
	if header == "" {
		return nil
	}
	var changes []*change
	for _, path := range convert.KnotFiles(c.target.dir) {
		isMade := func(o outfile) bool { return filepath.Clean(o.path) == filepath.Clean(path) }
		present, err := readOwn(path)
		if err != nil || slices.ContainsFunc(outputs, isMade) || emit.KnotHeader(present) != header {
			continue
		}
		changes = append(changes, &change{outfile: outfile{path: path}, remove: true, present: present})
	}
	return changes
}
