package knot

import (
	"strings"

	"hull/ir/knot"
	"hull/ir/resolve"
)

// text is a text of a template: literal text, and actions that knot replaces
// before it reads the YAML.
type text []piece

// piece is either literal or the inside of an action, such as ".space.id".
type piece struct{ literal, action string }

func literal(s string) text {
	if s == "" {
		return nil
	}
	return text{{literal: s}}
}

// parse reads a text of the tables of ir/knot, in which every "${{" begins an
// action.
func parse(s string) text {
	var t text
	for s != "" {
		before, rest, found := strings.Cut(s, knot.OpenAction)
		t = t.join(literal(before))
		if !found {
			break
		}
		action, after, _ := strings.Cut(rest, knot.CloseAction)
		t = append(t, piece{action: action})
		s = after
	}
	return t
}

// join is the text followed by another. Literals that meet become one, as
// "${{" may lie across them.
func (t text) join(others ...text) text {
	all := append(text{}, t...)
	for _, other := range others {
		for _, p := range other {
			if n := len(all); n > 0 && p.action == "" && all[n-1].action == "" {
				all[n-1].literal += p.literal
			} else {
				all = append(all, p)
			}
		}
	}
	return all
}

// equal tells whether two texts are written the same.
func (t text) equal(other text) bool { return t.source() == other.source() }

// source is the text as a template has it, without quotes.
func (t text) source() string { return t.print(func(s string) string { return s }) }

// shape is the text as a parser of YAML sees it in its place: an action is as
// good as a letter.
func (t text) shape() string {
	var b strings.Builder
	for _, p := range t {
		if p.action != "" {
			b.WriteByte('x')
		}
		b.WriteString(p.literal)
	}
	return b.String()
}

// isLiteral tells whether the text has no action.
func (t text) isLiteral() bool {
	for _, p := range t {
		if p.action != "" {
			return false
		}
	}
	return true
}

// startsWith tells whether the text begins with a literal that does.
func (t text) startsWith(prefix string) bool {
	return len(t) > 0 && strings.HasPrefix(t[0].literal, prefix)
}

// contains tells whether a literal of the text holds any of the characters.
func (t text) contains(chars string) bool {
	for _, p := range t {
		if strings.ContainsAny(p.literal, chars) {
			return true
		}
	}
	return false
}

// print writes the text as a template: literals as quote makes them for their
// place, and in them "${{" as an action that yields it. The backquotes of that
// action need no escape in any style of YAML.
func (t text) print(quote func(string) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.action != "" {
			b.WriteString(knot.OpenAction + p.action + knot.CloseAction)
			continue
		}
		b.WriteString(strings.ReplaceAll(quote(p.literal), knot.OpenAction, escapedOpen))
	}
	return b.String()
}

// escapedOpen yields "${{" when the template is executed.
const escapedOpen = knot.OpenAction + "`" + knot.OpenAction + "`" + knot.CloseAction

// text makes a template's text of a marked text of the job.
func (w *writer) text(marked string) text {
	var t text
	for _, p := range w.Parts(marked) {
		if p.Ref == nil {
			t = t.join(literal(p.Text))
		} else {
			t = append(t, piece{action: "." + w.variable(p)})
		}
	}
	return t
}

// plain is a marked text with what its references stand for.
func (w *writer) plain(marked string) string {
	var b strings.Builder
	for _, p := range w.Parts(marked) {
		b.WriteString(p.Text)
	}
	return b.String()
}

// show is a marked text for a message, with the names of what it refers to.
func (w *writer) show(marked string) string {
	var b strings.Builder
	for _, p := range w.Parts(marked) {
		if p.Ref != nil {
			p.Text = "{" + p.Ref.Name + "}"
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

func (w *writer) hasRefs(marked string) bool { return len(refs(w.Parts(marked))) > 0 }

func refs(parts []resolve.Part) []resolve.Part {
	var found []resolve.Part
	for _, p := range parts {
		if p.Ref != nil {
			found = append(found, p)
		}
	}
	return found
}
