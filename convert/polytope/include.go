package polytope

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir"
)

// includer puts the steps of a template in the place of a step that stands for
// them: "- template: x" of the older dialect.
type includer struct {
	*lowering
	byID         map[string]*ir.Template
	done, active map[*ir.Template]bool
	left         int // how much may still be copied
}

func (l *lowering) includeTemplates(f *ir.File) {
	if len(l.included) == 0 {
		return
	}
	i := includer{l, map[string]*ir.Template{}, map[*ir.Template]bool{}, map[*ir.Template]bool{}, maxCopies}
	for _, t := range slices.Backward(f.Templates) {
		i.byID[t.ID] = t // the first of several
	}
	for _, t := range f.Templates {
		i.into(t)
	}
}

func (i *includer) into(t *ir.Template) {
	if i.done[t] {
		return
	}
	i.done[t], i.active[t] = true, true
	var run []*ir.Step
	for _, s := range t.Run {
		n, ok := i.included[s]
		if !ok {
			run = append(run, s)
			continue
		}
		steps, why := i.steps(s)
		if why != "" {
			i.shapeRead(n, fmt.Sprintf("the steps of the template %q cannot be included: %s", s.Call.Module, why))
			run = append(run, s)
			continue
		}
		i.older(n.rng, fmt.Sprintf("the steps of the template %s are included", s.Call.Module))
		run = appendNew(run, steps)
	}
	t.Run = run
	delete(i.active, t)
}

// steps are those that a step stands for, with its arguments in the place of
// their params; or why it stands for none.
func (i *includer) steps(instead *ir.Step) (steps []*ir.Step, why string) {
	of := i.byID[instead.Call.Module]
	switch {
	case of == nil:
		return nil, "it is not in this file"
	case i.active[of]:
		return nil, "it includes itself"
	}
	i.into(of)
	args, why := bind(of, instead.Call.Args)
	comments := joinComments(instead.Comments, instead.Call.Comments)
	for _, s := range of.Run {
		i.left -= 1 + size(s.Call.Args, i.left)
		if i.left < 0 {
			return nil, "that would repeat too much"
		}
		c := *s
		c.Meta = ir.Meta{Rng: instead.Rng, Comments: comments}
		comments = ir.Comments{}
		c.Call.Comments = ir.Comments{}
		if c.After == "" {
			c.After, c.Condition = instead.After, instead.Condition
		}
		if s.Call.Args != nil {
			c.Call.Args = args.fill(s.Call.Args)
		}
		steps = append(steps, &c)
	}
	if args.failed != "" && why == "" {
		why = args.failed
	}
	return steps, why
}

// size is how much it takes to copy an expression; it is not counted far beyond
// a limit.
func size(x ir.Expr, limit int) int {
	n := 1
	switch x := x.(type) {
	case *ir.Map:
		if x == nil {
			return 0
		}
		for i := 0; i < len(x.Entries) && n <= limit; i++ {
			n += size(x.Entries[i].Value, limit-n)
		}
	case *ir.List:
		for i := 0; i < len(x.Items) && n <= limit; i++ {
			n += size(x.Items[i], limit-n)
		}
	case *ir.Interp:
		n += len(x.Parts)
	}
	return n
}

// appendNew appends the steps that are not there already: one runs once.
func appendNew(run, steps []*ir.Step) []*ir.Step {
	ids := map[string]bool{}
	for _, s := range run {
		ids[s.StepID()] = true
	}
	for _, s := range steps {
		if !ids[s.StepID()] {
			run = append(run, s)
		} else if len(run) > 0 {
			last := run[len(run)-1]
			last.Comments = joinComments(last.Comments, s.Comments)
		}
	}
	return run
}

// binding is what the params of an included template stand for.
type binding struct {
	params map[string]ir.Expr
	failed string // why something cannot be filled in
}

// bind finds what each param of a template is: its argument or its default.
func bind(t *ir.Template, args *ir.Map) (b *binding, why string) {
	b = &binding{params: map[string]ir.Expr{}}
	for _, p := range t.Params {
		x := args.Get(p.ID)
		if d, ok := p.Type.(*ir.DefaultType); x == nil && ok {
			x = d.Value
		} else if x == nil && ir.IsOptional(p.Type) {
			x = &ir.Null{Meta: ir.At(p.Rng)}
		} else if x == nil {
			why = fmt.Sprintf("its param %q is not given", p.ID)
		}
		b.params[p.ID] = x
	}
	return b, why
}

// fill is a copy of arguments, without their comments, in which the params are
// filled in.
func (b *binding) fill(m *ir.Map) *ir.Map {
	filled, _ := ir.MapExpr(m, func(x ir.Expr) ir.Expr {
		switch x := x.(type) {
		case *ir.Ref:
			if x.Kind == ir.ParamRef && b.params[x.Name] != nil {
				return without(b.params[x.Name])
			}
		case *ir.Interp:
			return b.join(x)
		case *ir.Code:
			if len(b.params) > 0 && strings.Contains(x.Source, "params") {
				b.failed = "its code reads its params"
			}
		}
		return without(x)
	}).(*ir.Map)
	return filled
}

// maxJoined bounds the text, in bytes, and the parts that filling in can make.
const maxJoined = 1 << 20

// join makes one text of parts that have been filled in.
func (b *binding) join(x *ir.Interp) ir.Expr {
	joined := &ir.Interp{Meta: ir.At(x.Rng)}
	length := 0
	for _, p := range x.Parts {
		parts := []ir.Expr{p}
		if in, ok := p.(*ir.Interp); ok {
			parts = in.Parts
		}
		for _, p := range parts {
			if _, isRef := p.(*ir.Ref); !isRef {
				text, ok := exprText(p)
				if !ok {
					b.failed = "a param in a text is no text"
				}
				p, length = &ir.String{Meta: ir.At(x.Rng), Value: text}, length+len(text)
			}
			joined.Parts = append(joined.Parts, p)
		}
		if length+len(joined.Parts) > maxJoined {
			b.failed = "a text would become too long"
			break
		}
	}
	return literalOf(joined)
}

// literalOf is an interpolation, or the text of one without references.
func literalOf(x *ir.Interp) ir.Expr {
	var all strings.Builder
	for _, p := range x.Parts {
		s, ok := p.(*ir.String)
		if !ok {
			return x
		}
		all.WriteString(s.Value)
	}
	return &ir.String{Meta: ir.At(x.Rng), Value: all.String()}
}

// exprText is the text of a literal in an interpolation.
func exprText(x ir.Expr) (string, bool) {
	switch x := x.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Int:
		return fmt.Sprint(x.Value), true
	case *ir.Bool:
		return fmt.Sprint(x.Value), true
	}
	return "", false
}

// without is a copy of an expression without its comments. What is in it is
// shared where it is not rebuilt by ir.MapExpr, which calls this.
func without(x ir.Expr) ir.Expr {
	switch x := x.(type) {
	case *ir.Null:
		return &ir.Null{Meta: ir.At(x.Rng)}
	case *ir.Bool:
		return &ir.Bool{Meta: ir.At(x.Rng), Value: x.Value}
	case *ir.Int:
		return &ir.Int{Meta: ir.At(x.Rng), Value: x.Value}
	case *ir.Float:
		return &ir.Float{Meta: ir.At(x.Rng), Value: x.Value}
	case *ir.String:
		return &ir.String{Meta: ir.At(x.Rng), Value: x.Value}
	case *ir.Ref:
		return &ir.Ref{Meta: ir.At(x.Rng), Kind: x.Kind, Name: x.Name}
	case *ir.Code:
		return &ir.Code{Meta: ir.At(x.Rng), Lang: x.Lang, Source: x.Source}
	case *ir.List:
		return &ir.List{Meta: ir.At(x.Rng), Items: x.Items}
	case *ir.Map:
		return &ir.Map{Meta: ir.At(x.Rng), Entries: x.Entries}
	case *ir.Interp:
		return &ir.Interp{Meta: ir.At(x.Rng), Parts: x.Parts}
	}
	return x
}

func joinComments(a, b ir.Comments) ir.Comments {
	join := func(a, b string) string { return strings.Trim(a+"\n"+b, "\n") }
	return ir.Comments{Head: join(a.Head, b.Head), Line: join(a.Line, b.Line), Foot: join(a.Foot, b.Foot)}
}
