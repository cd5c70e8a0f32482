package polytope

import "hull/ir"

// A type may be nil wherever one is expected here: it is not known.

// itemType is the type of a list's items.
func itemType(t ir.Type) ir.Type {
	var items ir.EitherType
	for _, u := range ir.Alternatives(t) {
		if l, ok := u.(ir.ListType); ok {
			items.Types = append(items.Types, l.Elem)
		}
	}
	if len(items.Types) == 0 {
		return nil
	}
	return items
}

// entryType is the type of a map's value under a key.
func entryType(t ir.Type, m *ir.Map, key string) ir.Type {
	best, bestScore := ir.Type(nil), 0
	for _, u := range ir.Alternatives(t) {
		if score := fit(u, m); best == nil || score > bestScore {
			best, bestScore = u, score
		}
	}
	switch u := best.(type) {
	case ir.RecordType:
		return u.Field(key)
	case ir.MapType:
		return u.Value
	}
	return nil
}

// fit grades how well a map fits a type. A literal that an enum excludes, such
// as the tag of another alternative, rules a record out.
func fit(t ir.Type, m *ir.Map) int {
	const never = -1 << 30
	record, ok := t.(ir.RecordType)
	if !ok {
		if _, ok := t.(ir.MapType); ok {
			return -1 << 20
		}
		return never
	}
	score := 0
	for _, f := range record.Fields {
		x := m.Get(f.Key)
		switch {
		case x != nil && excludes(f.Type, x):
			return never + 1
		case x != nil:
			score += 2
		case !ir.IsOptional(f.Type):
			score--
		}
	}
	return score
}

func excludes(t ir.Type, x ir.Expr) bool {
	s, ok := x.(*ir.String)
	if !ok {
		return false
	}
	enum, ok := ir.Unwrap(t).(ir.EnumType)
	return ok && !enum.Has(s)
}

// conversionTarget is what a string must become to fit the type: an int, a num
// or a bool. It reports false where a string may stay one.
func conversionTarget(t ir.Type) (ir.Basic, bool) {
	var target ir.Basic
	for _, u := range ir.Alternatives(t) {
		switch b := literalType(u); {
		case b == "":
			return "", false
		case b != composite && target == "":
			target = b
		}
	}
	return target, target != ""
}

// composite stands for every type of maps and lists.
const composite ir.Basic = "composite"

// literalType is int, num or bool where the type has no other values,
// composite for maps and lists, and empty for what a string may be.
func literalType(t ir.Type) ir.Basic {
	switch t := t.(type) {
	case ir.Basic:
		if t == ir.IntType || t == ir.NumType || t == ir.BoolType {
			return t
		}
	case ir.EnumType:
		return enumType(t)
	case ir.ListType, ir.RecordType, ir.MapType:
		return composite
	}
	return ""
}

func enumType(enum ir.EnumType) ir.Basic {
	var all ir.Basic
	for _, v := range enum.Values {
		var b ir.Basic
		switch v.(type) {
		case *ir.Int:
			b = ir.IntType
		case *ir.Bool:
			b = ir.BoolType
		}
		if b == "" || all != "" && all != b {
			return ""
		}
		all = b
	}
	return all
}

// isStringLike tells whether values of the type can be strings.
func isStringLike(t ir.Type) bool {
	for _, u := range ir.Alternatives(t) {
		if literalType(u) == "" {
			return true
		}
	}
	return false
}

// isName tells whether a text at the position is an id or a member of an enum.
func isName(t ir.Type, s *ir.String) bool {
	for _, u := range ir.Alternatives(t) {
		enum, ok := u.(ir.EnumType)
		if u == ir.IDType || ok && enum.Has(s) {
			return true
		}
	}
	return false
}
