package main

import (
	"github.com/urfave/cli/v2"

	"hull/emit"
	"hull/emit/graph"
	"hull/ir/resolve"
)

const graphDescription = `FILE is anything that hull reads; without one, what is found in the current
folder.

Draws what its templates run: containers with their services and ports, images
that are built, volumes, who waits for whom and who talks to whom.

Examples:

  hull graph --format svg > stack.svg
  hull graph polytope.yml                     as Mermaid, for a Markdown page
  hull graph --format dot compose.yaml | dot -Tpng -o stack.png`

func graphCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "graph",
		Usage:       "draw what a file runs",
		ArgsUsage:   "[FILE…]",
		Description: graphDescription,
		Flags:       []cli.Flag{choiceFlag("graph", "format", "draw as `FORMAT`", graphFormats())},
		Action: func(c *cli.Context) error {
			f, err := readAny(c.Context, sys, settings{inputs: c.Args().Slice()})
			if err != nil {
				return err
			}
			var jobs []*resolve.Job
			for _, id := range emit.Templates(f) {
				job, _ := resolve.Resolve(f, resolve.Options{Template: id})
				jobs = append(jobs, job)
			}
			drawing := graph.New(jobs)
			for _, format := range graph.Formats {
				if format.Name == c.String("format") {
					_, err = sys.stdout.Write(format.Write(drawing))
				}
			}
			return err
		},
	}
}

func graphFormats() []string {
	var names []string
	for _, f := range graph.Formats {
		names = append(names, f.Name)
	}
	return names
}
