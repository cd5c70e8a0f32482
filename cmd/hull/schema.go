package main

import (
	"github.com/urfave/cli/v2"

	"hull/emit/schema"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the JSON Schema of Polytope files, for editors",
		Description: `The schema (draft 2020-12) knows the arguments of the built-in modules and their
types, and accepts references and code wherever Polytope does. With the YAML
language server, which most editors use, put it in a file and name that in the
first line of polytope.yml, as in # yaml-language-server: $schema=.polytope.json.

Examples:

  hull schema > .polytope.json`,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			text, err := schema.Generate()
			if err != nil {
				return err
			}
			_, err = c.App.Writer.Write(text)
			return err
		},
	}
}
