package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"hull/convert"
	"hull/emit/report"
	"hull/ir/diag"
)

// configName is the file at a project's root that says how it is converted, so
// that people, CI and go generate do the same.
const configName = "hull.yml"

// inputsKey is the key of hull.yml for what stands behind the flags.
const inputsKey = "inputs"

// maxConfig bounds hull.yml, in bytes.
const maxConfig = 1 << 20

var configCodes = []diag.Info{{
	Code: "config/invalid", Severity: diag.Error,
	Summary: configName + " does not say how to convert.",
	Detail: "It is a map in YAML: " + inputsKey + " is the list of files, or the folder, that hull convert is given, and every other key is a " +
		"flag of hull convert without its dashes. A flag that can be repeated takes a list. Paths are relative to the folder of " +
		configName + ", and lead out of it only where the command line says how far, with --root: a project decides neither " +
		"what hull may read nor where it writes.",
}}

// pathFlags are the flags that hold paths: in hull.yml they are relative to
// its folder.
var pathFlags = []string{inputsKey, "output", "split-dir", "env-file", "project-directory", "root", "jpath"}

// config is hull.yml: for each key its values, as the command line would have
// them.
type config struct {
	file   string
	values map[string][]string
	// bound is the folder that its paths stay in: its own, or the one that
	// --root names.
	bound string
}

// readConfig reads the hull.yml of a folder; the config is nil where there is
// none. Its paths may not lead out of root; an empty one is the folder.
func readConfig(dir, root string) (*config, *diag.Report) {
	found := &diag.Report{}
	c := &config{file: filepath.Join(dir, configName), values: map[string][]string{}, bound: cmp.Or(root, dir)}
	text, err := readConfined(dir, configName)
	if errors.Is(err, os.ErrNotExist) {
		return nil, found
	}
	if err != nil {
		found.Add(c.invalid(nil, "it cannot be read: "+reason(err)))
		return nil, found
	}
	found.AddSource(c.shown(), text)
	docs := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := docs.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		found.Add(c.invalid(nil, strings.TrimPrefix(err.Error(), "yaml: ")))
		return nil, found
	}
	if err := docs.Decode(&second); !errors.Is(err, io.EOF) {
		found.Add(c.invalid(&second, "it is one document; what is below would not count"))
		return nil, found
	}
	if len(doc.Content) > 0 {
		found.Add(c.read(doc.Content[0], projectFlags("convert"))...)
	}
	return c, found
}

// readConfined reads a regular file of a folder that no link leads out of it.
func readConfined(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case info.Size() > maxConfig:
		return nil, fmt.Errorf("it is larger than %d MB", maxConfig>>20)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxConfig))
}

// shown is the file as diagnostics name it: where there is a prefix for them,
// it is that of the folder.
func (c *config) shown() string { return filepath.ToSlash(c.file) }

func (c *config) invalid(n *yaml.Node, message string) diag.Diagnostic {
	d := diag.Diagnostic{
		Severity: diag.Error, Code: "config/invalid", Message: message,
		Subject: diag.Range{File: c.shown()},
	}
	if n != nil && n.Line > 0 {
		d.Subject.Start = diag.Pos{Line: n.Line, Column: n.Column}
		d.Subject.End = diag.Pos{Line: n.Line, Column: n.Column + len(n.Value)}
	}
	return d
}

func (c *config) read(root *yaml.Node, flags []cli.Flag) []diag.Diagnostic {
	if root.Kind != yaml.MappingNode {
		return []diag.Diagnostic{c.invalid(root, "it is a map of "+inputsKey+" and flags, and this is not")}
	}
	var ds []diag.Diagnostic
	for i := 0; i+1 < len(root.Content); i += 2 {
		if err := c.entry(root.Content[i], root.Content[i+1], flags); err != nil {
			ds = append(ds, c.invalid(root.Content[i], err.Error()))
		}
	}
	return ds
}

func (c *config) entry(key, value *yaml.Node, flags []cli.Flag) error {
	known := configKeys(flags)
	flag := configFlag(flags, key.Value)
	switch {
	case !slices.Contains(known, key.Value):
		return fmt.Errorf("there is no key %s%s", brief(key.Value), didYouMean(key.Value, known))
	case c.values[key.Value] != nil:
		return fmt.Errorf("%s is there twice", key.Value)
	}
	isList := key.Value == inputsKey || flag != nil && isRepeatable(flag) || key.Value == "to"
	values, err := scalars(value, isList)
	if err != nil {
		return fmt.Errorf("%s %w", key.Value, err)
	}
	if _, isBool := flag.(*cli.BoolFlag); isBool {
		var on bool
		if value.Tag != "!!bool" || value.Decode(&on) != nil {
			return fmt.Errorf("%s is true or false, not %s", key.Value, brief(value.Value))
		}
		values = []string{strconv.FormatBool(on)}
	}
	if ch, ok := flag.(*choice); ok && !slices.Contains(ch.words, values[0]) {
		return fmt.Errorf("%s takes %s, not %q%s", key.Value, strings.Join(ch.words, ", "), brief(values[0]), didYouMean(values[0], ch.words))
	}
	if slices.Contains(pathFlags, key.Value) {
		if err := c.resolve(values); err != nil {
			return fmt.Errorf("%s: %w", key.Value, err)
		}
	}
	if key.Value == "to" {
		values = []string{strings.Join(values, ",")}
	}
	c.values[key.Value] = values
	return nil
}

// brief is a text that may be of any length, for a message.
func brief(text string) string {
	const enough = 60
	if runes := []rune(text); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return text
}

// resolve makes paths of hull.yml those that the system opens.
func (c *config) resolve(paths []string) error {
	for i, p := range paths {
		switch {
		case p == convert.Stdin:
			return errors.New("- is not a file; name it on the command line")
		case !c.isInside(c.path(p)):
			return fmt.Errorf("%s leads out of the folder; on the command line, --root names a wider one", brief(p))
		}
		paths[i] = c.path(p)
	}
	return nil
}

// path is a path of hull.yml as the system opens it; one that ends in a
// separator still does.
func (c *config) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	joined := filepath.Join(filepath.Dir(c.file), filepath.FromSlash(p))
	if strings.HasSuffix(p, "/") {
		joined += string(filepath.Separator)
	}
	return joined
}

// isInside tells of a path whether it is one of the bound's, wherever links
// lead: a folder to read from would itself be a way out.
func (c *config) isInside(p string) bool {
	rel, err := filepath.Rel(resolved(c.bound), resolved(p))
	return err == nil && filepath.IsLocal(rel)
}

// scalars are the texts of a scalar, or of a list where one is wanted.
func scalars(n *yaml.Node, isList bool) ([]string, error) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode && isList {
		nodes = n.Content
	}
	var values []string
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			if isList {
				return nil, errors.New("is a list of texts")
			}
			return nil, errors.New("is one text")
		}
		values = append(values, n.Value)
	}
	return values, nil
}

func configKeys(flags []cli.Flag) []string {
	keys := []string{inputsKey}
	for _, f := range flags {
		keys = append(keys, f.Names()[0])
	}
	return keys
}

func configFlag(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		if f.Names()[0] == name {
			return f
		}
	}
	return nil
}

func isRepeatable(f cli.Flag) bool {
	_, ok := f.(*cli.StringSliceFlag)
	return ok
}

// settled are the flags of a run together with those of hull.yml; the command
// line wins.
type settled struct {
	*cli.Context
	config *config // or nil
	inputs []string
}

func (s *settled) String(name string) string {
	if v := s.fromConfig(name); len(v) > 0 {
		return v[0]
	}
	return s.Context.String(name)
}

func (s *settled) Bool(name string) bool {
	if v := s.fromConfig(name); len(v) > 0 {
		return v[0] == "true"
	}
	return s.Context.Bool(name)
}

func (s *settled) StringSlice(name string) []string {
	if v := s.fromConfig(name); len(v) > 0 {
		return v
	}
	return s.Context.StringSlice(name)
}

func (s *settled) IsSet(name string) bool {
	return s.Context.IsSet(name) || len(s.fromConfig(name)) > 0
}

func (s *settled) fromConfig(name string) []string {
	if s.config == nil || s.Context.IsSet(name) {
		return nil
	}
	return s.config.values[name]
}

// configured finds the hull.yml that counts for some inputs, and says what is
// converted: the inputs, unless the config names others.
func configured(c *cli.Context, inputs []string, sys system) (*settled, error) {
	s := &settled{Context: c, inputs: inputs}
	dir, ok := configDir(inputs)
	if !ok {
		return s, nil
	}
	config, found := readConfig(dir, c.String("root"))
	if found.HasErrors() {
		if err := report.Text(sys.stderr, found, report.TextOptions{Color: useColor(sys, sys.stderr)}); err != nil {
			return nil, err
		}
		return nil, errReported
	}
	if config != nil {
		s.config, s.inputs = config, config.inputs()
	}
	return s, nil
}

// confine keeps a project that a hull.yml describes in the folder of that, or
// in the one that --root names: its files may be anywhere in there, so it is
// not their own folder that counts.
func (s *settings) confine(by *settled) {
	if by.config == nil {
		return
	}
	s.compose.Root = cmp.Or(s.compose.Root, by.config.bound)
	if !by.Context.IsSet("output") && !by.Context.IsSet("split-dir") {
		s.home = by.config.bound
	}
}

// inputs are what is converted: the folder, unless the config names something.
func (c *config) inputs() []string {
	if in := c.values[inputsKey]; len(in) > 0 {
		return in
	}
	return []string{filepath.Dir(c.file)}
}

// configDir is the folder whose hull.yml counts for some inputs: the one
// folder that is named, or the current one where nothing is.
func configDir(inputs []string) (string, bool) {
	switch {
	case len(inputs) == 0:
		return ".", true
	case len(inputs) == 1 && inputs[0] != convert.Stdin && isFolder(inputs[0]):
		return inputs[0], true
	}
	return "", false
}
