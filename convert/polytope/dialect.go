package polytope

import (
	"fmt"
	"slices"

	"hull/ir"
	"hull/ir/diag"
)

// newerKeys are the keys of the newer dialect: where they occur, and what
// becomes of each; with an empty text it is dropped. Only where a key is none of
// the reference's is it looked up here.
//
// Source: notes.md, "Newer dialect".
var newerKeys = map[string]struct {
	in      []string
	becomes string
}{
	"tools":        {[]string{aFile}, "tools of one step become modules, the others templates"},
	"tool":         {[]string{aStep, aModule}, "it is read as module"},
	"inputs":       {[]string{aTemplate}, "they are read as params"},
	"after":        {[]string{aStep}, "it is read as run-when"},
	"code":         {[]string{aStep}, "the code of a step becomes a module"},
	"include":      {[]string{aFile}, ""},
	"instructions": {[]string{aFile}, ""},
	"mcp":          {[]string{aFile, aTemplate, aModule}, ""},
	"await":        {[]string{aTemplate, aModule, aStep}, ""},
	"name":         {[]string{aTemplate, aModule, aStep}, ""},
}

// What a key can be in, as messages have it.
const (
	aFile     = "a Polytope file"
	aTemplate = "a template"
	aModule   = "a module"
	aStep     = "a step"
)

// newerKey reports a key of the newer dialect where it first occurs, and
// whether the key is one.
func (l *lowering) newerKey(e entry, in string) bool {
	newer, ok := newerKeys[e.key]
	if !ok || !slices.Contains(newer.in, in) {
		return false
	}
	if l.named[e.key] {
		return true
	}
	l.named[e.key] = true
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: "polytope/newer-dialect", Fate: diag.Approximated, Subject: e.at, Path: e.value.path(),
		Message: fmt.Sprintf("%s is of a newer dialect than the reference's: %s", e.key, newer.becomes),
	}
	if newer.becomes == "" {
		d.Fate = diag.Dropped
		d.Message = fmt.Sprintf("%s is of a newer dialect than the reference's, and has no counterpart in this one", e.key)
	}
	if e.key == "include" {
		d.Help = "read the included files one by one"
	}
	l.report.Add(d)
	return true
}

// newer makes a handler of one for a key of the newer dialect.
func (l *lowering) newer(in string, handle func(entry)) func(entry) {
	return func(e entry) {
		l.newerKey(e, in)
		handle(e)
	}
}

// older notes a spelling of the older dialect.
func (l *lowering) older(at ir.Range, message string) {
	l.report.Add(diag.Diagnostic{Severity: diag.Note, Code: "polytope/older-dialect", Subject: at, Message: "the older dialect: " + message})
}

// settleTools makes modules of the tools of one step, which can be called, and
// of the steps that are code.
func (l *lowering) settleTools(f *ir.File) {
	kept, ids := f.Templates[:0:0], takenIDs(f)
	for _, t := range f.Templates {
		if l.tools[t] && isModule(t) {
			f.Modules = append(f.Modules, l.toolModule(t))
			continue
		}
		for _, s := range t.Run {
			if c := l.codeOf(s); c != nil {
				f.Modules = append(f.Modules, codeModule(ids, t, s, c))
			}
		}
		kept = append(kept, t)
	}
	f.Templates = kept
}

// isModule tells whether a tool does no more than a module can.
func isModule(t *ir.Template) bool { return len(t.Run) == 1 && t.Run[0].After == "" }

func (l *lowering) toolModule(t *ir.Template) *ir.Module {
	s := t.Run[0]
	m := &ir.Module{Meta: t.Meta, ID: t.ID, IDRange: t.IDRange, Info: t.Info, Params: t.Params}
	m.Comments = joinComments(t.Comments, s.Comments)
	if c := l.codeOf(s); c != nil {
		m.Code = c
		return m
	}
	call := s.Call
	m.Call = &call
	return m
}

// codeModule makes a module of a step's code, and the step its call. The params
// of the template are in scope in its steps; the module has them, too.
func codeModule(ids map[string]bool, t *ir.Template, s *ir.Step, c *ir.Code) *ir.Module {
	s.Call.Args.Delete(codeArg)
	if s.ID == "" {
		s.ID = "code"
	}
	m := &ir.Module{Meta: ir.At(s.Rng), ID: t.ID + "-" + s.ID, Code: c}
	for n, base := len(ids), m.ID; ids[m.ID]; n++ {
		m.ID = fmt.Sprintf("%s-%d", base, n)
	}
	ids[m.ID] = true
	for _, p := range t.Params {
		again := *p
		again.Comments = ir.Comments{}
		m.Params = append(m.Params, &again)
		s.Call.Args.Set(p.ID, &ir.Ref{Meta: ir.At(s.Rng), Kind: ir.ParamRef, Name: p.ID})
	}
	s.Call.Module = m.ID
	return m
}

// takenIDs are the ids of modules, and of what can become one.
func takenIDs(f *ir.File) map[string]bool {
	ids := map[string]bool{}
	for _, t := range f.Templates {
		ids[t.ID] = true
	}
	for _, m := range f.Modules {
		ids[m.ID] = true
	}
	return ids
}
