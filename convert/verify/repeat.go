package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hull/ir/resolve"
)

// repeated finds what a compose file of the job does not show: containers with
// another id than their service, and what is twice in a list of which an item
// counts once.
func (v *verification) repeated(job *resolve.Symbolic) Comparison {
	source, target := facts{}, facts{}
	for _, c := range job.Containers {
		at := path{"services", v.sourceName(c.Module)}
		id := at.with("container_id")
		source.add(id.String(), &fact{path: id, value: c.Module})
		target.add(id.String(), &fact{path: id, value: c.ID})
		for _, list := range lists(&c) {
			for i, item := range list.items {
				shown, _, _ := strings.Cut(item, " at ") // a port of the host
				if twice := at.with(list.attribute, job.Unmarked(shown)); slices.Contains(list.items[:i], item) {
					source.add(twice.String(), &fact{path: twice, value: "once"})
					target.add(twice.String(), &fact{path: twice, value: "more than once"})
				}
			}
		}
	}
	return compareFacts(source, target)
}

// sourceName is the service that a module is made of.
func (v *verification) sourceName(module string) string {
	for _, name := range slices.Sorted(maps.Keys(v.source.AllServices())) {
		if idOf(name) == module {
			return name
		}
	}
	return module
}

type list struct {
	attribute string
	items     []string
}

func lists(c *resolve.Container) []list {
	env, mounts, names, ports := list{attribute: "environment"}, list{attribute: "volumes"}, list{attribute: "names"}, list{attribute: "ports"}
	for _, e := range c.Env {
		env.items = append(env.items, e.Name)
	}
	for _, m := range c.Mounts {
		mounts.items = append(mounts.items, m.Path)
	}
	for _, s := range c.Services {
		names.items = append(names.items, s.ID)
	}
	if len(c.Services) > 0 { // the others have the same ports
		for _, p := range c.Services[0].Ports {
			transport := "tcp"
			if p.Protocol == "udp" {
				transport = "udp"
			}
			ports.items = append(ports.items, portText(p)+"/"+transport+" at "+p.ExposeAs)
		}
	}
	return []list{env, mounts, names, ports}
}

func portText(p resolve.Port) string {
	text := p.Range
	if text == "" {
		text = fmt.Sprint(p.Port)
	}
	return text
}
