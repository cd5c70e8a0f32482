package knot

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/known"
)

// place says what a value is for; its name is made from that.
type place struct {
	service string // as an id
	what    string // in snake case
	secret  bool   // the place holds secrets, whatever the name
	rng     ir.Range
}

func (p place) name() string { return ir.ValueName(p.service, p.what) }

// binder collects the values and secrets of a template. What a reference is
// called, and whether it is a secret, is settled when all are known.
type binder struct {
	groups map[string]*group
	order  []*group
}

// group is the uses that share a value.
type group struct {
	first  place
	refs   []*ir.Ref
	secret bool
	// name is what the value should be called.
	name string
	// text is the default; where it asks, there is none, and the values script
	// insists on a variable.
	text string
	asks bool
	info string
}

func newBinder() *binder { return &binder{groups: map[string]*group{}} }

func (b *binder) use(key string, at place, fresh group) *ir.Ref {
	g := b.groups[key]
	if g == nil {
		g = &fresh
		g.first = at
		b.groups[key] = g
		b.order = append(b.order, g)
	}
	g.secret = g.secret || at.secret
	ref := &ir.Ref{Meta: ir.At(at.rng)}
	g.refs = append(g.refs, ref)
	return ref
}

// variable is a reference to what a variable of knot's holds.
func (b *binder) variable(name string, at place) *ir.Ref {
	return b.use("variable "+name, at, group{name: knot.ValueName(name), asks: true, info: knot.ValueInfo(name), secret: isSecretVariable(name)})
}

// isSecretVariable tells whether a variable holds a secret: knot says so of its
// own, their names of others.
func isSecretVariable(name string) bool {
	if v, ok := knot.Lookup(name); ok {
		return v.Secret
	}
	return known.IsSecretName(name[strings.LastIndexByte(name, '.')+1:])
}

// logic is a reference to what only knot can work out.
func (b *binder) logic(l *logic, at place) *ir.Ref {
	return b.use("logic "+l.source, at, group{name: at.name(), asks: true, info: "what knot makes of " + l.source})
}

// literal is a reference to a text of the template.
func (b *binder) literal(text string, at place) *ir.Ref {
	return b.use("literal "+at.what+"\x00"+text, at, group{name: at.name(), text: text})
}

// finish names every group and returns the bindings, in the order of use.
// Variables have their names before anything else.
func (b *binder) finish() []*ir.Binding {
	taken, asked := map[string]int{}, map[string]int{}
	bindings := map[*group]*ir.Binding{}
	for _, isVariable := range []bool{true, false} {
		for key, g := range b.inOrder() {
			if strings.HasPrefix(key, "variable ") == isVariable {
				bindings[g] = g.settle(taken, asked)
			}
		}
	}
	var out []*ir.Binding
	for _, g := range b.order {
		out = append(out, bindings[g])
	}
	return out
}

// inOrder are the groups with their keys, in the order of use.
func (b *binder) inOrder() func(yield func(string, *group) bool) {
	keys := map[*group]string{}
	for k, g := range b.groups {
		keys[g] = k
	}
	return func(yield func(string, *group) bool) {
		for _, g := range b.order {
			if !yield(keys[g], g) {
				return
			}
		}
	}
}

func (g *group) settle(taken, asked map[string]int) *ir.Binding {
	kind := ir.ValueRef
	if g.secret {
		kind = ir.SecretRef
	}
	name := unique(g.name, "_", taken)
	word := ir.Literal(g.text)
	if g.asks {
		shell := strings.TrimLeft(strings.ToUpper(ir.SnakeCase(name)), "0123456789_")
		if shell == "" {
			shell = "VALUE"
		}
		shell = unique(shell, "_", asked)
		word = ir.Word{ir.Variable{Name: shell, Op: ":?", Arg: ir.Literal("set " + shell)}}
	}
	for _, r := range g.refs {
		r.Kind, r.Name = kind, name
	}
	return &ir.Binding{Meta: ir.At(g.first.rng), Kind: kind, Name: name, Default: word, Info: g.info}
}

// unique is the name, or the name with the first number that nothing has; taken
// holds the highest number of each name.
func unique(name, separator string, taken map[string]int) string {
	out := name
	for taken[out] > 0 {
		taken[name]++
		out = fmt.Sprintf("%s%s%d", name, separator, taken[name])
	}
	taken[out] = 1
	return out
}

// text is the expression for a text at a place where Polytope takes values.
// Where isValue, literals are values too, if the policy wants them to be.
func (c *container) text(t tmpl, at place, isValue bool) ir.Expr {
	isValue = isValue && c.opts.Values != ValuesInterpolated && c.opts.Values != ValuesNone
	if text, ok := t.literal(); ok {
		switch {
		case !isValue, strings.HasPrefix(text, "-") && !at.secret:
			// Whether pt takes a text that begins with a hyphen for an option is
			// not known; in the file it is safe.
			return &ir.String{Meta: ir.At(at.rng), Value: text}
		case at.secret, !known.URLPassword.MatchString(text):
			return c.values.literal(text, at)
		}
	}
	parts := c.parts(t, at, isValue)
	if len(parts) == 1 {
		return parts[0]
	}
	return &ir.Interp{Meta: ir.At(at.rng), Parts: parts}
}

// parts makes the parts of an interpolation. What stands where a URL has its
// password is a secret: a variable always, a literal where literals are values.
func (c *container) parts(t tmpl, at place, isValue bool) []ir.Expr {
	plain := at
	plain.secret = at.secret && len(t) == 1
	flat := t.flat()
	var out []ir.Expr
	pos := 0
	for _, m := range known.URLPassword.FindAllStringSubmatchIndex(flat, -1) {
		password := t.within(m[2], m[3])
		text, isText := password.literal()
		if isText && !isValue {
			continue
		}
		secret := at
		secret.secret = true
		out = append(out, c.pieces(t.within(pos, m[2]), plain)...)
		if isText {
			secret.what += "_password"
			out = append(out, c.values.literal(text, secret))
		} else {
			out = append(out, c.pieces(password, secret)...)
		}
		pos = m[3]
	}
	return append(out, c.pieces(t.within(pos, len(flat)), plain)...)
}

// pieces makes an expression of each piece.
func (c *container) pieces(t tmpl, at place) []ir.Expr {
	var out []ir.Expr
	for _, p := range t {
		switch {
		case p.logic != nil:
			c.openLogic(at.rng, diag.Approximated, p.logic, "it becomes a value that the values script asks for")
			out = append(out, c.values.logic(p.logic, at))
		case p.variable != "":
			out = append(out, c.values.variable(p.variable, at))
		default:
			out = append(out, &ir.String{Meta: ir.At(at.rng), Value: p.text})
		}
	}
	return out
}

// flat is the template with each action as one byte that no text has.
func (t tmpl) flat() string {
	var b strings.Builder
	for _, p := range t {
		if p.isText() {
			b.WriteString(p.text)
		} else {
			b.WriteByte(0xFF)
		}
	}
	return b.String()
}

// within is what stands between two offsets of the flat template.
func (t tmpl) within(from, to int) tmpl {
	var out tmpl
	pos := 0
	for _, p := range t {
		width := 1
		if p.isText() {
			width = len(p.text)
		}
		a, b := max(from-pos, 0), min(to-pos, width)
		if a < b && p.isText() {
			out = out.plus(piece{text: p.text[a:b]})
		} else if a < b {
			out = append(slices.Clip(out), p)
		}
		pos += width
	}
	return out
}
