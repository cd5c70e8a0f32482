package compose_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	readcompose "hull/convert/compose"
	"hull/convert/polytope"
	"hull/emit/compose"
	writepolytope "hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/resolve"
)

// toPolytope converts a compose file: the Polytope file and its script.
func toPolytope(t *testing.T, data []byte) (file, script []byte) {
	t.Helper()
	dir := t.TempDir()
	err := os.WriteFile(filepath.Join(dir, "compose.yaml"), data, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f, report := readcompose.Read(context.Background(), readcompose.Options{ProjectDir: dir, ProjectName: "proj"})
	if f == nil || report.HasErrors() {
		t.Fatalf("%v\n%s", report.Diagnostics, data)
	}
	f, _ = writepolytope.SelectBuiltins(f)
	f = writepolytope.Split(f, builtin.Signature)
	if file, err = writepolytope.WriteYAML(f, writepolytope.Options{Signatures: builtin.Signature}); err != nil {
		t.Fatal(err)
	}
	if script, err = writepolytope.WriteScript(f, writepolytope.Options{}); err != nil {
		t.Fatal(err)
	}
	return file, script
}

// toCompose converts a Polytope file: all of its templates.
func toCompose(t *testing.T, file, script []byte) []byte {
	t.Helper()
	f, report := polytope.Read(polytope.Options{Name: "polytope.yml", Text: file, Script: script, ScriptName: "script.sh"})
	if f == nil || report.HasErrors() {
		t.Fatalf("%v\n%s", report.Diagnostics, file)
	}
	data, ds, err := compose.WriteAll(jobs(t, f), compose.Options{Base: "stack", File: f, Bindings: f.Bindings})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		t.Logf("%s: %s", d.Code, d.Message)
	}
	return data
}

func jobs(t *testing.T, f *ir.File) []*resolve.Symbolic {
	t.Helper()
	var out []*resolve.Symbolic
	for _, template := range f.Templates {
		job, ds := resolve.ResolveSymbolic(f, resolve.Options{Template: template.ID})
		if job == nil {
			t.Fatalf("%s: %v", template.ID, ds)
		}
		out = append(out, job)
	}
	return out
}

// TestFixedPoint holds that compose → Polytope → compose → Polytope is a fixed
// point from the second Polytope file on.
func TestFixedPoint(t *testing.T) {
	files, _ := filepath.Glob("testdata/projects/*.yml")
	if len(files) < 3 {
		t.Fatalf("%d projects", len(files))
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			file, script := toPolytope(t, source)
			first := toCompose(t, file, script)
			file, script = toPolytope(t, first)
			second := toCompose(t, file, script)
			// A host port that the source leaves open is one now, and a
			// value; what the script and compose make of that takes a step more.
			againFile, script := toPolytope(t, second)
			third := toCompose(t, againFile, script)
			_, againScript := toPolytope(t, third)
			same(t, "the Polytope file", againFile, file)
			same(t, "the script", againScript, script)
			same(t, "the compose file", third, second)
			compose.MustLoad(t, first)
			golden(t, strings.TrimSuffix(name, ".yml")+".compose.txt", first)
		})
	}
}

func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s changes, from\n%s\nto\n%s", what, want, got)
	}
}

// TestPolytopeFile writes the compose file of a Polytope file that people
// wrote, without a script.
func TestPolytopeFile(t *testing.T) {
	text, err := os.ReadFile("testdata/polytope/stack.yml")
	if err != nil {
		t.Fatal(err)
	}
	f, report := polytope.Read(polytope.Options{Name: "stack.yml", Text: text})
	if report.HasErrors() {
		t.Fatal(report.Diagnostics)
	}
	data, ds, err := compose.WriteAll(jobs(t, f), compose.Options{File: f, Bindings: f.Bindings})
	if err != nil {
		t.Fatal(err)
	}
	compose.MustLoad(t, data)
	golden(t, "testdata/polytope/stack.compose.txt", data)
	golden(t, "testdata/polytope/stack.report.txt", compose.Report(ds))
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	compose.Compare(t, file, got)
}
