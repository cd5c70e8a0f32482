package convert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"hull/convert/polytope"
	"hull/ir"
	"hull/ir/diag"
)

// polytopeNames are what Polytope calls its files (the reference,
// "Configuration Files", and notes.md for .yaml).
var polytopeNames = []string{"polytope.yml", "polytope.yaml", "polytope.json", "polytope.edn"}

// valuesScript is the script beside a Polytope file that sets the defaults of
// its values and secrets (the reference, "Sample executable file …").
const valuesScript = ".values_and_secrets.defaults.sh"

// maxPolytopeSize bounds what is read of a file; the reader refuses less.
const maxPolytopeSize = 16 << 20

func discoverPolytope(dir string) []string {
	for _, name := range polytopeNames {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return []string{file}
		}
	}
	return nil
}

// readPolytope reads a Polytope file, and the script beside it where there is
// one.
func readPolytope(_ context.Context, src Source, opts Options) (*ir.File, *diag.Report) {
	in, found := OpenPolytope(src, opts)
	if in.Text == nil {
		return nil, found
	}
	f, report := polytope.Read(in)
	report.Merge(found)
	return f, report
}

// OpenPolytope gets what there is to read of a Polytope file: its text, and
// that of the values script beside it. Names are relative to the project
// directory. Without a text, the report says why there is none.
func OpenPolytope(src Source, opts Options) (polytope.Options, *diag.Report) {
	if len(src.Files) != 1 {
		return polytope.Options{}, polytopeError("", "a Polytope file is read by itself; name one")
	}
	file := src.Files[0]
	if file == Stdin {
		return polytope.Options{Name: "<stdin>", Text: append([]byte{}, opts.Compose.Stdin...)}, nil
	}
	shown := func(path string) string { return shownName(path, src, opts) }
	dir := cmp.Or(opts.Compose.Root, filepath.Dir(file))
	root, err := os.OpenRoot(dir)
	if err != nil {
		return polytope.Options{}, polytopeError(shown(file), "the folder of the file cannot be opened")
	}
	defer root.Close()
	name, err := filepath.Rel(dir, file)
	if err != nil {
		return polytope.Options{}, polytopeError(shown(file), "the file does not lie below the root folder")
	}
	text, err := readBounded(root, name)
	if err != nil {
		return polytope.Options{}, polytopeError(shown(file), err.Error())
	}
	o := polytope.Options{Name: shown(file), Text: text}
	script, err := readBounded(root, filepath.Join(filepath.Dir(name), valuesScript))
	if err == nil {
		o.Script, o.ScriptName = script, shown(filepath.Join(filepath.Dir(file), valuesScript))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return o, polytopeError(valuesScript, err.Error())
	}
	return o, nil
}

// readBounded reads a file of a folder. Errors name no paths of the system.
func readBounded(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name) // a pipe must not even be opened
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, missingFile(name)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read", name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read", name)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPolytopeSize))
}

// missingFile is the error of a file that is not there.
type missingFile string

func (f missingFile) Error() string        { return string(f) + " does not exist" }
func (f missingFile) Is(target error) bool { return target == fs.ErrNotExist }

func polytopeError(file, message string) *diag.Report {
	r := &diag.Report{}
	r.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/file", Subject: diag.Range{File: filepath.ToSlash(file)}, Message: message,
	})
	return r
}
