package ir

// Expr is an expression: data, a reference, or code. The family is sealed:
// *Null, *Bool, *Int, *Float, *String, *List, *Map, *Ref, *Interp, *Code and
// *Convert are all there is.
type Expr interface {
	Node
	isExpr()
}

// Null is the null literal.
type Null struct{ Meta }

// Bool is a boolean literal.
type Bool struct {
	Meta
	Value bool
}

// Int is an integer literal.
type Int struct {
	Meta
	Value int64
}

// Float is a number literal that is not an integer.
type Float struct {
	Meta
	Value float64
}

// String is literal text: whatever it looks like, it is never a reference.
type String struct {
	Meta
	Value string
}

// List is a list of expressions.
type List struct {
	Meta
	Items []Expr
}

// Map is an ordered map with string keys. Keys are unique in a valid map.
type Map struct {
	Meta
	Entries []Entry
}

// Entry is a key of a Map with its value.
type Entry struct {
	Key      string
	KeyRange Range
	Value    Expr
}

// RefKind says what a Ref refers to.
type RefKind int

// The kinds of references. A value or secret is always a string; a param has
// its declared type.
const (
	ParamRef RefKind = iota + 1
	ValueRef
	SecretRef
)

// String is the word after "pt." that writes the reference.
func (k RefKind) String() string {
	switch k {
	case ParamRef:
		return "param"
	case ValueRef:
		return "value"
	case SecretRef:
		return "secret"
	}
	return "unknown"
}

// Ref refers to a param, a value or a secret by its id.
type Ref struct {
	Meta
	Kind RefKind
	Name string
}

// Interp is a string with references in it: its parts are *String and *Ref,
// and their texts are joined.
type Interp struct {
	Meta
	Parts []Expr
}

// Lang is a language that code can be written in.
type Lang string

// The languages of Polytope.
const (
	JS      Lang = "js"
	Clojure Lang = "clj"
	Python  Lang = "py"
)

// Code is an expression in a programming language, with the params in scope.
// Source is without the "#pt-js" prefix.
type Code struct {
	Meta
	Lang   Lang
	Source string
}

// Convert makes an int, num or bool of a string. A Polytope file cannot hold
// it as such; the writer turns it into code, by splitting where X refers to a
// value.
type Convert struct {
	Meta
	To Basic
	X  Expr
}

// IsNull tells whether an expression is null, or absent.
func IsNull(x Expr) bool {
	_, null := x.(*Null)
	return x == nil || null
}

func (*Null) isExpr()    {}
func (*Bool) isExpr()    {}
func (*Int) isExpr()     {}
func (*Float) isExpr()   {}
func (*String) isExpr()  {}
func (*List) isExpr()    {}
func (*Map) isExpr()     {}
func (*Ref) isExpr()     {}
func (*Interp) isExpr()  {}
func (*Code) isExpr()    {}
func (*Convert) isExpr() {}

// Str, Num, Yes and the like build literals without a position.

// Str is a string literal.
func Str(s string) *String { return &String{Value: s} }

// Num is an integer literal.
func Num(n int64) *Int { return &Int{Value: n} }

// NewList is a list of the given items.
func NewList(items ...Expr) *List { return &List{Items: items} }

// NewMap is a map of alternating keys (string) and values (Expr); a nil value
// leaves its key out. It is for literal tables in code: a wrong argument is a
// programming error and panics.
func NewMap(pairs ...any) *Map {
	m := &Map{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			continue
		}
		m.Set(pairs[i].(string), pairs[i+1].(Expr))
	}
	return m
}

// Get returns the value of a key, or nil. A nil map has no keys.
func (m *Map) Get(key string) Expr {
	if m == nil {
		return nil
	}
	for _, e := range m.Entries {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// Set replaces the value of a key in place, or appends the key.
func (m *Map) Set(key string, value Expr) {
	for i := range m.Entries {
		if m.Entries[i].Key == key {
			m.Entries[i].Value = value
			return
		}
	}
	m.Entries = append(m.Entries, Entry{Key: key, Value: value})
}

// Delete removes a key where it is there.
func (m *Map) Delete(key string) {
	for i := range m.Entries {
		if m.Entries[i].Key == key {
			m.Entries = append(m.Entries[:i:i], m.Entries[i+1:]...)
			return
		}
	}
}
