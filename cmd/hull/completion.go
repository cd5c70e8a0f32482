package main

import (
	"embed"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"hull/emit"
)

// completeCommand is what the completion scripts call with the words of the
// command line up to the cursor. It prints the candidates for the last one, a
// line each; where there is none the shell completes file names.
const completeCommand = "__complete"

//go:embed completion
var completionScripts embed.FS

var shells = []string{"bash", "zsh", "fish"}

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a shell's completion script",
		ArgsUsage: "bash|zsh|fish",
		Description: `Examples:

  source <(hull completion bash)                                   in ~/.bashrc
  source <(hull completion zsh)                                    in ~/.zshrc
  hull completion fish > ~/.config/fish/completions/hull.fish      once`,
		Action: func(c *cli.Context) error {
			shell := c.Args().First()
			if c.NArg() != 1 || !slices.Contains(shells, shell) {
				return usagef("completion", "completion takes one of %s%s",
					strings.Join(shells, ", "), didYouMean(shell, shells))
			}
			script, err := completionScripts.ReadFile("completion/hull." + shell)
			if err != nil {
				return err
			}
			_, err = c.App.Writer.Write(script)
			return err
		},
	}
}

// complete are the candidates for the last of the words.
func complete(app *cli.App, words []string) []string {
	if len(words) == 0 {
		return nil
	}
	current := words[len(words)-1]
	if len(words) == 1 {
		return withPrefix(commandNames(app), current)
	}
	cmd := app.Command(words[0])
	if cmd == nil {
		return nil
	}
	if f := findFlag(cmd, words[len(words)-2]); isFlag(words[len(words)-2]) && f != nil && takesValue(f) {
		return completeValue(f, current)
	}
	if strings.HasPrefix(current, "-") {
		return withPrefix(flagNames(cmd), current)
	}
	return withPrefix(argumentsOf(app, cmd.Name), current)
}

// argumentsOf are the arguments that a command takes, where they can be listed.
func argumentsOf(app *cli.App, command string) []string {
	switch command {
	case "completion":
		return shells
	case "explain":
		return codeNames()
	case "help":
		return commandNames(app)
	case "modules":
		return moduleNames()
	}
	return nil
}

// completeValue completes a flag's value, in a list the part behind the comma.
func completeValue(flag cli.Flag, current string) []string {
	if c, ok := flag.(*choice); ok {
		return withPrefix(c.words, current)
	}
	switch flag.Names()[0] {
	case "platform":
		return withPrefix(platforms, current)
	case "allow", "deny":
		return withPrefix(codeNames(), current)
	case "to":
		done, names := current[:strings.LastIndex(current, ",")+1], emit.Names()
		if done != "" { // other formats stand alone
			names = emit.PolytopeNames()
		}
		var lists []string
		for _, name := range names {
			if !slices.Contains(strings.Split(done, ","), name) {
				lists = append(lists, done+name)
			}
		}
		return withPrefix(lists, current)
	}
	return nil
}

func withPrefix(words []string, prefix string) []string {
	var found []string
	for _, w := range words {
		if strings.HasPrefix(w, prefix) {
			found = append(found, w)
		}
	}
	return found
}
