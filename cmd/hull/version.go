package main

import (
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "show the version",
		Description: "Example:\n\n  hull version",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			cli.ShowVersion(c)
			return nil
		},
	}
}

func noArguments(c *cli.Context) error {
	if arg := c.Args().First(); arg != "" {
		return usagef(c.Command.Name, "%s takes no argument (%s)", c.Command.Name, arg)
	}
	return nil
}

// version is the version that the build recorded, or "devel".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
