package jsonnet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
)

// entry is a field of an object.
func (w *writer) entry(e ir.Entry, eased *node) item {
	i := field(e.Key, eased)
	if eased == nil {
		i.value = w.expr(e.Value)
	}
	i.comments = remaining(e.Value, i.value)
	return i
}

// element is an item of an array.
func (w *writer) element(x ir.Expr) item { return above(x, w.expr(x)) }

// above is an item without a label, with the comments that go above it.
func above(x ir.Node, n *node) item { return item{remaining(x, n), "", n} }

// remaining are the comments of what was read, and of all below, that are at no
// part of what is written for it: some of it has no place of its own there.
// None is lost.
func remaining(x ir.Node, written *node) []string {
	held := map[string]int{}
	written.countComments(held)
	var lines []string
	ir.Walk(x, func(n ir.Node) bool {
		for _, line := range allLines(n.GetMeta().Comments) {
			if held[line]--; held[line] < 0 {
				lines = append(lines, line)
			}
		}
		return true
	})
	return lines
}

// maxInt is the largest integer that is exact among the numbers of Jsonnet,
// which are those of IEEE 754 (specification, "Lexing").
const maxInt = 1 << 53

func (w *writer) expr(x ir.Expr) *node {
	switch x := x.(type) {
	case *ir.Bool:
		return leaf(strconv.FormatBool(x.Value))
	case *ir.Int:
		if x.Value > maxInt || x.Value < -maxInt {
			w.fail("%d has more than 53 bits: Jsonnet has no such number", x.Value)
		}
		return leaf(strconv.FormatInt(x.Value, 10))
	case *ir.Float:
		if math.IsNaN(x.Value) || math.IsInf(x.Value, 0) {
			w.fail("%v is no number of Jsonnet's", x.Value)
		}
		return leaf(strconv.FormatFloat(x.Value, 'g', -1, 64))
	case *ir.String:
		if ir.LooksLikeReference(x.Value) {
			return call("pt.literal", arg(literal(x.Value)))
		}
		return literal(x.Value)
	case *ir.Ref:
		return w.ref(x)
	case *ir.Interp:
		return w.interp(x)
	case *ir.Code:
		return w.code(x)
	case *ir.Convert:
		w.fail("a conversion is not expressible: the file is not legalized")
	case *ir.List:
		return array(each(x.Items, w.element)...)
	case *ir.Map:
		if n := w.source(x); n != nil {
			return n
		}
		return object(each(x.Entries, func(e ir.Entry) item { return w.entry(e, nil) })...)
	}
	return leaf("null")
}

func (w *writer) ref(x *ir.Ref) *node {
	if x.Name == "" || strings.ContainsAny(x.Name, " \t\r\n\f\v\u0085\u00a0{}") {
		w.fail("%q is no name of a %s", x.Name, x.Kind)
	}
	return call("pt."+x.Kind.String(), arg(text(x.Name)))
}

// interp is a text with references: by a template, unless the text holds the
// template's own mark.
func (w *writer) interp(x *ir.Interp) *node {
	var template strings.Builder
	refs, parts, isTemplate := array(), array(), true
	for _, p := range x.Parts {
		switch p := p.(type) {
		case *ir.String:
			template.WriteString(p.Value)
			isTemplate = isTemplate && !strings.Contains(p.Value, "%s")
			parts.items = append(parts.items, arg(literal(p.Value)))
		case *ir.Ref:
			template.WriteString("%s")
			refs.items = append(refs.items, arg(w.ref(p)))
			parts.items = append(parts.items, arg(w.ref(p)))
		}
	}
	if isTemplate {
		return call("pt.format", arg(literal(template.String())), arg(refs))
	}
	return call("pt.interp", arg(parts))
}

// conversions are the JavaScript that the library writes for params that are
// used as something else than text.
var conversions = []struct {
	function string
	pattern  *regexp.Regexp
}{
	{"pt.asInt", regexp.MustCompile(`^parseInt\(params\['(\w+)'\]\)$`)},
	{"pt.asNum", regexp.MustCompile(`^parseFloat\(params\['(\w+)'\]\)$`)},
	{"pt.asBool", regexp.MustCompile(`^params\['(\w+)'\] === 'true'$`)},
}

func (w *writer) code(x *ir.Code) *node {
	for _, c := range conversions {
		m := c.pattern.FindStringSubmatch(x.Source)
		if m == nil || x.Lang != ir.JS {
			continue
		}
		isParam := func(p *ir.Param) bool { return ir.CamelCase(p.ID) == m[1] }
		if i := slices.IndexFunc(w.params, isParam); i >= 0 {
			return call(c.function, arg(text(w.params[i].ID)))
		}
	}
	return call("pt."+string(x.Lang), arg(literal(x.Source)))
}

// declarations are params: types by id where that says all, and keeps their
// order.
func (w *writer) declarations(params []*ir.Param) *node {
	if len(params) == 0 {
		return nil
	}
	w.usesTypes = true
	var ids []string
	isPlain := true
	for _, p := range params {
		ids = append(ids, p.ID)
		isPlain = isPlain && p.Name == "" && p.Info == ""
	}
	if isPlain && isSorted(ids) {
		return object(each(params, func(p *ir.Param) item {
			i := field(p.ID, w.typ(p.Type))
			i.comments = remaining(p, i.value)
			return i
		})...)
	}
	return array(each(params, func(p *ir.Param) item {
		n := call("pt.declare", arg(text(p.ID)), arg(w.typ(p.Type)), named("name", optional(p.Name)), named("info", optional(p.Info)))
		return above(p, n)
	})...)
}

// isSorted tells whether names come out of a Jsonnet object in the order that
// they have, and all of them. Jsonnet sorts by code points, as Go's strings do
// in UTF-8.
func isSorted(names []string) bool {
	return slices.IsSorted(names) && len(slices.Compact(slices.Clone(names))) == len(names)
}

// typ is a param type; as in the other formats, a default that cannot be
// written is left out.
func (w *writer) typ(t ir.Type) *node {
	types := func(all ...ir.Type) (items []item) {
		return each(all, func(t ir.Type) item { return arg(w.typ(t)) })
	}
	switch t := t.(type) {
	case nil:
		return leaf("t.any")
	case ir.Basic:
		return w.typeName(string(t))
	case ir.AliasType:
		return w.typeName(t.Name)
	case ir.RecordType:
		return call("t.record", arg(object(each(t.Fields, func(f ir.Field) item { return field(f.Key, w.typ(f.Type)) })...)))
	case ir.ListType:
		return call("t.list", types(t.Elem)...)
	case ir.MapType:
		return call("t.map", types(t.Key, t.Value)...)
	case ir.MaybeType:
		return call("t.maybe", types(t.Type)...)
	case ir.RegexType:
		return call("t.regex", arg(literal(t.Pattern)))
	case ir.EitherType:
		return call("t.either", arg(array(types(t.Types...)...)))
	case ir.EnumType:
		return call("t.enum", arg(array(each(t.Values, w.element)...)))
	case *ir.DefaultType:
		if ir.HoldsLookalike(t.Value) {
			return w.typ(t.Type)
		}
		return call("t.default", arg(w.typ(t.Type)), arg(w.expr(t.Value)))
	}
	w.fail("unknown type %T", t)
	return leaf("t.any")
}

func (w *writer) typeName(name string) *node {
	if name == "module-ref" || name == "dataset-ref" || name == "repo-ref" {
		w.fail("the type %s is none of Polytope's", name)
	}
	return leaf("t." + ir.CamelCase(name))
}
