package jsonnet

import (
	"regexp"
	"strings"
)

// maxNesting is how deep an expression may be nested. go-jsonnet's parser
// recurses without a bound of its own, and takes some 5 kB of the stack for
// a bracket; the stack of a Go program ends it at 1 GB.
const maxNesting = 10000

// isParsable tells whether a text is nested no deeper than maxNesting. It looks
// at tokens alone, and rather counts too much: an operator, a keyword and
// what opens a bracket can each begin something that is nested in what stands
// before, up to the next comma.
func isParsable(text string) bool {
	s := &nesting{levels: []level{{}}}
	for text != "" && s.depth <= maxNesting {
		n := token(text)
		s.take(text[:n])
		text = text[n:]
	}
	return s.depth <= maxNesting
}

// nesting counts along the tokens of a text.
type nesting struct {
	levels []level
	depth  int // the sum of the levels' counts
	last   string
}

// level is a pair of brackets that is open.
type level struct {
	open  string
	count int
	// inLocal holds between "local" and its semicolon, where a comma separates
	// bindings and ends nothing.
	inLocal bool
}

func (s *nesting) take(token string) {
	top := &s.levels[len(s.levels)-1]
	switch kind := token[0]; {
	case isBlank(kind):
		return
	case strings.Contains("([{", token):
		s.count(top, 1)
		s.levels = append(s.levels, level{open: token})
	case strings.Contains(")]}", token):
		s.count(top, -top.count)
		if len(s.levels) > 1 {
			s.levels = s.levels[:len(s.levels)-1]
		}
	case token == "," && !top.inLocal:
		s.count(top, -top.count)
	case token == ";":
		top.inLocal = false
	case token == "local":
		isField := top.open == "{" && (s.last == "{" || s.last == ",")
		top.inLocal = !isField
		s.count(top, 1)
	case keywords[token], strings.ContainsRune(operators, rune(kind)):
		s.count(top, 1)
	}
	s.last = token
}

func (s *nesting) count(l *level, n int) {
	l.count += n
	s.depth += n
}

const operators = "!~+-*/%&|^<>=.:$"

var keywords = map[string]bool{
	"assert": true, "else": true, "error": true, "for": true, "function": true, "if": true, "import": true,
	"importbin": true, "importstr": true, "in": true, "local": true, "then": true,
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// longTokens are the tokens that are longer than a character, but for text
// blocks. What has no end goes to the end of the text.
var longTokens = regexp.MustCompile(`(?s)^(?:` + strings.Join([]string{
	`[ \t\r\n]+`, `[A-Za-z0-9_]+`, `//[^\n]*`, `#[^\n]*`, `/\*.*?(?:\*/|\z)`,
	`@"(?:[^"]|"")*"?`, `@'(?:[^']|'')*'?`, `"(?:[^"\\]|\\.)*"?`, `'(?:[^'\\]|\\.)*'?`,
}, "|") + `)`)

// textBlock is how one begins: its first line, empty lines, and the indentation
// of the first that is not empty.
var textBlock = regexp.MustCompile(`^\|\|\|-?[ \t\r]*\n\n*([ \t]+)`)

// token is the length of the token that a text begins with.
func token(text string) int {
	if n := len(longTokens.FindString(text)); n > 0 {
		return n
	}
	m := textBlock.FindStringSubmatch(text)
	if m == nil {
		return 1
	}
	n := len(m[0]) - len(m[1])
	for line := range strings.Lines(text[n:]) {
		if line != "\n" && !strings.HasPrefix(line, m[1]) {
			return n + len(line) - len(strings.TrimLeft(line, " \t|"))
		}
		n += len(line)
	}
	return n
}
