package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/xrash/smetrics"
)

// arrange moves the flags of a command before its other arguments, where
// urfave/cli looks for them, and refuses flags that the command does not have.
func arrange(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	cmd := app.Command(args[1])
	if cmd == nil {
		return args, checkGlobalFlag(args[1])
	}
	flags, rest, err := splitFlags(cmd, args[2:])
	return slices.Concat(args[:2], flags, []string{"--"}, rest), err
}

// globalFlags are those that stand in the place of a command, helpFlags those
// that every command has.
var (
	globalFlags = []string{"--help", "-h", "--version", "-v"}
	helpFlags   = globalFlags[:2]
)

func checkGlobalFlag(arg string) error {
	if isFlag(arg) && !slices.Contains(globalFlags, arg) {
		return usagef("", "unknown flag %s%s", arg, didYouMean(arg, globalFlags))
	}
	return nil
}

func isFlag(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

func splitFlags(cmd *cli.Command, args []string) (flags, rest []string, err error) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return flags, append(rest, args[i+1:]...), nil
		}
		if !isFlag(arg) {
			rest = append(rest, arg)
			continue
		}
		name, _, hasValue := strings.Cut(arg, "=")
		if slices.Contains(helpFlags, name) {
			return []string{"--help"}, nil, nil // whatever else is there
		}
		flag := findFlag(cmd, name)
		if flag == nil {
			return nil, nil, usagef(cmd.Name, "unknown flag %s%s", name, didYouMean(name, flagNames(cmd)))
		}
		flags = append(flags, arg)
		if hasValue || !takesValue(flag) {
			continue
		}
		if i++; i == len(args) {
			return nil, nil, usagef(cmd.Name, "%s needs a value", arg)
		}
		flags = append(flags, args[i])
	}
	return flags, rest, nil
}

// findFlag finds a flag by its name with dashes.
func findFlag(cmd *cli.Command, arg string) cli.Flag {
	name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
	for _, f := range cmd.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

// flagNames are a command's flags as they are typed.
func flagNames(cmd *cli.Command) []string {
	var names []string
	for _, f := range cmd.Flags {
		for _, name := range f.Names() {
			dashes := "--"
			if len(name) == 1 {
				dashes = "-"
			}
			names = append(names, dashes+name)
		}
	}
	return append(names, "--help")
}

// didYouMean is "; did you mean X?" for the nearest candidate, or nothing where
// none is near.
func didYouMean(word string, candidates []string) string {
	best, bestCost := "", len(word)/2+1
	for _, c := range candidates {
		cost := smetrics.WagnerFischer(strings.ToLower(word), c, 1, 1, 1)
		if strings.HasPrefix(c, word) && len(word) > 2 {
			cost = 1
		}
		if cost < bestCost {
			best, bestCost = c, cost
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
