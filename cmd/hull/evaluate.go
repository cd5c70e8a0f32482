package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"hull/convert/polytope"
	"hull/emit/report"
	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// evaluationFlags say what of a file is evaluated, and with which values; all
// is what is without --template and --module.
func evaluationFlags(all string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "template", Usage: "evaluate `TEMPLATE` (default: " + all + ")"},
		&cli.StringFlag{Name: "module", Usage: "evaluate `MODULE` by itself"},
		&cli.StringSliceFlag{Name: "set", Usage: "give a value or secret a text, `NAME=TEXT`; repeatable"},
		&cli.StringSliceFlag{Name: "values-from", Usage: "take values and secrets from `FILE`, a values script or a map in YAML or JSON; repeatable"},
	}
}

// evaluation evaluates a file, as the flags say.
type evaluation struct {
	*reading
	template, module string
	// given are the texts of values and secrets by name, which go before their
	// defaults.
	given map[string]string
}

// newEvaluation reads the file that the arguments name, and understands
// evaluationFlags. The error ends the run.
func newEvaluation(c *cli.Context, sys system) (*evaluation, error) {
	command := c.Command.Name
	e := &evaluation{template: c.String("template"), module: c.String("module")}
	if e.template != "" && e.module != "" {
		return nil, usagef(command, "--template and --module exclude each other")
	}
	var err error
	if e.given, err = givenValues(command, c); err != nil {
		return nil, err
	}
	if e.reading, err = readAny(c.Context, sys, settings{inputs: c.Args().Slice()}); err != nil {
		return nil, err
	}
	return e, e.checkSet(command, c.StringSlice("set"))
}

// checkSet refuses names that --set gives a text, and that nothing would have.
func (e *evaluation) checkSet(command string, set []string) error {
	var names []string
	ir.Walk(e.file, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Ref:
			if n.Kind != ir.ParamRef {
				names = append(names, n.Name)
			}
		case *ir.Binding:
			names = append(names, n.Name)
		}
		return true
	})
	for _, s := range set {
		name, _, _ := strings.Cut(s, "=")
		if !e.file.Partial && !slices.Contains(names, name) {
			return usagef(command, "--set %s: there is no value or secret of that name%s", name, didYouMean(name, names))
		}
	}
	return nil
}

// givenValues are the texts of --set and --values-from, by name.
func givenValues(command string, c *cli.Context) (map[string]string, error) {
	values := map[string]string{}
	for _, file := range c.StringSlice("values-from") {
		if err := readValues(file, values); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	for _, s := range c.StringSlice("set") {
		name, text, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, usagef(command, "--set takes NAME=TEXT, not %q", s)
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

// job evaluates a template, or a module by itself. The job is nil where there
// is nothing to run.
func (e *evaluation) job(template, module string) *resolve.Job {
	job, ds := resolve.Resolve(e.file, resolve.Options{Template: template, Module: module, Lookup: e.lookup})
	e.found.Add(ds...)
	return job
}

func (e *evaluation) lookup(kind ir.RefKind, name string) (string, bool) {
	if text, ok := e.given[name]; ok {
		return text, true
	}
	b := e.file.Binding(kind, name)
	if b == nil {
		return "", false
	}
	return b.Default.Eval(ir.Unset)
}

// report shows what was found. The error ends the run, once the rest is
// written.
func (e *evaluation) report() error {
	e.found.Sort()
	err := report.Text(e.sys.stderr, &e.found, report.TextOptions{Color: useColor(e.sys, e.sys.stderr), Prefix: e.prefix()})
	if err == nil && e.found.HasErrors() {
		err = errReported
	}
	return err
}
