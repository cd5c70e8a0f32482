package check

import (
	"slices"

	"hull/ir"
	"hull/ir/describe"
)

// wanted says what a value of a type is.
func wanted(t ir.Type) string { return describe.Wanted(t, memberText) }

func memberText(x ir.Expr) string {
	if s, ok := x.(*ir.String); ok {
		return s.Value
	}
	return describe.Text(x)
}

// convertible is the int, num or bool that a text can be converted to so that
// it fits; ok is false where there is none.
func convertible(t ir.Type) (ir.Basic, bool) {
	for _, u := range ir.Alternatives(t) {
		if b, ok := u.(ir.Basic); ok && (b == ir.IntType || b == ir.NumType || b == ir.BoolType) {
			return b, true
		}
	}
	return "", false
}

// acceptsText tells whether some text is of the type.
func acceptsText(t ir.Type) bool {
	return t == nil || slices.ContainsFunc(ir.Alternatives(t), func(u ir.Type) bool {
		switch u := u.(type) {
		case ir.Basic:
			return u != ir.IntType && u != ir.NumType && u != ir.BoolType
		case ir.EnumType:
			return slices.ContainsFunc(u.Values, isString)
		case ir.RegexType:
			return true
		}
		return false
	})
}

func isString(x ir.Expr) bool {
	_, ok := x.(*ir.String)
	return ok
}
