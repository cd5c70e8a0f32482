package knot

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// document is a YAML document: its keys in order.
type document struct{ fields []field }

// field is a key with its value, which has a form for each key.
type field struct {
	key   string
	form  form
	items []text
}

// form is how a value is written.
type form int

const (
	plainForm  form = iota // a text, in quotes where YAML needs them
	quotedForm             // a text in quotes
	listForm               // a list, an item a line
	wordsForm              // a list of texts in quotes, on one line where there is room
	keysForm               // a record of keys without values
)

func (d *document) text(key string, t text) { d.add(key, plainForm, t) }

func (d *document) quoted(key string, t text) { d.add(key, quotedForm, t) }

func (d *document) list(key string, items []text) { d.add(key, listForm, items...) }

func (d *document) words(key string, items []text) { d.add(key, wordsForm, items...) }

func (d *document) declare(key string, names []text) { d.add(key, keysForm, names...) }

// add adds a key, unless there is nothing to say.
func (d *document) add(key string, f form, items ...text) {
	if len(items) > 0 {
		d.fields = append(d.fields, field{key, f, items})
	}
}

// documentEnd stands between two documents of a file.
const documentEnd = "---\n"

// lineWidth is how many columns a list on one line may have.
const lineWidth = 100

var errEncoding = errors.New("a text is not UTF-8, and YAML holds no other")

// yaml is the document's text, empty where it has no keys.
func (d document) yaml() (string, error) {
	var b strings.Builder
	for _, f := range d.fields {
		if slices.ContainsFunc(f.items, func(t text) bool { return !utf8.ValidString(t.source()) }) {
			return "", fmt.Errorf("%s: %w", f.key, errEncoding)
		}
		b.WriteString(f.yaml())
	}
	return b.String(), nil
}

func (f field) yaml() string {
	switch f.form {
	case plainForm:
		return f.key + ": " + scalar(f.items[0]) + "\n"
	case quotedForm:
		return f.key + ": " + quoted(f.items[0]) + "\n"
	case wordsForm:
		return f.words()
	case keysForm:
		return f.lines(func(t text) string { return scalar(t) + ":" })
	}
	return f.lines(func(t text) string { return "- " + scalar(t) })
}

// lines writes each item on a line of its own.
func (f field) lines(write func(text) string) string {
	var b strings.Builder
	b.WriteString(f.key + ":\n")
	for _, t := range f.items {
		b.WriteString("  " + write(t) + "\n")
	}
	return b.String()
}

func (f field) words() string {
	var words []string
	for _, t := range f.items {
		words = append(words, quoted(t))
	}
	line := f.key + ": [" + strings.Join(words, ", ") + "]\n"
	if utf8.RuneCountInString(line) <= lineWidth {
		return line
	}
	return f.lines(func(t text) string { return "- " + quoted(t) })
}

// scalar is a text without quotes if every parser of YAML reads it as that
// text, before and after the template is executed, and in quotes if not.
func scalar(t text) string {
	if isPlainSafe(t.shape()) {
		return t.source()
	}
	return quoted(t)
}

// ambiguousWords are plain scalars that YAML 1.1 or 1.2 reads as something else
// than text, in lower case (YAML 1.2.2, 10.3.2; the types of YAML 1.1).
var ambiguousWords = []string{
	"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", ".nan", ".inf", "-.inf", "inf",
}

var (
	// plainStart is how a plain text may begin; indicators are left out, even
	// where the grammar allows them.
	plainStart = regexp.MustCompile(`^[\p{L}0-9_/$.]`)
	// numberLike covers the integers, floats, sexagesimals and timestamps of
	// YAML 1.1 and 1.2, and more: "8080:80" among them.
	numberLike = regexp.MustCompile(`^[-+.]*[0-9][-+0-9a-fxobet_.,: z]*$`)
)

// isPlainSafe errs on the side of quotes. Braces, quotes and backslashes always
// get them, so that a literal is never taken for part of an action.
func isPlainSafe(s string) bool {
	lower := strings.ToLower(s)
	switch {
	case !plainStart.MatchString(s), strings.HasSuffix(s, " "), strings.HasPrefix(s, "..."):
		return false
	case strings.ContainsAny(s, "[]{}\"'\\`"), strings.Contains(s, ": "), strings.HasSuffix(s, ":"), strings.Contains(s, " #"):
		return false
	case slices.Contains(ambiguousWords, lower), numberLike.MatchString(lower):
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !isPlainRune(r) })
}

// isPlainRune holds for the characters that need no thought. Beyond ASCII these
// are letters of the basic plane, which all parsers take for printable.
func isPlainRune(r rune) bool {
	if r < unicode.MaxASCII {
		return r >= ' '
	}
	return unicode.IsLetter(r) && r <= 0xFFFF
}

// quoted is a text in double quotes.
func quoted(t text) string { return `"` + t.print(escape) + `"` }

// shortEscapes are the characters with an escape of their own, of those that
// YAML 1.1 and 1.2 share.
var shortEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, 0: `\0`}

// escape makes of a literal what stands for it between double quotes.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		short, isShort := shortEscapes[r]
		switch {
		case isShort:
			b.WriteString(short)
		case isPrintable(r):
			b.WriteRune(r)
		case r <= 0xFF:
			fmt.Fprintf(&b, `\x%02X`, r)
		case r <= 0xFFFF:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	return b.String()
}

// isPrintable holds for what may stand in a YAML file as it is and does not end
// a line: c-printable without the breaks of YAML 1.1 and the byte order mark
// (YAML 1.2.2, 5.1; YAML 1.1, 5.4).
func isPrintable(r rune) bool {
	if r == '\u2028' || r == '\u2029' || r == '\uFEFF' || r == unicode.ReplacementChar {
		return false
	}
	return r >= ' ' && r <= '~' || r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD
}

// comment makes comment lines of a text, and an empty line behind them. knot
// executes actions in comments too: "${{" is taken apart.
func comment(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		line = strings.ReplaceAll(strings.Map(commentRune, strings.TrimSuffix(line, "\n")), "{{", "{ {")
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	return b.String() + "\n"
}

func commentRune(r rune) rune {
	if isPrintable(r) {
		return r
	}
	return ' '
}
