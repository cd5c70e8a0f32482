package jsonnet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"hull/ir/diag"
)

// evaluation is one run of a program.
type evaluation struct {
	opts   Options
	files  *files
	stop   *stop
	traces *traces
	vm     *jsonnet.VM
	root   ast.Node
	// broken are the errors of imports that cannot be parsed, by their texts.
	broken map[string]error
}

func newEvaluation(opts Options, f *files) *evaluation {
	e := &evaluation{opts: opts, files: f, stop: &stop{done: make(chan struct{})}, traces: &traces{}, vm: jsonnet.MakeVM()}
	f.stop = e.stop
	e.vm.MaxStack = opts.MaxStack
	e.vm.Importer(f)
	e.vm.SetTraceOut(e.traces)
	return e
}

// outcome is what an evaluation comes to: texts by name, where the empty name
// is that of the only one.
type outcome struct {
	texts map[string]string
	err   error
}

func (e *evaluation) run(ctx context.Context) ([]Document, []diag.Diagnostic) {
	ctx, cancel := context.WithTimeout(ctx, e.opts.Timeout)
	defer cancel()
	go e.watch(ctx)
	result := make(chan outcome, 1)
	go func() { result <- e.outcome() }()
	out, ok := e.await(result)
	if !ok {
		return nil, []diag.Diagnostic{problem("jsonnet/limit", diag.Range{File: e.files.main}, e.stop.why.Load().message)}
	}
	if out.err != nil {
		return nil, []diag.Diagnostic{e.diagnostic(out.err)}
	}
	return e.documents(out.texts)
}

// grace is how long a program that is to end may take to notice.
const grace = 500 * time.Millisecond

// await waits for the outcome. A program that is to end and does not is given
// up: go-jsonnet is in one of the few things that it does in one step and that
// can take any amount of time, such as writing down a value that holds the same
// object over and over. Its goroutine ends when that step does.
func (e *evaluation) await(result <-chan outcome) (outcome, bool) {
	select {
	case out := <-result:
		return out, true
	case <-e.stop.done:
	}
	select {
	case out := <-result:
		return out, true
	case <-time.After(grace):
		return outcome{}, false
	}
}

// stop tells a program to end.
type stop struct {
	why  atomic.Pointer[fault]
	done chan struct{} // closed once why is set
}

func (s *stop) set(why fault) {
	if s.why.CompareAndSwap(nil, &why) {
		close(s.done)
	}
}

// cause is why the program is to end, or nil.
func (s *stop) cause() error {
	if why := s.why.Load(); why != nil {
		return *why
	}
	return nil
}

// watchEvery is how often the memory is looked at. What go-jsonnet can take in
// that time is some tens of megabytes.
const watchEvery = 10 * time.Millisecond

// watch stops the program where it takes too long or too much. It counts from
// the least that the process has taken since it began: what was there before
// may be garbage.
func (e *evaluation) watch(ctx context.Context) {
	ticks := time.NewTicker(watchEvery)
	defer ticks.Stop()
	least := use()
	for {
		select {
		case <-ctx.Done():
			e.stop.set(e.late(ctx))
			return
		case <-ticks.C:
		}
		now := use()
		least = usage{min(least.heap, now.heap), min(least.stacks, now.stacks)}
		switch {
		case now.heap > least.heap+e.opts.MaxMemory:
			e.stop.set(fault{"jsonnet/limit", fmt.Sprintf("the program takes more than %d MB of memory", e.opts.MaxMemory>>20)})
			return
		case now.stacks > least.stacks+maxStackSize:
			e.stop.set(fault{"jsonnet/limit", "the program goes too deep: it has too many calls, or tail calls, behind one another"})
			return
		}
	}
}

func (e *evaluation) late(ctx context.Context) fault {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault{"jsonnet/limit", fmt.Sprintf("the program takes longer than %v", e.opts.Timeout)}
	}
	return fault{"jsonnet/limit", "the evaluation was cancelled"}
}

// maxStackSize is by how many bytes the stack may grow. go-jsonnet does not count
// tail calls, which take stack all the same; a Go program ends at 1 GB of it.
const maxStackSize = 64 << 20

// usage is what this process takes, in bytes.
type usage struct{ heap, stacks uint64 }

func use() usage {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return usage{samples[0].Value.Uint64(), samples[1].Value.Uint64()}
}

// outcome evaluates the program.
func (e *evaluation) outcome() (out outcome) {
	defer func() {
		if r := recover(); r != nil {
			out.err = fmt.Errorf("(CRASH) %v", r)
		}
	}()
	if out.err = e.load(); out.err != nil {
		return out
	}
	if e.opts.Multi {
		out.texts, out.err = e.vm.EvaluateMulti(e.root)
		return out
	}
	text, err := e.vm.Evaluate(e.root)
	return outcome{map[string]string{"": text}, err}
}

// load parses the program and its variables, and instruments them.
func (e *evaluation) load() (err error) {
	if !isParsable(e.files.text()) {
		return errNested
	}
	if e.root, err = jsonnet.SnippetToAST(e.files.main, e.files.text()); err != nil {
		return err
	}
	roots := []ast.Node{e.root}
	roots = append(roots, e.variables(e.opts.Ext, "extvar", e.vm.ExtVar, e.vm.ExtCode, e.vm.ExtNode)...)
	roots = append(roots, e.variables(e.opts.TLA, "top-level-arg", e.vm.TLAVar, e.vm.TLACode, e.vm.TLANode)...)
	e.broken = instrumentAll(e.vm, roots, e.files)
	return nil
}

// variables sets the variables of one kind, and returns those that are code.
func (e *evaluation) variables(
	vars Variables, kind string, setStr, setCode func(name, value string), setNode func(string, ast.Node),
) []ast.Node {
	for name, value := range vars.Str {
		setStr(name, value)
	}
	code := maps.Clone(vars.Code)
	if code == nil {
		code = map[string]string{}
	}
	for name, file := range vars.StrFile {
		code[name] = "importstr " + quote(file)
	}
	for name, file := range vars.CodeFile {
		code[name] = "import " + quote(file)
	}
	var roots []ast.Node
	for _, name := range slices.Sorted(maps.Keys(code)) {
		root := e.variable(name, code[name], kind, setCode)
		if root != nil {
			setNode(name, root)
			roots = append(roots, root)
		}
	}
	return roots
}

// variable parses a variable. Its syntax errors are go-jsonnet's to report, if
// the program asks for it.
func (e *evaluation) variable(name, code, kind string, setCode func(name, value string)) ast.Node {
	if !isParsable(code) {
		code = "import " + quote(nestedMark)
	}
	root, err := jsonnet.SnippetToAST("<"+kind+":"+name+">", code)
	if err != nil {
		setCode(name, code)
		return nil
	}
	return root
}

// quote is a string literal in which nothing is escaped but quotes.
func quote(s string) string { return "@'" + strings.ReplaceAll(s, "'", "''") + "'" }
