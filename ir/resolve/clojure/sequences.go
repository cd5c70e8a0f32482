package clojure

import "slices"

func mapFn(m *machine, args []Value) (Value, error) {
	f := args[0]
	if len(args) == 2 {
		return m.transform(args[1], true, func(item Value, out []Value) ([]Value, bool, error) {
			v, err := m.apply(f, item)
			return append(out, v), false, err
		}), nil
	}
	cursors := m.cursors(args[1:])
	return m.generate(func() (Value, bool, error) {
		row, err := takeRow(cursors)
		if row == nil || err != nil {
			return nil, false, err
		}
		v, err := m.apply(f, row...)
		return v, true, err
	}), nil
}

func (m *machine) cursors(colls []Value) []*cursor {
	var cs []*cursor
	for _, coll := range colls {
		cs = append(cs, &cursor{m, coll})
	}
	return cs
}

// takeRow takes an item of each; nil where one has no more.
func takeRow(cs []*cursor) ([]Value, error) {
	row := make([]Value, len(cs))
	hasAll := true
	for i, c := range cs {
		v, ok, err := c.take()
		if err != nil {
			return nil, err
		}
		row[i] = v
		hasAll = hasAll && ok
		if !ok {
			break
		}
	}
	if !hasAll {
		return nil, nil
	}
	return row, nil
}

// toVector makes a vector of a lazy sequence at once.
func toVector(fn native) native {
	return func(m *machine, args []Value) (Value, error) {
		v, err := fn(m, args)
		if err != nil {
			return nil, err
		}
		return vecFn(m, []Value{v})
	}
}

// filtered keeps the items for which the predicate is as wanted.
func filtered(want bool) native {
	return func(m *machine, args []Value) (Value, error) {
		return m.transform(args[1], true, func(item Value, out []Value) ([]Value, bool, error) {
			ok, err := m.test(args[0], item)
			if ok == want {
				out = append(out, item)
			}
			return out, false, err
		}), nil
	}
}

// mapped is map-indexed and keep, and what lies between: the function may be
// given the index, and nil may be left out.
func mapped(indexed, keepsNil bool) native {
	return func(m *machine, args []Value) (Value, error) {
		i := int64(-1)
		return m.transform(args[1], true, func(item Value, out []Value) ([]Value, bool, error) {
			i++
			with := []Value{item}
			if indexed {
				with = []Value{i, item}
			}
			v, err := m.apply(args[0], with...)
			if v != nil || keepsNil {
				out = append(out, v)
			}
			return out, false, err
		}), nil
	}
}

func mapcatFn(m *machine, args []Value) (Value, error) {
	colls, err := mapFn(m, args)
	return m.concat(colls), err
}

func concatFn(m *machine, args []Value) (Value, error) { return m.concat(List(args)), nil }

func consFn(m *machine, args []Value) (Value, error) {
	if args[1] == nil {
		return List{args[0]}, nil
	}
	rest := args[1]
	if !isSeq(rest) {
		s, err := m.seq(rest)
		if err != nil {
			return nil, err
		}
		rest = s.orEmpty()
	}
	return &cell{items: []Value{args[0]}, rest: rest}, nil
}

// listStar is list*: the last argument is the rest.
func listStar(m *machine, args []Value) (Value, error) {
	last := len(args) - 1
	rest, err := seqFn(m, args[last:])
	for i := last - 1; i >= 0 && err == nil; i-- {
		rest, err = consFn(m, []Value{args[i], rest})
	}
	return rest, err
}

func rangeFn(m *machine, args []Value) (Value, error) {
	if len(args) > 0 {
		if err := needNumbers(args...); err != nil {
			return nil, err
		}
	}
	var from, step, end Value = int64(0), int64(1), nil
	switch len(args) {
	case 1:
		end = args[0]
	case 3:
		step = args[2]
		fallthrough
	case 2:
		from, end = args[0], args[1]
	}
	if compareNumbers(step, int64(0)) == 0 && end != nil && compareNumbers(from, end) != 0 {
		return nil, unsupported("a range that does not move is not supported")
	}
	return m.rangeFrom(from, end, step)
}

// rangeFrom is a chunk of numbers, and lazily what follows.
func (m *machine) rangeFrom(from, end, step Value) (Value, error) {
	direction := compareNumbers(step, int64(0))
	var items []Value
	for len(items) < chunkSize {
		if end != nil && compareNumbers(from, end)*direction >= 0 {
			if s := newCell(items); s != nil {
				s.isChunked = true
				return s, nil
			}
			return List{}, nil
		}
		items = append(items, from)
		var err error
		if from, err = plus.apply(from, step); err != nil {
			return nil, err
		}
	}
	rest := m.lazy(func() (Value, error) { return m.rangeFrom(from, end, step) })
	rest.isPlain = true
	return &cell{items, end != nil, rest}, nil
}

func repeatFn(m *machine, args []Value) (Value, error) {
	if len(args) == 1 {
		return m.endless(func() (Value, error) { return args[0], nil })
	}
	n, err := toLong(args[0])
	if err != nil {
		return nil, err
	}
	if n > maxItems {
		return nil, m.spendItems(maxItems + 1)
	}
	items := slices.Repeat([]Value{args[1]}, int(max(n, 0)))
	return newCell(items).orEmpty(), m.spend(len(items))
}

// endless is a sequence without an end, whose text would have none either.
func (m *machine) endless(next func() (Value, error)) (Value, error) {
	v, err := next()
	if err != nil {
		return nil, err
	}
	rest := m.lazy(func() (Value, error) { return m.endless(next) })
	rest.isPlain = true
	return &cell{items: []Value{v}, rest: rest}, nil
}

func iterateFn(m *machine, args []Value) (Value, error) {
	v, isFirst := args[1], true
	return m.endless(func() (Value, error) {
		if isFirst {
			isFirst = false
			return v, nil
		}
		var err error
		v, err = m.apply(args[0], v)
		return v, err
	})
}

func cycleFn(m *machine, args []Value) (Value, error) {
	s, err := m.seq(args[0])
	if s == nil || err != nil {
		return List{}, err
	}
	c := cursor{m, s}
	return m.endless(func() (Value, error) {
		v, ok, err := c.take()
		if !ok && err == nil {
			c.rest = s
			v, _, err = c.take()
		}
		return v, err
	})
}

func repeatedlyFn(m *machine, args []Value) (Value, error) {
	calls := m.generate(func() (Value, bool, error) {
		v, err := m.apply(args[len(args)-1])
		return v, true, err
	})
	if len(args) == 1 {
		return calls, nil
	}
	return takeFn(m, []Value{args[0], calls})
}

func takeFn(m *machine, args []Value) (Value, error) {
	if err := needNumbers(args[0]); err != nil {
		return nil, err
	}
	n := args[0]
	left, err := toLong(n)
	if f, ok := n.(float64); ok && f != float64(left) || isA[Ratio](n) {
		left++
	}
	if err != nil || left <= 0 {
		return m.lazy(func() (Value, error) { return nil, err }), nil
	}
	return m.transform(args[1], false, func(item Value, out []Value) ([]Value, bool, error) {
		left--
		return append(out, item), left == 0, nil
	}), nil
}

func dropFn(m *machine, args []Value) (Value, error) {
	if err := needNumbers(args[0]); err != nil {
		return nil, err
	}
	n, err := toLong(args[0])
	if f, ok := args[0].(float64); ok && f != float64(n) || isA[Ratio](args[0]) {
		n++
	}
	if err != nil {
		return nil, err
	}
	return m.lazy(func() (Value, error) {
		c := cursor{m, args[1]}
		for range max(n, 0) {
			if _, ok, err := c.take(); err != nil || !ok {
				return nil, err
			}
		}
		return c.rest, nil
	}), nil
}

func takeWhileFn(m *machine, args []Value) (Value, error) {
	return m.transform(args[1], false, func(item Value, out []Value) ([]Value, bool, error) {
		ok, err := m.test(args[0], item)
		if ok {
			out = append(out, item)
		}
		return out, !ok, err
	}), nil
}

func dropWhileFn(m *machine, args []Value) (Value, error) {
	return m.lazy(func() (Value, error) {
		rest := args[1]
		for {
			s, err := m.seq(rest)
			if s == nil || err != nil {
				return nil, err
			}
			if ok, err := m.test(args[0], s.first()); err != nil || !ok {
				return s, err
			}
			if err := m.spend(1); err != nil {
				return nil, err
			}
			rest = s.next()
		}
	}), nil
}

func takeLastFn(m *machine, args []Value) (Value, error) {
	n, err := index(args[0])
	if err != nil {
		return nil, err
	}
	items, err := m.items(args[1])
	from := max(int64(len(items))-max(n, 0), 0)
	return newCell(items[from:]).value(), err
}

func dropLastFn(m *machine, args []Value) (Value, error) {
	n := int64(1)
	if len(args) == 2 {
		var err error
		if n, err = index(args[0]); err != nil {
			return nil, err
		}
	}
	coll := args[len(args)-1]
	ahead, err := dropFn(m, []Value{n, coll})
	cursors := m.cursors([]Value{coll, ahead})
	return m.generate(func() (Value, bool, error) {
		row, err := takeRow(cursors)
		if row == nil || err != nil {
			return nil, false, err
		}
		return row[0], true, nil
	}), err
}

// split makes a vector of what two functions give: take and drop.
func split(head, tail native) native {
	return func(m *machine, args []Value) (Value, error) {
		a, err := head(m, args)
		if err != nil {
			return nil, err
		}
		b, err := tail(m, args)
		return Vector{a, b}, err
	}
}

func takeNthFn(m *machine, args []Value) (Value, error) {
	n, err := index(args[0])
	if err != nil {
		return nil, err
	}
	c := cursor{m, args[1]}
	return m.generate(func() (Value, bool, error) {
		if n < 1 {
			return nil, false, unsupported("take-nth of %d is not supported", n)
		}
		v, ok, err := c.take()
		if ok && n > 1 && err == nil {
			_, err = c.takeN(n - 1)
		}
		return v, ok, err
	}), nil
}

func interleaveFn(m *machine, args []Value) (Value, error) {
	cursors := m.cursors(args)
	var row []Value
	return m.generate(func() (Value, bool, error) {
		if len(row) == 0 {
			var err error
			if row, err = takeRow(cursors); len(row) == 0 || err != nil {
				return nil, false, err
			}
		}
		v := row[0]
		row = row[1:]
		return v, true, nil
	}), nil
}

func interposeFn(m *machine, args []Value) (Value, error) {
	seps, err := repeatFn(m, args[:1])
	if err != nil {
		return nil, err
	}
	all, err := interleaveFn(m, []Value{seps, args[1]})
	if err != nil {
		return nil, err
	}
	return dropFn(m, []Value{int64(1), all})
}

func distinctFn(m *machine, args []Value) (Value, error) {
	seen := &Set{}
	return m.transform(args[0], false, func(item Value, out []Value) ([]Value, bool, error) {
		before := seen.Len()
		err := m.addItem(seen, item)
		if seen.Len() > before {
			out = append(out, item)
		}
		return out, false, err
	}), nil
}

func dedupeFn(m *machine, args []Value) (Value, error) {
	var last Value
	hasLast := false
	return m.transform(args[0], false, func(item Value, out []Value) ([]Value, bool, error) {
		same, err := m.equal(last, item)
		if !same || !hasLast {
			out = append(out, item)
		}
		last, hasLast = item, true
		return out, false, err
	}), nil
}

// flattenFn is the items of nested sequences; what is no sequence has none.
func flattenFn(m *machine, args []Value) (Value, error) {
	return m.lazy(func() (Value, error) {
		var items []Value
		if !isSequential(args[0]) {
			return nil, nil
		}
		err := m.flatten(args[0], &items)
		return newCell(items).value(), err
	}), nil
}

func isSequential(v Value) bool { return isSeq(v) || isVector(v) }

func (m *machine) flatten(coll Value, into *[]Value) error {
	if err := m.enter(); err != nil {
		m.leave()
		return err
	}
	defer m.leave()
	return m.each(coll, func(item Value) (bool, error) {
		if isSequential(item) {
			return true, m.flatten(item, into)
		}
		*into = append(*into, item)
		return true, m.checkSize(len(*into))
	})
}

// doall computes a sequence, and is it.
func doallFn(m *machine, args []Value) (Value, error) {
	err := m.each(args[0], func(Value) (bool, error) { return true, nil })
	return args[0], err
}

func dorunFn(m *machine, args []Value) (Value, error) {
	_, err := doallFn(m, args)
	return nil, err
}

var sequenceFuncs = funcs{
	"map": {2, -1, mapFn}, "mapv": {2, -1, toVector(mapFn)}, "mapcat": {2, -1, mapcatFn},
	"map-indexed": {2, 2, mapped(true, true)}, "keep": {2, 2, mapped(false, false)}, "keep-indexed": {2, 2, mapped(true, false)},
	"filter": {2, 2, filtered(true)}, "filterv": {2, 2, toVector(filtered(true))}, "remove": {2, 2, filtered(false)},
	"concat": {0, -1, concatFn}, "cons": {2, 2, consFn}, "list*": {1, -1, listStar},
	"range": {0, 3, rangeFn}, "repeat": {1, 2, repeatFn}, "iterate": {2, 2, iterateFn}, "cycle": {1, 1, cycleFn},
	"repeatedly": {1, 2, repeatedlyFn},
	"take":       {2, 2, takeFn}, "drop": {2, 2, dropFn}, "take-while": {2, 2, takeWhileFn}, "drop-while": {2, 2, dropWhileFn},
	"take-last": {2, 2, takeLastFn}, "drop-last": {1, 2, dropLastFn}, "take-nth": {2, 2, takeNthFn},
	"split-at": {2, 2, split(takeFn, dropFn)}, "split-with": {2, 2, split(takeWhileFn, dropWhileFn)},
	"interleave": {0, -1, interleaveFn}, "interpose": {2, 2, interposeFn},
	"distinct": {1, 1, distinctFn}, "dedupe": {1, 1, dedupeFn}, "flatten": {1, 1, flattenFn},
	"doall": {1, 1, doallFn}, "dorun": {1, 1, dorunFn},
}
