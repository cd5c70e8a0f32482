package polytope

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"

	"hull/ir"
)

// referenceStart and referenceInside are the spellings of references and code:
// the reference's own ("pt.value x", "{pt.param x}", "#pt-js …", "pt.clj …"),
// and those of the older and newer dialects in notes.md ("#pt-value x",
// "pt.input x"). They match more than Polytope reads: a literal that is
// needlessly written as code is still that literal.
var (
	referenceStart  = regexp.MustCompile(`^(#pt-|pt\.[a-z-]+\s|pt\.(values?|secrets?|params?|inputs?)$|pt\.(clj|js|py))`)
	referenceInside = regexp.MustCompile(`\{\s*#?pt[.-]`)
)

// LooksLikeReference tells whether Polytope could read a text as a reference
// to a value, a secret or a param, as an interpolation, or as code.
func LooksLikeReference(s string) bool {
	start := strings.TrimLeftFunc(s, isBlank)
	return referenceStart.MatchString(start) || referenceInside.MatchString(s)
}

// isBlank holds for every space that a parser may trim.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// containsReference tells whether a literal anywhere in x looks like a
// reference.
func containsReference(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		s, ok := n.(*ir.String)
		found = found || ok && LooksLikeReference(s.Value)
		return !found
	})
	return found
}

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
