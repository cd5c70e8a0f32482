package clojure

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

var stringEscapes = map[rune]rune{'t': '\t', 'r': '\r', 'n': '\n', '\\': '\\', '"': '"', 'b': '\b', 'f': '\f'}

// str reads a string behind its quote.
func (r *reader) str(at position) (*node, error) {
	var units []rune
	for {
		escapeAt := r.pos
		switch c := r.next(); c {
		case eof:
			return nil, fail("a string has no end")
		case '"':
			return &node{at: at, val: joinSurrogates(units)}, nil
		case '\\':
			c, err := r.escape()
			if err != nil {
				return nil, locate(err, escapeAt)
			}
			units = append(units, c)
		default:
			units = append(units, c)
		}
	}
}

func (r *reader) escape() (rune, error) {
	c := r.next()
	if plain, ok := stringEscapes[c]; ok {
		return plain, nil
	}
	start := r.i
	base, size := rune(8), 3
	if c == 'u' {
		base, size = 16, 4
	} else {
		start--
	}
	for r.i-start < size && r.i < len(r.src) {
		if _, ok := parseDigits(r.src[r.i:r.i+1], base); !ok {
			break
		}
		r.next()
	}
	if c == eof || c != 'u' && (c < '0' || c > '7') {
		return 0, fail("unknown escape in a string: \\%s", strings.Trim(string(c), "\uFFFD"))
	}
	n, ok := parseDigits(r.src[start:r.i], base)
	if !ok || c == 'u' && r.i-start != size || base == 8 && n > 0o377 {
		return 0, fail("bad escape in a string: \\%s", string(r.src[start:r.i]))
	}
	return n, nil
}

// joinSurrogates makes one character of the two that \uXXXX writes beyond
// U+FFFF.
func joinSurrogates(rs []rune) string {
	var b strings.Builder
	for i := 0; i < len(rs); i++ {
		if i+1 < len(rs) && utf16.IsSurrogate(rs[i]) {
			if c := utf16.DecodeRune(rs[i], rs[i+1]); c != '\uFFFD' {
				b.WriteRune(c)
				i++
				continue
			}
		}
		b.WriteRune(rs[i])
	}
	return b.String()
}

// regex reads a regular expression behind its quote; a backslash keeps what
// follows it.
func (r *reader) regex(at position) (*node, error) {
	var b strings.Builder
	for {
		switch c := r.next(); c {
		case eof:
			return nil, fail("a regular expression has no end")
		case '"':
			re, err := compileRegex(b.String())
			return &node{at: at, val: re}, err
		case '\\':
			b.WriteRune(c)
			if c = r.next(); c != eof {
				b.WriteRune(c)
			}
		default:
			b.WriteRune(c)
		}
	}
}

// The patterns of numbers.
//
// Source: the reference of the Clojure reader, "Literals".
var (
	startsNumber = regexp.MustCompile(`^[-+]?[0-9]`)
	intPattern   = regexp.MustCompile(`^([-+]?)(?:(0)|([1-9][0-9]*)|0[xX]([0-9A-Fa-f]+)|0([0-7]+)|([1-9][0-9]?)[rR]([0-9A-Za-z]+))(N)?$`)
	ratioPattern = regexp.MustCompile(`^[-+]?[0-9]+/[0-9]+$`)
	badOctal     = regexp.MustCompile(`^[-+]?0[0-9]+$`) // which the pattern of floats would take
	floatPattern = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?(M)?$`)
)

// readNumber is nil where a word does not begin like a number.
func readNumber(word string) (Value, error) {
	if !startsNumber.MatchString(word) {
		return nil, nil
	}
	if parts := intPattern.FindStringSubmatch(word); parts != nil {
		return readInt(word, parts)
	}
	if badOctal.MatchString(word) {
		return nil, fail("invalid number: %s", word)
	}
	if parts := floatPattern.FindStringSubmatch(word); parts != nil {
		if parts[3] != "" {
			return nil, unsupported("%s is not supported: it is a BigDecimal", word)
		}
		f, _ := strconv.ParseFloat(strings.TrimSuffix(word, "."), 64) // out of range is infinite, as in Java
		return f, nil
	}
	if ratioPattern.MatchString(word) {
		num, den, _ := strings.Cut(strings.TrimPrefix(word, "+"), "/")
		if strings.Trim(den, "0") == "" {
			return nil, fail("divide by zero")
		}
		return readRatio(num, den)
	}
	return nil, fail("invalid number: %s", word)
}

func readRatio(num, den string) (Value, error) {
	n, okN := new(big.Int).SetString(num, 10)
	d, okD := new(big.Int).SetString(den, 10)
	if !okN || !okD {
		return nil, fail("invalid number: %s/%s", num, den)
	}
	return fromRat(new(big.Rat).SetFrac(n, d))
}

func readInt(word string, parts []string) (Value, error) {
	if parts[8] != "" {
		return nil, unsupported("%s is not supported: it is a BigInt", word)
	}
	digits, base := parts[2]+parts[3], 10
	switch {
	case parts[4] != "":
		digits, base = parts[4], 16
	case parts[5] != "":
		digits, base = parts[5], 8
	case parts[6] != "":
		digits = parts[7]
		base, _ = strconv.Atoi(parts[6])
	}
	if base < 2 || base > 36 {
		return nil, fail("invalid number: %s", word)
	}
	n, ok := new(big.Int).SetString(parts[1]+digits, base)
	if !ok {
		return nil, fail("invalid number: %s", word)
	}
	if !n.IsInt64() {
		return nil, unsupported("%s is not supported: it is a BigInt", word)
	}
	return n.Int64(), nil
}
