package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"hull/convert/compose"
	"hull/convert/jsonnet"
	"hull/convert/knot"
	"hull/ir/diag"
)

const convertDescription = `INPUT is the compose files of one project, later ones overriding earlier ones,
or a folder, or - for standard input (also together with files). Without one,
the compose project of the current folder is converted. A Polytope file can be
converted, too: to another of its formats, or to another folder.

Writes polytope.yml and .values_and_secrets.defaults.sh, the script that sets
its values and secrets, beside the compose file, and reports what Polytope has
no counterpart for. Nothing is written if there is an error. Files of an earlier
run that are no longer made, as those of a format that is not asked for any
more, are removed.

Examples:

  hull convert                              the project of the current folder
  hull convert -o - compose.yaml            print instead of writing
  hull convert -o deploy/ --to yml,edn app  two formats, into another folder
  hull convert compose.yaml prod.yaml --strict
                                            fail if anything is lost
  hull convert --allow compose/healthcheck --report losses.json
  hull convert polytope.yml -o polytope.edn
  hull convert --check                      is what was generated still current?
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
		Flags: append(projectFlags("convert"),
			boolFlag("check", "write nothing; print what would change, and exit with code 3 if anything would"),
			boolFlag("verify", "write nothing unless the result is proved, as by hull verify"),
			boolFlag("force", "overwrite files that hull did not generate, or generated from another source"),
			quietFlag(),
			&cli.StringSliceFlag{Name: "report", Usage: reportUsage},
			jpathEnvFlag(),
			boolFlag("watch", "convert again whenever a file of the project changes"),
		),
		Action: func(c *cli.Context) error {
			s, err := projectSettings(c, sys)
			if err != nil {
				return err
			}
			s.jsonnet = withPathVariable(s.jsonnet, c.Bool("jpath-env"), sys)
			if err := s.askPlatform(sys); err != nil {
				return err
			}
			if c.Bool("watch") && (slices.Contains(s.inputs, "-") || s.check) {
				return usagef("convert", "--watch is for files, and writes; it goes with neither - nor --check")
			}
			if slices.Contains(s.inputs, "-") {
				if s.compose.Stdin, err = readInput(c.Context, sys.stdin); err != nil {
					return err
				}
			}
			if c.Bool("watch") {
				return watch(c.Context, sys, s)
			}
			return (&conversion{sys: sys, settings: s}).run(c.Context)
		},
	}
}

// projectFlags are the flags that say how a project is converted: those that
// hull.yml can hold.
func projectFlags(command string) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE|DIR|-`; - prints"},
		&cli.StringFlag{Name: "to", Usage: "write these `FORMATS`: yml, json, edn (default: by -o, else yml)"},
		choiceFlag(command, "values", "make values and secrets of `WHAT`", valuesWords),
		choiceFlag(command, "builtins", "call built-in modules where they fit, `WHEN`", builtinsWords),
		choiceFlag(command, "build", "`HOW` to convert what is built; skip leaves the image's name alone", buildWords),
		boolFlag("no-persist", "add no volume to stateful services that have none"),
		boolFlag("strict", "fail, and write nothing, if anything is lost"),
		allowFlag(), denyFlag(),
		&cli.StringSliceFlag{Name: "env-file", Usage: "take variables from `FILE` instead of .env; repeatable"},
		&cli.StringSliceFlag{Name: "profile", Usage: "activate `PROFILE`; repeatable"},
		&cli.StringFlag{Name: "project-directory", Usage: "take relative paths from `DIR`"},
		&cli.StringFlag{Name: "project-name", Usage: "call the project `NAME`"},
		&cli.StringFlag{Name: "root", Usage: "read files below `DIR` (default: the project directory)"},
		&cli.StringFlag{Name: "platform", Usage: "write knot templates for `PLATFORM`: docker, podman"},
		&cli.StringFlag{Name: "split-dir", Usage: "write knot templates to `DIR`, one document a file"},
		&cli.StringSliceFlag{Name: "set", Usage: "give a variable of a knot template a text, as space.name=dev, `NAME=TEXT`; repeatable"},
	}, jsonnetFlags()...)
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
	inputs []string
	// home is the folder that the outputs stay in, by a hull.yml; empty: the one
	// that they are written to.
	home          string
	target        target
	compose       compose.Options
	jsonnet       jsonnet.Options
	knot          knot.Options
	platform      string
	noBuiltins    bool
	policy        diag.Policy
	strict, force bool
	check, quiet  bool
	isVerified    bool
	reports       reports
}

// flagValues are the flags of a run.
type flagValues interface {
	String(name string) string
	Bool(name string) bool
	StringSlice(name string) []string
	IsSet(name string) bool
}

// projectSettings are those of one project: by the command line, and by the
// hull.yml that counts for it.
func projectSettings(c *cli.Context, sys system) (settings, error) {
	settled, err := configured(c, c.Args().Slice(), sys)
	if err != nil {
		return settings{}, err
	}
	s, err := parseSettings(settled, settled.inputs)
	s.confine(settled)
	return s, err
}

func parseSettings(c flagValues, inputs []string) (settings, error) {
	s := settings{
		inputs: inputs,
		compose: compose.Options{
			ProjectDir: c.String("project-directory"), ProjectName: c.String("project-name"),
			EnvFiles: c.StringSlice("env-file"), Profiles: c.StringSlice("profile"), Root: c.String("root"),
			Values: compose.ValuePolicy(c.String("values")), SkipBuild: c.String("build") == "skip",
			NoPersist: c.Bool("no-persist"),
		},
		noBuiltins: c.String("builtins") == "never",
		policy:     policyOf(c),
		strict:     c.Bool("strict"), force: c.Bool("force"), reports: c.StringSlice("report"),
		check: c.Bool("check"), quiet: c.Bool("quiet"), isVerified: c.Bool("verify"),
	}
	var err error
	s.knot.Values = knot.ValuePolicy(c.String("values"))
	if s.knot.Set, err = knot.ParseSet(c.StringSlice("set")); err != nil {
		return s, usagef("convert", "--set: %v", err)
	}
	if s.jsonnet, err = parseJsonnet("convert", c); err != nil {
		return s, err
	}
	if s.target, err = parseTarget(c.String("output"), c.String("to")); err != nil {
		return s, err
	}
	if s.target.toStdout && s.reports.toStdout() {
		return s, usagef("convert", "standard output takes the file or the report, not both")
	}
	if s.check && (s.target.toStdout || s.reports.toStdout()) {
		return s, usagef("convert", "--check prints what would change; nothing else goes to standard output")
	}
	if dir := c.String("split-dir"); dir != "" {
		s.target.dir, s.target.split = dir, true
	}
	if s.target.first().Name == "knot" && !c.IsSet("values") {
		// knot's variables have no defaults: somebody has to create each.
		s.compose.Values, s.knot.Values = compose.ValuesInterpolated, knot.ValuesInterpolated
	}
	if err := s.checkPlatform(c); err != nil {
		return s, err
	}
	return s, checkCodes("convert", s.policy)
}

// checkPlatform sees to it that templates of knot are for some platform.
func (s *settings) checkPlatform(c flagValues) error {
	s.platform = c.String("platform")
	isKnown := s.platform == "" || slices.Contains(platforms, s.platform)
	switch {
	case !isKnown:
		return badChoice("convert", "platform", s.platform, platforms)
	case s.target.split && s.target.first().Name != "knot":
		return usagef("convert", "--split-dir is for --to knot")
	}
	return nil
}

// platforms are what knot's templates can be for.
var platforms = []string{"docker", "podman"}

// askPlatform asks on a terminal what a template of knot is for, and fails
// elsewhere: the specification has no default (knot.md, "Handle Docker vs.
// Podman Platform", whose question it is).
func (s *settings) askPlatform(sys system) error {
	if s.platform != "" || s.target.first().Name != "knot" {
		return nil
	}
	stdin, isFile := sys.stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(stdin.Fd())) {
		return usagef("convert", "a knot template is for one platform; add --platform docker or --platform podman")
	}
	fmt.Fprint(sys.stderr, "Should this be a Docker or a Podman template? Podman templates include CAP_NET_RAW for better network utility support. ")
	answer, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && answer == "" {
		return err
	}
	s.platform = strings.ToLower(strings.TrimSpace(answer))
	if !slices.Contains(platforms, s.platform) {
		return badChoice("convert", "platform", s.platform, platforms)
	}
	return nil
}
