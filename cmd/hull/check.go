package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"hull/convert"
	"hull/convert/jsonnet"
	"hull/convert/polytope"
	"hull/convert/rewrite"
	"hull/emit/report"
	"hull/ir/diag"
)

const checkDescription = `FILE is a Polytope file (YAML, JSON or EDN), a knot template, a Jsonnet program
that yields either, a folder, or - for standard input. Without one, the Polytope
file and the knot templates of the current folder are checked.

Reads each Polytope file, and the values script beside it; holds every argument
against the declared params of the called module, and the file against the rules
of the Polytope reference. What is found is printed to standard output.

A knot template is a file named x.knot.yml, or one with knot's keys, and its
volume definitions: in the same file, in x.volumes.knot.yml, or in a file that is
named along with it. What knot itself refuses is an error; where it is against
the rules of the specification, that is a warning. --platform says what it is
for, as these differ there.

--fix mends what can be mended in a Polytope file without changing anything else,
in the file itself: comments, order and all other lines stay as they are. --diff
shows what --fix would do, and nothing else.

Examples:

  hull check
  hull check --platform podman web.knot.yml
  hull check --strict --allow check/literal-env modules/*/polytope.yml
  hull check --fix
  hull check --format sarif > hull.sarif
  hull check --format github                in a workflow of GitHub Actions`

func checkCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "check",
		Usage:       "find what is wrong with a Polytope file or a knot template",
		ArgsUsage:   "[FILE…]",
		Description: checkDescription,
		Flags: append([]cli.Flag{
			choiceFlag("check", "format", "print the findings as `FORMAT`", renderingNames()),
			&cli.StringFlag{Name: "platform", Usage: "check knot templates for `PLATFORM`: docker, podman"},
			boolFlag("fix", "mend what is safe to mend, in the file itself"),
			boolFlag("diff", "print what --fix would change, and change nothing"),
			allowFlag(), denyFlag(),
			boolFlag("strict", "fail on warnings, too"),
			quietFlag(),
		}, append(jsonnetFlags(), jpathEnvFlag())...),
		Action: func(c *cli.Context) error {
			k := &checking{
				sys: sys, args: c.Args().Slice(), policy: policyOf(c), format: c.String("format"),
				strict: c.Bool("strict"), quiet: c.Bool("quiet"), fix: c.Bool("fix"), diff: c.Bool("diff"),
				platform: c.String("platform"),
			}
			if err := checkCodes("check", k.policy); err != nil {
				return err
			}
			if err := checkPlatform("check", k.platform); err != nil {
				return err
			}
			var err error
			if k.jsonnet, err = parseJsonnet("check", c); err != nil {
				return err
			}
			k.jsonnet = withPathVariable(k.jsonnet, c.Bool("jpath-env"), sys)
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
	platform      string
	jsonnet       jsonnet.Options
	stdin         []byte // where it is checked

	found diag.Report
	names []string // of the files that were read
	fixed int
	// toStderr holds where standard output is taken.
	toStderr bool
}

func (c *checking) run(ctx context.Context) error {
	files, ds := findChecked(c.args)
	c.found.Add(ds...)
	sources, err := c.sources(ctx, files)
	if err != nil {
		return err
	}
	for _, src := range sources {
		if err := c.source(ctx, src); err != nil {
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
	if isCompose(in.Text) {
		c.found.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "input/format", Subject: diag.Range{File: in.Name},
			Message: "this is a docker-compose file, and hull checks what it becomes", Help: "hull convert converts it, hull verify proves the result",
		})
		return nil
	}
	if c.fix || c.diff {
		if in, err = c.mend(path, in); err != nil {
			return err
		}
	}
	_, inspected := rewrite.Inspect(in)
	c.found.Merge(inspected)
	return nil
}

// isCompose tells a compose file by its top-level keys. A file that only
// includes others can be of either kind.
func isCompose(text []byte) bool {
	return servicesKey.Match(text) && convert.FormatOf(text) == "compose"
}

var servicesKey = regexp.MustCompile(`(?m)^\{?\s*"?services"?\s*:`)

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
	if !c.diff {
		out := c.sys.stdout
		if c.toStderr {
			out = c.sys.stderr
		}
		if err := render(c.format, out, &c.found, c.names, report.TextOptions{Color: useColor(c.sys, out)}); err != nil {
			return err
		}
	}
	if c.quiet {
		return nil
	}
	_, err := fmt.Fprintln(c.sys.stderr, c.summary())
	return err
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
