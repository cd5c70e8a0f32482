package builtin

import (
	"strconv"

	"hull/ir"
)

// Expand says what a call of a built-in module expands to, one level down: the
// module that it calls, and with which arguments. Absent arguments take the
// defaults of their declared types; a null is as good as absent. Optional
// params that are absent leave the arguments they would have filled absent.
//
// Arguments may hold references; they end up where the module puts them. ok is
// false where the module runs code of its own or is not known, where a
// required argument is missing, and where the module's code would have to look
// into a reference or into code to decide.
//
// The result shares the nodes of args, and may share some of the definition:
// callers must not change them in place.
func Expand(ref string, args *ir.Map) (callee string, calleeArgs *ir.Map, ok bool) {
	m, known := Lookup(ref)
	if !known || m.Call == nil {
		return "", nil, false
	}
	filled, ok := fill(m.Params, args)
	if !ok {
		return "", nil, false
	}
	x, ok := (&expansion{ref, filled}).expr(m.Call.Args, "")
	out, isMap := x.(*ir.Map)
	if !ok || !isMap {
		return "", nil, false
	}
	return m.Call.Module, out, true
}

// params are the arguments of a call after defaults were filled in. A param
// that is absent has no entry.
type params map[string]ir.Expr

// fill gives every param its argument or its default; ok is false where a
// required argument is missing.
func fill(declared []*ir.Param, args *ir.Map) (params, bool) {
	ps := params{}
	for _, p := range declared {
		x := args.Get(p.ID)
		if ir.IsNull(x) {
			x = defaultOf(p.Type)
		}
		switch {
		case x != nil:
			ps[p.ID] = x
		case !ir.IsOptional(p.Type):
			return nil, false
		}
	}
	return ps, true
}

// defaultOf is the value of an absent argument, or nil.
func defaultOf(t ir.Type) ir.Expr {
	if d, ok := t.(*ir.DefaultType); ok {
		return d.Value
	}
	return nil
}

// expansion replaces the params in the arguments of a definition.
type expansion struct {
	ref    string
	params params
}

// expr is the expansion of a part of the definition; nil where that is absent.
// path leads to the part: map keys and list indices, joined by dots.
func (e *expansion) expr(x ir.Expr, path string) (ir.Expr, bool) {
	switch x := x.(type) {
	case *ir.Ref:
		// A name that is not declared is nil in Polytope's code, too: the id of
		// polytope/postgres!simple.
		return e.params[x.Name], true
	case *ir.Interp:
		return e.interp(x)
	case *ir.Code:
		c, ok := codes[codeKey{e.ref, path}]
		if !ok {
			return nil, false
		}
		return c.eval(e.params)
	case *ir.List:
		return e.list(x, path)
	case *ir.Map:
		return e.record(x, path)
	}
	return x, true
}

func (e *expansion) interp(x *ir.Interp) (ir.Expr, bool) {
	var parts []ir.Expr
	for _, p := range x.Parts {
		if r, ok := p.(*ir.Ref); ok {
			p = e.params[r.Name]
		}
		parts = append(parts, p)
	}
	return joinText(parts...)
}

func (e *expansion) list(x *ir.List, path string) (ir.Expr, bool) {
	out := &ir.List{Meta: x.Meta}
	for i, item := range x.Items {
		y, ok := e.expr(item, joinPath(path, strconv.Itoa(i)))
		if !ok {
			return nil, false
		}
		if y == nil {
			y = &ir.Null{}
		}
		out.Items = append(out.Items, y)
	}
	return out, true
}

func (e *expansion) record(x *ir.Map, path string) (ir.Expr, bool) {
	out := &ir.Map{Meta: x.Meta}
	for _, entry := range x.Entries {
		y, ok := e.expr(entry.Value, joinPath(path, entry.Key))
		if !ok {
			return nil, false
		}
		if y != nil {
			out.Set(entry.Key, y)
		}
	}
	return out, true
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
