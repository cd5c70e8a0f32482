package knot

import (
	"fmt"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// Together is a file whose only template runs the steps of all templates: knot
// has no such groups. A step that several templates have runs once. Steps of
// one id that run different things get ids of their own.
func Together(f *ir.File) *ir.File {
	if len(f.Templates) < 2 {
		return f
	}
	all := *f.Templates[0]
	all.Params, all.Run = nil, nil
	for _, t := range f.Templates {
		for _, p := range t.Params {
			if ir.FindParam(all.Params, p.ID) == nil {
				all.Params = append(all.Params, p)
			}
		}
		all.Run = append(all.Run, newSteps(&all, t)...)
	}
	one := *f
	one.Templates = []*ir.Template{&all}
	return &one
}

// newSteps are the steps of a template that another does not have.
func newSteps(all, t *ir.Template) []*ir.Step {
	renamed := map[string]string{}
	var steps []*ir.Step
	for _, s := range t.Run {
		present := all.Step(s.StepID())
		if present != nil && isSameCall(&present.Call, &s.Call) {
			continue
		}
		own := *s
		if present != nil {
			own.ID = s.StepID() + "-" + t.ID
			renamed[s.StepID()] = own.ID
		}
		steps = append(steps, &own)
	}
	for _, s := range steps {
		if id, ok := renamed[s.After]; ok {
			s.After = id
		}
	}
	return steps
}

func isSameCall(a, b *ir.Call) bool {
	if a.Args == nil || b.Args == nil {
		return a.Module == b.Module && a.Args == b.Args
	}
	return a.Module == b.Module && ir.Equal(a.Args, b.Args)
}

// Losses reports what no container of a file tells of: which templates it has,
// their params, and modules that none of them runs.
func Losses(f *ir.File) []diag.Diagnostic {
	var ds []diag.Diagnostic
	report := func(code string, s diag.Severity, fate diag.Fate, at ir.Range, path, message, help string) {
		ds = append(ds, diag.Diagnostic{Severity: s, Code: code, Fate: fate, Subject: at, Path: path, Message: message, Help: help})
	}
	if len(f.Templates) > 1 {
		var ids []string
		for _, t := range f.Templates {
			ids = append(ids, t.ID)
		}
		report(codeTemplates, diag.Note, diag.Approximated, firstValid(f.Templates[1].IDRange, f.Templates[1].Rng), "templates",
			fmt.Sprintf("the containers of all templates are written, and knot does not know which belong together: %s", strings.Join(ids, ", ")),
			"create the spaces of one of them")
	}
	for _, t := range f.Templates {
		if names := ir.ParamIDs(t.Params); len(names) > 0 {
			report(codeParams, diag.Warning, diag.Approximated, firstValid(t.Params[0].Rng, t.Rng), "templates."+t.ID+".params",
				t.ID+": a template of knot takes no arguments; the defaults are taken for "+strings.Join(names, ", "), "make them values")
		}
	}
	for _, m := range ir.Uncalled(ir.IdleModules(f)) {
		report(codeUnused, diag.Note, diag.Dropped, firstValid(m.IDRange, m.Rng), "modules."+m.ID, m.ID+": no step of a template runs it; left out",
			"add a step for it")
	}
	return ds
}
