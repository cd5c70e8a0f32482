package compose

import (
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// Losses reports what no job of a file tells of: modules that nothing runs, and
// parameters of templates.
func Losses(f *ir.File) []diag.Diagnostic {
	return append(idleModules(f), fixedParams(f)...)
}

// Runnable is a file without the templates that cannot start without arguments,
// which are reported: others include them. If all are of that kind, they stay.
func Runnable(f *ir.File) (*ir.File, []diag.Diagnostic) {
	var ds []diag.Diagnostic
	runnable := *f
	runnable.Templates = nil
	for _, t := range f.Templates {
		var names []string
		for _, p := range t.Params {
			if !ir.IsOptional(p.Type) {
				names = append(names, p.ID)
			}
		}
		if len(names) == 0 {
			runnable.Templates = append(runnable.Templates, t)
			continue
		}
		ds = append(ds, diag.Diagnostic{
			Severity: diag.Warning, Code: "to-compose/template-args", Fate: diag.Dropped, Subject: t.Params[0].Rng, Path: "templates." + t.ID + ".params",
			Message: t.ID + ": compose takes no arguments, and without them for " + strings.Join(names, ", ") + " the template cannot start; left out",
		})
	}
	if len(runnable.Templates) == 0 {
		return f, nil
	}
	return &runnable, ds
}

// fixedParams reports the parameters of templates: a job has the arguments that
// are their defaults.
func fixedParams(f *ir.File) []diag.Diagnostic {
	var ds []diag.Diagnostic
	for _, t := range f.Templates {
		if names := ir.ParamIDs(t.Params); len(names) > 0 {
			ds = append(ds, diag.Diagnostic{
				Severity: diag.Warning, Code: "to-compose/template-params", Fate: diag.Approximated, Subject: t.Params[0].Rng, Path: "templates." + t.ID + ".params",
				Message: t.ID + ": compose takes no arguments; the defaults are taken for " + strings.Join(names, ", "),
			})
		}
	}
	return ds
}

// idleModules reports the modules of a file that no step of a template runs, and so
// no service; of those that call one another, the one that calls.
func idleModules(f *ir.File) []diag.Diagnostic {
	var ds []diag.Diagnostic
	for _, m := range ir.Uncalled(ir.IdleModules(f)) {
		at := m.IDRange
		if !at.IsValid() {
			at = m.Rng
		}
		ds = append(ds, diag.Diagnostic{
			Severity: diag.Note, Code: "to-compose/module-unused", Fate: diag.Dropped, Subject: at,
			Path: "modules." + m.ID, Message: m.ID + ": no step of a template runs it; left out",
		})
	}
	return ds
}
