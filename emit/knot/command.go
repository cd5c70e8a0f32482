package knot

import (
	"strconv"
	"strings"

	"hull/ir/diag"
	"hull/ir/resolve"
)

// command is the container's command as words.
func (c *container) command() []text {
	switch {
	case c.Cmd == nil:
		return nil
	case c.Cmd.Words == nil:
		return c.split(c.Cmd.Line)
	case len(c.Cmd.Words) == 0:
		c.report(codeCommand, diag.Warning, diag.Dropped, "cmd",
			"overrides the image's command with none, and knot starts that of the image", "set the command in the image")
		return nil
	}
	var words []text
	for _, word := range c.Cmd.Words {
		words = append(words, c.text(word))
	}
	return words
}

// firstHole is the first of the characters that stand for the references in a
// line while it is split; they are for private use.
const firstHole = 0xF0000

// split makes words of a line by the rules of a shell. What of them only a
// shell can do is left to one.
func (c *container) split(line string) []text {
	parts := c.Parts(line)
	var refs []resolve.Part
	var b strings.Builder
	for _, p := range parts {
		if p.Ref == nil {
			b.WriteString(p.Text)
			continue
		}
		b.WriteRune(firstHole + rune(len(refs)))
		refs = append(refs, p)
	}
	words, ok := splitWords(b.String())
	if !ok || strings.ContainsFunc(c.plain(line), func(r rune) bool { return r >= firstHole }) {
		c.report(codeCommand, diag.Warning, diag.Approximated, "cmd",
			"has a command in one text that only a shell understands; sh runs it", "write the command as a list")
		return []text{literal("sh"), literal("-c"), c.text(line)}
	}
	var texts []text
	for _, w := range words {
		texts = append(texts, c.fill(w, refs))
	}
	return texts
}

// fill puts the references into a word again.
func (c *container) fill(word string, refs []resolve.Part) text {
	var t text
	for _, r := range word {
		if r >= firstHole {
			t = append(t, piece{action: "." + c.variable(refs[r-firstHole])})
		} else {
			t = t.join(literal(string(r)))
		}
	}
	return t
}

// operators are what a shell does not take for a part of a word (POSIX.1-2017,
// Shell Command Language, 2.2).
const operators = "|&;<>()\n"

// splitWords splits a command at blanks, outside of quotes (POSIX, 2.2). ok is
// false where a quote has no end and where there is an operator. Variables and
// patterns stay as they are: no shell runs the words.
func splitWords(line string) (words []string, ok bool) {
	var word strings.Builder
	inWord := false
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case b == ' ' || b == '\t':
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
			continue
		case strings.IndexByte(operators, b) >= 0:
			return nil, false
		case b == '\'' || b == '"':
			text, size, closed := unquote(line[i:])
			if !closed {
				return nil, false
			}
			word.WriteString(text)
			i += size - 1
		case b == '\\':
			if i++; i == len(line) {
				return nil, false
			}
			word.WriteByte(line[i])
		default:
			word.WriteByte(b)
		}
		inWord = true
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, true
}

// unquote reads a quoted part of a word and its size in bytes. In double quotes,
// a backslash escapes only $ ` " \ and the end of a line.
func unquote(s string) (text string, size int, closed bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return b.String(), i + 1, true
		case s[0] == '"' && s[i] == '\\' && i+1 < len(s) && strings.IndexByte("$`\"\\\n", s[i+1]) >= 0:
			i++
			if s[i] != '\n' {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, false
}

// addResources adds what the container may use at most. That is all knot knows
// of: it takes no requests.
func (c *container) addResources(d *document) {
	r := c.Resources
	if r == nil {
		return
	}
	if memory, ok := c.memory(r.Memory.Limit); ok {
		d.text("memory", literal(memory))
	}
	if cpus := r.CPU.Limit; cpus != nil && *cpus > 0 {
		d.quoted("cpus", literal(strconv.FormatFloat(*cpus, 'f', -1, 64)))
	} else if cpus != nil {
		c.report(codeResources, diag.Note, diag.Dropped, "resources", "is limited to no cpu, which knot does not take", "")
	}
	if r.CPU.Request != nil || r.Memory.Request != "" {
		c.report(codeResources, diag.Note, diag.Dropped, "resources", "requests cpu or memory, and knot has limits only", "")
	}
}
