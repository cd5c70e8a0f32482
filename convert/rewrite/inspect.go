package rewrite

import (
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
		report.Add(check.Check(f, check.Options{HasScript: in.Script != nil})...)
		report.Sort()
	}
	return f, report
}

// Areas are the codes that Inspect can give, as diag.Policy has them.
var Areas = []string{"check/*", "polytope/*", "type/*"}
