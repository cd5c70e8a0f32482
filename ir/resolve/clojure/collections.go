package clojure

func (m *machine) count(coll Value) (int64, error) {
	switch x := coll.(type) {
	case nil:
		return 0, nil
	case Vector:
		return int64(len(x)), nil
	case List:
		return int64(len(x)), nil
	case *Map:
		return int64(x.Len()), nil
	case *Set:
		return int64(x.Len()), nil
	case string:
		if err := m.spendText(len(x)); err != nil {
			return 0, err
		}
		return int64(len(utf16Of(x))), nil
	}
	n := int64(0)
	err := m.each(coll, func(Value) (bool, error) {
		n++
		return true, nil
	})
	return n, err
}

// conj adds an item where it is cheap: in front of a list, behind a vector.
func (m *machine) conj(coll, item Value) (Value, error) {
	switch x := coll.(type) {
	case nil:
		return List{item}, nil
	case List:
		if err := m.spendItems(len(x) + 1); err != nil {
			return nil, err
		}
		return append(List{item}, x...), nil
	case *cell, *lazySeq:
		return &cell{items: []Value{item}, rest: x}, nil
	case Vector:
		if err := m.spendItems(len(x) + 1); err != nil {
			return nil, err
		}
		return append(x[:len(x):len(x)], item), nil
	case *Map:
		made, err := m.copyMap(x)
		if err != nil {
			return nil, err
		}
		return made, m.addEntry(made, item)
	case *Set:
		if err := m.spend(1 + x.Len()); err != nil {
			return nil, err
		}
		made := x.clone()
		return made, m.addItem(made, item)
	}
	return nil, fail("nothing can be added to %s", typeName(coll))
}

func (m *machine) addItem(made *Set, item Value) error {
	item, err := m.key(item)
	if err == nil {
		made.add(item)
		err = m.spend(1)
	}
	if err == nil {
		err = m.checkSize(made.Len())
	}
	return err
}

// addEntry adds an entry, or those of another map, to a map in the making.
func (m *machine) addEntry(made *Map, item Value) error {
	switch x := item.(type) {
	case nil:
		return nil
	case *Map:
		_, err := m.mergeInto(made, x)
		return err
	case Vector:
		if len(x) != 2 {
			return fail("an entry of a map has 2 items, not %d", len(x))
		}
		return m.put(made, x[0], x[1])
	}
	s, err := m.seq(item)
	if s == nil || err != nil {
		return err
	}
	return fail("%s is no entry of a map", typeName(s.first()))
}

func conjFn(m *machine, args []Value) (Value, error) {
	if len(args) == 0 {
		return Vector{}, nil
	}
	coll := args[0]
	for _, item := range args[1:] {
		var err error
		if coll, err = m.conj(coll, item); err != nil {
			return nil, err
		}
	}
	return coll, nil
}

func intoFn(m *machine, args []Value) (Value, error) {
	switch len(args) {
	case 0:
		return Vector{}, nil
	case 1:
		return args[0], nil
	case 3:
		return nil, unsupported("into with a transducer is not supported")
	}
	return m.into(args[0], args[1])
}

func (m *machine) into(to, from Value) (Value, error) {
	switch x := to.(type) {
	case Vector:
		items, err := m.items(from)
		if err == nil {
			err = m.spendItems(len(x) + len(items))
		}
		return append(x[:len(x):len(x)], items...), err
	case *Map:
		made, err := m.copyMap(x)
		if err != nil {
			return nil, err
		}
		return made, m.each(from, func(item Value) (bool, error) { return true, m.addEntry(made, item) })
	case *Set:
		if err := m.spendItems(x.Len()); err != nil {
			return nil, err
		}
		made := x.clone()
		return made, m.each(from, func(item Value) (bool, error) { return true, m.addItem(made, item) })
	case nil, List:
		s, err := m.seq(from)
		if s == nil || err != nil {
			return to, err
		}
		reversed, err := m.reversed(s)
		old, _ := to.(List)
		if err == nil {
			err = m.spendItems(len(reversed) + len(old))
		}
		return append(reversed, old...), err
	}
	err := m.each(from, func(item Value) (bool, error) {
		var err error
		to, err = m.conj(to, item)
		return true, err
	})
	return to, err
}

func (m *machine) reversed(coll Value) (List, error) {
	items, err := m.items(coll)
	made := make(List, len(items))
	for i, item := range items {
		made[len(items)-1-i] = item
	}
	return made, err
}

func vecFn(m *machine, args []Value) (Value, error) {
	items, err := m.items(args[0])
	return Vector(append([]Value{}, items...)), err
}

func setFn(m *machine, args []Value) (Value, error) { return m.into(&Set{}, args[0]) }

func emptyFn(_ *machine, args []Value) (Value, error) {
	switch x := args[0].(type) {
	case Vector:
		return Vector{}, nil
	case *Map:
		return &Map{sorted: x.sorted}, nil
	case *Set:
		return &Set{}, nil
	case List, *cell, *lazySeq:
		return List{}, nil
	}
	return nil, nil
}

func isEmptyFn(m *machine, args []Value) (Value, error) {
	s, err := m.seq(args[0])
	return s == nil, err
}

func notEmptyFn(m *machine, args []Value) (Value, error) {
	s, err := m.seq(args[0])
	if s == nil || err != nil {
		return nil, err
	}
	return args[0], nil
}

func seqFn(m *machine, args []Value) (Value, error) {
	if list, ok := args[0].(List); ok && len(list) > 0 {
		return list, nil
	}
	s, err := m.seq(args[0])
	return s.value(), err
}

func firstFn(m *machine, args []Value) (Value, error) {
	s, err := m.seq(args[0])
	return s.first(), err
}

// restOf is what follows the first item; lists stay lists.
func (m *machine) restOf(coll Value) (Value, error) {
	if list, ok := coll.(List); ok {
		return list[min(1, len(list)):], nil
	}
	s, err := m.seq(coll)
	if err != nil {
		return nil, err
	}
	if rest := s.next(); rest != nil {
		return rest, nil
	}
	return List{}, nil
}

func restFn(m *machine, args []Value) (Value, error) { return m.restOf(args[0]) }

func nextFn(m *machine, args []Value) (Value, error) {
	rest, err := m.restOf(args[0])
	if err != nil {
		return nil, err
	}
	return seqFn(m, []Value{rest})
}

// chain calls functions of one argument, the last first.
func chain(fs ...native) native {
	return func(m *machine, args []Value) (Value, error) {
		v := args[0]
		for i := len(fs) - 1; i >= 0; i-- {
			var err error
			if v, err = fs[i](m, []Value{v}); err != nil {
				return nil, err
			}
		}
		return v, nil
	}
}

func lastFn(m *machine, args []Value) (Value, error) {
	var last Value
	err := m.each(args[0], func(item Value) (bool, error) {
		last = item
		return true, nil
	})
	return last, err
}

func butlastFn(m *machine, args []Value) (Value, error) {
	items, err := m.items(args[0])
	return newCell(items[:max(len(items)-1, 0)]).value(), err
}

func peekFn(_ *machine, args []Value) (Value, error) {
	switch x := args[0].(type) {
	case nil:
		return nil, nil
	case List:
		return newCell(x).first(), nil
	case Vector:
		if len(x) == 0 {
			return nil, nil
		}
		return x[len(x)-1], nil
	}
	return nil, fail("%s is no stack", typeName(args[0]))
}

func popFn(_ *machine, args []Value) (Value, error) {
	switch x := args[0].(type) {
	case nil:
		return nil, nil
	case List:
		if len(x) > 0 {
			return x[1:], nil
		}
		return nil, fail("an empty list has nothing to pop")
	case Vector:
		if len(x) > 0 {
			return x[: len(x)-1 : len(x)-1], nil
		}
		return nil, fail("an empty vector has nothing to pop")
	}
	return nil, fail("%s is no stack", typeName(args[0]))
}

func disjFn(m *machine, args []Value) (Value, error) {
	if args[0] == nil {
		return nil, nil
	}
	x, ok := args[0].(*Set)
	if !ok {
		if len(args) == 1 {
			return args[0], nil
		}
		return nil, fail("%s is no set", typeName(args[0]))
	}
	made := x.clone()
	for _, item := range args[1:] {
		key, err := m.key(item)
		if err == nil {
			err = m.spend(made.Len())
		}
		if err != nil {
			return nil, err
		}
		made.items.remove(key)
	}
	return made, nil
}

// reduced is what ends a reduce.
type reduced struct{ val Value }

func reduceFn(m *machine, args []Value) (Value, error) {
	coll := args[len(args)-1]
	var total Value
	hasTotal := len(args) == 3
	if hasTotal {
		total = args[1]
	}
	err := m.each(coll, func(item Value) (bool, error) {
		if !hasTotal {
			total, hasTotal = item, true
			return true, nil
		}
		var err error
		total, err = m.apply(args[0], total, item)
		if done, ok := total.(reduced); ok {
			total = done.val
			return false, err
		}
		return true, err
	})
	if err != nil || hasTotal {
		return total, err
	}
	return m.apply(args[0])
}

func everyFn(m *machine, args []Value) (Value, error) {
	every := true
	err := m.each(args[1], func(item Value) (bool, error) {
		var err error
		every, err = m.test(args[0], item)
		return every, err
	})
	return every, err
}

func someFn(m *machine, args []Value) (Value, error) {
	var found Value
	err := m.each(args[1], func(item Value) (bool, error) {
		v, err := m.apply(args[0], item)
		if truthy(v) {
			found = v
		}
		return found == nil, err
	})
	return found, err
}

func negated(fn native) native {
	return func(m *machine, args []Value) (Value, error) { return not(fn(m, args)) }
}

// distinctCheck is distinct?.
func distinctCheck(m *machine, args []Value) (Value, error) {
	seen := &Set{}
	for _, arg := range args {
		if err := m.addItem(seen, arg); err != nil {
			return nil, err
		}
	}
	return seen.Len() == len(args), nil
}

// extremeKey is max-key (sign 1) or min-key (sign -1).
func extremeKey(sign int) native {
	return func(m *machine, args []Value) (Value, error) {
		best := args[1]
		if len(args) == 2 {
			return best, nil
		}
		bestKey, err := m.apply(args[0], best)
		for _, arg := range args[2:] {
			if err != nil {
				return nil, err
			}
			var key Value
			if key, err = m.apply(args[0], arg); err != nil {
				return nil, err
			}
			if err = needNumbers(bestKey, key); err == nil && compareNumbers(key, bestKey)*sign >= 0 {
				best, bestKey = arg, key
			}
		}
		return best, err
	}
}

var collectionFuncs = funcs{
	"count": {1, 1, func(m *machine, args []Value) (Value, error) {
		n, err := m.count(args[0])
		return n, err
	}},
	"conj": {0, -1, conjFn}, "into": {0, 3, intoFn}, "disj": {1, -1, disjFn}, "empty": {1, 1, emptyFn},
	"vec": {1, 1, vecFn}, "set": {1, 1, setFn}, "peek": {1, 1, peekFn}, "pop": {1, 1, popFn},
	"vector": {0, -1, func(_ *machine, args []Value) (Value, error) { return Vector(args), nil }},
	"list":   {0, -1, func(_ *machine, args []Value) (Value, error) { return List(args), nil }},
	"hash-set": {0, -1, func(m *machine, args []Value) (Value, error) {
		return m.into(&Set{}, Vector(args))
	}},
	"empty?": {1, 1, isEmptyFn}, "not-empty": {1, 1, notEmptyFn}, "seq": {1, 1, seqFn},
	"first": {1, 1, firstFn}, "rest": {1, 1, restFn}, "next": {1, 1, nextFn}, "last": {1, 1, lastFn},
	"second": {1, 1, chain(firstFn, nextFn)}, "ffirst": {1, 1, chain(firstFn, firstFn)},
	"nnext": {1, 1, chain(nextFn, nextFn)}, "fnext": {1, 1, chain(firstFn, nextFn)}, "nfirst": {1, 1, chain(nextFn, firstFn)},
	"butlast": {1, 1, butlastFn},
	"reverse": {1, 1, func(m *machine, args []Value) (Value, error) {
		made, err := m.reversed(args[0])
		return made, err
	}},
	"reduce": {2, 3, reduceFn}, "every?": {2, 2, everyFn}, "some": {2, 2, someFn},
	"reduced":  {1, 1, func(_ *machine, args []Value) (Value, error) { return reduced{args[0]}, nil }},
	"not-any?": {2, 2, negated(someFn)}, "not-every?": {2, 2, negated(everyFn)}, "distinct?": {1, -1, distinctCheck},
	"max-key": {2, -1, extremeKey(1)}, "min-key": {2, -1, extremeKey(-1)},
}
