package ir

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// everything holds one node of every type, each expression with something
// below it where it can.
func everything() *File {
	param := func(id string) *Param {
		record := RecordType{[]Field{{"a", MapType{StrType, MaybeType{&DefaultType{StrType, Str(id)}}}}}}
		return &Param{ID: id, Type: EitherType{[]Type{ListType{record}}}}
	}
	args := NewMap(
		"null", &Null{}, "bool", &Bool{}, "int", Num(1), "float", &Float{}, "list", NewList(Str("item")),
		"interp", &Interp{Parts: []Expr{Str("part"), &Ref{Kind: ValueRef}}}, "convert", &Convert{To: IntType, X: Str("converted")})
	return &File{
		Templates: []*Template{{ID: "t", Params: []*Param{param("of t")}, Run: []*Step{{Call: Call{Module: "m", Args: NewMap("x", Str("of step"))}}}}},
		Modules:   []*Module{{ID: "m", Params: []*Param{param("of m")}, Call: &Call{Args: args}}, {ID: "n", Code: &Code{}}},
		Bindings:  []*Binding{{}},
	}
}

// TestWalkReachesEveryNode fails for a node type that everything lacks, and
// for one that Children does not know or does not reach.
func TestWalkReachesEveryNode(t *testing.T) {
	seen := map[string]bool{}
	var texts []string
	Walk(everything(), func(n Node) bool {
		seen[strings.TrimPrefix(fmt.Sprintf("%T", n), "*ir.")] = true
		if s, ok := n.(*String); ok {
			texts = append(texts, s.Value)
		}
		return true
	})
	declared := nodeTypes(t)
	if len(declared) < 18 {
		t.Errorf("only %d node types found: %v", len(declared), declared)
	}
	for _, name := range declared {
		if !seen[name] {
			t.Errorf("%s was not visited", name)
		}
	}
	if want := []string{"of t", "of step", "of m", "item", "part", "converted"}; !slices.Equal(texts, want) {
		t.Errorf("texts in order: %q, want %q", texts, want)
	}
}

// nodeTypes are the structs of this package that embed Meta.
func nodeTypes(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && embedsMeta(spec.Type) {
				names = append(names, spec.Name.Name)
			}
			return true
		})
	}
	return names
}

func embedsMeta(x ast.Expr) bool {
	s, ok := x.(*ast.StructType)
	return ok && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		name, ok := f.Type.(*ast.Ident)
		return ok && len(f.Names) == 0 && name.Name == "Meta"
	})
}

func TestWalkLeavesOut(t *testing.T) {
	var visited []string
	Walk(NewList(NewMap("a", Str("below")), Str("beside")), func(n Node) bool {
		visited = append(visited, fmt.Sprintf("%T", n))
		_, isMap := n.(*Map)
		return !isMap
	})
	if want := []string{"*ir.List", "*ir.Map", "*ir.String"}; !slices.Equal(visited, want) {
		t.Errorf("got %v, want %v", visited, want)
	}
}

func TestMapExpr(t *testing.T) {
	original := func() Expr {
		return NewMap("a", NewList(Str("x"), &Interp{Parts: []Expr{Str("y"), &Ref{Kind: ParamRef, Name: "p"}}}), "b", &Convert{To: IntType, X: Str("z")}, "c", Num(1))
	}
	x := original()
	var order []string
	got := MapExpr(x, func(x Expr) Expr {
		order = append(order, fmt.Sprintf("%T", x))
		if s, ok := x.(*String); ok {
			return Str(s.Value + "!")
		}
		return x
	})
	want := NewMap("a", NewList(Str("x!"), &Interp{Parts: []Expr{Str("y!"), &Ref{Kind: ParamRef, Name: "p"}}}), "b", &Convert{To: IntType, X: Str("z!")}, "c", Num(1))
	if !Equal(got, want) {
		t.Errorf("got %#v", got)
	}
	if !reflect.DeepEqual(x, original()) {
		t.Error("the original has changed")
	}
	if last := order[len(order)-1]; order[0] != "*ir.String" || last != "*ir.Map" {
		t.Errorf("order %v", order)
	}
}

// TestEqual compares each expression with every other: only those with the
// same number are equal.
func TestEqual(t *testing.T) {
	exprs := []struct {
		class int
		x     Expr
	}{
		{0, &Null{}},
		{0, &Null{Meta: Meta{Comments: Comments{Head: "c"}}}},
		{1, &Bool{}},
		{2, &Bool{Value: true}},
		{3, Num(0)},
		{4, Num(1)},
		{5, &Float{Value: 1}},
		{6, &Float{Value: 2}},
		{7, Str("")},
		{8, Str("1")},
		{8, &String{Meta: At(Range{File: "f"}), Value: "1"}},
		{9, &List{}},
		{10, NewList(Num(1))},
		{11, NewList(Num(2))},
		{12, NewList(Num(1), Num(2))},
		{13, NewList(Num(2), Num(1))},
		{14, &Map{}},
		{15, NewMap("a", Num(1))},
		{16, NewMap("b", Num(1))},
		{17, NewMap("a", Num(2))},
		{18, NewMap("a", Num(1), "b", Num(2))},
		{18, NewMap("b", Num(2), "a", Num(1))},
		{19, &Ref{Kind: ValueRef, Name: "a"}},
		{20, &Ref{Kind: SecretRef, Name: "a"}},
		{21, &Ref{Kind: ValueRef, Name: "b"}},
		{22, &Interp{Parts: []Expr{Str("1")}}},
		{23, &Interp{Parts: []Expr{Num(1)}}},
		{24, &Code{Lang: JS, Source: "1"}},
		{25, &Code{Lang: Clojure, Source: "1"}},
		{26, &Code{Lang: JS, Source: "2"}},
		{27, &Convert{To: IntType, X: Str("1")}},
		{28, &Convert{To: NumType, X: Str("1")}},
		{29, &Convert{To: IntType, X: Str("2")}},
		{30, nil},
	}
	for i, a := range exprs {
		for j, b := range exprs {
			if got := Equal(a.x, b.x); got != (a.class == b.class) {
				t.Errorf("%d and %d (%#v, %#v): got %v", i, j, a.x, b.x, got)
			}
		}
	}
}

func TestMapEntries(t *testing.T) {
	m := NewMap("a", Num(1), "left out", nil, "b", Num(2))
	m.Set("a", Num(3))
	m.Set("c", Num(4))
	m.Delete("b")
	m.Delete("not there")
	if want := NewMap("a", Num(3), "c", Num(4)); !reflect.DeepEqual(m, want) {
		t.Errorf("got %#v", m)
	}
	if m.Get("b") != nil || (*Map)(nil).Get("a") != nil {
		t.Error("a key that is not there has a value")
	}
}
