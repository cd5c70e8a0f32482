package check

import (
	"strings"
	"unicode"
)

// lexClojure cuts Clojure into tokens (clojure.org, "The Reader").
func lexClojure(src string) []token {
	l := &lexer{src: []rune(src)}
	for l.pos < len(l.src) {
		l.nextClojure()
	}
	return l.toks
}

func (l *lexer) nextClojure() {
	switch r := l.src[l.pos]; {
	case unicode.IsSpace(r) || r == ',':
		l.pos++
	case r == ';':
		l.skipPast("\n")
	case r == '"':
		l.add(stringToken, l.quoted())
	case r == '\\':
		start := l.pos
		l.pos = min(l.pos+2, len(l.src))
		l.takeWhile(unicode.IsLetter)
		l.add(numberToken, string(l.src[start:l.pos])) // a character
	case r == ':':
		l.pos++
		l.add(keywordToken, strings.TrimPrefix(l.takeWhile(isClojureSymbol), ":"))
	case strings.ContainsRune("()[]{}'`~@^#", r):
		l.add(punctToken, string(r))
		l.pos++
	case unicode.IsDigit(r):
		l.add(numberToken, l.takeWhile(isClojureSymbol))
	case isClojureSymbol(r):
		l.add(identToken, l.takeWhile(isClojureSymbol))
	default:
		l.add(punctToken, string(r))
		l.pos++
	}
}

func isClojureSymbol(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("*+!-_?<>=/.:&|%$#'", r)
}

// clojureParams finds the params that Clojure reads. Code that binds the name
// params itself is left alone.
func clojureParams(toks []token) paramUse {
	var use paramUse
	for i, t := range toks {
		if !t.is(identToken, "params") {
			continue
		}
		if i > 0 && toks[i-1].isPunct("[") {
			return paramUse{whole: true} // bound, or put into a vector
		}
		keys, ok := clojureAccess(toks, i)
		use.keys = append(use.keys, keys...)
		use.whole = use.whole || !ok
	}
	return use
}

// clojureAccess is what an occurrence of params at i reads; ok is false where
// that cannot be told.
func clojureAccess(toks []token, i int) (keys []string, ok bool) {
	at := func(n int) token {
		if i+n >= 0 && i+n < len(toks) {
			return toks[i+n]
		}
		return token{}
	}
	isCall := at(-2).isPunct("(")
	switch {
	case isCall && at(-1).kind == keywordToken: // (:key params)
		return []string{at(-1).text}, true
	case at(-1).isPunct("(") && at(1).kind == keywordToken: // (params :key)
		return []string{at(1).text}, true
	case isCall && at(-1).is(identToken, "get", "contains?", "->", "some->") && at(1).kind == keywordToken:
		return []string{at(1).text}, true
	case isCall && at(-1).is(identToken, "get-in") && at(1).isPunct("[") && at(2).kind == keywordToken:
		return []string{at(2).text}, true
	case at(-1).isPunct("}"): // {:keys [a b], c :c} params
		return destructuredClojure(toks[:i-1])
	}
	return nil, false
}

// destructuredClojure are the keys of a binding map whose tokens are the last
// ones; ok is false where they are not all there is.
func destructuredClojure(toks []token) (keys []string, ok bool) {
	start := lastOpening(toks)
	if start < 0 {
		return nil, false
	}
	forms := toks[start+1:]
	for i := 0; i < len(forms); i++ {
		switch t := forms[i]; {
		case t.is(keywordToken, "as"):
			return keys, false
		case t.is(keywordToken, "or"):
			i = closing(forms, i+1)
		case t.is(keywordToken, "keys") && i+1 < len(forms) && forms[i+1].isPunct("["):
			end := closing(forms, i+1)
			for _, symbol := range forms[min(i+2, end):end] {
				keys = append(keys, symbol.text)
			}
			i = end
		case t.kind == keywordToken:
			keys = append(keys, t.text)
		}
	}
	return keys, true
}

// closing is the index of the mark that closes the one at i.
func closing(toks []token, i int) int {
	depth := 0
	for ; i < len(toks); i++ {
		if toks[i].isPunct("(", "[", "{") {
			depth++
		} else if toks[i].isPunct(")", "]", "}") {
			if depth--; depth <= 0 {
				return i
			}
		}
	}
	return len(toks) - 1
}
