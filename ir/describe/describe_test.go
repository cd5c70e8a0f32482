package describe

import (
	"fmt"
	"strings"
	"testing"

	"hull/ir"
)

func TestWanted(t *testing.T) {
	for want, typ := range map[string]ir.Type{
		"":                          nil,
		"a string":                  ir.StrType,
		"module-ref":                ir.ModuleRefType,
		"a string or a list":        ir.EitherType{Types: []ir.Type{ir.StrType, ir.ListType{}, ir.StrType}},
		"a map":                     ir.MaybeType{Type: ir.RecordType{}},
		"one of <1>, <null>":        ir.EnumType{Values: []ir.Expr{ir.Num(1), &ir.Null{}}},
		"<1>":                       ir.EnumType{Values: []ir.Expr{ir.Num(1)}},
		"a string that matches ^a$": ir.RegexType{Pattern: "^a$"},
	} {
		if got := Wanted(typ, func(x ir.Expr) string { return "<" + Text(x) + ">" }); got != want {
			t.Errorf("wanted %q, want %q", got, want)
		}
	}
}

func TestGot(t *testing.T) {
	ref := &ir.Ref{Kind: ir.ValueRef, Name: "x"}
	long := strings.Repeat("ä", 2*maxQuoted)
	for want, x := range map[string]ir.Expr{
		"null": nil, "true": &ir.Bool{Value: true}, "-1": ir.Num(-1), "1.5": &ir.Float{Value: 1.5}, `"8079"`: ir.Str("8079"),
		"pt.value x": ref, "a list": ir.NewList(), "a map": ir.NewMap(),
		`"a{pt.value x}"`: &ir.Interp{Parts: []ir.Expr{ir.Str("a"), ref}},
		"#pt-js a b":      &ir.Code{Lang: ir.JS, Source: "a\n  b"},
		"#pt-js x":        &ir.Convert{To: ir.IntType, X: &ir.Code{Lang: ir.JS, Source: "x"}},
		fmt.Sprintf("%q", strings.Repeat("ä", maxQuoted-1)+"…"): ir.Str(long),
	} {
		if got := Got(x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if Text(ir.NewList()) != "[…]" || Text(ir.NewMap()) != "{…}" {
		t.Error("a list and a map are told by their brackets where a file would have them")
	}
}
