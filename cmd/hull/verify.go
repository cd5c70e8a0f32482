package main

import (
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"hull/convert"
	"hull/convert/verify"
	"hull/emit/report"
	"hull/ir/diag"
)

const verifyDescription = `INPUT is a docker-compose project, as for hull convert.

Converts it, without writing anything, and proves the result: what the Polytope
file says is evaluated down to plain containers, these are written as a compose
file, compose-go loads it, and it is compared with the project as compose-go
loads that, attribute by attribute. Every difference has to be explained by what
the conversion reports, and every loss that it reports has to be a difference.

The exit code is 1 if a difference is unexplained, or a loss unfounded.

Examples:

  hull verify                         the project of the current folder
  hull verify --all compose.yaml prod.yaml
                                      also list the differences that are explained`

var verifyCodes = []diag.Info{
	{
		Code: "verify/unexplained", Severity: diag.Error,
		Summary: "The Polytope file says something else than the project, and the conversion did not report it.",
		Detail: "This is a mistake of hull's: please report it, with the compose file. The message has what the attribute is in the project, and " +
			"what it is in the compose file that the Polytope file stands for.",
	},
	{
		Code: "verify/unfounded", Severity: diag.Error,
		Summary: "The conversion reported a loss that makes no difference.",
		Detail:  "This is a mistake of hull's: please report it, with the compose file.",
	},
	{
		Code: "verify/impossible", Severity: diag.Error,
		Summary: "A conversion cannot be verified.",
		Detail:  "compose-go cannot load the project, or what it became; the message says why. Only docker-compose projects are verified.",
	},
}

func verifyCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "verify",
		Usage:       "prove that a Polytope file says what its compose project says",
		ArgsUsage:   "[INPUT…]",
		Description: verifyDescription,
		Flags:       append(slices.DeleteFunc(projectFlags("verify"), isOfOutput), boolFlag("all", "list the explained differences, too", "a")),
		Action: func(c *cli.Context) error {
			s, err := projectSettings(c, sys)
			if err != nil {
				return err
			}
			return (&conversion{sys: sys, settings: s}).showVerified(c.Context, c.Bool("all"))
		},
	}
}

// isOfOutput tells of flags that are about what is written.
func isOfOutput(f cli.Flag) bool {
	return slices.Contains([]string{"output", "to", "strict", "allow", "deny"}, f.Names()[0])
}

// verify proves the conversion of a source, and reports what it cannot prove.
// The result is nil where nothing could be compared; where the conversion
// refuses the source, its report says why.
func (c *conversion) verify(ctx context.Context, src convert.Source) *verify.Result {
	if src.Format != "compose" || slices.Contains(src.Files, convert.Stdin) {
		c.found.Add(verifyError("verify/impossible", diag.Range{}, "only the files of a docker-compose project can be verified"))
		return nil
	}
	o := verify.Options{Compose: c.compose, NoBuiltins: c.noBuiltins}
	o.Compose.Files = src.Files
	r, err := verify.Verify(ctx, o)
	if err != nil {
		c.found.Add(verifyError("verify/impossible", diag.Range{}, err.Error()))
		return nil
	}
	for _, d := range r.Unexplained {
		c.found.Add(verifyError("verify/unexplained", d.Range, difference(d)))
	}
	for _, d := range r.Unfounded {
		c.found.Add(verifyError("verify/unfounded", d.Subject, "reported, and no difference: "+d.Message+" ["+d.Code+"]"))
	}
	return r
}

func verifyError(code string, at diag.Range, message string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: code, Subject: at, Message: message}
}

// difference is "services.web.ports.80/tcp: 8080, and nothing in the result
// (polytope.yml:12)".
func difference(d verify.Difference) string {
	said := func(text *string) string {
		if text == nil {
			return "nothing"
		}
		return fmt.Sprintf("%q", *text)
	}
	text := fmt.Sprintf("%s: %s in the project, %s in the result", d.Path, said(d.Source), said(d.Target))
	if d.Output.IsValid() {
		text += fmt.Sprintf(" (%s:%d)", d.Output.File, d.Output.Start.Line)
	}
	return text
}

// showVerified proves the conversion of the inputs and prints the result.
func (c *conversion) showVerified(ctx context.Context, all bool) error {
	src, ds := convert.Locate(c.inputs)
	c.found.Add(ds...)
	var r *verify.Result
	if len(ds) == 0 {
		if err := c.settlePaths(&src); err != nil {
			return err
		}
		r = c.verify(ctx, src)
	}
	if r != nil && r.Report.HasErrors() {
		c.found.Merge(r.Report)
		r = nil
	}
	if r != nil {
		for name, text := range r.Report.Sources {
			c.found.AddSource(name, text)
		}
	}
	c.found.Sort()
	if err := report.Text(c.sys.stderr, &c.found, report.TextOptions{Color: useColor(c.sys, c.sys.stderr), Prefix: c.prefix()}); err != nil {
		return err
	}
	if r != nil {
		if err := c.printVerified(r, all); err != nil {
			return err
		}
	}
	if c.found.HasErrors() {
		return errReported
	}
	return nil
}

func (c *conversion) printVerified(r *verify.Result, all bool) error {
	w := tabwriter.NewWriter(c.sys.stdout, 0, 0, 2, ' ', 0)
	if all {
		for _, d := range r.Explained {
			fmt.Fprintf(w, "%s\t%s\n", d.Code, difference(d))
		}
		if len(r.Explained) > 0 {
			fmt.Fprintln(w)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "COMPARED\tEQUAL\tEXPLAINED\tUNEXPLAINED\tUNFOUNDED")
	fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\n", r.Compared, r.Equal, len(r.Explained), len(r.Unexplained), len(r.Unfounded))
	return w.Flush()
}
