// Package ir is hull's intermediate representation: Polytope's abstract syntax,
// made a little more permissive than what Polytope can write down. An
// expression of any kind may stand anywhere; the Polytope writer legalizes it.
//
// Source: the Polytope reference (modules, templates, params, args, the param
// type DSL) and design.md, "The IR".
package ir

import "hull/ir/diag"

// Range is where a node came from; see diag.Range.
type Range = diag.Range

// Pos is a place in a source file; see diag.Pos.
type Pos = diag.Pos

// Comments are the comments that belong to a node, without their markers
// ("#", ";"). Several lines are separated by "\n".
type Comments struct {
	Head string // on lines of its own, above the node
	Line string // behind the node, on its line
	Foot string // on lines of its own, below the node
}

// IsZero tells whether there is no comment.
func (c Comments) IsZero() bool { return c == Comments{} }

// Meta is what every node carries.
type Meta struct {
	Rng      Range
	Comments Comments
}

// GetMeta makes the metadata of any node reachable through its interface.
func (m *Meta) GetMeta() *Meta { return m }

// At is a Meta that holds only a range.
func At(r Range) Meta { return Meta{Rng: r} }

// Node is any node of the representation.
type Node interface {
	GetMeta() *Meta
}

// File is a Polytope file, and what its values and secrets are by default.
type File struct {
	Meta
	Templates []*Template
	Modules   []*Module
	Bindings  []*Binding
	// Partial holds where the source includes files that are not read: they may
	// have modules that are called.
	Partial bool
}

// Module is a reusable unit: it calls another module, or runs code. Exactly
// one of Call and Code is set in a valid module.
type Module struct {
	Meta
	ID      string
	IDRange Range
	Info    string
	// APIVersion and Default are the keys "api-version" and "default?" of the
	// reference's ModuleSpec, of which it says no more.
	APIVersion string
	Default    bool
	Params     []*Param
	Call       *Call
	Code       *Code
}

// Param is a declared parameter of a module or template.
type Param struct {
	Meta
	ID   string
	Name string // human-readable
	Info string
	Type Type
}

// FindParam is the param of an id, or nil.
func FindParam(params []*Param, id string) *Param {
	for _, p := range params {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// ParamIDs are the ids of params.
func ParamIDs(params []*Param) []string {
	var ids []string
	for _, p := range params {
		ids = append(ids, p.ID)
	}
	return ids
}

// Call is a call of a module with arguments.
type Call struct {
	Meta
	// Module is a module reference: a local id or owner/project with optional
	// @revision, :path and !id.
	Module string
	// Args may be nil: no arguments.
	Args *Map
}

// Template is a job: the steps that run together.
type Template struct {
	Meta
	ID      string
	IDRange Range
	Info    string
	Params  []*Param
	Run     []*Step
}

// Step is one module call of a template.
type Step struct {
	Meta
	// ID is empty where the step takes the id of its module.
	ID   string
	Call Call
	// After is the id of the step that must have ended first; empty for none.
	After string
	// Condition is how it must have ended: success, always, failed, or empty.
	Condition string
}

// StepID is the id under which other steps refer to this one.
func (s *Step) StepID() string {
	if s.ID != "" {
		return s.ID
	}
	return s.Call.Module
}

// Module returns the module with that id, or nil.
func (f *File) Module(id string) *Module {
	for _, m := range f.Modules {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Template returns the template with that id, or nil.
func (f *File) Template(id string) *Template {
	for _, t := range f.Templates {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Binding returns the value or secret with that name, or nil.
func (f *File) Binding(kind RefKind, name string) *Binding {
	for _, b := range f.Bindings {
		if b.Kind == kind && b.Name == name {
			return b
		}
	}
	return nil
}

// Step returns the step with that id, or nil.
func (t *Template) Step(id string) *Step {
	for _, s := range t.Run {
		if s.StepID() == id {
			return s
		}
	}
	return nil
}
