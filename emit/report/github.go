package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"hull/ir/diag"
)

// GitHub writes the report as workflow commands, which GitHub Actions shows as
// annotations beside the lines that they are about:
//
//	::error file=polytope.yml,line=14,endLine=14,col=13,endColumn=28,title=check/split::Must be an integer
//
// Source: GitHub's documentation, "Workflow commands for GitHub Actions"; the
// escapes are those of actions/toolkit, packages/core/src/command.ts.
func GitHub(w io.Writer, r *diag.Report) error {
	out := bufio.NewWriter(w)
	for _, d := range r.Diagnostics {
		message := d.Message
		if d.Help != "" {
			message += "\n" + d.Help
		}
		fmt.Fprintf(out, "::%s %s::%s\n", githubCommands[d.Severity], githubProperties(d), githubData.Replace(message))
	}
	return out.Flush()
}

var githubCommands = map[diag.Severity]string{diag.Note: "notice", diag.Warning: "warning", diag.Error: "error"}

var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubProperties(d diag.Diagnostic) string {
	var all []string
	add := func(name, value string) { all = append(all, name+"="+githubProperty.Replace(value)) }
	if d.Subject.File != "" {
		add("file", d.Subject.File)
	}
	if from, to := d.Subject.Start, d.Subject.End; from.IsValid() {
		add("line", strconv.Itoa(from.Line))
		if to.IsValid() {
			add("endLine", strconv.Itoa(to.Line))
		}
		add("col", strconv.Itoa(max(from.Column, 1)))
		// GitHub takes columns for one line only, and the last one inclusively.
		if to.Line == from.Line && to.Column > from.Column {
			add("endColumn", strconv.Itoa(to.Column-1))
		}
	}
	add("title", d.Code)
	return strings.Join(all, ",")
}
