package check

import (
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/describe"
	"hull/ir/diag"
)

// ref holds a reference against a type. A param that is not declared is
// another rule's concern.
func (t *typing) ref(x *ir.Ref, want ir.Type, at place) []problem {
	if x.Kind != ir.ParamRef {
		return t.text(x, want, at)
	}
	param := ir.FindParam(t.params, x.Name)
	if param == nil {
		return nil
	}
	return t.flow(x, param.Type, want, at)
}

// interp holds an interpolation, which is a string, against a type.
func (t *typing) interp(x *ir.Interp, want ir.Type, at place) []problem {
	if all := t.text(x, want, at); len(all) > 0 || len(x.Parts) == 0 {
		return all
	}
	first, ok := x.Parts[0].(*ir.String)
	isPath := !slices.ContainsFunc(ir.Alternatives(want), func(u ir.Type) bool { return u != ir.AbsolutePathType })
	if ok && want != nil && isPath && !strings.HasPrefix(first.Value, "/") {
		return []problem{relativePath(x, at)}
	}
	return nil
}

// text holds against a type what is a string whatever it holds: a value, a
// secret, an interpolation.
func (t *typing) text(x ir.Expr, want ir.Type, at place) []problem {
	if acceptsText(want) {
		return nil
	}
	found := problem{codeType, finding{
		at: at, message: prefix(at) + "Must be " + wanted(want) + " (got " + describe.Got(x) + ", a string)",
	}}
	to, ok := convertible(want)
	switch {
	case !ok:
	case holdsValue(x):
		found.code, found.fix = codeSplit, FixSplit
		found.help = "pass it to a base module as a str param, and write " + conversion(to, "…") + " there; see hull explain " + codeSplit
	default:
		found.help = "join the params in code: " + conversion(to, "…")
	}
	return []problem{found}
}

// holdsValue tells whether a text depends on a value or a secret.
func holdsValue(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		ref, ok := n.(*ir.Ref)
		found = found || ok && ref.Kind != ir.ParamRef
		return !found
	})
	return found
}

// conversion is the code that makes another type of a param that is a string.
func conversion(to ir.Basic, key string) string {
	access := "params['" + key + "']"
	switch to {
	case ir.BoolType:
		return `"#pt-js ` + access + ` === 'true'"`
	case ir.NumType:
		return `"#pt-js parseFloat(` + access + `)"`
	}
	return `"#pt-js parseInt(` + access + `)"`
}

// flow holds what a param or code yields against a type. An unknown type fits.
func (t *typing) flow(x ir.Expr, from, want ir.Type, at place) []problem {
	if from == nil || want == nil {
		return nil
	}
	if !t.fits(from, want) {
		return []problem{t.flowMismatch(x, from, want, at)}
	}
	if _, isRef := x.(*ir.Ref); isRef && isMaybe(from) && !ir.AcceptsNull(want) {
		return []problem{{codeOptional, finding{
			at: at, message: prefix(at) + describe.Got(x) + " may be absent, and " + wanted(want) + " is required here",
			help: "give the param a default, or make it required",
		}}}
	}
	return nil
}

// flowMismatch is a warning where only some of what x may be does not fit.
func (t *typing) flowMismatch(x ir.Expr, from, want ir.Type, at place) problem {
	f := finding{at: at, message: prefix(at) + "Must be " + wanted(want) + " (got " + describe.Got(x) + ", " + wanted(from) + ")"}
	to, ok := convertible(want)
	if ref, isRef := x.(*ir.Ref); ok && isRef && isText(from) {
		f.help, f.fix = "convert it: "+conversion(to, ir.CamelCase(ref.Name)), FixConvert
	}
	if slices.ContainsFunc(members(from), func(u ir.Type) bool { return t.fits(u, want) }) {
		f.severity = diag.Warning
	}
	return problem{codeType, f}
}

// members are the types whose values together are those of a type: the
// alternatives of a union, and each member of an enum.
func members(t ir.Type) []ir.Type {
	var all []ir.Type
	for _, u := range ir.Alternatives(t) {
		enum, ok := u.(ir.EnumType)
		if !ok {
			all = append(all, u)
		}
		for _, v := range enum.Values {
			all = append(all, ir.EnumType{Values: []ir.Expr{v}})
		}
	}
	return all
}

func isMaybe(t ir.Type) bool {
	if alias, ok := t.(ir.AliasType); ok {
		return isMaybe(alias.Type)
	}
	_, ok := t.(ir.MaybeType)
	return ok
}

// isText tells whether every value of a type is a string.
func isText(t ir.Type) bool {
	return !slices.ContainsFunc(ir.Alternatives(t), func(u ir.Type) bool {
		b, ok := u.(ir.Basic)
		return !ok || b.IsOpen() || !acceptsText(b)
	})
}

// fits tells whether every present value of one type can be of another, as far
// as the types say: of a string it is not known which string it is.
func (t *typing) fits(from, want ir.Type) bool {
	if t.budget--; t.budget < 0 {
		return true
	}
	wants := ir.Alternatives(want)
	for _, f := range ir.Alternatives(from) {
		if !slices.ContainsFunc(wants, func(w ir.Type) bool { return t.fitsOne(f, w) }) {
			return false
		}
	}
	return true
}

func (t *typing) fitsOne(from, want ir.Type) bool {
	if isOpenType(from) || isOpenType(want) {
		return true
	}
	switch f := from.(type) {
	case ir.EnumType:
		return !slices.ContainsFunc(f.Values, func(v ir.Expr) bool { return len(t.check(v, want, place{})) > 0 })
	case ir.RegexType:
		return acceptsText(want)
	case ir.Basic:
		return fitsBasic(f, want)
	case ir.ListType:
		w, ok := want.(ir.ListType)
		return ok && t.fits(f.Elem, w.Elem)
	case ir.MapType:
		return t.fitsMap(f, want)
	case ir.RecordType:
		return t.fitsRecord(f, want)
	}
	return true
}

func isOpenType(t ir.Type) bool {
	b, ok := t.(ir.Basic)
	return t == nil || ok && b.IsOpen()
}

func fitsBasic(from ir.Basic, want ir.Type) bool {
	if from == want || from == ir.IntType && want == ir.NumType {
		return true
	}
	if enum, ok := want.(ir.EnumType); ok {
		return slices.ContainsFunc(enum.Values, func(v ir.Expr) bool { return len(newTyping(nil).basic(v, from, place{})) == 0 })
	}
	return acceptsText(from) && acceptsText(want)
}

func (t *typing) fitsMap(from ir.MapType, want ir.Type) bool {
	switch w := want.(type) {
	case ir.MapType:
		return t.fits(from.Key, w.Key) && t.fits(from.Value, w.Value)
	case ir.RecordType:
		return true // its keys are not known
	}
	return false
}

func (t *typing) fitsRecord(from ir.RecordType, want ir.Type) bool {
	switch w := want.(type) {
	case ir.MapType:
		return !slices.ContainsFunc(from.Fields, func(f ir.Field) bool { return !t.fits(f.Type, w.Value) })
	case ir.RecordType:
		for _, f := range from.Fields {
			if field := w.Field(f.Key); field == nil || !t.fits(f.Type, field) {
				return false
			}
		}
		for _, f := range w.Fields {
			if from.Field(f.Key) == nil && !acceptsAbsence(f.Type) {
				return false
			}
		}
		return true
	}
	return false
}
