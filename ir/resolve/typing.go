package resolve

import (
	"strconv"

	"hull/ir"
	"hull/ir/diag"
)

// problem is a place where data is not of its type.
type problem struct {
	at            place
	message, help string
}

// typing holds data against a type, without reporting: of a union, each type is
// tried.
type typing struct {
	r        *run
	problems []problem
	wrong    []ir.Expr // what the problems are about
}

// conform is data as the type has it: defaults inside of it are filled in. What
// is not of the type is reported, and stays as it is.
func (r *run) conform(x ir.Expr, want ir.Type, at place) ir.Expr {
	t := &typing{r: r}
	out := t.check(x, want, at)
	for _, p := range t.problems {
		r.report(codeType, p.at, p.message, p.help)
	}
	for _, x := range t.wrong {
		r.wrong[x] = true
	}
	return out
}

func (t *typing) fail(about ir.Expr, at place, message, help string) {
	t.problems = append(t.problems, problem{at, at.prefix() + message, help})
	t.wrong = append(t.wrong, about)
}

// mismatch is the message of Polytope: Must be an integer (got "8079").
func (t *typing) mismatch(x ir.Expr, want ir.Type, at place) ir.Expr {
	t.fail(x, at, "Must be "+wanted(want)+" (got "+got(x)+")", "")
	return x
}

func (t *typing) check(x ir.Expr, want ir.Type, at place) ir.Expr {
	if !t.r.spend(cost(x), at) || t.r.wrong[x] {
		return x
	}
	if ir.IsNull(x) {
		if !ir.AcceptsNull(want) {
			t.mismatch(x, want, at)
		}
		return x
	}
	switch want := want.(type) {
	case ir.AliasType:
		return t.check(x, want.Type, at)
	case ir.MaybeType:
		return t.check(x, want.Type, at)
	case *ir.DefaultType:
		return t.check(x, want.Type, at)
	case ir.EitherType:
		return t.either(x, ir.Alternatives(want), at)
	case ir.Basic:
		return t.basic(x, want, at)
	case ir.EnumType:
		if !want.Has(x) {
			return t.mismatch(x, want, at)
		}
	case ir.RegexType:
		if !want.Fits(x) {
			return t.mismatch(x, want, at)
		}
	case ir.ListType:
		return t.list(x, want, at)
	case ir.RecordType:
		return t.record(x, want, at)
	case ir.MapType:
		return t.dictionary(x, want, at)
	}
	return x
}

func (t *typing) basic(x ir.Expr, want ir.Basic, at place) ir.Expr {
	if want.IsOpen() {
		t.r.afford(x, at)
		return x
	}
	if !want.Fits(x) {
		return t.mismatch(x, want, at)
	}
	return x
}

func (t *typing) list(x ir.Expr, want ir.ListType, at place) ir.Expr {
	l, ok := x.(*ir.List)
	if !ok {
		return t.mismatch(x, want, at)
	}
	out := &ir.List{Meta: l.Meta}
	for i, item := range l.Items {
		out.Items = append(out.Items, t.check(item, want.Elem, at.index(item, i)))
	}
	return out
}

func (t *typing) dictionary(x ir.Expr, want ir.MapType, at place) ir.Expr {
	m, ok := x.(*ir.Map)
	if !ok {
		return t.mismatch(x, want, at)
	}
	out := &ir.Map{Meta: m.Meta}
	for _, e := range m.Entries {
		t.check(&ir.String{Meta: ir.At(e.KeyRange), Value: e.Key}, want.Key, at.key(e.Value, e.Key).or(e.KeyRange))
		e.Value = t.check(e.Value, want.Value, at.key(e.Value, e.Key))
		out.Entries = append(out.Entries, e)
	}
	return out
}

func (t *typing) record(x ir.Expr, want ir.RecordType, at place) ir.Expr {
	m, ok := x.(*ir.Map)
	if !ok {
		return t.mismatch(x, want, at)
	}
	out := &ir.Map{Meta: m.Meta}
	for _, e := range m.Entries {
		if field := want.Field(e.Key); field != nil {
			e.Value = t.check(e.Value, field, at.key(e.Value, e.Key))
		} else {
			t.fail(out, at.or(e.KeyRange), "there is no key "+strconv.Quote(e.Key), diag.DidYouMean(e.Key, want.Absent(m), ""))
		}
		out.Entries = append(out.Entries, e)
	}
	for _, f := range want.Fields {
		if m.Get(f.Key) == nil {
			t.absent(out, f, at)
		}
	}
	return out
}

// absent fills in the default of a key that a map has not.
func (t *typing) absent(m *ir.Map, f ir.Field, at place) {
	if v, ok := t.r.defaultOf(f.Type, at); ok {
		m.Set(f.Key, v)
	} else if !ir.AcceptsNull(f.Type) {
		t.fail(m, at, "needs the key "+strconv.Quote(f.Key)+", "+wanted(f.Type), "")
	}
}

// defaultOf is what something of the type is when it is absent. Defaults see
// values and secrets, but no params.
func (r *run) defaultOf(t ir.Type, at place) (ir.Expr, bool) {
	if alias, ok := t.(ir.AliasType); ok {
		return r.defaultOf(alias.Type, at)
	}
	d, ok := t.(*ir.DefaultType)
	if !ok {
		return nil, false
	}
	v, ok := r.eval(d.Value, scope{owner: "a default"}, at)
	if !ok || ir.IsNull(v) {
		return nil, false
	}
	return r.conform(v, d.Type, at.of(v)), true
}

// either holds data against a union: the first type that fits, else the one
// that fits best says why.
func (t *typing) either(x ir.Expr, types []ir.Type, at place) ir.Expr {
	var best *typing
	var bestOut ir.Expr
	for _, u := range types {
		try := &typing{r: t.r}
		out := try.check(x, u, at)
		if len(try.problems) == 0 {
			return out
		}
		if hasShape(x, u) && (best == nil || len(try.problems) < len(best.problems)) {
			best, bestOut = try, out
		}
	}
	if m, ok := x.(*ir.Map); ok && t.wrongTag(m, types, at) {
		return x
	}
	if best == nil {
		return t.mismatch(x, ir.EitherType{Types: types}, at)
	}
	t.problems = append(t.problems, best.problems...)
	t.wrong = append(t.wrong, best.wrong...)
	return bestOut
}

// hasShape tells whether data is a list or map, as the type is.
func hasShape(x ir.Expr, t ir.Type) bool {
	switch x.(type) {
	case *ir.List:
		_, ok := t.(ir.ListType)
		return ok
	case *ir.Map:
		switch t.(type) {
		case ir.RecordType, ir.MapType:
			return true
		}
	}
	return false
}

// wrongTag reports a key that all records of a union have as an enum, and
// whose value none of them allows.
func (t *typing) wrongTag(m *ir.Map, types []ir.Type, at place) bool {
	for _, e := range m.Entries {
		allowed, isTag := ir.EnumType{}, len(types) > 0
		for _, u := range types {
			record, _ := u.(ir.RecordType)
			enum, ok := ir.Unwrap(record.Field(e.Key)).(ir.EnumType)
			isTag = isTag && ok
			allowed.Values = append(allowed.Values, enum.Values...)
		}
		if isTag && !allowed.Has(e.Value) {
			t.mismatch(e.Value, allowed.Distinct(), at.key(e.Value, e.Key))
			t.wrong = append(t.wrong, m)
			return true
		}
	}
	return false
}
