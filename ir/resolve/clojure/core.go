package clojure

import (
	"maps"
	"sync"
)

// funcs is a table of functions: the least and the most arguments that each
// takes (the most being negative where there is no limit), and what it does.
type funcs map[string]struct {
	min, max int
	fn       native
}

// natives are all functions by their full names.
var natives = sync.OnceValue(func() map[string]*Func {
	all := funcs{}
	for _, table := range []funcs{
		numberFuncs, predicateFuncs, functionFuncs, accessFuncs, mapFuncs, collectionFuncs, sequenceFuncs, sortFuncs,
		partitionFuncs, textFuncs, stringFuncs, regexFuncs, setFuncs,
	} {
		maps.Copy(all, table)
	}
	made := map[string]*Func{}
	for name, f := range all {
		made[name] = &Func{name: name, min: f.min, max: f.max, fn: f.fn}
	}
	return made
})

// statics are the methods of Java that code may call; they are no values.
var statics = map[string]*Func{
	"Integer/parseInt":     {"Integer/parseInt", 1, 2, parseJava(32)},
	"Long/parseLong":       {"Long/parseLong", 1, 2, parseJava(64)},
	"Double/parseDouble":   {"Double/parseDouble", 1, 1, parseJavaDouble},
	"Boolean/parseBoolean": {"Boolean/parseBoolean", 1, 1, parseJavaBoolean},
}

func is(holds func(v Value) bool) native {
	return func(_ *machine, args []Value) (Value, error) { return holds(args[0]), nil }
}

func isA[T any](v Value) bool {
	_, ok := v.(T)
	return ok
}

func isAny(preds ...func(Value) bool) func(Value) bool {
	return func(v Value) bool {
		for _, p := range preds {
			if p(v) {
				return true
			}
		}
		return false
	}
}

func isNone(pred func(Value) bool) func(Value) bool { return func(v Value) bool { return !pred(v) } }

func isNamed(qualified bool, pred func(Value) bool) func(Value) bool {
	return func(v Value) bool {
		ns, _ := splitName(nameOf(v))
		return pred(v) && (ns != "") == qualified
	}
}

// nameOf is a keyword or symbol with its namespace, or a string.
func nameOf(v Value) string {
	switch x := v.(type) {
	case Keyword:
		return string(x)
	case Symbol:
		return string(x)
	case string:
		return x
	}
	return ""
}

var (
	isMap, isVector, isSet = isA[*Map], isA[Vector], isA[*Set]
	isKeyword, isSymbol    = isA[Keyword], isA[Symbol]
	isColl                 = isAny(isSeq, isMap, isVector, isSet)
	isIdent                = isAny(isKeyword, isSymbol)
	isInt                  = isA[int64]
)

func isNil(v Value) bool { return v == nil }

func intWhere(holds func(n int64) bool) native {
	return is(func(v Value) bool {
		n, ok := v.(int64)
		return ok && holds(n)
	})
}

var predicateFuncs = funcs{
	"nil?": {1, 1, is(isNil)}, "some?": {1, 1, is(isSome)},
	"true?": {1, 1, is(func(v Value) bool { return v == true })}, "false?": {1, 1, is(func(v Value) bool { return v == false })},
	"any?":    {1, 1, is(func(Value) bool { return true })},
	"string?": {1, 1, is(isA[string])}, "keyword?": {1, 1, is(isKeyword)}, "symbol?": {1, 1, is(isSymbol)},
	"char?": {1, 1, is(isA[Char])}, "boolean?": {1, 1, is(isA[bool])}, "ident?": {1, 1, is(isIdent)},
	"simple-keyword?": {1, 1, is(isNamed(false, isKeyword))}, "qualified-keyword?": {1, 1, is(isNamed(true, isKeyword))},
	"simple-symbol?": {1, 1, is(isNamed(false, isSymbol))}, "qualified-symbol?": {1, 1, is(isNamed(true, isSymbol))},
	"number?": {1, 1, is(isNumber)}, "int?": {1, 1, is(isInt)}, "integer?": {1, 1, is(isInt)},
	"pos-int?": {1, 1, intWhere(func(n int64) bool { return n > 0 })}, "nat-int?": {1, 1, intWhere(func(n int64) bool { return n >= 0 })},
	"neg-int?": {1, 1, intWhere(func(n int64) bool { return n < 0 })},
	"float?":   {1, 1, is(isA[float64])}, "double?": {1, 1, is(isA[float64])}, "ratio?": {1, 1, is(isA[Ratio])},
	"rational?": {1, 1, is(isAny(isInt, isA[Ratio]))}, "decimal?": {1, 1, is(func(Value) bool { return false })},
	"map?": {1, 1, is(isMap)}, "vector?": {1, 1, is(isVector)}, "set?": {1, 1, is(isSet)}, "list?": {1, 1, is(isA[List])},
	"seq?": {1, 1, is(isSeq)}, "coll?": {1, 1, is(isColl)}, "sequential?": {1, 1, is(isAny(isSeq, isVector))},
	"associative?": {1, 1, is(isAny(isMap, isVector))}, "indexed?": {1, 1, is(isVector)},
	"seqable?": {1, 1, is(isAny(isColl, isNil, isA[string]))},
	"fn?":      {1, 1, is(isA[*Func])}, "ifn?": {1, 1, is(isAny(isA[*Func], isIdent, isMap, isVector, isSet))},
	"=":    {1, -1, equalFn},
	"not=": {1, -1, func(m *machine, args []Value) (Value, error) { return not(equalFn(m, args)) }},
	"not":  {1, 1, is(isNone(truthy))}, "boolean": {1, 1, is(truthy)},
	"identical?": {2, 2, func(*machine, []Value) (Value, error) {
		return nil, unsupported("identical? is not supported: what is one object is Java's affair")
	}},
	"compare": {2, 2, func(m *machine, args []Value) (Value, error) {
		n, err := m.compare(args[0], args[1])
		return n, err
	}},
}

func equalFn(m *machine, args []Value) (Value, error) {
	for i := 1; i < len(args); i++ {
		same, err := m.equal(args[i-1], args[i])
		if err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func not(v Value, err error) (Value, error) { return !truthy(v), err }

func function(name string, fn native) *Func { return &Func{name: name, max: -1, fn: fn} }

var functionFuncs = funcs{
	"identity":   {1, 1, identityFn},
	"constantly": {1, 1, constantlyFn}, "complement": {1, 1, complementFn}, "comp": {0, -1, compFn},
	"partial": {1, -1, partialFn}, "juxt": {1, -1, juxtFn}, "fnil": {2, 4, fnilFn}, "apply": {2, -1, applyFn},
	"every-pred": {1, -1, everyPredFn}, "some-fn": {1, -1, someFnFn},
	"ex-info": {2, 3, exInfoFn}, "ex-message": {1, 1, exMessageFn}, "ex-data": {1, 1, exDataFn}, "ex-cause": {1, 1, exCauseFn},
}

func identityFn(_ *machine, args []Value) (Value, error) { return args[0], nil }

func constantlyFn(_ *machine, args []Value) (Value, error) {
	return function("constantly", func(*machine, []Value) (Value, error) { return args[0], nil }), nil
}

func complementFn(_ *machine, args []Value) (Value, error) {
	return function("complement", func(m *machine, more []Value) (Value, error) { return not(m.apply(args[0], more...)) }), nil
}

func compFn(_ *machine, fs []Value) (Value, error) {
	if len(fs) == 0 {
		return &Func{"identity", 1, 1, identityFn}, nil
	}
	return function("comp", func(m *machine, args []Value) (Value, error) {
		v, err := m.apply(fs[len(fs)-1], args...)
		for i := len(fs) - 2; i >= 0 && err == nil; i-- {
			v, err = m.apply(fs[i], v)
		}
		return v, err
	}), nil
}

func partialFn(_ *machine, args []Value) (Value, error) {
	return function("partial", func(m *machine, more []Value) (Value, error) {
		return m.apply(args[0], append(args[1:len(args):len(args)], more...)...)
	}), nil
}

func juxtFn(_ *machine, fs []Value) (Value, error) {
	return function("juxt", func(m *machine, args []Value) (Value, error) {
		made := make(Vector, len(fs))
		for i, f := range fs {
			var err error
			if made[i], err = m.apply(f, args...); err != nil {
				return nil, err
			}
		}
		return made, nil
	}), nil
}

func fnilFn(_ *machine, args []Value) (Value, error) {
	defaults := args[1:]
	return &Func{name: "fnil", min: len(defaults), max: -1, fn: func(m *machine, more []Value) (Value, error) {
		filled := append([]Value(nil), more...)
		for i, d := range defaults {
			if filled[i] == nil {
				filled[i] = d
			}
		}
		return m.apply(args[0], filled...)
	}}, nil
}

func applyFn(m *machine, args []Value) (Value, error) {
	last := len(args) - 1
	rest, err := m.items(args[last])
	if err != nil {
		return nil, err
	}
	return m.apply(args[0], append(args[1:last:last], rest...)...)
}

func everyPredFn(_ *machine, preds []Value) (Value, error) {
	return function("every-pred", func(m *machine, args []Value) (Value, error) {
		for _, arg := range args {
			for _, p := range preds {
				if ok, err := m.test(p, arg); err != nil || !ok {
					return false, err
				}
			}
		}
		return true, nil
	}), nil
}

func someFnFn(_ *machine, preds []Value) (Value, error) {
	return function("some-fn", func(m *machine, args []Value) (Value, error) {
		var v Value
		var err error
		for _, arg := range args {
			for _, p := range preds {
				if v, err = m.apply(p, arg); err != nil || truthy(v) {
					return v, err
				}
			}
		}
		return v, nil
	}), nil
}

func exInfoFn(_ *machine, args []Value) (Value, error) {
	message, ok := args[0].(string)
	data, isMap := args[1].(*Map)
	if !ok || !isMap {
		return nil, fail("ex-info needs a message and a map")
	}
	ex := &exception{err: &Error{Message: message}, data: data}
	if len(args) > 2 {
		ex.cause = args[2]
	}
	return ex, nil
}

func exMessageFn(_ *machine, args []Value) (Value, error) {
	ex, ok := args[0].(*exception)
	if !ok {
		return nil, nil
	}
	if ex.data == nil {
		return nil, unsupported("the message of Java's exceptions is not supported")
	}
	return ex.err.Message, nil
}

func exDataFn(_ *machine, args []Value) (Value, error) {
	if ex, ok := args[0].(*exception); ok && ex.data != nil {
		return ex.data, nil
	}
	return nil, nil
}

func exCauseFn(_ *machine, args []Value) (Value, error) {
	if ex, ok := args[0].(*exception); ok {
		return ex.cause, nil
	}
	return nil, nil
}
