package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"hull/ir"
	"hull/ir/resolve"
)

func param(id string, t ir.Type) *ir.Param { return &ir.Param{ID: id, Type: t} }

func ref(id string) ir.Expr { return &ir.Ref{Kind: ir.ParamRef, Name: id} }

// chain is n modules of which each calls the next with args, and the last a
// container.
func chain(n int, args func() *ir.Map, last *ir.Map) *ir.File {
	f := &ir.File{}
	for i := range n {
		call := &ir.Call{Module: fmt.Sprintf("m%d", i+1), Args: args()}
		if i == n-1 {
			call = &ir.Call{Module: "polytope/container", Args: last}
		}
		params := []*ir.Param{param("p", ir.AnyType), param("q", ir.MaybeType{Type: ir.AnyType})}
		f.Modules = append(f.Modules, &ir.Module{ID: fmt.Sprintf("m%d", i), Params: params, Call: call})
	}
	return f
}

// Files that would take for ever, or all memory, end with a diagnostic that
// says so.
func TestHostile(t *testing.T) {
	doubleData := func() *ir.Map { return ir.NewMap("p", ir.NewList(ref("p"), ref("p"))) }
	doubleText := func() *ir.Map { return ir.NewMap("p", &ir.Interp{Parts: []ir.Expr{ref("p"), ref("p")}}) }
	doubleJS := func() *ir.Map {
		return ir.NewMap("p", &ir.Code{Lang: ir.JS, Source: "[params.p, params.p]"})
	}
	same := func() *ir.Map { return ir.NewMap("p", ref("p")) }
	image := ir.NewMap("image", ir.Str("x"), "cmd", ref("p"))
	labels := chain(40, doubleData, nil)
	labels.Modules[39].Call = &ir.Call{Module: "polytope/build-image", Args: ir.NewMap("labels", ref("p"))}
	var either ir.Type = ir.IntType
	for range 40 {
		either = ir.EitherType{Types: []ir.Type{ir.RecordType{Fields: []ir.Field{{Key: "a", Type: either}}}, ir.ListType{Elem: either}, ir.RecordType{Fields: []ir.Field{{Key: "a", Type: either}}}}}
	}
	var deep ir.Expr = ir.Str("x")
	for range 40 {
		deep = ir.NewMap("a", deep)
	}
	typed := chain(1, same, image)
	typed.Modules[0].Params[1].Type = either
	loops := chain(1, same, ir.NewMap("image", ir.Str("x")))
	items := &ir.List{}
	for range 100 {
		items.Items = append(items.Items, &ir.Code{Lang: ir.JS, Source: "while (true) {}"})
	}
	loops.Modules[0].Call.Args.Set("cmd", items)
	for name, c := range map[string]struct {
		file *ir.File
		arg  ir.Expr
		code string
	}{
		"doubled data":     {chain(60, doubleData, image), ir.Str("x"), "resolve/limit"},
		"doubled text":     {chain(60, doubleText, image), ir.Str("x"), "resolve/limit"},
		"doubled by code":  {chain(60, doubleJS, image), ir.Str("x"), "resolve/code"},
		"doubled labels":   {labels, ir.Str("x"), "resolve/limit"},
		"too many modules": {chain(200, same, image), ir.Str("x"), "resolve/limit"},
		"unions":           {typed, deep, "resolve/limit"},
		"endless code":     {loops, ir.Str("x"), "resolve/limit"},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "endless code" {
				t.Skip("takes as long as an evaluation may")
			}
			args := ir.NewMap("p", c.arg, "q", c.arg)
			job, ds := resolve.Resolve(c.file, resolve.Options{Module: "m0", Args: args})
			if job == nil || !strings.Contains(strings.Join(found(ds), "\n"), c.code) {
				t.Errorf("%v: %.500q", job, found(ds))
			}
		})
	}
}

func TestManyMistakes(t *testing.T) {
	args := &ir.Map{}
	for i := range 30_000 {
		args.Entries = append(args.Entries, ir.Entry{Key: fmt.Sprintf("key-%d", i), Value: ir.Num(1)})
	}
	f := &ir.File{Modules: []*ir.Module{{ID: "m", Call: &ir.Call{Module: "polytope/container", Args: args}}}}
	_, ds := resolve.Resolve(f, resolve.Options{})
	if len(ds) > 10_001 || !strings.Contains(strings.Join(found(ds), "\n"), "resolve/limit") {
		t.Errorf("%d diagnostics", len(ds))
	}
}
