package polytope

import (
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"hull/ir"
)

// word is a word of the shell as ir has it; ok is false where it holds what ir
// does not. The shell splits words without quotes; this does not.
func (r *scriptReader) word(w *syntax.Word, isQuoted bool) (word ir.Word, ok bool) {
	if w == nil {
		return nil, true
	}
	for _, p := range w.Parts {
		parts, ok := r.part(p, isQuoted)
		if !ok {
			return nil, false
		}
		word = append(word, parts...)
	}
	return joinTexts(word), true
}

// joinTexts makes one text of those that stand together.
func joinTexts(w ir.Word) ir.Word {
	var out ir.Word
	for _, p := range w {
		text, isText := p.(ir.Text)
		if isText && len(out) > 0 {
			if before, ok := out[len(out)-1].(ir.Text); ok {
				out[len(out)-1] = before + text
				continue
			}
		}
		if text != "" || !isText {
			out = append(out, p)
		}
	}
	return out
}

// literal is a word that is the same whatever the environment.
func (r *scriptReader) literal(w *syntax.Word) (string, bool) {
	word, ok := r.word(w, false)
	isText := func(p ir.WordPart) bool { _, ok := p.(ir.Text); return ok }
	if !ok || slices.ContainsFunc(word, func(p ir.WordPart) bool { return !isText(p) }) {
		return "", false
	}
	return word.Eval(ir.Unset)
}

func (r *scriptReader) part(p syntax.WordPart, isQuoted bool) (ir.Word, bool) {
	switch p := p.(type) {
	case *syntax.Lit:
		return literalText(p.Value, isQuoted)
	case *syntax.SglQuoted:
		return ir.Literal(p.Value), !p.Dollar
	case *syntax.DblQuoted:
		word, ok := r.word(&syntax.Word{Parts: p.Parts}, true)
		return word, ok && !p.Dollar
	case *syntax.ParamExp:
		return r.variable(p, isQuoted)
	case *syntax.CmdSubst:
		return r.fileContent(p)
	}
	return nil, false
}

var (
	// bareEscape and quotedEscape are what a backslash escapes outside and
	// inside of double quotes (POSIX.1-2017, 2.2.1 and 2.2.3); at the end of a
	// line it is nothing.
	bareEscape   = regexp.MustCompile(`(?s)\\.`)
	quotedEscape = regexp.MustCompile("\\\\[$`\"\\\\\n]")
	// pattern is what a shell expands in a word without quotes.
	pattern = regexp.MustCompile(`^~|[*?\[]`)
)

func literalText(s string, isQuoted bool) (ir.Word, bool) {
	escape := bareEscape
	if isQuoted {
		escape = quotedEscape
	} else if pattern.MatchString(bareEscape.ReplaceAllString(s, "")) {
		return nil, false
	}
	text := escape.ReplaceAllStringFunc(s, func(e string) string {
		return strings.TrimPrefix(e[1:], "\n")
	})
	return ir.Literal(text), true
}

// operators are those of the shell that ir has. The assignment of := is of no
// matter here.
var operators = map[syntax.ParExpOperator]string{
	syntax.DefaultUnset: "-", syntax.DefaultUnsetOrNull: ":-",
	syntax.ErrorUnset: "?", syntax.ErrorUnsetOrNull: ":?",
	syntax.AlternateUnset: "+", syntax.AlternateUnsetOrNull: ":+",
	syntax.AssignUnset: "-", syntax.AssignUnsetOrNull: ":-",
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r *scriptReader) variable(p *syntax.ParamExp, isQuoted bool) (ir.Word, bool) {
	isPlain := p.Param != nil && !p.Excl && !p.Length && !p.Width && p.Index == nil && p.Slice == nil && p.Repl == nil && p.Names == 0
	if !isPlain || !variableName.MatchString(p.Param.Value) {
		return nil, false
	}
	v := ir.Variable{Name: p.Param.Value}
	if p.Exp != nil {
		var isKnown, ok bool
		if v.Op, isKnown = operators[p.Exp.Op]; !isKnown {
			return nil, false
		}
		if v.Arg, ok = r.word(p.Exp.Word, isQuoted); !ok {
			return nil, false
		}
	}
	if own, ok := r.vars[v.Name]; ok {
		return own.word, own.ok && (v.Op == "" || v.Op == "-" && v.Arg == nil)
	}
	if v.Op == "-" && v.Arg == nil {
		v.Op = "" // an unset variable is empty, under "set -u" too
	}
	return ir.Word{v}, true
}

// fileContent reads $(cat FILE).
func (r *scriptReader) fileContent(p *syntax.CmdSubst) (ir.Word, bool) {
	if len(p.Stmts) != 1 || len(p.Stmts[0].Redirs) > 0 {
		return nil, false
	}
	c, ok := p.Stmts[0].Cmd.(*syntax.CallExpr)
	if !ok || len(c.Assigns) > 0 || len(c.Args) != 2 || c.Args[0].Lit() != "cat" {
		return nil, false
	}
	file, ok := r.literal(c.Args[1])
	if !ok || file == "" || file[0] == '-' {
		return nil, false
	}
	if rest, isDot := strings.CutPrefix(file, "./"); isDot && strings.HasPrefix(rest, "-") {
		file = rest // it is there for cat only
	}
	return ir.Word{ir.FileContent{Path: file}}, true
}
