package clojure

import "slices"

// get looks a key up. What has no keys has no values.
func (m *machine) get(coll, key Value) (v Value, ok bool, err error) {
	switch x := coll.(type) {
	case *Map:
		if key, err = m.key(key); err != nil {
			return nil, false, err
		}
		if x.Len() > 0 && x.sorted {
			if _, err := m.compare(key, x.keys[0]); err != nil {
				return nil, false, err
			}
		}
		v, ok = x.Get(key)
	case *Set:
		if key, err = m.key(key); err != nil {
			return nil, false, err
		}
		if ok = x.Has(key); ok {
			v, _ = x.items.Get(key)
		}
	case Vector:
		if i, isIndex := key.(int64); isIndex && i >= 0 && i < int64(len(x)) {
			return x[i], true, nil
		}
	case string:
		chars, err := m.chars(x)
		if i, isIndex := key.(int64); err == nil && isIndex && i >= 0 && i < int64(len(chars)) {
			return Char(chars[i]), true, nil
		}
		return nil, false, err
	}
	return v, ok, nil
}

// getOr is get with a default, which is nil where none is given.
func (m *machine) getOr(coll, key Value, otherwise []Value) (Value, error) {
	v, ok, err := m.get(coll, key)
	if !ok && err == nil && len(otherwise) > 0 {
		return otherwise[0], nil
	}
	return v, err
}

// nth is the item at an index; there has to be one, but for nil.
func (m *machine) nth(coll Value, i int64) (Value, error) {
	v, ok, err := m.at0(coll, i)
	if err == nil && !ok && coll != nil {
		return nil, fail("there is no item at index %d", i)
	}
	return v, err
}

func (m *machine) nthOr(coll Value, i int64, otherwise Value) (Value, error) {
	v, ok, err := m.at0(coll, i)
	if err == nil && !ok {
		return otherwise, nil
	}
	return v, err
}

// at0 is the item at an index from 0, if there is one.
func (m *machine) at0(coll Value, i int64) (v Value, ok bool, err error) {
	switch x := coll.(type) {
	case *Map, *Set:
		return nil, false, fail("%s has no order", typeName(coll))
	case Vector, string:
		return m.get(x, i)
	case List:
		if i >= 0 && i < int64(len(x)) {
			return x[i], true, nil
		}
		return nil, false, nil
	}
	if i < 0 {
		_, err := m.seq(coll)
		return nil, false, err
	}
	n := int64(0)
	err = m.each(coll, func(item Value) (bool, error) {
		if ok = n == i; ok {
			v = item
		}
		n++
		return !ok, nil
	})
	return v, ok, err
}

// index is a number as an index, which Java cuts to an integer.
func index(v Value) (int64, error) {
	if !isNumber(v) {
		return 0, fail("an index must be a number, not %s", shorten(v))
	}
	return toLong(v)
}

func nthFn(m *machine, args []Value) (Value, error) {
	i, err := index(args[1])
	if err != nil {
		return nil, err
	}
	if len(args) == 3 {
		return m.nthOr(args[0], i, args[2])
	}
	return m.nth(args[0], i)
}

func getFn(m *machine, args []Value) (Value, error) { return m.getOr(args[0], args[1], args[2:]) }

func getInFn(m *machine, args []Value) (Value, error) {
	at := args[0]
	found := true
	err := m.each(args[1], func(key Value) (bool, error) {
		var err error
		at, found, err = m.get(at, key)
		return found || len(args) < 3, err
	})
	if err == nil && !found && len(args) == 3 {
		return args[2], nil
	}
	return at, err
}

func containsFn(m *machine, args []Value) (Value, error) {
	switch x := args[0].(type) {
	case nil:
		return false, nil
	case *Map, *Set:
		_, ok, err := m.get(x, args[1])
		return ok, err
	case Vector:
		_, ok, err := m.get(x, args[1])
		return ok, err
	case string:
		i, err := index(args[1])
		if err != nil {
			return nil, err
		}
		_, ok, err := m.get(x, i)
		return ok, err
	}
	return nil, fail("%s has no keys", typeName(args[0]))
}

func findFn(m *machine, args []Value) (Value, error) {
	switch args[0].(type) {
	case nil:
		return nil, nil
	case *Map, Vector:
		v, ok, err := m.get(args[0], args[1])
		if !ok || err != nil {
			return nil, err
		}
		return Vector{args[1], v}, nil
	}
	return nil, fail("%s has no keys", typeName(args[0]))
}

// put sets a key of a map that is being made.
func (m *machine) put(made *Map, key, val Value) error {
	key, err := m.key(key)
	if err != nil {
		return err
	}
	if err := m.spend(1); err != nil {
		return err
	}
	if made.sorted {
		return m.putSorted(made, key, val)
	}
	if err := m.checkSize(made.Len() + 1); err != nil {
		return err
	}
	made.Set(key, val)
	return nil
}

// putSorted keeps the keys in order. Keys that compare as equal are one.
func (m *machine) putSorted(made *Map, key, val Value) error {
	if err := m.spendItems(made.Len() + 1); err != nil {
		return err
	}
	if _, err := m.compare(key, key); err != nil {
		return err
	}
	var failed error
	i, found := slices.BinarySearchFunc(made.keys, key, func(k, _ Value) int {
		d, err := m.compare(k, key)
		if err != nil {
			failed = err
		}
		return int(d)
	})
	switch {
	case failed != nil:
		return failed
	case found:
		made.vals[i] = val
	default:
		made.keys = slices.Insert(made.keys, i, key)
		made.vals = slices.Insert(made.vals, i, val)
		made.ids = slices.Insert(made.ids, i, identity(key))
		made.reindex()
	}
	return nil
}

// copyMap is a copy that may be changed.
func (m *machine) copyMap(x *Map) (*Map, error) {
	if err := m.spend(1 + x.Len()); err != nil {
		return nil, err
	}
	return x.clone(), nil
}

func (m *machine) mergeInto(made, from *Map) (*Map, error) {
	for k, v := range from.All() {
		if err := m.put(made, k, v); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (m *machine) assoc(coll, key, val Value) (Value, error) {
	switch x := coll.(type) {
	case nil:
		made := &Map{}
		return made, m.put(made, key, val)
	case *Map:
		made, err := m.copyMap(x)
		if err != nil {
			return nil, err
		}
		return made, m.put(made, key, val)
	case Vector:
		i, ok := key.(int64)
		if !ok || i < 0 || i > int64(len(x)) {
			return nil, fail("%s is no index of a vector of %d", shorten(key), len(x))
		}
		if err := m.spendItems(len(x) + 1); err != nil {
			return nil, err
		}
		made := append(Vector(nil), x...)
		if i == int64(len(x)) {
			return append(made, val), nil
		}
		made[i] = val
		return made, nil
	}
	return nil, fail("%s has no keys to set", typeName(coll))
}

func assocFn(m *machine, args []Value) (Value, error) {
	if len(args)%2 == 0 {
		return nil, fail("assoc needs a value for every key")
	}
	coll := args[0]
	for i := 1; i < len(args); i += 2 {
		var err error
		if coll, err = m.assoc(coll, args[i], args[i+1]); err != nil {
			return nil, err
		}
	}
	return coll, nil
}

func dissocFn(m *machine, args []Value) (Value, error) {
	x, ok := args[0].(*Map)
	if !ok {
		if args[0] == nil || len(args) == 1 {
			return args[0], nil
		}
		return nil, fail("%s has no keys to remove", typeName(args[0]))
	}
	made, err := m.copyMap(x)
	for _, key := range args[1:] {
		if err != nil {
			return nil, err
		}
		if key, err = m.key(key); err == nil {
			made.remove(key)
		}
		if err == nil {
			err = m.spend(made.Len())
		}
	}
	return made, err
}

func updateFn(m *machine, args []Value) (Value, error) {
	v, _, err := m.get(args[0], args[1])
	if err != nil {
		return nil, err
	}
	if v, err = m.apply(args[2], append([]Value{v}, args[3:]...)...); err != nil {
		return nil, err
	}
	return m.assoc(args[0], args[1], v)
}

// changeIn replaces the value at a path of keys. An empty path is the key nil,
// as in Clojure.
func (m *machine) changeIn(coll Value, path []Value, change func(Value) (Value, error)) (Value, error) {
	if err := m.enter(); err != nil {
		m.leave()
		return nil, err
	}
	defer m.leave()
	var key Value
	if len(path) > 0 {
		key = path[0]
	}
	v, _, err := m.get(coll, key)
	if err != nil {
		return nil, err
	}
	if len(path) > 1 {
		v, err = m.changeIn(v, path[1:], change)
	} else {
		v, err = change(v)
	}
	if err != nil {
		return nil, err
	}
	return m.assoc(coll, key, v)
}

func assocInFn(m *machine, args []Value) (Value, error) {
	path, err := m.items(args[1])
	if err != nil {
		return nil, err
	}
	return m.changeIn(args[0], path, func(Value) (Value, error) { return args[2], nil })
}

func updateInFn(m *machine, args []Value) (Value, error) {
	path, err := m.items(args[1])
	if err != nil {
		return nil, err
	}
	return m.changeIn(args[0], path, func(v Value) (Value, error) {
		return m.apply(args[2], append([]Value{v}, args[3:]...)...)
	})
}

func subvecFn(_ *machine, args []Value) (Value, error) {
	x, ok := args[0].(Vector)
	if !ok {
		return nil, fail("%s is no vector", typeName(args[0]))
	}
	from, err := index(args[1])
	if err != nil {
		return nil, err
	}
	to := int64(len(x))
	if len(args) > 2 {
		if to, err = index(args[2]); err != nil {
			return nil, err
		}
	}
	if from < 0 || to < from || to > int64(len(x)) {
		return nil, fail("%d to %d is no part of a vector of %d", from, to, len(x))
	}
	return x[from:to:to], nil
}

var accessFuncs = funcs{
	"get": {2, 3, getFn}, "get-in": {2, 3, getInFn}, "nth": {2, 3, nthFn}, "contains?": {2, 2, containsFn}, "find": {2, 2, findFn},
	"assoc": {3, -1, assocFn}, "assoc-in": {3, 3, assocInFn}, "dissoc": {1, -1, dissocFn},
	"update": {3, -1, updateFn}, "update-in": {3, -1, updateInFn}, "subvec": {2, 3, subvecFn},
}
