package rewrite

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// replaceRange proposes another text for a range.
func (s *state) replaceRange(r ir.Range, text string) [][]edit {
	start, end, ok := s.span(r)
	if !ok {
		return nil
	}
	return one(edit{start, end, text})
}

var (
	referenceWord   = regexp.MustCompile(`(?:#pt-|pt\.)(value|secret|param)s?(\s)`)
	bracedReference = regexp.MustCompile(`(\{\s*)(?:#pt-|pt\.)(value|secret|param)s?(\s)`)
)

// fixReference writes references as the reference spells them: pt.value for
// pt.values and #pt-value. What looks like one beside braces may be text.
func (s *state) fixReference(d diag.Diagnostic) [][]edit {
	text := s.source(d.Subject)
	return slices.Concat(
		s.replaceRange(d.Subject, referenceWord.ReplaceAllString(text, "pt.$1$2")),
		s.replaceRange(d.Subject, bracedReference.ReplaceAllString(text, "${1}pt.$2$3")),
	)
}

// dialectKeys are keys of the older dialect, and what they are now.
var dialectKeys = map[string]string{"run-steps": "run", "params": "args"}

// fixDialect writes what is of the older dialect in the reference's.
func (s *state) fixDialect(d diag.Diagnostic) [][]edit {
	text := s.source(d.Subject)
	if referenceWord.MatchString(text) {
		return s.fixReference(d)
	}
	word := strings.Trim(text, `":'`)
	if now := dialectKeys[word]; now != "" && !strings.Contains(d.Message, "list") {
		return s.replaceRange(d.Subject, strings.Replace(text, word, now, 1))
	}
	if t := itemAt(s.file.Templates, d.Subject); t != nil {
		return s.rewriteItem(t, t)
	}
	if m := itemAt(s.file.Modules, d.Subject); m != nil {
		return s.rewriteItem(m, m)
	}
	return nil
}

// itemAt is the template or module that a range is in.
func itemAt[T ir.Node](items []T, r ir.Range) (found T) {
	for _, x := range items {
		at := x.GetMeta().Rng
		if !r.Start.Before(at.Start) && r.Start.Before(at.End) {
			return x
		}
	}
	return found
}

// fixUnquote takes the quotes off a number or boolean, fixQuote adds them.
func (s *state) fixUnquote(d diag.Diagnostic) [][]edit {
	text := s.source(d.Subject)
	if len(text) < 3 || text[0] != text[len(text)-1] || text[0] != '"' && text[0] != '\'' {
		return nil
	}
	return s.replaceRange(d.Subject, text[1:len(text)-1])
}

func (s *state) fixQuote(d diag.Diagnostic) [][]edit {
	return s.replaceRange(d.Subject, `"`+s.source(d.Subject)+`"`)
}

// fixConvert puts code that converts a param in the place of the param.
func (s *state) fixConvert(d diag.Diagnostic) [][]edit {
	var found *ir.Code
	ir.Walk(s.split(), func(n ir.Node) bool {
		if c, ok := n.(*ir.Code); ok && c.Rng == d.Subject {
			found = c
		}
		return true
	})
	if found == nil {
		return nil
	}
	text, err := json.Marshal("#pt-" + string(found.Lang) + " " + found.Source)
	if err != nil {
		return nil
	}
	return s.replaceRange(d.Subject, string(text))
}

// split is the file as the writer splits it.
func (s *state) split() *ir.File { return writer.Split(s.file, builtin.Signature) }

// mapWith finds the map that a function is looking for.
func (s *state) mapWith(isIt func(*ir.Map) bool) *ir.Map {
	var found *ir.Map
	ir.Walk(s.file, func(n ir.Node) bool {
		if m, ok := n.(*ir.Map); ok && found == nil && isIt(m) {
			found = m
		}
		return found == nil
	})
	return found
}

func entryOf(m *ir.Map, key string) (ir.Entry, bool) {
	i := slices.IndexFunc(m.Entries, func(e ir.Entry) bool { return e.Key == key })
	if i < 0 {
		return ir.Entry{}, false
	}
	return m.Entries[i], true
}

// isFlow tells whether something stands in brackets.
func (s *state) isFlow(r ir.Range) bool {
	at := s.at(r.Start)
	return at >= 0 && at < len(s.text) && strings.IndexByte("{[", s.text[at]) >= 0
}

// fixScope adds the scope behind a volume's type.
func (s *state) fixScope(d diag.Diagnostic) [][]edit {
	m := s.mapWith(func(m *ir.Map) bool { return m.Rng == d.Subject })
	if m == nil {
		return nil
	}
	kind, ok := entryOf(m, "type")
	_, end, known := s.span(kind.Value.GetMeta().Rng)
	if !ok || !known || m.Get("scope") != nil {
		return nil
	}
	switch syntaxOf(s.in.Name, s.in.Text) {
	case jsonSyntax:
		return one(edit{end, end, `, "scope": "project"`})
	case ednSyntax:
		return one(edit{end, end, ", :scope :project"})
	}
	if s.isFlow(m.Rng) {
		return one(edit{end, end, ", scope: project"})
	}
	return one(s.newLine(end, kind.KeyRange.Start.Column-1, "scope: project"))
}

// newLine inserts a line below the one of an offset.
func (s *state) newLine(at, column int, text string) edit {
	at = s.lineEnd(at)
	text = strings.Repeat(" ", column) + text
	if at > 0 && s.text[at-1] != '\n' {
		return edit{at, at, s.newline() + text}
	}
	return edit{at, at, text + s.newline()}
}

var (
	jsKey      = regexp.MustCompile(`params(?:\[(['"\\]+)([\w-]+)(['"\\]+)\]|\.(\w+))`)
	clojureKey = regexp.MustCompile(`\(:([\w-]+) params\)`)
)

// fixCodeParam spells the params that code reads as the language sees them.
func (s *state) fixCodeParam(d diag.Diagnostic) [][]edit {
	var params []*ir.Param
	if m := itemAt(s.file.Modules, d.Subject); m != nil {
		params = m.Params
	} else if t := itemAt(s.file.Templates, d.Subject); t != nil {
		params = t.Params
	}
	idOf := func(key string) string {
		for _, p := range params {
			if ir.CamelCase(p.ID) == ir.CamelCase(key) {
				return p.ID
			}
		}
		return key
	}
	text := jsKey.ReplaceAllStringFunc(s.source(d.Subject), func(access string) string {
		m := jsKey.FindStringSubmatch(access)
		if m[4] != "" {
			return "params." + ir.CamelCase(idOf(m[4]))
		}
		return "params[" + m[1] + ir.CamelCase(idOf(m[2])) + m[3] + "]"
	})
	text = clojureKey.ReplaceAllStringFunc(text, func(access string) string {
		return "(:" + idOf(clojureKey.FindStringSubmatch(access)[1]) + " params)"
	})
	return s.replaceRange(d.Subject, text)
}

// fixStepID takes the id off a step of YAML.
func (s *state) fixStepID(d diag.Diagnostic) [][]edit {
	t := itemAt(s.file.Templates, d.Subject)
	if t == nil || syntaxOf(s.in.Name, s.in.Text) != yamlSyntax {
		return nil
	}
	i := slices.IndexFunc(t.Run, func(step *ir.Step) bool { return step.Rng == d.Subject })
	if i < 0 {
		return nil
	}
	id := regexp.QuoteMeta(t.Run[i].ID)
	text := s.source(d.Subject)
	var all [][]edit
	for _, pattern := range []string{
		`^id:[ ]*["']?` + id + `["']?[ ]*\r?\n\s*`, `\r?\n[ ]*id:[ ]*["']?` + id + `["']?[ ]*$`,
		`\r?\n[ ]*id:[ ]*["']?` + id + `["']?[ ]*(?:\r?\n)`, `id:[ ]*["']?` + id + `["']?[ ]*,[ ]*`, `,[ ]*id:[ ]*["']?` + id + `["']?`,
	} {
		loc := regexp.MustCompile(pattern).FindStringIndex(text)
		if loc == nil {
			continue
		}
		kept := ""
		if strings.HasSuffix(pattern, `(?:\r?\n)`) {
			kept = s.newline()
		}
		all = append(all, s.replaceRange(d.Subject, text[:loc[0]]+kept+text[loc[1]:])...)
	}
	return all
}

// fixMount takes the source out of a mount's path, and puts it beside.
func (s *state) fixMount(d diag.Diagnostic) [][]edit {
	mount := s.mapWith(func(m *ir.Map) bool { p := m.Get("path"); return p != nil && p.GetMeta().Rng == d.Subject })
	if mount == nil || syntaxOf(s.in.Name, s.in.Text) != yamlSyntax {
		return nil
	}
	path, _ := entryOf(mount, "path")
	inner, _ := path.Value.(*ir.Map)
	if inner == nil || len(inner.Entries) != 2 || !s.isFlow(inner.Rng) {
		return nil
	}
	source, ok := entryOf(inner, "source")
	at := slices.IndexFunc(inner.Entries, func(e ir.Entry) bool { return strings.HasPrefix(e.Key, "/") })
	if !ok || at < 0 {
		return nil
	}
	between := ", "
	if !s.isFlow(mount.Rng) {
		between = s.newline() + strings.Repeat(" ", path.KeyRange.Start.Column-1)
	}
	text := fmt.Sprintf("%s%ssource: %s", inner.Entries[at].Key, between, s.source(source.Value.GetMeta().Rng))
	return s.replaceRange(d.Subject, text)
}
