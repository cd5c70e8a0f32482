package polytope

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ambiguousWords are plain scalars that YAML 1.1 or 1.2 reads as something
// else than text, in lower case.
//
// Source: YAML 1.2.2, 10.3.2; the YAML 1.1 types bool, null, float, merge and
// value.
var ambiguousWords = []string{
	"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", ".nan", ".inf", "-.inf", "inf",
}

const digits = "0123456789"

// startsPlain tells whether a plain text may begin so. Indicators are left out,
// even where the grammar allows them.
func startsPlain(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	rest := s[size:]
	switch first {
	case '.':
		return rest == "" || !strings.Contains(digits, rest[:1])
	case '-':
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, "-"))
		return unicode.IsLetter(next)
	case '~':
		return strings.HasPrefix(rest, "/")
	}
	return unicode.IsLetter(first) || strings.ContainsRune(digits+"_/$(", first)
}

// isNumberLike covers the integers, floats, sexagesimals and timestamps of YAML
// 1.1 and 1.2, and more. The text is in lower case.
func isNumberLike(lower string) bool {
	number := strings.TrimLeft(lower, "-+.")
	return number != "" && strings.Contains(digits, number[:1]) && strings.TrimLeft(number, digits+"-+abcdefotxz_.,: ") == ""
}

// endsEarly tells whether something in a plain text ends it early, or starts
// something else.
func endsEarly(s string) bool {
	return strings.ContainsAny(s, "[]{}\"\\`") || strings.Contains(s, ": ") || strings.HasSuffix(s, ":") ||
		strings.Contains(s, " #") || strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...")
}

// flowIndicators end a plain text inside a list or record on one line, with
// some older parsers at least.
const flowIndicators = ",:?"

// isPlainSafe tells whether every YAML parser reads a text as that text when
// it stands without quotes. It errs on the side of quotes.
func isPlainSafe(s string, inFlow bool) bool {
	lower := strings.ToLower(s)
	switch {
	case !startsPlain(s), endsEarly(s), strings.HasSuffix(s, " "):
		return false
	case inFlow && strings.ContainsAny(s, flowIndicators):
		return false
	case slices.Contains(ambiguousWords, lower), isNumberLike(lower):
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !isPlainRune(r) })
}

// isPlainRune holds for the characters that need no thought. Beyond ASCII
// these are letters of the basic plane, which all parsers take for printable.
func isPlainRune(r rune) bool {
	if r < unicode.MaxASCII {
		return r >= ' '
	}
	return unicode.IsLetter(r) && r <= 0xFFFF
}

// isLiteralSafe tells whether a text can stand in a literal block without an
// indentation indicator and come back exactly.
func isLiteralSafe(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if !strings.Contains(s, "\n") || body == "" || strings.HasSuffix(body, "\n") {
		return false
	}
	if strings.IndexAny(body, " \t\n") == 0 || strings.Contains(s, " \n") || strings.Contains(s, "\t\n") || strings.HasSuffix(s, " ") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && !isPrintable(r) })
}

// isPrintable holds for what may stand in a YAML file as it is and does not
// end a line: c-printable without the breaks of YAML 1.1 and the byte order
// mark (YAML 1.2.2, 5.1; YAML 1.1, 5.4).
func isPrintable(r rune) bool {
	switch {
	case r == '\u2028', r == '\u2029', r == '\uFEFF', r == unicode.ReplacementChar:
		return false
	}
	return r >= ' ' && r <= '~' || r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD
}
