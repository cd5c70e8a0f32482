package knot

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"hull/ir/diag"
	"hull/ir/resolve"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenOptions are the options of a case.
type goldenOptions struct {
	Platform Platform
	Header   string
	Split    bool
	Name     string
}

// TestGolden writes the jobs below testdata: job.yml is the job, options.yml
// says how, report.txt is what is reported, and the rest are the outputs. All
// hold against the rules.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Files) < 2 || a.Files[0].Name != "job.yml" || a.Files[1].Name != "options.yml" {
		t.Fatal("a case begins with job.yml and options.yml")
	}
	outputs, ds := writeCase(t, a.Files[0].Data, a.Files[1].Data)
	got := &txtar.Archive{Comment: a.Comment, Files: a.Files[:2:2]}
	got.Files = append(got.Files, txtar.File{Name: "report.txt", Data: reportText(ds)})
	for _, o := range outputs {
		got.Files = append(got.Files, txtar.File(o))
	}
	text := txtar.Format(got)
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := txtar.Format(a); string(want) != string(text) {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
}

func writeCase(t *testing.T, jobText, optionText []byte) ([]Output, []diag.Diagnostic) {
	t.Helper()
	var m marks
	job := parseJob(t, &m, string(jobText))
	var o goldenOptions
	if err := yaml.Unmarshal(optionText, &o); err != nil {
		t.Fatal(err)
	}
	outputs, ds, err := write(job, m, Options{Platform: o.Platform, Header: o.Header, Split: o.Split, Name: o.Name})
	if err != nil {
		t.Fatal(err)
	}
	checkRules(t, o.Platform, outputs)
	checkDiagnostics(t, ds)
	return outputs, ds
}

func parseJob(t rapid.TB, m *marks, text string) *resolve.Job {
	t.Helper()
	var job resolve.Job
	dec := yaml.NewDecoder(strings.NewReader(m.replace(text)))
	dec.KnownFields(true)
	if err := dec.Decode(&job); err != nil {
		t.Fatal(err)
	}
	for i := range job.Containers {
		if c := &job.Containers[i]; c.Module == "" {
			c.Module = c.Step
		}
	}
	return &job
}

func reportText(ds []diag.Diagnostic) []byte {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s %s %s: %s\n", d.Severity, d.Code, d.Fate, d.Path, d.Message)
		if d.Help != "" {
			fmt.Fprintf(&b, "  help: %s\n", d.Help)
		}
	}
	return []byte(b.String())
}

// checkDiagnostics holds that every code is documented, and as what it is.
func checkDiagnostics(t rapid.TB, ds []diag.Diagnostic) {
	t.Helper()
	infos := map[string]diag.Info{}
	for _, i := range Codes() {
		infos[i.Code] = i
	}
	for _, d := range ds {
		i, ok := infos[d.Code]
		if !ok || d.Severity != i.Severity || d.Fate.IsLoss() != i.Fate.IsLoss() {
			t.Errorf("%s is documented as %+v, and reported as %s %s", d.Code, i, d.Severity, d.Fate)
		}
		if strings.Contains(d.Message, "\n") || d.Message == "" || strings.ContainsFunc(d.Message, func(r rune) bool { return r >= firstMark }) {
			t.Errorf("%s has the message %q", d.Code, d.Message)
		}
	}
}
