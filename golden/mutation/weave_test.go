package mutation

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// edit replaces what is at a place of a source; places are in bytes.
type edit struct {
	from, to int
	text     string
}

// apply makes edits that do not overlap.
func apply(src string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return b.from - a.from })
	for _, e := range edits {
		src = src[:e.from] + e.text + src[e.to:]
	}
	return src
}

// weaver puts faults into a source file, each so that it only shows where the
// program is given its id.
type weaver struct {
	src   string
	fset  *token.FileSet
	file  *ast.File
	edits []edit
	// more are the functions with faults, behind the file's own.
	more []string
	// values are the faults of variables, by where the variables' values are.
	values map[ast.Expr][]edit
	ids    map[ast.Expr][]string
}

// weave is a source with the faults in it.
func weave(src []byte, faults []fault) (string, error) {
	w := &weaver{src: string(src), fset: token.NewFileSet(), values: map[ast.Expr][]edit{}, ids: map[ast.Expr][]string{}}
	var err error
	if w.file, err = parser.ParseFile(w.fset, "", src, parser.SkipObjectResolution); err != nil {
		return "", err
	}
	for _, f := range faults {
		if e := w.add(f); e != nil {
			err = errors.Join(err, fmt.Errorf("the fault %s: %w", f.id, e))
		}
	}
	for value := range w.values {
		w.pick(value)
	}
	end := w.offset(w.file.Name.End())
	w.edits = append(w.edits, edit{end, end, `; import "hull/golden/mutation/seed"`})
	return apply(w.src, w.edits) + strings.Join(w.more, "\n"), err
}

func (w *weaver) offset(p token.Pos) int { return w.fset.Position(p).Offset }

// text is the source of a node.
func (w *weaver) text(n ast.Node) string { return w.src[w.offset(n.Pos()):w.offset(n.End())] }

func (w *weaver) add(f fault) error {
	if n := strings.Count(w.src, f.old); n != 1 {
		return fmt.Errorf("%s has this %d times, and not once; say in the list what became of it:\n%s", f.file, n, f.old)
	}
	from := strings.Index(w.src, f.old)
	change := edit{from, from + len(f.old), f.new}
	for _, d := range w.file.Decls {
		if w.offset(d.Pos()) > change.from || w.offset(d.End()) < change.to {
			continue
		}
		if d, ok := d.(*ast.FuncDecl); ok {
			return w.function(d, f.id, change)
		}
		return w.variable(d.(*ast.GenDecl), f.id, change)
	}
	return fmt.Errorf("what is to be replaced is in no function and no variable")
}

// function makes a second function with the fault, and has the first one call
// it.
func (w *weaver) function(d *ast.FuncDecl, id string, change edit) error {
	name := d.Name.Name + "_" + strings.ReplaceAll(id, "-", "_")
	args, err := arguments(d.Type)
	if err != nil {
		return err
	}
	call := name + "(" + args + ")"
	if d.Recv != nil {
		if len(d.Recv.List[0].Names) == 0 {
			return fmt.Errorf("%s has a receiver without a name", d.Name.Name)
		}
		call = d.Recv.List[0].Names[0].Name + "." + call
	}
	then := "return " + call
	if d.Type.Results == nil {
		then = call + "; return"
	}
	at := w.offset(d.Body.Lbrace) + 1
	w.edits = append(w.edits, edit{at, at, fmt.Sprintf("\nif seed.Is(%q) { %s }\n", id, then)})
	start, end := w.offset(d.Type.Pos()), w.offset(d.End())
	rename := edit{w.offset(d.Name.Pos()), w.offset(d.Name.End()), name}
	w.more = append(w.more, apply(w.src[:end], []edit{change, rename})[start:]+"\n")
	return nil
}

// arguments pass a function's parameters on.
func arguments(t *ast.FuncType) (string, error) {
	var names []string
	for _, field := range t.Params.List {
		if len(field.Names) == 0 {
			return "", fmt.Errorf("a parameter has no name")
		}
		for _, n := range field.Names {
			name := n.Name
			if _, isVariadic := field.Type.(*ast.Ellipsis); isVariadic {
				name += "..."
			}
			names = append(names, name)
		}
	}
	if t.TypeParams != nil || slices.Contains(names, "_") {
		return "", fmt.Errorf("the function has a parameter that cannot be passed on")
	}
	return strings.Join(names, ", "), nil
}

// variable notes the fault of a variable's value.
func (w *weaver) variable(d *ast.GenDecl, id string, change edit) error {
	for _, s := range d.Specs {
		spec, ok := s.(*ast.ValueSpec)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, v := range spec.Values {
			if start := w.offset(v.Pos()); start <= change.from && change.to <= w.offset(v.End()) {
				w.values[v] = append(w.values[v], edit{change.from - start, change.to - start, change.text})
				w.ids[v] = append(w.ids[v], id)
				return nil
			}
		}
	}
	return fmt.Errorf("what is to be replaced is not in the value of one variable")
}

// pick chooses among the values of a variable.
func (w *weaver) pick(value ast.Expr) {
	sound := w.text(value)
	var b bytes.Buffer
	b.WriteString(sound)
	for i, id := range w.ids[value] {
		rest := b.String()
		b.Reset()
		fmt.Fprintf(&b, "seed.Pick(%q, %s, %s)", id, apply(sound, w.values[value][i:i+1]), rest)
	}
	w.edits = append(w.edits, edit{w.offset(value.Pos()), w.offset(value.End()), b.String()})
}
