package knot

import (
	"fmt"
	"strings"

	"hull/ir/diag"
	"hull/ir/known"
	"hull/ir/resolve"
)

// reportSeveral says that a job became several templates, and what of one
// names another: spaces have names that their users choose.
func (w *writer) reportSeveral(job *resolve.Job) {
	if !w.several {
		return
	}
	var names []string
	cs := make([]*container, len(job.Containers))
	for i := range job.Containers {
		cs[i] = &container{writer: w, Container: &job.Containers[i]}
		names = append(names, cs[i].label())
	}
	d := diag.Diagnostic{
		Severity: diag.Note, Code: codeSeveral, Fate: diag.Approximated,
		Message: fmt.Sprintf("%d containers become a template each, and with it spaces by themselves: %s", len(names), strings.Join(names, ", ")),
		Help:    "create a space of each template",
	}
	if w.opts.File != nil {
		d.Subject = w.opts.File.Rng
	}
	w.add(d)
	for _, c := range cs {
		c.reportPeers(cs)
	}
}

// reportPeers reports the variables and the command of a container that name
// another one as a host.
func (c *container) reportPeers(cs []*container) {
	for _, other := range cs {
		if other == c {
			continue
		}
		for _, s := range other.Services {
			if id := c.plain(s.ID); id != "" {
				c.reportPeer(other, id)
			}
		}
	}
}

func (c *container) reportPeer(other *container, host string) {
	const help = "write the name of the other space, or make it a variable of knot"
	for i, v := range c.Env {
		if v.Value != nil && known.Addresses(c.plain(v.Name), c.plain(*v.Value), host) {
			c.report(codePeers, diag.Warning, diag.Approximated, item("env", i),
				c.show(v.Name)+" names "+other.label()+", which is a space with a name of its own in knot", help)
		}
	}
	if c.Cmd != nil && known.CommandAddresses(strings.Fields(c.plain(c.Cmd.Line+" "+strings.Join(c.Cmd.Words, " "))), host) {
		c.report(codePeers, diag.Warning, diag.Approximated, "cmd",
			"its command names "+other.label()+", which is a space with a name of its own in knot", help)
	}
}
