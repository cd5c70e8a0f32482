package check

import (
	"hull/ir"
	"hull/ir/builtin"
)

// maxChain is how many local modules a call is followed through.
const maxChain = 16

// end is the module that a call ends in, and its arguments: polytope/container
// where the built-in modules on the way can be expanded, else the module that
// cannot be followed further. Params that nothing is passed to stay references.
func (p *pass) end(c *ir.Call) (ref string, args *ir.Map) {
	ref, args = c.Module, c.Args
	for range maxChain {
		if m := p.local[ref]; m != nil {
			if m.Call == nil {
				return ref, args
			}
			ref, args = m.Call.Module, substitute(m.Call.Args, m.Params, args)
			continue
		}
		callee, calleeArgs, ok := builtin.Expand(ref, args)
		if !ok {
			return ref, args
		}
		ref, args = callee, calleeArgs
	}
	return "", nil
}

// bind gives each param its argument, or what it is without one. A required
// param without an argument has no entry.
func bind(params []*ir.Param, args *ir.Map) map[string]ir.Expr {
	bound := map[string]ir.Expr{}
	for _, p := range params {
		x := args.Get(p.ID)
		if ir.IsNull(x) {
			x = nil
		}
		d, hasDefault := p.Type.(*ir.DefaultType)
		switch {
		case x != nil:
			bound[p.ID] = x
		case hasDefault:
			bound[p.ID] = d.Value
		case ir.IsOptional(p.Type):
			bound[p.ID] = &ir.Null{}
		}
	}
	return bound
}

// substitute replaces params by what they are bound to.
func substitute(x *ir.Map, params []*ir.Param, args *ir.Map) *ir.Map {
	if x == nil {
		return nil
	}
	bound := bind(params, args)
	out, _ := ir.MapExpr(x, func(x ir.Expr) ir.Expr {
		switch x := x.(type) {
		case *ir.Ref:
			if to := bound[x.Name]; x.Kind == ir.ParamRef && to != nil {
				return to
			}
		case *ir.Code:
			if p := soleParam(x, params); p != nil && bound[p.ID] != nil {
				return bound[p.ID]
			}
		case *ir.Interp:
			return fold(x)
		}
		return x
	}).(*ir.Map)
	return out
}

// fold makes a string of an interpolation that has become one. What has more
// in it than references is not followed: it could grow with every module.
func fold(x *ir.Interp) ir.Expr {
	const longest = 1 << 12
	text, isText := "", true
	for _, p := range x.Parts {
		switch p := p.(type) {
		case *ir.String:
			text += p.Value
		case *ir.Ref:
			isText = false
		default:
			return unknown(x)
		}
		if len(text) > longest {
			return unknown(x)
		}
	}
	if !isText {
		return x
	}
	return &ir.String{Meta: x.Meta, Value: text}
}

// unknown stands for something that is not known.
func unknown(x ir.Expr) ir.Expr { return &ir.Code{Meta: *x.GetMeta(), Lang: ir.JS} }

// serves tells whether what a call ends in runs until it is stopped: a
// container with services, or one that is always restarted.
func (p *pass) serves(c *ir.Call) bool {
	ref, args := p.end(c)
	if _, isBuiltin := builtin.Lookup(ref); isBuiltin && ref != builtin.Container {
		// What cannot be expanded for one argument is as good without it.
		ref, args = p.end(&ir.Call{Module: ref, Args: literals(args)})
	}
	if ref != builtin.Container {
		return publicModules[ref].serves
	}
	services, _ := args.Get("services").(*ir.List)
	restart, _ := args.Get("restart").(*ir.Map)
	return services != nil && len(services.Items) > 0 || textOf(restart.Get("policy")) == "always"
}

// literals are the arguments that are data.
func literals(args *ir.Map) *ir.Map {
	if args == nil {
		return nil
	}
	out := &ir.Map{Meta: args.Meta}
	for _, e := range args.Entries {
		switch e.Value.(type) {
		case *ir.Ref, *ir.Code, *ir.Interp, *ir.Convert:
		default:
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}

// textOf is the text of a literal, or empty.
func textOf(x ir.Expr) string {
	if s, ok := x.(*ir.String); ok {
		return s.Value
	}
	return ""
}
