package check

import (
	"hull/ir"
)

// inferCode is the type of what code yields, or nil where that is not known.
// It knows conversions, comparisons, literals and a param as it is.
func (t *typing) inferCode(x *ir.Code) ir.Type {
	if p := soleParam(x, t.params); p != nil {
		return p.Type
	}
	switch x.Lang {
	case ir.JS:
		toks := lexJS(x.Source)
		for len(toks) > 0 && toks[len(toks)-1].isPunct(";") {
			toks = toks[:len(toks)-1]
		}
		return inferJS(toks)
	case ir.Clojure:
		return inferClojure(lexClojure(x.Source))
	}
	return nil
}

// looseNumber is what parseFloat yields: a number that may well be an integer.
var looseNumber = ir.EitherType{Types: []ir.Type{ir.IntType}}

func inferJS(toks []token) ir.Type {
	for len(toks) > 2 && toks[0].isPunct("(") && jsClosing(toks, 0) == len(toks)-1 {
		toks = toks[1 : len(toks)-1]
	}
	outer := outermost(toks)
	switch {
	case len(outer) == 0 || hasPunct(outer, "?", "&&", "||", "??", ",", ";", "=>", "=", "{"):
		return nil
	case hasPunct(outer, "===", "!==", "==", "!=", "<", ">", "<=", ">="):
		return ir.BoolType
	case outer[0].isPunct("!"):
		return unlessPunct(outer[1:], ir.BoolType)
	case len(outer) == 1:
		return inferJSLiteral(outer[0])
	case outer[0].kind == stringToken || outer[0].kind == templateToken:
		return concatenation(outer)
	}
	if called, ok := calledJS(outer); ok {
		return jsConversions[called]
	}
	return nil
}

// jsConversions are the types of what functions yield. parseFloat may yield an
// integer as well: JavaScript has one type for both.
var jsConversions = map[string]ir.Type{
	"parseInt": ir.IntType, "Number.parseInt": ir.IntType,
	"parseFloat": looseNumber, "Number.parseFloat": looseNumber, "Number": looseNumber,
	"Boolean": ir.BoolType, "String": ir.StrType, "JSON.stringify": ir.StrType,
}

// calledJS is the function of "f(…)" or "a.f(…)"; ok is false for anything else.
func calledJS(outer []token) (name string, ok bool) {
	n := len(outer)
	if n < 3 || !outer[n-2].isPunct("(") || !outer[n-1].isPunct(")") {
		return "", false
	}
	for _, t := range outer[:n-2] {
		if t.kind != identToken && !t.isPunct(".") {
			return "", false
		}
		name += t.text
	}
	return name, true
}

// outermost are the tokens outside of all brackets, with the brackets; those of
// a template's ${…} are left out altogether.
func outermost(toks []token) []token {
	var out []token
	for i := 0; i < len(toks); i++ {
		switch {
		case toks[i].isPunct("${"):
			i = jsClosing(toks, i)
		case toks[i].isPunct("(", "[", "{"):
			out = append(out, toks[i])
			if end := jsClosing(toks, i); end > i {
				out = append(out, toks[end])
				i = end
			}
		default:
			out = append(out, toks[i])
		}
	}
	return out
}

// jsClosing is the index of the mark that closes the one at i, or the last.
func jsClosing(toks []token, i int) int {
	depth := 0
	for ; i < len(toks); i++ {
		if toks[i].isPunct("(", "[", "{", "${") {
			depth++
		} else if toks[i].isPunct(")", "]", "}") {
			if depth--; depth <= 0 {
				return i
			}
		}
	}
	return len(toks) - 1
}

func hasPunct(toks []token, marks ...string) bool {
	for _, t := range toks {
		if t.isPunct(marks...) {
			return true
		}
	}
	return false
}

// unlessPunct is a type, provided that no operator takes the operand further.
func unlessPunct(operand []token, t ir.Type) ir.Type {
	if hasPunct(operand, "+", "-", "*", "/", "%", "&", "|", "^") {
		return nil
	}
	return t
}

func inferJSLiteral(t token) ir.Type {
	switch {
	case t.kind == stringToken || t.kind == templateToken:
		return ir.StrType
	case t.is(identToken, "true", "false"):
		return ir.BoolType
	case t.kind == numberToken && integerText.MatchString(t.text):
		return ir.IntType
	case t.kind == numberToken && numberText.MatchString(t.text):
		return ir.NumType
	}
	return nil
}

// concatenation is a string where all that follows one is added to it.
func concatenation(outer []token) ir.Type {
	if !outer[1].isPunct("+") || hasPunct(outer, "-", "*", "/", "%") {
		return nil
	}
	return ir.StrType
}

// soleParam is the param that is all the code reads, as it is: params['x'],
// (:x params). It is nil for any other code.
func soleParam(x *ir.Code, params []*ir.Param) *ir.Param {
	use, toks := paramUse{whole: true}, []token(nil)
	switch x.Lang {
	case ir.JS:
		toks = lexJS(x.Source)
		use = jsParams(toks)
	case ir.Clojure:
		toks = lexClojure(x.Source)
		use = clojureParams(toks)
	}
	if use.whole || len(use.keys) != 1 || len(toks) > 4 {
		return nil
	}
	for _, p := range params {
		if spelling(x.Lang, p.ID) == use.keys[0] {
			return p
		}
	}
	return nil
}

// spelling is the key under which code of a language finds a param.
func spelling(lang ir.Lang, id string) string {
	if lang == ir.JS {
		return ir.CamelCase(id)
	}
	return id
}

// clojureCalls are the types of what functions yield.
var clojureCalls = map[string]ir.Type{
	"str": ir.StrType, "name": ir.StrType, "format": ir.StrType, "str/join": ir.StrType, "clojure.string/join": ir.StrType,
	"=": ir.BoolType, "not=": ir.BoolType, "not": ir.BoolType, "empty?": ir.BoolType, "boolean": ir.BoolType,
	"nil?": ir.BoolType, "some?": ir.BoolType, "string?": ir.BoolType, "<": ir.BoolType, ">": ir.BoolType,
	"parse-long": ir.IntType, "Integer/parseInt": ir.IntType, "Long/parseLong": ir.IntType, "int": ir.IntType,
	"parse-double": looseNumber, "Double/parseDouble": looseNumber,
}

func inferClojure(toks []token) ir.Type {
	switch {
	case len(toks) == 1 && toks[0].kind == stringToken:
		return ir.StrType
	case len(toks) == 1 && toks[0].is(identToken, "true", "false"):
		return ir.BoolType
	case len(toks) == 1 && toks[0].kind == numberToken && integerText.MatchString(toks[0].text):
		return ir.IntType
	case len(toks) < 3 || !toks[0].isPunct("(") || closing(toks, 0) != len(toks)-1:
		return nil
	case toks[1].kind == identToken && clojureCalls[toks[1].text] != nil:
		return clojureCalls[toks[1].text]
	}
	return nil
}
