package main

import (
	"context"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"hull/convert/compose"
	"hull/ir/diag"
)

const convertDescription = `INPUT is the compose files of one project, later ones overriding earlier ones,
or a folder, or - for standard input (also together with files). Without one,
the compose project of the current folder is converted. A Polytope file can be
converted, too: to another of its formats, or to another folder.

Writes polytope.yml and .values_and_secrets.defaults.sh, the script that sets
its values and secrets, beside the compose file, and reports what Polytope has
no counterpart for. Nothing is written if there is an error.

Examples:

  hull convert                              the project of the current folder
  hull convert -o - compose.yaml            print instead of writing
  hull convert -o deploy/ --to yml,edn app  two formats, into another folder
  hull convert compose.yaml prod.yaml --strict
                                            fail if anything is lost
  hull convert --allow compose/healthcheck --report losses.json
  hull convert polytope.yml -o polytope.edn
  generate-compose | hull convert -o stack.yml -`

// Words that flags of convert take; the first of each is the default.
var (
	valuesWords   = []string{string(compose.ValuesAll), string(compose.ValuesInterpolated), string(compose.ValuesNone)}
	builtinsWords = []string{"auto", "never"}
	buildWords    = []string{"module", "skip"}
)

func convertCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "convert",
		Usage:       "convert a docker-compose project to a Polytope file, or one Polytope file to another",
		ArgsUsage:   "[INPUT…]",
		Description: convertDescription,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE|DIR|-`; - prints"},
			&cli.StringFlag{Name: "to", Usage: "write these `FORMATS`: yml, json, edn (default: by -o, else yml)"},
			choiceFlag("convert", "values", "make values and secrets of `WHAT`", valuesWords),
			choiceFlag("convert", "builtins", "call built-in modules where they fit, `WHEN`", builtinsWords),
			choiceFlag("convert", "build", "`HOW` to convert what is built; skip leaves the image's name alone", buildWords),
			boolFlag("no-persist", "add no volume to stateful services that have none"),
			boolFlag("strict", "fail, and write nothing, if anything is lost"),
			allowFlag(), denyFlag(),
			boolFlag("force", "overwrite files that hull did not generate"),
			quietFlag(),
			&cli.StringFlag{Name: "report", Usage: "write all diagnostics to `FILE` as JSON; - prints"},
			&cli.StringSliceFlag{Name: "env-file", Usage: "take variables from `FILE` instead of .env; repeatable"},
			&cli.StringSliceFlag{Name: "profile", Usage: "activate `PROFILE`; repeatable"},
			&cli.StringFlag{Name: "project-directory", Usage: "take relative paths from `DIR`"},
			&cli.StringFlag{Name: "project-name", Usage: "call the project `NAME`"},
			&cli.StringFlag{Name: "root", Usage: "read files below `DIR` (default: the project directory)"},
		},
		Action: func(c *cli.Context) error {
			s, err := parseSettings(c)
			if err != nil {
				return err
			}
			if slices.Contains(s.inputs, "-") {
				if s.compose.Stdin, err = readInput(c.Context, sys.stdin); err != nil {
					return err
				}
			}
			return (&conversion{sys: sys, settings: s}).run(c.Context)
		},
	}
}

// maxStdin bounds what is read from standard input; readers refuse less.
const maxStdin = 64 << 20

// readInput reads standard input to its end, or until the user interrupts.
func readInput(ctx context.Context, stdin io.Reader) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(stdin, maxStdin))
		read <- result{data, err}
	}()
	select {
	case r := <-read:
		return r.data, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// settings are the flags of convert, understood.
type settings struct {
	inputs        []string
	target        target
	compose       compose.Options
	noBuiltins    bool
	policy        diag.Policy
	strict, force bool
	quiet         bool
	report        string
}

func parseSettings(c *cli.Context) (settings, error) {
	s := settings{
		inputs: c.Args().Slice(),
		compose: compose.Options{
			ProjectDir: c.String("project-directory"), ProjectName: c.String("project-name"),
			EnvFiles: c.StringSlice("env-file"), Profiles: c.StringSlice("profile"), Root: c.String("root"),
			Values: compose.ValuePolicy(c.String("values")), SkipBuild: c.String("build") == "skip",
			NoPersist: c.Bool("no-persist"),
		},
		noBuiltins: c.String("builtins") == "never",
		policy:     policyOf(c),
		strict:     c.Bool("strict"), force: c.Bool("force"), quiet: c.Bool("quiet"), report: c.String("report"),
	}
	var err error
	if s.target, err = parseTarget(c.String("output"), c.String("to")); err != nil {
		return s, err
	}
	if s.target.toStdout && s.report == "-" {
		return s, usagef("convert", "standard output takes the file or the report, not both")
	}
	return s, checkCodes("convert", s.policy)
}
