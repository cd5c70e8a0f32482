package builtin

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hull/ir"
)

// expr reads a snippet of YAML. "pt.param x", "pt.value x" and "pt.secret x"
// are references, also in braces; "int pt.value x" is a conversion.
func expr(t *testing.T, text string) ir.Expr {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Content) == 0 {
		return nil
	}
	x, err := dataExpr(doc.Content[0])
	if err != nil {
		t.Fatal(err)
	}
	return ir.MapExpr(x, testReferences)
}

func record(t *testing.T, text string) *ir.Map {
	t.Helper()
	m, ok := expr(t, text).(*ir.Map)
	if !ok && text != "" {
		t.Fatalf("not a map: %s", text)
	}
	return m
}

func testReferences(x ir.Expr) ir.Expr {
	s, ok := x.(*ir.String)
	if !ok {
		return x
	}
	if rest, ok := strings.CutPrefix(s.Value, "int "); ok {
		return &ir.Convert{To: ir.IntType, X: testReferences(ir.Str(rest))}
	}
	if rest, ok := strings.CutPrefix(s.Value, "#pt-js "); ok {
		return &ir.Code{Lang: ir.JS, Source: rest}
	}
	if r := testRef(s.Value); r != nil {
		return r
	}
	if !strings.Contains(s.Value, "{pt.") {
		return s
	}
	in := &ir.Interp{}
	for _, part := range strings.FieldsFunc(s.Value, func(r rune) bool { return r == '{' || r == '}' }) {
		if r := testRef(part); r != nil {
			in.Parts = append(in.Parts, r)
		} else {
			in.Parts = append(in.Parts, ir.Str(part))
		}
	}
	return in
}

func testRef(s string) ir.Expr {
	for _, kind := range []ir.RefKind{ir.ParamRef, ir.ValueRef, ir.SecretRef} {
		if name, ok := strings.CutPrefix(s, "pt."+kind.String()+" "); ok && !strings.ContainsAny(name, " {}") {
			return &ir.Ref{Kind: kind, Name: name}
		}
	}
	return nil
}

// show prints an expression for a failing test, and for comparison by text.
func show(x ir.Expr) string {
	switch x := x.(type) {
	case nil:
		return "absent"
	case *ir.Null:
		return "null"
	case *ir.Bool:
		return strconv.FormatBool(x.Value)
	case *ir.Int:
		return strconv.FormatInt(x.Value, 10)
	case *ir.String:
		return strconv.Quote(x.Value)
	case *ir.Ref:
		return "pt." + x.Kind.String() + " " + x.Name
	case *ir.Interp:
		return "interp" + showAll(x.Parts)
	case *ir.List:
		return showAll(x.Items)
	case *ir.Convert:
		return string(x.To) + "(" + show(x.X) + ")"
	case *ir.Map:
		var parts []string
		for _, e := range x.Entries {
			parts = append(parts, e.Key+": "+show(e.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "?"
}

func showAll(xs []ir.Expr) string {
	var parts []string
	for _, x := range xs {
		parts = append(parts, show(x))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func TestDefinitionsRead(t *testing.T) {
	defs, diags, err := readDefinitions(modulesYAML)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		t.Errorf("%s: %s", d.Code, d.Message)
	}
	for _, d := range defs {
		var ids []string
		for _, p := range d.module.Params {
			ids = append(ids, p.ID)
		}
		for _, id := range d.needs {
			if !slices.Contains(ids, id) {
				t.Errorf("%s needs %s, which is no param", d.module.ID, id)
			}
		}
	}
}

// The types are kept as the reference writes them: writing them down again
// gives the same.
func TestTypesRoundTrip(t *testing.T) {
	var raw map[string]struct {
		ID     string
		Params []struct {
			ID   string
			Type yaml.Node
		}
	}
	if err := yaml.Unmarshal(modulesYAML, &raw); err != nil {
		t.Fatal(err)
	}
	for ref, m := range raw {
		if !strings.HasSuffix(ref, "/"+m.ID) && !strings.HasSuffix(ref, "!"+m.ID) {
			t.Errorf("%s has the id %s", ref, m.ID)
		}
		params, ok := Signature(ref)
		if !ok || len(params) != len(m.Params) {
			t.Fatalf("%s: %d params, want %d", ref, len(params), len(m.Params))
		}
		for i, p := range m.Params {
			want, err := dataExpr(&p.Type)
			if err != nil {
				t.Fatal(err)
			}
			if got := ir.TypeExpr(params[i].Type); params[i].ID != p.ID || !ir.Equal(got, want) {
				t.Errorf("%s %s: got %s, want %s", ref, p.ID, show(got), show(want))
			}
		}
	}
}

func TestModules(t *testing.T) {
	var got []string
	for _, m := range Modules() {
		got = append(got, m.ID)
	}
	want := []string{
		"polytope/redpanda", "polytope/redpanda!console", "polytope/redpanda!connect", "polytope/postgres",
		"polytope/postgres!simple", "polytope/python", "polytope/python!simple", "polytope/container",
		"polytope/node", "polytope/hello-world", "polytope/build-image",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, m := range Modules() {
		if isCode := m.ID == Container || m.ID == "polytope/hello-world"; isCode != (m.Code != nil) {
			t.Errorf("%s: code %v", m.ID, m.Code)
		}
	}
	if _, ok := Lookup("polytope/redis"); ok {
		t.Error("polytope/redis is not in the reference")
	}
	if _, ok := Signature("polytope/redis"); ok {
		t.Error("polytope/redis has no signature")
	}
}

// Every piece of Clojure has its Go counterpart, and there are no others.
func TestEveryCodeIsKnown(t *testing.T) {
	found := codePieces()
	for key := range found {
		if codes[key].eval == nil {
			t.Errorf("%s %s: no counterpart in Go", key.ref, key.path)
		}
	}
	for key := range codes {
		if found[key] == nil {
			t.Errorf("%s %s: no such code in modules.yml", key.ref, key.path)
		}
	}
}

// codePieces are the pieces of code in the args of modules.yml.
func codePieces() map[codeKey]*ir.Code {
	found := map[codeKey]*ir.Code{}
	for _, m := range Modules() {
		if m.Call != nil {
			collectCode(m.Call.Args, m.ID, "", found)
		}
	}
	return found
}

func collectCode(x ir.Expr, ref, path string, into map[codeKey]*ir.Code) {
	switch x := x.(type) {
	case *ir.Code:
		into[codeKey{ref, path}] = x
	case *ir.List:
		for i, item := range x.Items {
			collectCode(item, ref, joinPath(path, strconv.Itoa(i)), into)
		}
	case *ir.Map:
		for _, e := range x.Entries {
			collectCode(e.Value, ref, joinPath(path, e.Key), into)
		}
	}
}

func TestReadDefinitionsErrors(t *testing.T) {
	for _, text := range []string{
		"", "[]", "a: [", "a: {params: 3}",
		"a: {params: [{id: x, type: 1.5}]}",
		"a: {module: b, args: {x: 1.5}}",
		"a: {module: b, args: [2024-01-01]}",
		"a: {module: b, args: {x: *y}}",
	} {
		if _, _, err := readDefinitions([]byte(text)); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
