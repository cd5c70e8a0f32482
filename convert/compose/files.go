package compose

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxFileSize bounds every file that is read, in bytes. The largest compose
// file of the public ones we know has 300 kB.
const maxFileSize = 8 << 20

// files reads the files of a project: those below its root, symbolic links
// included, and no others. Names are relative to the project directory, with
// slashes.
type files struct {
	root *os.Root
	// prefix is the project directory within the root: "." or "a/b".
	prefix string
	dir    string // the project directory, absolute
	stdin  []byte
	// extended holds the parsed files that extends names.
	extended map[string][]*layer
}

func openFiles(opts Options) (*files, error) {
	root, err := os.OpenRoot(opts.Root)
	if err != nil {
		return nil, err
	}
	prefix, err := filepath.Rel(opts.Root, opts.ProjectDir)
	if err != nil {
		return nil, err
	}
	return &files{
		root: root, prefix: filepath.ToSlash(prefix), dir: opts.ProjectDir,
		stdin: opts.Stdin, extended: map[string][]*layer{},
	}, nil
}

func (f *files) close() { _ = f.root.Close() }

// rooted is a name as the root knows it.
func (f *files) rooted(name string) string {
	if path.IsAbs(name) {
		rel, err := filepath.Rel(f.root.Name(), filepath.FromSlash(name))
		if err != nil {
			return name
		}
		return filepath.ToSlash(rel)
	}
	return path.Join(f.prefix, name)
}

// shown is a name as diagnostics show it.
func (f *files) shown(name string) string {
	switch {
	case name == "-":
		return "<stdin>"
	case path.IsAbs(name):
		if rel, err := filepath.Rel(f.dir, filepath.FromSlash(name)); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return path.Clean(name)
}

// read is a file's text, and its name for diagnostics.
func (f *files) read(name string) (text []byte, shown string, err error) {
	shown = f.shown(name)
	if name == "-" {
		return f.stdin, shown, checkSize(int64(len(f.stdin)))
	}
	info, err := f.root.Stat(f.rooted(name)) // a pipe must not even be opened
	if err != nil {
		return nil, shown, errors.New(f.describe(name, err))
	}
	if info.IsDir() {
		return nil, shown, errors.New("this is a folder, not a file")
	}
	if !info.Mode().IsRegular() {
		return nil, shown, errors.New("this is not a regular file")
	}
	if err := checkSize(info.Size()); err != nil {
		return nil, shown, err
	}
	file, err := f.root.Open(f.rooted(name))
	if err != nil {
		return nil, shown, errors.New(f.describe(name, err))
	}
	defer file.Close()
	text, err = io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err == nil {
		err = checkSize(int64(len(text)))
	}
	return text, shown, err
}

func checkSize(n int64) error {
	if n > maxFileSize {
		return fmt.Errorf("the file is larger than %d MB", maxFileSize>>20)
	}
	return nil
}

func (f *files) exists(name string) bool {
	info, err := f.root.Stat(f.rooted(name))
	return err == nil && !info.IsDir()
}

// missing says why a file cannot be had.
func (f *files) missing(name string) string {
	info, err := f.root.Stat(f.rooted(name))
	if err == nil && info.IsDir() {
		return fmt.Sprintf("%s is a folder, not a file", f.shown(name))
	}
	return f.describe(name, err)
}

func (f *files) describe(name string, err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("%s does not exist", f.shown(name))
	case isOutside(f.rooted(name)) || strings.Contains(err.Error(), "escapes"):
		return fmt.Sprintf("%s lies outside of the root folder; --root names a wider one", f.shown(name))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("%s cannot be read: permission denied", f.shown(name))
	}
	return fmt.Sprintf("%s cannot be read", f.shown(name))
}

func isOutside(rooted string) bool {
	return rooted == ".." || strings.HasPrefix(rooted, "../") || path.IsAbs(rooted)
}
