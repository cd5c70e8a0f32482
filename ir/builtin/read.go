package builtin

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// definitionFacts is an entry of modules.yml as YAML has it.
type definitionFacts struct {
	ID     string
	Info   string
	Images []string
	Needs  []string
	Params []struct {
		ID, Name, Info string
		Type           yaml.Node
	}
	Module string
	Args   yaml.Node
	Code   string
}

// readDefinitions reads the map of module references to definitions. The
// diagnostics are those of the parameter types; the error says why there is no
// result.
func readDefinitions(text []byte) ([]*definition, []diag.Diagnostic, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, nil, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, nil, fmt.Errorf("not a map")
	}
	var defs []*definition
	var diags []diag.Diagnostic
	entries := doc.Content[0].Content
	for i := 0; i+1 < len(entries); i += 2 {
		var facts definitionFacts
		if err := entries[i+1].Decode(&facts); err != nil {
			return nil, nil, err
		}
		d, ds, err := facts.definition(entries[i].Value)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", entries[i].Value, err)
		}
		defs, diags = append(defs, d), append(diags, ds...)
	}
	return defs, diags, nil
}

func (f *definitionFacts) definition(ref string) (*definition, []diag.Diagnostic, error) {
	m := &ir.Module{ID: ref, Info: f.Info}
	var diags []diag.Diagnostic
	for _, p := range f.Params {
		x, err := dataExpr(&p.Type)
		if err != nil {
			return nil, nil, err
		}
		t, ds := ir.ParseType(x)
		diags = append(diags, ds...)
		m.Params = append(m.Params, &ir.Param{ID: p.ID, Name: p.Name, Info: p.Info, Type: t})
	}
	if f.Code != "" {
		m.Code, _ = argText(f.Code).(*ir.Code)
	}
	if f.Module != "" {
		x, err := dataExpr(&f.Args)
		if err != nil {
			return nil, nil, err
		}
		args, _ := ir.MapExpr(x, references).(*ir.Map)
		m.Call = &ir.Call{Module: f.Module, Args: args}
	}
	return &definition{module: m, images: f.Images, needs: f.Needs}, diags, nil
}

// dataExpr is YAML data as an expression without references.
func dataExpr(n *yaml.Node) (ir.Expr, error) {
	switch n.Kind {
	case yaml.SequenceNode:
		l := &ir.List{}
		for _, c := range n.Content {
			x, err := dataExpr(c)
			if err != nil {
				return nil, err
			}
			l.Items = append(l.Items, x)
		}
		return l, nil
	case yaml.MappingNode:
		m := &ir.Map{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			x, err := dataExpr(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m.Set(n.Content[i].Value, x)
		}
		return m, nil
	case yaml.ScalarNode:
		return scalarExpr(n)
	}
	return nil, fmt.Errorf("line %d: neither scalar, list nor map", n.Line)
}

func scalarExpr(n *yaml.Node) (ir.Expr, error) {
	switch n.Tag {
	case "!!null":
		return &ir.Null{}, nil
	case "!!str":
		return ir.Str(n.Value), nil
	case "!!bool":
		b, err := strconv.ParseBool(n.Value)
		return &ir.Bool{Value: b}, err
	case "!!int":
		i, err := strconv.ParseInt(n.Value, 10, 64)
		return ir.Num(i), err
	}
	return nil, fmt.Errorf("line %d: a scalar with tag %s", n.Line, n.Tag)
}

// references makes references and code of the strings that hold them. It is
// for the text of the reference only, which knows none but params here.
func references(x ir.Expr) ir.Expr {
	if s, ok := x.(*ir.String); ok {
		return argText(s.Value)
	}
	return x
}

var interpolation = regexp.MustCompile(`\{pt\.param ([a-z0-9_-]+)\}`)

func argText(s string) ir.Expr {
	if source, ok := strings.CutPrefix(s, "#pt-clj "); ok {
		return &ir.Code{Lang: ir.Clojure, Source: source}
	}
	if name, ok := strings.CutPrefix(s, "pt.param "); ok {
		return &ir.Ref{Kind: ir.ParamRef, Name: name}
	}
	matches := interpolation.FindAllStringSubmatchIndex(s, -1)
	if matches == nil {
		return ir.Str(s)
	}
	in, end := &ir.Interp{}, 0
	for _, m := range matches {
		if m[0] > end {
			in.Parts = append(in.Parts, ir.Str(s[end:m[0]]))
		}
		in.Parts = append(in.Parts, &ir.Ref{Kind: ir.ParamRef, Name: s[m[2]:m[3]]})
		end = m[1]
	}
	if end < len(s) {
		in.Parts = append(in.Parts, ir.Str(s[end:]))
	}
	return in
}
