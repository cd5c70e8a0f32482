package knot

import (
	"sort"
	"unicode/utf8"

	"hull/ir"
)

// textIndex finds places of a text by offset, in bytes, and by line and column,
// in code points. It takes no longer in long lines than in short ones.
type textIndex struct {
	text string
	// lines are the lines' beginnings, steps every stride-th code point.
	lines []lineStart
	steps []int
}

// lineStart is where a line begins, in bytes and in code points.
type lineStart struct{ offset, runes int }

const stride = 128

func newTextIndex(text string) *textIndex {
	x := &textIndex{text: text, lines: []lineStart{{}}}
	n := 0
	for i, r := range text {
		if n%stride == 0 {
			x.steps = append(x.steps, i)
		}
		n++
		if r == '\n' {
			x.lines = append(x.lines, lineStart{i + 1, n})
		}
	}
	return x
}

// pos is the place of an offset.
func (x *textIndex) pos(offset int) ir.Pos {
	offset = min(offset, len(x.text))
	line := sort.Search(len(x.lines), func(i int) bool { return x.lines[i].offset > offset }) - 1
	step := sort.SearchInts(x.steps, offset+1) - 1
	runes := 0
	if step >= 0 {
		runes = step*stride + utf8.RuneCountInString(x.text[x.steps[step]:offset])
	}
	return ir.Pos{Line: line + 1, Column: runes - x.lines[line].runes + 1}
}

// offset is where a place is; the end where it is none.
func (x *textIndex) offset(p ir.Pos) int {
	if p.Line > len(x.lines) {
		return len(x.text)
	}
	runes := x.lines[p.Line-1].runes + p.Column - 1
	if runes/stride >= len(x.steps) {
		return len(x.text)
	}
	offset := x.steps[runes/stride]
	for range runes % stride {
		_, size := utf8.DecodeRuneInString(x.text[offset:])
		offset += size
	}
	return offset
}
