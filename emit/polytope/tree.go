package polytope

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hull/ir"
)

// node is a part of the file as it is laid out: what the three encoders share.
type node struct {
	kind     kind
	text     string  // of a null, number, text or name
	items    []*node // of a list
	fields   []field // of a record, in order
	comments ir.Comments
	layout   layout
}

type field struct {
	key   string
	value *node
}

type kind int

const (
	nullNode   kind = iota
	numberNode      // a number or boolean: the same text in all formats
	textNode        // free text, references and code
	nameNode        // an id, module reference, enum member or type: a keyword in EDN
	listNode
	recordNode
)

// layout says how a list or record spreads over lines.
type layout int

const (
	automatic layout = iota // on one line where it fits and holds no list of records
	compact                 // on one line where it fits
	spread                  // one line per entry
)

func text(s string) *node { return &node{kind: textNode, text: s} }
func name(s string) *node { return &node{kind: nameNode, text: s} }

func list(items ...*node) *node { return &node{kind: listNode, items: items} }

// add appends an entry; a nil value leaves it out.
func (n *node) add(key string, value *node) {
	if value != nil {
		n.fields = append(n.fields, field{key, value})
	}
}

// children are the nodes directly below.
func (n *node) children() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for _, item := range n.items {
			if !yield(item) {
				return
			}
		}
		for _, f := range n.fields {
			if !yield(f.value) {
				return
			}
		}
	}
}

// isLeaf tells whether there is nothing below.
func (n *node) isLeaf() bool { return len(n.items)+len(n.fields) == 0 }

// isOneLine tells whether the node may stand on one line, if it fits: nothing
// in it has comments or line breaks of its own.
func (n *node) isOneLine() bool {
	if strings.Contains(n.text, "\n") || n.layout == spread && !n.isLeaf() {
		return false
	}
	if n.layout == automatic && slices.ContainsFunc(n.items, isFilledRecord) {
		return false
	}
	for c := range n.children() {
		if !c.comments.IsZero() || !c.isOneLine() {
			return false
		}
	}
	return true
}

func isFilledRecord(n *node) bool { return n.kind == recordNode && !n.isLeaf() }

// builder lays out a file.
type builder struct {
	scope
	err error // the first thing that no format can hold
}

// tree lays out a file: templates, then modules.
func tree(f *ir.File, opts Options) (*node, error) {
	b := &builder{scope: newScope(f, opts.Signatures)}
	root := &node{kind: recordNode, layout: spread, comments: f.Comments}
	root.add("templates", nodes(f.Templates, b.template))
	root.add("modules", nodes(f.Modules, b.module))
	b.check(root)
	return root, b.err
}

// nodes is a list with one item per line, or nil where there is none.
func nodes[T any](xs []T, build func(T) *node) *node {
	if len(xs) == 0 {
		return nil
	}
	n := &node{kind: listNode, layout: spread}
	for _, x := range xs {
		n.items = append(n.items, build(x))
	}
	return n
}

// check finds what cannot be written: text that is not UTF-8.
func (b *builder) check(n *node) {
	if !utf8.ValidString(n.text) {
		b.fail("text is not valid UTF-8: %q", n.text)
	}
	for _, f := range n.fields {
		if !utf8.ValidString(f.key) {
			b.fail("key is not valid UTF-8: %q", f.key)
		}
	}
	for c := range n.children() {
		b.check(c)
	}
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf("polytope: "+format, args...)
	}
}

func (b *builder) template(t *ir.Template) *node {
	n := &node{kind: recordNode, layout: spread, comments: t.Comments}
	n.add("id", name(t.ID))
	n.add("info", optional(text, t.Info))
	n.add("params", nodes(t.Params, b.param))
	n.add("run", b.run(t.Run))
	return n
}

// run is required, even where there is no step.
func (b *builder) run(steps []*ir.Step) *node {
	if len(steps) == 0 {
		return list()
	}
	return nodes(steps, b.step)
}

func optional(build func(string) *node, s string) *node {
	if s == "" {
		return nil
	}
	return build(s)
}

// step is a bare module reference where it has nothing else.
func (b *builder) step(s *ir.Step) *node {
	args := b.args(&s.Call)
	if s.ID == "" && args == nil && s.After == "" && s.Condition == "" {
		n := name(s.Call.Module)
		n.comments = joinComments(s.Comments, s.Call.Comments)
		return n
	}
	n := &node{kind: recordNode, layout: spread, comments: s.Comments}
	n.add("id", optional(name, s.ID))
	n.add("module", b.moduleRef(&s.Call))
	n.add("args", args)
	when := &node{kind: recordNode}
	when.add("after", optional(name, s.After))
	when.add("after-condition", optional(name, s.Condition))
	if !when.isLeaf() {
		n.add("run-when", when)
	}
	return n
}

// joinComments puts two sets of comments above and below one another.
func joinComments(a, b ir.Comments) ir.Comments {
	return ir.Comments{Head: joinLines(a.Head, b.Head), Line: joinLines(a.Line, b.Line), Foot: joinLines(a.Foot, b.Foot)}
}

// joinLines joins texts that are not empty, one below the other.
func joinLines(texts ...string) string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s == "" })
	return strings.Join(texts, "\n")
}

func (b *builder) moduleRef(c *ir.Call) *node {
	n := name(c.Module)
	n.comments = c.Comments
	return n
}

func (b *builder) module(m *ir.Module) *node {
	n := &node{kind: recordNode, layout: spread, comments: m.Comments}
	n.add("id", name(m.ID))
	n.add("info", optional(text, m.Info))
	n.add("api-version", optional(text, m.APIVersion))
	if m.Default {
		n.add("default?", &node{kind: numberNode, text: "true"})
	}
	if m.Call != nil {
		n.add("module", b.moduleRef(m.Call))
	}
	n.add("params", nodes(m.Params, b.param))
	if m.Code != nil {
		n.add("code", b.expr(m.Code, nil))
	}
	if m.Call != nil {
		n.add("args", b.args(m.Call))
	}
	return n
}

func (b *builder) param(p *ir.Param) *node {
	n := &node{kind: recordNode, layout: compact, comments: p.Comments}
	n.add("id", name(p.ID))
	n.add("name", optional(text, p.Name))
	n.add("info", optional(text, p.Info))
	n.add("type", b.typ(p.Type))
	return n
}

func (b *builder) args(c *ir.Call) *node {
	if c.Args == nil || len(c.Args.Entries) == 0 {
		return nil
	}
	n := &node{kind: recordNode, layout: spread, comments: c.Args.Comments}
	for _, e := range c.Args.Entries {
		n.add(e.Key, b.expr(e.Value, b.argType(c.Module, e.Key)))
	}
	return n
}

// typ writes a param type; see ir.TypeExpr, from which it differs in telling
// names from text and in leaving out defaults that cannot be written.
func (b *builder) typ(t ir.Type) *node {
	n := list()
	switch t := t.(type) {
	case nil:
		return name(string(ir.AnyType))
	case ir.Basic:
		return name(string(t))
	case ir.AliasType:
		return name(t.Name)
	case ir.RecordType:
		n.kind = recordNode
		for _, f := range t.Fields {
			n.add(f.Key, b.typ(f.Type))
		}
	case ir.ListType:
		n.items = []*node{b.typ(t.Elem)}
	case ir.MapType:
		n.items = []*node{name("map"), b.typ(t.Key), b.typ(t.Value)}
	case ir.MaybeType:
		n.items = []*node{name("maybe"), b.typ(t.Type)}
	case ir.RegexType:
		n.items = []*node{name("regex"), text(t.Pattern)}
	case ir.EitherType:
		n.items = []*node{name("either")}
		for _, u := range t.Types {
			n.items = append(n.items, b.typ(u))
		}
	case ir.EnumType:
		n.items = []*node{name("enum")}
		for _, x := range t.Values {
			n.items = append(n.items, b.expr(x, t))
		}
	case *ir.DefaultType:
		// Code is not known to be understood in a type.
		if ir.HoldsLookalike(t.Value) {
			return b.typ(t.Type)
		}
		n.items = []*node{name("default"), b.typ(t.Type), b.expr(t.Value, t.Type)}
	}
	n.layout = compact
	return n
}

// expr writes an expression where a value of type t is wanted; t may be nil.
func (b *builder) expr(x ir.Expr, t ir.Type) *node {
	n := b.bareExpr(x, t)
	n.comments = x.GetMeta().Comments
	return n
}

func (b *builder) bareExpr(x ir.Expr, t ir.Type) *node {
	switch x := x.(type) {
	case *ir.Bool:
		return &node{kind: numberNode, text: strconv.FormatBool(x.Value)}
	case *ir.Int:
		return &node{kind: numberNode, text: strconv.FormatInt(x.Value, 10)}
	case *ir.Float:
		return &node{kind: numberNode, text: b.float(x.Value)}
	case *ir.String:
		return literal(x, t)
	case *ir.Ref:
		return text("pt." + x.Kind.String() + " " + x.Name)
	case *ir.Interp:
		return text(interpolation(x))
	case *ir.Code:
		return text("#pt-" + string(x.Lang) + " " + x.Source)
	case *ir.Convert:
		return b.conversion(x)
	case *ir.List:
		n := list()
		for _, item := range x.Items {
			n.items = append(n.items, hoistComments(b.expr(item, itemType(t))))
		}
		return n
	case *ir.Map:
		n := &node{kind: recordNode}
		for _, e := range x.Entries {
			n.add(e.Key, b.expr(e.Value, entryType(t, x, e.Key)))
		}
		return n
	}
	return &node{kind: nullNode, text: "null"}
}

// hoistComments moves the comments inside a record of a list, such as an
// environment variable, above it, so that it keeps to one line.
func hoistComments(n *node) *node {
	if n.kind != recordNode || slices.ContainsFunc(n.fields, func(f field) bool { return f.value.kind == listNode }) {
		return n
	}
	for c := range n.children() {
		hoistComments(c)
		n.comments.Head = joinLines(n.comments.Head, c.comments.Head, c.comments.Line, c.comments.Foot)
		c.comments = ir.Comments{}
	}
	return n
}

func literal(x *ir.String, t ir.Type) *node {
	switch {
	case ir.LooksLikeReference(x.Value):
		return text("#pt-js " + literalCode(x.Value).Source)
	case isName(t, x):
		return name(x.Value)
	}
	return text(x.Value)
}

func interpolation(x *ir.Interp) string {
	var s strings.Builder
	for _, p := range x.Parts {
		switch p := p.(type) {
		case *ir.String:
			s.WriteString(p.Value)
		case *ir.Ref:
			s.WriteString("{pt." + p.Kind.String() + " " + p.Name + "}")
		}
	}
	return s.String()
}

// conversion is for what Split has not seen. Code cannot read values: one is
// left as the string that it is.
func (b *builder) conversion(x *ir.Convert) *node {
	legal := newLegalizer(b.file, nil)
	if code := legal.convert(x.X, x.To, place{}); len(legal.lifted) == 0 {
		return b.bareExpr(code, nil)
	}
	return b.bareExpr(x.X, nil)
}

// float has a point and, where it has an exponent, its sign: YAML 1.1 reads
// "1e3" and "1.0e3" as text.
func (b *builder) float(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		b.fail("%v is not a number that Polytope can hold", f)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e15) {
		format = 'e'
	}
	s := strconv.FormatFloat(f, format, -1, 64)
	mantissa, exponent, scientific := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if scientific {
		return mantissa + "e" + exponent
	}
	return mantissa
}
