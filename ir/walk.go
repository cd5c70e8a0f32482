package ir

import "fmt"

// Walk visits a node and everything below it, in source order, parents first.
// Where visit returns false, the children of that node are left out. Types are
// not nodes; the default values inside them are visited.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	for _, c := range Children(n) {
		Walk(c, visit)
	}
}

// Children are the nodes directly below a node, in source order.
func Children(n Node) []Node {
	var cs []Node
	switch n := n.(type) {
	case *File:
		for _, t := range n.Templates {
			cs = append(cs, t)
		}
		for _, m := range n.Modules {
			cs = append(cs, m)
		}
		for _, b := range n.Bindings {
			cs = append(cs, b)
		}
	case *Template:
		cs = appendParams(cs, n.Params)
		for _, s := range n.Run {
			cs = append(cs, s)
		}
	case *Module:
		cs = appendParams(cs, n.Params)
		if n.Call != nil {
			cs = append(cs, n.Call)
		}
		if n.Code != nil {
			cs = append(cs, n.Code)
		}
	case *Step:
		cs = append(cs, &n.Call)
	case *Call:
		if n.Args != nil {
			cs = append(cs, n.Args)
		}
	case *Param:
		cs = appendTypeValues(cs, n.Type)
	case *List:
		for _, x := range n.Items {
			cs = append(cs, x)
		}
	case *Map:
		for _, e := range n.Entries {
			cs = append(cs, e.Value)
		}
	case *Interp:
		for _, x := range n.Parts {
			cs = append(cs, x)
		}
	case *Convert:
		cs = append(cs, n.X)
	case *Binding, *Null, *Bool, *Int, *Float, *String, *Ref, *Code:
	default:
		panic(fmt.Sprintf("ir.Children: unknown node %T", n))
	}
	return cs
}

func appendParams(cs []Node, ps []*Param) []Node {
	for _, p := range ps {
		cs = append(cs, p)
	}
	return cs
}

func appendTypeValues(cs []Node, t Type) []Node {
	switch t := t.(type) {
	case *DefaultType:
		return append(appendTypeValues(cs, t.Type), t.Value)
	case MaybeType:
		return appendTypeValues(cs, t.Type)
	case ListType:
		return appendTypeValues(cs, t.Elem)
	case MapType:
		return appendTypeValues(appendTypeValues(cs, t.Key), t.Value)
	case RecordType:
		for _, f := range t.Fields {
			cs = appendTypeValues(cs, f.Type)
		}
	case EitherType:
		for _, u := range t.Types {
			cs = appendTypeValues(cs, u)
		}
	}
	return cs
}

// MapExpr rebuilds an expression from below: f is called for every expression
// whose parts have been rebuilt, and its result takes the place. The original
// is left as it is.
func MapExpr(x Expr, f func(Expr) Expr) Expr {
	switch x := x.(type) {
	case *List:
		c := &List{Meta: x.Meta}
		for _, i := range x.Items {
			c.Items = append(c.Items, MapExpr(i, f))
		}
		return f(c)
	case *Map:
		c := &Map{Meta: x.Meta}
		for _, e := range x.Entries {
			e.Value = MapExpr(e.Value, f)
			c.Entries = append(c.Entries, e)
		}
		return f(c)
	case *Interp:
		c := &Interp{Meta: x.Meta}
		for _, p := range x.Parts {
			c.Parts = append(c.Parts, MapExpr(p, f))
		}
		return f(c)
	case *Convert:
		return f(&Convert{Meta: x.Meta, To: x.To, X: MapExpr(x.X, f)})
	}
	return f(x)
}

// Equal tells whether two expressions say the same, wherever they stand and
// whatever their comments. The order of a map's keys does not matter.
func Equal(a, b Expr) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case *Null:
		_, ok := b.(*Null)
		return ok
	case *Bool:
		b, ok := b.(*Bool)
		return ok && a.Value == b.Value
	case *Int:
		b, ok := b.(*Int)
		return ok && a.Value == b.Value
	case *Float:
		b, ok := b.(*Float)
		return ok && a.Value == b.Value
	case *String:
		b, ok := b.(*String)
		return ok && a.Value == b.Value
	case *Ref:
		b, ok := b.(*Ref)
		return ok && a.Kind == b.Kind && a.Name == b.Name
	case *Code:
		b, ok := b.(*Code)
		return ok && a.Lang == b.Lang && a.Source == b.Source
	case *Convert:
		b, ok := b.(*Convert)
		return ok && a.To == b.To && Equal(a.X, b.X)
	case *List:
		b, ok := b.(*List)
		return ok && equalAll(a.Items, b.Items)
	case *Interp:
		b, ok := b.(*Interp)
		return ok && equalAll(a.Parts, b.Parts)
	case *Map:
		b, ok := b.(*Map)
		return ok && equalMaps(a, b)
	}
	return false
}

func equalAll(as, bs []Expr) bool {
	if len(as) != len(bs) {
		return false
	}
	for i := range as {
		if !Equal(as[i], bs[i]) {
			return false
		}
	}
	return true
}

func equalMaps(a, b *Map) bool {
	if len(a.Entries) != len(b.Entries) {
		return false
	}
	for _, e := range a.Entries {
		v := b.Get(e.Key)
		if v == nil || !Equal(e.Value, v) {
			return false
		}
	}
	return true
}
