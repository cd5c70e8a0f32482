package polytope

import (
	"fmt"
	"strings"

	"hull/ir"
)

// Split makes a file expressible. A value is always a string: where a called
// module wants an int, a num or a bool, and the argument is or holds a value
// or a secret, the module becomes two. The wrapper keeps its id and passes the
// value on; the base takes it as a param and converts it with code, which can
// read params but neither values nor secrets. The file given is left as it is.
//
// Source: the Polytope reference, "Polytope values and secrets are stored as
// strings"; design.md, law 3.
func Split(f *ir.File, sigs Signatures) *ir.File {
	s := &splitter{scope: newScope(f, sigs), taken: map[string]bool{}}
	for _, m := range f.Modules {
		s.taken[m.ID] = true
	}
	out := &ir.File{Meta: f.Meta, Bindings: f.Bindings, Partial: f.Partial}
	for _, m := range f.Modules {
		out.Modules = append(out.Modules, s.module(m)...)
	}
	for _, t := range f.Templates {
		split, bases := s.template(t)
		out.Templates = append(out.Templates, split)
		out.Modules = append(out.Modules, bases...)
	}
	return out
}

type splitter struct {
	scope
	taken map[string]bool // ids of modules
}

// baseID finds the id for the base of a module.
func (s *splitter) baseID(id string) string {
	base := id + "-base"
	for n := 2; s.taken[base]; n++ {
		base = fmt.Sprintf("%s-base-%d", id, n)
	}
	s.taken[base] = true
	return base
}

// module is the module itself where it needs no split, else wrapper and base.
func (s *splitter) module(m *ir.Module) []*ir.Module {
	if m.Call == nil {
		return []*ir.Module{m}
	}
	wrapper := *m
	call, base := s.call(m.Call, m.Params, m.ID)
	wrapper.Call = call
	if base == nil {
		return []*ir.Module{&wrapper}
	}
	base.Rng = m.Rng
	return []*ir.Module{&wrapper, base}
}

// call legalizes a call where the params are in scope. Where that takes a
// split, the call returned is one of the base, which is named after id.
func (s *splitter) call(c *ir.Call, params []*ir.Param, id string) (*ir.Call, *ir.Module) {
	if c.Args == nil {
		return c, nil
	}
	l := newLegalizer(s.file, params)
	legal := &ir.Call{Meta: c.Meta, Module: c.Module, Args: l.args(c, s.scope)}
	if len(l.lifted) == 0 {
		return legal, nil
	}
	base := &ir.Module{ID: s.baseID(id), Params: l.baseParams(), Call: legal}
	return &ir.Call{Meta: ir.At(c.Rng), Module: base.ID, Args: l.wrapperArgs()}, base
}

// template legalizes the calls of the steps; the bases that they need become
// modules of their own.
func (s *splitter) template(t *ir.Template) (*ir.Template, []*ir.Module) {
	out := *t
	out.Run = nil
	var bases []*ir.Module
	renamed := map[string]string{}
	for _, step := range t.Run {
		id := localID(step.StepID())
		call, base := s.call(&step.Call, t.Params, id)
		split := *step
		split.Call = *call
		if base != nil {
			base.Rng = step.Rng
			bases = append(bases, base)
			renamed[step.StepID()] = id
			split.ID = id
		}
		out.Run = append(out.Run, &split)
	}
	for _, step := range out.Run {
		if id, ok := renamed[step.After]; ok {
			step.After = id
		}
	}
	return &out, bases
}

// localID makes an id of a module reference: a step without an id goes by the
// module that it calls, and a base takes that module's place.
func localID(ref string) string {
	if ir.IsID(ref) {
		return ref
	}
	if _, path, ok := strings.Cut(ref, "/"); ok {
		ref = path
	}
	return identifier(ref)
}
