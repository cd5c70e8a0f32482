package clojure

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// directive is a format specifier of Java: its argument, flags, width and
// precision.
type directive struct {
	arg              int // from 1; 0 for the next
	flags            string
	width, precision int // negative where not given
	verb             byte
}

var directivePattern = regexp.MustCompile(`^%(?:([1-9][0-9]*)\$)?([-#+ 0,(]*)([1-9][0-9]*)?(?:\.([0-9]+))?([a-zA-Z%])`)

// formatFn is Java's String.format.
//
// Source: the documentation of java.util.Formatter.
func formatFn(m *machine, args []Value) (Value, error) {
	rest, ok := args[0].(string)
	if !ok {
		return nil, fail("%s is no format", typeName(args[0]))
	}
	var b strings.Builder
	next := 1
	for rest != "" {
		text, _, found := strings.Cut(rest, "%")
		b.WriteString(text)
		if !found {
			break
		}
		rest = rest[len(text):]
		parts := directivePattern.FindStringSubmatch(rest)
		if parts == nil {
			return nil, unsupported("the format %q is wrong, or not supported", rest[:min(len(rest), 8)])
		}
		d := readDirective(parts)
		rest = rest[len(parts[0]):]
		s, err := m.formatOne(d, args, &next)
		if err != nil {
			return nil, err
		}
		b.WriteString(s)
		if err := m.spendText(b.Len()); err != nil {
			return nil, err
		}
	}
	return b.String(), nil
}

func readDirective(parts []string) directive {
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		return n
	}
	return directive{max(number(parts[1]), 0), parts[2], number(parts[3]), number(parts[4]), parts[5][0]}
}

func (d directive) has(flag string) bool { return strings.Contains(d.flags, flag) }

func (m *machine) formatOne(d directive, args []Value, next *int) (string, error) {
	if d.width > maxText || d.precision > 1000 {
		return "", unsupported("a width of %d is not supported", max(d.width, d.precision))
	}
	if d.has("-") && d.width < 0 {
		return "", fail("the flag - of a format needs a width")
	}
	switch d.verb {
	case 'n':
		if d.width >= 0 || d.flags != "" || d.precision >= 0 {
			return "", fail("%%n takes no width or flags")
		}
		return "\n", nil
	case '%':
		if d.precision >= 0 || strings.Trim(d.flags, "-") != "" {
			return "", fail("%%%% takes no flags")
		}
		return d.pad("%"), nil
	}
	i := d.arg
	if i == 0 {
		i = *next
		*next++
	}
	if i >= len(args) {
		return "", fail("the format needs more than %d values", len(args)-1)
	}
	return m.formatValue(d, args[i])
}

// formats are the verbs by their small letter; the large one gives large
// letters.
var formats = map[byte]func(m *machine, d directive, v Value) (string, error){
	's': formatText, 'b': formatBool, 'c': formatChar, 'd': formatInt, 'x': formatInt, 'o': formatInt, 'f': formatFixed,
}

func (m *machine) formatValue(d directive, v Value) (string, error) {
	isUpper := d.verb < 'a'
	if isUpper {
		d.verb += 'a' - 'A'
	}
	write := formats[d.verb]
	if write == nil || isUpper && strings.IndexByte("dof", d.verb) >= 0 {
		return "", unsupported("%%%c is wrong, or not supported", d.verb)
	}
	s, err := write(m, d, v)
	if isUpper {
		s = strings.ToUpper(s)
	}
	return s, err
}

func (d directive) pad(s string) string {
	fill := d.width - utf8.RuneCountInString(s)
	switch {
	case fill <= 0:
		return s
	case d.has("-"):
		return s + strings.Repeat(" ", fill)
	}
	return strings.Repeat(" ", fill) + s
}

// onlyMinus refuses the flags of numbers.
func (d directive) onlyMinus() error {
	if strings.Trim(d.flags, "-") != "" {
		return fail("%%%c does not take the flags %q", d.verb, d.flags)
	}
	return nil
}

func formatText(m *machine, d directive, v Value) (string, error) {
	s, err := "null", d.onlyMinus()
	if v != nil && err == nil {
		s, err = m.str(v)
	}
	return d.pad(d.cut(s)), err
}

func (d directive) cut(s string) string {
	if r := []rune(s); d.precision >= 0 && d.precision < len(r) {
		return string(r[:d.precision])
	}
	return s
}

func formatBool(_ *machine, d directive, v Value) (string, error) {
	return d.pad(d.cut(strconv.FormatBool(truthy(v)))), d.onlyMinus()
}

func formatChar(_ *machine, d directive, v Value) (string, error) {
	s := "null"
	switch x := v.(type) {
	case nil:
	case Char:
		s = string(rune(x))
	default:
		return "", fail("%%c needs a character, not %s", typeName(v))
	}
	if d.precision >= 0 {
		return "", fail("%%c takes no precision")
	}
	return d.pad(s), d.onlyMinus()
}

func formatInt(_ *machine, d directive, v Value) (string, error) {
	if d.precision >= 0 {
		return "", fail("%%%c takes no precision", d.verb)
	}
	if err := d.checkNumber(); err != nil {
		return "", err
	}
	if v == nil {
		return d.pad("null"), nil
	}
	n, ok := v.(int64)
	if !ok {
		return "", fail("%%%c needs an integer, not %s", d.verb, shorten(v))
	}
	if d.verb == 'd' {
		return d.number(new(big.Int).Abs(big.NewInt(n)).String(), n < 0), nil
	}
	if strings.ContainsAny(d.flags, "+ ,(#") {
		return "", unsupported("the flags %q of %%%c are not supported", d.flags, d.verb)
	}
	base := map[byte]int{'x': 16, 'o': 8}[d.verb]
	return d.number(strconv.FormatUint(uint64(n), base), false), nil
}

func formatFixed(_ *machine, d directive, v Value) (string, error) {
	if err := d.checkNumber(); err != nil {
		return "", err
	}
	if v == nil {
		return d.pad("null"), nil
	}
	f, ok := v.(float64)
	if !ok {
		return "", fail("%%f needs a number with a fraction, not %s", shorten(v))
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", unsupported("%%f of %s is not supported", javaFloat(f))
	}
	precision := d.precision
	if precision < 0 {
		precision = 6
	}
	return d.number(roundHalfUp(math.Abs(f), precision), math.Signbit(f)), nil
}

// roundHalfUp rounds the shortest decimal digits of a number, as Java does;
// Go rounds the exact value, half to even.
func roundHalfUp(f float64, precision int) string {
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'f', -1, 64))
	return exact.FloatString(precision)
}

// checkNumber refuses what Java refuses of the flags of numbers.
func (d directive) checkNumber() error {
	switch {
	case d.has("0") && (d.width < 0 || d.has("-")), d.has("+") && d.has(" "):
		return fail("the flags %q of a format do not go together, or need a width", d.flags)
	case d.has("#"):
		return unsupported("the flag # of a format is not supported")
	}
	return nil
}

// number adds the sign, the separators of thousands and the padding to digits.
func (d directive) number(digits string, isNegative bool) string {
	if d.has(",") {
		digits = withThousands(digits)
	}
	before, after := "", ""
	switch {
	case isNegative && d.has("("):
		before, after = "(", ")"
	case isNegative:
		before = "-"
	case d.has("+"):
		before = "+"
	case d.has(" "):
		before = " "
	}
	if fill := d.width - len(before) - len(digits) - len(after); d.has("0") && fill > 0 {
		digits = strings.Repeat("0", fill) + digits
	}
	return d.pad(before + digits + after)
}

func withThousands(digits string) string {
	whole, fraction, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}
