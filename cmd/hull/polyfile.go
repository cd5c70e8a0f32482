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
	return findFiles(args, "Polytope file", polytopeFormat().Discover)
}

// findChecked finds what there is to check: Polytope files, and the templates
// of knot beside them.
func findChecked(args []string) ([]string, []diag.Diagnostic) {
	return findFiles(args, "Polytope file and no knot template", func(dir string) []string {
		return append(polytopeFormat().Discover(dir), convert.KnotFiles(dir)...)
	})
}

// findFiles are the arguments with those files in the place of folders.
func findFiles(args []string, what string, discover func(dir string) []string) ([]string, []diag.Diagnostic) {
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
		found := discover(arg)
		if len(found) == 0 {
			ds = append(ds, diag.Diagnostic{
				Severity: diag.Error, Code: "input/none", Message: "no " + what + " in " + folderName(arg),
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
	if path == convert.Stdin {
		if opts.Compose.Stdin, err = readInput(ctx, sys.stdin); err != nil {
			return in, nil, err
		}
	}
	src, err := fromHere(convert.Source{Format: polytopeName, Files: []string{path}}, &opts)
	if err != nil {
		return in, nil, err
	}
	in, found = convert.OpenPolytope(src, opts)
	return in, found, nil
}

// fromHere makes the paths of a source absolute, and has diagnostics name them
// as seen from the current folder.
func fromHere(src convert.Source, opts *convert.Options) (convert.Source, error) {
	var err error
	if opts.Compose.ProjectDir, err = os.Getwd(); err != nil {
		return src, err
	}
	src.Dir = opts.Compose.ProjectDir
	src.Files = slices.Clone(src.Files)
	for i, file := range src.Files {
		if file == convert.Stdin {
			continue
		}
		if src.Files[i], err = filepath.Abs(file); err != nil {
			return src, err
		}
	}
	return src, nil
}
