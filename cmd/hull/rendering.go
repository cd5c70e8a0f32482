package main

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"

	"hull/emit/report"
	"hull/ir/diag"
)

// rendering is a form of a report. Names are the files that it is about.
type rendering struct {
	name string
	// extension is that of the files that hold the form.
	extension string
	write     func(w io.Writer, r *diag.Report, names []string, text report.TextOptions) error
}

// renderings are the forms of reports; the first is the default where people
// read them.
var renderings = []rendering{
	{"text", ".txt", func(w io.Writer, r *diag.Report, _ []string, o report.TextOptions) error { return report.Text(w, r, o) }},
	{"json", ".json", func(w io.Writer, r *diag.Report, _ []string, _ report.TextOptions) error { return report.JSON(w, r) }},
	{"sarif", ".sarif", func(w io.Writer, r *diag.Report, _ []string, _ report.TextOptions) error {
		return report.SARIF(w, r, report.Tool{Version: version(), Codes: codes()})
	}},
	{"github", ".github", func(w io.Writer, r *diag.Report, _ []string, _ report.TextOptions) error { return report.GitHub(w, r) }},
	{"junit", ".xml", func(w io.Writer, r *diag.Report, names []string, _ report.TextOptions) error {
		return report.JUnit(w, r, names)
	}},
}

func renderingNames() []string {
	var names []string
	for _, r := range renderings {
		names = append(names, r.name)
	}
	return names
}

// render writes a report in the named form.
func render(form string, w io.Writer, r *diag.Report, names []string, text report.TextOptions) error {
	for _, f := range renderings {
		if f.name == form {
			return f.write(w, r, names, text)
		}
	}
	return nil
}

// formByExtension is the form that a file's name asks for: JSON unless it says
// otherwise.
func formByExtension(name string) string {
	for _, f := range renderings {
		if ext := filepath.Ext(name); ext != "" && ext == f.extension {
			return f.name
		}
	}
	return "json"
}

const reportUsage = "write all diagnostics to `FILE`: as SARIF if it ends in .sarif, as JUnit in .xml, as annotations in .github, " +
	"else as JSON; - prints; repeatable"

// reports are the files that a report is written to; "-" prints it.
type reports []string

func (rs reports) toStdout() bool { return slices.Contains(rs, "-") }

// outfiles are the files, with what render makes for each form.
func (rs reports) outfiles(render func(form string) []byte) []outfile {
	var files []outfile
	for _, name := range rs {
		if name != "-" {
			files = append(files, outfile{name, render(formByExtension(name)), 0o644, isReport})
		}
	}
	return files
}

// obstacles are what is in the way of the files.
func (rs reports) obstacles(force bool) []diag.Diagnostic {
	_, ds := planAll(rs.outfiles(func(string) []byte { return nil }), force)
	return ds
}

// write writes a report, of failures too, wherever nothing is in the way. The
// diagnostics are about what could not be written.
func (rs reports) write(sys system, r *diag.Report, names []string, force bool) ([]diag.Diagnostic, error) {
	var failure error
	text := func(form string) []byte {
		var b bytes.Buffer
		if err := render(form, &b, r, names, report.TextOptions{}); err != nil {
			failure = err
		}
		return b.Bytes()
	}
	if rs.toStdout() {
		if _, err := sys.stdout.Write(text("json")); err != nil {
			return nil, err
		}
	}
	changes, _ := planAll(rs.outfiles(text), force)
	if failure != nil {
		return nil, failure
	}
	if d := commit(changes); d != nil {
		return []diag.Diagnostic{*d}, nil
	}
	return nil, nil
}

// isReport tells whether a file is a report of hull's, or empty.
func isReport(present []byte) bool {
	head := present[:min(len(present), 4096)]
	isMarked := func(mark string) bool { return bytes.Contains(head, []byte(mark)) }
	return len(present) == 0 || bytes.HasPrefix(head, []byte("::")) || slices.ContainsFunc(reportMarks, isMarked)
}

// reportMarks are at the beginning of the reports of each form.
var reportMarks = []string{
	"{\n  \"generator\": \"" + report.Generator + "\"", `"name": "` + report.Generator + `"`, `<testsuites name="` + report.Generator + `"`,
}
