package jsonnet_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	readpolytope "hull/convert/polytope"
	"hull/emit/jsonnet"
	"hull/emit/polytope"
	"hull/ir"
)

func oneModule(x ir.Expr) *ir.File {
	return &ir.File{Modules: []*ir.Module{{ID: "a", Call: &ir.Call{Module: "o/p", Args: ir.NewMap("x", x)}}}}
}

func oneStep(s ir.Step) *ir.File {
	return &ir.File{Templates: []*ir.Template{{ID: "t", Run: []*ir.Step{&s}}}}
}

// TestUnchecked writes arguments that the library refuses where they are not
// marked: the program yields the file all the same.
func TestUnchecked(t *testing.T) {
	param := []*ir.Param{{ID: "x", Type: ir.StrType}}
	for _, m := range []*ir.Module{
		{ID: "a", Call: &ir.Call{Module: "polytope/container", Args: ir.NewMap("id", ir.Str("a"), "image", ir.Str("i"), "create", ir.Str("always"))}},
		{ID: "a", Call: &ir.Call{Module: "polytope/node", Args: ir.NewMap("await", ir.NewList())}},
		{ID: "a", Call: &ir.Call{Module: "polytope/container"}},
		{ID: "a", Call: &ir.Call{Module: "own"}},
		{ID: "a", Call: &ir.Call{Module: "own", Args: ir.NewMap("x", ir.Str("y"), "z", ir.Num(1))}},
	} {
		own := &ir.Module{ID: "own", Params: param, Call: &ir.Call{Module: "o/p"}}
		step := &ir.Step{ID: "s", Call: *m.Call}
		f := &ir.File{Modules: []*ir.Module{m, own}, Templates: []*ir.Template{{ID: "t", Run: []*ir.Step{step}}}}
		program, err := jsonnet.Write(f, jsonnet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := polytope.WriteJSON(f, polytope.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := evaluate(t, "unchecked", program); strings.Count(string(program), "pt.unchecked(") != 2 || !reflect.DeepEqual(data(t, got), data(t, want)) {
			t.Errorf("%s\nyields\n%s\nwant\n%s", program, got, want)
		}
		checkFormat(t, "unchecked", program)
	}
}

// TestTexts writes texts that are hard to quote, or look like references.
func TestTexts(t *testing.T) {
	texts := []string{
		"", "'", `"`, `'"`, `\`, "\x00\x1f\x7f\u0080\u00a0\u2028\ufeff\U000e0001", "a\nb", "a\n", "a\n\n", "\na\nb\n", " a\nb", "a \nb\n", "a\n\tb\n", "|||\nb\n",
		"a\n|||\nb", "%s", "%%s", "a\r\nb", "${x}", "{{ x }}", "// x", "pt.secret x", "\u200bpt.value x", "{pt.value x}", "{ #pt-value x}", "#pt-js 1",
		"pt.js", "pt.value", "pt.x", "pt.wikipedia.org", "pt.abc-d e", "{pt", "# pt-js", "a {b} {pt.x", strings.Repeat("long ", 100), "pt.input\tx",
		`#pt-js "pt.value x"`, "{pt.x} \\ \" ' \n \t \b \f \r \u0085 {}",
	}
	list := ir.NewList()
	for _, s := range texts {
		list.Items = append(list.Items, ir.Str(s))
	}
	f := oneModule(list)
	program, err := jsonnet.Write(f, jsonnet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := polytope.WriteJSON(f, polytope.Options{})
	if err != nil {
		t.Fatal(err)
	}
	type file struct {
		Modules []struct{ Args struct{ X []string } }
	}
	var got, expected file
	if err := json.Unmarshal(evaluate(t, "texts", program), &got); err != nil || len(got.Modules) == 0 {
		t.Fatal(err)
	}
	if err := json.Unmarshal(want, &expected); err != nil {
		t.Fatal(err)
	}
	for i, x := range got.Modules[0].Args.X {
		if x != expected.Modules[0].Args.X[i] {
			t.Errorf("%q is written as %q, want %q", texts[i], x, expected.Modules[0].Args.X[i])
		}
	}
}

// TestComments keeps the comments of what has a form of its own.
func TestComments(t *testing.T) {
	variable := ir.NewMap("name", ir.Str("A"), "value", ir.Str("b"))
	variable.Comments = ir.Comments{Head: "head\n// not the end", Line: "line", Foot: "foot"}
	f := &ir.File{Modules: []*ir.Module{{ID: "a", Call: &ir.Call{Module: "polytope/container", Args: ir.NewMap(
		"image", ir.Str("i"), "id", ir.Str("a"), "env", ir.NewList(variable),
	)}}}}
	got, err := jsonnet.Write(f, jsonnet.Options{Header: "first\nsecond"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"// first\n// second\n", "// head\n", "// // not the end\n", "// line\n", "// foot\n", "A: 'b',\n"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
}

// TestEveryComment writes every golden file of the test's own with a comment at
// every node: each is there once.
func TestEveryComment(t *testing.T) {
	inputs, _ := filepath.Glob("testdata/*.yml")
	for _, path := range inputs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := readpolytope.Read(readpolytope.Options{Name: path, Text: text})
		n := 0
		ir.Walk(f, func(node ir.Node) bool {
			n++
			node.GetMeta().Comments = ir.Comments{Head: fmt.Sprintf("head %d.", n), Line: fmt.Sprintf("line %d.", n), Foot: fmt.Sprintf("foot %d.", n)}
			return true
		})
		got, err := jsonnet.Write(f, jsonnet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i <= n; i++ {
			for _, kind := range []string{"head", "line", "foot"} {
				if found := strings.Count(string(got), fmt.Sprintf("// %s %d.\n", kind, i)); found != 1 {
					t.Errorf("%s: the %s comment of node %d is there %d times", path, kind, i, found)
				}
			}
		}
		if n < 100 {
			t.Errorf("%s has %d nodes", path, n)
		}
		checkFormat(t, path, got)
		evaluate(t, path, got)
	}
}

func TestWriteErrors(t *testing.T) {
	call := &ir.Call{Module: "o/p"}
	tests := []struct {
		file *ir.File
		want string
	}{
		{&ir.File{}, "neither a module nor a template"},
		{oneModule(ir.Num(1<<53 + 1)), "53 bits"},
		{oneModule(ir.Str("\xff")), "UTF-8"},
		{oneModule(&ir.Ref{Kind: ir.ValueRef, Name: "a b"}), "no name of a value"},
		{oneModule(&ir.Convert{To: ir.IntType, X: ir.Str("1")}), "not legalized"},
		{&ir.File{Modules: []*ir.Module{{ID: "A", Call: call}}}, "is no id"},
		{&ir.File{Modules: []*ir.Module{{ID: "a", Call: call}, {ID: "a", Call: call}}}, "more than one module"},
		{&ir.File{Modules: []*ir.Module{{ID: "a"}}}, "neither a call nor code"},
		{&ir.File{Templates: []*ir.Template{{ID: "a", Run: []*ir.Step{{Call: *call}, {Call: *call}}}}}, "more than one step"},
		{&ir.File{Modules: []*ir.Module{{ID: "a", Call: &ir.Call{Module: "b/c d"}}}}, "is no module"},
		{&ir.File{Modules: []*ir.Module{{ID: "a", Call: &ir.Call{Module: "B/c"}}}}, "is no module"},
		{oneStep(ir.Step{Call: *call, After: "b"}), "no step of the template"},
		{oneStep(ir.Step{Call: *call, Condition: "always"}), "waits for nothing"},
		{oneStep(ir.Step{Call: *call, After: "o/p", Condition: "done"}), "no condition"},
		{&ir.File{Modules: []*ir.Module{{ID: "a", Call: call, Params: []*ir.Param{{ID: "x y", Type: ir.StrType}}}}}, "is no id"},
	}
	for _, test := range tests {
		if _, err := jsonnet.Write(test.file, jsonnet.Options{}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}
