package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"hull/convert"
	"hull/convert/polytope"
	"hull/convert/rewrite"
	"hull/emit/report"
	"hull/ir/diag"
)

const checkDescription = `FILE is a Polytope file (YAML, JSON or EDN), a folder with one, or - for
standard input. Without one, the Polytope file of the current folder is checked.

Reads each file, and the values script beside it; holds every argument against
the declared params of the called module, and the file against the rules of the
Polytope reference. What is found is printed to standard output.

--fix mends what can be mended without changing anything else, in the file
itself: comments, order and all other lines stay as they are. --diff shows what
--fix would do, and nothing else.

Examples:

  hull check
  hull check --strict --allow check/literal-env modules/*/polytope.yml
  hull check --fix
  hull check --format sarif > hull.sarif
  hull check --format github                in a workflow of GitHub Actions`

// rendering is a form that the findings are printed in.
type rendering struct {
	name  string
	write func(*checking, io.Writer) error
}

// renderings are the forms of findings; the first is the default.
var renderings = []rendering{
	{"text", (*checking).text},
	{"json", func(c *checking, w io.Writer) error { return report.JSON(w, &c.found) }},
	{"sarif", func(c *checking, w io.Writer) error {
		return report.SARIF(w, &c.found, report.Tool{Version: version(), Codes: codes()})
	}},
	{"github", func(c *checking, w io.Writer) error { return report.GitHub(w, &c.found) }},
	{"junit", func(c *checking, w io.Writer) error { return report.JUnit(w, &c.found, c.names) }},
}

func renderingNames() []string {
	var names []string
	for _, r := range renderings {
		names = append(names, r.name)
	}
	return names
}

func checkCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "check",
		Usage:       "find what is wrong with a Polytope file",
		ArgsUsage:   "[FILE…]",
		Description: checkDescription,
		Flags: []cli.Flag{
			choiceFlag("check", "format", "print the findings as `FORMAT`", renderingNames()),
			boolFlag("fix", "mend what is safe to mend, in the file itself"),
			boolFlag("diff", "print what --fix would change, and change nothing"),
			allowFlag(), denyFlag(),
			boolFlag("strict", "fail on warnings, too"),
			quietFlag(),
		},
		Action: func(c *cli.Context) error {
			k := &checking{
				sys: sys, args: c.Args().Slice(), policy: policyOf(c), format: c.String("format"),
				strict: c.Bool("strict"), quiet: c.Bool("quiet"), fix: c.Bool("fix"), diff: c.Bool("diff"),
			}
			if err := checkCodes("check", k.policy); err != nil {
				return err
			}
			k.policy.Audit = rewrite.Areas
			return k.run(c.Context)
		},
	}
}

// checking is one run of hull check.
type checking struct {
	sys           system
	args          []string
	policy        diag.Policy
	format        string
	strict, quiet bool
	fix, diff     bool

	found diag.Report
	names []string // of the files that were read
	fixed int
	// toStderr holds where standard output is taken.
	toStderr bool
}

func (c *checking) run(ctx context.Context) error {
	files, ds := findPolyfiles(c.args)
	c.found.Add(ds...)
	for _, file := range files {
		if err := c.file(ctx, file); err != nil {
			return err
		}
	}
	c.policy.Apply(&c.found)
	c.found.Sort()
	if err := c.print(); err != nil {
		return err
	}
	if counts := report.Count(c.found.Diagnostics); counts.Errors > 0 || c.strict && counts.Warnings > 0 {
		return errReported
	}
	return nil
}

// file checks one file, and mends it where that was asked for.
func (c *checking) file(ctx context.Context, path string) error {
	in, found, err := openPolyfile(ctx, path, c.sys)
	if err != nil {
		return err
	}
	c.found.Merge(found)
	if in.Text == nil {
		return nil
	}
	c.names = append(c.names, in.Name)
	if c.fix || c.diff {
		if in, err = c.mend(path, in); err != nil {
			return err
		}
	}
	_, inspected := rewrite.Inspect(in)
	c.found.Merge(inspected)
	return nil
}

// mend fixes a file, or shows how. The result is the file as it is now. Of
// standard input, the fixed text is printed, and the findings go to standard
// error.
func (c *checking) mend(path string, in polytope.Options) (polytope.Options, error) {
	fixed, n := rewrite.Fix(in, c.policy)
	switch {
	case c.diff && n == 0:
		return in, nil
	case c.diff:
		return in, writeDiff(c.sys.stdout, in.Name, in.Text, fixed)
	case path == convert.Stdin:
		if _, err := c.sys.stdout.Write(fixed); err != nil {
			return in, err
		}
		c.toStderr = true
	case n > 0:
		if d := overwrite(path, fixed); d != nil {
			c.found.Add(*d)
			return in, nil
		}
	}
	c.fixed += n
	in.Text = fixed
	return in, nil
}

// print shows what was found; a diff stands alone.
func (c *checking) print() error {
	shown := c.found.Diagnostics
	if c.quiet {
		c.found.Diagnostics = nil
		for _, d := range shown {
			if d.Severity == diag.Error || c.strict && d.Severity == diag.Warning {
				c.found.Add(d)
			}
		}
		defer func() { c.found.Diagnostics = shown }()
	}
	for _, r := range renderings {
		if r.name != c.format || c.diff {
			continue
		}
		out := c.sys.stdout
		if c.toStderr {
			out = c.sys.stderr
		}
		if err := r.write(c, out); err != nil {
			return err
		}
	}
	if c.quiet {
		return nil
	}
	_, err := fmt.Fprintln(c.sys.stderr, c.summary())
	return err
}

func (c *checking) text(w io.Writer) error {
	return report.Text(w, &c.found, report.TextOptions{Color: useColor(c.sys, w)})
}

// summary is "polytope.yml: 1 error, 2 warnings".
func (c *checking) summary() string {
	counts := report.Count(c.found.Diagnostics)
	var parts []string
	for _, part := range []struct {
		n    int
		noun string
	}{{counts.Errors, "error"}, {counts.Warnings, "warning"}, {counts.Notes, "note"}} {
		if part.n > 0 {
			parts = append(parts, plural(part.n, part.noun))
		}
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "nothing found"
	}
	if c.fixed > 0 {
		text = fmt.Sprintf("%d fixed; %s", c.fixed, text)
	}
	switch len(c.names) {
	case 0:
		return text
	case 1:
		return c.names[0] + ": " + text
	}
	return plural(len(c.names), "file") + ": " + text
}
