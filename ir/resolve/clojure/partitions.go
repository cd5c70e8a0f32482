package clojure

// partition makes lists of n items, every step items; those that are short at
// the end are filled with padding, left out, or kept.
func partition(keepShort bool) native {
	return func(m *machine, args []Value) (Value, error) {
		n, err := index(args[0])
		if err != nil {
			return nil, err
		}
		step := n
		if len(args) > 2 {
			if step, err = index(args[1]); err != nil {
				return nil, err
			}
		}
		if n < 1 || step < 1 {
			return nil, unsupported("parts of %d by %d are not supported", n, step)
		}
		var pad Value
		hasPad := len(args) > 3
		if hasPad {
			pad = args[2]
		}
		rest := args[len(args)-1]
		return m.generate(func() (Value, bool, error) {
			c := cursor{m, rest}
			items, err := c.takeN(n)
			if err != nil || len(items) == 0 {
				return nil, false, err
			}
			if int64(len(items)) < n && hasPad {
				padding := cursor{m, pad}
				more, err := padding.takeN(n - int64(len(items)))
				rest = nil
				return m.part(append(items, more...)), true, err
			}
			if int64(len(items)) < n && !keepShort {
				return nil, false, nil
			}
			c = cursor{m, rest}
			if _, err := c.takeN(step); err != nil {
				return nil, false, err
			}
			rest = c.rest
			return m.part(items), true, nil
		}), nil
	}
}

// part is a sequence within a sequence, lazy in Clojure.
func (m *machine) part(items []Value) Value {
	return &lazySeq{val: newCell(items).value(), at: m.at}
}

func partitionByFn(m *machine, args []Value) (Value, error) {
	rest := args[1]
	return m.generate(func() (Value, bool, error) {
		s, err := m.seq(rest)
		if s == nil || err != nil {
			return nil, false, err
		}
		key, err := m.apply(args[0], s.first())
		if err != nil {
			return nil, false, err
		}
		items := []Value{s.first()}
		for {
			if s, err = m.seq(s.next()); s == nil || err != nil {
				break
			}
			var other Value
			if other, err = m.apply(args[0], s.first()); err != nil {
				break
			}
			var same bool
			if same, err = m.equal(key, other); !same || err != nil {
				break
			}
			items = append(items, s.first())
			if err = m.checkSize(len(items)); err != nil {
				break
			}
		}
		rest = s.value()
		return newCell(items).value(), true, err
	}), nil
}

var partitionFuncs = funcs{
	"partition": {2, 4, partition(false)}, "partition-all": {2, 3, partition(true)}, "partition-by": {2, 2, partitionByFn},
}
