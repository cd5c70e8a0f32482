package ir

import "testing"

func TestBasicFits(t *testing.T) {
	for _, test := range []struct {
		of   Basic
		x    Expr
		want bool
	}{
		{IntType, Num(1), true},
		{IntType, &Float{Value: 1.5}, false},
		{IntType, Str("1"), false},
		{NumType, Num(1), true},
		{NumType, &Float{Value: 1.5}, true},
		{BoolType, &Bool{}, true},
		{BoolType, Str("true"), false},
		{StrType, Str(""), true},
		{StrType, Num(1), false},
		{StrType, NewList(), false},
		{IDType, Str("a_b-1"), true},
		{IDType, Str("A"), false},
		{DockerImageType, Str("a:1"), true},
		{DockerImageType, Str("a b"), false},
		{DockerImageType, Str(""), false},
		{AbsolutePathType, Str("/a"), true},
		{AbsolutePathType, Str("a"), false},
	} {
		if test.of.Fits(test.x) != test.want {
			t.Errorf("%#v is of %s: %v, want %v", test.x, test.of, !test.want, test.want)
		}
	}
}

func TestRegexFits(t *testing.T) {
	for pattern, want := range map[string]bool{"^a": true, "^b": false, "(?<!x)a": true} {
		if (RegexType{pattern}).Fits(Str("ab")) != want {
			t.Errorf("%q fits: %v, want %v", pattern, !want, want)
		}
	}
	if (RegexType{"1"}).Fits(Num(1)) {
		t.Error("a number matches no pattern")
	}
}

func TestAcceptsNull(t *testing.T) {
	for _, accepts := range []Type{
		nil, AnyType, DataSizeType,
		MaybeType{StrType},
		&DefaultType{Type: StrType},
		EitherType{[]Type{StrType, MaybeType{IntType}}},
		EnumType{[]Expr{Str("a"), &Null{}}},
		AliasType{Type: AnyType},
	} {
		if !AcceptsNull(accepts) {
			t.Errorf("%#v accepts null", accepts)
		}
	}
	for _, refuses := range []Type{StrType, ListType{AnyType}, RecordType{}, EnumType{[]Expr{Str("a")}}, EitherType{[]Type{StrType}}} {
		if AcceptsNull(refuses) {
			t.Errorf("%#v does not accept null", refuses)
		}
	}
}

func TestEnum(t *testing.T) {
	enum := EnumType{[]Expr{Str("a"), Num(1), Str("a")}}
	if !enum.Has(Num(1)) || enum.Has(Str("1")) {
		t.Error("members are told apart by their kind")
	}
	if n := len(enum.Distinct().Values); n != 2 {
		t.Errorf("%d distinct members, want 2", n)
	}
}
