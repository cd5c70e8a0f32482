package schema

import (
	"slices"

	"hull/ir"
)

// Where an argument is neither text nor anything, a text can still be what
// yields it: code, or a param. A value or a secret is text, and no more.
const (
	dynamic   = `^\s*(#pt-|pt\.)((js|clj|py)(\s|$)|params?\s)`
	reference = `^\s*(#pt-|pt\.)|\{\s*(#pt-|pt\.)`
)

const textMessage = "Of texts, only pt.param … and code may stand here. A value or secret takes a split: see hull explain check/split."

// typeSchema is what may stand where a type is wanted: data of the type, or a
// text that yields it.
func typeSchema(t ir.Type) object {
	switch t := t.(type) {
	case ir.Basic:
		return basicSchema(t)
	case ir.AliasType:
		return def(t.Name)
	case ir.MaybeType:
		return orNull(typeSchema(t.Type))
	case *ir.DefaultType:
		s := orNull(typeSchema(t.Type))
		s["default"] = data(t.Value)
		return s
	case ir.ListType:
		return yielded("array", object{"items": typeSchema(t.Elem)})
	case ir.MapType:
		return yielded("object", object{"additionalProperties": typeSchema(t.Value)})
	case ir.RecordType:
		return yielded("object", closedRecord(t))
	case ir.EnumType:
		return enumSchema(t)
	case ir.EitherType:
		return eitherSchema(t)
	}
	return object{"type": "string"} // a pattern, of a dialect that may not be JavaScript's
}

// yielded is a schema for data of a JSON type, or text that yields it.
func yielded(jsonType string, s object) object {
	s["type"] = []string{jsonType, "string"}
	s["pattern"] = dynamic
	s["patternErrorMessage"] = textMessage
	return s
}

// basicSchemas are the basic types that are not just any text.
var basicSchemas = map[ir.Basic]func() object{
	ir.IntType:  func() object { return yielded("integer", object{}) },
	ir.NumType:  func() object { return yielded("number", object{}) },
	ir.BoolType: func() object { return yielded("boolean", object{}) },
	ir.IDType: func() object {
		return object{
			"type": "string", "pattern": `^[a-z0-9_-]+$|` + reference,
			"patternErrorMessage": "An id has only 0–9, a–z, _ and -.",
		}
	},
	ir.AbsolutePathType: func() object {
		return object{
			"type": "string", "pattern": `^/|^\s*(#pt-|pt\.)|^\{\s*(#pt-|pt\.)`,
			"patternErrorMessage": "A path in a container begins with /.",
		}
	},
}

func basicSchema(t ir.Basic) object {
	if build := basicSchemas[t]; build != nil {
		return build()
	}
	if t.IsOpen() {
		return object{}
	}
	return object{"type": "string"}
}

// orNull takes null, too.
func orNull(s object) object {
	switch t := s["type"].(type) {
	case string:
		s["type"] = []string{t, "null"}
		return s
	case []string:
		if !slices.Contains(t, "null") {
			s["type"] = append(slices.Clone(t), "null")
		}
		return s
	}
	if len(s) == 0 {
		return s
	}
	return object{"anyOf": []object{s, {"type": "null"}}}
}

// closedRecord is a map with the record's keys and no others.
func closedRecord(t ir.RecordType) object {
	properties := object{}
	var required []string
	for _, f := range t.Fields {
		properties[f.Key] = typeSchema(f.Type)
		if !ir.IsOptional(f.Type) {
			required = append(required, f.Key)
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		s["required"] = required
	}
	return s
}

func enumSchema(t ir.EnumType) object {
	var members []any
	for _, v := range t.Values {
		members = append(members, data(v))
	}
	return object{"anyOf": []object{{"enum": members}, {"type": "string", "pattern": reference}}}
}

// eitherSchema is a union. Where a schema for all of it can be made that tells
// the alternatives apart, complaints are about the one that is meant.
func eitherSchema(t ir.EitherType) object {
	if records := recordsOf(t); records != nil {
		if s := tagged(records); s != nil {
			return s
		}
		if s := keyed(records); s != nil {
			return s
		}
	}
	var all []object
	for _, u := range t.Types {
		all = append(all, typeSchema(u))
	}
	if s, ok := merged(all); ok {
		return s
	}
	return object{"anyOf": all}
}

// recordsOf are the alternatives of a union, nested ones included, where all
// are records; else nil.
func recordsOf(t ir.EitherType) []ir.RecordType {
	var records []ir.RecordType
	for _, u := range t.Types {
		switch u := ir.Unwrap(u).(type) {
		case ir.RecordType:
			records = append(records, u)
		case ir.EitherType:
			inner := recordsOf(u)
			if inner == nil {
				return nil
			}
			records = append(records, inner...)
		default:
			return nil
		}
	}
	return records
}

// tagged is for records that each have one value of their own for a key, as
// mount sources have for type; nil where there is no such key.
func tagged(records []ir.RecordType) object {
	for _, f := range records[0].Fields {
		var tags []any
		var cases []object
		for _, r := range records {
			tag, ok := r.Field(f.Key).(ir.EnumType)
			if !ok || len(tag.Values) != 1 {
				break
			}
			tags = append(tags, data(tag.Values[0]))
			cases = append(cases, object{
				"if":   object{"properties": object{f.Key: object{"const": data(tag.Values[0])}}, "required": []string{f.Key}},
				"then": ofObjects(closedRecord(r)),
			})
		}
		if len(cases) != len(records) {
			continue
		}
		tag := object{"anyOf": []object{{"enum": tags}, {"type": "string", "pattern": reference}}}
		return yielded("object", object{
			"required": []string{f.Key}, "properties": object{f.Key: tag}, "allOf": cases,
		})
	}
	return nil
}

// keyed is for two records of which the second has a required key that the
// first does not know, as a range of ports has.
func keyed(records []ir.RecordType) object {
	if len(records) != 2 {
		return nil
	}
	for _, f := range records[1].Fields {
		if ir.IsOptional(f.Type) || records[0].Field(f.Key) != nil {
			continue
		}
		return yielded("object", object{
			"if":   object{"type": "object", "required": []string{f.Key}},
			"then": ofObjects(closedRecord(records[1])),
			"else": ofObjects(closedRecord(records[0])),
		})
	}
	return nil
}

// ofObjects says nothing of what is no object.
func ofObjects(s object) object {
	delete(s, "type")
	return s
}

// merged is one schema for several, where each JSON type is one's alone: what
// is said of lists does not concern texts. Any text takes those that yield.
func merged(all []object) (object, bool) {
	out, types := object{}, []string{}
	isAnyText := slices.ContainsFunc(all, func(s object) bool { return s["type"] == "string" && len(s) == 1 })
	for _, s := range all {
		for key, value := range s {
			isYielding := s["pattern"] == dynamic
			switch {
			case key == "type":
			case isYielding && (key == "pattern" || key == "patternErrorMessage"):
				if !isAnyText {
					out[key] = value
				}
			case key == "properties" || key == "required" || key == "additionalProperties" || key == "items":
				if out[key] != nil {
					return nil, false
				}
				out[key] = value
			default:
				return nil, false
			}
		}
		for _, t := range typesOf(s) {
			if slices.Contains(types, t) && t != "string" {
				return nil, false
			}
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
		if len(typesOf(s)) == 0 {
			return nil, false
		}
	}
	out["type"] = types
	return out, true
}

func typesOf(s object) []string {
	switch t := s["type"].(type) {
	case string:
		return []string{t}
	case []string:
		return t
	}
	return nil
}

// data is a literal as JSON has it.
func data(x ir.Expr) any {
	switch x := x.(type) {
	case *ir.Bool:
		return x.Value
	case *ir.Int:
		return x.Value
	case *ir.Float:
		return x.Value
	case *ir.String:
		return x.Value
	case *ir.List:
		all := []any{}
		for _, item := range x.Items {
			all = append(all, data(item))
		}
		return all
	case *ir.Map:
		all := object{}
		for _, e := range x.Entries {
			all[e.Key] = data(e.Value)
		}
		return all
	}
	return nil
}
