package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func testSystem(out, errs io.Writer) system {
	return system{strings.NewReader(""), out, errs, func(string) string { return "" }}
}

func TestArrange(t *testing.T) {
	tests := []struct{ args, want string }{
		{"convert a.yaml -o -", "convert -o - -- a.yaml"},
		{"convert - a.yaml", "convert -- - a.yaml"},
		{"convert --to=json a -q b --allow x/y", "convert --to=json -q --allow x/y -- a b"},
		{"convert a -- -o b", "convert -- a -o b"},
		{"convert a --help", "convert --help --"},
		{"--version", "--version"},
		{"unknown -x", "unknown -x"},
	}
	app := newApp(testSystem(io.Discard, io.Discard))
	for _, tt := range tests {
		got, err := arrange(app, append([]string{"hull"}, strings.Fields(tt.args)...))
		if want := "hull " + tt.want; err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, %v; want %q", tt.args, got, err, want)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	tests := []struct{ args, want string }{
		{"convrt", "unknown command convrt; did you mean convert?"},
		{"help convrt", "unknown command convrt; did you mean convert?"},
		{"--versoin", "unknown flag --versoin; did you mean --version?"},
		{"convert --strct", "unknown flag --strct; did you mean --strict?"},
		{"convert -o", "-o needs a value"},
		{"convert a --to", "--to needs a value"},
		{"convert --values al", `--values takes all, interpolated, none, not "al"; did you mean all?`},
		{"convert --builtins sometimes", "--builtins takes auto, never"},
		{"convert --to yaml", `--to takes yml, json, edn, compose, jsonnet, knot, not "yaml"; did you mean yml?`},
		{"convert --to yml,", "--to takes yml, json, edn, compose"},
		{"convert --to yml,edn -o -", "standard output takes one format"},
		{"convert --to yml,edn -o x.yml", "x.yml takes one format"},
		{"convert -o x.txt", "cannot tell the format of x.txt"},
		{"convert -o - --report -", "standard output takes the file or the report, not both"},
		{"convert --allow output/foriegn", "unknown code output/foriegn; did you mean output/foreign?"},
		{"convert --deny nothing/*", "unknown code nothing/*"},
		{"explain output/foriegn", "unknown code output/foriegn; did you mean output/foreign?"},
		{"completion", "completion takes one of bash, zsh, fish"},
		{"completion fihs", "did you mean fish?"},
		{"version now", "version takes no argument (now)"},
	}
	for _, tt := range tests {
		var out, errs bytes.Buffer
		code := run(context.Background(), append([]string{"hull"}, strings.Fields(tt.args)...), testSystem(&out, &errs))
		if code != exitUsage || out.Len() > 0 || !strings.Contains(errs.String(), tt.want) ||
			!strings.Contains(errs.String(), "--help' for usage.") {
			t.Errorf("hull %s: exit %d, stdout %q, stderr %q; want %q", tt.args, code, out.String(), errs.String(), tt.want)
		}
	}
}

func TestParseTarget(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		output, to string
		want       target
	}{
		{"", "", target{}},
		{"", "edn,yml,edn", target{formats: []string{"edn", "yml"}}},
		{"-", "", target{toStdout: true}},
		{dir, "", target{dir: dir}},
		{"new/", "json", target{dir: "new/", formats: []string{"json"}}},
		{"stack.yaml", "", target{dir: ".", name: "stack.yaml", formats: []string{"yml"}}},
		{"a/stack.json", "", target{dir: "a/", name: "stack.json", formats: []string{"json"}}},
		{"a/stack", "edn", target{dir: "a/", name: "stack", formats: []string{"edn"}}},
	}
	for _, tt := range tests {
		got, err := parseTarget(tt.output, tt.to)
		same := got.toStdout == tt.want.toStdout && got.dir == tt.want.dir && got.name == tt.want.name &&
			slices.Equal(got.formats, tt.want.formats)
		if err != nil || !same {
			t.Errorf("-o %q --to %q: got %+v, %v; want %+v", tt.output, tt.to, got, err, tt.want)
		}
	}
}

func TestComplete(t *testing.T) {
	tests := []struct{ words, want string }{
		{"", "convert batch init verify resolve graph check fmt modules schema jsonnet explain completion version help"},
		{"con", "convert"},
		{"convert --bui", "--builtins --build"},
		{"convert --values ", "all interpolated none"},
		{"convert --values i", "interpolated"},
		{"convert --to ", "yml json edn compose jsonnet knot"},
		{"convert --to yml,", "yml,json yml,edn"},
		{"convert --platform ", "docker podman"},
		{"convert --deny output/f", "output/foreign"},
		{"convert comp", ""},
		{"convert -o ", ""},
		{"convert a.yaml --stri", "--strict"},
		{"explain output/u", "output/unwritable"},
		{"help v", "verify version"},
		{"completion ", "bash zsh fish"},
		{"nonsense x", ""},
	}
	app := newApp(testSystem(io.Discard, io.Discard))
	for _, tt := range tests {
		got := complete(app, strings.Split(tt.words, " "))
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q completes to %q, want %q", tt.words, got, tt.want)
		}
	}
}

// TestEveryCommandHasExamples holds that help texts show how to use a command.
func TestEveryCommandHasExamples(t *testing.T) {
	app := newApp(testSystem(io.Discard, io.Discard))
	for _, cmd := range app.Commands {
		if !strings.Contains(cmd.Description, "Example") || !strings.Contains(cmd.Description, "hull "+cmd.Name) {
			t.Errorf("hull %s: no example in %q", cmd.Name, cmd.Description)
		}
	}
}

// TestUseColor covers what needs no terminal; convert_color.txtar has one.
func TestUseColor(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for _, w := range []io.Writer{&bytes.Buffer{}, null} {
		if useColor(testSystem(w, w), w) {
			t.Errorf("%T would be coloured", w)
		}
	}
}

// TestCompletionScripts runs each script through its shell's parser, where the
// shell is installed.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range shells {
		t.Run(shell, func(t *testing.T) {
			path, err := exec.LookPath(shell)
			if err != nil {
				t.Skip(err)
			}
			out, err := exec.Command(path, "-n", "completion/hull."+shell).CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestCodesAreUnique: each code is documented once, and in full.
func TestCodesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, info := range codes() {
		if seen[info.Code] || info.Summary == "" || info.Severity == 0 {
			t.Errorf("%s is documented twice, or not in full", info.Code)
		}
		seen[info.Code] = true
	}
}
