package clojure

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

func strFn(m *machine, args []Value) (Value, error) {
	var b strings.Builder
	for _, arg := range args {
		s, err := m.str(arg)
		if err != nil {
			return nil, err
		}
		if err := m.spendText(b.Len() + len(s)); err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// printed is pr-str, and prn-str with the newline.
func printed(end string) native {
	return func(m *machine, args []Value) (Value, error) {
		var parts []string
		size := 0
		for _, arg := range args {
			s, err := m.prStr(arg)
			if err != nil {
				return nil, err
			}
			if size += len(s) + 1; size > maxText {
				return nil, m.spendText(size)
			}
			parts = append(parts, s)
		}
		return m.text(strings.Join(parts, " ") + end)
	}
}

func nameFn(_ *machine, args []Value) (Value, error) {
	if s, ok := args[0].(string); ok {
		return s, nil
	}
	if !isIdent(args[0]) {
		return nil, fail("%s has no name", typeName(args[0]))
	}
	_, local := splitName(nameOf(args[0]))
	return local, nil
}

func namespaceFn(_ *machine, args []Value) (Value, error) {
	if !isIdent(args[0]) {
		return nil, fail("%s has no namespace", typeName(args[0]))
	}
	if ns, _ := splitName(nameOf(args[0])); ns != "" {
		return ns, nil
	}
	return nil, nil
}

func keywordFn(_ *machine, args []Value) (Value, error) {
	if len(args) == 2 {
		name, err := joinedName(args)
		return Keyword(name), err
	}
	if isIdent(args[0]) || isA[string](args[0]) {
		return Keyword(nameOf(args[0])), nil
	}
	return nil, nil
}

func symbolFn(_ *machine, args []Value) (Value, error) {
	if len(args) == 2 {
		name, err := joinedName(args)
		return Symbol(name), err
	}
	if isIdent(args[0]) || isA[string](args[0]) {
		return Symbol(nameOf(args[0])), nil
	}
	return nil, fail("%s makes no symbol", typeName(args[0]))
}

func joinedName(args []Value) (string, error) {
	name, ok := args[1].(string)
	ns, isText := args[0].(string)
	if !ok || !isText && args[0] != nil {
		return "", fail("a name is made of strings")
	}
	if isText {
		name = ns + "/" + name
	}
	return name, nil
}

func subsFn(m *machine, args []Value) (Value, error) {
	s, ok := args[0].(string)
	if !ok {
		return nil, fail("%s is no string", typeName(args[0]))
	}
	chars, err := m.chars(s)
	if err != nil {
		return nil, err
	}
	from, err := index(args[1])
	to := int64(len(chars))
	if len(args) > 2 && err == nil {
		to, err = index(args[2])
	}
	if err != nil {
		return nil, err
	}
	if from < 0 || to < from || to > int64(len(chars)) {
		return nil, fail("%d to %d is no part of a string of %d", from, to, len(chars))
	}
	return string(chars[from:to]), nil
}

// parsed calls a parser for a string; what it cannot read is nil.
func parsed(parse func(s string) (Value, bool)) native {
	return func(_ *machine, args []Value) (Value, error) {
		s, ok := args[0].(string)
		if !ok {
			return nil, fail("%s is no string", typeName(args[0]))
		}
		if v, ok := parse(s); ok {
			return v, nil
		}
		return nil, nil
	}
}

func parseLong(s string) (Value, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func parseBoolean(s string) (Value, bool) { return s == "true", s == "true" || s == "false" }

// javaFloatPattern is what Double.parseDouble of Java reads, but for the
// hexadecimal.
var javaFloatPattern = regexp.MustCompile(`^([-+]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?))([fFdD]?)$`)

func parseDouble(s string) (Value, bool) {
	parts := javaFloatPattern.FindStringSubmatch(strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }))
	if parts == nil || parts[2] != "" && strings.HasSuffix(parts[1], "NaN") {
		return nil, false
	}
	f, _ := strconv.ParseFloat(strings.Replace(parts[1], "Infinity", "Inf", 1), 64) // out of range is infinite, as in Java
	return f, !math.IsNaN(f) || strings.HasSuffix(parts[1], "NaN")
}

func parseJava(bits int) native {
	return func(_ *machine, args []Value) (Value, error) {
		base := int64(10)
		if len(args) == 2 {
			base, _ = args[1].(int64)
		}
		s, ok := args[0].(string)
		if !ok || base < 2 || base > 36 || strings.Contains(s, "_") {
			return nil, fail("%s is no integer in a string", shorten(args[0]))
		}
		n, err := strconv.ParseInt(s, int(base), bits)
		if err != nil {
			return nil, fail("%s is no integer in a string", shorten(s))
		}
		return n, nil
	}
}

func parseJavaDouble(_ *machine, args []Value) (Value, error) {
	s, ok := args[0].(string)
	if !ok {
		return nil, fail("%s is no number in a string", shorten(args[0]))
	}
	if v, ok := parseDouble(s); ok {
		return v, nil
	}
	if strings.Contains(strings.ToLower(s), "0x") {
		return nil, unsupported("hexadecimal fractions are not supported")
	}
	return nil, fail("%s is no number in a string", shorten(s))
}

func parseJavaBoolean(_ *machine, args []Value) (Value, error) {
	s, ok := args[0].(string)
	if !ok && args[0] != nil {
		return nil, fail("%s is no string", typeName(args[0]))
	}
	return strings.EqualFold(s, "true"), nil
}

var textFuncs = funcs{
	"str": {0, -1, strFn}, "pr-str": {0, -1, printed("")}, "prn-str": {0, -1, printed("\n")}, "format": {1, -1, formatFn},
	"name": {1, 1, nameFn}, "namespace": {1, 1, namespaceFn}, "keyword": {1, 2, keywordFn}, "symbol": {1, 2, symbolFn},
	"subs": {2, 3, subsFn}, "parse-long": {1, 1, parsed(parseLong)}, "parse-double": {1, 1, parsed(parseDouble)},
	"parse-boolean": {1, 1, parsed(parseBoolean)},
}

// asText is what the functions of clojure.string take for a text: a string, or
// what has one by toString; nil is an error.
func (m *machine) asText(v Value) (string, error) {
	if v == nil {
		return "", fail("nil is no string")
	}
	return m.str(v)
}

// onText is a function of one text.
func onText(f func(s string) string) native {
	return func(m *machine, args []Value) (Value, error) {
		s, err := m.asText(args[0])
		if err != nil {
			return nil, err
		}
		return m.text(f(s))
	}
}

// onChars is onText for the functions that need a CharSequence: a string.
func onChars(f func(s string) Value) native {
	return func(m *machine, args []Value) (Value, error) {
		s, ok := args[0].(string)
		if !ok {
			return nil, fail("%s is no string", typeName(args[0]))
		}
		return f(s), m.spendText(len(s))
	}
}

// onPair is a test of a text with a string.
func onPair(f func(s, other string) bool) native {
	return func(m *machine, args []Value) (Value, error) {
		s, err := m.asText(args[0])
		if err != nil {
			return nil, err
		}
		other, ok := args[1].(string)
		if !ok {
			return nil, fail("%s is no string", typeName(args[1]))
		}
		return f(s, other), m.spendText(len(s))
	}
}

// isJavaBlank is Character.isWhitespace of Java.
func isJavaBlank(r rune) bool {
	switch {
	case r >= 0x1C && r <= 0x1F, r >= '\t' && r <= '\r':
		return true
	case r == 0xA0 || r == 0x2007 || r == 0x202F || r == 0x85:
		return false
	}
	return unicode.IsSpace(r)
}

func capitalize(s string) string {
	r := []rune(s)
	if len(r) < 2 {
		return strings.ToUpper(s)
	}
	return strings.ToUpper(string(r[:1])) + strings.ToLower(string(r[1:]))
}

func reverseText(s string) Value {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func isBlank(m *machine, args []Value) (Value, error) {
	if args[0] == nil {
		return true, nil
	}
	return onChars(func(s string) Value { return strings.TrimFunc(s, isJavaBlank) == "" })(m, args)
}

func joinFn(m *machine, args []Value) (Value, error) {
	sep, err := "", error(nil)
	if len(args) == 2 {
		if sep, err = m.str(args[0]); err != nil {
			return nil, err
		}
	}
	var b strings.Builder
	isFirst := true
	err = m.each(args[len(args)-1], func(item Value) (bool, error) {
		if !isFirst {
			b.WriteString(sep)
		}
		isFirst = false
		s, err := m.str(item)
		if err != nil {
			return false, err
		}
		b.WriteString(s)
		if b.Len() > maxText {
			return false, m.spendText(b.Len())
		}
		return true, m.spend(len(s) / 16)
	})
	return b.String(), err
}

// search is index-of or last-index-of, in characters.
func search(find func(chars, part []rune, from int64) int64) native {
	return func(m *machine, args []Value) (Value, error) {
		text, err := m.asText(args[0])
		if err != nil {
			return nil, err
		}
		part, ok := args[1].(string)
		if c, isChar := args[1].(Char); isChar {
			part, ok = string(rune(c)), true
		}
		if !ok {
			return nil, fail("%s is no string", typeName(args[1]))
		}
		chars, err := m.chars(text)
		if err == nil {
			err = m.spend(len(chars) * (1 + len(part)/16))
		}
		from := int64(-1)
		if len(args) > 2 && err == nil {
			from, err = index(args[2])
			if err == nil && from < 0 {
				err = unsupported("a negative index is not supported")
			}
		}
		if err != nil {
			return nil, err
		}
		if i := find(chars, []rune(part), from); i >= 0 {
			return i, nil
		}
		return nil, nil
	}
}

func startsAt(chars, part []rune, i int64) bool {
	if i < 0 || i+int64(len(part)) > int64(len(chars)) {
		return false
	}
	for k, c := range part {
		if chars[int(i)+k] != c {
			return false
		}
	}
	return true
}

func firstIndex(chars, part []rune, from int64) int64 {
	for i := min(max(from, 0), int64(len(chars))); i <= int64(len(chars)); i++ {
		if startsAt(chars, part, i) {
			return i
		}
	}
	return -1
}

func lastIndex(chars, part []rune, from int64) int64 {
	i := int64(len(chars) - len(part))
	if from >= 0 {
		i = min(i, from)
	}
	for ; i >= 0; i-- {
		if startsAt(chars, part, i) {
			return i
		}
	}
	return -1
}

func escapeFn(m *machine, args []Value) (Value, error) {
	s, err := m.asText(args[0])
	if err != nil {
		return nil, err
	}
	chars, err := m.chars(s)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, c := range chars {
		v, err := m.apply(args[1], Char(c))
		if err != nil {
			return nil, err
		}
		if !truthy(v) {
			b.WriteRune(c)
			continue
		}
		to, err := m.str(v)
		if err != nil {
			return nil, err
		}
		b.WriteString(to)
		if err := m.spendText(b.Len()); err != nil {
			return nil, err
		}
	}
	return b.String(), nil
}

var stringFuncs = funcs{
	"clojure.string/join": {1, 2, joinFn}, "clojure.string/blank?": {1, 1, isBlank},
	"clojure.string/upper-case": {1, 1, onText(strings.ToUpper)}, "clojure.string/lower-case": {1, 1, onText(strings.ToLower)},
	"clojure.string/capitalize": {1, 1, onText(capitalize)},
	"clojure.string/trim":       {1, 1, onChars(func(s string) Value { return strings.TrimFunc(s, isJavaBlank) })},
	"clojure.string/triml":      {1, 1, onChars(func(s string) Value { return strings.TrimLeftFunc(s, isJavaBlank) })},
	"clojure.string/trimr":      {1, 1, onChars(func(s string) Value { return strings.TrimRightFunc(s, isJavaBlank) })},
	"clojure.string/trim-newline": {1, 1, onChars(func(s string) Value {
		return strings.TrimRight(s, "\r\n")
	})},
	"clojure.string/reverse":       {1, 1, onChars(reverseText)},
	"clojure.string/starts-with?":  {2, 2, onPair(strings.HasPrefix)},
	"clojure.string/ends-with?":    {2, 2, onPair(strings.HasSuffix)},
	"clojure.string/includes?":     {2, 2, onPair(strings.Contains)},
	"clojure.string/index-of":      {2, 3, search(firstIndex)},
	"clojure.string/last-index-of": {2, 3, search(lastIndex)},
	"clojure.string/escape":        {2, 2, escapeFn},
}
