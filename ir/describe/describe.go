// Package describe puts types and expressions into the words of messages, in the
// tone of Polytope's own: "Must be an integer (got "8079")".
package describe

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

// Wanted says what a value of a type is: "a string or an integer". How a member
// of an enum reads is for member to say.
func Wanted(t ir.Type, member func(ir.Expr) string) string {
	var names []string
	for _, u := range ir.Alternatives(t) {
		if name := wantedOne(u, member); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return joinOr(names)
}

func wantedOne(t ir.Type, member func(ir.Expr) string) string {
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
		return wantedMember(t, member)
	}
	return "something else"
}

func wantedMember(t ir.EnumType, member func(ir.Expr) string) string {
	var members []string
	for _, v := range t.Values {
		members = append(members, member(v))
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

// Got says what an expression is, as messages quote it.
func Got(x ir.Expr) string {
	switch x.(type) {
	case *ir.List:
		return "a list"
	case *ir.Map:
		return "a map"
	}
	return Text(x)
}

const maxQuoted = 60 // characters of a text that a message quotes

// Text is an expression as a file has it, on one line and not too long.
func Text(x ir.Expr) string {
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
		return Text(x.X)
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
			b.WriteString("{" + Text(p) + "}")
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
