package ir

import (
	"fmt"
	"slices"

	"hull/ir/diag"
)

var basicTypes = []Basic{
	StrType, BoolType, IntType, NumType, IDType, AnyType, CodeType, DockerImageType, AbsolutePathType,
	URLPathType, DurationType, HTTPMethodType, DatasetSinkType, InstanceTypeType, DataSizeType, ServiceRefType,
}

// TypeCodes documents the diagnostics of ParseType.
var TypeCodes = []diag.Info{{
	Code: "type/syntax", Severity: diag.Error,
	Summary: "A parameter type is not written in the type language.",
	Detail: "Types are basic (str, int, num, bool, …), an alias (env-var, mount-source, service-spec), " +
		"a list [T], a record {key: T}, or one of [default, T, value], [maybe, T], [either, T, …], " +
		"[enum, value, …], [regex, pattern] and [map, K, V].",
}}

// ParseType reads a type from the data that writes it down. What it does not
// understand becomes "any", with a diagnostic.
//
// Source: the Polytope reference, "Param type DSL"; [map, K, V] from notes.md.
func ParseType(x Expr) (Type, []diag.Diagnostic) {
	p := &typeParser{}
	t := p.parse(x)
	return t, p.diags
}

type typeParser struct{ diags []diag.Diagnostic }

func (p *typeParser) fail(x Expr, format string, args ...any) Type {
	p.diags = append(p.diags, diag.Diagnostic{
		Severity: diag.Error, Code: "type/syntax",
		Message: fmt.Sprintf(format, args...), Subject: x.GetMeta().Rng,
	})
	return AnyType
}

func (p *typeParser) parse(x Expr) Type {
	switch x := x.(type) {
	case *String:
		return p.named(x)
	case *Map:
		t := RecordType{}
		for _, e := range x.Entries {
			t.Fields = append(t.Fields, Field{e.Key, p.parse(e.Value)})
		}
		return t
	case *List:
		return p.list(x)
	}
	return p.fail(x, "a type is a name, a list or a map")
}

func (p *typeParser) named(x *String) Type {
	if slices.Contains(basicTypes, Basic(x.Value)) {
		return Basic(x.Value)
	}
	if a, ok := Alias(x.Value); ok {
		return a
	}
	return p.fail(x, "unknown type %q", x.Value)
}

// list tells [T] from [maybe, T]: a list of one element is a list type
// whatever the element, and the operators all take an operand.
func (p *typeParser) list(x *List) Type {
	if len(x.Items) == 1 {
		return ListType{p.parse(x.Items[0])}
	}
	if len(x.Items) == 0 {
		return p.fail(x, "an empty list is no type; a list of anything is [any]")
	}
	op, _ := x.Items[0].(*String)
	if op == nil {
		return p.fail(x, "a list of several items is no type; a union is [either, …]")
	}
	args := x.Items[1:]
	if want, ok := typeArity[op.Value]; ok && len(args) != want {
		return p.fail(x, "%s takes %d operands, not %d", op.Value, want, len(args))
	}
	switch op.Value {
	case "maybe":
		return MaybeType{p.parse(args[0])}
	case "default":
		return &DefaultType{p.parse(args[0]), args[1]}
	case "map":
		return MapType{p.parse(args[0]), p.parse(args[1])}
	case "enum":
		return EnumType{args}
	case "either":
		t := EitherType{}
		for _, a := range args {
			t.Types = append(t.Types, p.parse(a))
		}
		return t
	case "regex":
		if s, ok := args[0].(*String); ok {
			return RegexType{s.Value}
		}
		return p.fail(args[0], "regex takes a pattern")
	}
	return p.fail(op, "unknown type operator %q", op.Value)
}

var typeArity = map[string]int{"maybe": 1, "default": 2, "map": 2, "regex": 1}

// TypeExpr writes a type as data; ParseType reads it back.
func TypeExpr(t Type) Expr {
	switch t := t.(type) {
	case Basic:
		return Str(string(t))
	case AliasType:
		return Str(t.Name)
	case ListType:
		return NewList(TypeExpr(t.Elem))
	case RecordType:
		m := &Map{}
		for _, f := range t.Fields {
			m.Set(f.Key, TypeExpr(f.Type))
		}
		return m
	case MapType:
		return NewList(Str("map"), TypeExpr(t.Key), TypeExpr(t.Value))
	case EitherType:
		l := NewList(Str("either"))
		for _, u := range t.Types {
			l.Items = append(l.Items, TypeExpr(u))
		}
		return l
	case *DefaultType:
		return NewList(Str("default"), TypeExpr(t.Type), t.Value)
	case MaybeType:
		return NewList(Str("maybe"), TypeExpr(t.Type))
	case EnumType:
		return NewList(append([]Expr{Str("enum")}, t.Values...)...)
	case RegexType:
		return NewList(Str("regex"), Str(t.Pattern))
	}
	panic(fmt.Sprintf("ir: unknown type %T", t))
}
