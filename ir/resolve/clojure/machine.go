package clojure

import (
	"context"
	"fmt"
)

// The bounds of an evaluation. What goes beyond them is an error, and never a
// wrong value.
const (
	maxSource  = 64 << 10 // code points of a source
	maxNesting = 500      // forms within forms, values within values
	maxSteps   = 1_000_000
	maxDepth   = 3_000 // calls within calls; the JVM's stack holds about as many
	maxItems   = 100_000
	maxText    = 1 << 20 // bytes of a string
	ctxEvery   = 1024    // steps between two looks at the context
)

// machine is what an evaluation has used up, and where it is.
type machine struct {
	ctx   context.Context
	steps int
	depth int
	at    position // of the innermost call
}

// position is a place in the source; both are from 1, and 0 where unknown.
type position struct{ line, column int }

func fail(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...), Unsupported: true}
}

// locate gives an error a position where it has none.
func locate(err error, at position) error {
	if e, ok := err.(*Error); ok && e.Line == 0 {
		located := *e
		located.Line, located.Column = at.line, at.column
		return &located
	}
	return err
}

// spend uses up steps. Work and memory both count: a step is about one call,
// one item that is computed, 8 that are copied, or 16 bytes of a string.
func (m *machine) spend(n int) error {
	before := m.steps
	m.steps += n
	if m.steps > maxSteps {
		return unsupported("it takes more than %d steps", maxSteps)
	}
	if before/ctxEvery != m.steps/ctxEvery && m.ctx.Err() != nil {
		return unsupported("it was stopped: %v", m.ctx.Err())
	}
	return nil
}

// spendItems is to be called before a collection of n items is copied.
func (m *machine) spendItems(n int) error {
	if n > maxItems {
		return unsupported("a collection has more than %d items", maxItems)
	}
	return m.spend(1 + n/8)
}

// text is to be called for every string that is made of others.
func (m *machine) text(s string) (Value, error) {
	if err := m.spendText(len(s)); err != nil {
		return nil, err
	}
	return s, nil
}

func (m *machine) spendText(bytes int) error {
	if bytes > maxText {
		return unsupported("a string has more than %d bytes", maxText)
	}
	return m.spend(bytes / 16)
}

func (m *machine) enter() error {
	m.depth++
	if m.depth > maxDepth {
		return unsupported("more than %d calls are nested", maxDepth)
	}
	return m.spend(1)
}

func (m *machine) leave() { m.depth-- }

// apply calls a function, or what stands for one.
func (m *machine) apply(f Value, args ...Value) (Value, error) {
	switch f := f.(type) {
	case *Func:
		return m.call(f, args)
	case Keyword, Symbol:
		if len(args) < 1 || len(args) > 2 {
			return nil, fail("%s takes 1 or 2 arguments, not %d", Print(f), len(args))
		}
		return m.getOr(args[0], f, args[1:])
	case *Map:
		if len(args) < 1 || len(args) > 2 {
			return nil, fail("a map as a function takes 1 or 2 arguments, not %d", len(args))
		}
		return m.getOr(f, args[0], args[1:])
	case *Set:
		if len(args) != 1 {
			return nil, fail("a set as a function takes 1 argument, not %d", len(args))
		}
		return m.getOr(f, args[0], nil)
	case Vector:
		if len(args) != 1 {
			return nil, fail("a vector as a function takes 1 argument, not %d", len(args))
		}
		i, ok := args[0].(int64)
		if !ok {
			return nil, fail("the index of a vector must be an integer, not %s", typeName(args[0]))
		}
		return m.nth(f, i)
	}
	return nil, fail("%s cannot be called: it is no function", typeName(f))
}

func (m *machine) call(f *Func, args []Value) (Value, error) {
	if len(args) < f.min || f.max >= 0 && len(args) > f.max {
		return nil, wrongCount(f, len(args))
	}
	if err := m.enter(); err != nil {
		m.leave()
		return nil, err
	}
	v, err := f.fn(m, args)
	m.leave()
	return v, err
}

func wrongCount(f *Func, n int) error {
	if n == f.min-1 && transducers[f.name] {
		return unsupported("(%s …) without a collection makes a transducer, which is not supported", f.name)
	}
	return fail("%s does not take %d arguments", f.name, n)
}

// transducers are the functions that make a transducer where the collection is
// left out.
var transducers = setOf(
	"map", "mapcat", "map-indexed", "filter", "remove", "keep", "keep-indexed", "take", "drop", "take-while",
	"drop-while", "distinct", "dedupe", "partition-by", "partition-all", "interpose", "take-nth",
)

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// test applies a predicate.
func (m *machine) test(f Value, args ...Value) (bool, error) {
	v, err := m.apply(f, args...)
	return truthy(v), err
}

// truthy tells whether a value counts as true: all but nil and false do.
func truthy(v Value) bool { return v != nil && v != false }
