package clojure

import (
	"iter"
	"maps"
	"slices"
)

// Value is what code evaluates to: nil, bool, int64, float64, Ratio, string,
// Keyword, Symbol, Char, Vector, List, *Map, *Set, *Func or *Regex. A result of
// Eval holds sequences of any kind as List.
type Value any

// Keyword is a keyword without its colon, with its namespace: "a", "ns/a".
type Keyword string

// Symbol is a symbol, with its namespace.
type Symbol string

// Char is a character.
type Char rune

// Ratio is an exact fraction in lowest terms; Den is greater than 1.
type Ratio struct{ Num, Den int64 }

// Vector is a vector, and an entry of a map. It is not changed once made.
type Vector []Value

// List is a list, or a sequence whose items are all known. It is not changed
// once made.
type List []Value

// Map is a map that keeps the order in which its keys were first set. The zero
// value is empty and ready for use. Code never changes a map that it was
// given.
type Map struct {
	keys, vals []Value
	ids        []any       // the identities of the keys
	index      map[any]int // by identity; nil for small maps, which are searched
	sorted     bool        // keys are in the order of compare
}

// maxSearched is the number of entries up to which a map is searched.
const maxSearched = 8

// NewMap is a map of alternating keys and values; a last key without a value
// gets nil.
func NewMap(pairs ...Value) *Map {
	m := &Map{}
	for pair := range slices.Chunk(pairs, 2) {
		var val Value
		if len(pair) == 2 {
			val = pair[1]
		}
		m.Set(pair[0], val)
	}
	return m
}

// Len is the number of entries; a nil map has none.
func (m *Map) Len() int {
	if m == nil {
		return 0
	}
	return len(m.keys)
}

// Get returns the value of a key.
func (m *Map) Get(key Value) (val Value, ok bool) {
	if i := m.find(key); i >= 0 {
		return m.vals[i], true
	}
	return nil, false
}

// Set replaces the value of a key in place, or appends the key. It is for
// making a map.
func (m *Map) Set(key, val Value) {
	id := identity(key)
	if i := m.findID(id); i >= 0 {
		m.vals[i] = val
		return
	}
	m.keys, m.vals, m.ids = append(m.keys, key), append(m.vals, val), append(m.ids, id)
	if m.index != nil {
		m.index[id] = len(m.keys) - 1
	} else if len(m.keys) > maxSearched {
		m.reindex()
	}
}

// All yields the entries in order.
func (m *Map) All() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		for i := range m.Len() {
			if !yield(m.keys[i], m.vals[i]) {
				return
			}
		}
	}
}

func (m *Map) find(key Value) int {
	if m.Len() == 0 {
		return -1
	}
	return m.findID(identity(key))
}

func (m *Map) findID(id any) int {
	if m.index != nil {
		if i, ok := m.index[id]; ok {
			return i
		}
		return -1
	}
	return slices.Index(m.ids, id)
}

func (m *Map) reindex() {
	m.index = nil
	if len(m.keys) <= maxSearched {
		return
	}
	m.index = make(map[any]int, len(m.keys))
	for i, id := range m.ids {
		m.index[id] = i
	}
}

// clone is a map that may be changed without changing this one.
func (m *Map) clone() *Map {
	if m == nil {
		return &Map{}
	}
	return &Map{slices.Clone(m.keys), slices.Clone(m.vals), slices.Clone(m.ids), maps.Clone(m.index), m.sorted}
}

// remove takes a key out, where it is there.
func (m *Map) remove(key Value) {
	if i := m.find(key); i >= 0 {
		m.keys = slices.Delete(m.keys, i, i+1)
		m.vals = slices.Delete(m.vals, i, i+1)
		m.ids = slices.Delete(m.ids, i, i+1)
		m.reindex()
	}
}

// Set is a set that keeps the order in which its items were added.
type Set struct{ items Map }

// NewSet is a set of the given items; repeated ones count once.
func NewSet(items ...Value) *Set {
	s := &Set{}
	for _, item := range items {
		s.add(item)
	}
	return s
}

// Len is the number of items; a nil set has none.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return s.items.Len()
}

// Has tells whether an item is in the set.
func (s *Set) Has(item Value) bool { return s != nil && s.items.find(item) >= 0 }

// Items are the items in order, which must not be changed.
func (s *Set) Items() []Value {
	if s == nil {
		return nil
	}
	return s.items.keys
}

// add keeps the item that was there first, as Clojure does.
func (s *Set) add(item Value) {
	if !s.Has(item) {
		s.items.Set(item, item)
	}
}

func (s *Set) clone() *Set {
	if s == nil {
		return &Set{}
	}
	return &Set{items: *s.items.clone()}
}

// Func is a function; min and max are the numbers of arguments that it takes,
// max being negative where there is no limit.
type Func struct {
	name     string
	min, max int
	fn       native
}

type native func(m *machine, args []Value) (Value, error)

// exception is what catch binds, and what ex-info makes.
type exception struct {
	err   *Error
	data  *Map // nil but for ex-info
	cause Value
}

// typeName says what a value is, for messages.
func typeName(v Value) string {
	switch v.(type) {
	case nil:
		return "nil"
	case bool:
		return "a boolean"
	case int64, float64, Ratio:
		return "a number"
	case string:
		return "a string"
	case Keyword:
		return "a keyword"
	case Symbol:
		return "a symbol"
	case Char:
		return "a character"
	case Vector:
		return "a vector"
	case List, *cell, *lazySeq:
		return "a list"
	case *Map:
		return "a map"
	case *Set:
		return "a set"
	case *Func:
		return "a function"
	case *Regex:
		return "a regular expression"
	case *exception:
		return "an exception"
	}
	return "a value"
}
