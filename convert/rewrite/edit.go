package rewrite

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"hull/ir"
	"hull/ir/diag"
)

// edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

// one is the proposal of a single edit.
func one(e ...edit) [][]edit { return [][]edit{e} }

// replace makes edits. It reports false where they overlap or lie outside.
func replace(text []byte, edits []edit) ([]byte, bool) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.start < at || e.end < e.start || e.end > len(text) {
			return nil, false
		}
		out.Write(text[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(text[at:])
	return out.Bytes(), true
}

// offsets finds positions in a text.
type offsets struct {
	text  []byte
	lines []int // where each begins
}

func newOffsets(text []byte) offsets {
	o := offsets{text, []int{0}}
	for i, b := range text {
		if b == '\n' {
			o.lines = append(o.lines, i+1)
		}
	}
	return o
}

// at is the offset of a position; -1 where there is none.
func (o offsets) at(p diag.Pos) int {
	if p.Line < 1 || p.Line > len(o.lines) {
		return -1
	}
	i := o.lines[p.Line-1]
	if p.Line == 1 {
		i += len(o.text) - len(bytes.TrimPrefix(o.text, []byte("\ufeff")))
	}
	for n := 1; n < p.Column; n++ {
		if i >= len(o.text) || o.text[i] == '\n' {
			return -1
		}
		_, size := utf8.DecodeRune(o.text[i:])
		i += size
	}
	return i
}

// span is where a range begins and ends; ok is false where it is not known.
func (o offsets) span(r ir.Range) (start, end int, ok bool) {
	start, end = o.at(r.Start), o.at(r.End)
	return start, end, start >= 0 && end >= start
}

// source is the text of a range; empty where it is not known.
func (o offsets) source(r ir.Range) string {
	start, end, ok := o.span(r)
	if !ok {
		return ""
	}
	return string(o.text[start:end])
}

// lineStart is where the line of an offset begins.
func (o offsets) lineStart(at int) int {
	return bytes.LastIndexByte(o.text[:at], '\n') + 1
}

// lineEnd is where the line of an offset ends: behind its break.
func (o offsets) lineEnd(at int) int {
	if i := bytes.IndexByte(o.text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(o.text)
}

// newline is how lines end.
func (o offsets) newline() string {
	if bytes.Contains(o.text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// withBreaks is a text with the file's own line breaks.
func (o offsets) withBreaks(s string) string {
	return strings.ReplaceAll(s, "\n", o.newline())
}
