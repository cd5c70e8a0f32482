package check

import (
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// steps visits every step with its template.
func (p *pass) steps(visit func(t *ir.Template, s *ir.Step, at place)) {
	for i, t := range p.file.Templates {
		for j, s := range t.Run {
			visit(t, s, templatePlace(t, i).in(s.Rng, "run").index(s.Rng, j))
		}
	}
}

func stepIDs(t *ir.Template) []string {
	var ids []string
	for _, s := range t.Run {
		ids = append(ids, s.StepID())
	}
	return ids
}

// checkAfter reports steps that wait for a step that their template has not.
func checkAfter(p *pass) {
	p.steps(func(t *ir.Template, s *ir.Step, at place) {
		if s.After == "" || t.Step(s.After) != nil {
			return
		}
		p.report(finding{
			at: at, message: s.StepID() + " waits for " + strconv.Quote(s.After) + ", which is no step of the template " + t.ID,
			help: diag.DidYouMean(s.After, stepIDs(t), "a step's id is that of its module, unless it has one of its own"),
		})
	})
}

// checkWaits reports steps that wait for one that never ends.
func checkWaits(p *pass) {
	p.steps(func(t *ir.Template, s *ir.Step, at place) {
		awaited := t.Step(s.After)
		switch {
		case s.After == "" || awaited == nil:
		case waitsInCircle(t, s):
			p.report(finding{at: at, message: s.StepID() + " waits for itself: " + strings.Join(circle(t, s), " → ")})
		case p.serves(&awaited.Call):
			p.report(finding{
				at: at, message: s.StepID() + " waits for " + s.After + ", which serves until the job is stopped",
				help: "leave run-when out: services start together, and retry until the others answer",
			})
		}
	})
}

// circle is the chain of steps that a step waits for, up to the first that
// waits for nothing, or that occurs again.
func circle(t *ir.Template, s *ir.Step) []string {
	chain := []string{s.StepID()}
	for s != nil && s.After != "" {
		chain = append(chain, s.After)
		if slices.Contains(chain[:len(chain)-1], s.After) {
			break
		}
		s = t.Step(s.After)
	}
	return chain
}

func waitsInCircle(t *ir.Template, s *ir.Step) bool {
	chain := circle(t, s)
	return len(chain) > 1 && chain[0] == chain[len(chain)-1]
}

// checkStepIDs reports ids of steps that nothing needs: the module is called
// once only, and its own id would do.
func checkStepIDs(p *pass) {
	p.steps(func(t *ir.Template, s *ir.Step, at place) {
		if s.ID == "" || p.needsID(t, s) {
			return
		}
		f := finding{at: at, message: "the step needs no id of its own: " + s.Call.Module + " is called once"}
		if s.ID == s.Call.Module {
			f.message = "the step has the id of its module anyway"
		}
		isAwaited := slices.ContainsFunc(t.Run, func(o *ir.Step) bool { return o.After == s.ID })
		if f.help = "leave the id out"; !isAwaited {
			f.fix = FixDropStepID
		} else if s.ID != s.Call.Module {
			f.help += ", and wait for " + s.Call.Module
		}
		p.report(f)
	})
}

// needsID tells whether a step's id is needed: without it, another step would
// be called the same, or one would wait for owner/project.
func (p *pass) needsID(t *ir.Template, s *ir.Step) bool {
	for _, other := range t.Run {
		if other == s {
			continue
		}
		isShared := other.Call.Module == s.Call.Module || other.StepID() == s.Call.Module
		if isShared || other.After == s.ID && !ir.IsID(s.Call.Module) {
			return true
		}
	}
	return false
}
