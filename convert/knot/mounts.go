package knot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
)

// mountList are the items of volumes.
func (c *container) mountList() ir.Expr {
	list := &ir.List{}
	ids := map[string]string{}
	taken := map[string]int{}
	for _, m := range c.mounts() {
		path := fmt.Sprintf("volumes[%d]", m.index)
		c.mountModes(m, path)
		var source *ir.Map
		if m.isHost() {
			source = ir.NewMap("type", ir.Str("host"), "path", c.hostPath(m))
		} else {
			source = ir.NewMap("type", ir.Str("volume"), "scope", ir.Str("project"), "id", c.volumeID(m, path, ids, taken))
		}
		x := ir.NewMap("path", c.text(m.target, c.place("mount_path", m.node), false), "source", source)
		x.Meta = ir.Meta{Rng: c.rangeOf(m.node), Comments: commentsOf(m.node)}
		list.Items = append(list.Items, x)
	}
	if len(list.Items) == 0 {
		return nil
	}
	_, n := c.job.get("volumes")
	list.Rng = c.rangeOf(n)
	return c.commented(list, "volumes")
}

// hostPath is a path of the host, written without a leading "./": that would
// make it relative to the working directory in Polytope (notes.md).
func (c *container) hostPath(m mounted) ir.Expr {
	t := c.applySet(m.source)
	if rest, ok := strings.CutPrefix(t.String(), "./"); ok && t[0].isText() && rest != "" {
		t = append(tmpl{{text: strings.TrimPrefix(t[0].text, "./")}}, t[1:]...)
	}
	return c.text(t, c.place("host_path", m.node), false)
}

// volumeID is the id of a volume: its name without the space's id, which keeps
// apart what Polytope keeps apart by the project.
func (c *container) volumeID(m mounted, path string, ids map[string]string, taken map[string]int) ir.Expr {
	t := m.source
	isShared := !strings.HasPrefix(m.name(), knot.Action("space.id"))
	if len(t) > 1 && t[0].variable == "space.id" && strings.HasPrefix(t[1].text, "-") {
		t = append(tmpl{{text: t[1].text[1:]}}, t[2:]...)
	}
	t = c.applySet(t)
	name := t.String()
	id := cmp.Or(ir.ToID(strings.NewReplacer(knot.OpenAction, "", knot.CloseAction, "").Replace(name)), c.id+"-volume")
	if given, ok := ids[m.name()]; ok {
		id = given
	} else {
		id = unique(id, "-", taken)
	}
	if _, isText := t.literal(); id != name || !isText {
		c.reportAt(m.node, path, diag.Warning, diag.Approximated, "knot/volume-changed",
			fmt.Sprintf("volume %s becomes %s, as the id of a volume is literal and holds only a–z, 0–9, _ and -", clip(m.name()), clip(id)), "")
	}
	if isShared {
		c.reportAt(m.node, path, diag.Note, diag.Approximated, "knot/volume-changed", fmt.Sprintf("spaces share volume %s; in Polytope each project has its own", clip(m.name())), "")
	}
	ids[m.name()] = id
	return &ir.String{Meta: ir.At(c.rangeOf(m.node)), Value: id}
}

func (c *container) mountModes(m mounted, path string) {
	if slices.Contains(m.modes, "ro") {
		c.reportAt(m.node, path, diag.Warning, diag.Dropped, "knot/mount-mode", "a read-only mount has no counterpart in Polytope; mounted writable", "")
	}
	for _, mode := range m.modes {
		if mode == "z" || mode == "Z" || mode == "nocopy" {
			c.reportAt(m.node, path, diag.Warning, diag.Dropped, "knot/mount-mode", fmt.Sprintf("the mode %s of a mount has no counterpart in Polytope", mode), "")
		}
	}
}

// definitionLosses reports what volume definitions say beyond names.
func (c *container) definitionLosses() {
	if c.definitions == nil {
		return
	}
	lose := func(n *yaml.Node, path, what string) {
		c.report.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "knot/definition", Fate: diag.Dropped, Path: path, Subject: c.definitions.at(n),
			Message: what + " has no counterpart in Polytope",
		})
	}
	if k, n := c.definitions.get("paths"); n != nil && !saysNothing(n) {
		lose(k, "paths", "a managed path of the host")
	}
	_, volumes := c.definitions.get("volumes")
	if volumes == nil {
		return
	}
	for _, name := range c.unused() {
		n := c.declared()[name]
		c.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "knot/volume-unused", Fate: diag.Dropped, Path: "volumes." + name, Subject: c.definitions.at(n),
			Message: fmt.Sprintf("volume %s is defined and not mounted; left out", clip(name)),
		})
	}
	for i := 0; volumes.Kind == yaml.MappingNode && i+1 < len(volumes.Content); i += 2 {
		if v := volumes.Content[i+1]; !saysNothing(v) {
			lose(v, "volumes."+volumes.Content[i].Value, "the size of a volume")
		}
	}
	if volumes.Kind == yaml.SequenceNode {
		lose(volumes, "volumes", "a volume of Nomad's, beyond its name,")
	}
}
