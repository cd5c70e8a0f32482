// Package builtin knows the modules that come with Polytope: their signatures,
// what a call of each expands to, and which of them a plain container could be
// a call of.
//
// Source: the Polytope reference, "Polytope Standard Modules", and notes.md for
// polytope/build-image. The facts are in modules.yml; what its Clojure code
// computes is in code.go.
package builtin

import (
	_ "embed"
	"sync"

	"hull/ir"
)

// Container is the module that all others which run a container expand to.
const Container = "polytope/container"

//go:embed modules.yml
var modulesYAML []byte

// definition is a built-in module with hull's own facts about it.
type definition struct {
	module *ir.Module
	images []string // the image names it is made for; see modules.yml
	needs  []string // the params without which Infer does not propose it
}

type library struct {
	modules []*ir.Module
	byRef   map[string]*definition
}

// embedded is the content of modules.yml. It is part of the program: that it
// reads without an error is for a test to hold, not for callers to handle.
var embedded = sync.OnceValue(func() library {
	defs, _, err := readDefinitions(modulesYAML)
	if err != nil {
		panic("builtin: modules.yml: " + err.Error())
	}
	lib := library{byRef: map[string]*definition{}}
	for _, d := range defs {
		lib.modules = append(lib.modules, d.module)
		lib.byRef[d.module.ID] = d
	}
	return lib
})

// Modules are the built-in modules in the order of the reference. The ID of
// each is the reference by which it is called, such as
// "polytope/redpanda!console". A module has Call where it is known what it
// expands to, Code where it runs code, and neither where its body is not
// public. The result is shared: callers must not change it.
func Modules() []*ir.Module {
	return embedded().modules
}

// Lookup returns the built-in module that a module reference calls, and
// whether there is one. The result is shared: callers must not change it.
func Lookup(ref string) (*ir.Module, bool) {
	d, ok := embedded().byRef[ref]
	if !ok {
		return nil, false
	}
	return d.module, true
}

// Signature returns the declared params of a built-in module, and whether
// there is such a module.
func Signature(ref string) ([]*ir.Param, bool) {
	m, ok := Lookup(ref)
	if !ok {
		return nil, false
	}
	return m.Params, true
}
