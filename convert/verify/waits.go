package verify

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// dependencies makes facts of what the service waits for. That another one has
// been started promises nothing of it, and steps start together: there is no
// fact of that. Nor is there one of services that have no containers, which
// docker compose does not wait for, or that do not run at all and need not.
func (v *service) dependencies() {
	for name, d := range v.DependsOn {
		at := v.at.with("depends_on", v.serviceName(name))
		if _, isOff := v.DisabledServices[name]; isOff && !d.Required {
			v.off = append(v.off, at)
			continue
		}
		if restart := at.with("restart"); d.Restart && (!v.implies(name) || v.opts.isWritten != nil && v.opts.isWritten(restart)) {
			v.facts.flatten(restart, "true", v.main)
		}
		for key, value := range d.Extensions {
			v.facts.leaf(at.with(key), value, v.main)
		}
		other := v.Services[name]
		if d.Condition == types.ServiceConditionStarted || other.Name != "" && other.GetScale() == 0 {
			continue
		}
		condition := at.with("condition").String()
		f := &fact{path: at.with("condition"), value: d.Condition, under: v.main}
		if d.Condition == types.ServiceConditionHealthy {
			f.alt = waited
		}
		v.facts[condition] = f
		if !d.Required {
			v.facts.flatten(at.with("required"), strconv.FormatBool(d.Required), condition)
		}
	}
}

// implies tells whether compose-go makes the dependency of another attribute,
// and says of it that it restarts.
func (v *service) implies(name string) bool {
	for _, link := range v.Links {
		if linked, _, _ := strings.Cut(link, ":"); linked == name {
			return true
		}
	}
	return slices.Contains([]string{v.NetworkMode, v.Ipc, v.Pid, v.Uts, v.Cgroup}, types.ServicePrefix+name)
}

// waits looks at what has ended before a service because what it waits for has
// waited for that. Whoever waits for it as well, if only until it is healthy,
// has then waited until it ended, and requires it; for all others it is an
// offer, which keeps a promise to wait until it is healthy.
func (s *side) waits() {
	for name := range s.Services {
		for other := range s.endedBefore(name, false) {
			at := s.condition(name, other)
			s.facts.add(at.String(), &fact{path: at, value: types.ServiceConditionCompletedSuccessfully, alt: waited, role: offer, under: at.owner().String()})
		}
		for other := range s.Services[name].DependsOn {
			at := s.condition(name, other)
			if f := s.facts[at.String()]; f != nil && f.role != offer && s.endsFor(name, other) {
				f.value = types.ServiceConditionCompletedSuccessfully
				delete(s.facts, at[:len(at)-1].with("required").String())
			}
		}
	}
}

// waited is what waiting for health has in common with an offered end.
const waited = "waited for"

func (s *side) condition(name, other string) path {
	return path{"services", s.serviceName(name), "depends_on", s.serviceName(other), "condition"}
}

// endsFor tells whether something else that a service requires to have ended
// has required another to end.
func (s *side) endsFor(name, other string) bool {
	for between, d := range s.Services[name].DependsOn {
		if between != other && isEnd(d) && d.Required && s.endedBefore(between, true)[other] {
			return true
		}
	}
	return false
}

// endedBefore are the services that have ended before one starts, or those of
// them that are required to.
func (s *side) endedBefore(name string, isRequired bool) map[string]bool {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		for _, other := range slices.Sorted(maps.Keys(s.Services[name].DependsOn)) {
			if d := s.Services[name].DependsOn[other]; isEnd(d) && (d.Required || !isRequired) && !seen[other] {
				seen[other] = true
				visit(other)
			}
		}
	}
	visit(name)
	return seen
}

func isEnd(d types.ServiceDependency) bool {
	return d.Condition == types.ServiceConditionCompletedSuccessfully
}
