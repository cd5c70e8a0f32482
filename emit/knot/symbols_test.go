package knot

import (
	"fmt"
	"regexp"
	"strings"

	"hull/ir"
	"hull/ir/resolve"
)

// marks are symbols as a test writes them: firstMark and the runes behind it
// stand for references in texts, firstNumber and the numbers below it in place
// of numbers.
type marks []resolve.Part

const (
	firstMark   = 0x100000
	firstNumber = -1000
)

func (m marks) Parts(text string) []resolve.Part {
	var parts []resolve.Part
	for i := 0; i < len(text); {
		rest := text[i:]
		end := strings.IndexFunc(rest, func(r rune) bool { return r >= firstMark })
		switch {
		case end < 0:
			return append(parts, resolve.Part{Text: rest})
		case end > 0:
			parts = append(parts, resolve.Part{Text: rest[:end]})
		}
		mark := []rune(rest[end:])[0]
		parts = append(parts, m[mark-firstMark])
		i += end + len(string(mark))
	}
	return parts
}

func (m marks) Number(n int) resolve.Part {
	if n <= firstNumber && int(firstNumber)-n < len(m) {
		return m[firstNumber-n]
	}
	return resolve.Part{Text: fmt.Sprint(n)}
}

// reference is how a test writes one: "{value web_port=8080}", with "int" in
// front of the kind where a number is wanted.
var reference = regexp.MustCompile(`\{(int )?(value|secret) ([^={}]+)(?:=([^{}]*))?\}`)

// replace puts marks in the place of the references of a test's text.
func (m *marks) replace(text string) string {
	return reference.ReplaceAllStringFunc(text, func(s string) string {
		match := reference.FindStringSubmatch(s)
		kind := ir.ValueRef
		if match[2] == "secret" {
			kind = ir.SecretRef
		}
		*m = append(*m, resolve.Part{Text: match[4], Ref: &ir.Ref{Kind: kind, Name: match[3]}})
		if match[1] != "" {
			return fmt.Sprint(firstNumber - len(*m) + 1)
		}
		return string(rune(firstMark + len(*m) - 1))
	})
}
