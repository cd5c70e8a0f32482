package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hull/emit"
)

// target is where the output goes.
type target struct {
	// toStdout prints instead of writing files.
	toStdout bool
	// dir is the output folder; empty: beside the source.
	dir string
	// name is the file's name where the user chose it.
	name    string
	formats []string
	// split writes one document a file.
	split bool
}

// first is the first of the formats, or the default.
func (t target) first() emit.Format {
	name := emit.Names()[0]
	if len(t.formats) > 0 {
		name = t.formats[0]
	}
	f, _ := emit.ByName(name)
	return f
}

// parseTarget understands -o and --to together.
func parseTarget(output, to string) (target, error) {
	formats, err := parseFormats(to)
	if err != nil {
		return target{}, err
	}
	t := target{formats: formats}
	switch {
	case output == "":
		return t, nil
	case output == "-":
		t.toStdout = true
		return t, t.needsOneFormat("standard output")
	case isFolder(output):
		t.dir = output
		return t, nil
	}
	t.dir, t.name = filepath.Split(output)
	if t.dir == "" {
		t.dir = "."
	}
	if len(t.formats) > 0 {
		return t, t.needsOneFormat(output)
	}
	format, ok := emit.ByFileName(t.name)
	if !ok {
		return t, usagef("convert", "cannot tell the format of %s; end it in .%s, .jsonnet or .knot.yml, or in / for a folder, or add --to",
			output, strings.Join(emit.PolytopeNames(), ", ."))
	}
	t.formats = []string{format.Name}
	return t, nil
}

func (t target) needsOneFormat(where string) error {
	if len(t.formats) > 1 {
		return usagef("convert", "%s takes one format, --to names %d; -o DIR/ takes several", where, len(t.formats))
	}
	return nil
}

func parseFormats(to string) ([]string, error) {
	var formats []string
	for name := range strings.SplitSeq(to, ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "" && to == "":
			return nil, nil
		case !slices.Contains(emit.Names(), name):
			return nil, badChoice("convert", "to", name, emit.Names())
		case !slices.Contains(formats, name):
			formats = append(formats, name)
		}
	}
	isAlone := func(name string) bool { f, _ := emit.ByName(name); return !f.IsPolytope() }
	if len(formats) > 1 && slices.ContainsFunc(formats, isAlone) {
		return nil, usagef("convert", "--to takes several formats of a Polytope file, or one other, not %s", to)
	}
	return formats, nil
}

func isFolder(path string) bool {
	if path == "" {
		return false
	}
	if os.IsPathSeparator(path[len(path)-1]) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
