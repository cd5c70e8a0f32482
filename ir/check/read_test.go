package check

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hull/ir"
)

// readFile reads as much of Polytope's YAML as the tests here are written in:
// the reference's dialect, well-formed. Bindings are not Polytope's: a list of
// [kind, name, default].
func readFile(t *testing.T, text string) *ir.File {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(doc.Content) == 0 {
		return &ir.File{}
	}
	return readDocument(t, doc.Content[0])
}

func readDocument(t *testing.T, top *yaml.Node) *ir.File {
	f := &ir.File{}
	for _, n := range items(get(top, "modules")) {
		f.Modules = append(f.Modules, readModule(t, n))
	}
	for _, n := range items(get(top, "templates")) {
		f.Templates = append(f.Templates, readTemplate(t, n))
	}
	for _, n := range items(get(top, "bindings")) {
		kind := map[string]ir.RefKind{"value": ir.ValueRef, "secret": ir.SecretRef}[n.Content[0].Value]
		f.Bindings = append(f.Bindings, &ir.Binding{
			Meta: ir.At(nodeRange(n)), Kind: kind, Name: n.Content[1].Value, Default: ir.Literal(n.Content[2].Value),
		})
	}
	return f
}

func items(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	return n.Content
}

func get(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func text(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}

func nodeRange(n *yaml.Node) ir.Range {
	start := ir.Pos{Line: n.Line, Column: n.Column}
	end := ir.Pos{Line: n.Line, Column: n.Column + len(n.Value)}
	if len(n.Content) > 0 {
		end = nodeRange(n.Content[len(n.Content)-1]).End
	}
	return ir.Range{File: "polytope.yml", Start: start, End: end}
}

func readModule(t *testing.T, n *yaml.Node) *ir.Module {
	m := &ir.Module{Meta: ir.At(nodeRange(n)), ID: text(get(n, "id")), Params: readParams(t, get(n, "params"))}
	if id := get(n, "id"); id != nil {
		m.IDRange = nodeRange(id)
	}
	if ref := get(n, "module"); ref != nil {
		m.Call = readCall(t, ref, get(n, "args"))
	}
	if code := get(n, "code"); code != nil {
		m.Code, _ = readExpr(t, code).(*ir.Code)
	}
	return m
}

func readCall(t *testing.T, ref, args *yaml.Node) *ir.Call {
	c := &ir.Call{Meta: ir.At(nodeRange(ref)), Module: ref.Value}
	if args != nil {
		c.Args, _ = readExpr(t, args).(*ir.Map)
	}
	return c
}

func readParams(t *testing.T, n *yaml.Node) []*ir.Param {
	var params []*ir.Param
	for _, n := range items(n) {
		p := &ir.Param{Meta: ir.At(nodeRange(n)), ID: text(get(n, "id")), Type: ir.AnyType}
		if typ := get(n, "type"); typ != nil {
			var ds []any
			x, found := ir.ParseType(readExpr(t, typ))
			for _, d := range found {
				ds = append(ds, d)
			}
			if len(ds) > 0 {
				t.Fatalf("%s: %v", p.ID, ds)
			}
			p.Type = x
		}
		params = append(params, p)
	}
	return params
}

func readTemplate(t *testing.T, n *yaml.Node) *ir.Template {
	out := &ir.Template{Meta: ir.At(nodeRange(n)), ID: text(get(n, "id")), Params: readParams(t, get(n, "params"))}
	for _, n := range items(get(n, "run")) {
		s := &ir.Step{Meta: ir.At(nodeRange(n))}
		if n.Kind == yaml.ScalarNode {
			s.Call = *readCall(t, n, nil)
		} else {
			s.ID = text(get(n, "id"))
			s.Call = *readCall(t, get(n, "module"), get(n, "args"))
			s.After = text(get(get(n, "run-when"), "after"))
			s.Condition = text(get(get(n, "run-when"), "after-condition"))
		}
		out.Run = append(out.Run, s)
	}
	return out
}

func readExpr(t *testing.T, n *yaml.Node) ir.Expr {
	at := ir.At(nodeRange(n))
	switch n.Kind {
	case yaml.SequenceNode:
		l := &ir.List{Meta: at}
		for _, c := range n.Content {
			l.Items = append(l.Items, readExpr(t, c))
		}
		return l
	case yaml.MappingNode:
		m := &ir.Map{Meta: at}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m.Entries = append(m.Entries, ir.Entry{
				Key: n.Content[i].Value, KeyRange: nodeRange(n.Content[i]), Value: readExpr(t, n.Content[i+1]),
			})
		}
		return m
	case yaml.AliasNode:
		return readExpr(t, n.Alias)
	}
	return readScalar(n, at)
}

func readScalar(n *yaml.Node, at ir.Meta) ir.Expr {
	switch n.Tag {
	case "!!null":
		return &ir.Null{Meta: at}
	case "!!bool":
		return &ir.Bool{Meta: at, Value: n.Value == "true"}
	case "!!int":
		i, _ := strconv.ParseInt(n.Value, 10, 64)
		return &ir.Int{Meta: at, Value: i}
	case "!!float":
		f, _ := strconv.ParseFloat(n.Value, 64)
		return &ir.Float{Meta: at, Value: f}
	}
	return readText(n.Value, at)
}

var (
	codeText      = regexp.MustCompile(`^#pt-(js|clj|py)\s+((?s).*)$`)
	reference     = regexp.MustCompile(`^pt\.(param|value|secret) ([a-zA-Z0-9_-]+)$`)
	interpolation = regexp.MustCompile(`\{pt\.(param|value|secret) ([a-zA-Z0-9_-]+)\}`)
	refKinds      = map[string]ir.RefKind{"param": ir.ParamRef, "value": ir.ValueRef, "secret": ir.SecretRef}
)

func readText(s string, at ir.Meta) ir.Expr {
	if m := codeText.FindStringSubmatch(s); m != nil {
		return &ir.Code{Meta: at, Lang: ir.Lang(m[1]), Source: strings.TrimSpace(m[2])}
	}
	if m := reference.FindStringSubmatch(s); m != nil {
		return &ir.Ref{Meta: at, Kind: refKinds[m[1]], Name: m[2]}
	}
	matches := interpolation.FindAllStringSubmatchIndex(s, -1)
	if matches == nil {
		return &ir.String{Meta: at, Value: s}
	}
	x, end := &ir.Interp{Meta: at}, 0
	for _, m := range matches {
		if m[0] > end {
			x.Parts = append(x.Parts, ir.Str(s[end:m[0]]))
		}
		x.Parts = append(x.Parts, &ir.Ref{Kind: refKinds[s[m[2]:m[3]]], Name: s[m[4]:m[5]]})
		end = m[1]
	}
	if end < len(s) {
		x.Parts = append(x.Parts, ir.Str(s[end:]))
	}
	return x
}
