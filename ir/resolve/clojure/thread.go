package clojure

// threader puts a form into another as an argument.
type threader func(x, into *node) *node

func threadInFirst(x, into *node) *node {
	if into.kind != listNode || len(into.items) == 0 {
		return listAt(into.at, into, x)
	}
	return listAt(into.at, append([]*node{into.items[0], x}, into.items[1:]...)...)
}

func threadInLast(x, into *node) *node {
	if into.kind != listNode || len(into.items) == 0 {
		return listAt(into.at, into, x)
	}
	return listAt(into.at, append(into.items[:len(into.items):len(into.items)], x)...)
}

func threadFirst(c *compiler, n *node, w where) (expr, error) { return c.thread(n, w, threadInFirst) }

func threadLast(c *compiler, n *node, w where) (expr, error) { return c.thread(n, w, threadInLast) }

func (c *compiler) thread(n *node, w where, put threader) (expr, error) {
	if err := n.takes(1, -1); err != nil {
		return nil, err
	}
	x := n.items[1]
	for _, form := range n.items[2:] {
		x = put(x, form)
	}
	return c.expr(x, w)
}

// threaded is the local that holds the value on its way; no source can write
// its name.
const threaded = " threaded"

// stage is a step of a threading form that binds: it sees the value of the one
// before, and may leave it as it is or end.
type stage func(m *machine, e *env, before Value) (v Value, end bool, err error)

func runStages(first expr, stages []stage) expr {
	return func(m *machine, e *env) (Value, error) {
		v, err := first(m, e)
		for _, s := range stages {
			if err != nil {
				return nil, err
			}
			var end bool
			if v, end, err = s(m, e, v); end {
				break
			}
		}
		return v, err
	}
}

func asThread(c *compiler, n *node, w where) (expr, error) {
	if err := n.takes(2, -1); err != nil {
		return nil, err
	}
	first, err := c.expr(n.items[1], w.inner())
	if err != nil {
		return nil, err
	}
	bind, in, err := c.pattern(n.items[2], w.inner())
	if err != nil {
		return nil, err
	}
	var stages []stage
	for _, form := range n.items[3:] {
		run, err := c.expr(form, in)
		if err != nil {
			return nil, err
		}
		stages = append(stages, func(m *machine, e *env, before Value) (Value, bool, error) {
			e, err := bind(m, e, before)
			if err != nil {
				return nil, false, err
			}
			v, err := run(m, e)
			return v, false, err
		})
	}
	return runStages(first, stages), nil
}

// someThread ends at the first nil.
func someThread(put threader) form {
	return func(c *compiler, n *node, w where) (expr, error) {
		if err := n.takes(1, -1); err != nil {
			return nil, err
		}
		first, err := c.expr(n.items[1], w.inner())
		if err != nil {
			return nil, err
		}
		in := w.inner().with(threaded)
		var stages []stage
		for _, form := range n.items[2:] {
			run, err := c.expr(put(symbolAt(form.at, threaded), form), in)
			if err != nil {
				return nil, err
			}
			stages = append(stages, func(m *machine, e *env, before Value) (Value, bool, error) {
				if before == nil {
					return nil, true, nil
				}
				v, err := run(m, &env{before, e})
				return v, false, err
			})
		}
		return runStages(first, stages), nil
	}
}

// condThread leaves out the steps whose test fails; the tests do not see the
// value.
func condThread(put threader) form {
	return func(c *compiler, n *node, w where) (expr, error) {
		if len(n.items)%2 != 0 {
			return nil, fail("%s needs a value, and pairs of a test and a form", n.items[0].val)
		}
		first, err := c.expr(n.items[1], w.inner())
		if err != nil {
			return nil, err
		}
		var stages []stage
		for i := 2; i < len(n.items); i += 2 {
			s, err := c.condStage(n.items[i], n.items[i+1], w.inner(), put)
			if err != nil {
				return nil, err
			}
			stages = append(stages, s)
		}
		return runStages(first, stages), nil
	}
}

func (c *compiler) condStage(testNode, form *node, w where, put threader) (stage, error) {
	test, err := c.expr(testNode, w)
	if err != nil {
		return nil, err
	}
	run, err := c.expr(put(symbolAt(form.at, threaded), form), w.with(threaded))
	return func(m *machine, e *env, before Value) (Value, bool, error) {
		v, err := test(m, e)
		if err != nil || !truthy(v) {
			return before, false, err
		}
		v, err = run(m, &env{before, e})
		return v, false, err
	}, err
}
