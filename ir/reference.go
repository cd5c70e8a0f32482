package ir

import (
	"regexp"
	"strings"
	"unicode"
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
// to a value, a secret or a param, as an interpolation, or as code. A literal
// never becomes a reference (design.md, law 4): a writer has to write a literal
// of which this holds so that it is read as that text, which takes code.
func LooksLikeReference(s string) bool {
	start := strings.TrimLeftFunc(s, isBlank)
	return referenceStart.MatchString(start) || referenceInside.MatchString(s)
}

// isBlank holds for every space that a parser may trim.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// HoldsLookalike tells whether a literal anywhere in an expression looks like a
// reference.
func HoldsLookalike(x Expr) bool {
	found := false
	Walk(x, func(n Node) bool {
		s, ok := n.(*String)
		found = found || ok && LooksLikeReference(s.Value)
		return !found
	})
	return found
}
