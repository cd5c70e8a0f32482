package ir

import (
	"regexp"
	"slices"
	"strings"
)

// openTypes take what hull cannot judge: their definitions are not public.
var openTypes = []Basic{AnyType, CodeType, DatasetSinkType, InstanceTypeType, DataSizeType, ServiceRefType}

// IsOpen tells whether the type takes anything, as far as is known.
func (t Basic) IsOpen() bool { return slices.Contains(openTypes, t) }

// AcceptsNull tells whether null is of the type. A type that is not known (nil)
// accepts it.
func AcceptsNull(t Type) bool {
	switch t := t.(type) {
	case nil:
		return true
	case Basic:
		return t.IsOpen()
	case AliasType:
		return AcceptsNull(t.Type)
	case MaybeType, *DefaultType:
		return true
	case EitherType:
		return slices.ContainsFunc(t.Types, AcceptsNull)
	case EnumType:
		return slices.ContainsFunc(t.Values, IsNull)
	}
	return false
}

// Fits tells whether data is of the type, which is not open.
func (t Basic) Fits(x Expr) bool {
	switch x := x.(type) {
	case *Bool:
		return t == BoolType
	case *Int:
		return t == IntType || t == NumType
	case *Float:
		return t == NumType
	case *String:
		return t.fitsText(x.Value)
	}
	return false
}

func (t Basic) fitsText(s string) bool {
	switch t {
	case IntType, NumType, BoolType:
		return false
	case IDType:
		return IsID(s)
	case DockerImageType:
		return s != "" && !strings.ContainsAny(s, " \t\n")
	case AbsolutePathType:
		return strings.HasPrefix(s, "/")
	}
	return true
}

// Fits is lenient: whether Polytope wants the whole text to match is not
// documented, and a pattern may be one that only Java knows.
func (t RegexType) Fits(x Expr) bool {
	s, ok := x.(*String)
	if !ok {
		return false
	}
	re, err := regexp.Compile(t.Pattern)
	return err != nil || re.MatchString(s.Value)
}

// Has tells whether an expression says the same as a member.
func (t EnumType) Has(x Expr) bool {
	return slices.ContainsFunc(t.Values, func(v Expr) bool { return Equal(v, x) })
}

// Distinct is the type with each of its members once.
func (t EnumType) Distinct() EnumType {
	out := EnumType{}
	for _, v := range t.Values {
		if !out.Has(v) {
			out.Values = append(out.Values, v)
		}
	}
	return out
}

// Absent are the keys that a map has not, in the order of the type.
func (t RecordType) Absent(m *Map) []string {
	var keys []string
	for _, f := range t.Fields {
		if m.Get(f.Key) == nil {
			keys = append(keys, f.Key)
		}
	}
	return keys
}
