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
	opts    Options
	report  *diag.Report
	vars    *variables
	remarks remarks
	// refs are the values and secrets that services come from, seen those that
	// are in texts of theirs.
	refs     []*ir.Ref
	seen     map[refKey]bool
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

// run is what a job runs: its tasks in start order and by step, the service
// that a step starts, and nil for one that starts none.
type run struct {
	name    string
	order   []resolve.Task
	tasks   map[string]resolve.Task
	byStep  map[string]*service
	ordered []*service
	// builds are the steps that build an image which compose builds.
	builds map[string]bool
}

func newRun(j job) run {
	r := run{name: j.Name, tasks: map[string]resolve.Task{}, byStep: map[string]*service{}, builds: map[string]bool{}}
	for _, b := range j.Builds {
		r.order = append(r.order, b.Task)
	}
	for _, t := range j.Containers {
		r.order = append(r.order, t.Task)
	}
	for _, o := range j.Opaque {
		r.order = append(r.order, o.Task)
	}
	for _, t := range r.order {
		r.tasks[t.Step] = t
	}
	return r
}

// rng is where the first task of a job stands.
func (r *run) rng() ir.Range {
	var first ir.Range
	for _, t := range r.order {
		if !first.IsValid() || t.Rng.Start.Before(first.Start) {
			first = t.Rng
		}
	}
	return first
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
		r := newRun(j)
		c := &converter{stack: s, texts: watched{j.texts, s.seen}, job: j.Job, usedBuilds: map[string]bool{}, builds: r.builds}
		for _, t := range j.Containers {
			if sv := s.same(c.container(t)); sv != nil {
				if len(sv.jobs) == 0 {
					s.services = append(s.services, sv)
				}
				sv.jobs = append(sv.jobs, j.Name)
				r.byStep[t.Step] = sv
				r.ordered = append(r.ordered, sv)
			}
		}
		for _, o := range j.Opaque {
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
				other.remarks = append(other.remarks, sv.remarks...)
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
	c.leave(o.Task)
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
		isProfile := false
		for _, sv := range s.services {
			isProfile = isProfile || slices.Contains(sv.profiles, r.name)
			if len(sv.profiles) == 0 && !slices.Contains(sv.jobs, r.name) {
				more = append(more, sv.key)
			}
		}
		switch {
		case !isProfile && r.name != s.opts.Base:
			s.noProfile(r, more)
		case len(more) > 0:
			s.about(r, diag.Warning, "to-compose/profile-runs-more",
				fmt.Sprintf("with this profile, compose also runs what the template %s runs: %s", s.opts.Base, strings.Join(more, ", ")))
		}
	}
}

// noProfile reports a template that no service has for a profile, as the base
// runs all that it runs, and perhaps more.
func (s *stack) noProfile(r run, more []string) {
	switch {
	case len(r.ordered) == 0:
		s.about(r, diag.Warning, "to-compose/no-profile", "no profile stands for it, as compose runs none of its steps")
	case len(more) == 0:
		s.about(r, diag.Note, "to-compose/no-profile", "no profile stands for it, as it runs the same services as the template "+s.opts.Base)
	default:
		s.about(r, diag.Warning, "to-compose/no-profile",
			fmt.Sprintf("no profile stands for it, as the template %s runs the same services and more: docker compose up %s", s.opts.Base, strings.Join(r.keys(), " ")))
	}
}

func (r *run) keys() []string {
	var keys []string
	for _, sv := range r.ordered {
		keys = append(keys, sv.key)
	}
	return keys
}

// about reports something of a template.
func (s *stack) about(r run, severity diag.Severity, code, message string) {
	s.report.Add(diag.Diagnostic{
		Severity: severity, Code: code, Fate: diag.Approximated, Path: "templates." + r.name, Subject: r.rng(), Message: r.name + ": " + message,
	})
}
