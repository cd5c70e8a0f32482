package clojure

import "slices"

// binder adds the locals of a pattern to an env, taking a value apart.
type binder func(m *machine, e *env, v Value) (*env, error)

// pattern compiles a binding form, and gives the place that sees its locals.
//
// Source: the Clojure reference, "Special Forms", "Binding Forms".
func (c *compiler) pattern(n *node, w where) (binder, where, error) {
	switch n.kind {
	case symbolNode:
		name := string(n.val.(Symbol))
		if ns, _ := splitName(name); ns != "" {
			return nil, w, locate(fail("a local cannot have a namespace: %s", name), n.at)
		}
		return bindName, w.with(name), nil
	case vectorNode:
		return c.vectorPattern(n, w)
	case mapNode:
		return c.mapPattern(n, w)
	}
	return nil, w, locate(fail("this cannot be bound: a symbol, vector or map is needed"), n.at)
}

func bindName(_ *machine, e *env, v Value) (*env, error) { return &env{v, e}, nil }

// vectorParts are the parts of a vector pattern; rest and as may be nil.
type vectorParts struct {
	fixed    []*node
	rest, as *node
}

func splitVector(n *node) (p vectorParts, err error) {
	for i := 0; i < len(n.items); i++ {
		item := n.items[i]
		into := &p.rest
		if item.val == Keyword("as") {
			into = &p.as
		} else if !item.isSymbol("&") {
			if p.rest != nil || p.as != nil {
				return p, locate(fail("this stands behind & or :as"), item.at)
			}
			p.fixed = append(p.fixed, item)
			continue
		}
		i++
		if i == len(n.items) || *into != nil {
			return p, locate(fail("& and :as stand once, before a name"), item.at)
		}
		*into = n.items[i]
	}
	return p, nil
}

func (c *compiler) vectorPattern(n *node, w where) (binder, where, error) {
	parts, err := splitVector(n)
	if err != nil {
		return nil, w, err
	}
	var binders []binder
	patterns := slices.Clone(parts.fixed)
	if parts.rest != nil {
		patterns = append(patterns, parts.rest)
	}
	if parts.as != nil {
		if parts.as.kind != symbolNode {
			return nil, w, locate(fail(":as needs a symbol"), parts.as.at)
		}
		patterns = append(patterns, parts.as)
	}
	for _, p := range patterns {
		var b binder
		if b, w, err = c.pattern(p, w); err != nil {
			return nil, w, err
		}
		binders = append(binders, b)
	}
	return func(m *machine, e *env, v Value) (*env, error) {
		vs, err := m.takeApart(v, len(parts.fixed), parts.rest != nil)
		if err != nil {
			return nil, locate(err, n.at)
		}
		return bindAll(m, e, binders, append(vs, v))
	}, w, nil
}

// bindAll binds as many values as there are binders.
func bindAll(m *machine, e *env, binders []binder, vs []Value) (*env, error) {
	var err error
	for i, b := range binders {
		if e, err = b(m, e, vs[i]); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// takeApart gives the first items, nil for missing ones, and the rest if it is
// asked for. Without a rest, what has no places cannot be taken apart.
func (m *machine) takeApart(v Value, size int, withRest bool) ([]Value, error) {
	var vs []Value
	if !withRest {
		for i := range size {
			item, err := m.nthOr(v, int64(i), nil)
			if err != nil {
				return nil, err
			}
			vs = append(vs, item)
		}
		return vs, nil
	}
	s, err := m.seq(v)
	for range size {
		if err != nil {
			return nil, err
		}
		if s == nil {
			vs = append(vs, nil)
			continue
		}
		vs = append(vs, s.first())
		s, err = m.seq(s.next())
	}
	return append(vs, s.value()), err
}

// field is a local of a map pattern.
type field struct {
	pattern *node
	key     *node
	or      *node // nil for no default
}

func (c *compiler) mapPattern(n *node, w where) (binder, where, error) {
	fields, as, err := splitMap(n)
	if err != nil {
		return nil, w, err
	}
	binders := make([]binder, len(fields))
	if as != nil {
		w = w.with(string(as.val.(Symbol)))
	}
	for i, f := range fields {
		if binders[i], w, err = c.field(f, w); err != nil {
			return nil, w, err
		}
	}
	return func(m *machine, e *env, v Value) (*env, error) {
		v, err := m.asFields(v)
		if err != nil {
			return nil, locate(err, n.at)
		}
		if as != nil {
			e = &env{v, e}
		}
		for _, b := range binders {
			if e, err = b(m, e, v); err != nil {
				return nil, locate(err, n.at)
			}
		}
		return e, nil
	}, w, nil
}

// field compiles one local: its binder is given the whole map.
func (c *compiler) field(f field, w where) (binder, where, error) {
	key, err := c.expr(f.key, w.inner())
	if err != nil {
		return nil, w, err
	}
	or := constant(nil)
	if f.or != nil {
		if or, err = c.expr(f.or, w.inner()); err != nil {
			return nil, w, err
		}
	}
	bind, w, err := c.pattern(f.pattern, w)
	return func(m *machine, e *env, whole Value) (*env, error) {
		k, err := key(m, e)
		if err != nil {
			return nil, err
		}
		missing, err := or(m, e)
		if err != nil {
			return nil, err
		}
		v, err := m.getOr(whole, k, []Value{missing})
		if err != nil {
			return nil, err
		}
		return bind(m, e, v)
	}, w, err
}

// splitMap takes a map pattern apart. The names of :keys come in the place of
// :keys.
func splitMap(n *node) (fields []field, as *node, err error) {
	var or *node
	for i := 0; i < len(n.items); i += 2 {
		left, right := n.items[i], n.items[i+1]
		key, isKeyword := left.val.(Keyword)
		ns, local := splitName(string(key))
		switch {
		case !isKeyword:
			fields = append(fields, field{pattern: left, key: right})
		case key == "as" && right.kind == symbolNode:
			as = right
		case key == "or" && right.kind == mapNode:
			or = right
		case (local == "keys" || local == "syms" || key == "strs") && right.kind == vectorNode:
			for _, item := range right.items {
				f, err := named(item, local, ns)
				if err != nil {
					return nil, nil, locate(err, item.at)
				}
				fields = append(fields, f)
			}
		default:
			return nil, nil, locate(fail("this is not understood in a map of bindings: %s", Print(left.val)), left.at)
		}
	}
	return withDefaults(fields, or), as, nil
}

// named is the field of a name in :keys, :strs or :syms.
func named(item *node, how, ns string) (field, error) {
	var name string
	switch v := item.val.(type) {
	case Symbol:
		name = string(v)
	case Keyword:
		name = string(v)
	}
	if name == "" {
		return field{}, fail("a symbol or keyword is needed")
	}
	_, local := splitName(name)
	if ns != "" {
		name = ns + "/" + local
	}
	f := field{pattern: symbolAt(item.at, local)}
	switch how {
	case "strs":
		f.key = &node{at: item.at, val: name}
	case "syms":
		f.key = listAt(item.at, symbolAt(item.at, "quote"), symbolAt(item.at, name))
	default:
		f.key = &node{at: item.at, val: Keyword(name)}
	}
	return f, nil
}

func withDefaults(fields []field, or *node) []field {
	for i := 0; or != nil && i < len(or.items); i += 2 {
		for k := range fields {
			if p := fields[k].pattern; p.kind == symbolNode && p.val == or.items[i].val && or.items[i].kind == symbolNode {
				fields[k].or = or.items[i+1]
			}
		}
	}
	return fields
}

// asFields makes a map of keyword arguments: alternating keys and values, with
// an optional map at the end.
func (m *machine) asFields(v Value) (Value, error) {
	if !isSeq(v) {
		return v, nil
	}
	items, err := m.items(v)
	if err != nil {
		return nil, err
	}
	made := &Map{}
	for len(items) > 1 {
		if err := m.put(made, items[0], items[1]); err != nil {
			return nil, err
		}
		items = items[2:]
	}
	if len(items) == 0 {
		return made, nil
	}
	if made.Len() == 0 {
		return items[0], nil
	}
	last, ok := items[0].(*Map)
	if !ok {
		return nil, fail("no value is given for the key %s", Print(items[0]))
	}
	return m.mergeInto(made, last)
}
