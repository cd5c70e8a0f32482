package resolve

import (
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// buildImage is the module that builds an image.
const buildImage = "polytope/build-image"

// given are the arguments of a call, as plain data.
type given struct {
	args *ir.Map
	// bad are those that could not be evaluated, which has been reported.
	bad map[string]bool
}

func (r *run) args(m *ir.Map, s scope, at place) given {
	args, bad := r.evalMap(m, s, at)
	return given{args, bad}
}

// call evaluates what a step, or a module by itself, calls, and all that this
// calls in turn. The task says so far which modules it went through.
func (r *run) call(ref string, g given, at place, t Task) {
	if !r.spend(1, at) {
		r.opaque(t, "the file is too large to evaluate")
		return
	}
	local := r.local[ref]
	module, isBuiltin := builtin.Lookup(ref)
	switch {
	case local != nil:
		r.enter(local, g, at, t, false)
	case ref == builtin.Container:
		r.container(r.bind(module, g, at, true), t)
	case ref == buildImage && isBuiltin:
		r.build(r.bind(module, g, at, true), t)
	case isBuiltin:
		r.enter(module, g, at, t, true)
	default:
		r.unknownModule(ref, at, t)
	}
}

// enter evaluates the body of a module.
func (r *run) enter(m *ir.Module, g given, at place, t Task, isBuiltin bool) {
	if slices.Contains(r.path, m.ID) {
		circle := strings.Join(append(slices.Clone(r.path[slices.Index(r.path, m.ID):]), m.ID), " → ")
		r.report(codeCycle, at, "the call never ends: "+circle, "a module must end up calling a built-in module or code")
		r.opaque(t, "its modules call one another in a circle")
		return
	}
	if len(r.path) == maxNesting {
		r.report(codeLimit, at, "the call goes through more than "+strconv.Itoa(maxNesting)+" modules", "")
		r.opaque(t, "it goes through too many modules")
		return
	}
	s := r.bind(m, g, at, isBuiltin)
	if m.Call == nil {
		r.noCall(m, at, t, isBuiltin)
		return
	}
	r.path = append(r.path, m.ID)
	at = place{rng: at.rng}.or(m.Call.Rng)
	t.Via = append(slices.Clone(t.Via), m.Call.Module)
	r.call(m.Call.Module, r.args(m.Call.Args, s, at), at, t)
	r.path = r.path[:len(r.path)-1]
}

// noCall is for a module that does not call another.
func (r *run) noCall(m *ir.Module, at place, t Task, isBuiltin bool) {
	if m.Code == nil {
		r.report(codeModule, at, "it is not known what the module "+m.ID+" does", "")
		r.opaque(t, "it is not known what "+m.ID+" does")
		return
	}
	if !isBuiltin {
		at = at.or(m.Code.Rng)
	}
	r.report(codeOpaque, at, "the module "+m.ID+" runs code, which is not evaluated", "")
	r.opaque(t, m.ID+" runs code: "+got(m.Code))
}

func (r *run) unknownModule(ref string, at place, t Task) {
	isTemplate := r.file.Template(ref) != nil
	switch {
	case strings.Contains(ref, "/"):
		r.foreignModule(ref, at, t)
	case isTemplate:
		message := strconv.Quote(ref) + " is a template, and a step calls a module"
		r.reportAs(diag.Error, codeModule, at, message, "")
		r.opaque(t, message)
	case r.file.Partial:
		r.opaque(t, "the module "+strconv.Quote(ref)+" is not in this file; it may be in one that this includes")
	default:
		message := "there is no module " + strconv.Quote(ref)
		r.reportAs(diag.Error, codeModule, at, message,
			diag.DidYouMean(ref, slices.Concat(r.moduleIDs(), builtin.Named()), "a module is called by its id, or as owner/project"))
		r.opaque(t, message)
	}
}

// foreignModule is for a module of another project, which may well exist.
func (r *run) foreignModule(ref string, at place, t Task) {
	help := ""
	if strings.HasPrefix(ref, "polytope/") && !slices.Contains(builtin.Named(), ref) {
		help = diag.DidYouMean(ref, builtinRefs(), "")
	}
	message := "it is not known what the module " + ref + " does"
	r.report(codeModule, at, message, help)
	r.opaque(t, message)
}

func (r *run) moduleIDs() []string {
	var all []string
	for _, m := range r.file.Modules {
		all = append(all, m.ID)
	}
	return all
}

func builtinRefs() []string {
	all := builtin.Named()
	for _, m := range builtin.Modules() {
		all = append(all, m.ID)
	}
	return all
}

func (r *run) opaque(t Task, why string) {
	r.job.Opaque = append(r.job.Opaque, Opaque{Task: t, Why: why})
}

// bind holds arguments against the declared params of a module.
func (r *run) bind(m *ir.Module, g given, at place, isBuiltin bool) scope {
	s := r.bindParams(m.Params, g, at, "module "+m.ID, isBuiltin)
	s.isBuiltin = isBuiltin
	return s
}

// bindParams gives each param its argument, or its default. The owner is what
// declares them, for messages.
func (r *run) bindParams(params []*ir.Param, g given, at place, owner string, isBuiltin bool) scope {
	r.unknownArgs(params, g, at, owner, isBuiltin)
	s := scope{declared: params, params: &ir.Map{}, unknown: map[string]bool{}, owner: "the " + owner}
	for _, p := range params {
		x := g.args.Get(p.ID)
		switch {
		case g.bad[p.ID]:
			s.unknown[p.ID] = true
		case !ir.IsNull(x):
			s.params.Set(p.ID, r.conform(x, p.Type, at.key(x, p.ID)))
		default:
			if v, ok := r.defaultOf(p.Type, at.key(nil, p.ID)); ok {
				s.params.Set(p.ID, v)
			} else if !ir.AcceptsNull(p.Type) {
				r.report(codeMissingArg, at.of(x), owner+" needs the argument "+strconv.Quote(p.ID)+", "+wanted(p.Type), "")
			}
		}
	}
	return s
}

// forgetMissing takes the params that have no argument, and need one, for
// unknown: what refers to them is not reported as well.
func (s scope) forgetMissing() {
	for _, p := range s.declared {
		if s.params.Get(p.ID) == nil && !ir.AcceptsNull(p.Type) {
			s.unknown[p.ID] = true
		}
	}
}

func (r *run) unknownArgs(params []*ir.Param, g given, at place, owner string, isBuiltin bool) {
	if g.args == nil {
		return
	}
	var open []string
	for _, p := range params {
		if g.args.Get(p.ID) == nil {
			open = append(open, p.ID)
		}
	}
	for _, e := range g.args.Entries {
		if ir.FindParam(params, e.Key) != nil {
			continue
		}
		severity, help := diag.Error, diag.DidYouMean(e.Key, open, "")
		if isBuiltin && help == "" {
			severity, help = diag.Warning, "the reference does not describe it; another version of the module may have it"
		}
		r.reportAs(severity, codeUnknownArg, at.of(e.Value).or(e.KeyRange), owner+" has no param "+strconv.Quote(e.Key), help)
	}
}
