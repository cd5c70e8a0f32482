package compose

import (
	"fmt"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// stackID is the template that runs every service without a profile.
const stackID = "stack"

// templates makes the stack and a template per profile.
func (r *reader) templates(services []string) {
	if stack := r.active(services); len(stack) > 0 || len(r.profiles(services)) == 0 {
		r.template(stackID, stack, diag.Error)
	}
	r.profileIDs.taken[stackID] = stackID
	for _, p := range r.profiles(services) {
		r.template(r.profileID(p, services), r.active(services, p), diag.Warning)
	}
}

// active are the services that run with some profiles besides the chosen ones.
func (r *reader) active(services []string, profiles ...string) []string {
	profiles = append(profiles, r.opts.Profiles...)
	return slices.DeleteFunc(slices.Clone(services), func(name string) bool { return !r.runs(name, profiles) })
}

// runs tells whether a service runs with the profiles; one without replicas
// never does.
func (r *reader) runs(name string, profiles []string) bool {
	s := r.Services[name]
	if r.moduleOf[name] == nil {
		return false
	}
	if r.hasNoReplicas(name) {
		return false
	}
	return len(s.Profiles) == 0 || slices.ContainsFunc(s.Profiles, func(p string) bool {
		return slices.Contains(profiles, p) || slices.Contains(profiles, "*")
	})
}

func (r *reader) hasNoReplicas(name string) bool {
	c := &container{reader: r, s: r.Services[name], name: name}
	n, _, ok := c.replicas()
	return ok && n == 0 && r.moduleOf[name].Call.Args.Get("scaling") == nil
}

// profiles are the profiles in the order of their use, but for those that are
// active anyway.
func (r *reader) profiles(services []string) []string {
	var out []string
	for _, name := range services {
		for _, p := range r.Services[name].Profiles {
			if !slices.Contains(out, p) && !slices.Contains(r.opts.Profiles, p) && !slices.Contains(r.opts.Profiles, "*") {
				out = append(out, p)
			}
		}
	}
	return out
}

func (r *reader) profileID(profile string, services []string) string {
	var keys []string
	for _, name := range services {
		if slices.Contains(r.Services[name].Profiles, profile) {
			keys = []string{"services", name, "profiles"}
			break
		}
	}
	if ir.ToID(profile) == stackID {
		id := r.profileIDs.fresh("profile-" + stackID)
		r.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "compose/name-changed", Fate: diag.Approximated, Subject: r.place(keys), Path: joinPath(keys),
			Message: fmt.Sprintf("profile %q becomes the template %q, as %q runs the services without profiles", profile, id, stackID),
		})
		return id
	}
	return r.profileIDs.id(profile, keys...)
}

// template makes one template; absent is how grave a dependency is that the
// template does not run.
func (r *reader) template(id string, services []string, absent diag.Severity) {
	t := &ir.Template{ID: id}
	if o, ok := r.src.find("services"); ok {
		t.Rng, t.IDRange = o.rng(), o.rng()
	}
	g := &waits{after: map[string]string{}, uses: map[string][]string{}}
	for _, name := range services {
		r.addSteps(t, name)
		g.uses[r.moduleOf[name].ID] = r.uses(name, services)
	}
	for _, name := range r.firstEnded(services) {
		g.add(r.moduleOf[name].ID, r.mustEnd(name, services, absent))
	}
	for _, s := range t.Run {
		s.After = g.after[s.StepID()]
		if s.After != "" && r.isService(s.After) {
			s.Condition = "success"
		}
	}
	r.out.Templates = append(r.out.Templates, t)
	r.reportWaits(g, services)
	for _, name := range services {
		r.health(name, g, services)
	}
}

// uses are the steps that a service needs in any way.
func (r *reader) uses(name string, services []string) []string {
	var out []string
	if b := r.buildOf[name]; b != nil {
		out = append(out, b.module.ID)
	}
	for _, dep := range r.dependencies(name) {
		if slices.Contains(services, dep) {
			out = append(out, r.moduleOf[dep].ID)
		}
	}
	return out
}

// reportWaits reports steps that wait for more, or for less, than they did.
func (r *reader) reportWaits(g *waits, services []string) {
	for _, linked := range g.linked {
		for _, step := range r.waiting(g, linked, services) {
			r.reportWait(step, g.after[linked], services, diag.Note, "compose/waits-more",
				fmt.Sprintf("also waits for %s, as what needs both can name one", g.after[linked]))
		}
	}
	for _, l := range g.left {
		r.reportWait(l[0], l[1], services, diag.Warning, "compose/waits-less",
			fmt.Sprintf("does not wait for %s, as a Polytope step waits for one other; it must retry", l[1]))
	}
}

// waiting are the steps that wait for more because one does: itself, and where
// that is an image which waits for a service, the services that come next.
func (r *reader) waiting(g *waits, step string, services []string) []string {
	other := g.after[step]
	if r.isService(step) || !r.isService(other) {
		return []string{step}
	}
	var out []string
	for _, name := range services {
		id := r.moduleOf[name].ID
		chain := g.chain(id)[1:]
		i := slices.Index(chain, step)
		if i >= 0 && !slices.ContainsFunc(chain[:i], r.isService) && !r.waitsFor(name, other) {
			out = append(out, id)
		}
	}
	return out
}

// waitsFor tells whether the source has a service wait until a step has ended,
// directly or by others.
func (r *reader) waitsFor(name, step string) bool {
	for dep := range r.endedBefore(name, func(dep string, _ types.ServiceDependency) bool { return r.moduleOf[dep] != nil }) {
		if r.moduleOf[dep].ID == step {
			return true
		}
	}
	return false
}

// endedBefore are the services that have ended before one starts, by the
// dependencies that count.
func (r *reader) endedBefore(name string, counts func(dep string, d types.ServiceDependency) bool) map[string]bool {
	ended := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		for dep, d := range r.Services[name].DependsOn {
			if d.Condition == types.ServiceConditionCompletedSuccessfully && counts(dep, d) && !ended[dep] {
				ended[dep] = true
				visit(dep)
			}
		}
	}
	visit(name)
	return ended
}

// reportWait reports a step that waits for another. Where an image is waited
// for, that image's build is what the report is about.
func (r *reader) reportWait(step, other string, services []string, severity diag.Severity, code, text string) {
	keys, isBuild := r.stepKeys(step, services)
	if owner, ok := r.stepKeys(other, services); ok && !isBuild {
		keys = owner
	}
	r.report.Add(diag.Diagnostic{
		Severity: severity, Code: code, Fate: diag.Approximated, Path: joinPath(keys), Subject: r.place(keys), Message: step + ": " + text,
	})
}

// stepKeys are where a step comes from: the first service that it runs, or
// whose image it builds.
func (r *reader) stepKeys(id string, services []string) (keys []string, isBuild bool) {
	for _, name := range services {
		switch b := r.buildOf[name]; {
		case r.moduleOf[name].ID == id:
			return []string{"services", name}, false
		case b != nil && b.module.ID == id:
			return []string{"services", name, "build"}, true
		}
	}
	return []string{"services"}, false
}

func (r *reader) isService(id string) bool {
	for _, b := range r.builds {
		if b.module.ID == id {
			return false
		}
	}
	return true
}

// addSteps adds the service's step, and ahead of it that of its image, once.
func (r *reader) addSteps(t *ir.Template, name string) {
	m := r.moduleOf[name]
	if b := r.buildOf[name]; b != nil && t.Step(b.module.ID) == nil {
		t.Run = append(t.Run, &ir.Step{Meta: ir.At(m.Rng), Call: ir.Call{Meta: ir.At(m.Rng), Module: b.module.ID}})
	}
	t.Run = append(t.Run, &ir.Step{Meta: ir.At(m.Rng), Call: ir.Call{Meta: ir.At(m.Rng), Module: m.ID}})
}

// mustEnd are the steps that have to end before the service may start.
func (r *reader) mustEnd(name string, services []string, absent diag.Severity) []string {
	var out []string
	if b := r.buildOf[name]; b != nil {
		out = append(out, b.module.ID)
	}
	for _, dep := range r.dependencies(name) {
		d := r.Services[name].DependsOn[dep]
		if !slices.Contains(services, dep) {
			if d.Required && r.moduleOf[dep] != nil && !r.hasNoReplicas(dep) {
				r.absentDependency(name, dep, absent)
			}
			continue
		}
		if d.Condition == types.ServiceConditionCompletedSuccessfully {
			out = append(out, r.moduleOf[dep].ID)
		}
	}
	return out
}

func (r *reader) absentDependency(name, dep string, severity diag.Severity) {
	keys := []string{"services", name, "depends_on", dep}
	d := diag.Diagnostic{
		Severity: severity, Code: "compose/depends-on-absent", Fate: diag.Approximated, Path: joinPath(keys), Subject: r.place(keys),
		Message: fmt.Sprintf("%s: depends on %s, which does not run with it", name, dep),
		Help:    "activate its profile with --profile, or write required: false",
	}
	if severity == diag.Error {
		d.Fate = diag.NoFate
	}
	r.report.Add(d)
}

// dependencies are the services of depends_on, in the order of the source.
func (r *reader) dependencies(name string) []string {
	var out []string
	for _, dep := range r.src.keys("services", name, "depends_on") {
		if _, ok := r.Services[name].DependsOn[dep]; ok {
			out = append(out, dep)
		}
	}
	return out
}

// firstEnded orders services so that what has to end comes before what waits
// for it.
func (r *reader) firstEnded(services []string) []string {
	var out []string
	state := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if state[name] || !slices.Contains(services, name) {
			return
		}
		state[name] = true
		for _, dep := range r.dependencies(name) {
			if r.Services[name].DependsOn[dep].Condition == types.ServiceConditionCompletedSuccessfully {
				visit(dep)
			}
		}
		out = append(out, name)
	}
	for _, name := range services {
		visit(name)
	}
	return out
}

// waits knows, for every step, the one step it waits for: Polytope's "after"
// names one (Polytope reference, "Steps").
type waits struct {
	after map[string]string
	// uses are the steps that a step needs in any way, ended or running.
	uses map[string][]string
	// linked are the steps that wait only so that others need not name them,
	// left what cannot be waited for.
	linked []string
	left   [][2]string
}

// chain is a step and what it waits for, directly and indirectly.
func (w *waits) chain(step string) []string {
	var out []string
	for s := step; s != "" && !slices.Contains(out, s); s = w.after[s] {
		out = append(out, s)
	}
	return out
}

// needs tells whether a step can only end when the other runs or has ended.
func (w *waits) needs(step, other string) bool {
	seen := map[string]bool{}
	var reaches func(string) bool
	reaches = func(s string) bool {
		if s == other {
			return true
		}
		if s == "" || seen[s] {
			return false
		}
		seen[s] = true
		return reaches(w.after[s]) || slices.ContainsFunc(w.uses[s], reaches)
	}
	return reaches(step)
}

// add makes a step wait for several others: they are chained, so that the last
// one implies the rest.
func (w *waits) add(step string, others []string) {
	last := ""
	for _, o := range others {
		switch {
		case last == "" || slices.Contains(w.chain(o), last):
			last = o
		case slices.Contains(w.chain(last), o):
		case w.link(o, last):
			last = o
		case w.link(last, o):
		default:
			w.left = append(w.left, [2]string{step, o})
		}
	}
	if last != "" {
		w.after[step] = last
	}
}

// link makes the later step, or what it waits for, wait for the earlier one. It
// does not where the earlier one needs the later one's beginning.
func (w *waits) link(later, earlier string) bool {
	first := w.free(later, earlier)
	if w.needs(earlier, first) {
		return false
	}
	w.after[first] = earlier
	w.linked = append(w.linked, first)
	return true
}

// free is the step of o's chain that can be made to wait for last: the
// earliest one that last does not wait for itself.
func (w *waits) free(o, last string) string {
	earlier := w.chain(last)
	out := o
	for _, s := range w.chain(o) {
		if slices.Contains(earlier, s) {
			break
		}
		out = s
	}
	return out
}

// networkIsolation reports services that the networks kept apart.
func (r *reader) networkIsolation(services []string) {
	templates := r.members(services)
	for _, name := range services {
		keys := []string{"services", name, "networks"}
		if _, ok := r.src.find(keys...); !ok || r.moduleOf[name] == nil {
			continue
		}
		var apart []string
		for _, other := range services {
			isBoth := func(members map[string]bool) bool { return members[name] && members[other] }
			if other != name && !r.shareNetwork(name, other) && slices.ContainsFunc(templates, isBoth) {
				apart = append(apart, other)
			}
		}
		if len(apart) > 0 {
			r.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "compose/network-isolation", Fate: diag.Dropped, Path: joinPath(keys), Subject: r.place(keys),
				Message: fmt.Sprintf("%s: is kept apart from %s by its networks; in Polytope every service reaches every other", name, listSome(apart)),
			})
		}
	}
}

// members are the services of each template.
func (r *reader) members(services []string) []map[string]bool {
	set := func(names []string) map[string]bool {
		members := map[string]bool{}
		for _, name := range names {
			members[name] = true
		}
		return members
	}
	out := []map[string]bool{set(r.active(services))}
	for _, p := range r.profiles(services) {
		out = append(out, set(r.active(services, p)))
	}
	return out
}

func (r *reader) shareNetwork(a, b string) bool {
	for n := range r.Services[a].Networks {
		if _, ok := r.Services[b].Networks[n]; ok {
			return true
		}
	}
	return r.Services[a].NetworkMode != "" || r.Services[b].NetworkMode != ""
}

// health reports what of a service's dependencies a template does not keep:
// Polytope only knows steps that end. What has ended because something else
// needed it to was healthy before, or will not be.
func (r *reader) health(name string, g *waits, services []string) {
	for _, dep := range r.dependencies(name) {
		if !slices.Contains(services, dep) {
			continue
		}
		d := r.Services[name].DependsOn[dep]
		hasEnded := slices.Contains(g.chain(r.moduleOf[name].ID)[1:], r.moduleOf[dep].ID)
		keys := []string{"services", name, "depends_on", dep}
		switch {
		case d.Condition == types.ServiceConditionHealthy && !hasEnded:
			r.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "compose/depends-on-healthy", Fate: diag.Approximated, Path: joinPath(append(keys, "condition")), Subject: r.place(keys),
				Message: fmt.Sprintf("%s: does not wait until %s is healthy; it must retry", name, dep),
			})
		case d.Condition != types.ServiceConditionStarted && !d.Required && !r.endsFor(name, dep):
			r.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "compose/depends-on-optional", Fate: diag.Approximated, Path: joinPath(append(keys, "required")), Subject: r.place(keys),
				Message: fmt.Sprintf("%s: does not start where %s fails; compose only warns, as the dependency is not required", name, dep),
			})
		}
	}
}

// endsFor tells whether something else that the service needs to have ended
// needs the dependency to have ended: then it is required all the same.
func (r *reader) endsFor(name, dep string) bool {
	isRequired := func(_ string, d types.ServiceDependency) bool { return d.Required }
	for other, d := range r.Services[name].DependsOn {
		isNeeded := other != dep && d.Required && d.Condition == types.ServiceConditionCompletedSuccessfully
		if isNeeded && r.endedBefore(other, isRequired)[dep] {
			return true
		}
	}
	return false
}

// defaultTTY says once what Polytope does where the source is silent.
func (r *reader) defaultTTY(services []string) {
	for _, name := range services {
		if r.moduleOf[name] == nil || r.hasNoReplicas(name) {
			continue
		}
		_, tty := r.src.find("services", name, "tty")
		_, stdin := r.src.find("services", name, "stdin_open")
		if tty && stdin {
			continue
		}
		r.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "compose/tty-default", Fate: diag.Approximated, Path: "services", Subject: r.src.all("services")[0].rng(),
			Message: "Polytope gives containers a TTY and an open standard input where the source says nothing; compose does not",
		})
		return
	}
}

// warnUnreachable reports services of which no port is known, so that their
// names do not resolve: as a warning where another service addresses them, and
// as a note where one depends on them or they have further names.
func (r *reader) warnUnreachable(services []string) {
	for _, name := range services {
		m := r.moduleOf[name]
		if m == nil || r.hasNoReplicas(name) || m.Call.Args.Get("services") != nil {
			continue
		}
		severity, why := diag.Warning, r.addressedBy(name, services)
		if why == "" {
			severity, why = diag.Note, r.expectedBy(name, services)
		}
		if why == "" {
			continue
		}
		keys := []string{"services", name}
		r.report.Add(diag.Diagnostic{
			Severity: severity, Code: "compose/service-port-unknown", Fate: diag.Approximated, Path: joinPath(keys), Subject: r.place(keys),
			Message: fmt.Sprintf("%s: %s, and no port of it is known, so that its name does not resolve in Polytope", name, why),
			Help:    "list its ports under expose",
		})
	}
}

// addressedBy says which service's environment holds the name of another as a
// host.
func (r *reader) addressedBy(name string, services []string) string {
	for _, other := range services {
		if other == name || r.moduleOf[other] == nil {
			continue
		}
		for variable, text := range r.environment(other) {
			if known.Addresses(variable, text, name) {
				return other + " addresses it"
			}
		}
	}
	return ""
}

// expectedBy says why the service may be meant to be addressed.
func (r *reader) expectedBy(name string, services []string) string {
	for _, other := range services {
		d, depends := r.Services[other].DependsOn[name]
		if depends && d.Condition != types.ServiceConditionCompletedSuccessfully {
			return other + " depends on it"
		}
	}
	for _, host := range r.hosts(name) {
		if host != name {
			return "it is also called " + host
		}
	}
	return ""
}
