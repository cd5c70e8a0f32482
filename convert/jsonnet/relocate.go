package jsonnet

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"gopkg.in/yaml.v3"

	"hull/ir/diag"
)

// Relocate makes diagnostics about a document name its source instead: the
// Jsonnet file, the path in the result, such as $.services.web.ports[0], and
// the line of the field where it can be told without running the program. file
// is the name of the program, as in the report of Evaluate. The text of the
// document leaves the report: nobody has seen it.
func Relocate(report *diag.Report, doc Document, file string) {
	if report == nil {
		return
	}
	roots := doc.parse()
	for i := range report.Diagnostics {
		d := &report.Diagnostics[i]
		if d.Subject.File != doc.File {
			continue
		}
		at := diag.Range{File: file}
		if d.Subject.IsValid() {
			steps := pathAt(roots, d.Subject.Start)
			d.Path = pathText(steps)
			d.Message = d.Path + ": " + d.Message
			at = doc.fields.find(steps, at)
		}
		d.Subject = at
	}
	delete(report.Sources, doc.File)
}

// parse reads the text as YAML, of which JSON is a part.
func (d Document) parse() []*yaml.Node {
	var roots []*yaml.Node
	for dec := yaml.NewDecoder(bytes.NewReader(d.Text)); ; {
		var doc yaml.Node
		if dec.Decode(&doc) != nil || len(doc.Content) == 0 {
			return roots
		}
		roots = append(roots, doc.Content[0])
	}
}

// step is a key or, where it has none, an index.
type step struct {
	key   string
	index int
	isKey bool
}

// pathAt is the path of what stands at a position.
func pathAt(roots []*yaml.Node, at diag.Pos) []step {
	i := lastBefore(roots, 1, at)
	if i < 0 {
		return nil
	}
	var steps []step
	if len(roots) > 1 {
		steps = append(steps, step{index: i})
	}
	for n := roots[i]; ; {
		stride := 1
		if n.Kind == yaml.MappingNode {
			stride = 2
		} else if n.Kind != yaml.SequenceNode {
			return steps
		}
		i := lastBefore(n.Content, stride, at)
		if i < 0 {
			return steps
		}
		if stride == 2 {
			steps = append(steps, step{key: n.Content[i].Value, isKey: true})
		} else {
			steps = append(steps, step{index: i})
		}
		n = n.Content[i+stride-1]
	}
}

// lastBefore is the last of every stride-th node that begins at the position or
// before; -1 where there is none.
func lastBefore(nodes []*yaml.Node, stride int, at diag.Pos) int {
	found := -1
	for i := 0; i < len(nodes); i += stride {
		if !at.Before(diag.Pos{Line: nodes[i].Line, Column: nodes[i].Column}) {
			found = i
		}
	}
	return found
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func pathText(steps []step) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range steps {
		switch {
		case !s.isKey:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case plainKey.MatchString(s.key):
			b.WriteString("." + s.key)
		default:
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		}
	}
	return b.String()
}

// locator finds where a program writes a field of its result down, as far as
// that can be seen: through variables, sums, imports and functions that are
// called, and no further.
type locator struct {
	vm    *jsonnet.VM
	root  ast.Node
	multi bool
	name  string
}

// find is the range of the field, or of the nearest one around it; else it is
// what is given.
func (l *locator) find(steps []step, at diag.Range) diag.Range {
	if l == nil {
		return at
	}
	if l.multi {
		steps = append([]step{{key: l.name, isKey: true}}, steps...)
	}
	s := &search{locator: l, best: at, left: len(steps) + 1}
	s.visit(bound{l.root, nil}, steps)
	return s.best
}

// bound is a node with the variables that it sees.
type bound struct {
	node ast.Node
	vars *vars
}

type vars struct {
	nodes map[ast.Identifier]ast.Node
	outer *vars
}

func (v *vars) lookUp(name ast.Identifier) (bound, bool) {
	for ; v != nil; v = v.outer {
		if n, ok := v.nodes[name]; ok {
			return bound{n, v}, n != nil
		}
	}
	return bound{}, false
}

func bind(binds ast.LocalBinds, outer *vars) *vars {
	v := &vars{map[ast.Identifier]ast.Node{}, outer}
	for _, b := range binds {
		v.nodes[b.Variable] = b.Body
	}
	return v
}

// maxVisits bounds a search: programs can refer to themselves.
const maxVisits = 10000

type search struct {
	*locator
	best   diag.Range
	left   int // how many steps were left at the best
	visits int
}

// found keeps the range of the field behind which so many steps are left, if it
// is nearer than the best.
func (s *search) found(loc ast.LocationRange, left int) {
	if r := rangeOf(loc); left < s.left && r.IsValid() && !isInternal(r.File) {
		s.best, s.left = r, left
	}
}

func (s *search) visit(b bound, steps []step) {
	if s.visits++; s.visits > maxVisits || len(steps) == 0 {
		return
	}
	switch n := b.node.(type) {
	case *ast.Local:
		s.visit(bound{n.Body, bind(n.Binds, b.vars)}, steps)
	case *ast.Var:
		if x, ok := b.vars.lookUp(n.Id); ok {
			s.visit(x, steps)
		}
	case *ast.Binary:
		s.visit(bound{n.Right, b.vars}, steps)
		s.visit(bound{n.Left, b.vars}, steps)
	case *ast.Conditional:
		if isOurs(n) {
			s.visit(bound{n.BranchTrue, b.vars}, steps)
		}
	case *ast.Import:
		if root, _, err := s.vm.ImportAST(n.Loc().FileName, n.File.Value); err == nil {
			s.visit(bound{root, nil}, steps)
		}
	case *ast.Apply:
		if f, ok := s.function(bound{n.Target, b.vars}); ok {
			s.visit(f, steps)
		}
	case *ast.Array:
		s.item(n, b.vars, steps)
	case *ast.DesugaredObject:
		s.field(n, b.vars, steps)
	}
}

// isOurs tells whether a conditional is one of instrument's.
func isOurs(n *ast.Conditional) bool { return n.BranchTrue == n.BranchFalse }

func (s *search) item(n *ast.Array, v *vars, steps []step) {
	if i := steps[0].index; !steps[0].isKey && i < len(n.Elements) {
		x := n.Elements[i].Expr
		s.found(*x.Loc(), len(steps)-1)
		s.visit(bound{x, v}, steps[1:])
	}
}

func (s *search) field(n *ast.DesugaredObject, v *vars, steps []step) {
	for _, f := range n.Fields {
		if name, ok := f.Name.(*ast.LiteralString); ok && steps[0].isKey && name.Value == steps[0].key {
			s.found(f.LocRange, len(steps)-1)
			s.visit(bound{f.Body, bind(n.Locals, v)}, steps[1:])
		}
	}
}

// function is the body of the function that a node is, its params unknown.
func (s *search) function(b bound) (bound, bool) {
	for ; s.visits <= maxVisits; s.visits++ {
		switch n := b.node.(type) {
		case *ast.Function:
			v := &vars{map[ast.Identifier]ast.Node{}, b.vars}
			for _, p := range n.Parameters {
				v.nodes[p.Name] = nil
			}
			return bound{n.Body, v}, true
		case *ast.Var:
			x, ok := b.vars.lookUp(n.Id)
			if !ok {
				return bound{}, false
			}
			b = x
		default:
			return bound{}, false
		}
	}
	return bound{}, false
}
