package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hull/ir/diag"
)

// choice is a flag that takes one of some words; the first is the default.
type choice struct {
	*cli.StringFlag
	words []string
}

func choiceFlag(command, name, usage string, words []string) cli.Flag {
	return &choice{&cli.StringFlag{
		Name: name, Value: words[0],
		Usage: usage + ": " + strings.Join(words, ", "),
		Action: func(_ *cli.Context, value string) error {
			if !slices.Contains(words, value) {
				return badChoice(command, name, value, words)
			}
			return nil
		},
	}, words}
}

func badChoice(command, flag, value string, words []string) error {
	return usagef(command, "--%s takes %s, not %q%s", flag, strings.Join(words, ", "), value, didYouMean(value, words))
}

func boolFlag(name, usage string, aliases ...string) cli.Flag {
	return &cli.BoolFlag{Name: name, Usage: usage, Aliases: aliases, DisableDefaultText: true}
}

func allowFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "allow", Usage: "do not report `CODE` (or AREA/*); repeatable"}
}

func denyFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "deny", Usage: "report `CODE` (or AREA/*) as an error; repeatable"}
}

func quietFlag() cli.Flag { return boolFlag("quiet", "print errors only", "q") }

// policyOf is what --allow and --deny say.
func policyOf(c flagValues) diag.Policy {
	return diag.Policy{Allow: c.StringSlice("allow"), Deny: c.StringSlice("deny")}
}

// checkCodes refuses what matches no code: it would silence nothing, and say
// so to nobody.
func checkCodes(command string, policy diag.Policy) error {
	for _, p := range slices.Concat(policy.Allow, policy.Deny) {
		if !slices.ContainsFunc(codeNames(), func(code string) bool { return matchesCode(p, code) }) {
			return usagef(command, "unknown code %s%s", p, didYouMean(p, codeNames()))
		}
	}
	return nil
}

// matchesCode is how diag.Policy understands --allow and --deny.
func matchesCode(pattern, code string) bool {
	area, isArea := strings.CutSuffix(pattern, "/*")
	return pattern == code || pattern == "all" || isArea && strings.HasPrefix(code, area+"/")
}
