package polytope

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// expr reads a value.
func (l *lowering) expr(n *node) ir.Expr {
	x := l.bareExpr(n)
	if m := x.GetMeta(); !l.inType {
		n.home = m
	}
	return x
}

func (l *lowering) bareExpr(n *node) ir.Expr {
	at := ir.At(n.rng)
	switch n.kind {
	case list:
		x := &ir.List{Meta: at}
		for _, item := range n.items {
			x.Items = append(x.Items, l.expr(item))
		}
		return x
	case record:
		x := &ir.Map{Meta: at}
		for _, e := range n.entries {
			x.Entries = append(x.Entries, ir.Entry{Key: e.key, KeyRange: e.at, Value: l.expr(e.value)})
		}
		return x
	case symbol:
		if l.inType {
			return &ir.String{Meta: at, Value: n.text}
		}
		return &ir.Code{Meta: at, Lang: ir.Clojure, Source: n.text}
	case raw:
		return &ir.Code{Meta: at, Lang: ir.Clojure, Source: n.text}
	}
	switch v := n.value.(type) {
	case bool:
		return &ir.Bool{Meta: at, Value: v}
	case int64:
		return &ir.Int{Meta: at, Value: v}
	case float64:
		return &ir.Float{Meta: at, Value: v}
	case string:
		if n.isName {
			return &ir.String{Meta: at, Value: v}
		}
		return l.textExpr(at, v)
	}
	return &ir.Null{Meta: at}
}

// code reads what stands below a module's code: text without a prefix is
// Clojure (the reference, data types, Code).
func (l *lowering) code(n *node) *ir.Code {
	at := ir.At(n.rng)
	c := &ir.Code{Meta: at, Lang: ir.Clojure, Source: n.text}
	switch v, isText := n.value.(string); {
	case n.kind == raw, n.kind == symbol:
	case !isText:
		l.shape(n, "code is a text, not "+n.describe())
	default:
		if lang, source, ok := cutCode(v); ok {
			c.Lang, c.Source = lang, source
		} else {
			c.Source = v
		}
	}
	n.home = &c.Meta
	return c
}

var (
	codePrefix = regexp.MustCompile(`^\s*(?:#pt-|pt\.)(js|clj|py)(?:\s|$)`)
	// referenceSpelling is a reference in any dialect; see spellings.
	referenceSpelling = `(#pt-|pt\.)(values?|secrets?|params?|inputs?)\s+([^\s{}]+)`
	wholeReference    = regexp.MustCompile(`^\s*` + referenceSpelling + `\s*$`)
	insideReference   = regexp.MustCompile(`\{\s*` + referenceSpelling + `\s*\}`)
	// looksLikeStart and looksLikeInside find what is nearly one.
	looksLikeStart  = regexp.MustCompile(`^\s*(?:#pt-|pt\.(?:values?|secrets?|params?|inputs?|clj|js|py)(?:\s|$))`)
	looksLikeInside = regexp.MustCompile(`\{\s*(?:#pt-|pt\.)`)
)

var languages = map[string]ir.Lang{"js": ir.JS, "clj": ir.Clojure, "py": ir.Python}

// cutCode is the code behind a language's prefix.
func cutCode(s string) (lang ir.Lang, source string, ok bool) {
	m := codePrefix.FindStringSubmatchIndex(s)
	if m == nil {
		return "", "", false
	}
	return languages[s[m[2]:m[3]]], s[m[1]:], true
}

// textExpr reads a text: code, a reference, an interpolation, or itself.
func (l *lowering) textExpr(at ir.Meta, s string) ir.Expr {
	if lang, source, ok := cutCode(s); ok {
		if literal, ok := jsLiteral(source); ok && lang == ir.JS {
			return &ir.String{Meta: at, Value: literal}
		}
		return &ir.Code{Meta: at, Lang: lang, Source: source}
	}
	if m := wholeReference.FindStringSubmatch(s); m != nil {
		return l.reference(at, m[1], m[2], m[3])
	}
	x := l.interpolation(at, s)
	l.lookalikes(x)
	return x
}

// interpolation is a text with references in it, or a literal.
func (l *lowering) interpolation(at ir.Meta, s string) ir.Expr {
	matches := insideReference.FindAllStringSubmatchIndex(s, -1)
	if matches == nil {
		return &ir.String{Meta: at, Value: s}
	}
	x, end := &ir.Interp{Meta: at}, 0
	for _, m := range matches {
		if m[0] > end {
			x.Parts = append(x.Parts, &ir.String{Meta: ir.At(at.Rng), Value: s[end:m[0]]})
		}
		x.Parts = append(x.Parts, l.reference(ir.At(at.Rng), s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]]))
		end = m[1]
	}
	if end < len(s) {
		x.Parts = append(x.Parts, &ir.String{Meta: ir.At(at.Rng), Value: s[end:]})
	}
	return x
}

var refKinds = map[string]ir.RefKind{"value": ir.ValueRef, "secret": ir.SecretRef, "param": ir.ParamRef, "input": ir.ParamRef}

// reference reads a reference, and notes a spelling that is not written.
func (l *lowering) reference(at ir.Meta, prefix, word, name string) *ir.Ref {
	kind := strings.TrimSuffix(word, "s")
	ref := &ir.Ref{Meta: at, Kind: refKinds[kind], Name: name}
	spelling := fmt.Sprintf("pt.%s %s", ref.Kind, name)
	switch {
	case kind == "input":
		if !l.named["pt.input"] {
			l.named["pt.input"] = true
			l.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "polytope/newer-dialect", Fate: diag.Approximated, Subject: at.Rng,
				Message: "pt.input is of a newer dialect than the reference's: it is read as pt.param",
			})
		}
	case prefix == "#pt-":
		l.older(at.Rng, fmt.Sprintf("%s%s %s is read as %s", prefix, word, name, spelling))
	case word != kind:
		l.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "polytope/spelling", Subject: at.Rng,
			Message: fmt.Sprintf("pt.%s %s is read as %s, which is how the reference mostly spells it", word, name, spelling),
		})
	}
	return ref
}

// lookalikes reports text that is nearly a reference and stays text.
func (l *lowering) lookalikes(x ir.Expr) {
	parts := []ir.Expr{x}
	if in, ok := x.(*ir.Interp); ok {
		parts = in.Parts
	}
	for i, p := range parts {
		s, ok := p.(*ir.String)
		if ok && (i == 0 && looksLikeStart.MatchString(s.Value) || looksLikeInside.MatchString(s.Value)) {
			l.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "polytope/reference", Subject: s.Rng,
				Message: fmt.Sprintf("%s looks like a reference, but is none; it is read as text", firstLine(s.Value)),
				Help:    `references are written "pt.value name", "pt.secret name" and "pt.param name", and in text "{pt.value name}"`,
			})
		}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	if r := []rune(line); len(r) > 40 {
		line = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", line)
}

var doubleQuoted = regexp.MustCompile(`^"(?:[^"\\\n]|\\.)*"$`)

// jsLiteral is the text of code that is one JavaScript string in double quotes,
// which is how a text is written that looks like a reference (law 4).
func jsLiteral(source string) (string, bool) {
	source = strings.TrimSpace(source)
	if !doubleQuoted.MatchString(source) {
		return "", false
	}
	var s string
	err := json.Unmarshal([]byte(hexEscape.ReplaceAllStringFunc(source, func(e string) string {
		if strings.HasPrefix(e, `\x`) {
			return `\u00` + e[len(`\x`):]
		}
		return e
	})), &s)
	return s, err == nil
}

// hexEscape is an escape of JavaScript; it finds those with \x by going past
// the others, such as \\.
var hexEscape = regexp.MustCompile(`\\(?:x[0-9a-fA-F]{2}|.)`)
