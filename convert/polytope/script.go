package polytope

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"

	"hull/ir"
	"hull/ir/diag"
)

// scriptReader reads what a values script sets. It does not run the script:
// what is not plain to see is noted, and not set.
//
// Source: the Polytope reference, "Sample executable file with default values
// and secrets".
type scriptReader struct {
	name     string
	report   *diag.Report
	lines    []string
	vars     map[string]assigned
	bindings []*ir.Binding
}

// assigned is what the script gives to a variable of its own.
type assigned struct {
	word ir.Word
	ok   bool // it is understood
}

func readScript(name string, text []byte, report *diag.Report) []*ir.Binding {
	r := &scriptReader{name: name, report: report, lines: strings.Split(string(text), "\n"), vars: map[string]assigned{}}
	if len(text) > maxSize {
		r.fail(ir.Range{File: name}, fmt.Sprintf("the script is larger than %d MB", maxSize>>20))
		return nil
	}
	script, err := parseShell(text)
	if err != nil {
		at, message := ir.Range{File: name}, err.Error()
		var parseErr syntax.ParseError
		if errors.As(err, &parseErr) {
			at.Start, message = r.pos(parseErr.Pos), parseErr.Text
			at.End = at.Start
		}
		r.fail(at, "this is not a shell script: "+message)
		return nil
	}
	for _, s := range script.Stmts {
		r.statement(s)
	}
	return r.bindings
}

func (r *scriptReader) fail(at ir.Range, message string) {
	r.report.Add(diag.Diagnostic{Severity: diag.Error, Code: "polytope/script", Subject: at, Message: message})
}

// parseShell parses as bash does, which knows more than POSIX, and takes hardly
// anything else otherwise.
func parseShell(text []byte) (*syntax.File, error) {
	return syntax.NewParser(syntax.KeepComments(true), syntax.Variant(syntax.LangBash)).Parse(bytes.NewReader(text), "")
}

// pos is a position of the parser's, which counts bytes.
func (r *scriptReader) pos(p syntax.Pos) ir.Pos {
	line, column := int(p.Line()), int(p.Col())
	if line < 1 || line > len(r.lines) {
		return ir.Pos{}
	}
	before := r.lines[line-1]
	before = before[:min(max(column-1, 0), len(before))]
	return ir.Pos{Line: line, Column: utf8.RuneCountInString(before) + 1}
}

func (r *scriptReader) rangeOf(n syntax.Node) ir.Range {
	return ir.Range{File: r.name, Start: r.pos(n.Pos()), End: r.pos(n.End())}
}

// statement reads a statement at the top of the script. Those inside of others
// may run or not: where they set something, they are noted.
func (r *scriptReader) statement(s *syntax.Stmt) {
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		r.assign(cmd.Assigns)
		if !isSetting(cmd) {
			return
		}
		isPlain := len(s.Redirs) == 0 && !s.Background && !s.Negated && len(cmd.Assigns) == 0
		if isPlain && r.set(cmd, leadingComment(s)) {
			return
		}
		r.notUnderstood(cmd)
	case *syntax.DeclClause:
		r.assign(cmd.Args)
	case nil:
	default:
		syntax.Walk(cmd, func(n syntax.Node) bool {
			if c, ok := n.(*syntax.CallExpr); ok && isSetting(c) {
				r.notUnderstood(c)
			}
			return true
		})
	}
}

func (r *scriptReader) assign(assigns []*syntax.Assign) {
	for _, a := range assigns {
		if a.Name == nil {
			continue
		}
		w, ok := r.word(a.Value, false)
		r.vars[a.Name.Value] = assigned{w, ok && !a.Append && !a.Naked && a.Array == nil && a.Index == nil}
	}
}

func (r *scriptReader) notUnderstood(c *syntax.CallExpr) {
	r.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "polytope/script-command", Fate: diag.Dropped, Subject: r.rangeOf(c), Path: commandName(c),
		Message: "what this sets cannot be told without running the script; it is left out",
		Help:    `hull reads lines such as: pt values set name "${NAME:-default}"`,
	})
}

// commandName is the words that a command begins with: "pt values set name".
func commandName(c *syntax.CallExpr) string {
	var words []string
	for _, w := range c.Args[:min(4, len(c.Args))] {
		if w.Lit() == "" {
			break
		}
		words = append(words, w.Lit())
	}
	return strings.Join(words, " ")
}

// settingCommands are the words after pt, and what each sets.
var settingCommands = map[string]ir.RefKind{
	"values": ir.ValueRef, "value": ir.ValueRef, "secrets": ir.SecretRef, "secret": ir.SecretRef,
}

// isSetting tells whether a command deals with values or secrets.
func isSetting(c *syntax.CallExpr) bool {
	return len(c.Args) > 1 && path.Base(c.Args[0].Lit()) == "pt" && settingCommands[c.Args[1].Lit()] != 0
}

// set reads "pt values set NAME DATA", and reports whether it is that.
func (r *scriptReader) set(c *syntax.CallExpr, info string) bool {
	if len(c.Args) != 5 || c.Args[2].Lit() != "set" {
		return false
	}
	name, isLiteral := r.literal(c.Args[3])
	data, ok := r.word(c.Args[4], false)
	if !ok || !isLiteral || strings.HasPrefix(name, "-") || strings.HasPrefix(c.Args[4].Lit(), "-") {
		return false
	}
	b := &ir.Binding{
		Meta: ir.At(r.rangeOf(c)), Kind: settingCommands[c.Args[1].Lit()], Name: name, Default: data, Info: info,
	}
	// The last one counts.
	r.bindings = slices.DeleteFunc(r.bindings, func(o *ir.Binding) bool { return o.Kind == b.Kind && o.Name == b.Name })
	r.bindings = append(r.bindings, b)
	return true
}

// leadingComment is the text of the comments right above a statement.
func leadingComment(s *syntax.Stmt) string {
	var lines []string
	line := s.Pos().Line()
	for _, c := range slices.Backward(s.Comments) {
		isAbove := c.Hash.Line()+1 == line
		if c.Hash.Line() > s.Pos().Line() || !isAbove && c.Hash.Line() != s.Pos().Line() || strings.HasPrefix(c.Text, "!") {
			continue
		}
		if isAbove {
			line = c.Hash.Line()
		}
		lines = append(lines, commentText(c.Text, "#"))
	}
	slices.Reverse(lines)
	return strings.Join(lines, "\n")
}
