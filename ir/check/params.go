package check

import (
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// body is a module or template: its params, and where they can be read.
type body struct {
	kind   string // "module" or "template"
	params []*ir.Param
	exprs  []ir.Node
	at     place
	// isEmpty says that nothing is known of what it does.
	isEmpty bool
}

func (p *pass) bodies() []body {
	var all []body
	for i, t := range p.file.Templates {
		b := body{kind: "template", params: t.Params, at: templatePlace(t, i), isEmpty: len(t.Run) == 0}
		for _, s := range t.Run {
			b.exprs = append(b.exprs, &s.Call)
		}
		all = append(all, b)
	}
	for i, m := range p.file.Modules {
		b := body{kind: "module", params: m.Params, at: modulePlace(m, i), isEmpty: m.Call == nil && m.Code == nil}
		if m.Call != nil {
			b.exprs = append(b.exprs, m.Call)
		}
		if m.Code != nil {
			b.exprs = append(b.exprs, m.Code)
		}
		all = append(all, b)
	}
	return all
}

// walk visits every expression of the body, with where it stands.
func (b body) walk(visit func(ir.Node, place)) {
	for _, x := range b.exprs {
		walkAt(x, b.at, visit)
	}
}

func walkAt(n ir.Node, at place, visit func(ir.Node, place)) {
	at = at.or(n.GetMeta().Rng)
	visit(n, at)
	for _, c := range ir.Children(n) {
		walkAt(c, at, visit)
	}
}

// checkParamRefs reports references to params that nothing declares.
func checkParamRefs(p *pass) {
	for _, b := range p.bodies() {
		b.walk(func(n ir.Node, at place) {
			ref, ok := n.(*ir.Ref)
			if !ok || ref.Kind != ir.ParamRef || ir.FindParam(b.params, ref.Name) != nil {
				return
			}
			f := finding{at: at, message: "the " + b.kind + " declares no param " + strconv.Quote(ref.Name)}
			f.help = diag.DidYouMean(ref.Name, ir.ParamIDs(b.params), declareIt)
			p.report(f)
		})
	}
}

// checkUnusedParams reports params that nothing reads.
func checkUnusedParams(p *pass) {
	for _, b := range p.bodies() {
		if b.isEmpty {
			continue
		}
		for i, n := range namedParams(b.params, b.at) {
			if !b.reads(b.params[i].ID) {
				p.report(finding{at: n.at, message: "nothing uses the param " + n.id, help: "leave it out, or pass it on with pt.param " + n.id})
			}
		}
	}
}

// reads tells whether the body may read a param. Code that mentions it in any
// way, or that uses params as a whole, may.
func (b body) reads(id string) bool {
	found := false
	b.walk(func(n ir.Node, _ place) {
		switch n := n.(type) {
		case *ir.Ref:
			found = found || n.Kind == ir.ParamRef && n.Name == id
		case *ir.Code:
			found = found || strings.Contains(n.Source, id) || strings.Contains(n.Source, ir.CamelCase(id)) || paramsIn(n).whole
		}
	})
	return found
}

// paramsIn finds the params that code reads.
func paramsIn(x *ir.Code) paramUse {
	switch x.Lang {
	case ir.JS:
		return jsParams(lexJS(x.Source))
	case ir.Clojure:
		return clojureParams(lexClojure(x.Source))
	}
	return paramUse{whole: strings.Contains(x.Source, "params")}
}

// checkCodeParams reports keys that code looks up in params and that are not
// there, in the spelling of its language.
func checkCodeParams(p *pass) {
	for _, b := range p.bodies() {
		b.walk(func(n ir.Node, at place) {
			x, ok := n.(*ir.Code)
			if !ok {
				return
			}
			for _, key := range paramsIn(x).keys {
				p.checkCodeParam(key, x, b, at)
			}
		})
	}
}

func (p *pass) checkCodeParam(key string, x *ir.Code, b body, at place) {
	language := "Clojure sees params as they are written"
	if x.Lang == ir.JS {
		language = "JavaScript sees params in camel case"
	}
	var spellings []string
	for _, param := range b.params {
		spellings = append(spellings, spelling(x.Lang, param.ID))
	}
	if slices.Contains(spellings, key) {
		return
	}
	f := finding{at: at, message: "the " + b.kind + " declares no param " + strconv.Quote(key)}
	for i, param := range b.params {
		if ir.CamelCase(param.ID) == ir.CamelCase(key) {
			f.message = "param " + param.ID + " is " + strconv.Quote(spellings[i]) + " here, not " + strconv.Quote(key)
			f.help, f.fix = language, FixSpelling
			p.report(f)
			return
		}
	}
	f.help = diag.DidYouMean(key, spellings, declareIt)
	p.report(f)
}

const declareIt = "declare it under params"

// checkValuesInCode reports code that asks for a value or secret: it can read
// params only.
func checkValuesInCode(p *pass) {
	for _, b := range p.bodies() {
		b.walk(func(n ir.Node, at place) {
			x, ok := n.(*ir.Code)
			if !ok || x.Lang == ir.Clojure {
				return
			}
			if what := valueInCode(lexJS(x.Source)); what != "" {
				p.report(finding{
					at: at, message: what + " cannot be read in code: there are only params",
					help: "pass the value to a param, from a module that calls this one, and read that: params['…']",
				})
			}
		})
	}
}

// valueInCode is how code asks for a value or secret; empty where it does not.
func valueInCode(toks []token) string {
	for i, t := range toks {
		if t.kind == stringToken || t.kind == templateToken {
			for _, what := range []string{"pt.value", "pt.secret"} {
				if strings.Contains(t.text, "{"+what+" ") {
					return what
				}
			}
		}
		if t.is(identToken, "pt") && i+2 < len(toks) && toks[i+1].isPunct(".", "?.") &&
			toks[i+2].is(identToken, "value", "values", "secret", "secrets") {
			return "pt." + toks[i+2].text
		}
	}
	return ""
}

// checkTemplateParams reports params of a template that only pass on what the
// called module has a default for.
func checkTemplateParams(p *pass) {
	for i, t := range p.file.Templates {
		for j, n := range namedParams(t.Params, templatePlace(t, i)) {
			arg, module := p.passedOn(t, t.Params[j].ID)
			if arg == nil {
				continue
			}
			if _, hasDefault := arg.Type.(*ir.DefaultType); hasDefault {
				p.report(finding{
					at: n.at, message: "the param " + n.id + " only passes on " + arg.ID + ", for which " + module + " has a default",
					help: "leave it out: the module's default is sufficient for most uses",
				})
			}
		}
	}
}

// passedOn is the param of a module that a template's param is the argument
// for, provided that it is read nowhere else.
func (p *pass) passedOn(t *ir.Template, id string) (arg *ir.Param, module string) {
	count := 0
	for _, s := range t.Run {
		ir.Walk(&s.Call, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Ref:
				if n.Kind == ir.ParamRef && n.Name == id {
					count++
				}
			case *ir.Code:
				count += 2 // it may read the param, too
			}
			return true
		})
		params, _ := p.signature(s.Call.Module)
		for _, param := range params {
			ref, ok := s.Call.Args.Get(param.ID).(*ir.Ref)
			if ok && ref.Kind == ir.ParamRef && ref.Name == id {
				arg, module = param, s.Call.Module
			}
		}
	}
	if count != 1 {
		return nil, ""
	}
	return arg, module
}

// checkUnset reports values and secrets that the file reads and its script does
// not set.
func checkUnset(p *pass) {
	if !p.opts.HasScript {
		return
	}
	for _, b := range p.bodies() {
		b.walk(func(n ir.Node, at place) {
			ref, ok := n.(*ir.Ref)
			if !ok || ref.Kind == ir.ParamRef || p.file.Binding(ref.Kind, ref.Name) != nil {
				return
			}
			f := finding{at: at, message: "the values script does not set the " + ref.Kind.String() + " " + ref.Name}
			other := otherKind(ref.Kind)
			if p.file.Binding(other, ref.Name) != nil {
				f.message += ", but a " + other.String() + " of that name"
				f.help = "write pt." + other.String() + " " + ref.Name
			} else {
				f.help = diag.DidYouMean(ref.Name, p.bindingNames(ref.Kind), "add: pt "+ref.Kind.String()+"s set "+ref.Name+" …")
			}
			p.report(f)
		})
	}
}

func otherKind(k ir.RefKind) ir.RefKind {
	if k == ir.ValueRef {
		return ir.SecretRef
	}
	return ir.ValueRef
}

func (p *pass) bindingNames(kind ir.RefKind) []string {
	var names []string
	for _, b := range p.file.Bindings {
		if b.Kind == kind {
			names = append(names, b.Name)
		}
	}
	return names
}

// checkUnusedBindings reports values and secrets that the script sets and
// nothing reads.
func checkUnusedBindings(p *pass) {
	if !p.opts.HasScript || p.file.Partial {
		return
	}
	used := map[ir.RefKind]map[string]bool{ir.ValueRef: {}, ir.SecretRef: {}}
	for _, b := range p.bodies() {
		b.walk(func(n ir.Node, _ place) {
			if ref, ok := n.(*ir.Ref); ok && used[ref.Kind] != nil {
				used[ref.Kind][ref.Name] = true
			}
		})
	}
	for _, b := range p.file.Bindings {
		if !used[b.Kind][b.Name] {
			p.report(finding{
				at:      place{rng: b.Rng, path: b.Kind.String() + "s." + b.Name},
				message: "the values script sets the " + b.Kind.String() + " " + b.Name + ", and nothing reads it",
			})
		}
	}
}
