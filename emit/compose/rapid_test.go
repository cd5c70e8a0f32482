package compose

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// awkward are texts that YAML or compose could take for something else.
var awkward = []string{
	"$", "$$", "$x", "${x}", "${x:-y}", "$${x}", "{", "}", "{}", "'", `"`, `\`, "\n", "\t", "\r", " ", "  \n", "#", " #", ": ", ":", "- ", "-", "? ", "|",
	">", "&a", "*a", "!!int", "%", "@", "`", "yes", "no", "on", "Off", "null", "~", "true", "1e3", "0x1f", "010", "1_000", "12:30:45", ".inf", "NaN", "=", "<<",
	"2001-12-14", "2001-12-14t21:59:43.10-05:00", "\u0085", "\u2028", "\uFEFF", "\x00", "\x7f", "é", "😀", "x-", "...", "---", "pt.secret x", "{pt.value x}",
}

// anyText is text of any kind, mostly of the awkward one.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(awkward),
		rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringN(1, 3, -1)), 0, 5), func(parts []string) string { return strings.Join(parts, "") }),
		rapid.String(),
	)
}

// someText is text that is not empty.
func someText() *rapid.Generator[string] {
	return anyText().Filter(func(s string) bool { return s != "" })
}

// pathText is a path with any text in its names.
func pathText() *rapid.Generator[string] {
	return rapid.Map(anyText(), func(s string) string { return path.Clean("/a" + s) })
}

// TestLiteralsComeBack holds that every text of a container comes back from
// compose-go as it was, wherever it stands.
func TestLiteralsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := func(label string) string { return anyText().Draw(t, label) }
		name := someText().Filter(isVariableName).Draw(t, "name")
		value := word("value")
		c := resolve.Container{
			Task: resolve.Task{Step: "web", Module: "web"}, ID: "web",
			Image: someText().Draw(t, "image"), Workdir: word("workdir"), User: word("user"),
			Cmd:        &resolve.Command{Words: []string{word("cmd 1"), word("cmd 2")}},
			Entrypoint: &resolve.Command{Words: []string{word("entrypoint")}},
			Env:        []resolve.EnvVar{{Name: "PLAIN", Value: &value}, {Name: name, Value: &value}},
			Mounts: []resolve.Mount{
				{Path: pathText().Draw(t, "target"), Source: resolve.Source{Type: "host", Path: pathText().Draw(t, "host")}},
				{Path: pathText().Draw(t, "volume target") + "/v", Source: resolve.Source{Type: "volume", Scope: "project", ID: "data"}},
				{Path: "/c" + word("config target"), Source: resolve.Source{Type: "string", Data: word("data")}},
			},
			Services: []resolve.Service{{ID: "web", Ports: []resolve.Port{{Port: 80, Protocol: "http", Label: someText().Draw(t, "label")}}}, {ID: someText().Draw(t, "alias")}},
		}
		b := resolve.Build{
			Task: resolve.Task{Step: "image", Module: "image"}, Tags: []string{c.Image}, Dockerfile: "Dockerfile", Target: word("build target"),
			Sources: []resolve.Mount{{Path: "/", Source: resolve.Source{Type: "host", Path: pathText().Draw(t, "context")}}},
			Labels:  []resolve.Label{{Name: name, Value: word("build label")}},
		}
		j := &resolve.Job{Name: "stack", Containers: []resolve.Container{c}, Builds: []resolve.Build{b}}
		data, _, err := write([]job{{j, plainTexts{}}}, Options{Header: word("header")})
		if err != nil {
			t.Fatal(err)
		}
		p, err := load(data, map[string]string{"x": "wrong"})
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		s := p.Services["web"]
		same := func(what, got, want string) {
			if got != want {
				t.Fatalf("%s is %q, want %q\n%s", what, got, want, data)
			}
		}
		same("image", s.Image, c.Image)
		same("workdir", s.WorkingDir, c.Workdir)
		same("user", s.User, c.User)
		same("cmd", fmt.Sprintf("%q", s.Command), fmt.Sprintf("%q", c.Cmd.Words))
		same("entrypoint", fmt.Sprintf("%q", s.Entrypoint), fmt.Sprintf("%q", c.Entrypoint.Words))
		same("env", *s.Environment[name], value)
		if name != "PLAIN" {
			same("plain env", *s.Environment["PLAIN"], value)
		}
		for _, v := range s.Volumes {
			if v.Type == "bind" {
				same("host", v.Source, c.Mounts[0].Source.Path)
				same("target", v.Target, c.Mounts[0].Path)
			} else {
				same("volume target", v.Target, path.Clean(c.Mounts[1].Path))
			}
		}
		same("config target", s.Configs[0].Target, c.Mounts[2].Path)
		same("data", p.Configs[s.Configs[0].Source].Content, c.Mounts[2].Source.Data)
		same("label", s.Ports[0].Name, c.Services[0].Ports[0].Label)
		if c.Services[1].ID != "web" {
			same("alias", s.Networks["default"].Aliases[0], c.Services[1].ID)
		}
		same("context", s.Build.Context, b.Sources[0].Source.Path)
		same("build target", s.Build.Target, b.Target)
		same("build label", s.Build.Labels[name], b.Labels[0].Value)
	})
}

// table is texts that are made of references.
type table map[string][]resolve.Part

func (m table) Parts(s string) []resolve.Part {
	if parts, ok := m[s]; ok {
		return parts
	}
	return plainTexts{}.Parts(s)
}
func (m table) Number(n int) resolve.Part { return plainTexts{}.Number(n) }

// TestDefaultsComeBack holds that a value is its default where its variable is
// not set, exactly, and what the variable says where it is, unless the report
// says that it cannot be.
func TestDefaultsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after, def, second := anyText().Draw(t, "before"), anyText().Draw(t, "after"), anyText().Draw(t, "default"), anyText().Draw(t, "second")
		word := ir.Literal(def)
		if rapid.Bool().Draw(t, "is live") {
			word = ir.Word{ir.Variable{Name: "ONE", Op: ":-", Arg: ir.Word{ir.Text(def), ir.Variable{Name: "TWO", Op: "-", Arg: ir.Literal(second)}}}}
			def += second
		}
		ref := &ir.Ref{Kind: ir.ValueRef, Name: "one"}
		var parts []resolve.Part
		for _, p := range []resolve.Part{{Text: before}, {Text: def, Ref: ref}, {Text: after}} {
			if p.Text != "" || p.Ref != nil {
				parts = append(parts, p)
			}
		}
		marked := "MARKED"
		j := &resolve.Job{Name: "stack", Containers: []resolve.Container{{
			Task: resolve.Task{Step: "web", Module: "web"}, Image: "x", Env: []resolve.EnvVar{{Name: "A", Value: &marked}},
		}}}
		data, ds, err := write([]job{{j, table{marked: parts}}}, Options{Bindings: []*ir.Binding{{Kind: ir.ValueRef, Name: "one", Default: word}}})
		if err != nil {
			t.Fatal(err)
		}
		check := func(env map[string]string, want string) {
			p, err := load(data, env)
			if err != nil {
				t.Fatalf("%v\n%s", err, data)
			}
			if got := *p.Services["web"].Environment["A"]; got != want {
				t.Fatalf("with %v, it is %q, want %q\n%s", env, got, want, data)
			}
		}
		check(map[string]string{"x": "wrong"}, before+def+after)
		if isInlined(ds) {
			check(map[string]string{"ONE": "set"}, before+def+after)
		} else {
			check(map[string]string{"ONE": "set"}, before+"set"+after)
		}
	})
}

func isInlined(ds []diag.Diagnostic) bool {
	for _, d := range ds {
		if d.Code == "to-compose/default-literal" {
			return true
		}
	}
	return false
}

// TestVariableOverrides holds that a variable that is set takes the default's
// place.
func TestVariableOverrides(t *testing.T) {
	for _, def := range []string{"", "plain", "a$b", "$", "$$", "${x}", "{a}", "{{a}}", "x{y}z{w}", `"q" 'r' \`, "a:-b", "a?b", "#", " "} {
		value := "MARKED"
		ref := &ir.Ref{Kind: ir.ValueRef, Name: "one"}
		j := &resolve.Job{Name: "stack", Containers: []resolve.Container{{
			Task: resolve.Task{Step: "web", Module: "web"}, Image: "x", Env: []resolve.EnvVar{{Name: "A", Value: &value}},
		}}}
		parts := table{value: {{Text: "<}"}, {Text: def, Ref: ref}, {Text: "{$>"}}}
		data, ds, err := write([]job{{j, parts}}, Options{Bindings: []*ir.Binding{{Kind: ir.ValueRef, Name: "one", Default: ir.Literal(def)}}})
		if err != nil {
			t.Fatal(err)
		}
		want := "<}set{$>"
		if isInlined(ds) {
			want = "<}" + def + "{$>"
		}
		p, err := load(data, map[string]string{"ONE": "set"})
		if err != nil {
			t.Fatalf("%q: %v", def, err)
		}
		if got := *p.Services["web"].Environment["A"]; got != want {
			t.Errorf("%q: got %q, want %q\n%s", def, got, want, data)
		}
		if isInlined(ds) != (def == "{{a}}") {
			t.Errorf("%q: inlined is %v", def, isInlined(ds))
		}
	}
}
