package clojure

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// composite is the identity of a collection.
type composite string

// identity is a comparable key that is the same for values that are equal:
// scalars themselves, and a text for collections, whose sequences have to be
// realised.
func identity(v Value) any {
	switch x := v.(type) {
	case nil, bool, int64, float64, Ratio, string, Keyword, Symbol, Char, *Func, *Regex, *exception, *cell, *lazySeq:
		return x
	}
	return composite(appendIdentity(nil, v))
}

func appendIdentity(b []byte, v Value) []byte {
	switch x := v.(type) {
	case Vector:
		return appendItems(b, x)
	case List:
		return appendItems(b, x)
	case *Map:
		var parts []string
		for k, val := range x.All() {
			parts = append(parts, string(appendIdentity(appendIdentity(nil, k), val)))
		}
		return appendSorted(append(b, '{'), parts)
	case *Set:
		var parts []string
		for _, item := range x.Items() {
			parts = append(parts, string(appendIdentity(nil, item)))
		}
		return appendSorted(append(b, '#'), parts)
	case float64:
		if x == 0 {
			x = 0 // -0.0 equals 0.0
		}
		return append(strconv.AppendFloat(append(b, 'f'), x, 'g', -1, 64), ' ')
	case string:
		return strconv.AppendQuote(append(b, 's'), x)
	case Keyword:
		return strconv.AppendQuote(append(b, 'k'), string(x))
	case Symbol:
		return strconv.AppendQuote(append(b, 'y'), string(x))
	case *Func, *Regex, *exception, *cell, *lazySeq:
		return fmt.Appendf(b, "%p ", x)
	}
	return fmt.Appendf(b, "%T %v ", v, v)
}

func appendItems(b []byte, items []Value) []byte {
	b = append(b, '(')
	for _, item := range items {
		b = appendIdentity(b, item)
	}
	return append(b, ')')
}

func appendSorted(b []byte, parts []string) []byte {
	slices.Sort(parts)
	return append(append(b, strings.Join(parts, "")...), '}')
}

// equal is Clojure's =.
func (m *machine) equal(a, b Value) (bool, error) {
	if !isComposite(a) && !isComposite(b) {
		return identity(a) == identity(b), nil
	}
	if !mayEqual(a, b) {
		return false, nil
	}
	a, err := m.key(a)
	if err != nil {
		return false, err
	}
	b, err = m.key(b)
	return err == nil && identity(a) == identity(b), err
}

// key prepares a value for identity.
func (m *machine) key(v Value) (Value, error) {
	if !isComposite(v) {
		return v, nil
	}
	v, err := m.realise(v)
	if err == nil {
		err = m.spend(weight(v))
	}
	return v, err
}

// mayEqual spares the work for values of different kinds.
func mayEqual(a, b Value) bool { return kindOf(a) == kindOf(b) }

func kindOf(v Value) string {
	switch v.(type) {
	case Vector, List, *cell, *lazySeq:
		return "sequence"
	case *Map:
		return "map"
	case *Set:
		return "set"
	}
	return "other"
}

// weight is about the number of items in a realised value.
func weight(v Value) int {
	n := 1
	switch x := v.(type) {
	case Vector:
		n += weights(x)
	case List:
		n += weights(x)
	case *Map:
		n += weights(x.keys) + weights(x.vals)
	case *Set:
		n += weights(x.Items())
	case string:
		n += len(x) / 16
	}
	return n
}

func weights(items []Value) int {
	n := 0
	for _, item := range items {
		n += weight(item)
	}
	return n
}

// compare is Clojure's compare: nil is the least; numbers by value; texts by
// their characters; vectors by their size first.
func (m *machine) compare(a, b Value) (int64, error) {
	if a == nil || b == nil {
		return nilFirst(a, b), nil
	}
	if isNumber(a) && isNumber(b) {
		return int64(compareNumbers(a, b)), nil
	}
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return compareText(x, y), nil
		}
	case Keyword:
		if y, ok := b.(Keyword); ok {
			return compareNames(string(x), string(y)), nil
		}
	case Symbol:
		if y, ok := b.(Symbol); ok {
			return compareNames(string(x), string(y)), nil
		}
	case Char:
		if y, ok := b.(Char); ok {
			return int64(x) - int64(y), nil
		}
	case bool:
		if y, ok := b.(bool); ok {
			return compareBools(x, y), nil
		}
	case Vector:
		if y, ok := b.(Vector); ok {
			return m.compareVectors(x, y)
		}
	default:
		if same, err := m.equal(a, b); err != nil || same {
			return 0, cmp.Or(err, unsupported("comparing %s with its like is not supported: it is 0 for one and the same", typeName(a)))
		}
	}
	return 0, fail("%s cannot be compared with %s", typeName(a), typeName(b))
}

func nilFirst(a, b Value) int64 {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	}
	return 1
}

func compareBools(a, b bool) int64 {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareText is the difference of the first characters that differ, or of the
// lengths, as in Java.
func compareText(a, b string) int64 {
	as, bs := utf16Of(a), utf16Of(b)
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return int64(as[i]) - int64(bs[i])
		}
	}
	return int64(len(as) - len(bs))
}

func compareNames(a, b string) int64 {
	nsA, localA := splitName(a)
	nsB, localB := splitName(b)
	switch {
	case nsA == "" && nsB != "":
		return -1
	case nsA != "" && nsB == "":
		return 1
	case nsA != nsB:
		return compareText(nsA, nsB)
	}
	return compareText(localA, localB)
}

func (m *machine) compareVectors(a, b Vector) (int64, error) {
	if len(a) != len(b) {
		return int64(cmp.Compare(len(a), len(b))), nil
	}
	if err := m.enter(); err != nil {
		m.leave()
		return 0, err
	}
	defer m.leave()
	for i := range a {
		if err := m.spend(1); err != nil {
			return 0, err
		}
		if d, err := m.compare(a[i], b[i]); err != nil || d != 0 {
			return d, err
		}
	}
	return 0, nil
}
