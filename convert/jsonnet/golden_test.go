package jsonnet

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hull/ir/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenOptions are what programs get besides their names.
var goldenOptions = map[string]Options{
	"imports":    {JPaths: []string{"vendor"}},
	"multi":      {Multi: true},
	"multi_list": {Multi: true},
	"variables": {
		Ext: Variables{
			Str: map[string]string{"str": "1 + 1"}, Code: map[string]string{"code": "1 + 1"},
			StrFile: map[string]string{"strFile": "lib/command.txt"}, CodeFile: map[string]string{"codeFile": "lib/a.libsonnet"},
		},
		TLA: Variables{
			Str: map[string]string{"image": "nginx"}, Code: map[string]string{"replicas": "1 + 1"},
			StrFile: map[string]string{"file": "lib/command.txt"},
		},
	},
}

// TestGolden compares what programs yield and report with the files beside
// them.
func TestGolden(t *testing.T) {
	t.Chdir("testdata")
	programs, _ := filepath.Glob("*.jsonnet")
	if len(programs) < 15 {
		t.Fatalf("there are %d programs", len(programs))
	}
	for _, program := range programs {
		name := strings.TrimSuffix(program, ".jsonnet")
		opts := goldenOptions[name]
		opts.File = program
		docs, report := Evaluate(context.Background(), opts)
		got := golden(docs, report)
		if *update {
			if err := os.WriteFile(name+".golden", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, _ := os.ReadFile(name + ".golden"); got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", program, got, want)
		}
	}
}

func golden(docs []Document, report *diag.Report) string {
	var b strings.Builder
	for _, d := range docs {
		fmt.Fprintf(&b, "--- %s: %s\n%s", d.File, d.Shape, d.Text)
	}
	for _, d := range report.Diagnostics {
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", place(d.Subject), d.Severity, d.Message, d.Code)
		if d.Help != "" {
			fmt.Fprintf(&b, "  help: %s\n", d.Help)
		}
	}
	return b.String()
}

// TestCodes holds the programs to every code that is documented, but those that
// are tested elsewhere, and the other way round.
func TestCodes(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.golden")
	var all strings.Builder
	for _, file := range files {
		text, _ := os.ReadFile(file)
		all.Write(text)
	}
	elsewhere := []string{"jsonnet/file", "jsonnet/internal", "jsonnet/comments"}
	for _, info := range Codes() {
		if !strings.Contains(all.String(), "["+info.Code+"]") && !slices.Contains(elsewhere, info.Code) {
			t.Errorf("no program has %s", info.Code)
		}
	}
}

// TestFile looks at programs that cannot be read.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.jsonnet", "{}")
	for _, opts := range []Options{
		{File: filepath.Join(dir, "absent.jsonnet")},
		{File: dir},
		{File: filepath.Join(dir, "a.jsonnet"), Root: filepath.Join(dir, "absent")},
		{File: filepath.Join(dir, "a.jsonnet"), Root: t.TempDir()},
		{File: filepath.Join(dir, "a.jsonnet"), JPaths: []string{filepath.Join(dir, "absent")}},
	} {
		docs, report := Evaluate(context.Background(), opts)
		if d := firstError(report); d.Code != "jsonnet/file" && d.Code != "jsonnet/import" || docs != nil {
			t.Errorf("%+v: %+v", opts, d)
		}
	}
}

// TestRelocate moves diagnostics about results to where programs write them.
func TestRelocate(t *testing.T) {
	program := `local image = 'nginx';
local service(name) = {
  image: name,
};
local base = {
  services: { web: service(image) },
};
base + {
  services+: {
    'my db': { ports: [
      1,
      2,
    ] },
    dynamic: { [x]: x for x in ['a'] },
  },
}
`
	docs, report := Evaluate(context.Background(), Options{File: "main.jsonnet", Text: []byte(program)})
	if len(docs) != 1 {
		t.Fatalf("%+v", report)
	}
	lines := strings.Split(string(docs[0].Text), "\n")
	for _, test := range []struct{ text, message, place string }{
		{`"image"`, "$.services.web.image: wrong", "main.jsonnet:3:3"},
		{`2`, `$.services["my db"].ports[1]: wrong`, "main.jsonnet:12:7"},
		{`"a": "a"`, "$.services.dynamic.a: wrong", "main.jsonnet:14:5"},
		{`"services"`, "$.services: wrong", "main.jsonnet:9:3"},
	} {
		line := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, test.text) })
		at := diag.Pos{Line: line + 1, Column: strings.Index(lines[line], test.text) + 1}
		r := &diag.Report{}
		r.AddSource(docs[0].File, docs[0].Text)
		r.Add(problem("x/y", diag.Range{File: docs[0].File, Start: at}, "wrong"), problem("x/y", diag.Range{File: "other"}, "other"))
		Relocate(r, docs[0], "main.jsonnet")
		if d := r.Diagnostics[0]; d.Message != test.message || place(d.Subject) != test.place || len(r.Sources) != 0 {
			t.Errorf("%s: %s %s, want %s %s", test.text, d.Message, place(d.Subject), test.message, test.place)
		}
		if r.Diagnostics[1].Subject.File != "other" {
			t.Errorf("%+v", r.Diagnostics[1])
		}
	}
}
