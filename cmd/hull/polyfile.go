package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"hull/convert"
	"hull/convert/polytope"
	"hull/ir/diag"
)

// findPolyfiles finds the Polytope files that arguments name: files, folders
// with one, "-". Without an argument it is that of the current folder.
func findPolyfiles(args []string) ([]string, []diag.Diagnostic) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var files []string
	var ds []diag.Diagnostic
	for _, arg := range args {
		info, err := os.Stat(arg)
		if arg == convert.Stdin || err != nil || !info.IsDir() {
			files = append(files, arg)
			continue
		}
		found := polytopeFormat().Discover(arg)
		if len(found) == 0 {
			ds = append(ds, diag.Diagnostic{
				Severity: diag.Error, Code: "input/none", Message: "no Polytope file in " + folderName(arg),
				Help: "name the file, or a folder with a polytope.yml, .json or .edn",
			})
		}
		files = append(files, found...)
	}
	return files, ds
}

func folderName(dir string) string {
	if dir == "." {
		return "the current folder"
	}
	return dir
}

const polytopeName = "polytope"

func polytopeFormat() convert.Format {
	formats := convert.Formats()
	return formats[slices.IndexFunc(formats, func(f convert.Format) bool { return f.Name == polytopeName })]
}

// openPolyfile gets the text of a Polytope file, and of the values script
// beside it, under names as seen from the current folder. Without a text, the
// report says why there is none.
func openPolyfile(ctx context.Context, path string, sys system) (in polytope.Options, found *diag.Report, err error) {
	opts := convert.Options{}
	if opts.Compose.ProjectDir, err = os.Getwd(); err != nil {
		return in, nil, err
	}
	if path == convert.Stdin {
		if opts.Compose.Stdin, err = readInput(ctx, sys.stdin); err != nil {
			return in, nil, err
		}
	} else if path, err = filepath.Abs(path); err != nil {
		return in, nil, err
	}
	in, found = convert.OpenPolytope(convert.Source{Format: polytopeName, Files: []string{path}}, opts)
	return in, found, nil
}
