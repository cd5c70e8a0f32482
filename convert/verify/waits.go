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
		if _, isOff := v.DisabledServices[name]; isOff && !d.Required {
			continue
		}
		at := v.at.with("depends_on", v.serviceName(name))
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
		v.facts[condition] = &fact{path: at.with("condition"), value: d.Condition, under: v.main}
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

// waits offers, for each service, what has ended before it because what it
// waits for has waited for that.
func (s *side) waits() {
	for name := range s.Services {
		seen := map[string]bool{}
		s.ended(name, seen)
		for other := range seen {
			at := path{"services", s.serviceName(name), "depends_on", s.serviceName(other), "condition"}
			s.facts.add(at.String(), &fact{path: at, value: types.ServiceConditionCompletedSuccessfully, role: offer, under: at.owner().String()})
		}
	}
}

func (s *side) ended(name string, seen map[string]bool) {
	for _, other := range slices.Sorted(maps.Keys(s.Services[name].DependsOn)) {
		if s.Services[name].DependsOn[other].Condition == types.ServiceConditionCompletedSuccessfully && !seen[other] {
			seen[other] = true
			s.ended(other, seen)
		}
	}
}
