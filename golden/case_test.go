package golden

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hull/convert"
	"hull/convert/compose"
	"hull/emit"
	"hull/emit/report"
	"hull/ir"
	"hull/ir/diag"
)

// testCase is a folder of testdata: the project in input, how it is converted
// in flags, and beside them what must come out.
type testCase struct {
	name string
	dir  string
	settings
}

// settings are the lines of a case's flags file. They are named after the
// options of hull convert.
type settings struct {
	compose    compose.Options
	files      []string
	out        string
	noBuiltins bool
}

// flagSetters apply one line of a flags file, "name" or "name=value".
var flagSetters = map[string]func(s *settings, value string){
	"values":       func(s *settings, v string) { s.compose.Values = compose.ValuePolicy(v) },
	"build":        func(s *settings, v string) { s.compose.SkipBuild = v == "skip" },
	"builtins":     func(s *settings, v string) { s.noBuiltins = v == "never" },
	"no-persist":   func(s *settings, _ string) { s.compose.NoPersist = true },
	"profile":      func(s *settings, v string) { s.compose.Profiles = append(s.compose.Profiles, v) },
	"project-name": func(s *settings, v string) { s.compose.ProjectName = v },
	"env-file":     func(s *settings, v string) { s.compose.EnvFiles = append(s.compose.EnvFiles, v) },
	"file":         func(s *settings, v string) { s.files = append(s.files, v) },
	"out":          func(s *settings, v string) { s.out = v },
}

// loadCases reads the cases of testdata.
func loadCases(t testing.TB) []testCase {
	t.Helper()
	return loadCasesIn(t, "testdata")
}

func loadCasesIn(t testing.TB, root string) []testCase {
	t.Helper()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var cases []testCase
	for _, e := range entries {
		if !e.IsDir() || e.Name() == "fuzz" {
			continue
		}
		dir, err := filepath.Abs(filepath.Join(root, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		c := testCase{name: e.Name(), dir: dir, settings: settings{compose: compose.Options{Values: compose.ValuesAll}}}
		if err := c.readFlags(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		cases = append(cases, c)
	}
	return cases
}

func (c *testCase) readFlags() error {
	text, err := os.ReadFile(filepath.Join(c.dir, "flags"))
	if os.IsNotExist(err) {
		return nil
	}
	for _, line := range strings.Fields(string(text)) {
		name, value, _ := strings.Cut(line, "=")
		set, known := flagSetters[name]
		if !known {
			return fmt.Errorf("unknown flag %s", name)
		}
		set(&c.settings, value)
	}
	return err
}

// result is what a conversion yields. Where it was refused there is a report
// alone.
type result struct {
	// texts are the outputs by the names of the expectations.
	texts  map[string][]byte
	file   *ir.File
	report *diag.Report
}

const (
	scriptFile = "values.sh"
	reportFile = "report.txt"
)

// convertIn converts a copy of the case's project, as hull convert does.
// relative says whether the project's files are named from the working
// directory or absolutely.
func (c *testCase) convertIn(t testing.TB, project string, relative bool) result {
	t.Helper()
	at := func(name string) string {
		if abs := filepath.Join(project, name); !relative {
			return abs
		}
		return name
	}
	inputs := []string{at(".")}
	if len(c.files) > 0 {
		inputs = mapSlice(c.files, at)
	}
	opts := c.compose
	opts.ProjectDir, opts.OutDir = at("."), at(c.out)
	opts.EnvFiles = mapSlice(opts.EnvFiles, at)
	r := result{report: &diag.Report{}, texts: map[string][]byte{}}
	if err := r.convert(inputs, project, opts, c.noBuiltins); err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	r.report.Sort()
	var text bytes.Buffer
	if err := report.Text(&text, r.report, report.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	r.texts[reportFile] = text.Bytes()
	return r
}

func (r *result) convert(inputs []string, project string, opts compose.Options, noBuiltins bool) error {
	src, ds := convert.Locate(inputs)
	if r.report.Add(ds...); len(ds) > 0 {
		return nil
	}
	f, found := convert.Read(context.Background(), src, convert.Options{Compose: opts})
	r.report.Merge(found)
	if f == nil || r.report.HasErrors() {
		return nil
	}
	out := emit.Options{Formats: emit.PolytopeNames(), Sources: sourceNames(src.Files, project), NoBuiltins: noBuiltins}
	r.file, ds = emit.Legalize(f, out)
	r.report.Add(ds...)
	outputs, err := emit.Encode(r.file, out)
	for _, o := range outputs {
		name := o.Name
		if name == emit.ScriptName {
			name = scriptFile
		}
		r.texts[name] = o.Data
	}
	return err
}

// sourceNames are the files as the outputs' headers name them.
func sourceNames(files []string, project string) []string {
	return mapSlice(files, func(file string) string {
		if !filepath.IsAbs(file) {
			return filepath.ToSlash(filepath.Clean(file))
		}
		rel, err := filepath.Rel(project, file)
		if err != nil {
			return file
		}
		return filepath.ToSlash(rel)
	})
}

func mapSlice[T, U any](all []T, f func(T) U) []U {
	var out []U
	for _, x := range all {
		out = append(out, f(x))
	}
	return out
}

// copyProject copies the case's input to a folder of the case's name, which a
// project without a name of its own is called after.
func (c *testCase) copyProject(t testing.TB, parent string) string {
	t.Helper()
	project := filepath.Join(parent, c.name)
	if err := os.CopyFS(project, os.DirFS(filepath.Join(c.dir, "input"))); err != nil {
		t.Fatal(err)
	}
	return project
}

// expected are the files of the case that a conversion is compared with.
func (c *testCase) expected(t testing.TB) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if slices.Contains([]string{"input", "flags", "why.txt"}, e.Name()) {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(c.dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// update makes the case expect what came out, and nothing else.
func (c *testCase) update(t testing.TB, texts map[string][]byte) {
	t.Helper()
	for name := range c.expected(t) {
		if _, current := texts[name]; !current {
			if err := os.Remove(filepath.Join(c.dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(c.dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
