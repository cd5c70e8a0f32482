package polytope

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hull/ir"
	"hull/ir/diag"
)

// token is the text up to the next space or delimiter.
func (r *ednReader) token() string {
	end := strings.IndexAny(r.rest(), " \t\r\n\f\v,()[]{}\";")
	if end < 0 {
		end = len(r.rest())
	}
	text := r.rest()[:end]
	r.skip(end)
	return text
}

// word reads a number, a keyword, a symbol, or one of nil, true and false.
func (r *ednReader) word(n *node) {
	start := r.pos
	text := r.token()
	at := r.from(start)
	switch {
	case text == "nil":
	case text == "true", text == "false":
		n.value = text == "true"
	case strings.HasPrefix(text, ":"):
		name := strings.TrimPrefix(text, ":")
		if name == "" || name[0] == ':' {
			r.error("a keyword without a name, or one that only code can resolve")
		}
		n.value = name
		n.isName = true
	case startsNumber.MatchString(text):
		n.value = r.ednNumber(at, text)
	default:
		n.kind, n.text = symbol, text
	}
}

var (
	startsNumber = regexp.MustCompile(`^[-+]?[0-9]`)
	ednInt       = regexp.MustCompile(`^[-+]?(?:0|[1-9][0-9]*)N?$`)
	ednFloat     = regexp.MustCompile(`^[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?M?$`)
	// Clojure's own, which its EDN reader takes as well.
	hexInt   = regexp.MustCompile(`^([-+]?)0[xX]([0-9a-fA-F]+)N?$`)
	octalInt = regexp.MustCompile(`^([-+]?)0([0-7]+)N?$`)
	radixInt = regexp.MustCompile(`^([-+]?)([0-9]{1,2})[rR]([0-9a-zA-Z]+)$`)
)

func (r *ednReader) ednNumber(at ir.Range, text string) any {
	switch {
	case ednInt.MatchString(text):
		return r.numberOf(at, strings.TrimSuffix(text, "N"), true)
	case hexInt.MatchString(text):
		m := hexInt.FindStringSubmatch(text)
		return r.radix(at, text, m[1]+m[2], 16)
	case octalInt.MatchString(text):
		m := octalInt.FindStringSubmatch(text)
		return r.radix(at, text, m[1]+m[2], 8)
	case radixInt.MatchString(text):
		m := radixInt.FindStringSubmatch(text)
		base, _ := strconv.Atoi(m[2])
		return r.radix(at, text, m[1]+m[3], base)
	case ednFloat.MatchString(text):
		return r.numberOf(at, strings.TrimSuffix(text, "M"), false)
	}
	r.badNumber(at, text)
	return text
}

func (r *ednReader) radix(at ir.Range, text, digits string, base int) any {
	if base >= 2 && base <= 36 {
		if n, err := strconv.ParseInt(digits, base, 64); err == nil {
			return n
		}
	}
	r.badNumber(at, text)
	return text
}

// characters are the names of those that have one.
var characters = map[string]string{
	"newline": "\n", "return": "\r", "space": " ", "tab": "\t", "formfeed": "\f", "backspace": "\b",
}

// character reads a character, which becomes a text.
func (r *ednReader) character() any {
	start := r.pos
	r.skip(1)
	if r.atEnd() {
		r.error("it ends too early")
		return ""
	}
	text := string(r.next()) + r.token()
	if c, ok := characters[text]; ok {
		return c
	}
	if utf8.RuneCountInString(text) == 1 {
		return text
	}
	if c, ok := charCode(text); ok {
		return string(c)
	}
	r.syntaxError(r.from(start), `this is not EDN: there is no character \`+text)
	return text
}

// charCode is the character of \u03bb or \o377.
func charCode(text string) (rune, bool) {
	if len(text) == 5 && text[0] == 'u' {
		c, err := strconv.ParseUint(text[1:], 16, 16)
		return rune(c), err == nil && !utf16.IsSurrogate(rune(c))
	}
	if len(text) > 1 && len(text) <= 4 && text[0] == 'o' {
		c, err := strconv.ParseUint(text[1:], 8, 8)
		return rune(c), err == nil
	}
	return 0, false
}

var ednEscapes = map[byte]string{
	't': "\t", 'r': "\r", 'n': "\n", '\\': `\`, '"': `"`, 'b': "\b", 'f': "\f",
}

// string reads a text in double quotes.
func (r *ednReader) string() any {
	start := r.pos
	content := r.off + 1
	if r.skipString(); r.gaveUp {
		return ""
	}
	s := r.text[content : r.off-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	text, ok := unescape(s)
	if !ok {
		r.syntaxError(r.from(start), "this is not EDN: an escape in a text that it does not have")
	}
	return text
}

// unescape replaces the escapes of a text. Those that there are not stay.
func unescape(s string) (text string, ok bool) {
	ok = true
	var b strings.Builder
	for s != "" {
		before, after, found := strings.Cut(s, `\`)
		b.WriteString(before)
		if s = after; !found {
			break
		}
		plain, size := escape(s)
		if size == 0 {
			ok, plain = false, `\`
		}
		b.WriteString(plain)
		s = s[size:]
	}
	return b.String(), ok
}

var (
	unicodeEscape = regexp.MustCompile(`^u[0-9a-fA-F]{4}`)
	octalEscape   = regexp.MustCompile(`^[0-3]?[0-7]{1,2}`)
)

// escape is the text of an escape behind its backslash, and its length; 0 where
// it is none.
func escape(s string) (string, int) {
	if s == "" {
		return "", 0
	}
	if plain, ok := ednEscapes[s[0]]; ok {
		return plain, 1
	}
	if digits := octalEscape.FindString(s); digits != "" {
		c, _ := strconv.ParseUint(digits, 8, 16)
		return string(rune(c)), len(digits)
	}
	first, ok := utf16Unit(s)
	if !ok {
		return "", 0
	}
	if !utf16.IsSurrogate(first) {
		return string(first), 5
	}
	second, ok := utf16Unit(strings.TrimPrefix(s[5:], `\`))
	if c := utf16.DecodeRune(first, second); ok && s[5] == '\\' && c != utf8.RuneError {
		return string(c), 11
	}
	return "", 0
}

func utf16Unit(s string) (rune, bool) {
	code := unicodeEscape.FindString(s)
	if code == "" {
		return 0, false
	}
	c, _ := strconv.ParseUint(code[1:], 16, 16)
	return rune(c), true
}

func (s *source) badText(at ir.Range) {
	s.report.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/syntax", Subject: at,
		Message: "half of a surrogate pair, which is no character",
	})
}
