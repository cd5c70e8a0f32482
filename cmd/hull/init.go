package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"hull/convert"
	"hull/emit/report"
	"hull/ir/diag"
)

const initDescription = `INPUT is what hull convert would be given. Without one, the project of the
current folder is looked for.

Writes hull.yml, which holds the inputs and the flags that are given here. From
then on hull convert does the same in that folder without any flags, and so do
hull batch and go generate.

Examples:

  hull init                                   what is found here
  hull init --to yml,json --strict compose.yaml compose.prod.yaml`

func initCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "init",
		Usage:       "write a hull.yml, which says how a project is converted",
		ArgsUsage:   "[INPUT…]",
		Description: initDescription,
		Flags:       append(projectFlags("init"), boolFlag("force", "overwrite a hull.yml that is there")),
		Action:      func(c *cli.Context) error { return writeConfig(c, sys) },
	}
}

func writeConfig(c *cli.Context, sys system) error {
	inputs := c.Args().Slice()
	if slices.Contains(inputs, convert.Stdin) {
		return usagef("init", "a hull.yml names files, and - is none")
	}
	if _, err := parseSettings(c, inputs); err != nil {
		return err
	}
	src, ds := convert.Locate(inputs)
	if len(ds) > 0 {
		return fail(sys, ds)
	}
	dir := configHome(inputs)
	text, err := configText(c, dir, src)
	if err != nil {
		return err
	}
	if ds := checkConfig(dir, text); len(ds) > 0 {
		return fail(sys, ds)
	}
	path := filepath.Join(dir, configName)
	changes, ds := planAll([]outfile{{path, text, 0o644, func([]byte) bool { return false }}}, c.Bool("force"))
	if len(ds) > 0 {
		ds[0].Message, ds[0].Help = path+" is there already", "overwrite it with --force"
		return fail(sys, ds)
	}
	if d := commit(changes); d != nil {
		return fail(sys, []diag.Diagnostic{*d})
	}
	outcome := "unchanged"
	if slices.ContainsFunc(changes, (*change).isNeeded) {
		outcome = "written"
	}
	_, err = fmt.Fprintln(sys.stderr, path+": "+outcome)
	return err
}

// checkConfig finds what hull.yml cannot say: that paths lead out of its folder.
func checkConfig(dir string, text []byte) []diag.Diagnostic {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return []diag.Diagnostic{{Severity: diag.Error, Code: "config/invalid", Message: err.Error()}}
	}
	c := &config{file: filepath.Join(dir, configName), values: map[string][]string{}, bound: dir}
	ds := c.read(doc.Content[0], projectFlags("init"))
	for i := range ds {
		ds[i].Subject = diag.Range{}
	}
	return ds
}

// fail shows diagnostics that end a run.
func fail(sys system, ds []diag.Diagnostic) error {
	r := &diag.Report{Diagnostics: ds}
	if err := report.Text(sys.stderr, r, report.TextOptions{Color: useColor(sys, sys.stderr)}); err != nil {
		return err
	}
	return errReported
}

// configHome is the folder that hull.yml is for: the one that was named, or
// the current one where files were.
func configHome(inputs []string) string {
	if dir, ok := configDir(inputs); ok {
		return dir
	}
	return "."
}

// configText is hull.yml: the inputs, and the flags that were given, in the
// order of the flags.
func configText(c *cli.Context, dir string, src convert.Source) ([]byte, error) {
	inputs := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, f := range src.Files {
		inputs.Content = append(inputs.Content, configScalar(relative(dir, f)))
	}
	root := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{configScalar(inputsKey), inputs}}
	for _, f := range projectFlags("init") {
		name := f.Names()[0]
		if c.IsSet(name) {
			root.Content = append(root.Content, configScalar(name), configValue(c, f, dir))
		}
	}
	var b bytes.Buffer
	b.WriteString("# How hull converts this project. Paths are relative to this folder; see hull convert --help for the flags.\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := e.Encode(root)
	return b.Bytes(), err
}

func configScalar(text string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(text)
	return n
}

func configValue(c *cli.Context, f cli.Flag, dir string) *yaml.Node {
	name := f.Names()[0]
	if _, isBool := f.(*cli.BoolFlag); isBool {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(c.Bool(name))}
	}
	values := []string{c.String(name)}
	if isRepeatable(f) {
		values = c.StringSlice(name)
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, v := range values {
		if slices.Contains(pathFlags, name) && v != convert.Stdin && !filepath.IsAbs(v) {
			v = relative(dir, v) + trailingSlash(v)
		}
		list.Content = append(list.Content, configScalar(v))
	}
	if !isRepeatable(f) {
		return list.Content[0]
	}
	return list
}

// trailingSlash keeps the mark of a folder that does not exist yet.
func trailingSlash(path string) string {
	if path != "" && (path[len(path)-1] == '/' || path[len(path)-1] == filepath.Separator) {
		return "/"
	}
	return ""
}
