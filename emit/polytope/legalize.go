package polytope

import (
	"regexp"
	"strconv"
	"strings"

	"hull/ir"
)

// legalizer rewrites the arguments of one call so that Polytope can hold them,
// and collects the params that this takes.
type legalizer struct {
	file   *ir.File
	params []*ir.Param // those in scope already
	lifted []lifted
	ids    map[string]bool // camel-cased ids that are taken
}

// lifted is an argument that moves to the wrapper, and the param by which it
// comes back.
type lifted struct {
	id  string
	arg ir.Expr
}

func newLegalizer(f *ir.File, params []*ir.Param) *legalizer {
	l := &legalizer{file: f, params: params, ids: map[string]bool{}}
	for _, p := range params {
		l.ids[ir.CamelCase(p.ID)] = true
	}
	return l
}

func (l *legalizer) args(c *ir.Call, s scope) *ir.Map {
	args := &ir.Map{Meta: c.Args.Meta}
	for _, e := range c.Args.Entries {
		e.Value = l.expr(e.Value, s.argType(c.Module, e.Key), place{key: e.Key, siblings: c.Args})
		args.Entries = append(args.Entries, e)
	}
	return args
}

// expr legalizes an expression where a value of type t is wanted.
func (l *legalizer) expr(x ir.Expr, t ir.Type, at place) ir.Expr {
	switch x := x.(type) {
	case *ir.Map:
		m := &ir.Map{Meta: x.Meta}
		for _, e := range x.Entries {
			e.Value = l.expr(e.Value, entryType(t, x, e.Key), at.entry(e.Key, x))
			m.Entries = append(m.Entries, e)
		}
		return m
	case *ir.List:
		list := &ir.List{Meta: x.Meta}
		for _, item := range x.Items {
			list.Items = append(list.Items, l.expr(item, itemType(t), at))
		}
		return list
	case *ir.Convert:
		return l.convert(x.X, x.To, at)
	case *ir.String, *ir.Ref, *ir.Interp:
		if to, ok := conversionTarget(t); ok {
			return l.convert(x, to, at)
		}
		return l.text(x)
	}
	return x
}

// text legalizes an expression where a string may stand.
func (l *legalizer) text(x ir.Expr) ir.Expr {
	interp, ok := x.(*ir.Interp)
	if !ok || !isAmbiguous(interp) {
		return x
	}
	return &ir.Code{Meta: interp.Meta, Lang: ir.JS, Source: l.concatenation(interp)}
}

// isAmbiguous tells whether literal text in an interpolation could be read as
// a reference.
func isAmbiguous(x *ir.Interp) bool {
	var literal strings.Builder // the text, a reference being one safe letter
	for _, p := range x.Parts {
		s, ok := p.(*ir.String)
		if !ok {
			literal.WriteByte('x')
			continue
		}
		literal.WriteString(s.Value)
	}
	return ir.LooksLikeReference(literal.String())
}

// conversions wrap JavaScript for a string into what makes another type of it.
var conversions = map[ir.Basic]func(js string) string{
	ir.IntType:  func(js string) string { return "parseInt(" + js + ")" },
	ir.NumType:  func(js string) string { return "parseFloat(" + js + ")" },
	ir.BoolType: func(js string) string { return js + " === 'true'" },
}

// convert makes an expression that yields an int, num or bool.
func (l *legalizer) convert(x ir.Expr, to ir.Basic, at place) ir.Expr {
	wrap, ok := conversions[to]
	if !ok {
		return l.expr(x, nil, at)
	}
	switch x := x.(type) {
	case *ir.Convert:
		return l.convert(x.X, to, at)
	case *ir.String:
		return parseLiteral(x, to)
	case *ir.Ref:
		if x.Kind == ir.ParamRef && !l.isStringParam(x.Name) {
			return x
		}
		return &ir.Code{Meta: x.Meta, Lang: ir.JS, Source: wrap(l.operand(x, at))}
	case *ir.Interp:
		return &ir.Code{Meta: x.Meta, Lang: ir.JS, Source: wrap(l.interpolation(x, at))}
	case *ir.Code:
		if x.Lang == ir.JS {
			return &ir.Code{Meta: x.Meta, Lang: ir.JS, Source: wrap("(" + x.Source + ")")}
		}
	}
	return x
}

// isStringParam tells whether a param can be a string. One that is not
// declared is the checker's concern.
func (l *legalizer) isStringParam(id string) bool {
	for _, p := range l.params {
		if p.ID == id {
			return isStringLike(p.Type)
		}
	}
	return true
}

// operand is the JavaScript for a reference.
func (l *legalizer) operand(x *ir.Ref, at place) string {
	if x.Kind == ir.ParamRef {
		return paramAccess(x.Name)
	}
	return paramAccess(l.lift(x, at))
}

// interpolation is the JavaScript for an interpolation to be converted. It is
// lifted whole where it can be; what has only params is joined by the code.
func (l *legalizer) interpolation(x *ir.Interp, at place) string {
	lifts := false
	for _, p := range x.Parts {
		ref, ok := p.(*ir.Ref)
		lifts = lifts || ok && ref.Kind != ir.ParamRef
	}
	if lifts && !isAmbiguous(x) {
		return paramAccess(l.lift(x, at))
	}
	return l.concatenation(x)
}

// concatenation is JavaScript that joins the parts of an interpolation.
func (l *legalizer) concatenation(x *ir.Interp) string {
	var terms []string
	for _, p := range x.Parts {
		switch p := p.(type) {
		case *ir.String:
			terms = append(terms, jsString(p.Value))
		case *ir.Ref:
			if len(terms) == 0 && p.Kind == ir.ParamRef {
				terms = append(terms, `""`) // or two numbers would be added up
			}
			terms = append(terms, l.operand(p, place{key: p.Name}))
		}
	}
	if len(terms) == 0 {
		return `""`
	}
	return strings.Join(terms, " + ")
}

// lift moves an expression to the wrapper and returns the id of its param.
func (l *legalizer) lift(x ir.Expr, at place) string {
	for _, known := range l.lifted {
		if ir.Equal(known.arg, x) {
			return known.id
		}
	}
	id := at.paramID(l.ids)
	l.ids[ir.CamelCase(id)] = true
	l.lifted = append(l.lifted, lifted{id, x})
	return id
}

// baseParams declare what was lifted, then what the wrapper declares.
func (l *legalizer) baseParams() []*ir.Param {
	var params []*ir.Param
	for _, x := range l.lifted {
		params = append(params, &ir.Param{Meta: ir.At(x.arg.GetMeta().Rng), ID: x.id, Type: l.liftedType(x.arg)})
	}
	for _, p := range l.params {
		again := *p
		again.Comments = ir.Comments{}
		params = append(params, &again)
	}
	return params
}

// liftedType is a string whose default is the text that the expression yields
// where nothing is set, if there is one.
func (l *legalizer) liftedType(x ir.Expr) ir.Type {
	text, ok := l.defaultText(x)
	if !ok || text == "" {
		return ir.StrType
	}
	return &ir.DefaultType{Type: ir.StrType, Value: ir.Str(text)}
}

// defaultText is the text of an expression by its bindings' defaults. A secret
// has none here: it must not end up in the file.
func (l *legalizer) defaultText(x ir.Expr) (string, bool) {
	switch x := x.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Ref:
		b := l.file.Binding(ir.ValueRef, x.Name)
		if x.Kind != ir.ValueRef || b == nil {
			return "", false
		}
		return b.Default.Eval(ir.Unset)
	case *ir.Interp:
		var all strings.Builder
		for _, p := range x.Parts {
			text, ok := l.defaultText(p)
			if !ok {
				return "", false
			}
			all.WriteString(text)
		}
		return all.String(), true
	}
	return "", false
}

// wrapperArgs pass on what was lifted, and every param that the base declares
// as well.
func (l *legalizer) wrapperArgs() *ir.Map {
	args := &ir.Map{}
	for _, x := range l.lifted {
		args.Set(x.id, withoutComments(x.arg))
	}
	for _, p := range l.params {
		args.Set(p.ID, &ir.Ref{Kind: ir.ParamRef, Name: p.ID})
	}
	return args
}

// withoutComments is a copy of a reference or interpolation: its comments stay
// in the base, with what they describe.
func withoutComments(x ir.Expr) ir.Expr {
	return ir.MapExpr(x, func(x ir.Expr) ir.Expr {
		switch x := x.(type) {
		case *ir.Ref:
			return &ir.Ref{Meta: ir.At(x.Rng), Kind: x.Kind, Name: x.Name}
		case *ir.Interp:
			return &ir.Interp{Meta: ir.At(x.Rng), Parts: x.Parts}
		}
		return x
	})
}

var (
	intText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+$`)
)

// parseLiteral makes a literal of the wanted type where the text is exactly
// one; another text stays for the checker to report.
func parseLiteral(s *ir.String, to ir.Basic) ir.Expr {
	switch {
	case to == ir.BoolType && (s.Value == "true" || s.Value == "false"):
		return &ir.Bool{Meta: s.Meta, Value: s.Value == "true"}
	case to != ir.BoolType && intText.MatchString(s.Value):
		if n, err := strconv.ParseInt(s.Value, 10, 64); err == nil {
			return &ir.Int{Meta: s.Meta, Value: n}
		}
	case to == ir.NumType && numText.MatchString(s.Value):
		if n, err := strconv.ParseFloat(s.Value, 64); err == nil {
			return &ir.Float{Meta: s.Meta, Value: n}
		}
	}
	return s
}
