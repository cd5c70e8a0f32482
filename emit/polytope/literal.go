package polytope

import (
	"bytes"
	"encoding/json"
	"strings"

	"hull/ir"
)

// literalCode is code that yields a text, for one that could be read as a
// reference.
func literalCode(s string) *ir.Code {
	return &ir.Code{Lang: ir.JS, Source: jsString(s)}
}

// hideReferences breaks up what starts a reference with JavaScript's escapes:
// what searches the code's text for references must not find any.
var hideReferences = strings.NewReplacer("pt.", `pt\x2e`, "pt-", `pt\x2d`, "{", `\x7b`, "}", `\x7d`)

// jsString is a JavaScript string literal on one line. JSON's escapes are a
// subset of JavaScript's (ECMA-262, 12.9.4).
func jsString(s string) string { return hideReferences.Replace(jsonString(s)) }

// jsonString is a JSON string literal without the escapes for HTML. It is one
// of EDN too: both have the escapes \" \\ \b \f \n \r \t and \uXXXX.
func jsonString(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // strings cannot fail to encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// paramAccess is the JavaScript that reads a param.
func paramAccess(id string) string { return "params['" + ir.CamelCase(id) + "']" }
