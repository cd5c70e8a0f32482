package report

import (
	"io"
	"net/url"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"hull/ir/diag"
)

// Tool is what a report says of the program that made it.
type Tool struct {
	Version string
	// Codes documents the codes that the report may have.
	Codes []diag.Info
}

// SARIF writes the report as a log of the Static Analysis Results Interchange
// Format, version 2.1.0, which code hosts and editors read. Its rules are the
// documented codes that occur; where nothing was found, results is empty.
//
// Source: the OASIS standard "Static Analysis Results Interchange Format
// (SARIF) Version 2.1.0".
func SARIF(w io.Writer, r *diag.Report, tool Tool) error {
	log := sarif.NewReport()
	driver := sarif.NewToolComponent().WithName(Generator).WithVersion(tool.Version)
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver))
	// Columns are code points (diag.Pos).
	run.WithColumnKind("unicodeCodePoints")
	infos := map[string]diag.Info{}
	for _, info := range tool.Codes {
		infos[info.Code] = info
	}
	rules := map[string]int{}
	for _, d := range r.Diagnostics {
		if _, ok := rules[d.Code]; !ok {
			rules[d.Code] = len(driver.Rules)
			driver.AddRule(sarifRule(d.Code, infos[d.Code]))
		}
		run.AddResult(sarifResult(d, rules[d.Code]))
	}
	log.AddRun(run)
	return log.PrettyWrite(w)
}

// sarifLevels are SARIF's words for the severities (3.27.10).
var sarifLevels = map[diag.Severity]string{diag.Note: "note", diag.Warning: "warning", diag.Error: "error"}

func sarifRule(code string, info diag.Info) *sarif.ReportingDescriptor {
	rule := sarif.NewReportingDescriptor().WithID(code)
	if info.Code == "" {
		return rule
	}
	text := func(s string) *sarif.MultiformatMessageString {
		return sarif.NewMultiformatMessageString().WithText(s)
	}
	rule.WithShortDescription(text(info.Summary)).WithHelp(text(info.Summary))
	if info.Detail != "" {
		rule.WithFullDescription(text(info.Detail)).WithHelp(text(info.Summary + "\n\n" + info.Detail))
	}
	return rule.WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevels[info.Severity]))
}

func sarifResult(d diag.Diagnostic, rule int) *sarif.Result {
	message := d.Message
	if d.Help != "" {
		message += ". " + d.Help
	}
	result := sarif.NewRuleResult(d.Code).WithRuleIndex(rule).WithLevel(sarifLevels[d.Severity]).
		WithMessage(sarif.NewTextMessage(message))
	if place := sarifLocation(d); place != nil {
		result.AddLocation(place)
	}
	return result
}

// sarifLocation is where a diagnostic is, or nil where that is no file.
func sarifLocation(d diag.Diagnostic) *sarif.Location {
	if d.Subject.File == "" {
		return nil
	}
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(
		sarif.NewArtifactLocation().WithURI(fileURI(d.Subject.File)))
	if d.Subject.IsValid() {
		physical.WithRegion(sarifRegion(d.Subject))
	}
	at := sarif.NewLocation().WithPhysicalLocation(physical)
	if d.Path != "" {
		at.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(d.Path))
	}
	return at
}

func sarifRegion(r diag.Range) *sarif.Region {
	region := sarif.NewRegion().WithStartLine(r.Start.Line).WithStartColumn(max(r.Start.Column, 1))
	if r.End.IsValid() && r.Start.Before(r.End) {
		region.WithEndLine(r.End.Line).WithEndColumn(max(r.End.Column, 1))
	}
	return region
}

// fileURI is a path as a relative or absolute URI reference (3.4.3).
func fileURI(path string) string {
	if path == "-" || strings.HasPrefix(path, "<") {
		return "stdin"
	}
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}
