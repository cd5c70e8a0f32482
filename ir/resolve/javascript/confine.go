package javascript

import (
	_ "embed"
	"sync"

	"github.com/dop251/goja"
)

// globals are what code may use of the language. What is not among them would
// read the clock (Date), make code of text (eval, Function), take memory in one
// step (ArrayBuffer) or is of no use for data.
var globals = []string{
	"Object", "Array", "String", "Number", "Boolean", "Symbol", "Math", "JSON", "RegExp", "Map", "Set", "BigInt",
	"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError",
	"parseInt", "parseFloat", "isNaN", "isFinite",
	"encodeURI", "encodeURIComponent", "decodeURI", "decodeURIComponent",
	"NaN", "Infinity", "undefined", "globalThis",
}

// Native functions run in a single step, between which alone code can be
// interrupted. These bound what one of them takes.
const (
	maxText  = 1 << 24 // characters of a text that it makes
	maxItems = 1 << 20 // of an array that it goes through
)

//go:embed confine.js
var confineJS string

// confinement is the program in confine.js; it is part of hull's, so that a
// test holds that it compiles.
var confinement = sync.OnceValues(func() (*goja.Program, error) {
	return goja.Compile("", confineJS, true)
})

// confine takes away what code must not have.
func confine(vm *goja.Runtime) error {
	program, err := confinement()
	if err != nil {
		return err
	}
	f, err := vm.RunProgram(program)
	if err != nil {
		return err
	}
	call, _ := goja.AssertFunction(f)
	_, err = call(goja.Undefined(), vm.ToValue(globals), vm.ToValue(maxText), vm.ToValue(maxItems))
	return err
}
