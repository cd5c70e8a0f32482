package polytope

import (
	"hull/ir"
)

// step reads a step: a module reference, or a call with more to it.
func (l *lowering) step(n *node) *ir.Step {
	s := &ir.Step{Meta: ir.At(n.rng)}
	n.home = &s.Meta
	if _, isText := n.scalarText(); isText {
		s.Call = ir.Call{Meta: ir.At(n.rng), Module: l.text(n)}
		return s
	}
	s.Call.Rng = n.rng
	args := func(e entry) { l.args(&s.Call, e) }
	l.record(n, aStep, handlers{
		"id":       l.textInto(&s.ID, &s.Meta),
		"module":   func(e entry) { l.call(&s.Call, e) },
		"tool":     l.newer(aStep, func(e entry) { l.call(&s.Call, e) }),
		"template": func(e entry) { l.included[s] = e.value; l.call(&s.Call, e) },
		"args":     args,
		"params": func(e entry) {
			l.older(e.at, "params is read as args: it holds arguments, not declarations")
			args(e)
		},
		"run-when": func(e entry) { l.runWhen(s, e.value) },
		"after":    l.newer(aStep, func(e entry) { l.after(s, e.value) }),
		"code":     l.newer(aStep, func(e entry) { l.stepCode(s, e.value) }),
	})
	if s.Call.Module == "" && l.codeOf(s) == nil {
		l.shapeRead(n, "a step calls a module, and this one names none")
	}
	return s
}

func (l *lowering) runWhen(s *ir.Step, n *node) {
	l.record(n, "run-when", handlers{
		"after":           func(e entry) { s.After = l.text(e.value) },
		"after-condition": func(e entry) { s.Condition = l.text(e.value) },
	})
	l.adopt(n, &s.Meta)
}

// after reads what the newer dialect has for run-when: a step's id, or a map.
func (l *lowering) after(s *ir.Step, n *node) {
	if n.kind == record {
		l.record(n, "after", handlers{
			"step":      func(e entry) { s.After = l.text(e.value) },
			"condition": func(e entry) { s.Condition = l.text(e.value) },
		})
	} else {
		s.After = l.text(n)
	}
	l.adopt(n, &s.Meta)
}

// codeArg is under which argument the code of a step is kept until it becomes a
// module of its own; no argument that is read can have the name.
const codeArg = "\x00code"

func (l *lowering) stepCode(s *ir.Step, n *node) {
	if s.Call.Args == nil {
		s.Call.Args = &ir.Map{Meta: ir.At(n.rng)}
	}
	s.Call.Args.Set(codeArg, l.code(n))
}

func (l *lowering) codeOf(s *ir.Step) *ir.Code {
	c, _ := s.Call.Args.Get(codeArg).(*ir.Code)
	return c
}
