package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
)

func modulesCommand() *cli.Command {
	return &cli.Command{
		Name:      "modules",
		Usage:     "list the built-in modules, or describe some",
		ArgsUsage: "[REF…]",
		Description: `REF is a module reference, such as polytope/postgres or
polytope/redpanda!console. Without one, lists all modules that are known.

Examples:

  hull modules
  hull modules polytope/postgres
  hull modules --format json`,
		Flags: []cli.Flag{choiceFlag("modules", "format", "print as `FORMAT`", []string{"text", "json"})},
		Action: func(c *cli.Context) error {
			modules, err := findModules(c.Args().Slice())
			if err != nil {
				return err
			}
			switch {
			case c.String("format") == "json":
				return modulesJSON(c.App.Writer, modules)
			case !c.Args().Present():
				return listModules(c.App.Writer, modules)
			}
			return describeModules(c.App.Writer, modules)
		},
	}
}

// moduleInfo is what is known of a built-in module.
type moduleInfo struct {
	Module string `json:"module"`
	Info   string `json:"info,omitempty"`
	// Known says whether the params are.
	Known  bool        `json:"known"`
	Params []paramInfo `json:"params"`
}

type paramInfo struct {
	ID       string          `json:"id"`
	Name     string          `json:"name,omitempty"`
	Info     string          `json:"info,omitempty"`
	Type     json.RawMessage `json:"type"`
	Required bool            `json:"required"`

	typ ir.Type
}

// allModules are the modules with a signature, in the order of the reference,
// then those that are known by name.
func allModules() []moduleInfo {
	var all []moduleInfo
	for _, m := range builtin.Modules() {
		info := moduleInfo{Module: m.ID, Info: m.Info, Known: true, Params: []paramInfo{}}
		for _, p := range m.Params {
			info.Params = append(info.Params, paramInfo{
				p.ID, p.Name, p.Info, polytope.TypeJSON(p.Type), !ir.IsOptional(p.Type), p.Type,
			})
		}
		all = append(all, info)
	}
	for _, ref := range builtin.Named() {
		all = append(all, moduleInfo{Module: ref, Params: []paramInfo{}})
	}
	return all
}

func moduleNames() []string {
	var names []string
	for _, m := range allModules() {
		names = append(names, m.Module)
	}
	return names
}

// findModules finds the modules that references name; no reference names all.
// The owner may be left out.
func findModules(refs []string) ([]moduleInfo, error) {
	all := allModules()
	if len(refs) == 0 {
		return all, nil
	}
	var found []moduleInfo
	for _, ref := range refs {
		n := len(found)
		for _, m := range all {
			if m.Module == ref || m.Module == "polytope/"+ref {
				found = append(found, m)
			}
		}
		if len(found) == n {
			return nil, usagef("modules", "unknown module %s%s", ref, didYouMean(ref, moduleNames()))
		}
	}
	return found, nil
}

const unknownSignature = "(params not known)"

func listModules(w io.Writer, modules []moduleInfo) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range modules {
		info := m.Info
		if !m.Known {
			info = unknownSignature
		}
		fmt.Fprintf(table, "%s\t%s\n", m.Module, info)
	}
	return table.Flush()
}

func describeModules(w io.Writer, modules []moduleInfo) error {
	var b strings.Builder
	for i, m := range modules {
		if i > 0 {
			b.WriteByte('\n')
		}
		m.describe(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (m moduleInfo) describe(b *strings.Builder) {
	fmt.Fprintln(b, m.Module)
	if m.Info != "" {
		fmt.Fprintf(b, "%s\n", wrap(m.Info))
	}
	if !m.Known {
		fmt.Fprintln(b, unknownSignature)
	}
	for _, p := range m.Params {
		required := ""
		if p.Required {
			required = "  (required)"
		}
		fmt.Fprintf(b, "  %s: %s%s\n", p.ID, polytope.TypeText(p.typ), required)
		if p.Info != "" {
			fmt.Fprintf(b, "      %s\n", strings.ReplaceAll(strings.TrimSpace(wrap(p.Info)), "\n", "\n      "))
		}
	}
}

func modulesJSON(w io.Writer, modules []moduleInfo) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(modules)
}
