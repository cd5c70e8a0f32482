package check

import (
	"slices"
	"strconv"
	"strings"

	"hull/ir"
)

// basicNames say what a value of a basic type is, in the words of Polytope's
// own messages: "Must be an integer".
var basicNames = map[ir.Basic]string{
	ir.StrType: "a string", ir.BoolType: "a boolean", ir.IntType: "an integer", ir.NumType: "a number",
	ir.IDType: "an id (0–9, a–z, _ and -)", ir.DockerImageType: "an image name",
	ir.AbsolutePathType: "an absolute path", ir.URLPathType: "a path of a URL", ir.DurationType: "a duration",
	ir.HTTPMethodType: "an HTTP method", ir.DatasetSinkType: "a dataset sink", ir.InstanceTypeType: "an instance type",
	ir.DataSizeType: "a data size", ir.ServiceRefType: "a service reference",
	ir.DatasetRefType: "a dataset reference", ir.RepositoryRefType: "a repository reference",
}

// wanted says what a value of a type is.
func wanted(t ir.Type) string {
	var names []string
	for _, u := range ir.Alternatives(t) {
		if name := wantedOne(u); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return joinOr(names)
}

func wantedOne(t ir.Type) string {
	switch t := t.(type) {
	case ir.Basic:
		if name := basicNames[t]; name != "" {
			return name
		}
		return string(t)
	case ir.ListType:
		return "a list"
	case ir.RecordType, ir.MapType:
		return "a map"
	case ir.RegexType:
		return "a string that matches " + t.Pattern
	case ir.EnumType:
		return wantedMember(t)
	}
	return "something else"
}

func wantedMember(t ir.EnumType) string {
	var members []string
	for _, v := range t.Values {
		if s, ok := v.(*ir.String); ok {
			members = append(members, s.Value)
		} else {
			members = append(members, exprText(v))
		}
	}
	if len(members) == 1 {
		return members[0]
	}
	return "one of " + strings.Join(members, ", ")
}

func joinOr(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// got says what an expression is, as messages quote it.
func got(x ir.Expr) string {
	switch x.(type) {
	case *ir.List:
		return "a list"
	case *ir.Map:
		return "a map"
	}
	return exprText(x)
}

const maxQuoted = 60 // characters of a text that a message quotes

// exprText is an expression as a file has it, on one line and not too long.
func exprText(x ir.Expr) string {
	switch x := x.(type) {
	case nil, *ir.Null:
		return "null"
	case *ir.Bool:
		return strconv.FormatBool(x.Value)
	case *ir.Int:
		return strconv.FormatInt(x.Value, 10)
	case *ir.Float:
		return strconv.FormatFloat(x.Value, 'g', -1, 64)
	case *ir.String:
		return strconv.Quote(shorten(x.Value))
	case *ir.Ref:
		return "pt." + x.Kind.String() + " " + x.Name
	case *ir.Interp:
		return strconv.Quote(shorten(interpText(x)))
	case *ir.Code:
		return "#pt-" + string(x.Lang) + " " + shorten(strings.Join(strings.Fields(x.Source), " "))
	case *ir.Convert:
		return exprText(x.X)
	case *ir.List:
		return "[…]"
	}
	return "{…}"
}

func interpText(x *ir.Interp) string {
	var b strings.Builder
	for _, p := range x.Parts {
		switch p := p.(type) {
		case *ir.String:
			b.WriteString(p.Value)
		default:
			b.WriteString("{" + exprText(p) + "}")
		}
	}
	return b.String()
}

func shorten(s string) string {
	runes := []rune(s)
	if len(runes) <= maxQuoted {
		return s
	}
	return string(runes[:maxQuoted-1]) + "…"
}

// acceptsNull tells whether null is of the type.
func acceptsNull(t ir.Type) bool {
	switch t := t.(type) {
	case nil:
		return true
	case ir.Basic:
		return isOpen(t)
	case ir.AliasType:
		return acceptsNull(t.Type)
	case ir.MaybeType, *ir.DefaultType:
		return true
	case ir.EitherType:
		return slices.ContainsFunc(t.Types, acceptsNull)
	case ir.EnumType:
		return slices.ContainsFunc(t.Values, func(v ir.Expr) bool { return ir.Equal(v, &ir.Null{}) })
	}
	return false
}

// openTypes take what hull cannot judge: their definitions are not public.
var openTypes = []ir.Basic{
	ir.AnyType, ir.CodeType, ir.DatasetSinkType, ir.InstanceTypeType, ir.DataSizeType, ir.ServiceRefType,
}

func isOpen(t ir.Basic) bool { return slices.Contains(openTypes, t) }

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
