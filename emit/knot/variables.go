package knot

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/resolve"
)

// variable is a variable of knot that a template uses for a value or secret.
type variable struct {
	name   string // without the leading dot
	text   string // what it is by default
	secret bool
}

// bindingKey tells values and secrets apart: they may have the same name.
type bindingKey struct {
	kind ir.RefKind
	name string
}

// variableNames are the names that values and secrets have in knot.
type variableNames map[bindingKey]string

// variable is the name of the variable that stands for a value or secret, as
// an action has it behind the dot.
func (w *writer) variable(p resolve.Part) string {
	key := bindingKey{p.Ref.Kind, p.Ref.Name}
	if name, ok := w.names[key]; ok {
		return name
	}
	name := w.knotsOwn(p.Ref)
	if name == "" {
		name = w.usersOwn(p.Ref)
	}
	w.names[key] = name
	w.variables = append(w.variables, variable{name, p.Text, p.Ref.Kind == ir.SecretRef})
	return name
}

// knotsOwn is the variable that a value came from when a template of knot was
// read: its documentation says so, and where there is none, its name.
func (w *writer) knotsOwn(ref *ir.Ref) string {
	if b := w.binding(ref); b != nil {
		name, _ := knot.VariableOf(b.Info)
		return name
	}
	v, _ := knot.SystemVariable(ref.Name)
	return v.Name
}

func (w *writer) binding(ref *ir.Ref) *ir.Binding {
	if w.opts.File == nil {
		return nil
	}
	return w.opts.File.Binding(ref.Kind, ref.Name)
}

// badNameChar is what names in a template cannot have (notes.md).
var badNameChar = regexp.MustCompile(`[^A-Za-z0-9_]`)

// usersOwn is the name of a variable that users define, the only one of that
// name.
func (w *writer) usersOwn(ref *ir.Ref) string {
	name := badNameChar.ReplaceAllString(ref.Name, "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "_" + name
	}
	full := knot.UserGroup + "." + name
	isTaken := func(v variable) bool { return v.name == full }
	for n := 2; slices.ContainsFunc(w.variables, isTaken); n++ {
		full = knot.UserGroup + "." + name + "_" + strconv.Itoa(n)
	}
	if got := strings.TrimPrefix(full, knot.UserGroup+"."); got != ref.Name {
		w.add(diag.Diagnostic{
			Severity: diag.Note, Code: codeVariableName, Fate: diag.Approximated,
			Message: fmt.Sprintf("the %s %s becomes the variable %s of knot", ref.Kind, ref.Name, got),
			Subject: ref.Rng,
			Path:    ref.Kind.String() + "s." + ref.Name,
		})
	}
	return full
}

// reportVariables says which variables knot has to be told: those of users that
// the templates hold.
func (w *writer) reportVariables(specs []spec) {
	used := map[string]bool{}
	for _, s := range specs {
		for _, f := range slices.Concat(s.job.fields, s.volumes.fields) {
			for _, p := range slices.Concat(f.items...) {
				used[strings.TrimPrefix(p.action, ".")] = true
			}
		}
	}
	var names []string
	for _, v := range w.variables {
		if used[v.name] && strings.HasPrefix(v.name, knot.UserGroup+".") {
			names = append(names, v.describe())
		}
	}
	if len(names) == 0 {
		return
	}
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: codeVariables, Fate: diag.Approximated,
		Message: "knot keeps no defaults; it needs the " + plural(len(names), "variable", "variables") + " " + strings.Join(names, ", "),
		Help:    "create each among the variables of knot before a space starts; knot writes <no value> for one that is missing",
	}
	if w.opts.File != nil {
		d.Subject = w.opts.File.Rng
	}
	w.add(d)
}

func (v variable) describe() string {
	name := strings.TrimPrefix(v.name, knot.UserGroup+".")
	switch {
	case v.secret:
		return name + " (a secret)"
	case v.text == "":
		return name
	}
	return fmt.Sprintf("%s (%q by default)", name, v.text)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
