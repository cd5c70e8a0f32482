package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

// The exit codes.
const (
	exitDone   = 0
	exitErrors = 1 // errors, or losses or warnings under --strict
	exitUsage  = 2
	exitDrift  = 3 // a file is other than it should be, and was not to be written
)

// system is what a run sees of the world around it, besides the file system.
type system struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
}

// errReported ends a run whose errors have been shown.
var errReported = errors.New("reported")

// usageError is a wrong use of a command.
type usageError struct {
	command string // whose help explains the use; empty for hull itself
	message string
}

func (e *usageError) Error() string { return e.message }

func usagef(command, format string, args ...any) error {
	return &usageError{command, fmt.Sprintf(format, args...)}
}

// run is the whole program: args are the program's name and its arguments, the
// result is its exit code.
func run(ctx context.Context, args []string, sys system) int {
	app := newApp(sys)
	if len(args) > 1 && args[1] == completeCommand {
		for _, word := range complete(app, args[2:]) {
			fmt.Fprintln(sys.stdout, word)
		}
		return exitDone
	}
	args, err := arrange(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	return exitCode(sys.stderr, err)
}

func exitCode(stderr io.Writer, err error) int {
	usage := &usageError{}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitErrors
	case errors.Is(err, errDrift):
		return exitDrift
	case errors.As(err, &usage):
		help := "hull --help"
		if usage.command != "" {
			help = "hull " + usage.command + " --help"
		}
		fmt.Fprintf(stderr, "hull: %s\nRun '%s' for usage.\n", usage, help)
		return exitUsage
	case errors.Is(err, context.Canceled):
		err = errors.New("interrupted; nothing written")
	}
	fmt.Fprintf(stderr, "hull: %v\n", err)
	return exitErrors
}

func newApp(sys system) *cli.App {
	app := &cli.App{
		Name:      "hull",
		Usage:     "convert docker-compose projects to Polytope files, and check them",
		UsageText: "hull COMMAND [FLAGS] [ARGUMENTS]",
		Description: `Examples:

  hull convert                  convert the compose project of the current folder
  hull convert -o - app/        print what the project in app/ becomes
  hull check                    check the Polytope file of the current folder
  hull explain                  list what a conversion can report`,
		Version:                   version(),
		Commands:                  commands(sys),
		Flags:                     []cli.Flag{cli.HelpFlag},
		HideHelpCommand:           true,
		DisableSliceFlagSeparator: true,
		Reader:                    sys.stdin,
		Writer:                    sys.stdout,
		ErrWriter:                 sys.stderr,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides the exit code
		OnUsageError: func(_ *cli.Context, err error, _ bool) error {
			return usagef("", "%v", err)
		},
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("", "unknown command %s%s", name, didYouMean(name, commandNames(c.App)))
			}
			return cli.ShowAppHelp(c)
		},
	}
	for _, cmd := range app.Commands {
		cmd.HideHelpCommand = true // a file may be called "help"
		cmd.OnUsageError = func(_ *cli.Context, err error, _ bool) error {
			return usagef(cmd.Name, "%v", err)
		}
	}
	return app
}

func commands(sys system) []*cli.Command {
	return []*cli.Command{
		convertCommand(sys), batchCommand(sys), initCommand(sys), verifyCommand(sys), resolveCommand(sys), graphCommand(sys), checkCommand(sys), fmtCommand(sys), modulesCommand(), schemaCommand(), jsonnetCommand(sys),
		explainCommand(), completionCommand(), versionCommand(), helpCommand(),
	}
}

func commandNames(app *cli.App) []string {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	return names
}

func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "show the help of a command",
		ArgsUsage: "[COMMAND]",
		Description: `Examples:

  hull help
  hull help convert`,
		Action: func(c *cli.Context) error {
			name := c.Args().First()
			if name == "" {
				return cli.ShowAppHelp(c)
			}
			if c.App.Command(name) == nil {
				return usagef("", "unknown command %s%s", name, didYouMean(name, commandNames(c.App)))
			}
			return cli.ShowCommandHelp(c.Lineage()[1], name)
		},
	}
}
