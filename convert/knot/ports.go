package knot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/known"
)

func isSecretEntry(e envEntry) bool {
	name := e.name.literals()
	if text, ok := e.value.literal(); ok {
		return known.IsSecret(name, text)
	}
	return known.IsSecretName(name)
}

func isPortVar(name string) bool {
	return slices.ContainsFunc(knot.PortVars, func(v knot.PortVar) bool { return v.Name == name })
}

// namedPort is a port that a variable of environment names.
type namedPort struct {
	number          uint16
	label, protocol string
	entry           envEntry
	isUsed          bool
}

// parseNames reads "80=Web,8025=Email". It is not ok where anything in it is
// something else.
func parseNames(text string) (out []namedPort, ok bool) {
	for item := range strings.SplitSeq(text, ",") {
		number, label, _ := strings.Cut(strings.TrimSpace(item), "=")
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil || n == 0 {
			return nil, false
		}
		out = append(out, namedPort{number: uint16(n), label: label})
	}
	return out, true
}

// namesPorts tells whether an entry can be read as the names of ports; one that
// cannot stays a variable, which is reported.
func (c *container) namesPorts(e envEntry) bool {
	text, isText := e.value.literal()
	if _, ok := parseNames(text); ok && isText || text == "" && isText {
		return true
	}
	c.reportAt(e.node, fmt.Sprintf("environment[%d]", e.index), diag.Warning, diag.Approximated, "knot/port-name",
		fmt.Sprintf("%s does not read as ports with names, such as 80=Web; it stays a variable", e.name.literals()), "")
	return false
}

// namedPorts are the ports that the environment names.
func (c *container) namedPorts() []*namedPort {
	var out []*namedPort
	for _, e := range c.environment() {
		name, _ := e.name.literal()
		text, isText := e.value.literal()
		i := slices.IndexFunc(knot.PortVars, func(v knot.PortVar) bool { return v.Name == name })
		if i < 0 || !isText {
			continue
		}
		named, _ := parseNames(text)
		for _, p := range named {
			p.protocol, p.entry = knot.PortVars[i].Protocol, e
			out = append(out, &p)
		}
	}
	return out
}

// services is the one service by which the container is reached, with the
// ports that it publishes and then those that only knot led to.
func (c *container) services() ir.Expr {
	named := c.namedPorts()
	var ports []ir.Expr
	_, n := c.job.get("ports")
	if n != nil && n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			if item.Kind == yaml.ScalarNode && invalidPort(item.Value) == "" {
				ports = append(ports, c.port(item, n.Content[0], named))
			}
		}
	}
	for _, p := range named {
		if !p.isUsed {
			ports = append(ports, c.proxied(p))
		}
	}
	id := c.serviceID(len(ports) > 0)
	if len(ports) == 0 {
		return nil
	}
	return c.commented(ir.NewList(ir.NewMap("id", id, "ports", ir.NewList(ports...))), "ports")
}

// port is an item of ports, which knot holds to be literal.
func (c *container) port(item, first *yaml.Node, named []*namedPort) *ir.Map {
	host, rest, _ := strings.Cut(item.Value, ":")
	target, transport, _ := strings.Cut(rest, "/")
	if transport = strings.ToLower(transport); transport == "" {
		transport = "tcp"
	}
	number, _ := strconv.Atoi(target)
	m := ir.NewMap("port", ir.Num(int64(number)))
	m.Meta = ir.Meta{Rng: c.rangeOf(item), Comments: commentsOf(item)}
	_, image := c.scalarField("image")
	protocol := known.Protocol(uint32(number), transport, image.String())
	i := slices.IndexFunc(named, func(p *namedPort) bool { return int(p.number) == number && transport == "tcp" && !p.isUsed })
	if i >= 0 {
		named[i].isUsed = true
		protocol = named[i].protocol
	}
	m.Set("protocol", ir.Str(protocol))
	if i >= 0 {
		c.label(m, named[i].label, named[i].entry)
	}
	what := "port"
	if item != first {
		what = fmt.Sprintf("port_%d", number)
	}
	m.Set("expose-as", c.hostPort(host, c.place(what, item)))
	return m
}

// hostPort is the port on the host: a value, but where the policy is against
// it.
func (c *container) hostPort(text string, at place) ir.Expr {
	n, _ := strconv.Atoi(text)
	if c.opts.Values == ValuesInterpolated || c.opts.Values == ValuesNone {
		return &ir.Int{Meta: ir.At(at.rng), Value: int64(n)}
	}
	return &ir.Convert{Meta: ir.At(at.rng), To: ir.IntType, X: c.values.literal(strconv.Itoa(n), at)}
}

// proxied is a port that has a name and no port on the host: knot leads users
// to it.
func (c *container) proxied(p *namedPort) *ir.Map {
	m := ir.NewMap("port", ir.Num(int64(p.number)))
	m.Rng = c.rangeOf(p.entry.node)
	m.Set("protocol", ir.Str(p.protocol))
	c.label(m, p.label, p.entry)
	m.Set("internal", &ir.Bool{Value: true})
	c.reportAt(p.entry.node, fmt.Sprintf("environment[%d]", p.entry.index), diag.Warning, diag.Approximated, "knot/port-proxied",
		fmt.Sprintf("knot leads users to port %d; in Polytope it is internal", p.number), "publish it under ports where users need it")
	return m
}

// label is what a port is called, as an id.
func (c *container) label(m *ir.Map, label string, e envEntry) {
	if digits, ok := m.Get("port").(*ir.Int); ok && label == strconv.FormatInt(digits.Value, 10) {
		return // it is called by its number, which says nothing more
	}
	id := ir.ToID(label)
	if id != "" {
		m.Set("label", ir.Str(id))
	}
	c.nameChanged(e.node, fmt.Sprintf("environment[%d]", e.index), label, id)
}

// hasOpenName tells whether the container is called after variables, so that
// its id says nothing of its host's name.
func (c *container) hasOpenName() bool {
	_, t := c.scalarField("container_name")
	_, isText := t.literal()
	return !isText && len(t) > 0
}

// serviceID is the name by which the container is reached: its host name where
// that is literal.
func (c *container) serviceID(hasPorts bool) ir.Expr {
	n, t := c.scalarField("hostname")
	if n == nil {
		return &ir.String{Value: c.id}
	}
	text, isText := t.literal()
	id := ir.ToID(text)
	switch {
	case !hasPorts && (!isText || text != c.id || c.hasOpenName()):
		c.reportAt(n, "hostname", diag.Note, diag.Dropped, "knot/hostname", "no port of the container is known, so that nothing reaches it by its host name", "")
	case hasPorts && (!isText || id == ""):
		c.reportAt(n, "hostname", diag.Note, diag.Approximated, "knot/hostname",
			fmt.Sprintf("the id of a service is literal: %s becomes %s", clip(t.String()), c.id), "give --set for its variables")
		id = c.id
	case hasPorts:
		c.nameChanged(n, "hostname", text, id)
	}
	return c.commented(&ir.String{Meta: ir.At(c.rangeOf(n)), Value: id}, "hostname")
}
