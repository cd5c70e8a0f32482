package compose

import (
	"fmt"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// text is the expression for a string with variables in it.
func (r *reader) text(t tmpl, env lookup, at place) ir.Expr {
	t = r.fixed(t)
	if !t.hasVars() {
		s, _ := t.eval(ir.Unset)
		return &ir.String{Meta: ir.At(at.rng), Value: s}
	}
	if lit, ok := r.literally(t, env, at); ok {
		return lit
	}
	for _, p := range t {
		if p.v != nil && strings.HasSuffix(p.v.op, "+") {
			return r.values.whole(t, env, at)
		}
	}
	return r.interp(t, env, at)
}

// fixed replaces what compose itself defines.
func (r *reader) fixed(t tmpl) tmpl {
	var out tmpl
	for _, p := range t {
		if p.v != nil && p.v.name == "COMPOSE_PROJECT_NAME" && !strings.HasSuffix(p.v.op, "+") {
			out = out.appendText(r.Project.Name)
		} else if p.v != nil {
			out = append(out, p)
		} else {
			out = out.appendText(p.text)
		}
	}
	return out
}

// literally is the text itself, where the policy wants literals and the text
// is not a secret of an env file.
func (r *reader) literally(t tmpl, env lookup, at place) (ir.Expr, bool) {
	if r.opts.Values != ValuesNone {
		return nil, false
	}
	if r.keepsSecret(t, env, at) || isOpen(t, env) {
		return nil, false
	}
	for _, v := range t.variables() {
		if _, missing := r.required[v.name]; missing {
			r.demand(v.name, at.rng, "--values=none leaves nowhere to set it later", "")
		}
	}
	s, err := t.eval(r.stand(env))
	return &ir.String{Meta: ir.At(at.rng), Value: s}, err == nil
}

// isOpen tells whether a variable of a template has neither a text nor a
// default, so that only the environment can say what it is.
func isOpen(t tmpl, env lookup) bool {
	for _, v := range t.variables() {
		if _, set := env(v.name); !set && v.op == "" {
			return true
		}
	}
	return false
}

// keepsSecret tells whether the text of a template holds a secret of an env
// file, by the variable's name, its place, or its text.
func (r *reader) keepsSecret(t tmpl, env lookup, at place) bool {
	for i, p := range t {
		if p.v == nil {
			continue
		}
		one := tmpl{p}
		if knownIn(one, env) && (at.secret || r.values.holdsSecret(one, env) || isURLPassword(t, i)) {
			return true
		}
	}
	return false
}

// knownIn tells whether an env file sets a variable of the template.
func knownIn(t tmpl, env lookup) bool {
	for _, v := range t.variables() {
		if text, _ := env(v.name); text != "" {
			return true
		}
	}
	return false
}

// interp cuts a string into text, references, and the passwords of URLs.
func (r *reader) interp(t tmpl, env lookup, at place) ir.Expr {
	x := &ir.Interp{Meta: ir.At(at.rng), Parts: r.cut(t, env, at)}
	if len(x.Parts) == 1 {
		return x.Parts[0]
	}
	return x
}

// A template is searched for URLs with each variable as one character of the
// private use area.
const hiddenVar = '\uE000'

// flat is the template with its variables hidden.
func (t tmpl) flat() string {
	var b strings.Builder
	for i, p := range t {
		if p.v == nil {
			b.WriteString(p.text)
		} else {
			b.WriteRune(hiddenVar + rune(i))
		}
	}
	return b.String()
}

// cut makes the parts of an interpolation. What stands where a URL has its
// password is a secret: a variable always, a text where literals are values.
func (r *reader) cut(t tmpl, env lookup, at place) []ir.Expr {
	flat := t.flat()
	plain := at
	plain.secret = at.secret && len(t) == 1
	var out []ir.Expr
	pos := 0
	for _, m := range known.URLPassword.FindAllStringSubmatchIndex(flat, -1) {
		out = append(out, r.stretch(t, flat[pos:m[2]], env, plain)...)
		out = append(out, r.passwordParts(t, flat[m[2]:m[3]], flat[m[4]:m[5]], env, at)...)
		pos = m[3]
	}
	return joinTexts(append(out, r.stretch(t, flat[pos:], env, plain)...))
}

// stretch is a piece of a flat template as text and references.
func (r *reader) stretch(t tmpl, flat string, env lookup, at place) []ir.Expr {
	var out []ir.Expr
	text := func(s string) {
		if s != "" {
			out = append(out, ir.Str(s))
		}
	}
	start := 0
	for i, c := range flat {
		if v := hiddenAt(t, c); v != nil {
			text(flat[start:i])
			out = append(out, r.values.variable(v, env, at))
			start = i + len(string(c))
		}
	}
	text(flat[start:])
	return out
}

func hiddenAt(t tmpl, c rune) *variable {
	if i := int(c - hiddenVar); i >= 0 && i < len(t) {
		return t[i].v
	}
	return nil
}

func (r *reader) passwordParts(t tmpl, flat, host string, env lookup, at place) []ir.Expr {
	if r.opts.Values == ValuesAll && !strings.ContainsFunc(flat, func(c rune) bool { return hiddenAt(t, c) != nil }) {
		return []ir.Expr{r.values.password(flat, host, at)}
	}
	at.secret = true
	return r.stretch(t, flat, env, at)
}

// joinTexts puts neighbouring texts together.
func joinTexts(parts []ir.Expr) []ir.Expr {
	var out []ir.Expr
	for _, p := range parts {
		s, isText := p.(*ir.String)
		if n := len(out); isText && n > 0 {
			if last, ok := out[n-1].(*ir.String); ok {
				last.Value += s.Value
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// isURLPassword tells whether part i stands where a URL has its password.
func isURLPassword(t tmpl, i int) bool {
	flat := t.flat()
	for _, m := range known.URLPassword.FindAllStringSubmatchIndex(flat, -1) {
		if strings.ContainsRune(flat[m[2]:m[3]], hiddenVar+rune(i)) {
			return true
		}
	}
	return false
}

// cutPasswords cuts a text without variables.
func (r *reader) cutPasswords(s string, at place) []ir.Expr {
	return r.cut(tmpl{{text: s}}, ir.Unset, at)
}

// literal is the expression for a text without variables, at a place where the
// policy may ask for a value.
func (r *reader) literal(text string, at place) ir.Expr {
	// Whether pt takes a text that begins with a hyphen for an option is not
	// known; in the file it is safe.
	if r.opts.Values != ValuesAll || strings.HasPrefix(text, "-") && !at.secret {
		return &ir.String{Meta: ir.At(at.rng), Value: text}
	}
	if at.secret {
		return r.values.literal(text, at)
	}
	if parts := r.cutPasswords(text, at); len(parts) > 1 {
		return &ir.Interp{Meta: ir.At(at.rng), Parts: parts}
	}
	return r.values.literal(text, at)
}

// stand is a lookup that also knows what stands in for missing variables.
func (p *project) stand(env lookup) lookup {
	return func(name string) (string, bool) {
		v, ok := env(name)
		if ok && v != "" {
			return v, true
		}
		if s, missing := p.required[name]; missing {
			return s, true
		}
		return v, ok
	}
}

// scalar is the expression for a string attribute that compose-go loaded as
// text. Its variables are taken from the source where the source, evaluated,
// says the same as compose-go.
func (r *reader) scalar(text string, at place, keys ...string) ir.Expr {
	o, ok := r.src.find(keys...)
	if ok {
		at.rng = valueRange(o)
		if t, ok := o.template(); ok && t.hasVars() && r.says(o, t, text) {
			x := r.text(t, o.layer.env, at)
			x.GetMeta().Comments = o.comments()
			return x
		}
	}
	return &ir.String{Meta: ir.Meta{Rng: at.rng, Comments: o.comments()}, Value: text}
}

// says tells whether a template makes the text.
func (r *reader) says(o origin, t tmpl, text string) bool {
	s, err := t.eval(r.stand(o.layer.env))
	return err == nil && s == text
}

// typed is the expression for a number or boolean: literal, or the reference
// that its variables make, which the writer converts.
func (r *reader) typed(literal ir.Expr, at place, keys ...string) ir.Expr {
	o, ok := r.src.find(keys...)
	if !ok {
		return literal
	}
	at.rng = valueRange(o)
	*literal.GetMeta() = ir.Meta{Rng: at.rng, Comments: o.comments()}
	t, ok := o.template()
	if !ok || !t.hasVars() || r.opts.Values == ValuesNone {
		return literal
	}
	if s, err := t.eval(r.stand(o.layer.env)); err != nil || strings.Contains(s, standIn) {
		return literal
	}
	return r.text(t, o.layer.env, at)
}

// valueRange is the value itself, rather than its key.
func valueRange(o origin) ir.Range {
	if o.layer == nil {
		return ir.Range{}
	}
	return nodeRange(o.layer.file, o.node)
}

// settled reports that a variable decides something that a Polytope file
// cannot leave open, so that its present value was taken.
func (r *reader) settled(what string, o origin, keys []string, text string) {
	t, ok := o.template()
	if !ok || !r.fixed(t).hasVars() {
		return
	}
	if r.keepsSecret(t, o.layer.env, place{}) {
		r.report.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "compose/secret-resolved", Path: joinPath(keys), Subject: valueRange(o),
			Message: fmt.Sprintf("%s: %s cannot be left to a variable, and its text is a secret that must not be written down", owner(keys), what),
		})
		return
	}
	if strings.Contains(text, standIn) {
		r.demandAll(t, valueRange(o))
		return
	}
	r.report.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "compose/variable-resolved", Fate: diag.Approximated,
		Path: joinPath(keys), Subject: valueRange(o),
		Message: fmt.Sprintf("%s: %s cannot be left to a variable; %q is taken", owner(keys), what, text),
	})
}
