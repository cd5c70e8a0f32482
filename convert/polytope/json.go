package polytope

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"hull/ir"
)

// jsonReader is the JSON front end (RFC 8259). What is no JSON but plain to
// see, such as a comment or a comma before a bracket, is reported and read on.
type jsonReader struct {
	*source
	cursor
	comments []comment
	lastLine int // where the last token ended
	gaveUp   bool
}

func readJSON(s *source) *node {
	r := &jsonReader{source: s, cursor: newCursor(s.name, string(s.input))}
	if r.skipBlank(); r.atEnd() {
		r.giveUp("there is no value")
		return nil
	}
	root := r.value(r.pos, 0)
	if r.skipBlank(); !r.gaveUp && !r.atEnd() {
		r.error(r.here(), "something follows the value")
	}
	if r.gaveUp {
		return nil
	}
	attach(root, r.comments)
	return root
}

func (r *jsonReader) error(at ir.Range, message string) {
	r.syntaxError(at, "this is not JSON: "+message)
}

// giveUp reports what cannot be read on from.
func (r *jsonReader) giveUp(message string) *node {
	if !r.gaveUp {
		r.error(r.here(), message)
	}
	r.gaveUp = true
	return &node{rng: r.here(), begin: r.pos}
}

// skipBlank skips space, and comments, of which JSON has none.
func (r *jsonReader) skipBlank() {
	for !r.atEnd() {
		start := r.pos
		switch b := r.peek(0); {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r':
			r.next()
			continue
		case r.hasPrefix("//"), b == '#':
			r.addComment(start, commentText(r.skipLine(), map[bool]string{true: "#", false: "//"}[b == '#']))
		case r.hasPrefix("/*"):
			inside, _, _ := strings.Cut(r.rest()[2:], "*/")
			r.skip(len(inside) + len("/**/"))
			r.addComment(start, strings.TrimSpace(inside))
		default:
			return
		}
		r.error(r.from(start), "it has no comments")
	}
}

func (r *jsonReader) addComment(start ir.Pos, text string) {
	r.comments = append(r.comments, comment{text, start, r.pos, start.Line != r.lastLine})
}

// value reads a value, which is what begin is the beginning of, or the item or
// entry around it.
func (r *jsonReader) value(begin ir.Pos, depth int) *node {
	if depth > maxDepth {
		r.limit(r.here(), "this is nested too deep")
		r.gaveUp = true
	}
	if r.gaveUp {
		return &node{rng: r.here(), begin: begin}
	}
	n := &node{begin: begin}
	start := r.pos
	switch b := r.peek(0); {
	case b == '{':
		n.kind, n.isDelimited = record, true
		r.sequence(n, '}', func() bool { return r.entry(n, depth) })
	case b == '[':
		n.kind, n.isDelimited = list, true
		r.sequence(n, ']', func() bool {
			n.items = append(n.items, r.value(r.pos, depth+1))
			return !r.gaveUp
		})
	case b == '"':
		n.value, _ = r.string()
	case r.atEnd():
		return r.giveUp("it ends too early")
	default:
		n.value = r.word()
	}
	n.rng = r.from(start)
	r.lastLine = r.pos.Line
	return n
}

// sequence reads what is in brackets, with commas between.
func (r *jsonReader) sequence(n *node, end byte, one func() bool) {
	open := r.pos
	n.rng = r.from(open)
	r.next()
	r.lastLine = r.pos.Line
	comma := ir.Range{}
	for isFirst := true; ; isFirst = false {
		r.skipBlank()
		switch {
		case r.atEnd():
			r.giveUp(fmt.Sprintf("the bracket of line %d is not closed", open.Line))
			return
		case r.peek(0) == end:
			if comma.IsValid() {
				r.error(comma, "a comma before a closing bracket")
			}
			r.next()
			return
		case !isFirst && !comma.IsValid():
			r.error(r.here(), "a comma is missing")
		}
		if !one() {
			return
		}
		r.skipBlank()
		if comma = (ir.Range{}); r.peek(0) == ',' {
			comma = r.here()
			r.next()
			r.lastLine = r.pos.Line
		}
	}
}

func (r *jsonReader) entry(n *node, depth int) bool {
	begin := r.pos
	if r.peek(0) != '"' {
		r.giveUp("a key in double quotes is missing")
		return false
	}
	key, ok := r.string()
	at := r.from(begin)
	if r.skipBlank(); !ok || r.peek(0) != ':' {
		r.giveUp("a colon is missing")
		return false
	}
	r.next()
	r.lastLine = r.pos.Line
	r.skipBlank()
	if n.put(entry{key, at, r.value(begin, depth+1)}) {
		r.duplicateKey(key, at)
	}
	return !r.gaveUp
}

// quoted is the text in quotes that a text begins with; empty where it does not
// end on its line.
func quoted(s string) string {
	for i := 1; i < len(s) && s[i] >= ' '; i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[:i+1]
		}
	}
	return ""
}

func (r *jsonReader) string() (string, bool) {
	start := r.pos
	quoted := quoted(r.rest())
	var s string
	if json.Unmarshal([]byte(quoted), &s) != nil {
		r.giveUp("a text that does not end on its line, or an escape that JSON does not have")
		return "", false
	}
	r.skip(len(quoted))
	if strings.Count(s, "\ufffd") > strings.Count(quoted, "\ufffd")+strings.Count(strings.ToLower(quoted), `\ufffd`) {
		r.badText(r.from(start))
	}
	return s, true
}

var (
	jsonWord   = regexp.MustCompile(`^[^\s\[\]{}:,"]+`)
	jsonNumber = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

// word reads a number, true, false or null.
func (r *jsonReader) word() any {
	start := r.pos
	text := jsonWord.FindString(r.rest())
	if text == "" {
		_, size := utf8.DecodeRuneInString(r.rest())
		text = r.rest()[:size]
	}
	r.skip(len(text))
	at := r.from(start)
	switch text {
	case "null":
		return nil
	case "true", "false":
		return text == "true"
	}
	m := jsonNumber.FindStringSubmatch(text)
	if m == nil {
		r.error(at, fmt.Sprintf("%s is no value; text stands in double quotes", text))
		return text
	}
	return r.numberOf(at, text, m[1]+m[2] == "")
}

// numberOf is the number that a text in decimal writes.
func (s *source) numberOf(at ir.Range, text string, isInt bool) any {
	if isInt {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	} else if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	s.badNumber(at, text)
	return text
}
