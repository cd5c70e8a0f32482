package resolve

import (
	"context"
	"strconv"

	"hull/ir"
	"hull/ir/diag"
)

// The limits that let the evaluation of any file end.
const (
	// maxNesting is how many modules a call is followed through.
	maxNesting = 64
	// maxWork bounds all that is looked at: each expression, and each
	// argument at each call, by its size. Data that is used twice at each of
	// many modules would otherwise double at each.
	maxWork = 2 << 20
	// bytesPerWork is how much text counts as one more expression.
	bytesPerWork = 16
	maxText      = 1 << 20 // bytes of one text
	maxFound     = 10_000  // diagnostics
)

// run is one evaluation of one file.
type run struct {
	ctx    context.Context
	file   *ir.File
	local  map[string]*ir.Module // the first of each id
	lookup func(ir.RefKind, string) (string, bool)
	job    *Job
	path   []string          // the modules that the call at work went through
	wrong  map[ir.Expr]bool  // what has been reported not to be of its type
	work   int               // how much is left of maxWork
	ended  bool              // a limit was reached, and reported
	found  []diag.Diagnostic // in the order of evaluation
}

func newRun(ctx context.Context, f *ir.File, lookup func(ir.RefKind, string) (string, bool)) *run {
	r := &run{ctx: ctx, file: f, lookup: lookup, local: map[string]*ir.Module{}, wrong: map[ir.Expr]bool{}, work: maxWork}
	for _, m := range f.Modules {
		if r.local[m.ID] == nil {
			r.local[m.ID] = m
		}
	}
	return r
}

// place is where something stands: its range, or the nearest range around it
// that is known, and its path within the arguments, which is empty outside.
type place struct {
	rng ir.Range
	arg string
}

// or is the place with a range that says it better, if that is known.
func (at place) or(rng ir.Range) place {
	if rng.IsValid() {
		at.rng = rng
	}
	return at
}

// key is the place of an argument, or of a key inside one.
func (at place) key(x ir.Expr, key string) place {
	if at.arg != "" {
		key = at.arg + "." + key
	}
	at.arg = key
	return at.of(x)
}

// index is the place of a list's item.
func (at place) index(x ir.Expr, i int) place {
	at.arg += "[" + strconv.Itoa(i) + "]"
	return at.of(x)
}

func (at place) of(x ir.Expr) place {
	if x == nil {
		return at
	}
	return at.or(x.GetMeta().Rng)
}

// prefix begins a message about something inside of arguments.
func (at place) prefix() string {
	if at.arg == "" {
		return ""
	}
	return at.arg + ": "
}

// report adds a diagnostic with the usual severity of its code.
func (r *run) report(code string, at place, message, help string) {
	r.reportAs(severities[code], code, at, message, help)
}

func (r *run) reportAs(severity diag.Severity, code string, at place, message, help string) {
	if len(r.found) == maxFound {
		r.end(at)
	}
	if len(r.found) > maxFound {
		return
	}
	r.found = append(r.found, diag.Diagnostic{Severity: severity, Code: code, Message: message, Subject: at.rng, Help: help})
}

// spend takes some work off what is left, and tells whether there was enough.
func (r *run) spend(work int, at place) bool {
	if r.work -= work; r.work < 0 || r.ctx.Err() != nil {
		r.end(at)
	}
	return !r.ended
}

// end stops the evaluation at a limit: nothing is worked on any more.
func (r *run) end(at place) {
	if r.ended {
		return
	}
	r.ended = true
	r.found = append(r.found, diag.Diagnostic{
		Severity: diag.Error, Code: codeLimit, Subject: at.rng,
		Message: "the file is too large to evaluate: the rest is left out",
	})
}

// afford takes the size of data off what is left. Data may share its parts, so
// that it is much larger than what it takes in memory.
func (r *run) afford(x ir.Expr, at place) bool {
	if !r.spend(cost(x), at) {
		return false
	}
	switch x := x.(type) {
	case *ir.List:
		for _, item := range x.Items {
			if !r.afford(item, at) {
				return false
			}
		}
	case *ir.Map:
		return r.affordMap(x, at)
	}
	return true
}

func (r *run) affordMap(m *ir.Map, at place) bool {
	if m == nil {
		return true
	}
	for _, e := range m.Entries {
		if !r.afford(e.Value, at) {
			return false
		}
	}
	return true
}

// cost is the work that an expression takes without its parts.
func cost(x ir.Expr) int {
	if s, ok := x.(*ir.String); ok {
		return 1 + len(s.Value)/bytesPerWork
	}
	return 1
}
