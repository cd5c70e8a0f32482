// Package check finds what is wrong with a Polytope file: its type checker
// holds every argument against the declared params of the called module, and
// its rules are the instructions of the Polytope reference. It changes nothing
// and prints nothing.
//
// A file is checked as Polytope would read it: as a reader made it of a
// Polytope file, or as emit.Legalize made it of anything else.
//
// Source: the Polytope reference, "args", "Param type DSL" and "Instructions to
// follow when generating code that should run on Polytope".
package check

import (
	"strconv"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// Options says what is known beyond the file. The zero value is usable.
type Options struct {
	// Signatures finds the params of modules that are neither in the file nor
	// built in; nil: there are none. It reports false where a module is
	// unknown: a call of it by owner/project is then not checked.
	Signatures func(module string) (params []*ir.Param, ok bool)
	// HasScript says that the file's Bindings are what its values script sets.
	// Without it, no reference to a value or secret is held against them.
	HasScript bool
}

// Check checks a file by every rule. The result is in the order of the source.
func Check(f *ir.File, opts Options) []diag.Diagnostic {
	p := newPass(f, opts)
	for _, group := range ruleGroups() {
		for _, r := range group {
			p.rule = r
			r.check(p)
		}
	}
	report := diag.Report{Diagnostics: p.found}
	report.Sort()
	return report.Diagnostics
}

// Codes documents the diagnostics of Check, and of diag.Policy.
func Codes() []diag.Info {
	var infos []diag.Info
	for _, group := range ruleGroups() {
		for _, r := range group {
			infos = append(infos, r.Info)
		}
	}
	return append(infos, unusedAllow)
}

// Fixes are what `Diagnostic.Fix` names: how a finding can be mended without
// changing anything else.
const (
	// FixSpelling writes the key by which code finds a param.
	FixSpelling = "spelling"
	// FixUnquote takes the quotes off a number or boolean, FixQuote adds them.
	FixUnquote = "unquote"
	FixQuote   = "quote"
	// FixConvert wraps a string param in the code that converts it.
	FixConvert = "convert"
	// FixSplit makes wrapper and base of the module.
	FixSplit = "split"
	// FixScopeProject gives a volume scope: project.
	FixScopeProject = "scope-project"
	// FixDropStepID takes the id off a step.
	FixDropStepID = "drop-step-id"
	// FixMountIndent moves source beside path.
	FixMountIndent = "mount-indent"
)

// rule is a rule: its documentation, and the function that reports what breaks
// it.
type rule struct {
	diag.Info
	check func(*pass)
}

// pass is one check of one file.
type pass struct {
	file  *ir.File
	opts  Options
	local map[string]*ir.Module // the first of each id
	sites []site
	typed []problem // what the type checker found; several rules share it
	rule  rule      // the one at work
	found []diag.Diagnostic
}

// site is a call with what surrounds it.
type site struct {
	call   *ir.Call
	params []*ir.Param // those in scope
	// module is whose body the call is, or nil; step is the step that it is,
	// or nil.
	module *ir.Module
	step   *ir.Step
	at     place
}

func newPass(f *ir.File, opts Options) *pass {
	p := &pass{file: f, opts: opts, local: map[string]*ir.Module{}}
	for _, m := range f.Modules {
		if p.local[m.ID] == nil {
			p.local[m.ID] = m
		}
	}
	p.sites = p.findSites()
	p.typed = p.checkTypes()
	return p
}

func (p *pass) findSites() []site {
	var sites []site
	for i, t := range p.file.Templates {
		at := templatePlace(t, i)
		for j, s := range t.Run {
			here := at.in(s.Rng, "run").index(s.Call.Rng, j)
			sites = append(sites, site{call: &s.Call, params: t.Params, step: s, at: here})
		}
	}
	for i, m := range p.file.Modules {
		if m.Call != nil {
			here := modulePlace(m, i).or(m.Call.Rng)
			sites = append(sites, site{call: m.Call, params: m.Params, module: m, at: here})
		}
	}
	return sites
}

// place is where something stands: its range, or the nearest range around it
// that is known, and its path.
type place struct {
	rng  ir.Range
	path string // from the file's top: "modules.api.args.services[0].id"
	arg  string // the path within the arguments; empty outside of them
}

func modulePlace(m *ir.Module, i int) place {
	return place{rng: m.Rng, path: joinID("modules", m.ID, i)}.or(m.IDRange)
}

func templatePlace(t *ir.Template, i int) place {
	return place{rng: t.Rng, path: joinID("templates", t.ID, i)}.or(t.IDRange)
}

// joinID names the member of a list by its id, or by its index where it has
// none.
func joinID(list, id string, i int) string {
	if id == "" {
		return list + "[" + strconv.Itoa(i) + "]"
	}
	return list + "." + id
}

// or is the place with a range that says it better, if that is known.
func (at place) or(rng ir.Range) place {
	if rng.IsValid() {
		at.rng = rng
	}
	return at
}

// in is the place of a key that is no argument.
func (at place) in(rng ir.Range, key string) place {
	at.path += "." + key
	return at.or(rng)
}

// index is the place of a list's item.
func (at place) index(rng ir.Range, i int) place {
	suffix := "[" + strconv.Itoa(i) + "]"
	at.path += suffix
	if at.arg != "" {
		at.arg += suffix
	}
	return at.or(rng)
}

// key is the place of an argument, or of a key inside one.
func (at place) key(rng ir.Range, key string) place {
	at.path += "." + key
	if at.arg != "" {
		key = at.arg + "." + key
	}
	at.arg = key
	return at.or(rng)
}

// finding is what a rule reports.
type finding struct {
	at      place
	message string
	help    string
	fix     string
	// severity is set where it differs from the rule's.
	severity diag.Severity
}

// report adds a finding of the rule at work.
func (p *pass) report(f finding) {
	d := diag.Diagnostic{
		Severity: p.rule.Severity, Code: p.rule.Code, Message: f.message,
		Subject: f.at.rng, Path: f.at.path, Help: f.help, Fix: f.fix,
	}
	if f.severity != 0 {
		d.Severity = f.severity
	}
	p.found = append(p.found, d)
}

// signature is the declared params of a module, and whether they are known.
func (p *pass) signature(module string) ([]*ir.Param, bool) {
	if m := p.local[module]; m != nil {
		return m.Params, true
	}
	if params, ok := builtin.Signature(module); ok {
		return params, true
	}
	if p.opts.Signatures == nil {
		return nil, false
	}
	return p.opts.Signatures(module)
}
