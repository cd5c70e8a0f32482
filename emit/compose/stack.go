package compose

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// stack is the project on its way to be a file.
type stack struct {
	opts     Options
	report   *diag.Report
	vars     *variables
	services []*service
	runs     []run
	// sharedVolumes are the volumes of jobs that several mounts name.
	sharedVolumes map[string]bool
	volumes       *names
	configs       []resource
	secrets       []resource
	// built are the images that a service of any job builds and runs.
	built map[string]bool
}

// run is what a job runs: by step, the service that the step starts, and nil
// for one that starts none; and what each step waits for.
type run struct {
	name    string
	rng     ir.Range
	byStep  map[string]*service
	waits   map[string][]resolve.Wait
	ordered []*service
}

// wait is a service that has to have ended first.
type wait struct {
	target   *service
	runs     []string // the jobs that say so
	required bool
}

// add converts the containers of all jobs. One that several jobs run alike is
// one service.
func (s *stack) add(jobs []job) {
	s.built = map[string]bool{}
	for _, j := range jobs {
		c := &converter{stack: s, texts: j.texts, job: j.Job}
		for _, t := range j.Containers {
			if c.buildOf(t) != nil {
				s.built[c.plain(t.Image)] = true
			}
		}
	}
	for _, j := range jobs {
		r := run{name: j.Name, rng: jobRange(j), byStep: map[string]*service{}, waits: map[string][]resolve.Wait{}}
		c := &converter{stack: s, texts: j.texts, job: j.Job, usedBuilds: map[string]bool{}}
		for _, t := range j.Containers {
			r.waits[t.Step] = t.After
			if sv := s.same(c.container(t)); sv != nil {
				if len(sv.jobs) == 0 {
					s.services = append(s.services, sv)
				}
				sv.jobs = append(sv.jobs, j.Name)
				r.byStep[t.Step] = sv
				r.ordered = append(r.ordered, sv)
			}
		}
		for _, b := range j.Builds {
			r.waits[b.Step] = b.After
		}
		for _, o := range j.Opaque {
			r.waits[o.Step] = o.After
			c.opaque(o)
		}
		c.unusedBuilds()
		r.sort()
		s.runs = append(s.runs, r)
	}
}

// same is the service that a conversion made, or an equal one of another job.
func (s *stack) same(sv *service) *service {
	if sv == nil {
		return nil
	}
	for _, r := range s.runs {
		for _, other := range r.ordered {
			if other.equals(sv) {
				return other
			}
		}
	}
	s.report.Add(sv.diagnostics...)
	return sv
}

// sort puts services in the order of the source, where that is known: start
// order is depends_on's to say.
func (r *run) sort() {
	for _, sv := range r.ordered {
		if !sv.task.Rng.IsValid() || sv.task.Rng.File != r.ordered[0].task.Rng.File {
			return
		}
	}
	slices.SortStableFunc(r.ordered, func(a, b *service) int {
		switch p, q := a.task.Rng.Start, b.task.Rng.Start; {
		case p.Before(q):
			return -1
		case q.Before(p):
			return 1
		}
		return 0
	})
}

// base is the name of the job whose services have no profiles.
func (s *stack) base() string {
	if s.opts.Base != "" || len(s.runs) == 0 {
		return s.opts.Base
	}
	return s.runs[0].name
}

// arrange puts the services of all jobs in one order. It depends on that of
// the jobs, and who reads the file finds its profiles in the order in which
// services name them: both are settled together, so that the file, read and
// written again, stays as it is.
func (s *stack) arrange() {
	s.opts.Base = s.base()
	for range len(s.runs) {
		s.services = nil
		for _, r := range s.runs {
			s.insert(r.ordered)
		}
		before := slices.Clone(s.runs)
		s.sortRuns()
		if slices.EqualFunc(before, s.runs, func(a, b run) bool { return a.name == b.name }) {
			return
		}
	}
}

// sortRuns orders the jobs by the services that name them, the base first.
func (s *stack) sortRuns() {
	rank := map[string]int{s.opts.Base: -1}
	place := map[string]int{}
	for i, r := range s.runs {
		place[r.name] = i
	}
	for _, sv := range s.services {
		slices.SortStableFunc(sv.jobs, func(a, b string) int { return place[a] - place[b] })
		if slices.Contains(sv.jobs, s.opts.Base) {
			continue
		}
		for _, name := range sv.jobs {
			if _, seen := rank[name]; !seen {
				rank[name] = len(rank)
			}
		}
	}
	at := func(r run) int {
		if n, named := rank[r.name]; named {
			return n
		}
		return len(rank) // it runs nothing but what the base does
	}
	slices.SortStableFunc(s.runs, func(a, b run) int { return at(a) - at(b) })
}

// insert adds a job's services, each right before the one that it precedes
// there. What two jobs put in one place stays in the order of the jobs.
func (s *stack) insert(ordered []*service) {
	at := len(s.services)
	for _, sv := range slices.Backward(ordered) {
		if i := slices.Index(s.services, sv); i >= 0 {
			at = i
			continue
		}
		s.services = slices.Insert(s.services, at, sv)
	}
}

// opaque reports a task that compose cannot run.
func (c *converter) opaque(o resolve.Opaque) {
	c.task = o.Task
	c.report.Add(c.diagnostic(diag.Warning, "to-compose/opaque", diag.Dropped, "", fmt.Sprintf("compose cannot run it, as %s; left out", lowerFirst(o.Why))))
}

func lowerFirst(s string) string {
	if s == "" {
		return "it cannot be evaluated"
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// name gives every service its key, those of the first job first.
func (s *stack) name() {
	taken := newNames()
	for _, r := range s.runs {
		for _, sv := range r.ordered {
			if sv.key != "" {
				continue
			}
			sv.key = taken.fresh(s.candidates(sv, taken))
			s.reportName(sv)
		}
	}
}

func (s *stack) reportName(sv *service) {
	if first := sv.names[0]; sv.key != first {
		sv.note(s, "to-compose/name-changed", "the name "+first+" is another's, so that the service is called "+sv.key)
	}
	if id := sv.containerID; id != "" && id != sv.key {
		sv.note(s, "to-compose/container-id", "the container's id "+sv.toldID+" is not kept; docker compose names containers after the project and the service")
	}
}

// candidates are the names that a service can have, best first, without those
// by which a peer is reached.
func (s *stack) candidates(sv *service, taken *names) []string {
	var free []string
	for _, name := range sv.names {
		isOthers := slices.ContainsFunc(s.services, func(o *service) bool {
			return o != sv && (slices.Contains(o.hostIDs, name) && !slices.Contains(sv.hostIDs, name) || o.task.Module == name && o.task.Module != sv.task.Module)
		})
		if !isOthers && !taken.has(name) {
			free = append(free, name)
		}
	}
	return append(free, sv.names...)
}

// profiles says which services run only where they are asked for.
func (s *stack) profiles() {
	for _, sv := range s.services {
		if !slices.Contains(sv.jobs, s.opts.Base) {
			sv.profiles = sv.jobs
		}
	}
	for _, r := range s.runs {
		var more []string
		for _, sv := range s.services {
			if len(sv.profiles) == 0 && !slices.Contains(sv.jobs, r.name) {
				more = append(more, sv.key)
			}
		}
		if len(more) > 0 {
			s.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "to-compose/profile-runs-more", Fate: diag.Approximated, Path: "templates." + r.name, Subject: r.rng,
				Message: fmt.Sprintf("%s: with this profile, compose also runs what the template %s runs: %s", r.name, s.opts.Base, strings.Join(more, ", ")),
			})
		}
	}
}

// jobRange is where the first task of a job stands.
func jobRange(j job) ir.Range {
	for _, c := range j.Containers {
		return c.Rng
	}
	return ir.Range{}
}

// depend makes the steps that services wait for their dependencies.
func (s *stack) depend() {
	for _, r := range s.runs {
		for _, sv := range r.ordered {
			step := r.stepOf(sv)
			for _, target := range s.targets(r, sv, step, map[string]bool{step: true}) {
				s.depends(sv, target, r.name)
			}
		}
	}
	for _, sv := range s.services {
		for _, w := range sv.waits {
			w.required = isActiveWith(w.target, sv)
			s.waitsMore(sv, w)
		}
		slices.SortStableFunc(sv.waits, func(a, b *wait) int {
			return slices.Index(s.services, a.target) - slices.Index(s.services, b.target)
		})
	}
}

func (r *run) stepOf(sv *service) string {
	for step, other := range r.byStep {
		if other == sv {
			return step
		}
	}
	return ""
}

// targets are the services that a step waits for. Steps that start no service
// hand on what they wait for themselves: an image is built before anything
// runs.
func (s *stack) targets(r run, sv *service, step string, seen map[string]bool) []*service {
	var out []*service
	for _, w := range r.waits[step] {
		if seen[w.Step] {
			continue
		}
		seen[w.Step] = true
		target := r.byStep[w.Step]
		switch {
		case target == nil:
			out = append(out, s.targets(r, sv, w.Step, seen)...)
		case w.Condition != "" && w.Condition != "success":
			sv.warn(s, "to-compose/wait-condition", diag.Dropped, "after",
				fmt.Sprintf("compose cannot wait for %s to end with the condition %s; it does not wait", target.key, w.Condition))
		default:
			out = append(out, target)
		}
	}
	return out
}

// depends makes a service wait for another, where that closes no circle.
func (s *stack) depends(sv, target *service, name string) {
	for _, w := range sv.waits {
		if w.target == target {
			w.runs = append(w.runs, name)
			return
		}
	}
	if target.reaches(sv) {
		sv.warn(s, "to-compose/wait-circle", diag.Dropped, "after", fmt.Sprintf("does not wait for %s, which waits for it", target.key))
		return
	}
	sv.waits = append(sv.waits, &wait{target: target, runs: []string{name}})
}

// reaches tells whether a service waits for another, however indirectly.
func (sv *service) reaches(other *service) bool {
	return sv == other || slices.ContainsFunc(sv.waits, func(w *wait) bool { return w.target.reaches(other) })
}

// isActiveWith tells whether a service runs wherever the other does.
func isActiveWith(sv, other *service) bool {
	if len(sv.profiles) == 0 {
		return true
	}
	return len(other.profiles) > 0 && !slices.ContainsFunc(other.profiles, func(p string) bool { return !slices.Contains(sv.profiles, p) })
}

// waitsMore reports a dependency that some templates do not have.
func (s *stack) waitsMore(sv *service, w *wait) {
	for _, name := range sv.jobs {
		if slices.Contains(w.target.jobs, name) && !slices.Contains(w.runs, name) {
			sv.note(s, "to-compose/waits-more", fmt.Sprintf("waits for %s in the template %s too, as compose has one list of dependencies", w.target.key, name))
			return
		}
	}
}
