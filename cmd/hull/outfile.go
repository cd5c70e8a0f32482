package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"hull/emit"
	"hull/ir/diag"
)

var outputCodes = []diag.Info{
	{
		Code: "output/foreign", Severity: diag.Error,
		Summary: "A file that hull did not generate is in the way.",
		Detail: "hull only overwrites what it generated itself, which it knows by the header of the file. A JSON file " +
			"has none; it counts as generated if the values script beside it says that it belongs to it. A folder has one such script: a file of " +
			"another name needs a folder of its own. " +
			"Move the file away, write elsewhere with -o, or overwrite it with --force.",
	},
	{
		Code: "output/other-source", Severity: diag.Error,
		Summary: "A file that hull generated from another source is in the way.",
		Detail: "The header of a generated file names what it was generated from. Where that is still there, and is none of what is converted " +
			"now, the two would overwrite one another in turns: give one of them another output with -o, or in a hull.yml, or " +
			"overwrite the file with --force. Files that are added to a project, or left out, do not matter as long as one stays. Headers name " +
			"files from the project's folder, so that equal names in different folders are not told apart.",
	},
	{
		Code: "output/source", Severity: diag.Error,
		Summary: "An output would take the place of its source.",
		Detail: "A Polytope file is converted to another format or to another folder: name either with -o or --to. " +
			"To lay it out anew where it is, use hull fmt -w.",
	},
	{
		Code: "output/stale", Severity: diag.Error,
		Summary: "A generated file is not what its source makes of it.",
		Detail: "--check found it missing, changed, or left over. It is in reports only; on the terminal there is a diff. Run the same command " +
			"without --check, and commit what it writes.",
	},
	{
		Code: "output/unwritable", Severity: diag.Error,
		Summary: "An output cannot be written.",
		Detail: "The folder cannot be made or written to, or something that is not a regular file is in the way. " +
			"None of the outputs was changed.",
	},
}

// outfile is a file that is to have some content.
type outfile struct {
	path string
	data []byte
	mode fs.FileMode
	// isOurs tells of the present content whether it may be overwritten.
	isOurs func(present []byte) bool
}

// anyContent is for files that hull edits or that the user named as outputs of
// no other use.
func anyContent([]byte) bool { return true }

// change is what has to be done for an outfile: write it, fix its mode, remove
// it, or nothing.
type change struct {
	outfile
	write, chmod, remove bool
	present              []byte // what is there; nil for nothing
	temp                 string // the written file, until it is renamed
}

// isNeeded tells whether the file is other than it should be.
func (c *change) isNeeded() bool { return c.write || c.chmod || c.remove }

// state says in a word what is wrong with the file.
func (c *change) state() string {
	switch {
	case c.remove:
		return "left over"
	case c.present == nil:
		return "missing"
	case c.chmod:
		return fmt.Sprintf("changed (its mode is not %o)", c.mode)
	}
	return "changed"
}

// planAll compares the files with what is there. It changes nothing.
func planAll(files []outfile, force bool) ([]*change, []diag.Diagnostic) {
	var changes []*change
	var ds []diag.Diagnostic
	for _, f := range files {
		c, d := plan(f, force)
		if d != nil {
			ds = append(ds, *d)
			continue
		}
		changes = append(changes, c)
	}
	return changes, ds
}

func plan(f outfile, force bool) (*change, *diag.Diagnostic) {
	shown := f.path
	info, err := os.Lstat(f.path)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		// A link is followed: what it leads to is replaced, not the link.
		if f.path, err = filepath.EvalSymlinks(f.path); err != nil {
			return nil, unwritable(shown, "a symbolic link that leads nowhere")
		}
		info, err = os.Stat(f.path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // for commit to find out
		return &change{outfile: f, write: true}, nil
	case err != nil:
		return nil, unwritable(shown, reason(err))
	case !info.Mode().IsRegular():
		return nil, unwritable(shown, "not a regular file")
	}
	present, err := readPresent(f.path)
	if err != nil {
		return nil, unwritable(shown, reason(err))
	}
	switch {
	case bytes.Equal(present, f.data):
		return &change{outfile: f, chmod: info.Mode().Perm() != f.mode, present: present}, nil
	case !force && !f.isOurs(present):
		return nil, &diag.Diagnostic{
			Severity: diag.Error, Code: "output/foreign",
			Message: shown + foreignness(present),
			Help:    "move it away, write elsewhere with -o, or overwrite it with --force",
		}
	}
	return &change{outfile: f, write: true, present: present}, nil
}

// foreignness says why a file is not what is to be overwritten. A script may be
// hull's, and be that of a file of another name.
func foreignness(present []byte) string {
	if files := emit.ScriptFiles(present); len(files) > 0 {
		return " belongs to " + strings.Join(files, ", ")
	}
	return " was not generated by hull"
}

// maxPresent bounds what is read of a file that is to be replaced, in bytes:
// hull writes nothing that large.
const maxPresent = 64 << 20

// readPresent is the content of a regular file; it waits for no other kind of
// file, and ends. It is not nil where there is a file.
func readPresent(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case info.Size() > maxPresent:
		return nil, fmt.Errorf("it has more than %d MB, so hull did not write it", maxPresent>>20)
	}
	present, err := os.ReadFile(path)
	if present == nil {
		present = []byte{}
	}
	return present, err
}

// strays reports the files that links would have written outside of a folder:
// a project says what is written, not where.
func strays(files []outfile, bound string) []diag.Diagnostic {
	var ds []diag.Diagnostic
	home := resolved(bound)
	for _, f := range files {
		rel, err := filepath.Rel(home, resolved(f.path))
		if err != nil || !filepath.IsLocal(rel) {
			d := unwritable(f.path, "a symbolic link leads out of the folder that is written to")
			d.Help = "name the folder that it leads to with -o"
			ds = append(ds, *d)
		}
	}
	return ds
}

// resolved is a path without links, as far as it exists.
func resolved(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if target, err := os.Readlink(abs); err == nil { // to what is not there
		if filepath.IsAbs(target) {
			return filepath.Clean(target)
		}
		return filepath.Join(resolved(filepath.Dir(abs)), target)
	}
	if parent := filepath.Dir(abs); parent != abs {
		return filepath.Join(resolved(parent), filepath.Base(abs))
	}
	return abs
}

// commit makes the changes. Every file is written beside its target first;
// where that fails for any, no target has been touched.
func commit(changes []*change) *diag.Diagnostic {
	defer func() {
		for _, c := range changes {
			if c.temp != "" {
				_ = os.Remove(c.temp)
			}
		}
	}()
	sweep(changes)
	steps := []func(*change) error{(*change).stage, (*change).finish}
	for _, step := range steps {
		for _, c := range changes {
			if err := step(c); err != nil {
				return unwritable(c.path, reason(err))
			}
		}
	}
	return nil
}

// tempPrefix begins the names of files on their way to becoming outputs.
const tempPrefix = ".hull-"

var tempName = regexp.MustCompile(`^\.hull-[0-9]+$`)

// abandoned is after how long a file on its way to becoming an output is one
// of a run that was killed: runs take milliseconds from writing to renaming. A
// slower one that runs at this moment fails, with its outputs as they were.
const abandoned = 10 * time.Minute

// sweep removes what killed runs left in the folders of the changes.
func sweep(changes []*change) {
	seen := map[string]bool{}
	for _, c := range changes {
		dir := filepath.Dir(c.path)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			info, err := e.Info()
			if err == nil && info.Mode().IsRegular() && tempName.MatchString(e.Name()) && time.Since(info.ModTime()) > abandoned {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

func (c *change) stage() error {
	if !c.write {
		return nil
	}
	dir := filepath.Dir(c.path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, tempPrefix+"*")
	if err != nil {
		return err
	}
	c.temp = temp.Name()
	_, err = temp.Write(c.data)
	return errors.Join(err, temp.Chmod(c.mode), temp.Sync(), temp.Close())
}

func (c *change) finish() error {
	switch {
	case c.write:
		if err := os.Rename(c.temp, c.path); err != nil {
			return err
		}
		c.temp = ""
	case c.chmod:
		return os.Chmod(c.path, c.mode)
	case c.remove:
		return os.Remove(c.path)
	}
	return nil
}

func unwritable(path, why string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Severity: diag.Error, Code: "output/unwritable",
		Message: fmt.Sprintf("%s cannot be written: %s", path, why),
	}
}

// reason is an error without the operation and the path that the system adds.
func reason(err error) string {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	if linkErr := (*os.LinkError)(nil); errors.As(err, &linkErr) {
		return linkErr.Err.Error()
	}
	return err.Error()
}

// withLine adds a line to a text that does not have it, in the text's own
// manner: its line endings, and whether the last line ends in one.
func withLine(text []byte, line string) []byte {
	ending := []byte("\n")
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		ending = []byte("\r\n")
	}
	for present := range bytes.Lines(text) {
		if string(bytes.TrimRight(present, " \r\n")) == line {
			return text
		}
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		return bytes.Join([][]byte{text, ending, []byte(line)}, nil)
	}
	return bytes.Join([][]byte{text, []byte(line), ending}, nil)
}

// overwrite gives a file that is there another content, as a whole or not at
// all, and leaves its mode as it is.
func overwrite(path string, data []byte) *diag.Diagnostic {
	info, err := os.Stat(path)
	if err != nil {
		return unwritable(path, reason(err))
	}
	c, d := plan(outfile{path, data, info.Mode().Perm(), anyContent}, false)
	if d != nil {
		return d
	}
	return commit([]*change{c})
}
