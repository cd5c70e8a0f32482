package builtin

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
)

// Infer proposes the arguments with which a built-in module could expand to a
// polytope/container call with the given arguments. ok is false where the
// module is not made for the container's image, where it would lose data (a
// database without a volume), and where what it would need does not fit its
// params.
//
// A proposal is no proof: Expand says what it gives, which may be something
// else. Arguments equal to their defaults are left out, but for the image. The
// proposal begins with the image and the ids; the rest is in the order of the
// container's arguments. Its nodes are the container's own where they say the
// same.
func Infer(ref string, container *ir.Map) (args *ir.Map, ok bool) {
	d, known := embedded().byRef[ref]
	if !known || d.module.Call == nil || !d.isFor(container.Get("image")) {
		return nil, false
	}
	p := &proposal{ref: ref, container: container, args: &ir.Map{}}
	for _, e := range container.Entries {
		p.unify(d.module.Call.Args.Get(e.Key), e.Value, e.Key)
	}
	if !p.fits(d) {
		return nil, false
	}
	p.dropDefaults(d.module.Params)
	p.order()
	return p.args, true
}

// proposal collects the arguments that Infer finds.
type proposal struct {
	ref       string
	container *ir.Map
	args      *ir.Map
}

// bind proposes an argument; of two proposals the first stands.
func (p *proposal) bind(param string, x ir.Expr) {
	if !ir.IsNull(x) && p.args.Get(param) == nil {
		p.args.Set(param, x)
	}
}

// unify proposes arguments with which the part of the definition at path
// becomes x. Where the two do not match it proposes nothing: that shows when
// the proposal is expanded.
func (p *proposal) unify(definition, x ir.Expr, path string) {
	switch d := definition.(type) {
	case *ir.Ref:
		p.bind(d.Name, x)
	case *ir.Interp:
		p.unifyText(d, x)
	case *ir.Code:
		if c := codes[codeKey{p.ref, path}]; c.infer != nil {
			c.infer(p.container, x, p)
		}
	case *ir.List:
		l, ok := x.(*ir.List)
		for i := 0; ok && i < min(len(d.Items), len(l.Items)); i++ {
			p.unify(d.Items[i], l.Items[i], joinPath(path, strconv.Itoa(i)))
		}
	case *ir.Map:
		m, ok := x.(*ir.Map)
		for i := 0; ok && i < len(m.Entries); i++ {
			e := m.Entries[i]
			p.unify(d.Get(e.Key), e.Value, joinPath(path, e.Key))
		}
	}
}

// unifyText finds the one param of a text that begins with literal text, the
// only form of interpolation among the definitions.
func (p *proposal) unifyText(d *ir.Interp, x ir.Expr) {
	if len(d.Parts) != 2 {
		return
	}
	prefix, isText := d.Parts[0].(*ir.String)
	param, isRef := d.Parts[1].(*ir.Ref)
	if !isText || !isRef {
		return
	}
	if rest, ok := trimPrefix(x, prefix.Value); ok {
		p.bind(param.Name, rest)
	}
}

// trimPrefix takes literal text off the beginning of a text.
func trimPrefix(x ir.Expr, prefix string) (ir.Expr, bool) {
	switch x := x.(type) {
	case *ir.String:
		rest, ok := strings.CutPrefix(x.Value, prefix)
		return &ir.String{Meta: ir.At(x.Rng), Value: rest}, ok
	case *ir.Interp:
		if len(x.Parts) == 0 {
			return nil, false
		}
		first, ok := trimPrefix(x.Parts[0], prefix)
		if !ok {
			return nil, false
		}
		return joinText(append([]ir.Expr{first}, x.Parts[1:]...)...)
	}
	return nil, false
}

// fits tells whether the proposal is a valid call, with what the module needs.
func (p *proposal) fits(d *definition) bool {
	for _, id := range d.needs {
		if p.args.Get(id) == nil {
			return false
		}
	}
	for _, declared := range d.module.Params {
		x := p.args.Get(declared.ID)
		if x == nil && !ir.IsOptional(declared.Type) || x != nil && !fits(declared.Type, x) {
			return false
		}
	}
	return true
}

func (p *proposal) dropDefaults(declared []*ir.Param) {
	for _, d := range declared {
		x, def := p.args.Get(d.ID), defaultOf(d.Type)
		if d.ID != "image" && x != nil && def != nil && ir.Equal(withoutNulls(x), withoutNulls(def)) {
			p.args.Delete(d.ID)
		}
	}
}

// withoutNulls leaves out the keys of maps that are null: the same as absent.
func withoutNulls(x ir.Expr) ir.Expr {
	return ir.MapExpr(x, func(x ir.Expr) ir.Expr {
		if m, ok := x.(*ir.Map); ok {
			m.Entries = slices.DeleteFunc(m.Entries, func(e ir.Entry) bool { return ir.IsNull(e.Value) })
		}
		return x
	})
}

// order puts what the container is called first.
func (p *proposal) order() {
	rank := func(e ir.Entry) int {
		switch {
		case e.Key == "image":
			return 0
		case e.Key == "id" || strings.HasSuffix(e.Key, "-id"):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(p.args.Entries, func(a, b ir.Entry) int { return cmp.Compare(rank(a), rank(b)) })
}

// infer proposes the params whose mounts are in a list of mounts.
func (plan mountPlan) infer(container *ir.Map, x ir.Expr, into *proposal) {
	mounts, _ := x.(*ir.List)
	if mounts == nil {
		return
	}
	each, rest := &ir.List{Meta: ir.At(mounts.Rng)}, &ir.List{Meta: ir.At(mounts.Rng)}
	for _, m := range mounts.Items {
		path, source := mountParts(m)
		switch param := plan.single(container, path); {
		case param != "" && into.args.Get(param) == nil:
			into.bind(param, source)
		case plan.each.param != "" && path == plan.each.path:
			each.Items = append(each.Items, source)
		default:
			rest.Items = append(rest.Items, m)
		}
	}
	if len(each.Items) > 0 {
		into.bind(plan.each.param, each)
	}
	if len(rest.Items) > 0 && plan.rest != "" {
		into.bind(plan.rest, rest)
	}
}

// single is the param whose source is mounted at a path, or "".
func (plan mountPlan) single(container *ir.Map, path string) string {
	for _, r := range plan.singles {
		if r.path == path && (r.when == nil || r.when(container)) {
			return r.param
		}
	}
	return ""
}

// mountParts are the path and the source of a mount; the path is "" where it
// is not literal.
func mountParts(x ir.Expr) (path string, source ir.Expr) {
	m, _ := x.(*ir.Map)
	source = m.Get("source")
	if s, ok := m.Get("path").(*ir.String); ok && source != nil {
		path = s.Value
	}
	return path, source
}

// infer proposes the command behind the installation, or the command as it is.
func (i installer) infer(_ *ir.Map, x ir.Expr, into *proposal) {
	line, ok := i.rest(x)
	switch {
	case !ok:
		into.bind("cmd", x)
	case line != i.shell:
		into.bind("cmd", &ir.String{Meta: ir.At(x.GetMeta().Rng), Value: line})
	}
}

// consolePattern matches the configuration files that consoleConfig makes for
// one broker; those of several cannot be told apart.
var consolePattern = regexp.MustCompile(`^kafka:
  brokers: \["([^":]*):([0-9]+)"\]
server:
  listenPort: ([0-9]+)
(?:  schemaRegistry:
    enabled: true
    urls: \["([^"]*)"\]
)?(?:redpanda:
  adminApi:
    enabled: true
    urls: \["([^"]*)"\]
)?logger:
  level: ([a-z]+)
$`)

func inferConsoleConfig(_ *ir.Map, x ir.Expr, into *proposal) {
	s, ok := x.(*ir.String)
	if !ok {
		return
	}
	m := consolePattern.FindStringSubmatch(s.Value)
	if m == nil {
		return
	}
	at := ir.At(s.Rng)
	text := func(s string) ir.Expr { return &ir.String{Meta: at, Value: s} }
	if port, err := strconv.ParseInt(m[2], 10, 64); err == nil {
		broker := ir.NewMap("host", text(m[1]), "port", &ir.Int{Meta: at, Value: port})
		into.bind("brokers", &ir.List{Meta: at, Items: []ir.Expr{broker}})
	}
	if port, err := strconv.ParseInt(m[3], 10, 64); err == nil {
		into.bind("port", &ir.Int{Meta: at, Value: port})
	}
	if m[4] != "" {
		into.bind("schema-registry-url", text(m[4]))
	}
	if m[5] != "" {
		into.bind("admin-url", text(m[5]))
	}
	into.bind("log-level", text(m[6]))
}
