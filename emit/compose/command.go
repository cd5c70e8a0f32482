package compose

import (
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"
	"gopkg.in/yaml.v3"

	"hull/ir/diag"
	"hull/ir/resolve"
)

// command is a command line. A line stays one where compose splits it as a
// shell does; compose-go's splitter stops at ";", "|" and the like.
func (c *converter) command(cmd *resolve.Command) *yaml.Node {
	switch {
	case cmd == nil:
		return nil
	case cmd.Words != nil:
		words := make([]string, len(cmd.Words))
		for i, w := range cmd.Words {
			words[i] = c.text(w)
		}
		return sequence(words)
	}
	line, ok := splitLine(c.plain(cmd.Line))
	if !ok {
		c.add(diag.Warning, "to-compose/command-quotes", diag.Approximated, "cmd", "a quotation mark of its command is not closed; the rest is one word")
	}
	if words, err := shellwords.Parse(c.plain(cmd.Line)); ok && err == nil && len(words) > 0 && slices.Equal(words, line) {
		return scalar(c.text(cmd.Line))
	}
	return c.splitParts(c.Parts(cmd.Line))
}

// splitParts splits a line with each of its references in one piece: a
// character that the line does not hold stands for it.
func (c *converter) splitParts(parts []resolve.Part) *yaml.Node {
	first := unused(parts)
	var line strings.Builder
	for i, p := range parts {
		if p.Ref == nil {
			line.WriteString(p.Text)
		} else {
			line.WriteRune(first + rune(i))
		}
	}
	words, _ := splitLine(line.String())
	items := make([]string, len(words))
	for i, w := range words {
		var b strings.Builder
		for _, r := range w {
			if n := int(r - first); n >= 0 && n < len(parts) {
				b.WriteString(c.join(parts[n : n+1]))
			} else {
				b.WriteString(literal(string(r)))
			}
		}
		items[i] = b.String()
	}
	return sequence(items)
}

// unused is the first of as many characters as there are parts, of which no
// part holds any; they are of the private use areas.
func unused(parts []resolve.Part) rune {
	first := rune(0xF0000)
	for slices.ContainsFunc(parts, func(p resolve.Part) bool {
		return strings.ContainsFunc(p.Text, func(r rune) bool { return r >= first && int(r-first) < len(parts) })
	}) {
		first += rune(len(parts))
	}
	return first
}

// splitLine splits a line into words by the shell's rules of quoting; it is
// not ok where a quotation mark is not closed.
//
// Source: POSIX.1-2017, Shell Command Language, 2.2.
func splitLine(line string) (words []string, ok bool) {
	var word strings.Builder
	var quote rune
	inWord, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			if quote == '"' && !strings.ContainsRune("$`\"\\\n", r) {
				word.WriteByte('\\')
			}
			if r != '\n' {
				word.WriteRune(r)
			}
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case strings.ContainsRune(" \t\n\r", r):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if escaped {
		word.WriteByte('\\')
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, quote == 0 && !escaped
}
