package emit

import (
	"fmt"
	"slices"

	"hull/ir"
	"hull/ir/diag"
)

// jsonName is the form without comments.
const jsonName = "json"

var commentCodes = []diag.Info{{
	Code: "polytope/comments", Severity: diag.Note, Fate: diag.Dropped,
	Summary: "Comments are left out, as JSON has none.",
	Detail:  "Where a file is written as YAML or EDN as well, its comments are there, and this is not reported. Texts of info are kept in JSON.",
}}

// lostComments reports, once, the comments of a file of which every form is
// without.
func lostComments(f *ir.File, formats []string) []diag.Diagnostic {
	hasRoom := func(name string) bool { return name != jsonName }
	if len(formats) == 0 || slices.ContainsFunc(formats, hasRoom) {
		return nil
	}
	var first ir.Range
	n := 0
	ir.Walk(f, func(node ir.Node) bool {
		m := node.GetMeta()
		for _, text := range []string{m.Comments.Head, m.Comments.Line, m.Comments.Foot} {
			if text != "" {
				n++
			}
		}
		if !m.Comments.IsZero() && !first.IsValid() {
			first = m.Rng
		}
		return true
	})
	message := fmt.Sprintf("%d comments are left out, as JSON has none", n)
	switch n {
	case 0:
		return nil
	case 1:
		message = "a comment is left out, as JSON has none"
	}
	return []diag.Diagnostic{{
		Severity: diag.Note, Code: commentCodes[0].Code, Fate: diag.Dropped, Subject: first, Message: message,
		Help: "--to yml or --to edn keeps comments",
	}}
}
