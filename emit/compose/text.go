package compose

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// variables gives every value and secret the environment variable that sets it
// in the compose file.
type variables struct {
	bindings map[refKey]*ir.Binding
	names    map[refKey]string
	taken    map[string]bool
}

// refKey is what a reference refers to.
type refKey struct {
	kind ir.RefKind
	name string
}

// ambient are the variables that environments have anyway: a value of that
// name must not take theirs.
var ambient = []string{
	"HOME", "HOST", "HOSTNAME", "LANG", "LOGNAME", "MAIL", "OLDPWD", "PATH", "PWD", "SHELL", "SHLVL", "TERM", "TMPDIR", "TZ", "USER",
	"COMPOSE_PROJECT_NAME", "COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES", "DOCKER_HOST", "DOCKER_CONTEXT",
}

func newVariables(bindings []*ir.Binding) *variables {
	v := &variables{bindings: map[refKey]*ir.Binding{}, names: map[refKey]string{}, taken: map[string]bool{}}
	for _, name := range ambient {
		v.taken[name] = true
	}
	for _, b := range bindings {
		v.bindings[refKey{b.Kind, b.Name}] = b
		v.take(b.Default)
	}
	for _, b := range bindings {
		if !isLive(b.Default) {
			v.name(refKey{b.Kind, b.Name})
		}
	}
	return v
}

// take keeps the variables that a default reads from being used for others.
func (v *variables) take(w ir.Word) {
	for _, p := range w {
		if p, ok := p.(ir.Variable); ok {
			v.taken[p.Name] = true
			v.take(p.Arg)
		}
	}
}

// isLive tells whether a word reads variables.
func isLive(w ir.Word) bool {
	return slices.ContainsFunc(w, func(p ir.WordPart) bool { _, ok := p.(ir.Variable); return ok })
}

// name is the variable of a value or secret: its name in upper snake case,
// with a suffix where that is taken.
func (v *variables) name(key refKey) string {
	if name, ok := v.names[key]; ok {
		return name
	}
	suffix := strings.ToUpper(key.kind.String())
	base := strings.ToUpper(ir.SnakeCase(key.name))
	switch {
	case base == "":
		base = suffix
	case base[0] >= '0' && base[0] <= '9':
		base = "_" + base
	}
	name := base
	for i := 1; v.taken[name]; i++ {
		name = base + "_" + suffix
		if i > 1 {
			name += "_" + strconv.Itoa(i)
		}
	}
	v.taken[name] = true
	v.names[key] = name
	return name
}

// Require binds the values and secrets that have no binding, each to a variable
// of its own that has to be set.
func Require(bindings []*ir.Binding, refs []*ir.Ref) []*ir.Binding {
	v := newVariables(bindings)
	bound := slices.Clone(bindings)
	for _, r := range refs {
		key := refKey{r.Kind, r.Name}
		if v.bindings[key] != nil {
			continue
		}
		name := v.name(key)
		required := ir.Variable{Name: name, Op: ":?", Arg: ir.Literal("set " + name)}
		v.bindings[key] = &ir.Binding{Meta: ir.At(r.Rng), Kind: r.Kind, Name: r.Name, Default: ir.Word{required}}
		bound = append(bound, v.bindings[key])
	}
	return bound
}

// Compose's variable syntax is the shell's, except that "$$" is a dollar sign,
// and that what stands inside of braces has one line and balanced braces.

// literal writes text that compose is to take as it stands.
func literal(s string) string { return strings.ReplaceAll(s, "$", "$$") }

// isOneVariable tells whether compose-go reads a text as one variable in
// braces. It passes over a character behind every opening brace, and counts
// braces whatever they belong to (compose-go, template.getFirstBraceClosingIndex).
func isOneVariable(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\n':
			return false
		case '{':
			depth++
			i++
			if i < len(s) && s[i] == '\n' {
				return false
			}
		case '}':
			depth--
			if depth == 0 {
				return i == len(s)-1
			}
		}
	}
	return false
}

// word writes a word; it is not ok where the word cannot be written down.
func word(w ir.Word) (string, bool) {
	var b strings.Builder
	for _, p := range w {
		switch p := p.(type) {
		case ir.Text:
			b.WriteString(literal(string(p)))
		case ir.Variable:
			s, ok := variable(p)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		default:
			return "", false
		}
	}
	return b.String(), true
}

func variable(v ir.Variable) (string, bool) {
	arg, ok := word(v.Arg)
	switch {
	case v.Op == "-" && arg == "":
		v.Op = "" // unset is empty, which compose says too
	case strings.HasSuffix(v.Op, "?") && (!ok || !isOneVariable("${"+v.Name+v.Op+arg+"}")):
		arg, ok = "", true // only the message is lost
	}
	s := "${" + v.Name + v.Op + arg + "}"
	return s, ok && isOneVariable(s)
}

// text writes a text of a job.
func (c *converter) text(s string) string { return c.join(c.Parts(s)) }

// number writes a number of a job.
func (c *converter) number(n int) string { return c.join([]resolve.Part{c.Number(n)}) }

func (c *converter) join(parts []resolve.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Ref == nil {
			b.WriteString(literal(p.Text))
		} else {
			b.WriteString(c.reference(p, nil))
		}
	}
	return b.String()
}

// plain is a text with its references replaced by what they stand for.
func (c *converter) plain(s string) string {
	var b strings.Builder
	for _, p := range c.Parts(s) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// isPlain tells whether a text is made of no reference.
func (c *converter) isPlain(s string) bool { return !hasReference(c.Parts(s)) }

func hasReference(parts []resolve.Part) bool {
	return slices.ContainsFunc(parts, func(p resolve.Part) bool { return p.Ref != nil })
}

// settled is a text for a place where compose takes no variable.
func (c *converter) settled(attr, what, s string) string {
	text := c.plain(s)
	if !c.isPlain(s) {
		c.add(diag.Warning, "to-compose/variable-resolved", diag.Approximated, attr,
			fmt.Sprintf("%s cannot be left to a variable; %q is taken", what, text))
	}
	return text
}

// reference writes a value or secret as a variable with its default. Change,
// where there is one, is applied to the beginning of the default.
func (c *converter) reference(p resolve.Part, change func(string) string) string {
	key := refKey{p.Ref.Kind, p.Ref.Name}
	b := c.vars.bindings[key]
	def := ir.Literal(p.Text)
	if b != nil {
		def = b.Default
	}
	if change != nil {
		def = changeFirst(def, change)
	}
	if isLive(def) {
		return c.live(p, def)
	}
	name := c.vars.name(key)
	if slices.ContainsFunc(def, isFile) {
		c.about(p.Ref, diag.Warning, "to-compose/file-content", diag.Approximated,
			"is the content of a file, which compose reads for secrets and configs alone; set "+name)
		return "${" + name + "}"
	}
	text, _ := def.Eval(ir.Unset)
	if b == nil && text == "" {
		c.about(p.Ref, diag.Warning, "to-compose/no-default", diag.NoFate, "has no default that is known; set "+name)
		return "${" + name + "}"
	}
	if s := "${" + name + ":-" + literal(text) + "}"; isOneVariable(s) {
		return s
	}
	return c.inlined(p.Ref, text)
}

func isFile(p ir.WordPart) bool { _, ok := p.(ir.FileContent); return ok }

// live writes a default that reads variables itself.
func (c *converter) live(p resolve.Part, def ir.Word) string {
	if s, ok := word(def); ok {
		return s
	}
	text, ok := def.Eval(ir.Unset)
	if !ok {
		text = p.Text
	}
	return c.inlined(p.Ref, text)
}

// inlined is a default that does not fit between braces.
func (c *converter) inlined(ref *ir.Ref, text string) string {
	c.about(ref, diag.Note, "to-compose/default-literal", diag.Approximated,
		"has a default of several lines, or with a brace alone, which no variable of compose can have; it is written as text")
	return literal(text)
}

// changeFirst changes the text that a word begins with; that of a variable is
// its default.
func changeFirst(w ir.Word, change func(string) string) ir.Word {
	if len(w) == 0 {
		return w
	}
	w = slices.Clone(w)
	switch first := w[0].(type) {
	case ir.Text:
		w[0] = ir.Text(change(string(first)))
	case ir.Variable:
		if strings.HasSuffix(first.Op, "-") || strings.HasSuffix(first.Op, "+") {
			first.Arg = changeFirst(first.Arg, change)
			w[0] = first
		}
	}
	return w
}

// told is a text for messages: values and secrets by their names.
func (c *converter) told(text string) string {
	var b strings.Builder
	for _, p := range c.Parts(text) {
		if p.Ref == nil {
			b.WriteString(p.Text)
			continue
		}
		fmt.Fprintf(&b, "{pt.%s %s}", p.Ref.Kind, p.Ref.Name)
	}
	return b.String()
}
