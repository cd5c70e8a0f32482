package resolve

import (
	"hull/ir"
	"hull/ir/describe"
)

// wanted says what a value of a type is.
func wanted(t ir.Type) string { return describe.Wanted(t, memberText) }

func memberText(x ir.Expr) string {
	if text, ok := textOf(x); ok {
		return text
	}
	return got(x)
}

// got says what data or code is, as messages quote it: a fraction as it stands
// in a text.
func got(x ir.Expr) string {
	if f, ok := x.(*ir.Float); ok {
		return floatText(f.Value)
	}
	return describe.Got(x)
}
