package polytope

import (
	"strings"
	"unicode/utf8"

	"hull/ir"
)

// cursor goes through a text and knows its position.
type cursor struct {
	file string
	text string
	off  int
	pos  ir.Pos
	// isYAML holds where lines end as YAML 1.1 has it, by which yaml/v4 counts.
	isYAML bool
}

func newCursor(file, text string) cursor {
	return cursor{file: file, text: text, pos: ir.Pos{Line: 1, Column: 1}}
}

func (c *cursor) atEnd() bool { return c.off >= len(c.text) }

// peek is the byte at an offset from here; 0 behind the end.
func (c *cursor) peek(n int) byte {
	if c.off+n >= len(c.text) {
		return 0
	}
	return c.text[c.off+n]
}

func (c *cursor) rest() string { return c.text[min(c.off, len(c.text)):] }

func (c *cursor) hasPrefix(s string) bool { return strings.HasPrefix(c.rest(), s) }

// next goes one character ahead.
func (c *cursor) next() rune {
	r, size := utf8.DecodeRuneInString(c.rest())
	c.off += size
	if r == '\n' || c.isYAML && c.isYAMLBreak(r) {
		c.pos.Line++
		c.pos.Column = 1
	} else {
		c.pos.Column++
	}
	return r
}

// isYAMLBreak holds for a character before the cursor that ends a line in YAML
// 1.1, besides the line feed.
func (c *cursor) isYAMLBreak(r rune) bool {
	return r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\r' && c.peek(0) != '\n'
}

// skip goes a number of bytes ahead.
func (c *cursor) skip(bytes int) {
	for end := min(c.off+bytes, len(c.text)); c.off < end; {
		c.next()
	}
}

// skipLine goes to the end of the line.
func (c *cursor) skipLine() string {
	start, line := c.off, c.pos.Line
	for !c.atEnd() && c.peek(0) != '\n' {
		before := *c
		if c.next(); c.pos.Line != line {
			*c = before // one of YAML's own breaks
			break
		}
	}
	return c.text[start:c.off]
}

// from is the range from a position to here.
func (c *cursor) from(start ir.Pos) ir.Range {
	return ir.Range{File: c.file, Start: start, End: c.pos}
}

// here is the range of the character at the cursor.
func (c *cursor) here() ir.Range {
	end := c.pos
	if !c.atEnd() && c.peek(0) != '\n' {
		end.Column++
	}
	return ir.Range{File: c.file, Start: c.pos, End: end}
}
