package verify

import (
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir/known"
	"hull/ir/resolve"
)

// reached compares whether services answer to their own names, which a compose
// file of the job does not show: there they always do, and in Polytope by their
// ports alone. Of a service that nothing is seen to use by its name, a report
// may say that it is not reached, and need not.
//
// Source: Polytope reference, "service-spec"; notes.md, "ServiceSpec".
func (v *verification) reached(source *types.Project, job *resolve.Job) Comparison {
	runs, offers := map[string]bool{}, map[string]bool{}
	for _, c := range job.Containers {
		runs[v.sourceName(c.Module)] = true
		for _, s := range c.Services {
			offers[s.ID] = offers[s.ID] || len(s.Ports) > 0
		}
	}
	var c Comparison
	for _, name := range slices.Sorted(maps.Keys(source.Services)) {
		if !runs[name] { // that is the difference
			continue
		}
		at := path{"services", name, "names", name}
		f := &fact{path: at, value: name}
		target := f
		if !offers[idOf(name)] {
			target = nil
		}
		one := compareFacts(facts{"": f}, facts{"": target})
		if !isUsed(source, name) {
			one = Comparison{Within: one.Differences}
		}
		c.merge(one)
	}
	return c
}

// isUsed tells whether another service is seen to use one by its name: it
// starts after it and goes on beside it, or has a variable with that host.
func isUsed(p *types.Project, name string) bool {
	for other, s := range p.Services {
		if other == name {
			continue
		}
		if d, depends := s.DependsOn[name]; depends && d.Condition != types.ServiceConditionCompletedSuccessfully {
			return true
		}
		for variable, text := range s.Environment {
			if text != nil && known.Addresses(variable, *text, name) {
				return true
			}
		}
	}
	return false
}
