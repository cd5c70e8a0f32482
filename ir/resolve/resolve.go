// Package resolve evaluates Polytope files: a file, the template or module to
// run and the values to run it with become plain containers, without
// references and code.
//
// Modules of Polytope's own are evaluated as the file's are, from their
// definitions in the reference: nothing here is shared with what the readers
// use to find out which module fits a container, so that the one proves the
// other.
//
// Source: the Polytope reference; design.md, "The IR".
package resolve

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hull/ir"
	"hull/ir/diag"
)

// Options says what to evaluate, and with which values.
type Options struct {
	// Template or Module is the id of what to run; at most one is set. Where
	// neither is, it is the file's first template, or its only module.
	Template, Module string
	// Args are the arguments of the template or module.
	Args *ir.Map
	// Lookup gives the text of a value or secret; nil takes the defaults of
	// the file's bindings, with no environment variable set.
	Lookup func(kind ir.RefKind, name string) (text string, ok bool)
}

// maxTime bounds one evaluation of a file, of which code takes the most. It is
// far beyond what any file needs that was not written to take long.
const maxTime = 8 * time.Second

// Resolve evaluates a file. What cannot be evaluated is reported, and does not
// stop the rest; the job is nil where there is nothing to run.
func Resolve(f *ir.File, opts Options) (*Job, []diag.Diagnostic) {
	return evaluate(f, opts, opts.lookup(f))
}

// lookup gives the texts of values and secrets.
func (o Options) lookup(f *ir.File) func(ir.RefKind, string) (string, bool) {
	if o.Lookup != nil {
		return o.Lookup
	}
	return func(kind ir.RefKind, name string) (string, bool) {
		b := f.Binding(kind, name)
		if b == nil {
			return "", false
		}
		return b.Default.Eval(ir.Unset)
	}
}

func evaluate(f *ir.File, opts Options, lookup func(ir.RefKind, string) (string, bool)) (*Job, []diag.Diagnostic) {
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	defer cancel()
	r := newRun(ctx, f, lookup)
	template, module := r.choose(opts)
	switch {
	case template != nil:
		r.job = &Job{Name: template.ID}
		r.template(template, opts.Args)
	case module != nil:
		r.job = &Job{Name: module.ID}
		at := place{rng: module.Rng}.or(module.IDRange)
		r.call(module.ID, r.args(opts.Args, scope{owner: "an argument"}, at), at, Task{Rng: at.rng, Step: module.ID, Module: module.ID})
	}
	report := diag.Report{Diagnostics: r.found}
	report.Sort()
	return r.job, report.Diagnostics
}

// choose finds what to run; both are nil where there is nothing.
func (r *run) choose(opts Options) (*ir.Template, *ir.Module) {
	f, at := r.file, place{rng: r.file.Rng}
	var templates []string
	for _, t := range f.Templates {
		templates = append(templates, t.ID)
	}
	switch {
	case opts.Template != "":
		if t := f.Template(opts.Template); t != nil {
			return t, nil
		}
		r.report(codeChoice, at, "there is no template "+strconv.Quote(opts.Template), diag.DidYouMean(opts.Template, templates, listed("templates", templates)))
	case opts.Module != "":
		if m := r.local[opts.Module]; m != nil {
			return nil, m
		}
		r.report(codeChoice, at, "there is no module "+strconv.Quote(opts.Module), diag.DidYouMean(opts.Module, r.moduleIDs(), listed("modules", r.moduleIDs())))
	case len(f.Templates) > 0:
		return f.Templates[0], nil
	case len(f.Modules) == 1:
		return nil, f.Modules[0]
	case len(f.Modules) == 0:
		r.report(codeChoice, at, "there is neither a template nor a module to evaluate", "")
	default:
		r.report(codeChoice, at, "there is no template, and more than one module: which is to be evaluated?", listed("modules", r.moduleIDs()))
	}
	return nil, nil
}

// listed is the help that names what there is to choose from.
func listed(what string, ids []string) string {
	const most = 12 // names in one line
	if len(ids) == 0 {
		return "the file has no " + what
	}
	text := "its " + what + " are " + ids[0]
	for i, id := range ids[1:] {
		if i+1 == most {
			return text + ", …"
		}
		text += ", " + id
	}
	return text
}

// template evaluates the steps of a template, in start order.
func (r *run) template(t *ir.Template, args *ir.Map) {
	at := place{rng: t.Rng}.or(t.IDRange)
	s := r.bindParams(t.Params, r.args(args, scope{owner: "an argument"}, at), at, "template "+t.ID, false)
	s.forgetMissing()
	for _, step := range r.startOrder(t) {
		here := at.or(step.Rng).or(step.Call.Rng)
		task := Task{Rng: at.or(step.Call.Rng).or(step.Rng).rng, Step: step.StepID(), Module: step.Call.Module, After: step.after}
		r.call(step.Call.Module, r.args(step.Call.Args, s, here), here, task)
	}
}

// orderedStep is a step with what it waits for: steps that there are, and that
// do not wait for it in turn.
type orderedStep struct {
	*ir.Step
	after []Wait
}

// ordering puts the steps of a template in start order: each behind what it
// waits for, and otherwise as the template has them.
type ordering struct {
	r       *run
	t       *ir.Template
	done    map[*ir.Step]bool
	ordered []orderedStep
}

func (r *run) startOrder(t *ir.Template) []orderedStep {
	o := &ordering{r: r, t: t, done: map[*ir.Step]bool{}}
	for _, s := range t.Run {
		o.place(s)
	}
	return o.ordered
}

// place places a step, and before it all that it waits for. Each step waits
// for one other at the most, so that the chain is followed in a loop.
func (o *ordering) place(s *ir.Step) {
	var chain []orderedStep
	isOn := map[*ir.Step]bool{}
	for s != nil && !o.done[s] {
		isOn[s] = true
		next := o.awaited(s)
		if isOn[next] && next != nil {
			o.reportCircle(chain, s, next)
			next = nil
			chain = append(chain, orderedStep{Step: s})
			break
		}
		step := orderedStep{Step: s}
		if next != nil {
			step.after = []Wait{{Step: s.After, Condition: s.Condition}}
		}
		chain = append(chain, step)
		s = next
	}
	for _, step := range slices.Backward(chain) {
		o.done[step.Step] = true
		o.ordered = append(o.ordered, step)
	}
}

// awaited is the step that a step waits for, or nil.
func (o *ordering) awaited(s *ir.Step) *ir.Step {
	if s.After == "" {
		return nil
	}
	awaited := o.t.Step(s.After)
	if awaited == nil {
		var steps []string
		for _, s := range o.t.Run {
			steps = append(steps, s.StepID())
		}
		o.r.report(codeAfter, o.at(s), s.StepID()+" waits for "+strconv.Quote(s.After)+", which is no step of the template "+o.t.ID,
			diag.DidYouMean(s.After, steps, "a step's id is that of its module, unless it has one of its own"))
	}
	return awaited
}

func (o *ordering) reportCircle(chain []orderedStep, last, first *ir.Step) {
	text := ""
	for i := slices.IndexFunc(chain, func(s orderedStep) bool { return s.Step == first }); i >= 0 && i < len(chain); i++ {
		text += chain[i].StepID() + " → "
	}
	if last != first || text == "" {
		text += last.StepID() + " → "
	}
	o.r.report(codeCycle, o.at(last), "the steps wait for one another: "+text+first.StepID(), "one of them has to come first")
}

func (o *ordering) at(s *ir.Step) place {
	return place{rng: o.t.Rng}.or(s.Call.Rng).or(s.Rng)
}
