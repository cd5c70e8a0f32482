package rewrite

import (
	"slices"

	reader "hull/convert/polytope"
	"hull/ir"
	"hull/ir/check"
	"hull/ir/diag"
)

// Inspect reads a file and checks it. The file is nil where nothing of it can
// be read.
func Inspect(in reader.Options) (*ir.File, *diag.Report) {
	in.Format = syntaxOf(in.Name, in.Text).name
	f, report := reader.Read(in)
	if f != nil {
		report.Add(check.Check(f, check.Options{HasScript: in.Script != nil, Partial: includes(report)})...)
		report.Sort()
	}
	return f, report
}

// includes tells whether a file of the newer dialect includes others.
func includes(r *diag.Report) bool {
	return slices.ContainsFunc(r.Diagnostics, func(d diag.Diagnostic) bool {
		return d.Code == "polytope/newer-dialect" && d.Path == "include"
	})
}

// Areas are the codes that Inspect can give, as diag.Policy has them.
var Areas = []string{"check/*", "polytope/*", "type/*"}
