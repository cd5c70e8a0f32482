package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
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
		Description: `Without a code, lists all of them; a pattern, such as compose/*, lists those that
match.

Examples:

  hull explain
  hull explain compose/healthcheck
  hull explain 'compose/port*'`,
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return listCodes(c.App.Writer, codes())
			}
			for i, arg := range c.Args().Slice() {
				infos, err := findCodes(arg)
				if err != nil {
					return err
				}
				if i > 0 {
					fmt.Fprintln(c.App.Writer)
				}
				if isPattern(arg) {
					err = listCodes(c.App.Writer, infos)
				} else {
					explain(c.App.Writer, infos[0])
				}
				if err != nil {
					return err
				}
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

// isPattern tells patterns (path.Match) from codes, which have none of its marks.
func isPattern(arg string) bool { return strings.ContainsAny(arg, `*?[\`) }

// findCodes are the codes that are called so, or match a pattern: one at least.
func findCodes(arg string) ([]diag.Info, error) {
	var found []diag.Info
	for _, info := range codes() {
		isMatch, err := path.Match(arg, info.Code)
		if err != nil {
			return nil, usagef("explain", "%s is no pattern: %v", arg, err)
		}
		if isMatch {
			found = append(found, info)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case isPattern(arg):
		return nil, usagef("explain", "no code matches %s; hull explain lists all", arg)
	}
	return nil, usagef("explain", "unknown code %s%s", arg, didYouMean(arg, codeNames()))
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
