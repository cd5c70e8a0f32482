package clojure

// asSet takes nil for an empty set, as the functions of clojure.set do.
func asSet(v Value) (*Set, error) {
	switch x := v.(type) {
	case nil:
		return &Set{}, nil
	case *Set:
		return x, nil
	}
	return nil, unsupported("%s is no set: what Clojure makes of it is not defined", typeName(v))
}

// combine folds an operation on two sets.
func combine(keep func(made *Set, a, b *Set)) native {
	return func(m *machine, args []Value) (Value, error) {
		if len(args) == 0 {
			return &Set{}, nil
		}
		if len(args) == 1 || args[0] == nil && len(args) == 2 && args[1] == nil {
			return args[0], nil
		}
		total, err := asSet(args[0])
		if err != nil {
			return nil, err
		}
		for _, arg := range args[1:] {
			b, err := asSet(arg)
			if err != nil {
				return nil, err
			}
			if err := m.spendItems(total.Len() + b.Len()); err != nil {
				return nil, err
			}
			made := &Set{}
			keep(made, total, b)
			total = made
		}
		return total, nil
	}
}

func union(made, a, b *Set) {
	for _, items := range [][]Value{a.Items(), b.Items()} {
		for _, item := range items {
			made.add(item)
		}
	}
}

// selected keeps the items of the first set that are in the second, or are
// not.
func selected(want bool) func(made, a, b *Set) {
	return func(made, a, b *Set) {
		for _, item := range a.Items() {
			if b.Has(item) == want {
				made.add(item)
			}
		}
	}
}

// subset tells whether all items of one set are in the other.
func subset(inner, outer int) native {
	return func(_ *machine, args []Value) (Value, error) {
		a, err := asSet(args[inner])
		if err != nil {
			return nil, err
		}
		b, err := asSet(args[outer])
		for _, item := range a.Items() {
			if err != nil || !b.Has(item) {
				return false, err
			}
		}
		return true, err
	}
}

var setFuncs = funcs{
	"clojure.set/union":        {0, -1, combine(union)},
	"clojure.set/intersection": {1, -1, combine(selected(true))},
	"clojure.set/difference":   {1, -1, combine(selected(false))},
	"clojure.set/subset?":      {2, 2, subset(0, 1)},
	"clojure.set/superset?":    {2, 2, subset(1, 0)},
}
