// Package report renders diagnostics for people and for programs. It decides
// nothing: what is in the report, and in which order, is the caller's.
package report

import (
	"encoding/json"
	"io"

	"hull/ir/diag"
)

// Generator is the value of a JSON report's first field, by which hull knows
// its own reports again.
const Generator = "hull"

// jsonVersion is the version of the JSON report's form. It grows when a field
// changes its meaning or goes away, not when one is added.
const jsonVersion = 1

type jsonReport struct {
	Generator   string            `json:"generator"`
	Version     int               `json:"version"`
	Counts      Counts            `json:"counts"`
	Diagnostics []diag.Diagnostic `json:"diagnostics"`
}

// Counts is a report in numbers.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
	// Losses counts what was approximated or dropped, whatever its severity.
	Losses int `json:"losses"`
}

// Count counts diagnostics.
func Count(ds []diag.Diagnostic) Counts {
	var c Counts
	for _, d := range ds {
		switch d.Severity {
		case diag.Error:
			c.Errors++
		case diag.Warning:
			c.Warnings++
		case diag.Note:
			c.Notes++
		}
		if d.Fate.IsLoss() {
			c.Losses++
		}
	}
	return c
}

// JSON writes the report as one JSON object: its generator, the version of its
// form, its counts and every field of its diagnostics, in their order.
func JSON(w io.Writer, r *diag.Report) error {
	out := jsonReport{
		Generator:   Generator,
		Version:     jsonVersion,
		Counts:      Count(r.Diagnostics),
		Diagnostics: r.Diagnostics,
	}
	if out.Diagnostics == nil {
		out.Diagnostics = []diag.Diagnostic{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
