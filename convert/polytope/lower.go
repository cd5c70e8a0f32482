package polytope

import (
	"fmt"
	"maps"
	"slices"

	"hull/ir"
	"hull/ir/diag"
)

// lowering makes the representation of a tree.
type lowering struct {
	*source
	// named are the keys of the newer dialect that were reported.
	named map[string]bool
	// included are the steps that stand for a template's.
	included map[*ir.Step]*node
	// tools are the templates that were tools of the newer dialect.
	tools map[*ir.Template]bool
	// inType holds in a param's type, where a word is a name.
	inType bool
}

// lower makes a file of the tree of one.
func lower(s *source, root *node) *ir.File {
	l := &lowering{
		source: s, named: map[string]bool{},
		included: map[*ir.Step]*node{}, tools: map[*ir.Template]bool{},
	}
	root.link()
	s.namePlaces(root)
	f := &ir.File{Meta: ir.At(root.rng)}
	root.home = &f.Meta
	l.file(f, root)
	settleComments(f, root)
	l.includeTemplates(f)
	l.settleTools(f)
	return f
}

// handlers say what the entries of a record become, by key.
type handlers map[string]func(entry)

// record hands every entry of a record to its handler, in the order of the
// text, and reports those that have none.
func (l *lowering) record(n *node, what string, known handlers) {
	if n.isNull() {
		return
	}
	if n.kind != record {
		l.shape(n, fmt.Sprintf("%s is a map, not %s", what, n.describe()))
		return
	}
	for _, e := range n.entries {
		if handle, ok := known[e.key]; ok {
			handle(e)
			continue
		}
		l.unknownKey(e, what, known)
	}
}

func (l *lowering) unknownKey(e entry, what string, known handlers) {
	if l.newerKey(e, what) {
		return
	}
	d := diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/unknown-key", Fate: diag.Dropped, Subject: e.at, Path: e.value.path(),
		Message: fmt.Sprintf("%s has no key %q", what, e.key),
	}
	if near := diag.Nearest(e.key, slices.Sorted(maps.Keys(known))); near != "" {
		d.Help = fmt.Sprintf("did you mean %q?", near)
	} else if _, isArg := known["args"]; isArg {
		d.Help = "arguments of the called module stand below args"
	}
	l.report.Add(d)
}

func (l *lowering) file(f *ir.File, root *node) {
	l.record(root, aFile, handlers{
		"templates": func(e entry) {
			l.each(e, "templates", func(id string, at ir.Range, n *node) {
				f.Templates = append(f.Templates, l.template(id, at, n))
			})
		},
		"modules": func(e entry) {
			l.each(e, "modules", func(id string, at ir.Range, n *node) {
				f.Modules = append(f.Modules, l.module(id, at, n))
			})
		},
		"include": func(e entry) {
			l.newerKey(e, aFile)
			f.Partial = true
		},
		"tools": func(e entry) {
			l.newerKey(e, aFile)
			l.eachEntry(e.value, "tools", func(id string, at ir.Range, n *node) {
				t := l.template(id, at, n)
				l.tools[t] = true
				f.Templates = append(f.Templates, t)
			})
		},
	})
}

// each hands on the items of a list. A map of them by id is understood.
func (l *lowering) each(e entry, what string, handle func(id string, at ir.Range, n *node)) {
	if e.value.kind == record {
		l.shapeRead(e.value, what+" are a list; this map of them by id is read as one")
		l.eachEntry(e.value, what, handle)
		return
	}
	for _, n := range l.items(e.value, what) {
		handle("", ir.Range{}, n)
	}
}

func (l *lowering) eachEntry(n *node, what string, handle func(id string, at ir.Range, n *node)) {
	if n.kind == record {
		for _, e := range n.entries {
			handle(e.key, e.at, e.value)
		}
		return
	}
	for _, item := range l.items(n, what) {
		handle("", ir.Range{}, item)
	}
}

// items are those of a list; nothing has none.
func (l *lowering) items(n *node, what string) []*node {
	if n.kind != list && !n.isNull() {
		l.shape(n, fmt.Sprintf("%s are a list, not %s", what, n.describe()))
	}
	return n.items
}

// shapeRead reports what is not as it has to be, and is understood.
func (l *lowering) shapeRead(n *node, message string) {
	l.report.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/shape", Fate: diag.Approximated, Subject: n.rng, Message: message, Path: n.path(),
	})
}

// text is the text of a scalar; a number or boolean is its text, with a note.
func (l *lowering) text(n *node) string {
	s, ok := n.scalarText()
	switch {
	case n.isNull():
	case !ok:
		l.shape(n, fmt.Sprintf("this is a text, not %s", n.describe()))
	default:
		if _, isString := n.value.(string); !isString && n.kind == scalar {
			l.report.Add(diag.Diagnostic{
				Severity: diag.Note, Code: "polytope/text", Fate: diag.Approximated, Subject: n.rng, Path: n.path(),
				Message: fmt.Sprintf("a text is expected here: %s is read as %q", s, s),
			})
		}
	}
	return s
}

// textInto makes a handler of a text whose comments are its owner's.
func (l *lowering) textInto(to *string, owner *ir.Meta) func(entry) {
	return func(e entry) {
		*to = l.text(e.value)
		l.adopt(e.value, owner)
	}
}

func (l *lowering) template(id string, at ir.Range, n *node) *ir.Template {
	t := &ir.Template{Meta: ir.At(n.rng), ID: id, IDRange: at}
	n.home = &t.Meta
	run := func(e entry) {
		for _, item := range l.items(e.value, "steps") {
			t.Run = append(t.Run, l.step(item))
		}
	}
	params := func(e entry) { t.Params = append(t.Params, l.params(e.value)...) }
	l.record(n, aTemplate, handlers{
		"id":     l.idInto(&t.ID, &t.IDRange, &t.Meta),
		"info":   l.textInto(&t.Info, &t.Meta),
		"params": params,
		"inputs": l.newer(aTemplate, params),
		"run":    run,
		"run-steps": func(e entry) {
			l.older(e.at, "run-steps is read as run")
			run(e)
		},
	})
	return t
}

func (l *lowering) idInto(to *string, at *ir.Range, owner *ir.Meta) func(entry) {
	return func(e entry) {
		*to, *at = l.text(e.value), e.value.rng
		l.adopt(e.value, owner)
	}
}

func (l *lowering) module(id string, at ir.Range, n *node) *ir.Module {
	m := &ir.Module{Meta: ir.At(n.rng), ID: id, IDRange: at}
	n.home = &m.Meta
	call := &ir.Call{Meta: ir.At(n.rng)}
	l.record(n, aModule, handlers{
		"id":          l.idInto(&m.ID, &m.IDRange, &m.Meta),
		"info":        l.textInto(&m.Info, &m.Meta),
		"api-version": l.textInto(&m.APIVersion, &m.Meta),
		"default?": func(e entry) {
			isDefault, ok := e.value.value.(bool)
			if !ok {
				l.shape(e.value, "default? is true or false, not "+e.value.describe())
			}
			m.Default = isDefault
			l.adopt(e.value, &m.Meta)
		},
		"params": func(e entry) {
			if l.isArgs(e.value) {
				l.older(e.at, "params is read as args: it holds arguments, not declarations")
				l.args(call, e)
				m.Call = call
				return
			}
			m.Params = append(m.Params, l.params(e.value)...)
		},
		"module": func(e entry) {
			l.call(call, e)
			m.Call = call
		},
		"tool": l.newer(aModule, func(e entry) {
			l.call(call, e)
			m.Call = call
		}),
		"args": func(e entry) {
			l.args(call, e)
			if call.Args != nil {
				m.Call = call
			}
		},
		"code": func(e entry) { m.Code = l.code(e.value) },
	})
	if m.Call != nil && call.Module == "" && m.Code == nil {
		l.shapeRead(n, fmt.Sprintf("the module %q has arguments, and calls no module", m.ID))
	}
	return m
}

// call reads a module reference.
func (l *lowering) call(c *ir.Call, e entry) {
	c.Module = l.text(e.value)
	c.Rng = e.value.rng
	e.value.home = &c.Meta
}

// isArgs tells arguments from the declarations of params: the latter are a
// list, or maps by name that have a type and nothing that params do not have.
func (l *lowering) isArgs(n *node) bool {
	isDeclared := func(e entry) bool {
		isForeign := func(e entry) bool { return !slices.Contains(paramKeys, e.key) }
		return e.value.get("type") != nil && !slices.ContainsFunc(e.value.entries, isForeign)
	}
	return n.kind == record && slices.ContainsFunc(n.entries, func(e entry) bool { return !isDeclared(e) })
}

var paramKeys = []string{"id", "name", "info", "type"}

// args reads the arguments of a call: a map, or a list of {id, value}.
func (l *lowering) args(c *ir.Call, e entry) {
	n := e.value
	if c.Args != nil && !n.isNull() {
		l.shape(n, "there are arguments already")
		return
	}
	switch {
	case n.isNull():
	case n.kind == record:
		c.Args = l.expr(n).(*ir.Map)
	case l.isArgList(n):
		l.older(e.at, "a list of {id, value} is read as args")
		c.Args = &ir.Map{Meta: ir.At(n.rng)}
		n.home = &c.Args.Meta
		for _, item := range n.items {
			id := item.get("id")
			l.adopt(id, &c.Args.Meta)
			x := l.expr(item.get("value"))
			item.home = x.GetMeta()
			c.Args.Entries = append(c.Args.Entries, ir.Entry{Key: l.text(id), KeyRange: id.rng, Value: x})
		}
	default:
		l.shape(n, "args is a map, not "+n.describe())
	}
}

func (l *lowering) isArgList(n *node) bool {
	isArg := func(i *node) bool { return i.get("id") != nil && i.get("value") != nil && len(i.entries) == 2 }
	return n.kind == list && !slices.ContainsFunc(n.items, func(i *node) bool { return !isArg(i) })
}

// params reads the declarations of params: a list, or in the newer dialect a
// map by id.
func (l *lowering) params(n *node) []*ir.Param {
	var params []*ir.Param
	l.eachEntry(n, "params", func(id string, _ ir.Range, n *node) {
		params = append(params, l.param(id, n))
	})
	return params
}

func (l *lowering) param(id string, n *node) *ir.Param {
	p := &ir.Param{Meta: ir.At(n.rng), ID: id}
	n.home = &p.Meta
	l.record(n, "a param", handlers{
		"id":   l.textInto(&p.ID, &p.Meta),
		"name": l.textInto(&p.Name, &p.Meta),
		"info": l.textInto(&p.Info, &p.Meta),
		"type": func(e entry) { p.Type = l.paramType(e.value, &p.Meta) },
	})
	if p.Type == nil {
		p.Type = ir.AnyType
		l.report.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "polytope/param-type", Fate: diag.Approximated, Subject: n.rng, Path: n.path(),
			Message: fmt.Sprintf("the param %q has no type, which is required; it is read as any", p.ID),
			Help:    "write type: any, or better what it takes",
		})
	}
	return p
}

// paramType reads a type. The comments in it are the param's: types have none.
func (l *lowering) paramType(n *node, owner *ir.Meta) ir.Type {
	if n.isNull() {
		return nil
	}
	l.inType = true
	x := l.expr(n)
	l.inType = false
	l.adopt(n, owner)
	t, ds := ir.ParseType(x)
	l.report.Add(ds...)
	return t
}
