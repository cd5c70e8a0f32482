package clojure

import (
	"slices"
	"strings"
)

// expr is compiled code. Code is compiled as a whole before it runs, so that
// an unknown symbol is an error even where it would not be reached, as in
// Clojure.
type expr func(m *machine, e *env) (Value, error)

// env holds the values of the locals, the innermost first. It never changes
// once code can see it, so that functions keep what they saw.
type env struct {
	val Value
	up  *env
}

// scope holds the names of the locals in the same order.
type scope struct {
	name string
	up   *scope
}

// where is the place of a form: the locals that it sees, and the loop that a
// recur there goes back to, nil where recur is not allowed.
type where struct {
	scope *scope
	loop  *loop
}

// loop is the target of recur.
type loop struct{ size int }

func (w where) with(name string) where { return where{&scope{name, w.scope}, w.loop} }

// inner is the place of a form whose value is not that of the form around it.
func (w where) inner() where { return where{w.scope, nil} }

func (w where) index(name string) int {
	i := 0
	for s := w.scope; s != nil; s = s.up {
		if s.name == name {
			return i
		}
		i++
	}
	return -1
}

// form compiles a list that begins with the name of a special form or macro.
type form func(c *compiler, n *node, w where) (expr, error)

type compiler struct{ forms map[string]form }

func constant(v Value) expr { return func(*machine, *env) (Value, error) { return v, nil } }

func (c *compiler) expr(n *node, w where) (expr, error) {
	run, err := c.anyExpr(n, w)
	return run, locate(err, n.at)
}

func (c *compiler) anyExpr(n *node, w where) (expr, error) {
	switch n.kind {
	case symbolNode:
		return c.symbol(string(n.val.(Symbol)), n.at, w)
	case listNode:
		return c.list(n, w)
	case vectorNode:
		return c.literal(n, w, func(m *machine, items []Value) (Value, error) { return Vector(items), nil })
	case mapNode:
		return c.literal(n, w, (*machine).mapLiteral)
	case setNode:
		return c.literal(n, w, (*machine).setLiteral)
	}
	return constant(n.val), nil
}

func (c *compiler) all(nodes []*node, w where) ([]expr, error) {
	var runs []expr
	for _, n := range nodes {
		run, err := c.expr(n, w.inner())
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	return runs, nil
}

func evalAll(m *machine, e *env, runs []expr) ([]Value, error) {
	vs := make([]Value, len(runs))
	for i, run := range runs {
		v, err := run(m, e)
		if err != nil {
			return nil, err
		}
		vs[i] = v
	}
	return vs, nil
}

func (c *compiler) literal(n *node, w where, build native) (expr, error) {
	runs, err := c.all(n.items, w)
	return func(m *machine, e *env) (Value, error) {
		items, err := evalAll(m, e, runs)
		if err == nil {
			err = m.spendItems(len(items))
		}
		if err != nil {
			return nil, err
		}
		v, err := build(m, items)
		return v, locate(err, n.at)
	}, err
}

func (m *machine) mapLiteral(items []Value) (Value, error) {
	made := &Map{}
	for pair := range slices.Chunk(items, 2) {
		key, err := m.key(pair[0])
		if err != nil {
			return nil, err
		}
		if made.find(key) >= 0 {
			return nil, fail("duplicate key: %s", Print(key))
		}
		made.Set(key, pair[1])
	}
	return made, nil
}

func (m *machine) setLiteral(items []Value) (Value, error) {
	made := &Set{}
	for _, item := range items {
		item, err := m.key(item)
		if err != nil {
			return nil, err
		}
		if made.Has(item) {
			return nil, fail("duplicate key: %s", Print(item))
		}
		made.add(item)
	}
	return made, nil
}

// aliases are the namespaces that code may use, by the names it knows them by.
var aliases = map[string]string{
	"clojure.core": "", "str": "clojure.string/", "clojure.string": "clojure.string/",
	"set": "clojure.set/", "clojure.set": "clojure.set/",
}

// fullName is a name with its namespace in full, and without clojure.core.
func fullName(name string) string {
	ns, local := splitName(name)
	if full, ok := aliases[ns]; ok {
		return full + local
	}
	return name
}

func (c *compiler) symbol(name string, at position, w where) (expr, error) {
	if i := w.index(name); i >= 0 {
		return local(i), nil
	}
	full := fullName(name)
	if why := effectOf(name); why != "" {
		return func(*machine, *env) (Value, error) {
			return nil, locate(&Error{Message: why, Effect: true}, at)
		}, nil
	}
	if f, ok := natives()[full]; ok {
		return constant(f), nil
	}
	if isSpecial[full] || c.forms[full] != nil {
		return nil, fail("%s is no value: it can only stand first in a list", name)
	}
	return nil, unknown(name)
}

func local(i int) expr {
	return func(_ *machine, e *env) (Value, error) {
		for range i {
			e = e.up
		}
		return e.val, nil
	}
}

func unknown(name string) error {
	ns, local := splitName(name)
	switch {
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, "."), strings.Contains(ns, ".") && aliases[ns] == "",
		ns != "" && ns[0] >= 'A' && ns[0] <= 'Z':
		return unsupported("%s is not supported: it is Java's", name)
	case local == "transduce" || local == "eduction":
		return unsupported("%s is not supported: there are no transducers", name)
	}
	return unsupported("%s is not supported, or does not exist", name)
}

// effects are the functions that act, or depend on more than their arguments.
var effects = setOf(
	"println", "print", "prn", "pr", "printf", "newline", "flush", "read-line", "slurp", "spit",
	"rand", "rand-int", "rand-nth", "shuffle", "random-sample", "random-uuid", "uuid", "gensym", "System/getenv",
	"System/getProperty", "System/currentTimeMillis", "System/nanoTime", "java.util.UUID/randomUUID", "UUID/randomUUID",
)

// effectOf says what effect a symbol has; it is empty for none.
func effectOf(name string) string {
	if ns, _ := splitName(name); ns == "pt" {
		return name + " acts on the runner, or asks it: only Polytope can do that"
	}
	if effects[fullName(name)] {
		return name + " is not pure: it acts, or what it gives differs from run to run"
	}
	return ""
}

// isSpecial are the forms that no local can hide.
var isSpecial = setOf("quote", "if", "do", "let*", "fn*", "loop*", "recur", "throw", "try")

func (c *compiler) list(n *node, w where) (expr, error) {
	if len(n.items) == 0 {
		return constant(List{}), nil
	}
	head := n.items[0]
	if head.kind != symbolNode {
		return c.call(n, w)
	}
	name := string(head.val.(Symbol))
	full := fullName(name)
	if isSpecial[name] || w.index(name) < 0 {
		if compile := c.forms[full]; compile != nil {
			return compile(c, n, w)
		}
		if f, ok := statics[name]; ok {
			return c.callOf(n, constant(f), w)
		}
	}
	return c.call(n, w)
}

func (c *compiler) call(n *node, w where) (expr, error) {
	head, err := c.expr(n.items[0], w.inner())
	if err != nil {
		return nil, err
	}
	return c.callOf(n, head, w)
}

func (c *compiler) callOf(n *node, head expr, w where) (expr, error) {
	args, err := c.all(n.items[1:], w)
	return func(m *machine, e *env) (Value, error) {
		f, err := head(m, e)
		if err != nil {
			return nil, err
		}
		vs, err := evalAll(m, e, args)
		if err != nil {
			return nil, err
		}
		return m.applyAt(n.at, f, vs)
	}, err
}

// applyAt calls a function for a place in the source, which errors of
// functions that have none get.
func (m *machine) applyAt(at position, f Value, args []Value) (Value, error) {
	before := m.at
	m.at = at
	v, err := m.apply(f, args...)
	m.at = before
	return v, locate(err, at)
}

// body compiles forms of which the last gives the value.
func (c *compiler) body(nodes []*node, w where) (expr, error) {
	if len(nodes) == 0 {
		return constant(nil), nil
	}
	first, err := c.all(nodes[:len(nodes)-1], w)
	if err != nil {
		return nil, err
	}
	last, err := c.expr(nodes[len(nodes)-1], w)
	if len(first) == 0 {
		return last, err
	}
	return func(m *machine, e *env) (Value, error) {
		for _, run := range first {
			if _, err := run(m, e); err != nil {
				return nil, err
			}
		}
		return last(m, e)
	}, err
}
