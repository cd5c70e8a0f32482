package rewrite

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	reader "hull/convert/polytope"
	"hull/ir"
	"hull/ir/diag"
)

// TestGeneratedFilesAreFormatted: what hull writes is in the house style.
func TestGeneratedFilesAreFormatted(t *testing.T) {
	files, err := filepath.Glob("../../golden/testdata/*/polytope.*")
	if err != nil || len(files) < 150 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, report := Format(file, text)
		if !bytes.Equal(out, text) {
			t.Errorf("%s changes: %v", file, report.Diagnostics)
		}
	}
}

func TestFormat(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{
			"yaml", "polytope.yml", `
# top

modules:
- {id: "web", module: polytope/container, args: {image: 'x:1',  # pinned
    env: [{name: A, value: pt.values a}]}}   # behind
# before db
- id: db
  module: polytope/postgres
  args: {}
templates: [{id: stack, run: [web, db]}]
`, `# top

templates:
  - id: stack
    run:
      - web
      - db

modules:
  # behind
  - id: web
    module: polytope/container
    args:
      image: x:1 # pinned
      env:
        - {name: A, value: pt.value a}

  # before db
  - id: db
    module: polytope/postgres
`,
		},
		{
			"json", "polytope.json", `{"modules":[{"id":"a","module":"b","args":{"x":1.50,"y":"\u0041"}}]}`,
			`{
  "modules": [
    {
      "id": "a",
      "module": "b",
      "args": {
        "x": 1.5,
        "y": "A"
      }
    }
  ]
}
`,
		},
		{
			"edn", "polytope.edn", `; top
{:modules
 [{:id "a" :code (pt/sleep "5s")} ; five
  ]}`, `;; top

{:modules [;; five
           {:id   :a
            :code "#pt-clj (pt/sleep \"5s\")"}]}
`,
		},
		{"edn by its text", "<stdin>", "{:modules [{:id :a, :code \"x\"}]}", "{:modules [{:id   :a\n            :code \"#pt-clj x\"}]}\n"},
		{"json by its text", "<stdin>", `{"modules": []}`, "{}\n"},
		{"older dialect", "polytope.yml", "templates: [{id: t, run-steps: [x]}]", "templates:\n  - id: t\n    run:\n      - x\n"},
	}
	for _, tt := range tests {
		out, report := Format(tt.file, []byte(tt.text))
		if string(out) != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s\n%v", tt.name, out, tt.want, report.Diagnostics)
		}
		if again, _ := Format(tt.file, out); !bytes.Equal(again, out) {
			t.Errorf("%s: formatted twice:\n%s", tt.name, again)
		}
	}
}

func TestFormatRefuses(t *testing.T) {
	tests := []struct{ name, file, text, code string }{
		{"syntax", "polytope.yml", "modules: [", "polytope/syntax"},
		{"unknown key", "polytope.yml", "modules: [{id: a, module: b, env: []}]", "format/lossy"},
		{"newer dialect", "polytope.yml", "tools: {a: {run: [{code: '#pt-js 1'}]}}", "format/lossy"},
		{"alias", "polytope.yml", "modules: [{id: a, module: b, args: &x {y: 1}}, {id: c, module: b, args: *x}]", "format/anchors"},
		{"merge", "polytope.yml", "modules: [{id: a, module: b, args: &x {y: 1}}, {id: c, module: b, args: {<<: *x}}]", "format/anchors"},
		{"comment in JSON", "polytope.json", "{\"modules\": [] // x\n}", "polytope/syntax"},
	}
	for _, tt := range tests {
		out, report := Format(tt.file, []byte(tt.text))
		var codes []string
		for _, d := range report.Diagnostics {
			codes = append(codes, d.Code)
		}
		if out != nil || !report.HasErrors() || !strings.Contains(strings.Join(codes, " "), tt.code) {
			t.Errorf("%s: got %q and %v, want %s", tt.name, out, codes, tt.code)
		}
	}
}

// TestProve holds results against the original that differ from it.
func TestProve(t *testing.T) {
	const original = "# one\nmodules:\n  # two\n  - id: a\n    module: b\n    args: {x: 1, y: [pt.value v]}\n"
	tests := []struct{ name, old, new string }{
		{"same", "", ""},
		{"argument", "x: 1", "x: 2"},
		{"type", "x: 1", `x: "1"`},
		{"order", "x: 1, y: [pt.value v]", "y: [pt.value v], x: 1"},
		{"reference", "pt.value v", "pt.secret v"},
		{"module", "module: b", "module: c"},
		{"comment", "# two", "# three"},
		{"comment lost", "  # two\n", ""},
		{"syntax", "args: {", "args: {{"},
	}
	for _, tt := range tests {
		f, _ := yamlSyntax.read("polytope.yml", []byte(original))
		changed := strings.Replace(original, tt.old, tt.new, 1)
		if err := yamlSyntax.prove(f, "polytope.yml", []byte(changed)); (err == nil) != (tt.name == "same") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestRebase(t *testing.T) {
	tests := []struct{ path, want string }{
		{"site", "../app/site"},
		{"../site", "../site"},
		{"./site", "./site"},
		{".", "."},
		{"/etc", "/etc"},
		{"~/x", "~/x"},
		{`"pre/{pt.value x}/y"`, `"../app/pre/{pt.value x}/y"`},
		{`"pre-{pt.value x}"`, `"../app/pre-{pt.value x}"`},
		{`"./{pt.value x}"`, `"./{pt.value x}"`},
		{`"{pt.value x}/y"`, `"{pt.value x}/y"`},
	}
	for _, tt := range tests {
		text := "modules: [{id: a, module: b, args: {m: {type: host, path: " + tt.path + "}, path: site}}]"
		f, _ := reader.Read(reader.Options{Name: "polytope.yml", Text: []byte(text)})
		Rebase(f, "/work/app", "/work/out")
		out, err := yamlSyntax.write(f, writerOptions)
		if err != nil || !strings.Contains(string(out), "path: "+tt.want+"}") || !strings.Contains(string(out), "path: site\n") {
			t.Errorf("%s: got %s, %v", tt.path, out, err)
		}
	}
}

// TestRebaseFiles holds that values are the content of the same files.
func TestRebaseFiles(t *testing.T) {
	for path, want := range map[string]string{"tls/key": "../app/tls/key", "./tls/key": "../app/tls/key", "/etc/key": "/etc/key", "../out/key": "key"} {
		file := ir.FileContent{Path: path}
		before := ir.Word{ir.Text("a"), file, ir.Variable{Name: "X", Op: ":-", Arg: ir.Word{file}}}
		f := &ir.File{Bindings: []*ir.Binding{{Kind: ir.SecretRef, Name: "x", Default: before}}}
		Rebase(f, "/work/app", "/work/out")
		file.Path = want
		after := ir.Word{ir.Text("a"), file, ir.Variable{Name: "X", Op: ":-", Arg: ir.Word{file}}}
		if got := f.Bindings[0].Default; !reflect.DeepEqual(got, after) {
			t.Errorf("%s: got %v, want %v", path, got, after)
		}
	}
}

func TestCodesAreDocumented(t *testing.T) {
	for _, info := range Codes() {
		if info.Severity != diag.Error || info.Summary == "" || info.Detail == "" {
			t.Errorf("%s lacks documentation", info.Code)
		}
	}
}
