package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var corpus = flag.String("corpus", "", "a folder whose knot/tests are those of knot itself: valid/, and invalid/ with what knot says")

// finding is a diagnostic as hull check --format json prints it.
type finding struct {
	Severity string
	Code     string
	Message  string
	Subject  struct{ Start struct{ Line int } }
}

// refusal is a line of what knot says of a file. Line 0 is none.
var refusal = regexp.MustCompile(`^\w+: line (\d+): (?:line \d+: )?(.*)$`)

// TestKnotCorpus checks knot's own test files by the command: it fails for
// those that knot refuses, at knot's lines, and for no others. With -v it
// prints the table.
func TestKnotCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	files, _ := filepath.Glob(filepath.Join(*corpus, "knot", "tests", "*", "*.yaml"))
	if len(files) == 0 {
		t.Fatal("the corpus has no knot/tests")
	}
	agreed, disagreed := 0, 0
	for _, file := range files {
		said := refusals(t, file)
		found, code := checkedAsKnot(t, file)
		complaint := compareRefusals(filepath.Base(file), said, found, code)
		if complaint != "" {
			disagreed++
			t.Errorf("disagreed %s: %s", filepath.Base(file), complaint)
			continue
		}
		agreed++
		t.Logf("agreed %s: %d refusals", filepath.Base(file), len(said))
	}
	t.Logf("%d agreed, %d disagreed", agreed, disagreed)
}

// refusals are the lines that knot complains of, with what it says.
func refusals(t *testing.T, file string) [][2]string {
	t.Helper()
	message, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".msg")
	if os.IsNotExist(err) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for line := range strings.Lines(strings.TrimSpace(string(message))) {
		if m := refusal.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			out = append(out, [2]string{m[1], m[2]})
		}
	}
	return out
}

// checkedAsKnot checks a copy of a file under a name of knot's.
func checkedAsKnot(t *testing.T, file string) ([]finding, int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "x.knot.yml")
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	sys := system{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
	code := run(context.Background(), []string{"hull", "check", "--format", "json", name}, sys)
	var out struct{ Diagnostics []finding }
	if err := json.Unmarshal(stdout.Bytes(), &out); err != nil {
		t.Fatalf("%s: %v\n%s%s", file, err, &stdout, &stderr)
	}
	return out.Diagnostics, code
}

// compareRefusals says where the two differ; empty where they agree. What knot
// refuses for a volume by itself is allowed in a template's definitions, which
// is what a file may be: hull notes it.
func compareRefusals(name string, said [][2]string, found []finding, code int) string {
	if strings.HasPrefix(name, "volume-standalone") {
		if len(found) == 0 || found[0].Code != "knot/single-volume" {
			return "hull does not note that it is no single volume"
		}
		return ""
	}
	errors := map[int]bool{}
	for _, f := range found {
		if f.Severity == "error" {
			errors[f.Subject.Start.Line] = true
		}
	}
	if (len(said) > 0) != (code == exitErrors) || (len(said) > 0) != (len(errors) > 0) {
		return "knot says " + strings.Join(texts(said), "; ") + "; hull exits with " + strconv.Itoa(code)
	}
	for _, s := range said {
		if line, _ := strconv.Atoi(s[0]); line > 0 && !errors[line] {
			return "knot says at line " + s[0] + ": " + s[1] + "; hull nothing"
		}
	}
	return ""
}

func texts(said [][2]string) []string {
	var out []string
	for _, s := range said {
		out = append(out, s[1])
	}
	return out
}
