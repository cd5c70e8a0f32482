package jsonnet

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"hull/ir/diag"
)

// maxFileSize bounds every file that is read, in bytes; maxTotalSize bounds
// all of them. importbin takes some 80 bytes of memory for one.
const (
	maxFileSize  = 4 << 20
	maxTotalSize = 32 << 20
)

// files reads the files of a program: those below the root and the search
// paths, symbolic links included, and no others. It is go-jsonnet's Importer.
type files struct {
	dir    string // where names start, absolute
	main   string // the name of the program
	folder []folder
	jpaths []string // absolute, in the order in which they are searched
	stop   *stop

	// mu guards what an evaluation that was given up may still use.
	mu sync.Mutex
	// found holds what was read by its name, and where it lies.
	found map[string]*file
	// faults are the messages of imports that failed, with their codes.
	faults map[string]string
	size   int64
}

// folder is one that may be read from.
type folder struct {
	root  *os.Root
	path  string // absolute
	shown string // how names in it begin; empty: they are relative to dir
}

type file struct {
	path     string // absolute; empty for what is built in
	contents jsonnet.Contents
}

func openFiles(opts Options) (*files, error) {
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, errors.New("the folder of the program cannot be found")
	}
	f := &files{dir: dir, found: map[string]*file{}, faults: map[string]string{}}
	if err := f.open(opts.Root, ""); err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(opts.JPaths) {
		if err := f.open(p, shownFolder(p)); err != nil {
			f.close()
			return nil, err
		}
		f.jpaths = append(f.jpaths, f.folder[len(f.folder)-1].path)
	}
	if err := f.openMain(opts); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// shownFolder is how the names of the files in a search path begin.
func shownFolder(dir string) string { return path.Clean(filepath.ToSlash(dir)) }

func (f *files) open(name, shown string) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		return fmt.Errorf("%s cannot be found", name)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return fmt.Errorf("the folder %s cannot be opened", filepath.ToSlash(name))
	}
	f.folder = append(f.folder, folder{root, abs, shown})
	return nil
}

func (f *files) openMain(opts Options) error {
	abs, err := filepath.Abs(opts.File)
	if err != nil {
		return fmt.Errorf("%s cannot be found", opts.File)
	}
	if opts.Text != nil {
		f.main = filepath.ToSlash(opts.File)
		f.found[f.main] = &file{filepath.Join(f.dir, "_"), jsonnet.MakeContentsRaw(opts.Text)}
		return f.checkSize(int64(len(opts.Text)))
	}
	f.main, err = f.read(abs, opts.File)
	return err
}

func (f *files) close() {
	for _, d := range f.folder {
		_ = d.root.Close()
	}
}

// report is a report with the texts that were read.
func (f *files) report() *diag.Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := &diag.Report{}
	for _, name := range slices.Sorted(maps.Keys(f.found)) {
		if f.found[name].path != "" {
			r.AddSource(name, f.found[name].contents.Data())
		}
	}
	return r
}

// text is the program.
func (f *files) text() string { return f.found[f.main].contents.String() }

// nestedMark begins the path of an import of code that must not be parsed.
const nestedMark = "<hull:nested>"

var errNested = fault{"jsonnet/limit", fmt.Sprintf("the program is nested deeper than %d levels", maxNesting)}

// isParsable tells whether what is imported can be parsed, as far as the stack
// is concerned. Else it is imported as what fails.
func (f *files) isParsable(i *ast.Import) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	name, err := f.find(i.Loc().FileName, i.File.Value)
	if err != nil || isParsable(f.found[name].contents.String()) {
		return true
	}
	i.File = &ast.LiteralString{Value: nestedMark + i.File.Value}
	return false
}

// Import finds what an import means: beside the file that imports, in the
// search paths, and what is built in.
func (f *files) Import(importedFrom, importedPath string) (jsonnet.Contents, string, error) {
	if importedPath == tickName {
		return tickText, tickName, f.stop.cause()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	name, err := f.find(importedFrom, importedPath)
	if strings.HasPrefix(importedPath, nestedMark) {
		err = errNested
	}
	if err != nil {
		f.faults[err.Error()] = code(err)
		return jsonnet.Contents{}, "", err
	}
	return f.found[name].contents, name, nil
}

// fault is an error with a code of its own.
type fault struct{ code, message string }

func (f fault) Error() string { return f.message }

func code(err error) string {
	var f fault
	if errors.As(err, &f) {
		return f.code
	}
	return "jsonnet/import"
}

// find reads what an import means, and returns the name under which it is
// found.
func (f *files) find(importedFrom, importedPath string) (string, error) {
	if importedPath == "" {
		return "", errors.New("an import names a file")
	}
	var refusal error
	for _, candidate := range f.candidates(importedFrom, filepath.FromSlash(importedPath)) {
		name, err := f.read(candidate, importedPath)
		if err == nil {
			return name, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && refusal == nil {
			refusal = err
		}
	}
	if text, ok := builtIn[importedPath]; ok {
		if f.found[importedPath] == nil {
			f.found[importedPath] = &file{"", text}
		}
		return importedPath, nil
	}
	if refusal != nil {
		return "", refusal
	}
	return "", fmt.Errorf("%s does not exist, neither beside the file that imports it nor in a search path", importedPath)
}

// candidates are the paths that an import can mean, in order.
func (f *files) candidates(importedFrom, importedPath string) []string {
	if filepath.IsAbs(importedPath) {
		return []string{filepath.Clean(importedPath)}
	}
	dir := f.dir
	if from := f.found[importedFrom]; from != nil && from.path != "" {
		dir = filepath.Dir(from.path)
	}
	paths := []string{filepath.Join(dir, importedPath)}
	for _, p := range f.jpaths {
		paths = append(paths, filepath.Join(p, importedPath))
	}
	return paths
}

// read reads a file by its path, and returns its name. written is how the
// program has the path.
func (f *files) read(abs, written string) (string, error) {
	for _, d := range f.folder {
		rel, err := filepath.Rel(d.path, abs)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		name := f.name(d, abs, rel)
		if f.found[name] != nil {
			return name, nil
		}
		text, err := f.load(d.root, rel, name)
		if err != nil {
			return "", err
		}
		f.found[name] = &file{abs, jsonnet.MakeContentsRaw(text)}
		return name, nil
	}
	return "", fmt.Errorf("%s lies outside of the root folder and the search paths; --root names a wider folder, -J another search path", filepath.ToSlash(written))
}

// name is how diagnostics call a file, and std.thisFile.
func (f *files) name(d folder, abs, rel string) string {
	if d.shown == "" {
		return f.relative(abs)
	}
	return path.Join(d.shown, filepath.ToSlash(rel))
}

func (f *files) relative(abs string) string {
	rel, err := filepath.Rel(f.dir, abs)
	if err != nil {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}

func (f *files) load(root *os.Root, rel, name string) ([]byte, error) {
	info, err := root.Stat(rel) // a pipe must not even be opened
	switch {
	case err != nil:
		return nil, describe(name, err)
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder, not a file", name)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	opened, err := root.Open(rel)
	if err != nil {
		return nil, describe(name, err)
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxFileSize+1))
	if err != nil {
		return nil, describe(name, err)
	}
	return text, f.checkSize(int64(len(text)))
}

func (f *files) checkSize(n int64) error {
	if n > maxFileSize {
		return fault{"jsonnet/limit", fmt.Sprintf("the file is larger than %d MB", maxFileSize>>20)}
	}
	if f.size += n; f.size > maxTotalSize {
		return fault{"jsonnet/limit", fmt.Sprintf("the files of the program are larger than %d MB", maxTotalSize>>20)}
	}
	return nil
}

// missing is the error of a file that is not there.
type missing string

func (m missing) Error() string        { return string(m) + " does not exist" }
func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

// describe says why a file cannot be read, without paths of the system.
func describe(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing(name)
	case strings.Contains(err.Error(), "escapes"):
		return fmt.Errorf("%s is a link out of the root folder; --root names a wider one", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be read: permission denied", name)
	}
	return fmt.Errorf("%s cannot be read", name)
}
