package clojure

import "slices"

// sortItems sorts stably by keys; compare is nil for the natural order.
func (m *machine) sortItems(coll Value, key func(Value) (Value, error), comparator Value) (Value, error) {
	items, err := m.items(coll)
	if err != nil || len(items) == 0 {
		return List{}, err
	}
	keyed := make([]Vector, len(items))
	for i, item := range items {
		k, err := key(item)
		if err != nil {
			return nil, err
		}
		keyed[i] = Vector{k, item}
	}
	if err := m.sortKeyed(keyed, comparator); err != nil {
		return nil, err
	}
	sorted := make([]Value, len(keyed))
	for i, k := range keyed {
		sorted[i] = k[1]
	}
	return newCell(sorted).value(), nil
}

func (m *machine) sortKeyed(keyed []Vector, comparator Value) error {
	var failed error
	slices.SortStableFunc(keyed, func(a, b Vector) int {
		if failed != nil {
			return 0
		}
		if failed = m.spend(1); failed != nil {
			return 0
		}
		var d int64
		if d, failed = m.order(comparator, a[0], b[0]); failed != nil {
			return 0
		}
		return int(max(min(d, 1), -1))
	})
	return failed
}

// order compares by a function that gives a number, or tells whether the first
// comes before the second.
func (m *machine) order(comparator, a, b Value) (int64, error) {
	if comparator == nil {
		return m.compare(a, b)
	}
	v, err := m.apply(comparator, a, b)
	if err != nil {
		return 0, err
	}
	if isBefore, ok := v.(bool); ok {
		if isBefore {
			return -1, nil
		}
		isAfter, err := m.test(comparator, b, a)
		if isAfter {
			return 1, err
		}
		return 0, err
	}
	n, err := toLong(v)
	if !isNumber(v) {
		err = fail("a comparison gave %s", typeName(v))
	}
	return n, err
}

func itself(v Value) (Value, error) { return v, nil }

func needFunction(v Value) error {
	if _, ok := v.(*Func); !ok {
		return fail("%s cannot compare", typeName(v))
	}
	return nil
}

func sortFn(m *machine, args []Value) (Value, error) {
	if len(args) == 1 {
		return m.sortItems(args[0], itself, nil)
	}
	if err := needFunction(args[0]); err != nil {
		return nil, err
	}
	return m.sortItems(args[1], itself, args[0])
}

func sortByFn(m *machine, args []Value) (Value, error) {
	key := func(v Value) (Value, error) { return m.apply(args[0], v) }
	if len(args) == 2 {
		return m.sortItems(args[1], key, nil)
	}
	if err := needFunction(args[1]); err != nil {
		return nil, err
	}
	return m.sortItems(args[2], key, args[1])
}

var sortFuncs = funcs{"sort": {1, 2, sortFn}, "sort-by": {2, 3, sortByFn}}
