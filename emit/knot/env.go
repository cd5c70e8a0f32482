package knot

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/resolve"
)

// environment is the container's variables, with those that every template has
// to have, and those that name ports. What of them the source has stays where
// it is; the mandatory ones stand in front otherwise, the others at the end.
func (c *container) environment() []text {
	var mandatory, own, naming []text
	for _, v := range knot.MandatoryEnv {
		if !c.setsEnv(v.Name) {
			mandatory = append(mandatory, parse(v.String()))
		}
	}
	for i, v := range c.Env {
		if entry, ok := c.envEntry(v, item("env", i)); ok {
			own = append(own, entry)
		}
	}
	for _, v := range knot.PortVars {
		names := c.portNames(v)
		entry := literal(v.Name + "=").join(names)
		switch {
		case len(names) == 0:
		case !c.setsEnv(v.Name):
			naming = append(naming, entry)
		case !slices.ContainsFunc(own, entry.equal):
			c.report(codeLabel, diag.Note, diag.Dropped, "services", v.Name+" is set by the source, and stays; the ports would make it "+names.source(),
				"leave it out, or name the ports in it")
		}
	}
	return slices.Concat(mandatory, own, naming)
}

// setsEnv tells whether the source sets a variable by itself.
func (c *container) setsEnv(name string) bool {
	return slices.ContainsFunc(c.Env, func(v resolve.EnvVar) bool { return v.Value != nil && v.Name == name })
}

// envEntry is the entry of a variable. knot takes none without a text, and none
// without a name.
func (c *container) envEntry(v resolve.EnvVar, at string) (text, bool) {
	name := c.text(v.Name)
	switch {
	case v.Value == nil:
		c.report(codeEnv, diag.Warning, diag.Dropped, at, c.show(v.Name)+" has no text, and knot sets no variable without one",
			"give it a text")
		return nil, false
	case len(name) == 0 || name.contains("="):
		c.report(codeEnv, diag.Warning, diag.Dropped, at, fmt.Sprintf("%q is no name of a variable", c.show(v.Name)), "")
		return nil, false
	}
	entry := name.join(literal("="), c.text(*v.Value))
	return c.mandatory(entry, at), true
}

// mandatory is an entry, with the text that knot's own variables have to have.
func (c *container) mandatory(entry text, at string) text {
	for _, v := range knot.MandatoryEnv {
		if !entry.startsWith(v.Name + "=") {
			continue
		}
		required := parse(v.String())
		if !entry.equal(required) {
			c.report(codeMandatory, diag.Warning, diag.Approximated, at,
				fmt.Sprintf("%s has to be %s in every template; what the source says is left out", v.Name, v.Value), "")
		}
		return required
	}
	return entry
}

// portNames is the text of a variable that names ports, such as
// "80=Web,8025=Email". A port without a label is called by its number.
func (c *container) portNames(v knot.PortVar) text {
	var all text
	for _, p := range c.named {
		if p.protocol != v.Protocol {
			continue
		}
		if len(all) > 0 {
			all = all.join(literal(","))
		}
		all = all.join(literal(p.digits()+"="), c.portLabel(p))
	}
	return all
}

func (c *container) portLabel(p port) text {
	if len(p.label) == 0 {
		return literal(p.digits())
	}
	if !p.label.contains(",=") {
		return p.label
	}
	c.report(codeLabel, diag.Note, diag.Approximated, "services",
		"the label of port "+p.digits()+` holds "," or "=", which separate names of ports; they become "-"`, "")
	var safe text
	for _, piece := range p.label {
		piece.literal = strings.NewReplacer(",", "-", "=", "-").Replace(piece.literal)
		safe = append(safe, piece)
	}
	return safe
}
