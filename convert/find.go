package convert

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
	"gopkg.in/yaml.v3"

	"hull/ir/diag"
)

// FindOptions says which projects Find is to list.
type FindOptions struct {
	// Include are patterns (path.Match, of file names) of files that are
	// projects by themselves, besides those of the table of formats.
	Include []string
	// Exclude are patterns as in .gitignore, from the folder that is searched.
	Exclude []string
	// Marker is the name of a file that says what its folder's project is: it
	// stands for everything else there. Its source has no format. Empty for none.
	Marker string
}

// Find lists the projects below some folders, in the order of the folders and
// then of the paths: what each format discovers in a folder, and files whose
// names say that they are projects by themselves. What git ignores is left out,
// and so are compose files that another one includes.
func Find(dirs []string, opts FindOptions) ([]Source, []diag.Diagnostic) {
	var found []Source
	var ds []diag.Diagnostic
	for _, dir := range dirs {
		s := &search{root: dir, include: append(slices.Clone(opts.Include), entryPatterns()...), marker: opts.Marker}
		for _, p := range opts.Exclude {
			s.excluded = append(s.excluded, gitignore.ParsePattern(p, nil))
		}
		if err := s.run(); err != nil {
			ds = append(ds, inputError("input/folder", fmt.Sprintf("%s cannot be searched: %v", dir, plainError(err)), ""))
			continue
		}
		for _, name := range s.unread {
			d := inputError("input/folder", fmt.Sprintf("%s cannot be searched", filepath.ToSlash(name)), "leave it out with --exclude, or make it readable")
			d.Severity = diag.Warning
			ds = append(ds, d)
		}
		found = append(found, s.found...)
	}
	return withoutIncluded(withoutRepeated(found)), ds
}

// plainError is an error without the path that the system adds.
func plainError(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func entryPatterns() []string {
	var patterns []string
	for _, f := range Formats() {
		patterns = append(patterns, f.Entries...)
	}
	return patterns
}

// search is the walk over one folder.
type search struct {
	root              string
	include           []string
	marker            string
	ignored, excluded []gitignore.Pattern
	found             []Source
	// unread are the folders that could not be read.
	unread []string
}

func (s *search) run() error {
	s.above()
	start := s.root
	if info, err := os.Lstat(start); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		start += string(filepath.Separator) // the folder, which a walk would not enter
	}
	return filepath.WalkDir(start, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			if name == start {
				return err
			}
			s.unread = append(s.unread, name)
			return nil
		}
		rel := relativeParts(s.root, name)
		switch {
		case e.IsDir() && (e.Name() == ".git" || s.isIgnored(rel, true)):
			return filepath.SkipDir
		case e.IsDir():
			s.readIgnore(name, rel)
			s.folder(name, rel)
		case e.Type().IsRegular() && !s.isIgnored(rel, false):
			s.file(name)
		}
		return nil
	})
}

// relativeParts is a path below root as its parts; root itself has none.
func relativeParts(root, name string) []string {
	rel, err := filepath.Rel(root, name)
	if err != nil || rel == "." {
		return nil
	}
	return strings.Split(filepath.ToSlash(rel), "/")
}

// above reads what git ignores by the files in the folders above, up to the
// one that holds the repository; outside of one there is nothing to read.
func (s *search) above() {
	dir, err := filepath.Abs(s.root)
	if err != nil {
		return
	}
	var patterns []gitignore.Pattern // the outermost first: later ones win
	var below []string               // from dir down to the root
	for !isRepository(dir) {
		parent := filepath.Dir(dir)
		if parent == dir {
			return
		}
		below = append([]string{filepath.Base(dir)}, below...)
		dir = parent
		var here []gitignore.Pattern
		for _, line := range ignoreLines(dir) {
			here = append(here, abovePattern{gitignore.ParsePattern(line, nil), below})
		}
		patterns = append(here, patterns...)
	}
	s.ignored = patterns
}

func isRepository(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ".git"))
	return err == nil
}

// abovePattern is a pattern of a folder above the root: it is matched with the
// path from there.
type abovePattern struct {
	gitignore.Pattern
	below []string
}

func (p abovePattern) Match(parts []string, isDir bool) gitignore.MatchResult {
	return p.Pattern.Match(append(slices.Clone(p.below), parts...), isDir)
}

func (s *search) readIgnore(dir string, rel []string) {
	for _, line := range ignoreLines(dir) {
		s.ignored = append(s.ignored, gitignore.ParsePattern(line, rel))
	}
}

func ignoreLines(dir string) []string {
	text, err := readSmall(filepath.Join(dir, ".gitignore"))
	if err != nil {
		return nil
	}
	var lines []string
	for line := range bytes.Lines(text) {
		pattern := strings.TrimRight(string(line), "\r\n")
		if strings.TrimSpace(pattern) != "" && !strings.HasPrefix(pattern, "#") {
			lines = append(lines, pattern)
		}
	}
	return lines
}

// maxSearched bounds what is read of files to find projects, in bytes.
const maxSearched = 8 << 20

// readSmall reads a regular file that no link leads out of its folder. Larger
// ones and other kinds, which could be read forever, count as none.
func readSmall(file string) ([]byte, error) {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(filepath.Base(file))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSearched {
		return nil, fs.ErrInvalid
	}
	return root.ReadFile(filepath.Base(file))
}

func (s *search) isIgnored(rel []string, isDir bool) bool {
	if len(rel) == 0 {
		return false
	}
	return gitignore.NewMatcher(s.ignored).Match(rel, isDir) || gitignore.NewMatcher(s.excluded).Match(rel, isDir)
}

// folder adds what the formats discover in a folder. A Polytope file is what
// projects become, not a project.
func (s *search) folder(dir string, rel []string) {
	if s.hasMarker(dir) {
		s.found = append(s.found, Source{Files: []string{filepath.Join(dir, s.marker)}, Dir: filepath.Clean(dir)})
		return
	}
	for _, f := range Formats() {
		if f.Entries == nil {
			continue
		}
		files := slices.DeleteFunc(f.Discover(dir), func(name string) bool {
			return s.isIgnored(append(slices.Clone(rel), filepath.Base(name)), false)
		})
		if len(files) > 0 {
			s.found = append(s.found, Source{Format: f.Name, Files: files, Dir: filepath.Clean(dir)})
			return
		}
	}
}

func (s *search) hasMarker(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, s.marker)) // whatever it is, its reader says
	return s.marker != "" && err == nil && !info.IsDir()
}

func (s *search) file(name string) {
	if s.hasMarker(filepath.Dir(name)) {
		return
	}
	isEntry := func(pattern string) bool { ok, _ := path.Match(pattern, filepath.Base(name)); return ok }
	if !slices.ContainsFunc(s.include, isEntry) {
		return
	}
	if format, ok := detect(name); ok {
		s.found = append(s.found, Source{Format: format, Files: []string{name}, Dir: filepath.Dir(name)})
	}
}

// withoutRepeated leaves out projects whose first file is another's, which two
// folders can yield, and what a pattern finds of what a folder is known for.
func withoutRepeated(found []Source) []Source {
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(s Source) bool {
		isRepeated := seen[filepath.Clean(s.Files[0])]
		for _, f := range s.Files {
			seen[filepath.Clean(f)] = true
		}
		return isRepeated
	})
}

// withoutIncluded leaves out compose projects that others include.
func withoutIncluded(found []Source) []Source {
	included := map[string]bool{}
	for _, s := range found {
		for _, f := range s.Files {
			for _, name := range includes(f) {
				included[name] = true
			}
		}
	}
	return slices.DeleteFunc(found, func(s Source) bool { return included[filepath.Clean(s.Files[0])] })
}

// includes are the files that a compose file includes, by its own text: one
// that a variable names is not known. A folder stands for its compose file.
func includes(file string) []string {
	if ext := filepath.Ext(file); ext != ".yml" && ext != ".yaml" {
		return nil
	}
	text, err := readSmall(file)
	if err != nil || !bytes.Contains(text, []byte("include")) {
		return nil
	}
	var model struct{ Include []yaml.Node }
	if yaml.Unmarshal(text, &model) != nil {
		return nil
	}
	var names []string
	for _, n := range model.Include {
		var entry struct{ Path yaml.Node }
		_ = n.Decode(&entry)
		names = append(names, texts(n)...)
		names = append(names, texts(entry.Path)...)
	}
	for i, name := range names {
		names[i] = filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
	}
	return names
}

// texts is a text, or those of a list.
func texts(n yaml.Node) []string {
	var one string
	var several []string
	switch {
	case n.Kind == yaml.ScalarNode && n.Decode(&one) == nil:
		return []string{one}
	case n.Kind == yaml.SequenceNode:
		_ = n.Decode(&several)
	}
	return several
}

// Shard is the i-th of n parts (i from 1) of some projects. Which part a
// project is in depends on its path alone, so that it stays where it is when
// others come and go. Every project is in exactly one part.
func Shard(projects []Source, i, n int) []Source {
	return slices.DeleteFunc(slices.Clone(projects), func(s Source) bool {
		h := fnv.New32a()
		_, _ = h.Write([]byte(filepath.ToSlash(s.Files[0])))
		return int(h.Sum32()%uint32(n)) != i-1
	})
}
