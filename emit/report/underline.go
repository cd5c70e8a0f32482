package report

import (
	"unicode"

	"golang.org/x/text/width"

	"hull/ir/diag"
)

const (
	tabWidth  = 4
	lineWidth = 100 // columns of a quoted line before it is clipped
	leadWidth = 40  // columns kept before the subject where it is clipped
)

// cell is a piece of a line as it is shown: its text, and how many columns of a
// terminal that takes.
type cell struct {
	text  string
	width int
}

// underline lays out a source line: the text to show, the columns before the
// carets, and how many carets mark the subject. There is always one at least;
// a subject of several lines is marked to the end of its first.
func underline(line string, subject diag.Range) (text string, indent, carets int) {
	cells, skipped, more := layout(line, subject.Start.Column-1)
	start := min(max(subject.Start.Column-1-skipped, 0), len(cells))
	end := len(cells)
	if subject.End.Line <= subject.Start.Line {
		end = min(max(subject.End.Column-1-skipped, start), len(cells))
	}
	from, to := clip(cells, start)
	text, indent = joinCells(cells[from:to]), columns(cells[from:start])
	carets = max(columns(cells[start:max(start, min(end, to))]), 1)
	if from > 0 || skipped > 0 {
		text, indent = "…"+text, indent+1
	}
	if to < len(cells) || more {
		text += "…"
	}
	return text, indent, carets
}

// layout has one cell for every code point of the line, so that columns of a
// position are indexes. Of a very long line it has what is near the subject:
// the code points behind the skipped ones, and whether there are more.
func layout(line string, start int) (cells []cell, skipped int, more bool) {
	first, last := start-2*lineWidth, start+2*lineWidth
	n := -1
	for _, r := range line {
		n++
		switch {
		case n < first:
			skipped++
		case n > last:
			return cells, skipped, true
		case r == '\t':
			cells = append(cells, cell{"    "[:tabWidth], tabWidth})
		default:
			r = printableRune(r)
			cells = append(cells, cell{string(r), runeWidth(r)})
		}
	}
	return cells, skipped, false
}

func runeWidth(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clip chooses the cells to show of a line: all, or a window of lineWidth
// columns that has the subject's start in it.
func clip(cells []cell, start int) (from, to int) {
	if columns(cells) <= lineWidth {
		return 0, len(cells)
	}
	if columns(cells[:start]) > lineWidth-leadWidth {
		from = start
		for w := 0; from > 0 && w+cells[from-1].width <= leadWidth; from-- {
			w += cells[from-1].width
		}
	}
	to = from
	for w := 0; to < len(cells) && w+cells[to].width <= lineWidth; to++ {
		w += cells[to].width
	}
	return from, to
}

func columns(cells []cell) int {
	n := 0
	for _, c := range cells {
		n += c.width
	}
	return n
}

func joinCells(cells []cell) string {
	var b []byte
	for _, c := range cells {
		b = append(b, c.text...)
	}
	return string(b)
}
