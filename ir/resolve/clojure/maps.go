package clojure

func pairsTo(sorted bool) native {
	return func(m *machine, args []Value) (Value, error) {
		if len(args)%2 != 0 {
			return nil, fail("no value is given for the key %s", shorten(args[len(args)-1]))
		}
		made := &Map{sorted: sorted}
		for i := 0; i < len(args); i += 2 {
			if err := m.put(made, args[i], args[i+1]); err != nil {
				return nil, err
			}
		}
		return made, nil
	}
}

func keysFn(m *machine, args []Value) (Value, error) { return m.column(args[0], 0) }
func valsFn(m *machine, args []Value) (Value, error) { return m.column(args[0], 1) }

// column are the keys (0) or values (1) of a map, or of a list of entries.
func (m *machine) column(coll Value, which int) (Value, error) {
	if _, ok := coll.(*Map); !ok && !isSeq(coll) && coll != nil {
		s, err := m.seq(coll)
		if s == nil || err != nil {
			return nil, err
		}
	}
	var items []Value
	err := m.each(coll, func(e Value) (bool, error) {
		pair, err := entry(e)
		if err == nil {
			items = append(items, pair[which])
		}
		return true, err
	})
	return newCell(items).value(), err
}

func entry(v Value) (Vector, error) {
	if pair, ok := v.(Vector); ok && len(pair) == 2 {
		return pair, nil
	}
	return nil, fail("%s is no entry of a map", typeName(v))
}

func part(which int) native {
	return func(_ *machine, args []Value) (Value, error) {
		pair, err := entry(args[0])
		if err != nil {
			return nil, err
		}
		return pair[which], nil
	}
}

func zipmapFn(m *machine, args []Value) (Value, error) {
	vals := cursor{m, args[1]}
	made := &Map{}
	err := m.each(args[0], func(key Value) (bool, error) {
		v, ok, err := vals.take()
		if !ok || err != nil {
			return false, err
		}
		return true, m.put(made, key, v)
	})
	return made, err
}

func mergeFn(m *machine, args []Value) (Value, error) {
	var total Value
	isNothing := true
	for i, arg := range args {
		isNothing = isNothing && !truthy(arg)
		if i == 0 {
			total = arg
			continue
		}
		if !truthy(total) {
			total = &Map{}
		}
		var err error
		if total, err = m.conj(total, arg); err != nil {
			if isNothing {
				continue
			}
			return nil, err
		}
	}
	if isNothing {
		return nil, nil
	}
	return total, nil
}

func mergeWithFn(m *machine, args []Value) (Value, error) {
	var total *Map
	isNothing := true
	for _, arg := range args[1:] {
		isNothing = isNothing && !truthy(arg)
	}
	if isNothing {
		return nil, nil
	}
	for i, arg := range args[1:] {
		from, ok := arg.(*Map)
		if !ok && arg != nil {
			return nil, unsupported("merge-with of %s is not supported", typeName(arg))
		}
		if i == 0 || total == nil {
			var err error
			if total, err = m.copyMap(from); err != nil {
				return nil, err
			}
			continue
		}
		if err := m.mergeEntries(args[0], total, from); err != nil {
			return nil, err
		}
	}
	return total, nil
}

func (m *machine) mergeEntries(f Value, total, from *Map) error {
	for k, v := range from.All() {
		if old, ok := total.Get(k); ok {
			var err error
			if v, err = m.apply(f, old, v); err != nil {
				return err
			}
		}
		if err := m.put(total, k, v); err != nil {
			return err
		}
	}
	return nil
}

func selectKeysFn(m *machine, args []Value) (Value, error) {
	made := &Map{}
	err := m.each(args[1], func(key Value) (bool, error) {
		e, err := findFn(m, []Value{args[0], key})
		if e == nil || err != nil {
			return true, err
		}
		return true, m.put(made, key, e.(Vector)[1])
	})
	return made, err
}

func reduceKVFn(m *machine, args []Value) (Value, error) {
	total := args[1]
	step := func(k, v Value) (bool, error) {
		var err error
		total, err = m.apply(args[0], total, k, v)
		done, isDone := total.(reduced)
		if isDone {
			total = done.val
		}
		return !isDone, err
	}
	switch x := args[2].(type) {
	case nil:
	case *Map:
		for k, v := range x.All() {
			if more, err := step(k, v); err != nil || !more {
				return total, err
			}
		}
	case Vector:
		for i, v := range x {
			if more, err := step(int64(i), v); err != nil || !more {
				return total, err
			}
		}
	default:
		return nil, fail("reduce-kv needs a map, not %s", typeName(x))
	}
	return total, nil
}

func groupByFn(m *machine, args []Value) (Value, error) {
	made := &Map{}
	err := m.each(args[1], func(item Value) (bool, error) {
		key, err := m.apply(args[0], item)
		if err != nil {
			return false, err
		}
		old, _, err := m.get(made, key)
		if err != nil {
			return false, err
		}
		group, _ := old.(Vector)
		return true, m.put(made, key, append(group, item)) // no one else has seen the group
	})
	return made, err
}

func frequenciesFn(m *machine, args []Value) (Value, error) {
	made := &Map{}
	err := m.each(args[0], func(item Value) (bool, error) {
		old, _, err := m.get(made, item)
		if err != nil {
			return false, err
		}
		n, _ := old.(int64)
		return true, m.put(made, item, n+1)
	})
	return made, err
}

// onValues is update-vals, or update-keys.
func onValues(keys bool) native {
	return func(m *machine, args []Value) (Value, error) {
		x, ok := args[0].(*Map)
		if !ok && args[0] != nil {
			return nil, unsupported("changing the entries of %s is not supported", typeName(args[0]))
		}
		made := &Map{}
		for k, v := range x.All() {
			changed := &v
			if keys {
				changed = &k
			}
			var err error
			if *changed, err = m.apply(args[1], *changed); err != nil {
				return nil, err
			}
			if err := m.put(made, k, v); err != nil {
				return nil, err
			}
		}
		return made, nil
	}
}

var mapFuncs = funcs{
	"hash-map": {0, -1, pairsTo(false)}, "array-map": {0, -1, pairsTo(false)}, "sorted-map": {0, -1, pairsTo(true)},
	"keys": {1, 1, keysFn}, "vals": {1, 1, valsFn}, "key": {1, 1, part(0)}, "val": {1, 1, part(1)}, "zipmap": {2, 2, zipmapFn},
	"merge": {0, -1, mergeFn}, "merge-with": {1, -1, mergeWithFn}, "select-keys": {2, 2, selectKeysFn},
	"reduce-kv": {3, 3, reduceKVFn}, "group-by": {2, 2, groupByFn}, "frequencies": {1, 1, frequenciesFn},
	"update-vals": {2, 2, onValues(false)}, "update-keys": {2, 2, onValues(true)},
}
