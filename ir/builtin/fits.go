package builtin

import (
	"slices"

	"hull/ir"
)

// fits tells whether an argument is sure to be of a type, as far as it can be
// seen: what a param or code gives is taken to fit, because it fitted the
// container. A value or secret is text, which the split converts; none of the
// texts that an enum or a pattern asks for can be proved of it.
func fits(t ir.Type, x ir.Expr) bool {
	if isGiven(x) {
		return true
	}
	switch t := t.(type) {
	case ir.Basic:
		return fitsBasic(t, x)
	case ir.AliasType:
		return fits(t.Type, x)
	case ir.MaybeType:
		return ir.IsNull(x) || fits(t.Type, x)
	case *ir.DefaultType:
		return ir.IsNull(x) || fits(t.Type, x)
	case ir.EitherType:
		return slices.ContainsFunc(t.Types, func(u ir.Type) bool { return fits(u, x) })
	case ir.EnumType:
		return t.Has(x)
	case ir.ListType:
		l, ok := x.(*ir.List)
		return ok && !slices.ContainsFunc(l.Items, func(i ir.Expr) bool { return !fits(t.Elem, i) })
	case ir.RecordType:
		m, ok := x.(*ir.Map)
		return ok && fitsRecord(t, m)
	}
	return false // maps and patterns occur in no built-in module's params
}

// isGiven tells whether an expression stands for what a caller or code yields.
func isGiven(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Ref:
		return x.Kind == ir.ParamRef
	case *ir.Code:
		return true
	}
	return false
}

func fitsBasic(t ir.Basic, x ir.Expr) bool {
	if t == ir.AnyType {
		return true
	}
	switch x := x.(type) {
	case *ir.Int:
		return t == ir.IntType || t == ir.NumType
	case *ir.Float:
		return t == ir.NumType
	case *ir.Bool:
		return t == ir.BoolType
	case *ir.Convert:
		return x.To == t || x.To == ir.IntType && t == ir.NumType
	case *ir.Ref, *ir.Interp:
		return true // the split makes a number of it where one is asked for
	case *ir.String:
		return t != ir.IntType && t != ir.NumType && t != ir.BoolType
	}
	return false
}

func fitsRecord(t ir.RecordType, m *ir.Map) bool {
	for _, e := range m.Entries {
		if t.Field(e.Key) == nil {
			return false
		}
	}
	for _, f := range t.Fields {
		x := m.Get(f.Key)
		if x == nil && !ir.IsOptional(f.Type) || x != nil && !fits(f.Type, x) {
			return false
		}
	}
	return true
}
