package clojure

// specialForms are the special forms and macros by name. It is a function as
// the forms compile what is in them by this same table.
func specialForms() map[string]form {
	return map[string]form{
		"quote": quoteForm, "comment": commentForm, "do": doForm,
		"if": ifForm(false), "if-not": ifForm(true), "when": whenForm(false), "when-not": whenForm(true),
		"if-let": ifLet(truthy), "if-some": ifLet(isSome), "when-let": whenLet(truthy), "when-some": whenLet(isSome),
		"when-first": whenFirst,
		"cond":       condForm, "condp": condpForm, "case": caseForm, "and": andForm, "or": orForm,
		"let": letForm, "let*": letForm, "letfn": letfnForm, "fn": fnForm, "fn*": fnForm,
		"loop": loopForm, "loop*": loopForm, "recur": recurForm,
		"for": forForm, "doseq": doseqForm, "dotimes": dotimesForm, "lazy-seq": lazySeqForm,
		"->": threadFirst, "->>": threadLast, "as->": asThread, "some->": someThread(threadInFirst),
		"some->>": someThread(threadInLast), "cond->": condThread(threadInFirst), "cond->>": condThread(threadInLast),
		"throw": throwForm, "try": tryForm,
	}
}

func isSome(v Value) bool { return v != nil }

// takes checks the number of forms behind the name; most is negative where
// there is no limit.
func (n *node) takes(least, most int) error {
	size := len(n.items) - 1
	if size < least || most >= 0 && size > most {
		return fail("%s has a wrong number of parts: %d", n.items[0].val, size)
	}
	return nil
}

func quoteForm(_ *compiler, n *node, _ where) (expr, error) {
	if err := n.takes(1, 1); err != nil {
		return nil, err
	}
	return constant(n.items[1].quoted()), nil
}

func commentForm(*compiler, *node, where) (expr, error) { return constant(nil), nil }

func doForm(c *compiler, n *node, w where) (expr, error) { return c.body(n.items[1:], w) }

func ifForm(negate bool) form {
	return func(c *compiler, n *node, w where) (expr, error) {
		if err := n.takes(2, 3); err != nil {
			return nil, err
		}
		test, err := c.expr(n.items[1], w.inner())
		if err != nil {
			return nil, err
		}
		yes, err := c.expr(n.items[2], w)
		if err != nil {
			return nil, err
		}
		no, err := c.body(n.items[3:], w)
		if negate {
			yes, no = no, yes
		}
		return choose(test, yes, no), err
	}
}

func whenForm(negate bool) form {
	return func(c *compiler, n *node, w where) (expr, error) {
		if err := n.takes(1, -1); err != nil {
			return nil, err
		}
		test, err := c.expr(n.items[1], w.inner())
		if err != nil {
			return nil, err
		}
		yes, err := c.body(n.items[2:], w)
		no := constant(nil)
		if negate {
			yes, no = no, yes
		}
		return choose(test, yes, no), err
	}
}

func choose(test, yes, no expr) expr {
	return func(m *machine, e *env) (Value, error) {
		v, err := test(m, e)
		if err != nil {
			return nil, err
		}
		if truthy(v) {
			return yes(m, e)
		}
		return no(m, e)
	}
}

// bound compiles the single binding of if-let and its like: the value, and the
// binder with what its locals are visible in.
func (c *compiler) bound(n *node, w where) (init expr, bind binder, in where, err error) {
	pair := n.items[1]
	if pair.kind != vectorNode || len(pair.items) != 2 {
		return nil, nil, w, locate(fail("%s needs a vector of a name and a value", n.items[0].val), pair.at)
	}
	if init, err = c.expr(pair.items[1], w.inner()); err != nil {
		return nil, nil, w, err
	}
	bind, in, err = c.pattern(pair.items[0], w)
	return init, bind, in, err
}

// chooseBound runs yes with what was bound, where the value passes the test.
func chooseBound(init expr, passes func(Value) bool, bind binder, yes, no expr) expr {
	return func(m *machine, e *env) (Value, error) {
		v, err := init(m, e)
		if err != nil {
			return nil, err
		}
		if !passes(v) {
			return no(m, e)
		}
		in, err := bind(m, e, v)
		if err != nil {
			return nil, err
		}
		return yes(m, in)
	}
}

func ifLet(passes func(Value) bool) form {
	return func(c *compiler, n *node, w where) (expr, error) {
		if err := n.takes(2, 3); err != nil {
			return nil, err
		}
		init, bind, in, err := c.bound(n, w)
		if err != nil {
			return nil, err
		}
		yes, err := c.expr(n.items[2], in)
		if err != nil {
			return nil, err
		}
		no, err := c.body(n.items[3:], w)
		return chooseBound(init, passes, bind, yes, no), err
	}
}

func whenLet(passes func(Value) bool) form {
	return func(c *compiler, n *node, w where) (expr, error) {
		if err := n.takes(1, -1); err != nil {
			return nil, err
		}
		init, bind, in, err := c.bound(n, w)
		if err != nil {
			return nil, err
		}
		yes, err := c.body(n.items[2:], in)
		return chooseBound(init, passes, bind, yes, constant(nil)), err
	}
}

func whenFirst(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	init, bind, in, err := c.bound(n, w)
	if err != nil {
		return nil, err
	}
	body, err := c.body(n.items[2:], in)
	return func(m *machine, e *env) (Value, error) {
		v, err := init(m, e)
		if err != nil {
			return nil, err
		}
		s, err := m.seq(v)
		if s == nil || err != nil {
			return nil, locate(err, n.at)
		}
		in, err := bind(m, e, s.first())
		if err != nil {
			return nil, err
		}
		return body(m, in)
	}, err
}

func condForm(c *compiler, n *node, w where) (expr, error) {
	if len(n.items)%2 == 0 {
		return nil, fail("cond needs pairs of a test and a value")
	}
	run := constant(nil)
	for i := len(n.items) - 2; i > 0; i -= 2 {
		test, err := c.expr(n.items[i], w.inner())
		if err != nil {
			return nil, err
		}
		yes, err := c.expr(n.items[i+1], w)
		if err != nil {
			return nil, err
		}
		run = choose(test, yes, run)
	}
	return run, nil
}

// clause is a branch of condp; a nil test is the default.
type clause struct {
	test, run expr
	isCall    bool // the value of the test is handed to that of run
}

func condpForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(2, -1); err != nil {
		return nil, err
	}
	heads, err := c.all(n.items[1:3], w)
	if err != nil {
		return nil, err
	}
	clauses, err := c.clauses(n.items[3:], w)
	return func(m *machine, e *env) (Value, error) {
		vs, err := evalAll(m, e, heads)
		if err != nil {
			return nil, err
		}
		for _, cl := range clauses {
			if cl.test == nil {
				return cl.run(m, e)
			}
			test, err := cl.test(m, e)
			if err != nil {
				return nil, err
			}
			got, err := m.applyAt(n.at, vs[0], []Value{test, vs[1]})
			if err != nil {
				return nil, err
			}
			if truthy(got) {
				return cl.value(m, e, n.at, got)
			}
		}
		return nil, locate(fail("no clause of condp matches %s", shorten(vs[1])), n.at)
	}, err
}

func (cl clause) value(m *machine, e *env, at position, got Value) (Value, error) {
	v, err := cl.run(m, e)
	if err != nil || !cl.isCall {
		return v, err
	}
	return m.applyAt(at, v, []Value{got})
}

func (c *compiler) clauses(nodes []*node, w where) ([]clause, error) {
	var clauses []clause
	for len(nodes) > 0 {
		if len(nodes) == 1 {
			run, err := c.expr(nodes[0], w)
			return append(clauses, clause{run: run}), err
		}
		size, in := 2, w
		isCall := nodes[1].val == Keyword(">>")
		if isCall {
			size, in = 3, w.inner()
		}
		if len(nodes) < size {
			return nil, locate(fail(":>> needs a function"), nodes[1].at)
		}
		test, err := c.expr(nodes[0], w.inner())
		if err != nil {
			return nil, err
		}
		run, err := c.expr(nodes[size-1], in)
		if err != nil {
			return nil, err
		}
		clauses = append(clauses, clause{test, run, isCall})
		nodes = nodes[size:]
	}
	return clauses, nil
}

func caseForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	subject, err := c.expr(n.items[1], w.inner())
	if err != nil {
		return nil, err
	}
	branches := map[any]expr{}
	rest := n.items[2:]
	for ; len(rest) > 1; rest = rest[2:] {
		if err := c.branch(branches, rest[0], rest[1], w); err != nil {
			return nil, err
		}
	}
	var otherwise expr
	if len(rest) == 1 {
		if otherwise, err = c.expr(rest[0], w); err != nil {
			return nil, err
		}
	}
	return func(m *machine, e *env) (Value, error) {
		v, err := subject(m, e)
		if err == nil {
			v, err = m.key(v)
		}
		if err != nil {
			return nil, locate(err, n.at)
		}
		if run, ok := branches[identity(v)]; ok {
			return run(m, e)
		}
		if otherwise == nil {
			return nil, locate(fail("no clause of case matches %s", shorten(v)), n.at)
		}
		return otherwise(m, e)
	}, nil
}

// branch adds the constants of one clause of case; a list holds several.
func (c *compiler) branch(branches map[any]expr, test, result *node, w where) error {
	run, err := c.expr(result, w)
	if err != nil {
		return err
	}
	tests := []*node{test}
	if test.kind == listNode {
		tests = test.items
	}
	for _, t := range tests {
		id := identity(t.quoted())
		if branches[id] != nil {
			return locate(fail("case has the same test twice: %s", Print(t.quoted())), t.at)
		}
		branches[id] = run
	}
	return nil
}

func andForm(c *compiler, n *node, w where) (expr, error) {
	return c.shortCircuit(n, w, true, func(v Value) bool { return !truthy(v) })
}

func orForm(c *compiler, n *node, w where) (expr, error) { return c.shortCircuit(n, w, nil, truthy) }

// shortCircuit evaluates forms up to the first whose value stops it.
func (c *compiler) shortCircuit(n *node, w where, none Value, stops func(Value) bool) (expr, error) {
	if len(n.items) == 1 {
		return constant(none), nil
	}
	last := len(n.items) - 1
	first, err := c.all(n.items[1:last], w)
	if err != nil {
		return nil, err
	}
	end, err := c.expr(n.items[last], w)
	return func(m *machine, e *env) (Value, error) {
		for _, run := range first {
			if v, err := run(m, e); err != nil || stops(v) {
				return v, err
			}
		}
		return end(m, e)
	}, err
}

func throwForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, 1); err != nil {
		return nil, err
	}
	run, err := c.expr(n.items[1], w.inner())
	return func(m *machine, e *env) (Value, error) {
		v, err := run(m, e)
		if err != nil {
			return nil, err
		}
		ex, ok := v.(*exception)
		if !ok {
			return nil, locate(fail("%s cannot be thrown", typeName(v)), n.at)
		}
		thrown := *ex.err
		thrown.thrown = ex
		return nil, locate(&thrown, n.at)
	}, err
}

// tryParts are the parts of a try form.
type tryParts struct {
	body             expr
	catches, finally expr // nil for none
}

func tryForm(c *compiler, n *node, w where) (expr, error) {
	parts, err := c.tryParts(n, w.inner())
	return func(m *machine, e *env) (Value, error) {
		depth, at := m.depth, m.at
		v, err := parts.body(m, e)
		if ex := caught(err); ex != nil && parts.catches != nil {
			m.depth, m.at = depth, at
			v, err = parts.catches(m, &env{ex, e})
		}
		if parts.finally == nil {
			return v, err
		}
		if _, failed := parts.finally(m, e); failed != nil {
			return nil, failed
		}
		return v, err
	}, err
}

func (c *compiler) tryParts(n *node, w where) (p tryParts, err error) {
	body := n.items[1:]
	if last := len(body) - 1; last >= 0 && body[last].isCallOf("finally") {
		if p.finally, err = c.body(body[last].items[1:], w); err != nil {
			return p, err
		}
		body = body[:last]
	}
	for last := len(body) - 1; last >= 0 && body[last].isCallOf("catch"); last-- {
		if p.catches, err = c.catch(body[last], w); err != nil {
			return p, locate(err, body[last].at)
		}
		if last > 0 && body[last-1].isCallOf("catch") {
			return p, locate(unsupported("several catch clauses are not supported"), body[last].at)
		}
		body = body[:last]
	}
	p.body, err = c.body(body, w)
	return p, err
}

func (n *node) isCallOf(name string) bool {
	return n.kind == listNode && len(n.items) > 0 && n.items[0].isSymbol(name)
}

// catchable are the classes that all errors of code belong to. Which errors
// belong to the others is not known here.
var catchable = setOf("Exception", "Throwable", "java.lang.Exception", "java.lang.Throwable")

func (c *compiler) catch(n *node, w where) (expr, error) {
	if len(n.items) < 3 || n.items[1].kind != symbolNode || n.items[2].kind != symbolNode {
		return nil, fail("catch needs a class and a name")
	}
	if class := string(n.items[1].val.(Symbol)); !catchable[class] {
		return nil, unsupported("catching %s is not supported, Exception is", class)
	}
	return c.body(n.items[3:], w.with(string(n.items[2].val.(Symbol))))
}

// caught is the exception of an error; nil for none, and for the errors that
// are not Clojure's.
func caught(err error) Value {
	e, ok := err.(*Error)
	if !ok || e.Unsupported || e.Effect {
		return nil
	}
	if e.thrown != nil {
		return e.thrown
	}
	return &exception{err: e}
}
