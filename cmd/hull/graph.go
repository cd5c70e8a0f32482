package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"hull/emit"
	"hull/emit/graph"
	"hull/ir"
	"hull/ir/resolve"
)

const graphDescription = `FILE is anything that hull reads, or - for standard input; without one, what is
found in the current folder.

Draws what its templates run: containers with their services and ports, images
that are built, volumes, who waits for whom and who talks to whom. Of a Polytope
file without templates, it draws the modules that no other calls.

Examples:

  hull graph --format svg > stack.svg
  hull graph polytope.yml                     as Mermaid, for a Markdown page
  hull graph --template test polytope.yml     one of its templates
  hull graph --format dot compose.yaml | dot -Tpng -o stack.png`

func graphCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "graph",
		Usage:       "draw what a file runs",
		ArgsUsage:   "[FILE…]",
		Description: graphDescription,
		Flags:       append(evaluationFlags("all"), choiceFlag("graph", "format", "draw as `FORMAT`", graphFormats())),
		Action: func(c *cli.Context) error {
			e, err := newEvaluation(c, sys)
			if err != nil {
				return err
			}
			jobs := e.jobs()
			outcome := e.report()
			if len(jobs) > 0 {
				if err := draw(sys.stdout, jobs, c.String("format")); err != nil {
					return err
				}
			}
			return outcome
		},
	}
}

// jobs are what the flags ask for: all templates, unless they name something. A
// file without any is one of modules, of which each is run by itself.
func (e *evaluation) jobs() []*resolve.Job {
	var jobs []*resolve.Job
	add := func(template, module string) {
		if job := e.job(template, module); job != nil {
			jobs = append(jobs, job)
		}
	}
	switch {
	case e.template != "" || e.module != "":
		add(e.template, e.module)
	case len(e.file.Templates) == 0 && len(e.file.Modules) > 0:
		for _, id := range entryModules(e.file) {
			add("", id)
		}
	default:
		for _, id := range emit.Templates(e.file) {
			add(id, "")
		}
	}
	return jobs
}

// entryModules are the modules that no other calls, or all where each is called.
func entryModules(f *ir.File) []string {
	called := map[string]bool{}
	for _, m := range f.Modules {
		if m.Call != nil && m.Call.Module != m.ID {
			called[m.Call.Module] = true
		}
	}
	var entries, all []string
	for _, m := range f.Modules {
		all = append(all, m.ID)
		if !called[m.ID] {
			entries = append(entries, m.ID)
		}
	}
	if len(entries) == 0 {
		return all
	}
	return entries
}

func draw(w io.Writer, jobs []*resolve.Job, format string) error {
	drawing := graph.New(jobs)
	for _, f := range graph.Formats {
		if f.Name == format {
			_, err := w.Write(f.Write(drawing))
			return err
		}
	}
	return nil
}

func graphFormats() []string {
	var names []string
	for _, f := range graph.Formats {
		names = append(names, f.Name)
	}
	return names
}
