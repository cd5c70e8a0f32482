package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeListsEveryFlag keeps the reference complete. Flags of convert are
// explained once, whichever other command has them.
func TestReadmeListsEveryFlag(t *testing.T) {
	text := readme(t)
	shared, _ := readmeSection(text, "convert")
	app := newApp(testSystem(io.Discard, io.Discard))
	for _, cmd := range app.Commands {
		section, found := readmeSection(text, cmd.Name)
		if !found {
			t.Errorf("README.md does not mention hull %s", cmd.Name)
		}
		for _, name := range flagNames(cmd) {
			isLong := strings.HasPrefix(name, "--") && name != "--help"
			isNamed := strings.Contains(section+shared, "`"+name)
			if isLong && !isNamed {
				t.Errorf("README.md does not mention %s of hull %s", name, cmd.Name)
			}
		}
	}
}

// readmeSection is the reference of a command.
func readmeSection(text, command string) (string, bool) {
	for section := range strings.SplitSeq(text, "\n### ") {
		heading, _, _ := strings.Cut(section, "\n")
		if strings.Contains(heading+" ", "hull "+command+" ") || strings.Contains(heading, "hull "+command+",") {
			return section, true
		}
	}
	return "", false
}

// TestReadmeDemonstration does what the README shows.
func TestReadmeDemonstration(t *testing.T) {
	blocks := strings.Split(readme(t), "```")
	compose, shown, want := fenced(blocks[1]), fenced(blocks[3]), fenced(blocks[5])
	t.Chdir(t.TempDir())
	if err := os.WriteFile("compose.yaml", []byte(compose), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"hull", "convert"}, testSystem(&out, &errs)); code != exitDone {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	got, err := os.ReadFile("polytope.yml")
	if err != nil || string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for line := range strings.Lines(shown) {
		if line != "…\n" && !strings.HasPrefix(line, "$ ") && !strings.Contains(errs.String(), line) {
			t.Errorf("hull does not print %q, but\n%s", line, errs.String())
		}
	}
}

// fenced is a code block without the name of its language.
func fenced(block string) string {
	_, text, _ := strings.Cut(block, "\n")
	return text
}
