package clojure

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Print writes a value as Clojure's pr-str does. Functions, which have no
// written form, are #function[name].
func Print(v Value) string {
	var b strings.Builder
	printTo(&b, v)
	return b.String()
}

func printTo(b *strings.Builder, v Value) {
	switch x := v.(type) {
	case nil:
		b.WriteString("nil")
	case string:
		printString(b, x)
	case Char:
		printChar(b, x)
	case float64:
		b.WriteString(printFloat(x))
	case Vector:
		printItems(b, "[", x, "]")
	case List:
		printItems(b, "(", x, ")")
	case *Map:
		printMap(b, x)
	case *Set:
		printItems(b, "#{", x.Items(), "}")
	case *Regex:
		b.WriteString(`#"` + x.source + `"`)
	case *Func:
		b.WriteString("#function[" + x.name + "]")
	case *exception:
		b.WriteString("#error")
	case *cell, *lazySeq:
		b.WriteString("(…)") // only in messages: results are realised
	default:
		b.WriteString(scalarText(v))
	}
}

func printItems(b *strings.Builder, open string, items []Value, end string) {
	b.WriteString(open)
	for i, item := range items {
		if i > 0 {
			b.WriteByte(' ')
		}
		printTo(b, item)
	}
	b.WriteString(end)
}

func printMap(b *strings.Builder, x *Map) {
	b.WriteByte('{')
	sep := ""
	for k, v := range x.All() {
		b.WriteString(sep)
		printTo(b, k)
		b.WriteByte(' ')
		printTo(b, v)
		sep = ", "
	}
	b.WriteByte('}')
}

var printedEscapes = strings.NewReplacer(
	"\n", `\n`, "\t", `\t`, "\r", `\r`, `"`, `\"`, `\`, `\\`, "\f", `\f`, "\b", `\b`,
)

func printString(b *strings.Builder, s string) {
	b.WriteByte('"')
	b.WriteString(printedEscapes.Replace(s))
	b.WriteByte('"')
}

func printChar(b *strings.Builder, c Char) {
	b.WriteByte('\\')
	for name, named := range charNames {
		if named == rune(c) {
			b.WriteString(name)
			return
		}
	}
	b.WriteRune(rune(c))
}

func printFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "##NaN"
	case math.IsInf(f, 1):
		return "##Inf"
	case math.IsInf(f, -1):
		return "##-Inf"
	}
	return javaFloat(f)
}

// javaFloat writes a number as Java does: with an exponent below 0.001 and
// from ten million on.
//
// Source: the documentation of Double.toString in Java.
func javaFloat(f float64) string {
	switch abs := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64)[:1], "+") + "Infinity"
	case abs == 0 || abs >= 1e-3 && abs < 1e7:
		return withFraction(strconv.FormatFloat(f, 'f', -1, 64))
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	e, _ := strconv.Atoi(exponent)
	return withFraction(digits) + "E" + strconv.Itoa(e)
}

func withFraction(s string) string {
	if strings.Contains(s, ".") {
		return s
	}
	return s + ".0"
}

// scalarText is what str makes of a value that is no collection.
func scalarText(v Value) string {
	switch x := v.(type) {
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case Ratio:
		return strconv.FormatInt(x.Num, 10) + "/" + strconv.FormatInt(x.Den, 10)
	case float64:
		return javaFloat(x)
	case string:
		return x
	case Char:
		return string(rune(x))
	case Keyword:
		return ":" + string(x)
	case Symbol:
		return string(x)
	case *Regex:
		return x.source
	}
	return ""
}

// text is what str makes of a value.
func (m *machine) str(v Value) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", nil
	case Vector, List, *cell, *Map, *Set:
		return m.prStr(v)
	case *lazySeq:
		if x.isPlain {
			return m.prStr(v)
		}
		return "", unsupported("the text of a lazy sequence is its identity in Clojure: (vec …) or (apply str …) may be meant")
	case *Func, *exception:
		return "", unsupported("the text of %s is not supported", typeName(v))
	}
	return scalarText(v), nil
}

// prStr is Print with bounds.
func (m *machine) prStr(v Value) (string, error) {
	v, err := m.realise(v)
	if err != nil {
		return "", err
	}
	if hasUnprintable(v) {
		return "", unsupported("the text of a function or exception is not supported")
	}
	size := printedSize(v)
	if err := m.spendText(size); err != nil {
		return "", err
	}
	return Print(v), nil
}

// printedSize is about the number of bytes that Print writes.
func printedSize(v Value) int {
	n := 2
	visit(v, func(x Value) bool {
		n += 3
		switch x := x.(type) {
		case string:
			n += len(x)
		case Keyword:
			n += len(x)
		case Symbol:
			n += len(x)
		}
		return n <= maxText
	})
	return n
}

func hasUnprintable(v Value) bool {
	found := false
	visit(v, func(x Value) bool {
		switch x.(type) {
		case *Func, *exception:
			found = true
		}
		return !found
	})
	return found
}

// visit calls f for a value and all in it, until f is false.
func visit(v Value, f func(Value) bool) bool {
	if !f(v) {
		return false
	}
	switch x := v.(type) {
	case Vector:
		return visitAll(x, f)
	case List:
		return visitAll(x, f)
	case *Map:
		return x == nil || visitAll(x.keys, f) && visitAll(x.vals, f)
	case *Set:
		return visitAll(x.Items(), f)
	}
	return true
}

func visitAll(items []Value, f func(Value) bool) bool {
	for _, item := range items {
		if !visit(item, f) {
			return false
		}
	}
	return true
}

// shorten is a value for a message.
func shorten(v Value) string {
	if isComposite(v) {
		return typeName(v)
	}
	s := []rune(Print(v))
	if len(s) > 40 {
		return string(s[:39]) + "…"
	}
	return string(s)
}

func utf16Of(s string) []uint16 { return utf16.Encode([]rune(s)) }
