package check

import (
	"slices"
	"strings"
	"unicode"
)

// tokenKind is what a token of code is.
type tokenKind int

const (
	identToken tokenKind = iota + 1
	stringToken
	templateToken // a JavaScript template without its ${…}
	numberToken
	regexToken
	keywordToken // of Clojure, without its colon
	punctToken
)

// token is a piece of code. The text of a string is its content.
type token struct {
	kind tokenKind
	text string
}

func (t token) is(kind tokenKind, texts ...string) bool {
	return t.kind == kind && slices.Contains(texts, t.text)
}

// isPunct tells whether the token is one of these marks.
func (t token) isPunct(texts ...string) bool { return t.is(punctToken, texts...) }

// lexer cuts code into tokens. It accepts everything: what it does not know is
// a mark of one character.
type lexer struct {
	src  []rune
	pos  int
	toks []token
}

func (l *lexer) startsWith(s string) bool {
	return strings.HasPrefix(string(l.src[l.pos:min(len(l.src), l.pos+len(s))]), s)
}

func (l *lexer) add(kind tokenKind, text string) { l.toks = append(l.toks, token{kind, text}) }

// takeWhile takes the characters that belong, and returns them.
func (l *lexer) takeWhile(belongs func(rune) bool) string {
	start := l.pos
	for l.pos < len(l.src) && belongs(l.src[l.pos]) {
		l.pos++
	}
	return string(l.src[start:l.pos])
}

// skipPast moves behind the next occurrence of a text, or to the end.
func (l *lexer) skipPast(text string) {
	for l.pos < len(l.src) && !l.startsWith(text) {
		l.pos++
	}
	l.pos = min(l.pos+len([]rune(text)), len(l.src))
}

// quoted takes a string up to its closing quote; the opening one is next.
func (l *lexer) quoted() string {
	quote := l.src[l.pos]
	var b strings.Builder
	for l.pos++; l.pos < len(l.src) && l.src[l.pos] != quote; l.pos++ {
		if l.src[l.pos] == '\\' && l.pos+1 < len(l.src) {
			l.pos++
		}
		b.WriteRune(l.src[l.pos])
	}
	l.pos++
	return b.String()
}

// lexJS cuts JavaScript into tokens (ECMA-262, 12).
func lexJS(src string) []token {
	l := &lexer{src: []rune(src)}
	for l.pos < len(l.src) {
		l.nextJS()
	}
	return l.toks
}

func (l *lexer) nextJS() {
	switch r := l.src[l.pos]; {
	case unicode.IsSpace(r):
		l.pos++
	case l.startsWith("//"):
		l.skipPast("\n")
	case l.startsWith("/*"):
		l.skipPast("*/")
	case r == '"' || r == '\'':
		l.add(stringToken, l.quoted())
	case r == '`':
		l.template()
	case r == '/' && l.mayStartRegex():
		l.regex()
	case isJSIdent(r) && !unicode.IsDigit(r):
		l.add(identToken, l.takeWhile(isJSIdent))
	case unicode.IsDigit(r):
		l.add(numberToken, l.takeWhile(func(r rune) bool { return isJSIdent(r) || r == '.' }))
	default:
		l.mark(jsMarks)
	}
}

func isJSIdent(r rune) bool { return r == '$' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// jsMarks are the marks of several characters that matter here; longer ones
// first.
var jsMarks = []string{"===", "!==", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?."}

func (l *lexer) mark(marks []string) {
	for _, m := range marks {
		if l.startsWith(m) {
			l.add(punctToken, m)
			l.pos += len(m)
			return
		}
	}
	l.add(punctToken, string(l.src[l.pos]))
	l.pos++
}

// template takes a template: its text as one token, then the tokens of each
// ${…} between "${" and "}".
func (l *lexer) template() {
	var text strings.Builder
	var inner []token
	for l.pos++; l.pos < len(l.src) && l.src[l.pos] != '`'; {
		switch {
		case l.src[l.pos] == '\\' && l.pos+1 < len(l.src):
			text.WriteRune(l.src[l.pos+1])
			l.pos += 2
		case l.startsWith("${"):
			l.pos += 2
			inner = append(inner, l.substitution()...)
		default:
			text.WriteRune(l.src[l.pos])
			l.pos++
		}
	}
	l.pos++
	l.add(templateToken, text.String())
	l.toks = append(l.toks, inner...)
}

// substitution takes the tokens up to the "}" that ends a ${…}.
func (l *lexer) substitution() []token {
	sub := &lexer{src: l.src, pos: l.pos, toks: []token{{punctToken, "${"}}}
	for depth := 1; sub.pos < len(sub.src) && depth > 0; {
		n := len(sub.toks)
		sub.nextJS()
		for _, t := range sub.toks[n:] {
			if t.isPunct("{", "${") {
				depth++
			} else if t.isPunct("}") {
				depth--
			}
		}
	}
	l.pos = sub.pos
	return sub.toks
}

// mayStartRegex tells a regular expression from a division by what stands
// before.
func (l *lexer) mayStartRegex() bool {
	if len(l.toks) == 0 {
		return true
	}
	last := l.toks[len(l.toks)-1]
	return last.kind == punctToken && !last.isPunct(")", "]", "}") || last.is(identToken, "return", "typeof")
}

func (l *lexer) regex() {
	start, inClass := l.pos, false
	for l.pos++; l.pos < len(l.src) && (inClass || l.src[l.pos] != '/') && l.src[l.pos] != '\n'; l.pos++ {
		switch l.src[l.pos] {
		case '\\':
			l.pos++
		case '[':
			inClass = true
		case ']':
			inClass = false
		}
	}
	l.pos = min(l.pos+1, len(l.src))
	l.add(regexToken, string(l.src[start:l.pos]))
	l.takeWhile(isJSIdent) // flags
}

// paramUse is how code reads its params.
type paramUse struct {
	// keys are those that it reads by name, in their order.
	keys []string
	// whole says that it also uses params in another way, so that any may be
	// read.
	whole bool
}

// jsParams finds the params that JavaScript reads. Code that has a variable of
// its own called params is left alone.
func jsParams(toks []token) paramUse {
	var use paramUse
	for i, t := range toks {
		if !t.is(identToken, "params") || i > 0 && toks[i-1].isPunct(".", "?.") {
			continue
		}
		if declaresJS(toks, i) {
			return paramUse{whole: true}
		}
		keys, ok := jsAccess(toks, i)
		use.keys = append(use.keys, keys...)
		use.whole = use.whole || !ok
	}
	return use
}

// declaresJS tells whether the name at i is being declared: by const, let or
// var, or as a parameter of a function.
func declaresJS(toks []token, i int) bool {
	if i > 0 && toks[i-1].is(identToken, "const", "let", "var", "function") {
		return true
	}
	for i++; i < len(toks) && (toks[i].kind == identToken || toks[i].isPunct(",")); i++ {
	}
	if i < len(toks) && toks[i].isPunct("=>") {
		return true
	}
	return i+1 < len(toks) && toks[i].isPunct(")") && toks[i+1].isPunct("=>", "{")
}

// jsAccess is what an occurrence of params at i reads; ok is false where that
// cannot be told.
func jsAccess(toks []token, i int) (keys []string, ok bool) {
	at := func(n int) token {
		if i+n >= 0 && i+n < len(toks) {
			return toks[i+n]
		}
		return token{}
	}
	next := 1
	if at(1).isPunct("?.") && at(2).isPunct("[") {
		next = 2
	}
	switch {
	case at(next).isPunct("[") && (at(next+1).kind == stringToken || at(next+1).kind == templateToken) && at(next+2).isPunct("]"):
		return []string{at(next + 1).text}, true
	case at(1).isPunct(".", "?.") && at(2).kind == identToken && !at(3).isPunct("("):
		return []string{at(2).text}, true
	case at(-1).isPunct("=") && at(-2).isPunct("}"):
		return destructured(toks[:i-2])
	}
	return nil, false
}

// destructured are the keys of "{a, b: c, d = 1" at the end of the tokens; ok is
// false where they are not all there is.
func destructured(toks []token) (keys []string, ok bool) {
	start, depth := lastOpening(toks), 0
	if start < 0 {
		return nil, false
	}
	isKey := true
	for _, t := range toks[start+1:] {
		switch {
		case t.isPunct("..."):
			return keys, false
		case t.isPunct("{", "[", "("):
			depth++
		case t.isPunct("}", "]", ")"):
			depth--
		case depth == 0 && t.isPunct(","):
			isKey = true
			continue
		case depth == 0 && isKey && (t.kind == identToken || t.kind == stringToken):
			keys = append(keys, t.text)
		}
		isKey = false
	}
	return keys, true
}

// lastOpening is where the last bracket that the tokens leave open stands, or
// -1.
func lastOpening(toks []token) int {
	depth := 0
	for i := len(toks) - 1; i >= 0; i-- {
		if toks[i].isPunct("}", "]", ")") {
			depth++
		} else if toks[i].isPunct("{", "[", "(") {
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}
