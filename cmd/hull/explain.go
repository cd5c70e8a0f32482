package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"hull/convert"
	"hull/convert/rewrite"
	"hull/emit"
	"hull/ir/check"
	"hull/ir/diag"
	"hull/ir/resolve"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say what a diagnostic's code means and what to do",
		ArgsUsage: "[CODE…]",
		Description: `Without a code, lists all of them.

Examples:

  hull explain
  hull explain compose/healthcheck`,
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return listCodes(c.App.Writer, codes())
			}
			for i, code := range c.Args().Slice() {
				info, err := findCode(code)
				if err != nil {
					return err
				}
				if i > 0 {
					fmt.Fprintln(c.App.Writer)
				}
				explain(c.App.Writer, info)
			}
			return nil
		},
	}
}

// codes documents every diagnostic there is, in the order of the codes.
func codes() []diag.Info {
	all := slices.Concat(convert.Codes(), emit.Codes(), check.Codes(), rewrite.Codes(), outputCodes, configCodes, batchCodes, verifyCodes, resolve.Codes)
	slices.SortFunc(all, func(a, b diag.Info) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

func codeNames() []string {
	var names []string
	for _, info := range codes() {
		names = append(names, info.Code)
	}
	return names
}

func findCode(code string) (diag.Info, error) {
	for _, info := range codes() {
		if info.Code == code {
			return info, nil
		}
	}
	return diag.Info{}, usagef("explain", "unknown code %s%s", code, didYouMean(code, codeNames()))
}

// grade is "warning" or "warning, dropped".
func grade(info diag.Info) string {
	if info.Fate == diag.NoFate {
		return info.Severity.String()
	}
	return info.Severity.String() + ", " + string(info.Fate)
}

func listCodes(w io.Writer, infos []diag.Info) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, info := range infos {
		fmt.Fprintf(table, "%s\t%s\t%s\n", info.Code, grade(info), info.Summary)
	}
	return table.Flush()
}

const textWidth = 80

func explain(w io.Writer, info diag.Info) {
	fmt.Fprintf(w, "%s (%s)\n\n%s", info.Code, grade(info), wrap(info.Summary))
	for paragraph := range strings.SplitSeq(strings.TrimSpace(info.Detail), "\n\n") {
		if paragraph != "" {
			fmt.Fprintf(w, "\n%s", wrap(paragraph))
		}
	}
}

// wrap breaks a paragraph into lines of textWidth columns.
func wrap(paragraph string) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(paragraph) {
		n := len([]rune(word))
		switch {
		case column == 0:
		case column+1+n > textWidth:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
	return b.String()
}
