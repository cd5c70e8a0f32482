package polytope

import (
	"testing"

	"hull/ir"
)

// TestEDNTags holds that the older dialect's references are read as tags, too,
// and that symbolic numbers may stand in code.
func TestEDNTags(t *testing.T) {
	for text, want := range map[string]ir.Expr{
		"#pt-value v":   &ir.Ref{Kind: ir.ValueRef, Name: "v"},
		"#pt-secret :s": &ir.Ref{Kind: ir.SecretRef, Name: "s"},
		"#pt-param p":   &ir.Ref{Kind: ir.ParamRef, Name: "p"},
		"(f ##Inf)":     &ir.Code{Lang: ir.Clojure, Source: "(f ##Inf)"},
	} {
		f, report := Read(Options{Name: "polytope.edn", Text: []byte(`{:modules [{:id :m :module :polytope/container :args {:x ` + text + `}}]}`)})
		if f == nil || report.HasErrors() {
			t.Errorf("%s: %v", text, report.Diagnostics)
			continue
		}
		if got := f.Modules[0].Call.Args.Get("x"); !ir.Equal(got, want) {
			t.Errorf("%s is read as %#v", text, got)
		}
	}
}
