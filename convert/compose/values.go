package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hull/ir"
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

// binder collects the values and secrets of a project. What a reference is
// called, and whether it is a secret, is settled when all are known.
type binder struct {
	groups map[string]*group
	order  []*group
	// secrets are the texts that env files give to variables with the names of
	// secrets: whatever holds one is a secret too.
	secrets []string
	// vars are what the project's env files set, others the variables that
	// the compose files or defaults take.
	vars   map[string]string
	others map[string]bool
}

// minSecret is how long a text has to be to be looked for in others, in bytes.
const minSecret = 6

// knowSecrets notes the secrets among the variables of an env file.
func (b *binder) knowSecrets(vars map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		text := vars[name]
		if len(text) >= minSecret && known.IsSecret(name, text) && !known.IsPlaceholder(text) && !slices.Contains(b.secrets, text) {
			b.secrets = append(b.secrets, text)
		}
	}
}

// isSecretText tells whether a text is, or holds, a secret.
func (b *binder) isSecretText(text string) bool {
	return known.SecretText(text) != "" || known.URLPassword.MatchString(text) ||
		slices.ContainsFunc(b.secrets, func(s string) bool { return strings.Contains(text, s) })
}

// group is the uses that share a value.
type group struct {
	first    place
	services map[string]bool
	refs     []*ir.Ref
	secret   bool
	// names are what the value may be called, best first.
	names []string
	// text is the literal, where the group stands for one.
	text string
	// word makes the default.
	word func(g *group) ir.Word
	// password marks a literal found inside a URL to host: it joins another
	// secret with the same text.
	password bool
	host     string
	// asks is the variable that the default insists on, for a secret of an env
	// file.
	asks    string
	binding *ir.Binding
}

func newBinder() *binder { return &binder{groups: map[string]*group{}, others: map[string]bool{}} }

// use adds a reference to the group with that key.
func (b *binder) use(key string, at place, fresh func() *group) *ir.Ref {
	g := b.groups[key]
	if g == nil {
		g = fresh()
		g.first = at
		g.services = map[string]bool{}
		b.groups[key] = g
		b.order = append(b.order, g)
	}
	g.services[at.service] = true
	g.secret = g.secret || at.secret
	ref := &ir.Ref{Meta: ir.At(at.rng), Name: key} // until it is settled, so that only the group's are equal
	g.refs = append(g.refs, ref)
	return ref
}

// variable is a reference to what a compose variable holds.
func (b *binder) variable(v *variable, env lookup, at place) *ir.Ref {
	t := tmpl{part{v: v}}
	return b.use("variable "+wordKey(v, env), at, func() *group {
		return &group{
			secret: b.holdsSecret(t, env),
			names:  []string{ir.SnakeCase(v.name), place{service: at.service, what: ir.SnakeCase(v.name)}.name()},
			word:   func(g *group) ir.Word { return defaultWord(t, env, g.secret) },
		}
	})
}

// wordKey is equal for variables that the values script would write alike, or
// that an env file settles: how they would default does not matter then.
func wordKey(v *variable, env lookup) string {
	if text, _ := env(v.name); text != "" && !strings.HasSuffix(v.op, "+") {
		return v.name + " of an env file"
	}
	return fmt.Sprintf("%v", tmpl{part{v: v}}.word(env))
}

// whole is a reference to what an entire string makes, where it cannot be cut
// into references.
func (b *binder) whole(t tmpl, env lookup, at place) *ir.Ref {
	return b.use("text "+t.String(), at, func() *group {
		return &group{
			secret: b.holdsSecret(t, env),
			names:  []string{at.name()},
			word:   func(g *group) ir.Word { return defaultWord(t, env, g.secret) },
		}
	})
}

// literal is a reference to a text of the compose file. Equal names with equal
// texts share one, over all services.
func (b *binder) literal(text string, at place) *ir.Ref {
	return b.use("literal "+at.what+"\x00"+text, at, func() *group {
		return &group{text: text, word: func(*group) ir.Word { return ir.Literal(text) }}
	})
}

// own is a reference to a text that nothing else shares, such as a port of the
// host.
func (b *binder) own(text string, at place) *ir.Ref {
	return b.use("own "+at.name()+"\x00"+text, at, func() *group {
		return &group{text: text, word: func(*group) ir.Word { return ir.Literal(text) }}
	})
}

// password is a reference to a password inside a URL.
func (b *binder) password(text, host string, at place) *ir.Ref {
	at.secret = true
	at.what += "_password"
	return b.use("password "+text+"\x00"+host, at, func() *group {
		return &group{text: text, password: true, host: host, word: func(*group) ir.Word { return ir.Literal(text) }}
	})
}

// private is a reference to a secret of an env file: its text stays there, and
// the values script asks for the variable.
func (b *binder) private(variable, text string, at place) *ir.Ref {
	at.secret = true
	return b.use("private "+at.what+"\x00"+text, at, func() *group {
		return &group{text: text, asks: variable, word: func(g *group) ir.Word { return required(g.asks) }}
	})
}

// secret is a reference to a secret with a default of its own.
func (b *binder) named(name string, word ir.Word, at place) *ir.Ref {
	return b.use("named "+name, at, func() *group {
		return &group{names: []string{name}, word: func(*group) ir.Word { return word }}
	})
}

func required(variable string) ir.Word {
	variable = shellName(variable)
	return ir.Word{ir.Variable{Name: variable, Op: ":?", Arg: ir.Literal("set " + variable)}}
}

// shellName is the variable that a name stands for in the values script: the
// name, where a shell variable may be called so.
func shellName(name string) string {
	if isShellName(name) {
		return name
	}
	return strings.TrimLeft(strings.ToUpper(ir.SnakeCase(name)), "0123456789_")
}

// holdsSecret tells whether a template's variables, nested ones included, hold
// a secret by their names.
func (b *binder) holdsSecret(t tmpl, env lookup) bool {
	if text, err := t.eval(env); err == nil && b.isSecretText(text) {
		return true
	}
	for _, v := range t.variables() {
		text, _ := tmpl{part{v: v}}.eval(env)
		if text == "" && known.IsSecretName(v.name) || known.IsSecret(v.name, text) {
			return true
		}
	}
	return false
}

// defaultWord is a template in the shell's terms. What an env file says of a
// secret stays in that file.
func defaultWord(t tmpl, env lookup, secret bool) ir.Word {
	if !secret {
		return t.word(env)
	}
	return withoutEnv(t.word(ir.Unset), env)
}

// withoutEnv insists on the variables of a word that env sets, at any depth. That
// one is set to an empty text is no secret.
func withoutEnv(w ir.Word, env lookup) ir.Word {
	for i, p := range w {
		v, ok := p.(ir.Variable)
		if !ok {
			continue
		}
		text, isSet := env(v.Name)
		switch {
		case strings.HasSuffix(v.Op, "+"):
		case text != "":
			w[i] = required(v.Name)[0]
			continue
		case isSet && !strings.HasPrefix(v.Op, ":"):
			w[i] = ir.Variable{Name: v.Name, Op: "-"}
			continue
		}
		v.Arg = withoutEnv(v.Arg, env)
		w[i] = v
	}
	return w
}

// finish names every group and returns the bindings, in the order of use.
func (b *binder) finish() []*ir.Binding {
	b.joinPasswords()
	taken, asked := map[string]bool{}, map[string]bool{}
	b.noteOthers()
	var out []*ir.Binding
	for _, pass := range []bool{true, false} { // variables keep their names
		for _, g := range b.order {
			if (len(g.names) > 0) == pass && len(g.refs) > 0 {
				b.settle(g, taken, asked)
			}
		}
	}
	for _, g := range b.order {
		if g.binding != nil {
			out = append(out, g.binding)
		}
	}
	return out
}

// noteOthers notes the variables that defaults take, besides those of the
// compose files.
func (b *binder) noteOthers() {
	var note func(w ir.Word)
	note = func(w ir.Word) {
		for _, p := range w {
			if v, ok := p.(ir.Variable); ok {
				b.others[v.Name] = true
				note(v.Arg)
			}
		}
	}
	for _, g := range b.order {
		if g.asks == "" {
			note(g.word(g))
		}
	}
}

// isOther tells whether a variable is something else than the text that an env
// file of a service gives it: in the project's own env file, or where the
// compose file takes it.
func (b *binder) isOther(variable, text string) bool {
	own, isSet := b.vars[variable]
	return isSet && own != text || !isSet && b.others[variable]
}

func (b *binder) joinPasswords() {
	for _, g := range b.order {
		if !g.password {
			continue
		}
		if other := b.samePassword(g); other != nil {
			other.refs = append(other.refs, g.refs...)
			g.refs = nil
		}
	}
}

// samePassword is the secret that a URL's password is: one with the same text,
// of the service that the URL leads to, or the only one there is.
func (b *binder) samePassword(g *group) *group {
	var same []*group
	for _, other := range b.order {
		if !other.secret || other.password || other.text != g.text {
			continue
		}
		if other.services[ir.ToID(g.host)] {
			return other
		}
		same = append(same, other)
	}
	if len(same) == 1 {
		return same[0]
	}
	return nil
}

func (b *binder) settle(g *group, taken, asked map[string]bool) {
	kind := ir.ValueRef
	if g.secret {
		kind = ir.SecretRef
	}
	name := g.name(taken)
	if g.asks != "" {
		names := []string{g.asks, strings.ToUpper(name), strings.ToUpper(g.first.name())}
		if b.isOther(shellName(g.asks), g.text) {
			names = names[1:]
		}
		g.asks = free(asked, names...)
	}
	g.binding = &ir.Binding{Meta: ir.At(g.first.rng), Kind: kind, Name: name, Default: g.word(g)}
	for _, r := range g.refs {
		r.Kind, r.Name = kind, g.binding.Name
	}
}

// free takes the first name that is not taken, numbered where all of them are.
func free(taken map[string]bool, names ...string) string {
	last := names[len(names)-1]
	for n := 2; ; n++ {
		for _, name := range names {
			if !taken[name] {
				taken[name] = true
				return name
			}
		}
		names = []string{fmt.Sprintf("%s_%d", last, n)}
	}
}

// name is the first free candidate; a text that several services share is
// called after what it is.
func (g *group) name(taken map[string]bool) string {
	candidates := g.names
	switch {
	case len(candidates) > 0:
	case len(g.services) > 1:
		candidates = []string{g.first.what, g.first.name()}
	default:
		candidates = []string{g.first.name()}
	}
	isEmpty := func(name string) bool { return name == "" } // of a name without letters
	if candidates = slices.DeleteFunc(slices.Clone(candidates), isEmpty); len(candidates) == 0 {
		candidates = []string{"value"}
	}
	return free(taken, candidates...)
}
