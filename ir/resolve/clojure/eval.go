// Package clojure evaluates the Clojure of Polytope files: a subset of Clojure
// 1.11 without effects. Where Clojure has a value, this package has the same
// one or says that the code is unsupported; where Clojure throws, it has an
// error.
//
// Known differences: maps of more than 8 entries and sets keep the order in
// which they were made, where that of Clojure is arbitrary; an entry of a map
// is a vector, and every vector of two items passes for an entry.
//
// Source: the Clojure reference (reader, special forms, data structures) and
// the documentation of clojure.core, clojure.string and clojure.set.
package clojure

import (
	"context"
	"fmt"
)

// Error says why code has no value.
type Error struct {
	// Line and Column are the place in the source, from 1; columns count code
	// points.
	Line, Column int
	Message      string
	// Unsupported is set where Clojure may have a value and this package has
	// not: the code uses what is outside of the subset, or goes beyond a
	// bound.
	Unsupported bool
	// Effect is set where the code acts, or asks what only the runner knows.
	Effect bool

	thrown Value // what throw was given
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Eval evaluates code in which the symbol params is bound to params, which may
// be nil for none. The result holds none of the lazy sequences that code works
// with: they are lists. Every error is an *Error.
func Eval(ctx context.Context, source string, params *Map) (Value, error) {
	start := position{1, 1}
	n, err := readSource(source)
	if err != nil {
		return nil, locate(err, start)
	}
	c := &compiler{forms: specialForms()}
	run, err := c.expr(n, where{scope: &scope{name: "params"}})
	if err != nil {
		return nil, locate(err, n.at)
	}
	if params == nil {
		params = &Map{}
	}
	m := &machine{ctx: ctx, at: n.at}
	v, err := run(m, &env{val: params})
	if err == nil {
		v, err = m.realise(v)
	}
	if err != nil {
		return nil, locate(err, n.at)
	}
	return v, nil
}

// readSource reads the form that a source consists of.
func readSource(source string) (*node, error) {
	r := newReader(source)
	if len(r.src) > maxSource {
		return nil, unsupported("the code has more than %d characters", maxSource)
	}
	n, err := r.form()
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, fail("there is no code")
	}
	more, err := r.form()
	if more != nil {
		err = locate(unsupported("there is code behind the first form"), more.at)
	}
	return n, err
}

// IsPure tells whether code neither acts nor asks what only the runner knows:
// it names no pt/… and no function with an effect. Of code that cannot be read
// to its end, the part before counts.
func IsPure(source string) bool {
	r := newReader(source)
	for len(r.src) <= maxSource {
		n, err := r.form()
		if err != nil {
			return !namesEffect(string(r.src[:r.i]))
		}
		if n == nil {
			return true
		}
		if hasEffect(n) {
			return false
		}
	}
	return false
}

// namesEffect looks for the words of code whose forms cannot be read.
func namesEffect(source string) bool {
	r := newReader(source)
	for r.peek() != eof {
		if word := r.word(); effectOf(word) != "" {
			return true
		}
		r.next()
	}
	return false
}

func hasEffect(n *node) bool {
	if name, ok := n.val.(Symbol); ok && n.kind == symbolNode && effectOf(string(name)) != "" {
		return true
	}
	if n.kind == listNode && len(n.items) > 0 && (n.items[0].isSymbol("quote") || n.items[0].isSymbol("comment")) {
		return false
	}
	for _, item := range n.items {
		if hasEffect(item) {
			return true
		}
	}
	return false
}
