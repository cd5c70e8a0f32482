package compose

import (
	"fmt"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// watched are texts that note which values and secrets they are made of.
type watched struct {
	texts
	seen map[refKey]bool
}

func (w watched) Parts(text string) []resolve.Part {
	parts := w.texts.Parts(text)
	for _, p := range parts {
		w.see(p)
	}
	return parts
}

func (w watched) Number(n int) resolve.Part {
	p := w.texts.Number(n)
	w.see(p)
	return p
}

func (w watched) see(p resolve.Part) {
	if p.Ref != nil {
		w.seen[refKey{p.Ref.Kind, p.Ref.Name}] = true
	}
}

// passed notes the values and secrets in a call that a service comes from.
func (s *stack) passed(c *ir.Call) {
	ir.Walk(c, func(n ir.Node) bool {
		if r, ok := n.(*ir.Ref); ok && r.Kind != ir.ParamRef {
			s.refs = append(s.refs, r)
		}
		return true
	})
}

// computed reports values and secrets that no text of a job is made of, though
// a service comes from them: code has looked into them, or has made a fraction
// or a boolean of them, which are no texts.
func (s *stack) computed() {
	for _, r := range s.refs {
		key := refKey{r.Kind, r.Name}
		if s.seen[key] {
			continue
		}
		s.seen[key] = true
		s.report.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "to-compose/value-computed", Fate: diag.Approximated, Subject: r.Rng, Path: "pt." + r.Kind.String() + " " + r.Name,
			Message: fmt.Sprintf("%s %s is no variable of the compose file: what becomes of its default is written", r.Kind, r.Name),
		})
	}
}
