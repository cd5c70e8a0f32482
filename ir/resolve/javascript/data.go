package javascript

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"

	"github.com/dop251/goja"

	"hull/ir"
)

// paramsObject is what code sees as params. Only the ids of the params become
// camel case, not the keys inside of them: those are data.
func paramsObject(vm *goja.Runtime, params *ir.Map) *goja.Object {
	o := vm.NewObject()
	if params == nil {
		return o
	}
	for _, e := range params.Entries {
		define(o, ir.CamelCase(e.Key), toValue(vm, e.Value))
	}
	return o
}

// define sets a property of any name, "__proto__" included. It fails for
// frozen objects only.
func define(o *goja.Object, key string, v goja.Value) {
	_ = o.DefineDataProperty(key, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// toValue is plain data as code sees it.
func toValue(vm *goja.Runtime, x ir.Expr) goja.Value {
	switch x := x.(type) {
	case *ir.Bool:
		return vm.ToValue(x.Value)
	case *ir.Int:
		return vm.ToValue(x.Value)
	case *ir.Float:
		return vm.ToValue(x.Value)
	case *ir.String:
		return vm.ToValue(x.Value)
	case *ir.List:
		items := make([]any, len(x.Items))
		for i, item := range x.Items {
			items[i] = toValue(vm, item)
		}
		return vm.NewArray(items...)
	case *ir.Map:
		o := vm.NewObject()
		for _, e := range x.Entries {
			define(o, e.Key, toValue(vm, e.Value))
		}
		return o
	}
	return goja.Null()
}

// The limits of a result.
const (
	maxDepth  = 64
	maxLeaves = 100_000
	maxBytes  = 1 << 20 // of all texts together
)

// taker takes a result out of the runtime.
type taker struct {
	vm     *goja.Runtime
	leaves int
	bytes  int
}

func takeOut(vm *goja.Runtime, v goja.Value) (ir.Expr, error) {
	var x ir.Expr
	var err error
	t := &taker{vm: vm}
	if thrown := vm.Try(func() { x, err = t.take(v, 0) }); thrown != nil {
		return nil, describe(thrown)
	}
	return x, err
}

func (t *taker) take(v goja.Value, depth int) (ir.Expr, error) {
	if t.leaves++; t.leaves > maxLeaves || depth > maxDepth {
		return nil, errors.New("its result is too large")
	}
	if o, ok := v.(*goja.Object); ok {
		return t.object(o, depth)
	}
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return &ir.Null{}, nil
	}
	if _, isSymbol := v.(*goja.Symbol); isSymbol {
		return nil, errors.New("its result is a Symbol, which is no plain data")
	}
	switch x := v.Export().(type) {
	case bool:
		return &ir.Bool{Value: x}, nil
	case int64:
		return ir.Num(x), nil
	case float64:
		return number(x)
	case string:
		return t.text(x)
	case *big.Int:
		if x.IsInt64() {
			return ir.Num(x.Int64()), nil
		}
	}
	return nil, errors.New("its result is no plain data")
}

// number is an integer where it is one: JavaScript has one type for both.
func number(f float64) (ir.Expr, error) {
	const exact = 1 << 53 // beyond, not every integer is a float64
	switch {
	case math.IsNaN(f):
		return nil, errors.New("its result is NaN, which is no number")
	case math.IsInf(f, 0):
		return nil, errors.New("its result is infinite")
	case f == math.Trunc(f) && math.Abs(f) <= exact:
		return ir.Num(int64(f)), nil
	}
	return &ir.Float{Value: f}, nil
}

func (t *taker) text(s string) (ir.Expr, error) {
	if t.bytes += len(s); t.bytes > maxBytes {
		return nil, errors.New("its result is too large")
	}
	return ir.Str(s), nil
}

func (t *taker) object(o *goja.Object, depth int) (ir.Expr, error) {
	class := o.ClassName()
	if o.ExportType() != reflect.TypeFor[map[string]any]() && class == "Object" {
		class = "Map, Set or Promise" // which have the class of a plain object
	}
	switch class {
	case "Array":
		return t.array(o, depth)
	case "Object":
		return t.record(o, depth)
	}
	return nil, fmt.Errorf("its result is a %s, which is no plain data", class)
}

func (t *taker) array(o *goja.Object, depth int) (ir.Expr, error) {
	n := o.Get("length").ToInteger()
	if n > maxLeaves {
		return nil, errors.New("its result is too large")
	}
	l := &ir.List{}
	for i := range n {
		x, err := t.take(o.Get(fmt.Sprint(i)), depth+1)
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, x)
	}
	return l, nil
}

func (t *taker) record(o *goja.Object, depth int) (ir.Expr, error) {
	m := &ir.Map{}
	for _, key := range o.Keys() {
		if t.bytes += len(key); t.bytes > maxBytes {
			return nil, errors.New("its result is too large")
		}
		v := o.Get(key)
		if goja.IsUndefined(v) {
			continue // as JSON has it: a key without a value is not there
		}
		x, err := t.take(v, depth+1)
		if err != nil {
			return nil, err
		}
		m.Entries = append(m.Entries, ir.Entry{Key: key, Value: x})
	}
	return m, nil
}
