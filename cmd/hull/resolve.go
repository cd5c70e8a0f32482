package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"hull/ir/resolve"
)

const resolveDescription = `FILE is a Polytope file, or anything else that hull reads, or - for standard
input; without one, what is found in the current folder.

Evaluates what a template, or a module, runs: calls are expanded down to plain
containers, references and code are evaluated. Values and secrets have the
defaults of the script beside the file, unless they are given another text.

Examples:

  hull resolve polytope.yml                       the containers of the first template
  hull resolve --template test --format yaml polytope.yml
  hull resolve --module db --set db_password=x polytope.yml
  hull resolve --values-from .secrets_and_values.sh polytope.yml`

var resolveFormats = []string{"table", "yaml", "json"}

func resolveCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "resolve",
		Usage:       "print the containers that a file runs",
		ArgsUsage:   "[FILE]",
		Description: resolveDescription,
		Flags:       append(evaluationFlags("the first"), choiceFlag("resolve", "format", "print as `FORMAT`", resolveFormats)),
		Action: func(c *cli.Context) error {
			e, err := newEvaluation(c, sys)
			if err != nil {
				return err
			}
			job := e.job(e.template, e.module)
			outcome := e.report()
			if job != nil {
				if err := writeJob(sys.stdout, job, c.String("format")); err != nil {
					return err
				}
			}
			return outcome
		},
	}
}

func writeJob(w io.Writer, job *resolve.Job, format string) error {
	switch format {
	case "yaml":
		e := yaml.NewEncoder(w)
		e.SetIndent(2)
		return e.Encode(job)
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(job)
	}
	return writeJobTable(w, job)
}

func writeJobTable(out io.Writer, job *resolve.Job) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STEP\tRUNS\tPORTS\tMOUNTS\tAFTER")
	row := func(t resolve.Task, runs string, ports, mounts []string) {
		var after []string
		for _, wait := range t.After {
			after = append(after, strings.TrimSpace(wait.Step+" "+wait.Condition))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.Step, runs, strings.Join(ports, " "), strings.Join(mounts, " "), strings.Join(after, ", "))
	}
	for _, b := range job.Builds {
		row(b.Task, "build "+strings.Join(b.Tags, " "), nil, nil)
	}
	for _, c := range job.Containers {
		row(c.Task, c.Image, portTexts(c.Services), mountTexts(c.Mounts))
	}
	for _, o := range job.Opaque {
		row(o.Task, "("+o.Why+")", nil, nil)
	}
	return w.Flush()
}

// portTexts are "web:80" for ports that stay inside, "8080→web:80" for others.
func portTexts(services []resolve.Service) []string {
	var texts []string
	for _, s := range services {
		for _, p := range s.Ports {
			port := p.Range
			if port == "" {
				port = fmt.Sprint(p.Port)
			}
			text := s.ID + ":" + port
			switch {
			case p.Internal:
			case p.ExposeAs == "":
				text = port + "→" + text
			default:
				text = p.ExposeAs + "→" + text
			}
			texts = append(texts, text)
		}
	}
	return texts
}

func mountTexts(mounts []resolve.Mount) []string {
	var texts []string
	for _, m := range mounts {
		texts = append(texts, m.Path)
	}
	return texts
}
