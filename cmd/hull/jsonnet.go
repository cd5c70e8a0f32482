package main

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hull/convert/jsonnet"
)

// jsonnetCommand has one subject for now: the built-in library.
func jsonnetCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:      "jsonnet",
		Usage:     "print the library for Jsonnet programs",
		ArgsUsage: "lib",
		Description: `Prints the library that a program gets by import 'hull/polytope.libsonnet', for
editors and for other implementations of Jsonnet. hull itself has it built in.

Example:

  hull jsonnet lib > vendor/hull/polytope.libsonnet`,
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 || c.Args().First() != "lib" {
				return usagef("jsonnet", "name what is to be printed: hull jsonnet lib")
			}
			_, err := sys.stdout.Write(jsonnet.Library())
			return err
		},
	}
}

// jsonnetFlags are those that the jsonnet command has, too, for whatever takes
// a program.
func jsonnetFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "jpath", Aliases: []string{"J"}, Usage: "search `DIR` for the imports of a Jsonnet program; repeatable"},
		variableFlag("ext-str", "give a Jsonnet program the external variable"), variableFlag("ext-code", "give it one by code,"),
		variableFlag("ext-str-file", "give it one by a file's text,"), variableFlag("ext-code-file", "give it one by a file's code,"),
		variableFlag("tla-str", "give a Jsonnet program the top-level argument"), variableFlag("tla-code", "give it one by code,"),
		variableFlag("tla-str-file", "give it one by a file's text,"), variableFlag("tla-code-file", "give it one by a file's code,"),
		boolFlag("multi", "take each field of a Jsonnet program's result for a file"),
	}
}

func variableFlag(name, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Usage: usage + " `NAME=TEXT`; repeatable"}
}

// pathVariable is where the jsonnet command finds further folders for imports.
const pathVariable = "JSONNET_PATH"

// jpathEnvFlag is for the command line alone: what hull.yml says does not
// depend on the environment.
func jpathEnvFlag() cli.Flag {
	return boolFlag("jpath-env", "search the folders of "+pathVariable+" for imports, too, after those of -J")
}

// withPathVariable adds the folders of the environment, where that was asked
// for. In JSONNET_PATH the first folder goes first, of -J the last one.
func withPathVariable(o jsonnet.Options, isWanted bool, sys system) jsonnet.Options {
	if !isWanted {
		return o
	}
	dirs := slices.DeleteFunc(filepath.SplitList(sys.getenv(pathVariable)), func(dir string) bool { return dir == "" })
	slices.Reverse(dirs)
	o.JPaths = append(dirs, o.JPaths...)
	return o
}

// parseJsonnet understands jsonnetFlags.
func parseJsonnet(command string, c flagValues) (jsonnet.Options, error) {
	o := jsonnet.Options{JPaths: c.StringSlice("jpath"), Multi: c.Bool("multi")}
	for _, v := range []struct {
		flag string
		into *map[string]string
	}{
		{"ext-str", &o.Ext.Str},
		{"ext-code", &o.Ext.Code},
		{"ext-str-file", &o.Ext.StrFile},
		{"ext-code-file", &o.Ext.CodeFile},
		{"tla-str", &o.TLA.Str},
		{"tla-code", &o.TLA.Code},
		{"tla-str-file", &o.TLA.StrFile},
		{"tla-code-file", &o.TLA.CodeFile},
	} {
		for _, given := range c.StringSlice(v.flag) {
			name, text, ok := strings.Cut(given, "=")
			if !ok || name == "" {
				return o, usagef(command, "--%s takes NAME=TEXT, not %q", v.flag, given)
			}
			if *v.into == nil {
				*v.into = map[string]string{}
			}
			(*v.into)[name] = text
		}
	}
	return o, nil
}
