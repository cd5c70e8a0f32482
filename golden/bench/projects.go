//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// cases are the golden inputs that both programs accept: a project that either
// refuses is not the same work for both.
func (b *bench) cases() ([]string, error) {
	inputs, err := filepath.Glob(casesPattern)
	if err != nil || len(inputs) == 0 {
		return nil, fmt.Errorf("no golden cases: run this in the root of the module (%v)", err)
	}
	loaded, err := exec.Command(b.load, inputs...).Output()
	if err != nil {
		return nil, err
	}
	var cases []string
	trial := filepath.Join(b.dir, "trial")
	for _, input := range strings.Fields(string(loaded)) {
		if err := os.CopyFS(trial, os.DirFS(input)); err != nil {
			return nil, err
		}
		if exec.Command(b.hull, "convert", "--quiet", trial).Run() == nil {
			cases = append(cases, input)
		}
		if err := os.RemoveAll(trial); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

// tree is a folder of projects.
type tree struct {
	dir      string
	cases    []string
	projects []string // their folders
	sources  map[string]bool
}

func newTree(dir string, cases []string, n int) (*tree, error) {
	t := &tree{dir: dir, cases: cases}
	return t, t.make(n)
}

// make copies the cases, one after the other and over again, until there are n.
func (t *tree) make(n int) error {
	t.projects, t.sources = nil, map[string]bool{}
	for i := range n {
		input := t.cases[i%len(t.cases)]
		project := filepath.Join(t.dir, fmt.Sprintf("%04d-%s", i, filepath.Base(filepath.Dir(input))))
		if err := os.CopyFS(project, os.DirFS(input)); err != nil {
			return err
		}
		t.projects = append(t.projects, project)
	}
	return t.walk(func(path string) error { t.sources[path] = true; return nil })
}

// reset removes what was generated.
func (t *tree) reset() error {
	return t.walk(func(path string) error {
		if t.sources[path] {
			return nil
		}
		return os.Remove(path)
	})
}

func (t *tree) walk(visit func(path string) error) error {
	var paths []string
	err := filepath.WalkDir(t.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, path := range slices.Sorted(slices.Values(paths)) {
		if err := visit(path); err != nil {
			return err
		}
	}
	return nil
}
