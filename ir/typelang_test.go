package ir

import (
	"reflect"
	"testing"
)

func strs(ss ...string) *List {
	l := NewList()
	for _, s := range ss {
		l.Items = append(l.Items, Str(s))
	}
	return l
}

func TestTypeLanguage(t *testing.T) {
	mountSource, _ := Alias("mount-source")
	tests := []struct {
		name string
		x    Expr
		want Type
	}{
		{"basic", Str("str"), StrType},
		{"basic of public files", Str("data-size"), DataSizeType},
		{"alias", Str("mount-source"), mountSource},
		{"list", strs("int"), ListType{IntType}},
		{"list of lists", NewList(strs("int")), ListType{ListType{IntType}}},
		{"list of a type named like an operator's operand", NewList(NewMap("a", Str("any"))), ListType{RecordType{[]Field{{"a", AnyType}}}}},
		{"record", NewMap("b", Str("int"), "a", strs("maybe", "str")), RecordType{[]Field{{"b", IntType}, {"a", MaybeType{StrType}}}}},
		{"empty record", &Map{}, RecordType{}},
		{"either", NewList(Str("either"), Str("str"), strs("int")), EitherType{[]Type{StrType, ListType{IntType}}}},
		{"default", NewList(Str("default"), Str("int"), Num(3)), &DefaultType{IntType, Num(3)}},
		{"default of a record", NewList(Str("default"), NewMap("a", Str("str")), NewMap("a", Str("x"))), &DefaultType{RecordType{[]Field{{"a", StrType}}}, NewMap("a", Str("x"))}},
		{"enum", NewList(Str("enum"), Num(1), Str("maybe")), EnumType{[]Expr{Num(1), Str("maybe")}}},
		{"maybe", strs("maybe", "id"), MaybeType{IDType}},
		{"maybe a list", NewList(Str("maybe"), strs("env-var")), MaybeType{ListType{mustAlias("env-var")}}},
		{"regex", strs("regex", "^a+$"), RegexType{"^a+$"}},
		{"map", strs("map", "str", "int"), MapType{StrType, IntType}},
	}
	for _, test := range tests {
		got, diags := ParseType(test.x)
		if len(diags) > 0 || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v, want %#v; %v", test.name, got, test.want, diags)
		}
		if back := TypeExpr(got); !Equal(back, test.x) {
			t.Errorf("%s: written as %#v", test.name, back)
		}
	}
}

func mustAlias(name string) Type {
	t, ok := Alias(name)
	if !ok {
		panic(name)
	}
	return t
}

// TestTypeErrors expects exactly one diagnostic, at the part that is wrong, and
// any in its place.
func TestTypeErrors(t *testing.T) {
	at := func(x Expr) Expr { x.GetMeta().Rng.Start.Line = 7; return x }
	tests := []struct {
		name string
		x    Expr
		want Type
	}{
		{"unknown name", at(Str("strng")), AnyType},
		{"inside a record", NewMap("a", at(Str("strng")), "b", Str("int")), RecordType{[]Field{{"a", AnyType}, {"b", IntType}}}},
		{"number", at(Num(1)), AnyType},
		{"null", at(&Null{}), AnyType},
		{"empty list", at(NewList()), AnyType},
		{"list of several", at(NewList(Num(1), Num(2))), AnyType},
		{"unknown operator", NewList(at(Str("one-of")), Str("a")), AnyType},
		{"default without value", at(strs("default", "str")), AnyType},
		{"maybe of two", at(strs("maybe", "str", "int")), AnyType},
		{"map of one", at(strs("map", "str")), AnyType},
		{"regex of a number", NewList(Str("regex"), at(Num(1))), AnyType},
	}
	for _, test := range tests {
		got, diags := ParseType(test.x)
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v, want %#v", test.name, got, test.want)
		}
		if len(diags) != 1 || diags[0].Code != "type/syntax" || diags[0].Subject.Start.Line != 7 {
			t.Errorf("%s: diagnostics %+v", test.name, diags)
		}
	}
}

func TestIsOptional(t *testing.T) {
	maybe := MaybeType{StrType}
	for _, test := range []struct {
		t    Type
		want bool
	}{{StrType, false}, {maybe, true}, {&DefaultType{StrType, Str("")}, true}, {ListType{maybe}, false}, {AliasType{"a", maybe}, true}, {AliasType{"a", StrType}, false}, {EitherType{[]Type{maybe}}, false}} {
		if got := IsOptional(test.t); got != test.want {
			t.Errorf("%#v: got %v", test.t, got)
		}
	}
}

func TestUnwrap(t *testing.T) {
	for _, wrapped := range []Type{IntType, MaybeType{IntType}, &DefaultType{MaybeType{IntType}, Num(1)}, AliasType{"a", &DefaultType{IntType, Num(1)}}} {
		if got := Unwrap(wrapped); got != IntType {
			t.Errorf("%#v: got %#v", wrapped, got)
		}
	}
	list := ListType{MaybeType{IntType}}
	if got := Unwrap(list); got != list {
		t.Errorf("%#v: got %#v", list, got)
	}
}
