// Package jsonnet writes Polytope files as Jsonnet programs that use the library
// hull/polytope.libsonnet, and evaluate to the same file.
package jsonnet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"hull/ir"
	"hull/ir/builtin"
)

// Options is what the writer can be told. The zero value is usable.
type Options struct {
	// Header is a comment at the top, without its marks.
	Header string
}

// Write writes a file that has been made expressible in Polytope. The program
// evaluates to the file, up to the order of keys, where the rules of the
// reference hold for the file: the library refuses what they forbid. Write
// fails where there is nothing in the file, a text is not UTF-8, an integer has more than 53 bits, an id or a
// name is none that the library takes, two items share an id, or a module is
// neither a call nor code, or both.
func Write(f *ir.File, opts Options) ([]byte, error) {
	w := &writer{file: f}
	if len(f.Modules)+len(f.Templates) == 0 {
		w.fail("there is neither a module nor a template to write")
	}
	w.checkIDs()
	body := w.program()
	if w.err != nil {
		return nil, w.err
	}
	var b strings.Builder
	for _, c := range append(lines(opts.Header), lines(joinLines(f.Comments.Head, f.Comments.Line))...) {
		b.WriteString(comment(c) + "\n")
	}
	b.WriteString("local pt = import 'hull/polytope.libsonnet';\n")
	if w.usesTypes {
		b.WriteString("local t = pt.type;\n")
	}
	b.WriteByte('\n')
	body.write(&b, 0, 0)
	b.WriteByte('\n')
	for _, c := range lines(f.Comments.Foot) {
		b.WriteString(comment(c) + "\n")
	}
	if !utf8.ValidString(b.String()) {
		return nil, errors.New("jsonnet: a text is not UTF-8")
	}
	return []byte(b.String()), nil
}

type writer struct {
	file *ir.File
	// params are those that are in scope.
	params    []*ir.Param
	usesTypes bool
	err       error
}

func (w *writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("jsonnet: "+format, args...)
	}
}

// checkIDs fails on ids that the library refuses.
func (w *writer) checkIDs() {
	var modules, templates []string
	for _, m := range w.file.Modules {
		modules = append(modules, m.ID)
		w.checkParams(m.Params)
	}
	for _, m := range w.file.Modules {
		if m.Call != nil {
			w.checkRef(m.Call.Module)
		}
	}
	for _, t := range w.file.Templates {
		templates = append(templates, t.ID)
		w.checkParams(t.Params)
		var steps []string
		for _, s := range t.Run {
			steps = append(steps, s.StepID())
			w.checkRef(s.Call.Module)
			w.checkWait(t, s)
		}
		w.checkUnique("step of the template "+t.ID, steps)
	}
	w.checkUnique("module", modules)
	w.checkUnique("template", templates)
	for _, id := range append(modules, templates...) {
		w.checkID(id)
	}
}

// moduleRef is what the library takes as a reference to a module.
var moduleRef = regexp.MustCompile(`^[a-z0-9_-]+(/[a-zA-Z0-9_/@:!-]*)?$`)

func (w *writer) checkRef(ref string) {
	if !moduleRef.MatchString(ref) {
		w.fail("%q is no module", ref)
	}
}

// checkWait fails on waits that the library refuses.
func (w *writer) checkWait(t *ir.Template, s *ir.Step) {
	switch {
	case s.After == "" && s.Condition != "":
		w.fail("the step %s of the template %s has a condition and waits for nothing", s.StepID(), t.ID)
	case s.After != "" && t.Step(s.After) == nil:
		w.fail("the step %s waits for %s, which is no step of the template %s", s.StepID(), s.After, t.ID)
	case s.Condition != "" && !slices.Contains([]string{"success", "always", "failed"}, s.Condition):
		w.fail("%q is no condition that the step %s can wait for", s.Condition, s.StepID())
	}
}

func (w *writer) checkParams(params []*ir.Param) {
	var ids []string
	for _, p := range params {
		w.checkID(p.ID)
		ids = append(ids, p.ID)
	}
	w.checkUnique("param", ids)
}

func (w *writer) checkID(id string) {
	if !ir.IsID(id) {
		w.fail("%q is no id: ids have the characters a-z, 0-9, _ and -", id)
	}
}

func (w *writer) checkUnique(what string, ids []string) {
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			w.fail("there is more than one %s with the id %q", what, id)
		}
	}
}

func (w *writer) program() *node {
	n := call("pt.file")
	n.spread = true
	list := func(name string, items []item) {
		if len(items) > 0 {
			value := array(items...)
			value.spread = true
			n.items = append(n.items, named(name, value))
		}
	}
	list("templates", each(w.file.Templates, func(t *ir.Template) item { return above(t, w.template(t)) }))
	list("modules", each(w.file.Modules, func(m *ir.Module) item { return above(m, w.module(m)) }))
	if external := w.external(); len(external) > 0 {
		n.items = append(n.items, named("external", array(each(external, func(id string) item { return arg(text(id)) })...)))
	}
	return n
}

func each[T any](all []T, to func(T) item) []item {
	var items []item
	for _, x := range all {
		items = append(items, to(x))
	}
	return items
}

// external are the modules of other files that are called.
func (w *writer) external() []string {
	var ids []string
	add := func(ref string) {
		if !strings.Contains(ref, "/") && w.file.Module(ref) == nil && !slices.Contains(ids, ref) {
			ids = append(ids, ref)
		}
	}
	for _, t := range w.file.Templates {
		for _, s := range t.Run {
			add(s.Call.Module)
		}
	}
	for _, m := range w.file.Modules {
		if m.Call != nil {
			add(m.Call.Module)
		}
	}
	return ids
}

// text is a literal that the library takes for nothing else.
func text(s string) *node { return leaf(quote(s)) }

func optional(s string) *node {
	if s == "" {
		return nil
	}
	return text(s)
}

func (w *writer) template(t *ir.Template) *node {
	w.params = t.Params
	run := array(each(t.Run, func(s *ir.Step) item { return above(s, w.step(s)) })...)
	if slices.ContainsFunc(run.items, func(i item) bool { return i.value.open != "" }) {
		run.spread = true
	}
	return call("pt.template", arg(text(t.ID)), arg(run), named("params", w.declarations(t.Params)), named("info", optional(t.Info)))
}

func (w *writer) step(s *ir.Step) *node {
	args := w.args(&s.Call)
	if s.ID == "" && args == nil && s.After == "" && s.Condition == "" {
		return text(s.Call.Module)
	}
	return call("pt.step", arg(text(s.Call.Module)), arg(args), named("id", optional(s.ID)), named("after", optional(s.After)),
		named("condition", optional(s.Condition)))
}

// builtIn are the functions of the library for the modules that come with
// Polytope, and which of them give the container the module's id.
var builtIn = map[string]struct {
	function string
	isNamed  bool
}{
	"polytope/container":        {"pt.container", true},
	"polytope/node":             {"pt.node", true},
	"polytope/python":           {"pt.python", true},
	"polytope/python!simple":    {"pt.pythonSimple", false},
	"polytope/postgres":         {"pt.postgres", false},
	"polytope/postgres!simple":  {"pt.postgresSimple", false},
	"polytope/redpanda":         {"pt.redpanda", false},
	"polytope/redpanda!connect": {"pt.redpandaConnect", false},
	"polytope/redpanda!console": {"pt.redpandaConsole", false},
	"polytope/build-image":      {"pt.buildImage", false},
	"polytope/hello-world":      {"pt.helloWorld", false},
}

func (w *writer) module(m *ir.Module) *node {
	w.params = m.Params
	if (m.Call == nil) == (m.Code == nil) {
		w.fail("the module %q is neither a call nor code, or both", m.ID)
		return leaf("null")
	}
	params, info := named("params", w.declarations(m.Params)), named("info", optional(m.Info))
	if m.Call != nil && m.APIVersion == "" && !m.Default {
		if b, ok := builtIn[m.Call.Module]; ok && (!b.isNamed || namesItself(m)) {
			return call(b.function, arg(text(m.ID)), arg(w.argsWithout(m.Call, b.isNamed)), params, info)
		}
	}
	n := call("pt.module", arg(text(m.ID)))
	add := func(name string, value *node) {
		if value != nil {
			n.items = append(n.items, named(name, value))
		}
	}
	if m.Call != nil {
		n.items = append(n.items, arg(text(m.Call.Module)))
		if args := w.args(m.Call); args != nil {
			n.items = append(n.items, arg(args))
		}
	} else {
		add("code", w.code(m.Code))
	}
	n.items = append(n.items, call("", params, info).items...)
	add("apiVersion", optional(m.APIVersion))
	if m.Default {
		add("default", leaf("true"))
	}
	return n
}

// namesItself tells whether the container has the id of its module, which is
// what the functions of the library give it.
func namesItself(m *ir.Module) bool {
	id, ok := m.Call.Args.Get("id").(*ir.String)
	return ok && id.Value == m.ID && !ir.LooksLikeReference(m.ID)
}

func (w *writer) args(c *ir.Call) *node { return w.argsWithout(c, false) }

// argsWithout are the arguments of a call, without its id where that goes
// without saying.
func (w *writer) argsWithout(c *ir.Call, isNamed bool) *node {
	n := object()
	if c.Args != nil {
		for _, e := range c.Args.Entries {
			if isNamed && e.Key == "id" && e.Value.GetMeta().Comments.IsZero() {
				continue
			}
			n.items = append(n.items, w.entry(e, w.eased(c.Module, e)))
		}
	}
	switch {
	case !w.isTaken(c):
		return call("pt.unchecked", arg(n))
	case len(n.items) == 0:
		return nil
	}
	return n
}

// isTaken tells whether the library takes the arguments of a call: all that the
// module needs, and no others than it has, as far as that is known.
func (w *writer) isTaken(c *ir.Call) bool {
	params, isKnown := w.signature(c.Module)
	if !isKnown {
		return true
	}
	for _, p := range params {
		if !ir.IsOptional(p.Type) && c.Args.Get(p.ID) == nil {
			return false
		}
	}
	if c.Args == nil {
		return true
	}
	isForeign := func(e ir.Entry) bool { return ir.FindParam(params, e.Key) == nil }
	return !slices.ContainsFunc(c.Args.Entries, isForeign)
}

func (w *writer) signature(ref string) ([]*ir.Param, bool) {
	if m := w.file.Module(ref); m != nil {
		return m.Params, true
	}
	if _, ok := builtIn[ref]; !ok {
		return nil, false
	}
	return builtin.Signature(ref)
}

// lines splits a comment; none has no lines.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r", ""), "\n"), "\n")
}

func joinLines(texts ...string) string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	return strings.Join(texts, "\n")
}

// allLines are the lines of a node's comments, which all go above what they
// belong to.
func allLines(c ir.Comments) []string { return lines(joinLines(c.Head, c.Line, c.Foot)) }
