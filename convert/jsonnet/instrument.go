package jsonnet

import (
	"slices"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"
)

// go-jsonnet cannot be interrupted: it has no context and no hook that others
// may set. But it asks its Importer each time that an import is evaluated. So
// imports are added to every program, and the Importer fails once the program
// is to end. They stand where whatever goes on for long has to pass again and
// again: before the body of each function and field on the way down, and
// before arguments, items and the second operand of a sum on the way up again.
// Evaluating one costs two or three look-ups in maps.
//
// What go-jsonnet does in one step is not interrupted by that: the functions
// of std that make large arrays, and strings that are joined, are checked by
// guard.libsonnet first. The rest is for evaluation.await.

// instrument adds ticks and guards to a program, in place.
func instrument(root ast.Node) {
	in := &instrumenter{seen: map[ast.Node]bool{}, checked: map[ast.Node]bool{}}
	in.shadowsStd = in.bindsStd(root)
	in.visit(root)
}

type instrumenter struct {
	seen map[ast.Node]bool
	// checked are the sums that are part of one that is guarded.
	checked map[ast.Node]bool
	// shadowsStd holds where the program has a variable std of its own.
	shadowsStd bool
}

func (in *instrumenter) bindsStd(n ast.Node) bool {
	const std = "std"
	switch n := n.(type) {
	case *ast.Local:
		if slices.ContainsFunc(n.Binds, func(b ast.LocalBind) bool { return b.Variable == std }) {
			return true
		}
	case *ast.DesugaredObject:
		if slices.ContainsFunc(n.Locals, func(b ast.LocalBind) bool { return b.Variable == std }) {
			return true
		}
	case *ast.Function:
		if slices.ContainsFunc(n.Parameters, func(p ast.Parameter) bool { return p.Name == std }) {
			return true
		}
	}
	return slices.ContainsFunc(toolutils.Children(n), in.bindsStd)
}

func (in *instrumenter) visit(n ast.Node) {
	if n == nil || in.seen[n] {
		return
	}
	in.seen[n] = true
	// A sum is guarded as a whole, and while its operands are as they were.
	if sum, ok := n.(*ast.Binary); ok && !in.checked[n] {
		in.guardJoin(sum)
	}
	for _, c := range toolutils.Children(n) {
		in.visit(c)
	}
	switch n := n.(type) {
	case *ast.Function:
		n.Body = tick(n.Body)
	case *ast.DesugaredObject:
		for i := range n.Fields {
			n.Fields[i].Body = tick(n.Fields[i].Body)
		}
		for i := range n.Asserts {
			n.Asserts[i] = tick(n.Asserts[i])
		}
	case *ast.Array:
		tickAll(n.Elements)
	case *ast.Apply:
		tickAll(n.Arguments.Positional)
		for i := range n.Arguments.Named {
			n.Arguments.Named[i].Arg = tick(n.Arguments.Named[i].Arg)
		}
	case *ast.Binary:
		n.Right = tick(n.Right)
	case *ast.Index:
		if in.isGuarded(n) {
			n.Target = guardImport(n.Target)
		}
	}
}

func tickAll(xs []ast.CommaSeparatedExpr) {
	for i := range xs {
		xs[i].Expr = tick(xs[i].Expr)
	}
}

// tick makes a node that asks whether to go on before it yields another.
// Literals need none.
func tick(body ast.Node) ast.Node {
	if isLiteral(body) {
		return body
	}
	return before(body, &ast.Import{File: &ast.LiteralString{Value: tickName}, NodeBase: base(body)})
}

// before makes a node that evaluates one, which is true, and yields the other.
func before(body, first ast.Node) ast.Node {
	n := &ast.Conditional{Cond: first, BranchTrue: body, BranchFalse: body, NodeBase: base(body)}
	n.SetFreeVariables(body.FreeVariables())
	return n
}

// base is where a node stands, without its variables.
func base(n ast.Node) ast.NodeBase {
	b := ast.NewNodeBaseLoc(*n.Loc(), nil)
	b.SetContext(n.Context())
	return b
}

func guardImport(at ast.Node) ast.Node {
	return &ast.Import{File: &ast.LiteralString{Value: guardName}, NodeBase: base(at)}
}

var guarded = []string{"makeArray", "range", "repeat"}

// isGuarded holds for std.range and the like.
func (in *instrumenter) isGuarded(n *ast.Index) bool {
	std, isVar := n.Target.(*ast.Var)
	name, isNamed := n.Index.(*ast.LiteralString)
	return isVar && isNamed && std.Id == "std" && !in.shadowsStd && slices.Contains(guarded, name.Value)
}

// guardJoin checks what is joined before that is done, where that costs
// nothing but the check: the operands are variables or fields of them, and two
// or more can be long. Joined strings are built when they are needed, and
// until then any number of them takes no memory.
func (in *instrumenter) guardJoin(n *ast.Binary) {
	operands, ok := in.joined(n)
	if !ok {
		return
	}
	texts := &ast.Array{NodeBase: base(n)}
	var free ast.Identifiers
	for _, x := range operands {
		texts.Elements = append(texts.Elements, ast.CommaSeparatedExpr{Expr: x})
		free = append(free, x.FreeVariables()...)
	}
	slices.Sort(free)
	texts.SetFreeVariables(slices.Compact(free))
	fits := &ast.Index{Target: guardImport(n), Index: &ast.LiteralString{Value: "fits", NodeBase: base(n)}, NodeBase: base(n)}
	call := &ast.Apply{Target: fits, NodeBase: base(n), Arguments: ast.Arguments{
		Positional: []ast.CommaSeparatedExpr{{Expr: texts}},
	}}
	call.SetFreeVariables(texts.FreeVariables())
	n.Left = before(n.Left, call)
}

// joined are the operands of a sum that can be long, in order; ok is false
// where there is nothing to check.
func (in *instrumenter) joined(n *ast.Binary) (operands []ast.Node, ok bool) {
	var sums []ast.Node
	if n.Op != ast.BopPlus || !collect(n, &operands, &sums) || len(operands) < 2 {
		return nil, false
	}
	for _, sum := range sums {
		in.checked[sum] = true
	}
	return operands, true
}

// collect finds the simple operands of a sum, and the sums that it is made of;
// it is false where an operand is neither simple nor a literal.
func collect(n ast.Node, operands, sums *[]ast.Node) bool {
	if sum, ok := n.(*ast.Binary); ok && sum.Op == ast.BopPlus {
		*sums = append(*sums, n)
		return collect(sum.Left, operands, sums) && collect(sum.Right, operands, sums)
	}
	if isSimple(n) {
		*operands = append(*operands, n)
		return true
	}
	return isLiteral(n)
}

// isSimple holds for what costs nothing to evaluate twice: a variable, or a
// field of one.
func isSimple(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Var, *ast.Self:
		return true
	case *ast.Index:
		return isLiteral(n.Index) && isSimple(n.Target)
	}
	return false
}

func isLiteral(n ast.Node) bool {
	switch n.(type) {
	case *ast.LiteralString, *ast.LiteralNumber, *ast.LiteralBoolean, *ast.LiteralNull:
		return true
	}
	return false
}

// instrumentAll instruments programs and all that they import. What cannot be
// imported or parsed is left for the evaluation to fail on, if it gets there;
// the errors are returned by their texts.
func instrumentAll(vm *jsonnet.VM, roots []ast.Node, f *files) map[string]error {
	broken := map[string]error{}
	done := map[string]bool{}
	var follow func(ast.Node)
	follow = func(n ast.Node) {
		if i, isImport := n.(*ast.Import); isImport && f.isParsable(i) {
			root, name, err := vm.ImportAST(i.Loc().FileName, i.File.Value)
			if err != nil {
				broken[err.Error()] = err
			} else if !done[name] {
				done[name] = true
				follow(root)
				instrument(root)
			}
		}
		for _, c := range toolutils.Children(n) {
			follow(c)
		}
	}
	for _, root := range roots {
		follow(root)
		instrument(root)
	}
	return broken
}
