package convert

import (
	"context"
	"path/filepath"
	"testing"

	"hull/convert/compose"
	"hull/ir"
)

const polytopeText = "modules:\n- id: a\n  module: polytope/container\n  args: {image: pt.value x}\n"

func TestDetectPolytope(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"polytope.yml", "", "polytope"},
		{"polytope.yaml", "services: {}", "polytope"},
		{"polytope.json", "", "polytope"},
		{"polytope.edn", "", "polytope"},
		{"stack.edn", "", "polytope"},
		{"stack.yml", polytopeText, "polytope"},
		{"stack.yml", "templates: []", "polytope"},
		{"stack.json", `{"modules": []}`, "polytope"},
		{"compose.yaml", polytopeText, "compose"},
	}
	for _, tt := range tests {
		if got, _ := detect(write(t, t.TempDir(), tt.name, tt.text)); got != tt.want {
			t.Errorf("detect %s of %q: %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestReadPolytope(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "polytope.yml", polytopeText)
	write(t, dir, valuesScript, "pt values set x 1\n")
	src, ds := Locate([]string{dir})
	if len(ds) > 0 || src.Format != "polytope" || src.Files[0] != file {
		t.Fatalf("Locate: %+v, %v", src, ds)
	}
	f, report := Read(context.Background(), src, Options{})
	if f == nil || len(report.Diagnostics) > 0 || f.Binding(ir.ValueRef, "x") == nil || f.Rng.File != "polytope.yml" {
		t.Errorf("%+v %+v", f, report.Diagnostics)
	}
	f, report = Read(context.Background(), Source{Format: "polytope", Files: []string{Stdin}}, Options{Compose: compose.Options{Stdin: []byte(polytopeText)}})
	if f == nil || len(f.Modules) != 1 {
		t.Errorf("standard input: %+v", report.Diagnostics)
	}
	// A compose file is what a folder with both is about.
	write(t, dir, "compose.yaml", "services: {}")
	if src, _ := Locate([]string{dir}); src.Format != "compose" {
		t.Errorf("both: %+v", src)
	}
}

func TestReadPolytopeErrors(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "a.edn", "{}")
	for _, files := range [][]string{
		{filepath.Join(dir, "missing.edn")}, {dir}, {file, file}, {filepath.Join(dir, "none", "a.edn")},
	} {
		f, report := Read(context.Background(), Source{Format: "polytope", Files: files, Dir: dir}, Options{})
		if f != nil || len(report.Diagnostics) != 1 || report.Diagnostics[0].Code != "polytope/file" {
			t.Errorf("%q: %+v", files, report.Diagnostics)
		}
	}
}
