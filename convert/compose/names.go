package compose

import (
	"fmt"

	"hull/ir"
	"hull/ir/diag"
)

// names gives ids to the things of one kind, and sees to it that no two share
// one.
type names struct {
	r     *reader
	kind  string // "service", for messages
	ids   map[string]string
	taken map[string]string // id → the name that has it
}

func (r *reader) newNames(kind string) *names {
	return &names{r: r, kind: kind, ids: map[string]string{}, taken: map[string]string{}}
}

// id is the id of a name, declared at keys. A change is reported, a collision
// is an error.
func (n *names) id(name string, keys ...string) string {
	if id, ok := n.ids[name]; ok {
		return id
	}
	id := ir.ToID(name)
	rng := n.r.place(keys)
	switch other, clash := n.taken[id]; {
	case id == "":
		n.r.report.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "compose/name-collision", Subject: rng, Path: joinPath(keys),
			Message: fmt.Sprintf("%s %q has no character that an id may have", n.kind, name),
		})
		id = "unnamed"
	case clash:
		n.r.report.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "compose/name-collision", Subject: rng, Path: joinPath(keys),
			Message: fmt.Sprintf("%ss %q and %q would both be called %q", n.kind, other, name, id),
			Help:    "rename one of them",
		})
	case id != name:
		n.r.changed(n.kind, name, id, rng, keys)
	}
	n.ids[name] = id
	n.taken[id] = name
	return id
}

// fresh is an id that nothing has: the given one, or one like it.
func (n *names) fresh(id string) string {
	unique := id
	for i := 2; n.taken[unique] != ""; i++ {
		unique = fmt.Sprintf("%s-%d", id, i)
	}
	n.taken[unique] = unique
	return unique
}

func (r *reader) changed(kind, name, id string, rng ir.Range, keys []string) {
	severity, consequence := diag.Note, ""
	if kind == "service" || kind == "host name" {
		severity, consequence = diag.Warning, "; whoever addresses it must use the new name"
	}
	r.report.Add(diag.Diagnostic{
		Severity: severity, Code: "compose/name-changed", Fate: diag.Approximated, Subject: rng, Path: joinPath(keys),
		Message: fmt.Sprintf("%s %q becomes %q, as ids hold only a–z, 0–9, _ and -%s", kind, name, id, consequence),
	})
}
