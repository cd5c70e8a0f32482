package jsonnet

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote is a text as a literal of Jsonnet: the one place where literals are
// made. It is in single quotes, unless only double ones save an escape.
//
// Source: the Jsonnet specification, "Lexing".
func quote(s string) string {
	mark := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		mark = '"'
	}
	var b strings.Builder
	b.WriteRune(mark)
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n]) // what is not UTF-8 is for Write to refuse
		case r == mark || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case escapes[r] != "":
			b.WriteString(escapes[r])
		case r < ' ' || r != ' ' && r <= 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteRune(mark)
	return b.String()
}

var escapes = map[rune]string{'\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// literal is a text of some lines as a text block, where it comes back exactly
// from one, or as a literal.
func literal(s string) *node {
	body, endsLine := strings.CutSuffix(s, "\n")
	if !isBlock(body) {
		return leaf(quote(s))
	}
	open := "|||-\n  "
	if endsLine {
		open = "|||\n  "
	}
	// Empty lines get the indentation of the others, which they may have.
	return leaf(open + strings.ReplaceAll(body, "\n", "\n  ") + "\n|||")
}

// isBlock holds for texts of several lines of which none is empty or begins or
// ends with a blank, so that there is no doubt about what is indentation.
func isBlock(s string) bool {
	lines := strings.Split(s, "\n")
	isPlain := func(line string) bool {
		isOdd := func(r rune) bool { return !unicode.IsPrint(r) }
		return line != "" && strings.TrimRight(line, " ") == line && !strings.ContainsFunc(line, isOdd)
	}
	return len(lines) > 1 && lines[0] != "" && lines[0][0] != ' ' &&
		!slices.ContainsFunc(lines, func(line string) bool { return !isPlain(line) })
}

// words are the reserved ones of Jsonnet, which no field is named by without
// quotes.
var words = []string{
	"assert", "else", "error", "false", "for", "function", "if", "import", "importbin", "importstr", "in", "local", "null",
	"tailstrict", "then", "self", "super", "true",
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func fieldName(key string) string {
	if identifier.MatchString(key) && !slices.Contains(words, key) {
		return key
	}
	return quote(key)
}
