package report

import (
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"hull/ir/diag"
)

// Tool is what a report says of the program that made it.
type Tool struct {
	Version string
	// Codes documents the codes that the report may have.
	Codes []diag.Info
}

// The parts of a SARIF log that hull has something to say in, in the order in
// which they are written. The lists that are there even if they are empty are
// those that code hosts want to see.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string              `json:"id"`
		Short         *sarifText          `json:"shortDescription,omitempty"`
		Full          *sarifText          `json:"fullDescription,omitempty"`
		Help          *sarifText          `json:"help,omitempty"`
		Configuration *sarifConfiguration `json:"defaultConfiguration,omitempty"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json"
)

// SARIF writes the report as a log of the Static Analysis Results Interchange
// Format, version 2.1.0, which code hosts and editors read. Its rules are the
// documented codes that occur; where nothing was found, results is empty.
//
// Source: the OASIS standard "Static Analysis Results Interchange Format
// (SARIF) Version 2.1.0".
func SARIF(w io.Writer, r *diag.Report, tool Tool) error {
	infos := map[string]diag.Info{}
	for _, info := range tool.Codes {
		infos[info.Code] = info
	}
	driver := sarifDriver{Name: Generator, Version: tool.Version, Rules: []sarifRule{}}
	results := []sarifResult{}
	rules := map[string]int{}
	for _, d := range r.Diagnostics {
		if _, ok := rules[d.Code]; !ok {
			rules[d.Code] = len(driver.Rules)
			driver.Rules = append(driver.Rules, ruleOf(d.Code, infos[d.Code]))
		}
		results = append(results, resultOf(d, rules[d.Code]))
	}
	// Columns are code points (diag.Pos).
	run := sarifRun{sarifTool{driver}, "unicodeCodePoints", results}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

// sarifLevels are SARIF's words for the severities (3.27.10).
var sarifLevels = map[diag.Severity]string{diag.Note: "note", diag.Warning: "warning", diag.Error: "error"}

func ruleOf(code string, info diag.Info) sarifRule {
	rule := sarifRule{ID: code}
	if info.Code == "" {
		return rule
	}
	rule.Short, rule.Help = &sarifText{info.Summary}, &sarifText{info.Summary}
	if info.Detail != "" {
		rule.Full, rule.Help = &sarifText{info.Detail}, &sarifText{info.Summary + "\n\n" + info.Detail}
	}
	rule.Configuration = &sarifConfiguration{sarifLevels[info.Severity]}
	return rule
}

func resultOf(d diag.Diagnostic, rule int) sarifResult {
	message := d.Message
	if d.Help != "" {
		message += ". " + d.Help
	}
	return sarifResult{d.Code, rule, sarifLevels[d.Severity], sarifText{message}, locationsOf(d)}
}

// locationsOf is where a diagnostic is; empty where that is no file.
func locationsOf(d diag.Diagnostic) []sarifLocation {
	if d.Subject.File == "" {
		return []sarifLocation{}
	}
	at := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{fileURI(d.Subject.File)}}}
	if d.Subject.IsValid() {
		at.Physical.Region = regionOf(d.Subject)
	}
	if d.Path != "" {
		at.Logical = []sarifLogical{{d.Path}}
	}
	return []sarifLocation{at}
}

func regionOf(r diag.Range) *sarifRegion {
	region := &sarifRegion{StartLine: r.Start.Line, StartColumn: max(r.Start.Column, 1)}
	if r.End.IsValid() && r.Start.Before(r.End) {
		region.EndLine, region.EndColumn = r.End.Line, max(r.End.Column, 1)
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
