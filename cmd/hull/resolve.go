package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"hull/convert/polytope"
	"hull/emit/report"
	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

const resolveDescription = `FILE is a Polytope file, or anything else that hull reads.

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
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "template", Usage: "evaluate `TEMPLATE` (default: the first)"},
			&cli.StringFlag{Name: "module", Usage: "evaluate `MODULE` by itself"},
			&cli.StringSliceFlag{Name: "set", Usage: "give a value or secret a text, `NAME=TEXT`; repeatable"},
			&cli.StringSliceFlag{Name: "values-from", Usage: "take values and secrets from `FILE`, a values script or a map in YAML or JSON; repeatable"},
			choiceFlag("resolve", "format", "print as `FORMAT`", resolveFormats),
		},
		Action: func(c *cli.Context) error {
			if c.String("template") != "" && c.String("module") != "" {
				return usagef("resolve", "--template and --module exclude each other")
			}
			given, err := givenValues(c)
			if err != nil {
				return err
			}
			f, err := readAny(c.Context, sys, settings{inputs: c.Args().Slice()})
			if err != nil {
				return err
			}
			return printResolved(c, sys, f, given)
		},
	}
}

// givenValues are the texts of --set and --values-from, by name.
func givenValues(c *cli.Context) (map[string]string, error) {
	values := map[string]string{}
	for _, file := range c.StringSlice("values-from") {
		if err := readValues(file, values); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	for _, s := range c.StringSlice("set") {
		name, text, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, usagef("resolve", "--set takes NAME=TEXT, not %q", s)
		}
		values[name] = text
	}
	return values, nil
}

// readValues adds the values of a file: a script as hull writes them, or a map.
func readValues(file string, values map[string]string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s", reason(err))
	}
	if slices.Contains([]string{".yml", ".yaml", ".json"}, filepath.Ext(file)) {
		var given map[string]string
		if err := yaml.Unmarshal(text, &given); err != nil {
			return err
		}
		for name, value := range given {
			values[name] = value
		}
		return nil
	}
	f, found := polytope.Read(polytope.Options{Name: "empty", Text: []byte("{}"), Script: text, ScriptName: file})
	for _, d := range found.Diagnostics {
		if d.Severity == diag.Error {
			return fmt.Errorf("line %d: %s", d.Subject.Start.Line, d.Message)
		}
	}
	for _, b := range f.Bindings {
		if value, ok := b.Default.Eval(ir.Unset); ok {
			values[b.Name] = value
		}
	}
	return nil
}

func printResolved(c *cli.Context, sys system, f *ir.File, given map[string]string) error {
	job, ds := resolve.Resolve(f, resolve.Options{
		Template: c.String("template"), Module: c.String("module"),
		Lookup: func(kind ir.RefKind, name string) (string, bool) {
			if text, ok := given[name]; ok {
				return text, true
			}
			b := f.Binding(kind, name)
			if b == nil {
				return "", false
			}
			return b.Default.Eval(ir.Unset)
		},
	})
	found := &diag.Report{Diagnostics: ds}
	found.Sort()
	if err := report.Text(sys.stderr, found, report.TextOptions{Color: useColor(sys, sys.stderr)}); err != nil {
		return err
	}
	if job != nil {
		if err := writeJob(sys.stdout, job, c.String("format")); err != nil {
			return err
		}
	}
	if found.HasErrors() {
		return errReported
	}
	return nil
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
