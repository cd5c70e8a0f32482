package builtin

import (
	"strconv"
	"strings"

	"hull/ir"
)

// joinText is Clojure's (str …): the texts of the parts, joined; nil is no
// text. The result is a String, or an Interp where parts refer to something.
// ok is false where a part has no text that could be written down: a list, a
// map, code.
func joinText(parts ...ir.Expr) (ir.Expr, bool) {
	var t textBuilder
	for _, p := range parts {
		if !t.add(p) {
			return nil, false
		}
	}
	return t.expr(), true
}

// joinWith is Clojure's (str/join separator items).
func joinWith(separator string, items []ir.Expr) (ir.Expr, bool) {
	var t textBuilder
	for i, item := range items {
		if i > 0 {
			t.text.WriteString(separator)
		}
		if !t.add(item) {
			return nil, false
		}
	}
	return t.expr(), true
}

// textBuilder collects the parts of an Interp; text that stands together is
// one part.
type textBuilder struct {
	parts []ir.Expr
	text  strings.Builder
	meta  ir.Meta // of the first part that has a position
}

func (t *textBuilder) add(x ir.Expr) bool {
	if x == nil {
		return true
	}
	if !t.meta.Rng.IsValid() {
		t.meta = ir.At(x.GetMeta().Rng)
	}
	switch x := x.(type) {
	case *ir.Null:
	case *ir.String:
		t.text.WriteString(x.Value)
	case *ir.Int:
		t.text.WriteString(strconv.FormatInt(x.Value, 10))
	case *ir.Bool:
		t.text.WriteString(strconv.FormatBool(x.Value))
	case *ir.Ref:
		t.flush()
		t.parts = append(t.parts, x)
	case *ir.Interp:
		for _, p := range x.Parts {
			if !t.add(p) {
				return false
			}
		}
	default:
		return false
	}
	return true
}

func (t *textBuilder) flush() {
	if t.text.Len() > 0 {
		t.parts = append(t.parts, ir.Str(t.text.String()))
		t.text.Reset()
	}
}

func (t *textBuilder) expr() ir.Expr {
	if len(t.parts) == 0 {
		return &ir.String{Meta: t.meta, Value: t.text.String()}
	}
	t.flush()
	if r, ok := t.parts[0].(*ir.Ref); ok && len(t.parts) == 1 && r.Kind != ir.ParamRef {
		return r // a value or secret is text already; a param need not be
	}
	return &ir.Interp{Meta: t.meta, Parts: t.parts}
}

// isText tells whether an expression is a string in Polytope's code; known is
// false where that depends on what it refers to.
func isText(x ir.Expr) (yes, known bool) {
	switch x := x.(type) {
	case *ir.String, *ir.Interp:
		return true, true
	case *ir.Ref:
		return true, x.Kind != ir.ParamRef
	case *ir.Code:
		return false, false
	}
	return false, true
}

// isTruthy is Clojure's truth: everything but nil and false. known is false
// where that depends on what the expression refers to.
func isTruthy(x ir.Expr) (yes, known bool) {
	switch x := x.(type) {
	case nil, *ir.Null:
		return false, true
	case *ir.Bool:
		return x.Value, true
	case *ir.Ref:
		return true, x.Kind != ir.ParamRef
	case *ir.Convert:
		return true, x.To != ir.BoolType
	case *ir.Code:
		return false, false
	}
	return true, true
}
