package compose_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hull/convert/polytope"
	"hull/emit/compose"
	"hull/ir"
)

func readFile(t *testing.T, name string) *ir.File {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, report := polytope.Read(polytope.Options{Name: "polytope.yml", Text: text})
	if report.HasErrors() {
		t.Fatal(report.Diagnostics)
	}
	return f
}

// TestComments holds where comments and texts of info go, and that those which
// go nowhere are counted.
func TestComments(t *testing.T) {
	f := readFile(t, "testdata/polytope/comments.yml")
	data, ds, err := compose.WriteAll(jobs(t, f), compose.Options{Header: "A header.", File: f, Bindings: f.Bindings})
	if err != nil {
		t.Fatal(err)
	}
	compose.MustLoad(t, data)
	golden(t, "testdata/polytope/comments.compose.txt", data)
	golden(t, "testdata/comments.report", compose.Report(ds))
}

// TestComputed holds that values are named that no variable stands for, and no
// others.
func TestComputed(t *testing.T) {
	f, report := polytope.Read(polytope.Options{Name: "polytope.yml", Script: []byte(`
pt values set mode dev
pt values set cpu 0.5
pt values set port 8080
pt values set tag 1
pt values set only_there x
`), ScriptName: "script.sh", Text: []byte(`
templates:
  - {id: stack, run: [{module: base, args: {mode: pt.value mode, cpu: pt.value cpu, port: pt.value port, tag: pt.value tag}}, code]}
modules:
  - id: base
    params: [{id: mode, type: str}, {id: cpu, type: str}, {id: port, type: str}, {id: tag, type: str}]
    module: polytope/container
    args:
      image: "#pt-js params.mode === 'dev' ? 'web:dev' : 'web:' + params.tag"
      env: [{name: TAG, value: pt.param tag}]
      services: [{id: web, ports: [{port: 80, protocol: http, expose-as: "#pt-js parseInt(params.port)"}]}]
      resources: {cpu: {limit: "#pt-js parseFloat(params.cpu)"}}
  - {id: code, module: acme/code, args: {x: pt.value only_there}}
`)})
	if report.HasErrors() {
		t.Fatal(report.Diagnostics)
	}
	data, ds, err := compose.WriteAll(jobs(t, f), compose.Options{File: f, Bindings: f.Bindings})
	if err != nil {
		t.Fatal(err)
	}
	compose.MustLoad(t, data)
	golden(t, "testdata/computed.report", compose.Report(ds))
}

// TestAwkwardComments holds that comments of any text leave the compose file
// what it is without them.
func TestAwkwardComments(t *testing.T) {
	bare := withComments(t, "")
	for _, text := range append(compose.Awkward, "a\r\nb", "a\n\n\nb", " \n x", "#", "a\n...\n---\nb", "key: |\n  x") {
		data := withComments(t, text)
		var got, want any
		if err := yaml.Unmarshal(data, &got); err != nil {
			t.Fatalf("%q: %v\n%s", text, err, data)
		}
		if err := yaml.Unmarshal(bare, &want); err != nil {
			t.Fatal(err)
		}
		if compose.MustLoad(t, data); !bytes.Equal(marshal(t, got), marshal(t, want)) {
			t.Errorf("%q changes the file to\n%s", text, data)
		}
	}
}

// withComments writes a file every node of which has a comment.
func withComments(t *testing.T, text string) []byte {
	t.Helper()
	f := readFile(t, "testdata/polytope/comments.yml")
	ir.Walk(f, func(n ir.Node) bool {
		n.GetMeta().Comments = ir.Comments{Head: text, Line: text, Foot: text}
		return true
	})
	for _, m := range f.Modules {
		m.Info = text
	}
	data, _, err := compose.WriteAll(jobs(t, f), compose.Options{File: f})
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.TrimSpace(text); len(said) > 1 && said[0] >= 'a' && said[0] <= 'z' && !bytes.Contains(data, []byte("# "+said[:1])) {
		t.Errorf("%q is not in the file", text)
	}
	return data
}

func marshal(t *testing.T, x any) []byte {
	t.Helper()
	data, err := yaml.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
