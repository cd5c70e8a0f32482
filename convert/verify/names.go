package verify

import (
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// names makes a fact of each further name by which the service is reached: on
// its networks, as its container or its host is called, and by what others
// link it as.
func (v *service) names() {
	own := v.at.with("names", v.Name)
	v.facts.add(v.at.with("names", idOf(v.Name)).String(), &fact{path: own, value: v.Name, role: offer, under: v.main})
	v.ownNames()
	if v.ContainerName != "" {
		v.name(v.ContainerName, v.at.with("container_name"))
	}
	if v.Hostname != "" {
		v.name(v.Hostname, v.at.with("hostname"))
	}
	for _, network := range slices.Sorted(maps.Keys(v.ServiceConfig.Networks)) {
		n := v.ServiceConfig.Networks[network]
		if n == nil {
			continue
		}
		for i, alias := range n.Aliases {
			v.name(alias, v.at.with("networks", network, "aliases").item(i))
		}
	}
	for _, other := range slices.Sorted(maps.Keys(v.Services)) {
		for i, link := range v.Services[other].Links {
			if name, alias, ok := strings.Cut(link, ":"); ok && name == v.Name {
				v.name(alias, path{"services", v.serviceName(other), "links"}.item(i))
			}
		}
	}
	v.offerNames()
}

// ownNames makes facts of what the container calls itself, and of what the
// engine lists it as, where that is not its service's name. By which names others
// reach it is another matter: a network may give it any.
func (v *service) ownNames() {
	if v.Hostname != "" {
		v.say(v.Hostname, "hostname")
	}
	if v.ContainerName != "" && v.ContainerName != v.Name {
		v.say(v.ContainerName, "container_name")
	}
}

// offerNames takes the names that services link it as which do not run: whoever
// has none of them is not disturbed by more.
func (v *service) offerNames() {
	for _, other := range v.DisabledServices {
		for _, link := range other.Links {
			if name, alias, ok := strings.Cut(link, ":"); ok && name == v.Name {
				at := v.at.with("names", idOf(alias))
				v.facts.add(at.String(), &fact{path: at, value: idOf(alias), role: offer, under: v.main})
			}
		}
	}
}

// name says a name.
func (v *service) name(name string, at path) {
	if name == v.Name {
		return
	}
	key := v.at.with("names", idOf(name)).String()
	if f := v.facts[key]; f == nil || f.role == offer {
		v.facts.add(key, &fact{path: v.at.with("names", name), value: name, under: v.main})
	}
	v.facts[key].at = append(v.facts[key].at, at)
}

// networks makes facts of what is said of the service on its networks. That it
// is on them only matters for whom it reaches, which apart looks at.
func (v *service) networks() {
	networks, _ := v.rest["networks"].(map[string]any)
	for name, n := range networks {
		if n, ok := n.(map[string]any); ok {
			delete(n, "aliases")
			v.facts.flatten(v.at.with("networks", name), n, v.main)
		}
	}
}

// apart makes a fact of the services that the networks keep a service from,
// which is theirs to say where it says nothing of networks itself. One with a
// network mode has no networks, and is none of them, nor is one that does not
// run.
func (s *side) apart() {
	for name, a := range s.Services {
		if a.NetworkMode != "" || a.GetScale() == 0 {
			continue
		}
		others := map[string]bool{}
		for other, b := range s.Services {
			if other != name && b.NetworkMode == "" && b.GetScale() > 0 && !shareNetwork(a, b) {
				others[s.serviceName(other)] = true
			}
		}
		if len(others) > 0 {
			at := path{"services", s.serviceName(name), "networks"}
			f := &fact{path: at, value: "apart from " + sorted(others), under: at.owner().String()}
			for _, other := range slices.Sorted(maps.Keys(others)) {
				f.elsewhere = append(f.elsewhere, path{"services", other, "networks"})
			}
			s.facts.add(at.String(), f)
		}
	}
}

func shareNetwork(a, b types.ServiceConfig) bool {
	for n := range a.Networks {
		if _, ok := b.Networks[n]; ok {
			return true
		}
	}
	return false
}
