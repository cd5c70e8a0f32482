package resolve

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve/clojure"
	"hull/ir/resolve/javascript"
)

// codeWork is what starting an evaluator counts as: a file of nothing but
// small pieces of code ends as well.
const codeWork = 500

// languages evaluate code with params, which are plain data, to plain data.
var languages = map[ir.Lang]func(context.Context, string, *ir.Map) (ir.Expr, *failure){
	ir.JS:      evalJS,
	ir.Clojure: evalClojure,
}

func evalJS(ctx context.Context, source string, params *ir.Map) (ir.Expr, *failure) {
	x, err := javascript.Eval(ctx, source, params)
	if err != nil {
		return nil, &failure{severity: diag.Error, message: err.Error()}
	}
	return x, nil
}

// evalClojure sees params as they are written: their keys, at every depth, are
// keywords.
func evalClojure(ctx context.Context, source string, params *ir.Map) (ir.Expr, *failure) {
	if params == nil {
		params = &ir.Map{}
	}
	bound, _ := toClojure(params).(*clojure.Map)
	v, err := clojure.Eval(ctx, source, bound)
	if err != nil {
		return nil, clojureFailure(err)
	}
	c := &clojureResult{}
	x, err := c.data(v, 0)
	if err != nil {
		return nil, &failure{severity: diag.Error, message: err.Error()}
	}
	return x, nil
}

// clojureFailure grades an error: what Polytope would evaluate, and hull does
// not, is no error of the file.
func clojureFailure(err error) *failure {
	f := &failure{severity: diag.Error, message: err.Error()}
	var e *clojure.Error
	if errors.As(err, &e) {
		f.message = e.Message
		if e.Unsupported || e.Effect {
			f.severity = diag.Warning
		}
	}
	return f
}

func toClojure(x ir.Expr) clojure.Value {
	switch x := x.(type) {
	case *ir.Bool:
		return x.Value
	case *ir.Int:
		return x.Value
	case *ir.Float:
		return x.Value
	case *ir.String:
		return x.Value
	case *ir.List:
		v := make(clojure.Vector, len(x.Items))
		for i, item := range x.Items {
			v[i] = toClojure(item)
		}
		return v
	case *ir.Map:
		m := &clojure.Map{}
		for _, e := range x.Entries {
			m.Set(clojure.Keyword(e.Key), toClojure(e.Value))
		}
		return m
	}
	return nil
}

// The limits of a result.
const (
	maxResultDepth  = 64
	maxResultLeaves = 100_000
)

// clojureResult makes plain data of a value.
type clojureResult struct{ leaves int }

func (c *clojureResult) data(v clojure.Value, depth int) (ir.Expr, error) {
	if c.leaves++; c.leaves > maxResultLeaves || depth > maxResultDepth {
		return nil, errors.New("its result is too large")
	}
	switch v := v.(type) {
	case nil:
		return &ir.Null{}, nil
	case bool:
		return &ir.Bool{Value: v}, nil
	case int64:
		return ir.Num(v), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errors.New("its result is no finite number")
		}
		return &ir.Float{Value: v}, nil
	case clojure.Ratio:
		return &ir.Float{Value: float64(v.Num) / float64(v.Den)}, nil
	case *clojure.Map:
		return c.record(v, depth)
	case clojure.Vector:
		return c.list(v, depth)
	case clojure.List:
		return c.list(v, depth)
	case *clojure.Set:
		return c.list(v.Items(), depth)
	}
	if s, ok := name(v); ok {
		return ir.Str(s), nil
	}
	return nil, errors.New("its result is no plain data")
}

// name is the text of what is text, or becomes it as data: a keyword is its
// name, as in the EDN files of Polytope (notes.md).
func name(v clojure.Value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case clojure.Keyword:
		return string(v), true
	case clojure.Symbol:
		return string(v), true
	case clojure.Char:
		return string(v), true
	}
	return "", false
}

func (c *clojureResult) list(items []clojure.Value, depth int) (ir.Expr, error) {
	l := &ir.List{}
	for _, item := range items {
		x, err := c.data(item, depth+1)
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, x)
	}
	return l, nil
}

func (c *clojureResult) record(m *clojure.Map, depth int) (ir.Expr, error) {
	out := &ir.Map{}
	var keys []string
	for k, v := range m.All() {
		key, err := keyText(k)
		if err != nil {
			return nil, err
		}
		x, err := c.data(v, depth+1)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
		out.Entries = append(out.Entries, ir.Entry{Key: key, Value: x})
	}
	slices.Sort(keys)
	if len(slices.Compact(keys)) < len(out.Entries) {
		return nil, errors.New("its result has a map with two keys of one name")
	}
	return out, nil
}

func keyText(k clojure.Value) (string, error) {
	if s, ok := name(k); ok {
		return s, nil
	}
	switch k := k.(type) {
	case int64:
		return strconv.FormatInt(k, 10), nil
	case bool:
		return strconv.FormatBool(k), nil
	}
	return "", errors.New("its result has a map with a key that is no text")
}
