package knot

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
)

// piece is a part of a text. Exactly one of its fields is set.
type piece struct {
	text     string
	variable string // "user.timezone"
	logic    *logic
}

// logic is what has to be evaluated to be known.
type logic struct {
	source string
	// reads are the variables that decide it, or that it changes; "*" is all
	// of them.
	reads []string
}

func (p piece) isText() bool { return p.variable == "" && p.logic == nil }

// source writes a piece as a template has it.
func (p piece) source() string {
	switch {
	case p.logic != nil:
		return p.logic.source
	case p.variable != "":
		return knot.Action(p.variable)
	}
	return p.text
}

// tmpl is a text cut into pieces; neighbouring literals are one.
type tmpl []piece

func (t tmpl) String() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.source())
	}
	return b.String()
}

// literal is the text of a template without actions.
func (t tmpl) literal() (string, bool) {
	switch len(t) {
	case 0:
		return "", true
	case 1:
		return t[0].text, t[0].isText()
	}
	return "", false
}

// literals are the literal parts, joined.
func (t tmpl) literals() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.text)
	}
	return b.String()
}

func (t tmpl) plus(p piece) tmpl {
	if p.isText() && p.text == "" {
		return t
	}
	if n := len(t); n > 0 && p.isText() && t[n-1].isText() {
		out := slices.Clone(t)
		out[n-1].text += p.text
		return out
	}
	return append(t[:len(t):len(t)], p)
}

// split cuts at a separator that stands in a literal, into at most n parts; as
// many as there are where n < 1.
func (t tmpl) split(sep string, n int) []tmpl {
	parts := []tmpl{nil}
	for _, p := range t {
		if !p.isText() {
			parts[len(parts)-1] = parts[len(parts)-1].plus(p)
			continue
		}
		left := -1
		if n > 0 {
			left = n - len(parts) + 1
		}
		for i, text := range strings.SplitN(p.text, sep, left) {
			if i > 0 {
				parts = append(parts, nil)
			}
			parts[len(parts)-1] = parts[len(parts)-1].plus(piece{text: text})
		}
	}
	return parts
}

var templateLine = regexp.MustCompile(`^template: \w*:(\d+)(?::\d+)?: (?:executing "\w*" at )?(.*)$`)

// unclosed is how text/template says where an action began that it found the
// end of the text in.
var unclosed = regexp.MustCompile(`^unclosed action started at \w*:(\d+)$`)

// templateError is the line of an error of text/template, from 1, and what it
// says.
func templateError(err error) (line int, message string) {
	m := templateLine.FindStringSubmatch(strings.ReplaceAll(err.Error(), "\n", " "))
	if m == nil {
		return 1, strings.TrimPrefix(err.Error(), "template: ")
	}
	line, _ = strconv.Atoi(m[1])
	if started := unclosed.FindStringSubmatch(m[2]); started != nil {
		line, _ = strconv.Atoi(started[1])
		return line, "the action is not closed"
	}
	return line, m[2]
}

func parseTemplate(text string) (*template.Template, error) {
	return template.New("t").Delims(knot.OpenAction, knot.CloseAction).Funcs(signatures).Parse(text)
}

// parseWhole parses the actions of a whole file, which is how knot expands
// them; nil where it has none, or where they are wrong, which is reported.
func (s *source) parseWhole(f *file) *template.Template {
	if !strings.Contains(f.text, knot.OpenAction) {
		return nil
	}
	t, err := parseTemplate(f.text)
	if err != nil {
		line, message := templateError(err)
		help := ""
		if strings.Contains(message, "bad character U+002D") {
			help = "names have letters, digits and _ only"
		}
		s.addAt(f.at(line, 1), diag.Error, "knot/template-syntax", "knot cannot expand this: "+message, help)
		return nil
	}
	return t
}

// trimmed are actions that take blanks around them along.
var trimmed = regexp.MustCompile(`\$\{\{- |\s-\}\}`)

// spansLines tells whether the actions of a file can only be understood
// together: a condition with lines of YAML in it, a template defined at one
// place and used at another, blanks that are taken along.
func spansLines(f *file, whole *template.Template, docs []*document) bool {
	if trimmed.MatchString(f.text) || len(definedIn(whole)) > 1 {
		return true
	}
	if docs == nil {
		return hasLogic(whole)
	}
	inScalars := 0
	for _, d := range docs {
		for _, n := range scalarsOf(d.root, nil, 0) {
			t, err := parseTemplate(n.Value)
			if err != nil {
				return true
			}
			inScalars += countLogic(t)
		}
	}
	return inScalars != countLogic(whole)
}

func hasLogic(t *template.Template) bool { return countLogic(t) > 0 || len(definedIn(t)) > 1 }

// countLogic counts the actions that are more than a variable.
func countLogic(t *template.Template) int {
	n := 0
	if t.Tree == nil || t.Root == nil {
		return 0
	}
	for _, node := range t.Root.Nodes {
		if _, isText := node.(*parse.TextNode); !isText && plainVariable(node, true) == "" {
			n++
		}
	}
	return n
}

// maxDepth bounds how deep documents are looked into; knot's own are three
// deep.
const maxDepth = 100

// scalarsOf are the texts of a document, keys included.
func scalarsOf(n *yaml.Node, out []*yaml.Node, depth int) []*yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return append(out, n)
	}
	for _, c := range n.Content {
		if depth < maxDepth {
			out = scalarsOf(c, out, depth+1)
		}
	}
	return out
}

// plainVariable is the variable that an action only prints, as in
// "${{ .space.name }}"; empty where it is anything else. Where dot is not the
// root, only "$" is.
func plainVariable(n parse.Node, dotIsRoot bool) string {
	a, ok := n.(*parse.ActionNode)
	if !ok || len(a.Pipe.Decl) > 0 || len(a.Pipe.Cmds) != 1 || len(a.Pipe.Cmds[0].Args) != 1 {
		return ""
	}
	return variableOf(a.Pipe.Cmds[0].Args[0], dotIsRoot)
}

// variableOf is the variable that a node names.
func variableOf(n parse.Node, dotIsRoot bool) string {
	switch n := n.(type) {
	case *parse.FieldNode:
		if dotIsRoot {
			return strings.Join(n.Ident, ".")
		}
	case *parse.VariableNode:
		if n.Ident[0] == "$" && len(n.Ident) > 1 {
			return strings.Join(n.Ident[1:], ".")
		}
	}
	return ""
}

// cut makes pieces of a text of a document.
func (s *source) cut(d *document, n *yaml.Node) tmpl {
	return s.applySet(s.cutOpen(d, n))
}

// applySet puts the texts of variables that are set in their place.
func (s *source) applySet(t tmpl) tmpl {
	var out tmpl
	for _, p := range t {
		if text, ok := s.opts.Set[p.variable]; ok {
			p = piece{text: text}
		}
		out = out.plus(p)
	}
	return out
}

// cutOpen is cut before variables are set.
func (s *source) cutOpen(d *document, n *yaml.Node) tmpl {
	t, ok := s.cuts[n]
	if !ok {
		t = s.cutNode(d, n)
		s.cuts[n] = t
	}
	return t
}

func (s *source) cutNode(d *document, n *yaml.Node) tmpl {
	if d.file.cuts != nil {
		if t, ok := d.file.cuts[n]; ok {
			return t
		}
		return tmpl{}.plus(piece{text: n.Value})
	}
	if !strings.Contains(n.Value, knot.OpenAction) {
		return tmpl{}.plus(piece{text: n.Value})
	}
	t, err := parseTemplate(n.Value)
	if err != nil || t.Tree == nil || t.Root == nil {
		// The whole file's actions have been reported already.
		return tmpl{}.plus(piece{text: n.Value})
	}
	if out, ok := s.evaluated(d, n, t); ok {
		return out
	}
	var out tmpl
	for _, node := range t.Root.Nodes {
		out = out.plus(pieceOf(node))
	}
	return out
}

func pieceOf(n parse.Node) piece {
	if text, ok := n.(*parse.TextNode); ok {
		return piece{text: string(text.Text)}
	}
	if v := plainVariable(n, true); v != "" {
		return piece{variable: v}
	}
	return piece{logic: &logic{source: sourceOf(n), reads: readsOf(n)}}
}

// sourceOf writes a node as a template of knot has it; the parser's own form
// has Go's delimiters.
func sourceOf(n parse.Node) string {
	text := strings.NewReplacer("{{", knot.OpenAction).Replace(n.String())
	return strings.Join(strings.Fields(text), " ")
}

// evaluated is a text with logic, evaluated; not ok where it has none, or where
// that cannot be done, which is reported when the text is used.
func (s *source) evaluated(d *document, n *yaml.Node, t *template.Template) (tmpl, bool) {
	if !hasLogic(t) || len(s.missing(t)) > 0 {
		return nil, false
	}
	e := s.newEvaluation(nil)
	e.isQuoted = n.Style&yaml.DoubleQuotedStyle != 0
	text, err := e.run(t)
	if err != nil {
		_, message := templateError(err)
		s.add(d, n, diag.Error, "knot/template-failed", "this cannot be evaluated: "+message, "")
		return nil, false
	}
	return s.marks.cut(text, e.variables), true
}

// unknownVariables reports the variables that knot does not have: it prints
// "<no value>" for them.
func (s *source) unknownVariables(d *document, n *yaml.Node, names ...string) {
	for _, v := range names {
		group, _, isBelow := strings.Cut(v, ".")
		if _, ok := knot.Lookup(v); ok || v == "" || v == "*" || s.reported[v] || isBelow && slices.Contains(knot.OpenGroups, group) {
			continue
		}
		if _, isSet := s.opts.Set[v]; isSet || slices.Contains(knot.OpenGroups, v) {
			continue
		}
		s.reported[v] = true
		var names []string
		for _, k := range knot.Variables {
			names = append(names, k.Name)
		}
		help := "variables of your own are written .var.name"
		if near := diag.Nearest(v, names); near != "" {
			help = "is it ." + near + "?"
		}
		s.add(d, n, diag.Warning, "knot/variable-unknown", fmt.Sprintf("knot has no variable .%s; it writes <no value> here", v), help)
	}
}

// openLogic reports logic that could not be evaluated.
func (s *source) openLogic(at ir.Range, fate diag.Fate, l *logic, consequence string) {
	help := ""
	var set []string
	for _, v := range s.unset(l.reads) {
		if v != "*" {
			set = append(set, "--set "+v+"=…")
		}
	}
	if len(set) > 0 {
		help = "give " + strings.Join(set, " ")
	}
	s.report.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "knot/template-logic", Fate: fate, Subject: at, Help: help,
		Message: fmt.Sprintf("%s is only known to knot; %s", l.source, consequence),
	})
}
