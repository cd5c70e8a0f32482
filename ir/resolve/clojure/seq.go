package clojure

// cell is a part of a sequence that is not empty: some items, and what follows
// them, which is nil, a List, a *cell or a *lazySeq. It is not changed once
// made.
type cell struct {
	items     []Value
	isChunked bool // functions such as map take up to chunkSize items at once
	rest      Value
}

// chunkSize is how many items of a vector or range Clojure works through at
// once: an error in one of them comes with the first.
const chunkSize = 32

// lazySeq is a sequence that is computed when it is needed.
type lazySeq struct {
	compute func() (Value, error)
	at      position // where it was made, for errors
	val     Value    // once computed
	err     error
	running bool
	// isPlain is set for sequences that str writes out. Clojure writes only the
	// identity of the others.
	isPlain bool
}

func newCell(items []Value) *cell {
	if len(items) == 0 {
		return nil
	}
	return &cell{items: items}
}

// value is the sequence as a value: nil where it is empty.
func (s *cell) value() Value {
	if s == nil {
		return nil
	}
	return s
}

// orEmpty is the sequence as a value: the empty list where it is empty.
func (s *cell) orEmpty() Value {
	if s == nil {
		return List{}
	}
	return s
}

func (s *cell) first() Value {
	if s == nil {
		return nil
	}
	return s.items[0]
}

// next is what follows the first item; it may be empty.
func (s *cell) next() Value { return s.skip(1) }

// skip is what follows n items, of those that are in this cell.
func (s *cell) skip(n int) Value {
	switch {
	case s == nil:
		return nil
	case len(s.items) > n:
		return &cell{s.items[n:], s.isChunked, s.rest}
	}
	return s.rest
}

// chunk are the items to work through at once.
func (s *cell) chunk(chunks bool) []Value {
	if s.isChunked && chunks {
		return s.items[:min(len(s.items), chunkSize)]
	}
	return s.items[:1]
}

func (m *machine) lazy(compute func() (Value, error)) *lazySeq {
	return &lazySeq{compute: compute, at: m.at}
}

// force computes a lazy sequence.
func (m *machine) force(l *lazySeq) (Value, error) {
	if l.running {
		return nil, fail("a sequence needs itself")
	}
	if l.compute == nil {
		return l.val, l.err
	}
	if err := m.enter(); err != nil {
		m.leave()
		return nil, err
	}
	before := m.at
	m.at, l.running = l.at, true
	l.val, l.err = l.compute()
	l.err = locate(l.err, l.at)
	l.compute, l.running, m.at = nil, false, before
	m.leave()
	return l.val, l.err
}

func isSeq(v Value) bool {
	switch v.(type) {
	case List, *cell, *lazySeq:
		return true
	}
	return false
}

// seq views a collection as a sequence; nil where it is empty.
func (m *machine) seq(v Value) (*cell, error) {
	for {
		switch x := v.(type) {
		case nil:
			return nil, nil
		case *cell:
			return x, nil
		case *lazySeq:
			next, err := m.force(x)
			if err != nil {
				return nil, err
			}
			v = next
		case List:
			return newCell(x), nil
		case Vector:
			s := newCell(x)
			if s != nil {
				s.isChunked = true
			}
			return s, nil
		case *Map:
			return m.entries(x)
		case *Set:
			return newCell(x.Items()), nil
		case string:
			return m.charSeq(x)
		default:
			return nil, fail("%s is no collection", typeName(v))
		}
	}
}

func (m *machine) entries(x *Map) (*cell, error) {
	if err := m.spendItems(x.Len()); err != nil {
		return nil, err
	}
	var items []Value
	for k, v := range x.All() {
		items = append(items, Vector{k, v})
	}
	return newCell(items), nil
}

func (m *machine) charSeq(s string) (*cell, error) {
	chars, err := m.chars(s)
	if err != nil {
		return nil, err
	}
	if err := m.spendItems(len(chars)); err != nil {
		return nil, err
	}
	items := make([]Value, len(chars))
	for i, c := range chars {
		items[i] = Char(c)
	}
	return newCell(items), nil
}

// chars are the characters of a string. Java counts two for those beyond
// U+FFFF, so that code could take them apart.
func (m *machine) chars(s string) ([]rune, error) {
	if err := m.spendText(len(s)); err != nil {
		return nil, err
	}
	chars := []rune(s)
	for _, c := range chars {
		if c > 0xFFFF {
			return nil, unsupported("taking a string with %q apart is not supported", c)
		}
	}
	return chars, nil
}

// each calls f for the items of a collection until it says that it needs no
// more.
func (m *machine) each(coll Value, f func(Value) (more bool, err error)) error {
	s, err := m.seq(coll)
	for s != nil && err == nil {
		for _, item := range s.items {
			if err := m.spend(1); err != nil {
				return err
			}
			if more, err := f(item); err != nil || !more {
				return err
			}
		}
		s, err = m.seq(s.rest)
	}
	return err
}

// items are all items of a collection; the result must not be changed.
func (m *machine) items(coll Value) ([]Value, error) {
	switch x := coll.(type) {
	case Vector:
		return x, m.spend(1)
	case List:
		return x, m.spend(1)
	}
	var items []Value
	s, err := m.seq(coll)
	for s != nil && err == nil {
		if err := m.spend(len(s.items)); err != nil {
			return nil, err
		}
		if len(items)+len(s.items) > maxItems {
			return nil, m.spendItems(maxItems + 1)
		}
		items = append(items, s.items...)
		s, err = m.seq(s.rest)
	}
	return items, err
}

// transform is the lazy sequence that step makes of a collection, item by
// item: it appends to out, and says whether that was the last.
func (m *machine) transform(coll Value, chunks bool, step func(item Value, out []Value) ([]Value, bool, error)) *lazySeq {
	return m.lazy(func() (Value, error) {
		for rest := coll; ; {
			s, err := m.seq(rest)
			if s == nil || err != nil {
				return nil, err
			}
			var out []Value
			stop := false
			items := s.chunk(chunks)
			for i := 0; i < len(items) && !stop; i++ {
				if err := m.spend(1); err != nil {
					return nil, err
				}
				if out, stop, err = step(items[i], out); err != nil {
					return nil, err
				}
			}
			rest = s.skip(len(items))
			if stop {
				return newCell(out).value(), nil
			}
			if len(out) > 0 {
				return &cell{out, s.isChunked && chunks, m.transform(rest, chunks, step)}, nil
			}
		}
	})
}

// generate is the lazy sequence of what next gives, until it gives no more.
func (m *machine) generate(next func() (v Value, more bool, err error)) *lazySeq {
	return m.lazy(func() (Value, error) {
		v, more, err := next()
		if err != nil || !more {
			return nil, err
		}
		return &cell{items: []Value{v}, rest: m.generate(next)}, nil
	})
}

// concat is the sequence of the items of the collections in a sequence.
func (m *machine) concat(colls Value) *lazySeq {
	return m.lazy(func() (Value, error) {
		for rest := colls; ; {
			outer, err := m.seq(rest)
			if outer == nil || err != nil {
				return nil, err
			}
			s, err := m.seq(outer.first())
			if err != nil {
				return nil, err
			}
			if err := m.spend(1); err != nil {
				return nil, err
			}
			if s != nil {
				return &cell{s.items, s.isChunked, m.followed(s.rest, outer.next())}, nil
			}
			rest = outer.next()
		}
	})
}

// followed is a sequence, and behind it those of others.
func (m *machine) followed(rest, others Value) Value {
	if rest == nil {
		return m.concat(others)
	}
	return m.concat(&cell{items: []Value{rest}, rest: others})
}

// cursor goes through a sequence.
type cursor struct {
	m    *machine
	rest Value
}

// take gives the next item.
func (c *cursor) take() (v Value, ok bool, err error) {
	s, err := c.m.seq(c.rest)
	if s == nil || err != nil {
		return nil, false, err
	}
	c.rest = s.next()
	return s.first(), true, c.m.spend(1)
}

// takeN gives up to n items.
func (c *cursor) takeN(n int64) ([]Value, error) {
	var items []Value
	for int64(len(items)) < n {
		v, ok, err := c.take()
		if err != nil || !ok {
			return items, err
		}
		items = append(items, v)
		if err := c.m.checkSize(len(items)); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (m *machine) checkSize(n int) error {
	if n > maxItems {
		return m.spendItems(n)
	}
	return nil
}

// realise makes lists of all sequences in a value.
func (m *machine) realise(v Value) (Value, error) { return m.realiseAt(v, 0) }

func (m *machine) realiseAt(v Value, depth int) (Value, error) {
	if depth > maxNesting {
		return nil, unsupported("more than %d values are nested", maxNesting)
	}
	switch x := v.(type) {
	case Vector:
		items, err := m.realiseAll(x, depth)
		return Vector(items), err
	case List, *cell, *lazySeq:
		items, err := m.items(x)
		if err != nil {
			return nil, err
		}
		items, err = m.realiseAll(items, depth)
		return List(items), err
	case *Map:
		if x == nil {
			return x, nil
		}
		if _, err := m.realiseAll(x.keys, depth); err != nil { // they are; this counts them
			return nil, err
		}
		vals, err := m.realiseAll(x.vals, depth)
		if err != nil || sameItems(vals, x.vals) {
			return x, err
		}
		made := *x
		made.vals = vals
		return &made, nil
	case *Set:
		_, err := m.realiseAll(x.Items(), depth) // they are; this counts them
		return x, err
	}
	return v, nil
}

// realiseAll copies the items only where it has to.
func (m *machine) realiseAll(items []Value, depth int) ([]Value, error) {
	if err := m.spend(len(items)); err != nil {
		return nil, err
	}
	made := items
	for i, item := range items {
		if !isComposite(item) {
			continue
		}
		v, err := m.realiseAt(item, depth+1)
		if err != nil {
			return nil, err
		}
		if sameItems(made, items) {
			made = append([]Value(nil), items...)
		}
		made[i] = v
	}
	if made == nil {
		made = []Value{}
	}
	return made, nil
}

func isComposite(v Value) bool {
	switch v.(type) {
	case Vector, List, *cell, *lazySeq, *Map, *Set:
		return true
	}
	return false
}

func sameItems(a, b []Value) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
