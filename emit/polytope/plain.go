package polytope

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// ambiguousWords are plain scalars that YAML 1.1 or 1.2 reads as something
// else than text, in lower case.
//
// Source: YAML 1.2.2, 10.3.2; the YAML 1.1 types bool, null, float, merge and
// value.
var ambiguousWords = []string{
	"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", ".nan", ".inf", "-.inf", "inf",
}

var (
	// plainStart is how a plain text may begin. Indicators are left out, even
	// where the grammar allows them.
	plainStart = regexp.MustCompile(`^(\p{L}|[0-9_/$(]|\.[^0-9]|\.$|-+\p{L}|~/)`)
	// numberLike covers the integers, floats, sexagesimals and timestamps of
	// YAML 1.1 and 1.2, and more.
	numberLike = regexp.MustCompile(`^[-+.]*[0-9][-+0-9a-fxobet_.,: z]*$`)
)

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
	case !plainStart.MatchString(s), endsEarly(s), strings.HasSuffix(s, " "):
		return false
	case inFlow && strings.ContainsAny(s, flowIndicators):
		return false
	case slices.Contains(ambiguousWords, lower), numberLike.MatchString(lower):
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
