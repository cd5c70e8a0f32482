// Package schema writes the JSON Schema of Polytope files, for editors. Its
// facts are those of the checker: the signatures of the built-in modules and
// the param types.
//
// The schema is one of draft 2020-12 that programs for draft 7 understand as
// well, as the YAML language server is: tuples aside, it uses what both have.
//
// Source: the Polytope reference, "Polytope Data Types And Specification".
package schema

import (
	"bytes"
	"encoding/json"
	"strings"

	"hull/ir"
	"hull/ir/builtin"
)

// object is a part of a schema. encoding/json sorts its keys.
type object = map[string]any

// Generate is the schema as indented JSON.
func Generate() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func root() object {
	defs := object{
		"module": module(), "template": template(), "step": step(),
		"param": param(), "type": typeLanguage(), "run-when": runWhen(),
	}
	for _, name := range ir.AliasNames() {
		alias, _ := ir.Alias(name)
		defs[name] = typeSchema(alias.Type)
	}
	for _, m := range builtin.Modules() {
		defs[argsName(m.ID)] = args(m)
	}
	return object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Polytope file",
		"type":                 "object",
		"additionalProperties": false,
		"properties": object{
			"modules":   described("Reusable units: each calls another module, or runs code.", listOf(def("module"))),
			"templates": described("Jobs: the steps that run together.", listOf(def("template"))),
		},
		"$defs": defs,
	}
}

func def(name string) object { return object{"$ref": "#/$defs/" + name} }

func listOf(items object) object { return object{"type": []string{"array", "null"}, "items": items} }

func described(text string, s object) object {
	if text != "" {
		s["description"] = text
	}
	return s
}

func text(description string) object { return object{"type": "string", "description": description} }

func id(description string) object {
	return object{
		"type": "string", "pattern": "^[a-z0-9_-]+$", "description": description,
		"patternErrorMessage": "An id has only 0–9, a–z, _ and -.",
	}
}

// moduleRef is a reference to a module, with the built-in ones as suggestions.
//
// Source: notes.md, on ModuleRef.
func moduleRef() object {
	var known []string
	for _, m := range builtin.Modules() {
		known = append(known, m.ID)
	}
	return object{
		"description": "The module to call: one of this file by its id, or owner/project.",
		"anyOf": []object{
			{"enum": append(known, builtin.Named()...)},
			{"type": "string", "pattern": refPattern},
		},
	}
}

const refPattern = `^[a-z0-9_-]+(/[a-z0-9_-]+(@[a-zA-Z0-9_.-]+)?(:[a-z0-9_/-]+)?(![a-z0-9_-]+)?)?$`

func module() object {
	return object{
		"type":                 "object",
		"additionalProperties": false,
		"required":             []string{"id"},
		"properties": object{
			"id":          id("Uniquely identifies the module."),
			"info":        text("What the module is for."),
			"api-version": object{"type": "string"},
			"default?":    object{"type": "boolean"},
			"params":      described("What the module takes.", listOf(def("param"))),
			"module":      moduleRef(),
			"args":        object{"type": []string{"object", "null"}, "description": "Arguments for the called module."},
			"code":        text("Code to run: #pt-clj …, #pt-js … or #pt-py …."),
		},
		"oneOf": []object{{"required": []string{"code"}}, {"required": []string{"module"}}},
		"allOf": calls(),
	}
}

func template() object {
	return object{
		"type":                 "object",
		"additionalProperties": false,
		"required":             []string{"id", "run"},
		"properties": object{
			"id":     id("Uniquely identifies the template."),
			"info":   text("What the template is for."),
			"params": described("What the template takes.", listOf(def("param"))),
			"run":    described("The steps to run.", listOf(def("step"))),
		},
	}
}

// step is a module reference, or a call. What is said of texts does not concern
// maps, and the reverse.
func step() object {
	return object{
		"type":                 []string{"object", "string"},
		"pattern":              refPattern,
		"additionalProperties": false,
		"required":             []string{"module"},
		"properties": object{
			"id":       id("The step's id, where it is not that of its module."),
			"module":   moduleRef(),
			"args":     object{"type": []string{"object", "null"}, "description": "Arguments for the called module."},
			"run-when": def("run-when"),
		},
		"allOf": calls(),
	}
}

func runWhen() object {
	return object{
		"type":                 []string{"object", "null"},
		"additionalProperties": false,
		"properties": object{
			"after":           text("The step that must have ended first. A service never ends."),
			"after-condition": object{"enum": []string{"success", "always", "failed"}},
		},
	}
}

// calls hold the arguments of a call against the signature of the built-in
// module that it is one of.
func calls() []object {
	var all []object
	for _, m := range builtin.Modules() {
		then := object{"properties": object{"args": def(argsName(m.ID))}}
		for _, p := range m.Params {
			if !ir.IsOptional(p.Type) {
				then["required"] = []string{"args"}
			}
		}
		all = append(all, object{
			"if":   object{"properties": object{"module": object{"const": m.ID}}, "required": []string{"module"}},
			"then": then,
		})
	}
	return all
}

// argsName is the definition of a module's arguments. It needs no escapes.
func argsName(ref string) string {
	return "args." + strings.NewReplacer("/", ".", "!", ".").Replace(ref)
}

func args(m *ir.Module) object {
	record := ir.RecordType{}
	for _, p := range m.Params {
		record.Fields = append(record.Fields, ir.Field{Key: p.ID, Type: p.Type})
	}
	s := closedRecord(record)
	if s["required"] == nil {
		s["type"] = []string{"object", "null"}
	}
	described(m.Info, s)
	properties, _ := s["properties"].(object)
	for _, p := range m.Params {
		described(p.Info, properties[p.ID].(object))
	}
	return s
}

func param() object {
	return object{
		"type":                 "object",
		"additionalProperties": false,
		"required":             []string{"id", "type"},
		"properties": object{
			"id":   id("The name of the param."),
			"name": text("The name for people."),
			"info": text("What the param is for."),
			"type": described("What the param takes.", def("type")),
		},
	}
}

// typeLanguage is the language of param types.
//
// Source: the Polytope reference, "Param type DSL".
func typeLanguage() object {
	when := func(kind string, then object) object { return object{"if": object{"type": kind}, "then": then} }
	return object{
		"type": []string{"string", "array", "object"},
		"allOf": []object{
			when("string", object{"enum": ir.TypeNames()}),
			when("object", object{"additionalProperties": def("type")}),
			when("array", object{
				"minItems": 1,
				"if":       object{"maxItems": 1},
				"then":     object{"items": def("type")},
				"else":     object{"prefixItems": []object{{"enum": ir.TypeOperators()}}},
			}),
		},
	}
}
