// Package javascript evaluates the JavaScript of Polytope files. Code sees its
// params and the language, and nothing of the host: no clock, no chance, no
// files, no network, and no way to make more code of text.
//
// Source: the Polytope reference, "Polytope values and secrets are stored as
// strings" and the examples of #pt-js in it and in public files: an expression,
// or statements of which the last has the value. A body with return is taken,
// too.
package javascript

import (
	"context"
	"errors"
	"fmt"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/dop251/goja"

	"hull/ir"
)

// The limits keep a hostile file from taking the machine. Code that computes
// arguments is far from all of them.
const (
	maxSource = 1 << 16 // bytes; also bounds the recursion of the parser
	maxTime   = time.Second
	maxCalls  = 2000      // nested calls
	maxMemory = 256 << 20 // bytes by which the heap may grow meanwhile
	// grace is how long a native function may go on after the time is up: it
	// does not see an interrupt.
	grace      = 500 * time.Millisecond
	watchEvery = 5 * time.Millisecond
)

var (
	errTime   = errors.New("it takes too long")
	errMemory = errors.New("it takes too much memory")
)

// Eval evaluates code in which the object params holds the given data, its keys
// in camel case. The result is plain data, in its order; the error is one line
// that says why there is none.
func Eval(ctx context.Context, source string, params *ir.Map) (ir.Expr, error) {
	if len(source) > maxSource {
		return nil, fmt.Errorf("it is longer than %d bytes", maxSource)
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	vm := goja.New()
	done := make(chan outcome, 1)
	go func() { done <- run(vm, source, params) }()
	return watch(ctx, vm, done)
}

type outcome struct {
	value ir.Expr
	err   error
}

// watch waits for the outcome, and interrupts the code where it goes beyond
// time or memory. Code inside of a native function that does not end either is
// left to itself.
func watch(ctx context.Context, vm *goja.Runtime, done <-chan outcome) (ir.Expr, error) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	before := heapBytes()
	for {
		select {
		case o := <-done:
			return o.value, o.err
		case <-ticker.C:
			if heapBytes() > before+maxMemory {
				return stop(vm, done, errMemory)
			}
		case <-ctx.Done():
			return stop(vm, done, errTime)
		}
	}
}

func stop(vm *goja.Runtime, done <-chan outcome, why error) (ir.Expr, error) {
	vm.Interrupt(why)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
	return nil, why
}

func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// run evaluates code and takes its result out. The recovery is for what goja
// throws through Go functions: an interrupt while a getter runs.
func run(vm *goja.Runtime, source string, params *ir.Map) (out outcome) {
	defer func() {
		if x := recover(); x != nil {
			out = outcome{err: describe(fmt.Errorf("%v", x))}
		}
	}()
	program, err := compile(source)
	if err != nil {
		return outcome{err: describe(err)}
	}
	vm.SetMaxCallStackSize(maxCalls)
	if err := confine(vm); err != nil {
		return outcome{err: describe(err)}
	}
	if err := vm.Set("params", paramsObject(vm, params)); err != nil {
		return outcome{err: describe(err)}
	}
	value, err := vm.RunProgram(program)
	if err != nil {
		return outcome{err: describe(err)}
	}
	x, err := takeOut(vm, value)
	return outcome{x, err}
}

// compile takes code as an expression, so that {…} is an object and no block;
// else as a script, whose last statement has the value; else as the body of a
// function.
func compile(source string) (*goja.Program, error) {
	source = strings.TrimRight(source, "; \t\r\n")
	var err error
	for _, form := range []string{"(%s\n)", "%s", "(function () {%s\n})()"} {
		var p *goja.Program
		if p, err = goja.Compile("", strings.Replace(form, "%s", source, 1), false); err == nil {
			return p, nil
		}
	}
	return nil, err
}

// describe makes one line of goja's errors, without its positions: they are of
// the code as compile wraps it.
func describe(err error) error {
	var thrown *goja.Exception
	var interrupted *goja.InterruptedError
	var syntax *goja.CompilerSyntaxError
	var overflow *goja.StackOverflowError
	text := err.Error()
	switch {
	case errors.As(err, &interrupted):
		if why, ok := interrupted.Value().(error); ok {
			return why
		}
	case errors.As(err, &overflow):
		return errors.New("its calls are nested too deep")
	case errors.As(err, &syntax):
		text = "SyntaxError: " + syntax.Message
	case errors.As(err, &thrown):
		text = thrown.Value().String()
	}
	text, _, _ = strings.Cut(text, "\n")
	if i := strings.Index(text, ": Line "); i >= 0 {
		_, rest, _ := strings.Cut(text[i+len(": Line "):], " ")
		text = "SyntaxError: " + rest
	}
	return errors.New(shorten(text))
}

const maxMessage = 120 // bytes of an error that code makes up

func shorten(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}
