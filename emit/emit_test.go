package emit

import (
	"strings"
	"testing"

	"hull/ir"
)

// stack is a file with one container, whose port is a value.
func stack() *ir.File {
	return &ir.File{
		Templates: []*ir.Template{{ID: "stack", Run: []*ir.Step{{Call: ir.Call{Module: "web"}}}}},
		Modules: []*ir.Module{{
			ID: "web",
			Call: &ir.Call{Module: "polytope/container", Args: ir.NewMap(
				"image", ir.Str("nginx"),
				"services", ir.NewList(ir.NewMap("id", ir.Str("web"), "ports", ir.NewList(ir.NewMap(
					"port", ir.Num(80), "protocol", ir.Str("http"),
					"expose-as", &ir.Convert{To: ir.IntType, X: &ir.Ref{Kind: ir.ValueRef, Name: "web_port"}},
				)))),
			)},
		}},
		Bindings: []*ir.Binding{{Kind: ir.ValueRef, Name: "web_port", Default: ir.Literal("8080")}},
	}
}

func TestWrite(t *testing.T) {
	tests := []struct {
		opts Options
		want []string
	}{
		{Options{}, []string{"polytope.yml", ScriptName}},
		{Options{Formats: []string{"edn", "json"}}, []string{"polytope.json", "polytope.edn", ScriptName}},
		{Options{Formats: []string{"yml"}, FileName: "stack.yml"}, []string{"stack.yml", ScriptName}},
	}
	for _, tt := range tests {
		tt.opts.Sources = []string{"compose.yaml"}
		outputs, _, err := Write(stack(), tt.opts)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, o := range outputs {
			names = append(names, o.Name)
			if !strings.HasSuffix(o.Name, ".json") && !IsGenerated(o.Data) {
				t.Errorf("%s has no header:\n%s", o.Name, o.Data)
			}
		}
		if strings.Join(names, " ") != strings.Join(tt.want, " ") {
			t.Errorf("%+v writes %q, want %q", tt.opts, names, tt.want)
		}
		script := outputs[len(outputs)-1]
		for _, name := range names[:len(names)-1] {
			if !ScriptCovers(script.Data, name) {
				t.Errorf("the script does not say that it belongs to %s:\n%s", name, script.Data)
			}
		}
		if ScriptCovers(script.Data, "other.json") || script.Mode != 0o755 {
			t.Errorf("script of mode %v:\n%s", script.Mode, script.Data)
		}
	}
}

func TestLegalizeSplits(t *testing.T) {
	f := stack()
	legal, _ := Legalize(f, Options{})
	if len(legal.Modules) != 2 || len(f.Modules) != 1 {
		t.Errorf("%d modules of %d; want a wrapper and a base", len(legal.Modules), len(f.Modules))
	}
}

func TestHeaderStaysInItsComment(t *testing.T) {
	outputs, _, err := Write(stack(), Options{Sources: []string{"a\nrm -rf x", "b\u2028c"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outputs {
		for line := range strings.Lines(string(o.Data)) {
			if strings.HasPrefix(line, "rm") {
				t.Errorf("%s: a file name escapes from the header:\n%s", o.Name, o.Data)
			}
		}
	}
}

func TestByExtension(t *testing.T) {
	for name, want := range map[string]string{"a.yml": "yml", "a.YAML": "yml", "a.json": "json", "a.edn": "edn", "a.txt": "", "a": ""} {
		if f, _ := ByFileName(name); f.Name != want {
			t.Errorf("%s is %q, want %q", name, f.Name, want)
		}
	}
}

// TestSources holds what headers say of sources to what the readers of headers
// make of it.
func TestSources(t *testing.T) {
	for _, c := range []struct {
		sources, own []string
		from         string
		isShared     bool
	}{
		{[]string{"compose.yaml"}, []string{"compose.yaml"}, "compose.yaml", true},
		{[]string{"compose.yaml", "prod.yaml"}, []string{"prod.yaml"}, "compose.yaml, prod.yaml", true},
		{[]string{"compose.yaml"}, []string{"other.yaml", "compose.yaml"}, "compose.yaml", true},
		{[]string{"compose.yaml"}, []string{"other.yaml"}, "compose.yaml", false},
		{[]string{"a; DO NOT EDIT., b"}, []string{"a; DO NOT EDIT., b"}, "a; DO NOT EDIT., b", true},
		{[]string{"a\nb"}, []string{"a\nb"}, "a?b", true},
		{nil, []string{"other.yaml"}, "", true},
	} {
		text := []byte("# " + header(c.sources) + "\n\nmodules: []\n")
		if from := SourcesOf(text); from != c.from {
			t.Errorf("%q: the header names %q, want %q", c.sources, from, c.from)
		}
		if isShared := SharesSource(text, c.own); isShared != c.isShared {
			t.Errorf("%q and %q: %v, want %v", c.sources, c.own, isShared, c.isShared)
		}
	}
}
