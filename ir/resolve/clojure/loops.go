package clojure

// step is a binding of let or loop.
type step struct {
	init expr
	bind binder
}

// steps compiles the bindings of let, of which each sees those before.
func (c *compiler) steps(n *node, w where) ([]step, where, error) {
	if n.kind != vectorNode || len(n.items)%2 != 0 {
		return nil, w, locate(fail("bindings are a vector of names and values"), n.at)
	}
	var steps []step
	in := w.inner()
	for i := 0; i < len(n.items); i += 2 {
		init, err := c.expr(n.items[i+1], in)
		if err != nil {
			return nil, w, err
		}
		var bind binder
		if bind, in, err = c.pattern(n.items[i], in); err != nil {
			return nil, w, err
		}
		steps = append(steps, step{init, bind})
	}
	return steps, where{in.scope, w.loop}, nil
}

func runSteps(m *machine, e *env, steps []step) (*env, error) {
	for _, s := range steps {
		v, err := s.init(m, e)
		if err != nil {
			return nil, err
		}
		if e, err = s.bind(m, e, v); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func letForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	steps, in, err := c.steps(n.items[1], w)
	if err != nil {
		return nil, err
	}
	body, err := c.body(n.items[2:], in)
	return func(m *machine, e *env) (Value, error) {
		in, err := runSteps(m, e, steps)
		if err != nil {
			return nil, err
		}
		return body(m, in)
	}, err
}

// again is what recur evaluates to: the loop takes it. As recur stands only
// where its value is the loop's, nothing else sees it.
type again struct{ args []Value }

func recurForm(c *compiler, n *node, w where) (expr, error) {
	if w.loop == nil {
		return nil, fail("recur stands where it is not the last thing to do")
	}
	if err := n.takes(w.loop.size, w.loop.size); err != nil {
		return nil, err
	}
	args, err := c.all(n.items[1:], w)
	return func(m *machine, e *env) (Value, error) {
		vs, err := evalAll(m, e, args)
		return again{vs}, err
	}, err
}

// repeat runs a body until it ends without recur.
func (m *machine) repeat(outer, e *env, binders []binder, body expr) (Value, error) {
	for {
		v, err := body(m, e)
		next, isAgain := v.(again)
		if err != nil || !isAgain {
			return v, err
		}
		if err := m.spend(1); err != nil {
			return nil, err
		}
		if e, err = bindAll(m, outer, binders, next.args); err != nil {
			return nil, err
		}
	}
}

func loopForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	steps, in, err := c.steps(n.items[1], w)
	if err != nil {
		return nil, err
	}
	var binders []binder
	for _, s := range steps {
		binders = append(binders, s.bind)
	}
	in.loop = &loop{len(steps)}
	body, err := c.body(n.items[2:], in)
	return func(m *machine, e *env) (Value, error) {
		in, err := runSteps(m, e, steps)
		if err != nil {
			return nil, err
		}
		v, err := m.repeat(e, in, binders, body)
		return v, locate(err, n.at)
	}, err
}

// arity is one of the parameter lists of a function, with its body.
type arity struct {
	fixed   int
	hasRest bool
	binders []binder // the rest is the last
	body    expr
}

func fnForm(c *compiler, n *node, w where) (expr, error) {
	rest := n.items[1:]
	name := "a function"
	in := w.inner()
	isNamed := len(rest) > 0 && rest[0].kind == symbolNode
	if isNamed {
		name = string(rest[0].val.(Symbol))
		in = in.with(name)
		rest = rest[1:]
	}
	arities, err := c.arities(rest, in)
	if err != nil {
		return nil, err
	}
	return func(_ *machine, e *env) (Value, error) {
		if isNamed {
			e = &env{nil, e}
		}
		f := newFunc(name, arities, e)
		if isNamed {
			e.val = f
		}
		return f, nil
	}, nil
}

func (c *compiler) arities(nodes []*node, w where) ([]arity, error) {
	if len(nodes) == 0 {
		return nil, fail("a function needs parameters")
	}
	if nodes[0].kind == vectorNode {
		a, err := c.arity(nodes, w)
		return []arity{a}, err
	}
	var arities []arity
	seen := map[int]bool{}
	for _, n := range nodes {
		if n.kind != listNode || len(n.items) == 0 || n.items[0].kind != vectorNode {
			return nil, locate(fail("a function needs lists of parameters and a body"), n.at)
		}
		a, err := c.arity(n.items, w)
		if err != nil {
			return nil, err
		}
		size := a.fixed
		if a.hasRest {
			size = -1
		}
		if seen[size] {
			return nil, locate(fail("a function has two bodies for the same number of arguments"), n.at)
		}
		seen[size] = true
		arities = append(arities, a)
	}
	return arities, checkRest(arities)
}

// checkRest makes sure that the body with a rest takes the most parameters.
func checkRest(arities []arity) error {
	for _, a := range arities {
		for _, b := range arities {
			if a.hasRest && !b.hasRest && b.fixed > a.fixed {
				return fail("a function has a body with more parameters than the one with &")
			}
		}
	}
	return nil
}

func (c *compiler) arity(nodes []*node, w where) (arity, error) {
	parts, err := splitVector(nodes[0])
	if err != nil {
		return arity{}, err
	}
	if parts.as != nil {
		return arity{}, locate(fail("parameters cannot have :as"), parts.as.at)
	}
	body := nodes[1:]
	if len(body) > 1 && body[0].kind == mapNode {
		return arity{}, locate(unsupported("conditions of functions are not supported"), body[0].at)
	}
	a := arity{fixed: len(parts.fixed), hasRest: parts.rest != nil}
	patterns := parts.fixed
	if a.hasRest {
		patterns = append(patterns[:len(patterns):len(patterns)], parts.rest)
	}
	for _, p := range patterns {
		var b binder
		if b, w, err = c.pattern(p, w); err != nil {
			return arity{}, err
		}
		a.binders = append(a.binders, b)
	}
	w.loop = &loop{len(patterns)}
	a.body, err = c.body(body, w)
	return a, err
}

func newFunc(name string, arities []arity, e *env) *Func {
	f := &Func{name: name, max: -1}
	f.fn = func(m *machine, args []Value) (Value, error) {
		a := chooseArity(arities, len(args))
		if a == nil {
			return nil, wrongCount(f, len(args))
		}
		if a.hasRest {
			rest := newCell(args[a.fixed:]).value()
			args = append(args[:a.fixed:a.fixed], rest)
		}
		in, err := bindAll(m, e, a.binders, args)
		if err != nil {
			return nil, err
		}
		return m.repeat(e, in, a.binders, a.body)
	}
	return f
}

func chooseArity(arities []arity, size int) *arity {
	var found *arity
	for i := range arities {
		switch a := &arities[i]; {
		case !a.hasRest && a.fixed == size:
			return a
		case a.hasRest && a.fixed <= size:
			found = a
		}
	}
	return found
}

func letfnForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	specs := n.items[1]
	if specs.kind != vectorNode {
		return nil, locate(fail("letfn needs a vector of functions"), specs.at)
	}
	in := w
	for _, spec := range specs.items {
		if spec.kind != listNode || len(spec.items) == 0 || spec.items[0].kind != symbolNode {
			return nil, locate(fail("letfn needs functions with names"), spec.at)
		}
		in = in.with(string(spec.items[0].val.(Symbol)))
	}
	var fns []expr
	for _, spec := range specs.items {
		fn, err := fnForm(c, listAt(spec.at, append([]*node{symbolAt(spec.at, "fn")}, spec.items...)...), in)
		if err != nil {
			return nil, locate(err, spec.at)
		}
		fns = append(fns, fn)
	}
	body, err := c.body(n.items[2:], in)
	return func(m *machine, e *env) (Value, error) {
		cells := make([]*env, len(fns))
		for i := range fns {
			e = &env{nil, e}
			cells[i] = e
		}
		for i, fn := range fns {
			f, err := fn(m, e)
			if err != nil {
				return nil, err
			}
			cells[i].val = f
		}
		return body(m, e)
	}, err
}

// level is one collection of a for, with the modifiers behind it.
type level struct {
	coll      expr
	bind      binder
	modifiers []modifier
}

// modifier is :let (steps), :when or :while (test).
type modifier struct {
	steps   []step
	test    expr
	isWhile bool
}

// levels compiles the bindings of for and doseq.
func (c *compiler) levels(n *node, w where) ([]level, where, error) {
	if n.kind != vectorNode || len(n.items)%2 != 0 {
		return nil, w, locate(fail("bindings are a vector of names and collections"), n.at)
	}
	w = w.inner()
	var levels []level
	for i := 0; i < len(n.items); i += 2 {
		left, right := n.items[i], n.items[i+1]
		var err error
		if _, ok := left.val.(Keyword); ok {
			if len(levels) == 0 {
				return nil, w, locate(unsupported("a modifier in front of the first collection is not supported"), left.at)
			}
			last := &levels[len(levels)-1]
			w, err = c.modifier(last, left, right, w)
		} else {
			var l level
			if l.coll, err = c.expr(right, w); err == nil {
				l.bind, w, err = c.pattern(left, w)
			}
			levels = append(levels, l)
		}
		if err != nil {
			return nil, w, err
		}
	}
	if len(levels) == 0 {
		return nil, w, locate(unsupported("bindings without a collection are not supported"), n.at)
	}
	return levels, w, nil
}

func (c *compiler) modifier(l *level, left, right *node, w where) (where, error) {
	var mod modifier
	var err error
	switch left.val.(Keyword) {
	case "let":
		mod.steps, w, err = c.steps(right, w)
	case "when", "while":
		mod.isWhile = left.val == Keyword("while")
		mod.test, err = c.expr(right, w)
	default:
		err = locate(fail("unknown modifier: %s", Print(left.val)), left.at)
	}
	l.modifiers = append(l.modifiers, mod)
	return w, err
}

// enter binds an item; the env is nil where a modifier leaves the item out.
func (l *level) enter(m *machine, e *env, item Value) (in *env, stop bool, err error) {
	if in, err = l.bind(m, e, item); err != nil {
		return nil, false, err
	}
	for _, mod := range l.modifiers {
		if mod.test == nil {
			if in, err = runSteps(m, in, mod.steps); err != nil {
				return nil, false, err
			}
			continue
		}
		v, err := mod.test(m, in)
		if err != nil || !truthy(v) {
			return nil, mod.isWhile, err
		}
	}
	return in, false, nil
}

func forForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(2, 2); err != nil {
		return nil, err
	}
	return c.comprehension(n, w)
}

func (c *compiler) comprehension(n *node, w where) (expr, error) {
	levels, in, err := c.levels(n.items[1], w)
	if err != nil {
		return nil, err
	}
	body, err := c.body(n.items[2:], in)
	return func(m *machine, e *env) (Value, error) {
		before := m.at
		m.at = n.at
		v, err := m.comprehend(e, levels, body)
		m.at = before
		return v, locate(err, n.at)
	}, err
}

// comprehend is the sequence of the values of a body. The first collection is
// evaluated at once, as for does; those within follow when they are needed.
func (m *machine) comprehend(e *env, levels []level, body expr) (Value, error) {
	l := levels[0]
	coll, err := l.coll(m, e)
	if err != nil {
		return nil, err
	}
	if len(levels) == 1 {
		return m.transform(coll, true, func(item Value, out []Value) ([]Value, bool, error) {
			in, stop, err := l.enter(m, e, item)
			if in == nil {
				return out, stop, err
			}
			v, err := body(m, in)
			return append(out, v), false, err
		}), nil
	}
	inner := m.transform(coll, false, func(item Value, out []Value) ([]Value, bool, error) {
		in, stop, err := l.enter(m, e, item)
		if in == nil {
			return out, stop, err
		}
		v, err := m.comprehend(in, levels[1:], body)
		return append(out, v), false, err
	})
	return m.concat(inner), nil
}

func doseqForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	run, err := c.comprehension(n, w)
	return func(m *machine, e *env) (Value, error) {
		s, err := run(m, e)
		if err != nil {
			return nil, err
		}
		return nil, locate(m.each(s, func(Value) (bool, error) { return true, nil }), n.at)
	}, err
}

func dotimesForm(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	init, bind, in, err := c.bound(n, w)
	if err != nil {
		return nil, err
	}
	body, err := c.body(n.items[2:], in.inner())
	return func(m *machine, e *env) (Value, error) {
		v, err := init(m, e)
		if err != nil {
			return nil, err
		}
		times, err := toLong(v)
		for i := int64(0); i < times && err == nil; i++ {
			if err = m.spend(1); err != nil {
				break
			}
			var in *env
			if in, err = bind(m, e, i); err == nil {
				_, err = body(m, in)
			}
		}
		return nil, locate(err, n.at)
	}, err
}

func lazySeqForm(c *compiler, n *node, w where) (expr, error) {
	body, err := c.body(n.items[1:], w.inner())
	return func(m *machine, e *env) (Value, error) {
		before := m.at
		m.at = n.at
		s := m.lazy(func() (Value, error) { return body(m, e) })
		m.at = before
		return s, nil
	}, err
}
