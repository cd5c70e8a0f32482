package graph

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a text that comes from a file fit for one line: breaks become
// blanks, and characters that cannot be seen, or that turn the direction of
// what follows, a replacement.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), !isXML(r):
			return utf8.RuneError
		}
		return r
	}, s)
}

// cleanLines is clean for each line of a text.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

// isXML tells whether XML can hold a character.
//
// Source: XML 1.0, "Characters".
func isXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}

// face is a weight of the type.
type face int

const (
	regular face = iota
	bold
)

// widths are those of the characters from blank to tilde, in hundredths of the
// type size: the widest in the common sans-serif families, so that a text fits
// whichever of them is there.
var widths = [...][]byte{
	regular: {
		32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34,
		84, 84, 84, 56, 102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79, 67, 79, 73, 67, 62, 74, 69, 99,
		69, 67, 69, 40, 34, 40, 84, 56, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53,
		40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
	},
	bold: {
		35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40,
		84, 84, 84, 62, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 56, 78, 64, 100, 84, 86, 74, 86, 78, 73, 69, 82, 78, 111,
		78, 73, 73, 46, 37, 46, 84, 56, 50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60,
		48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
	},
}

// otherWidths are those of the other characters that hull itself writes.
var otherWidths = map[rune]int{'→': 84, '…': 100, '·': 38}

// widest is taken for all other characters.
const widest = 140

// textWidth is how wide a text can get, in pixels.
func textWidth(s string, f face, size float64) float64 {
	sum := 0
	for _, r := range s {
		sum += runeWidth(r, f)
	}
	return float64(sum) * size / 100
}

func runeWidth(r rune, f face) int {
	if r >= ' ' && r <= '~' {
		return int(widths[f][r-' '])
	}
	if w := otherWidths[r]; w > 0 {
		return w
	}
	return widest
}

// fit shortens a text to a width. It cuts in the middle: the beginning of an
// image tells what it is, its end which one.
func fit(s string, f face, size, width float64) string {
	if textWidth(s, f, size) <= width {
		return s
	}
	runes := []rune(s)
	room := int(width*100/size) - otherWidths['…']
	head, tail := 0, len(runes)
	for head < tail {
		next := runes[head]
		fromEnd := head > len(runes)-tail
		if fromEnd {
			next = runes[tail-1]
		}
		if room -= runeWidth(next, f); room < 0 {
			break
		}
		if fromEnd {
			tail--
		} else {
			head++
		}
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}
