package compose

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir/diag"
	"hull/ir/resolve"
)

// wait is a service that has to have ended first.
type wait struct {
	target   *service
	runs     []string // the jobs that say so
	required bool
}

// depend makes the steps that services wait for their dependencies.
func (s *stack) depend() {
	for _, r := range s.runs {
		s.builtFirst(r)
		for _, sv := range r.ordered {
			f := follower{stack: s, run: r, task: r.tasks[sv.task.Step], seen: map[string]bool{sv.task.Step: true}}
			f.follow(sv.task.Step)
			f.report()
			for _, target := range f.targets {
				s.depends(r, sv, target)
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

// follower finds out what a task waits for.
type follower struct {
	*stack
	run  run
	task resolve.Task
	seen map[string]bool
	// targets are the services that it waits for, skipped the steps that are
	// left out.
	targets []*service
	skipped []string
}

// follow adds what a step waits for. Steps that start no service hand on what
// they wait for themselves: an image is built before anything runs, and what
// compose cannot run is told of.
func (f *follower) follow(step string) {
	for _, w := range f.run.tasks[step].After {
		if f.seen[w.Step] {
			continue
		}
		f.seen[w.Step] = true
		target := f.run.byStep[w.Step]
		isSound := w.Condition == "" || w.Condition == "success"
		switch {
		case !isSound && (target != nil || f.run.builds[w.Step]):
			f.lost(f.task, "to-compose/wait-condition", fmt.Sprintf("compose cannot wait for %s to end with the condition %s; it does not wait", w.Step, w.Condition))
		case target != nil:
			f.targets = append(f.targets, target)
		default:
			if !f.run.builds[w.Step] {
				f.skipped = append(f.skipped, w.Step)
			}
			f.follow(w.Step)
		}
	}
}

// report names the steps that are not waited for, once.
func (f *follower) report() {
	if len(f.skipped) == 0 {
		return
	}
	var instead []string
	for _, sv := range f.targets {
		instead = append(instead, sv.task.Step)
	}
	message := fmt.Sprintf("does not wait for %s, which compose does not run", strings.Join(f.skipped, ", "))
	if len(instead) > 0 {
		message += ", but for " + strings.Join(instead, ", ")
	}
	f.lost(f.task, "to-compose/wait-lost", message)
}

// builtFirst reports what an image would have to wait for: compose builds all
// of them before it runs anything, in no order.
func (s *stack) builtFirst(r run) {
	for _, t := range r.order {
		if !r.builds[t.Step] {
			continue
		}
		for _, w := range t.After {
			s.lost(t, "to-compose/wait-lost", "does not wait for "+w.Step+": compose builds images before it runs anything, and in no order")
		}
	}
}

// lost reports that a step does not wait as it should.
func (s *stack) lost(t resolve.Task, code, message string) { s.change(t, code, diag.Dropped, message) }

// change reports what becomes of the waits of a step.
func (s *stack) change(t resolve.Task, code string, fate diag.Fate, message string) {
	sv := &service{task: t}
	sv.warn(s, code, fate, "after", message)
}

// depends makes a service wait for another, where that closes no circle.
func (s *stack) depends(r run, sv, target *service) {
	for _, w := range sv.waits {
		if w.target == target {
			w.runs = append(w.runs, r.name)
			return
		}
	}
	if target.reaches(sv) {
		s.lost(r.tasks[sv.task.Step], "to-compose/wait-circle", fmt.Sprintf("does not wait for %s, which waits for it", target.key))
		return
	}
	sv.waits = append(sv.waits, &wait{target: target, runs: []string{r.name}})
}

// reaches tells whether a service waits for another, however indirectly.
func (sv *service) reaches(other *service) bool {
	return sv == other || slices.ContainsFunc(sv.waits, func(w *wait) bool { return w.target.reaches(other) })
}

// reachesIn tells the same of one job.
func (sv *service) reachesIn(name string, other *service) bool {
	return sv == other || slices.ContainsFunc(sv.waits, func(w *wait) bool {
		return slices.Contains(w.runs, name) && w.target.reachesIn(name, other)
	})
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
	var more []string
	var first resolve.Task
	for _, r := range s.runs {
		isRunning := len(w.target.profiles) == 0 || slices.Contains(w.target.profiles, r.name)
		if !isRunning || !slices.Contains(sv.jobs, r.name) || sv.reachesIn(r.name, w.target) {
			continue
		}
		if len(more) == 0 {
			first = r.tasks[sv.task.Step]
		}
		more = append(more, r.name)
	}
	if len(more) > 0 {
		s.change(first, "to-compose/waits-more", diag.Approximated,
			fmt.Sprintf("waits for %s in the %s too, as compose has one list of dependencies", w.target.key, counted("template", more)))
	}
}

// counted is a list behind what it is a list of.
func counted(what string, items []string) string {
	if len(items) > 1 {
		what += "s"
	}
	return what + " " + strings.Join(items, ", ")
}
