package resolve

import (
	"math"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// scope is what expressions can refer to.
type scope struct {
	declared []*ir.Param
	// params holds the arguments that there are, as plain data.
	params *ir.Map
	// unknown are the params whose arguments could not be evaluated, which has
	// been reported.
	unknown map[string]bool
	// owner names whose params they are, for messages; isBuiltin says that it
	// is a module of Polytope's own.
	owner     string
	isBuiltin bool
}

// eval makes plain data of an expression. It is not ok where something in it
// cannot be evaluated, which has been reported.
func (r *run) eval(x ir.Expr, s scope, at place) (ir.Expr, bool) {
	at = at.of(x)
	if !r.spend(cost(x), at) {
		return nil, false
	}
	switch x := x.(type) {
	case nil:
		return &ir.Null{}, true
	case *ir.List:
		return r.evalList(x, s, at)
	case *ir.Map:
		m, bad := r.evalMap(x, s, at)
		return m, len(bad) == 0
	case *ir.Ref:
		return r.ref(x, s, at)
	case *ir.Interp:
		return r.interp(x, s, at)
	case *ir.Code:
		return r.code(x, s, at)
	case *ir.Convert:
		return r.convert(x, s, at)
	}
	return x, true
}

// evalList evaluates a list. Mounts, variables and the like stand for
// themselves: without one that cannot be evaluated, the others are still there. A
// word of a command is not.
func (r *run) evalList(x *ir.List, s scope, at place) (ir.Expr, bool) {
	out, all := &ir.List{Meta: x.Meta}, true
	for i, item := range x.Items {
		v, ok := r.eval(item, s, at.index(item, i))
		if _, isMap := item.(*ir.Map); isMap && !ok {
			continue
		}
		all = all && ok
		out.Items = append(out.Items, v)
	}
	return out, all
}

// evalMap evaluates what a map holds; bad are the keys of what could not be
// evaluated, which are left out.
func (r *run) evalMap(x *ir.Map, s scope, at place) (out *ir.Map, bad map[string]bool) {
	if x == nil {
		return nil, nil
	}
	out, bad = &ir.Map{Meta: x.Meta}, map[string]bool{}
	for _, e := range x.Entries {
		v, ok := r.eval(e.Value, s, at.key(e.Value, e.Key))
		if !ok {
			bad[e.Key] = true
			continue
		}
		e.Value = v
		out.Entries = append(out.Entries, e)
	}
	return out, bad
}

func (r *run) ref(x *ir.Ref, s scope, at place) (ir.Expr, bool) {
	if x.Kind != ir.ParamRef {
		return &ir.String{Meta: ir.At(at.rng), Value: r.text(x, at)}, true
	}
	if v := s.params.Get(x.Name); v != nil {
		return v, true
	}
	if s.unknown[x.Name] {
		return nil, false
	}
	// A param that is not declared is absent in a module of Polytope's own: the
	// reference's polytope/postgres!simple reads one.
	if s.isBuiltin || ir.FindParam(s.declared, x.Name) != nil {
		return &ir.Null{Meta: ir.At(at.rng)}, true
	}
	r.report(codeParam, at, at.prefix()+s.owner+" declares no param "+strconv.Quote(x.Name),
		diag.DidYouMean(x.Name, ir.ParamIDs(s.declared), "declare it under params"))
	return nil, false
}

// text is what a value or secret stands for; empty where it has no text.
func (r *run) text(x *ir.Ref, at place) string {
	text, ok := r.lookup(x.Kind, x.Name)
	if !ok {
		r.report(codeUnset, at, "the "+x.Kind.String()+" "+x.Name+" has no text",
			"set it: by pt "+x.Kind.String()+"s set "+x.Name+" … in the values script, or for this run by --set "+x.Name+"=TEXT or --values-from FILE")
		return ""
	}
	return text
}

func (r *run) interp(x *ir.Interp, s scope, at place) (ir.Expr, bool) {
	var b strings.Builder
	all := true
	for _, part := range x.Parts {
		v, ok := r.eval(part, s, at)
		if !ok {
			all = false
			continue
		}
		text, ok := textOf(v)
		if !ok {
			r.report(codeText, at.of(part), at.prefix()+got(v)+" cannot stand in a text", "join its items in code")
			all = false
		}
		b.WriteString(text)
		if b.Len() > maxText || !r.spend(len(text)/bytesPerWork, at) {
			r.end(at)
			return nil, false
		}
	}
	return &ir.String{Meta: ir.At(at.rng), Value: b.String()}, all
}

// textOf is data as Polytope prints it in a text: null is nothing, and a number
// that is no integer keeps its fraction, as Clojure's str prints it. It is not
// ok for lists and maps.
func textOf(x ir.Expr) (string, bool) {
	switch x := x.(type) {
	case nil, *ir.Null:
		return "", true
	case *ir.Bool:
		return strconv.FormatBool(x.Value), true
	case *ir.Int:
		return strconv.FormatInt(x.Value, 10), true
	case *ir.Float:
		return floatText(x.Value), true
	case *ir.String:
		return x.Value, true
	}
	return "", false
}

func floatText(f float64) string {
	const large = 1e16 // from here on, an exponent reads better
	if math.Abs(f) >= large || math.IsNaN(f) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// convert parses a text; data that is of the type already is as it is.
func (r *run) convert(x *ir.Convert, s scope, at place) (ir.Expr, bool) {
	v, ok := r.eval(x.X, s, at)
	if !ok {
		return nil, false
	}
	text, ok := v.(*ir.String)
	if !ok {
		text = &ir.String{}
		if x.To.Fits(v) {
			return v, true
		}
	}
	meta := ir.At(at.rng)
	switch x.To {
	case ir.IntType:
		if n, err := strconv.ParseInt(text.Value, 10, 64); err == nil {
			return &ir.Int{Meta: meta, Value: n}, true
		}
	case ir.NumType:
		if n, ok := number(text.Value); ok {
			n.GetMeta().Rng = at.rng
			return n, true
		}
	case ir.BoolType:
		if text.Value == "true" || text.Value == "false" {
			return &ir.Bool{Meta: meta, Value: text.Value == "true"}, true
		}
	}
	r.report(codeConvert, at, at.prefix()+"Must be "+wanted(x.To)+" (got "+got(v)+")", "")
	return nil, false
}

// number parses an integer or a finite fraction.
func number(text string) (ir.Expr, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return ir.Num(n), true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, false
	}
	return &ir.Float{Value: f}, true
}

// code evaluates code with the params in scope.
func (r *run) code(x *ir.Code, s scope, at place) (ir.Expr, bool) {
	evaluate, ok := languages[x.Lang]
	if !ok {
		r.report(codeLanguage, at, at.prefix()+"#pt-"+string(x.Lang)+" is not evaluated", "")
		return nil, false
	}
	if !r.affordMap(s.params, at) || !r.spend(codeWork+len(x.Source)/bytesPerWork, at) {
		return nil, false
	}
	v, err := evaluate(r.ctx, x.Source, s.params)
	if err != nil {
		r.reportAs(err.severity, codeCode, at, at.prefix()+got(x)+": "+err.message, err.help)
		return nil, false
	}
	if !r.afford(v, at) {
		return nil, false
	}
	place := func(x ir.Expr) ir.Expr {
		x.GetMeta().Rng = at.rng
		return x
	}
	return ir.MapExpr(v, place), true
}

// failure says why code has no result.
type failure struct {
	severity diag.Severity
	message  string
	help     string
}
