package knot

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/known"
)

// stackID is the template that runs the container.
const stackID = "stack"

// container is a job specification on its way to be a module.
type container struct {
	*source
	id     string // of the module
	values *binder
	args   *ir.Map
}

// convert makes the file of a job specification. The arguments stand in the
// order of polytope/container's parameters as Polytope files have them.
func convert(s *source) *ir.File {
	c := &container{source: s, values: newBinder(), args: &ir.Map{}}
	c.id = c.moduleID()
	c.reportVariables()
	c.losses()
	c.set("image", c.field("image"))
	c.set("id", c.containerID())
	c.set("cmd", c.command())
	c.set("env", c.env())
	c.set("mounts", c.mountList())
	c.set("resources", c.resources())
	c.set("services", c.services())
	c.definitionLosses()

	at := s.job.at(s.job.root)
	m := &ir.Module{Meta: ir.At(at), ID: c.id, IDRange: at, Call: &ir.Call{Meta: ir.At(at), Module: "polytope/container", Args: c.args}}
	m.Comments.Head = s.job.head
	stack := &ir.Template{Meta: ir.At(at), ID: stackID, Run: []*ir.Step{{Meta: ir.At(at), Call: ir.Call{Meta: ir.At(at), Module: c.id}}}}
	return &ir.File{Meta: ir.Meta{Rng: ir.Range{File: s.job.file.name}}, Templates: []*ir.Template{stack}, Modules: []*ir.Module{m}, Bindings: c.values.finish()}
}

func (c *container) set(key string, x ir.Expr) {
	if x != nil {
		c.args.Set(key, x)
	}
}

func (c *container) place(what string, n *yaml.Node) place {
	return place{service: c.id, what: what, rng: c.rangeOf(n)}
}

// report adds a diagnostic about a node; path names it in its source.
func (c *container) reportAt(n *yaml.Node, path string, severity diag.Severity, fate diag.Fate, code, message, help string) {
	c.report.Add(diag.Diagnostic{Severity: severity, Code: code, Fate: fate, Path: path, Subject: c.rangeOf(n), Message: message, Help: help})
}

// scalarField is the text of a field, its aliases followed; nil where there is
// none.
func (c *container) scalarField(key string) (*yaml.Node, tmpl) {
	_, n := c.job.get(key)
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" || n.Tag == "!!null" {
		return nil, nil
	}
	return n, c.cut(c.job, n)
}

// field is a text that becomes an argument as it is.
func (c *container) field(key string) ir.Expr {
	n, t := c.scalarField(key)
	if n == nil {
		return nil
	}
	return c.commented(c.text(t, c.place(key, n), false), key)
}

// commented gives an argument the comments of its field.
func (c *container) commented(x ir.Expr, key string) ir.Expr {
	k, v := c.job.get(key)
	if x != nil && k != nil {
		x.GetMeta().Comments = commentsOf(k, v)
	}
	return x
}

// moduleID names the module after what the container is called, as far as that
// is literal, and after the file where nothing is.
func (c *container) moduleID() string {
	for _, key := range []string{"container_name", "hostname"} {
		if _, t := c.scalarField(key); ir.ToID(t.literals()) != "" {
			return ir.ToID(t.literals())
		}
	}
	base := path.Base(strings.ReplaceAll(c.job.file.name, `\`, "/"))
	if strings.HasPrefix(base, "<") {
		return "container" // not a file: standard input
	}
	base = strings.TrimSuffix(strings.TrimSuffix(base, path.Ext(base)), ".knot")
	return cmp.Or(ir.ToID(base), "container")
}

// containerID is what the container is called: an id, in which variables stay
// open.
func (c *container) containerID() ir.Expr {
	n, t := c.scalarField("container_name")
	if n == nil {
		return &ir.String{Value: c.id}
	}
	if text, ok := t.literal(); ok {
		c.nameChanged(n, "container_name", text, c.id)
		return c.commented(&ir.String{Meta: ir.At(c.rangeOf(n)), Value: c.id}, "container_name")
	}
	var clean tmpl
	for _, p := range t {
		p.text = ir.CleanID(p.text)
		clean = clean.plus(p)
	}
	c.nameChanged(n, "container_name", t.literals(), clean.literals())
	return c.commented(c.text(clean, c.place("name", n), false), "container_name")
}

func (c *container) nameChanged(n *yaml.Node, key, name, id string) {
	if name == id {
		return
	}
	c.reportAt(n, key, diag.Note, diag.Approximated, "knot/name-changed", fmt.Sprintf("%q becomes %q, as ids hold only a–z, 0–9, _ and -", clip(name), clip(id)), "")
}

func (c *container) command() ir.Expr {
	_, n := c.job.get("command")
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	list := &ir.List{Meta: ir.At(c.rangeOf(n))}
	for i, item := range n.Content {
		if item.Kind == yaml.AliasNode {
			item = item.Alias
		}
		if item.Kind != yaml.ScalarNode {
			c.invalid(c.job, item, "an item of command must be a text")
			continue
		}
		x := c.text(c.cut(c.job, item), c.place(fmt.Sprintf("command_%d", i+1), item), false)
		x.GetMeta().Comments = commentsOf(item)
		list.Items = append(list.Items, x)
	}
	return c.commented(list, "command")
}

// resources are the limits of memory and cpu. Both keys of the parameter are
// required, and may be empty.
func (c *container) resources() ir.Expr {
	cpu, memory := &ir.Map{}, &ir.Map{}
	if n, t := c.scalarField("cpus"); n != nil {
		if x := number(t.literals()); x != nil {
			*x.GetMeta() = ir.Meta{Rng: c.rangeOf(n)}
			cpu.Set("limit", c.commented(x, "cpus"))
		}
	}
	if n, t := c.scalarField("memory"); n != nil {
		if amount, unit, ok := size(strings.TrimSpace(t.literals())); ok {
			text := known.DataSizeIn(amount, unit)
			memory.Set("limit", c.commented(&ir.String{Meta: ir.At(c.rangeOf(n)), Value: text}, "memory"))
		}
	}
	if len(cpu.Entries)+len(memory.Entries) == 0 {
		return nil
	}
	return ir.NewMap("cpu", cpu, "memory", memory)
}

// number is a number literal; nil where the text is none.
func number(text string) ir.Expr {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	switch {
	case err != nil || !(n > 0 && n < 1e9):
		return nil
	case n == float64(int64(n)):
		return ir.Num(int64(n))
	}
	return &ir.Float{Value: n}
}

// losses reports the fields without counterpart.
func (c *container) losses() {
	for i := range fields {
		f := &fields[i]
		key, n := c.job.get(f.key)
		if f.fate != dropped || n == nil || saysNothing(n) || slices.Contains(f.silent, scalar(n)) {
			continue
		}
		c.reportAt(key, f.key, f.severity, diag.Dropped, f.codes[0], fmt.Sprintf("%s: %s has no counterpart in Polytope; %s", f.key, f.noun, f.becomes), f.help)
	}
}

func saysNothing(n *yaml.Node) bool {
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Value == "" || n.Tag == "!!null"
	case yaml.AliasNode:
		return false
	}
	return len(n.Content) == 0
}

// reportVariables reports the variables that knot does not have, in the fields
// that are kept.
func (c *container) reportVariables() {
	for i := range fields {
		_, n := c.job.get(fields[i].key)
		if n == nil || fields[i].fate == dropped {
			continue
		}
		for _, item := range scalarsOf(n, nil, 0) {
			for _, p := range c.cut(c.job, item) {
				c.unknownVariables(c.job, item, p.variable)
				if p.logic != nil {
					c.unknownVariables(c.job, item, p.logic.reads...)
				}
			}
		}
	}
}

// env is the list of environment variables. What knot's agent needs is left
// out where it says what it must, and what names ports is dealt with there.
func (c *container) env() ir.Expr {
	list := &ir.List{}
	var agent []envEntry
	for _, e := range c.environment() {
		name, _ := e.name.literal()
		switch {
		case slices.Contains(knot.MandatoryEnv, knot.EnvVar{Name: name, Value: c.asWritten(e)}):
			agent = append(agent, e)
		case isPortVar(name) && c.namesPorts(e):
		default:
			list.Items = append(list.Items, c.envVar(e))
		}
	}
	if len(agent) > 0 {
		var names []string
		for _, e := range agent {
			names = append(names, e.name.literals())
		}
		c.reportAt(agent[0].node, "environment", diag.Note, diag.Dropped, "knot/agent-env", strings.Join(names, ", ")+": for knot's agent alone; left out", "")
	}
	if len(list.Items) == 0 {
		return nil
	}
	if k, n := c.job.get("environment"); k != nil {
		list.Meta = ir.Meta{Rng: c.rangeOf(n), Comments: commentsOf(k, n)}
	}
	return list
}

func (c *container) envVar(e envEntry) *ir.Map {
	at := c.place(ir.SnakeCase(e.name.literals()), e.node)
	at.what = cmp.Or(at.what, "env")
	at.secret = isSecretEntry(e)
	m := ir.NewMap("name", c.text(e.name, c.place("env_name", e.node), false), "value", c.text(e.value, at, true))
	m.Meta = ir.Meta{Rng: at.rng, Comments: commentsOf(e.node)}
	return m
}
