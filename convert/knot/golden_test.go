package knot_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hull/convert/knot"
	writer "hull/emit/knot"
	"hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/check"
	"hull/ir/diag"
)

var update = flag.Bool("update", false, "rewrite the expectations and the generated page")

// TestGolden reads the templates of testdata and compares what is made of them:
// the Polytope file, its script, and the report. A file <name>.volumes.yaml is
// the other half of <name>.yaml; lines "# set: a.b=c" at the top of the latter
// are settings, "# values: none" is the policy.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".volumes.yaml") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := converted(t, file)
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, _ := os.ReadFile(golden)
			if got != string(want) {
				t.Errorf("%s differs; got\n%s", golden, got)
			}
		})
	}
}

func options(t *testing.T, file string) knot.Options {
	var o knot.Options
	var settings []string
	for _, name := range []string{file, strings.TrimSuffix(file, ".yaml") + ".volumes.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil && name == file {
			t.Fatal(err)
		} else if err != nil {
			continue
		}
		o.Files = append(o.Files, knot.NamedText{Name: filepath.Base(name), Text: text})
		for line := range strings.Lines(string(text)) {
			if s, ok := strings.CutPrefix(line, "# set: "); ok {
				settings = append(settings, strings.TrimSpace(s))
			}
			if s, ok := strings.CutPrefix(line, "# values: "); ok {
				o.Values = knot.ValuePolicy(strings.TrimSpace(s))
			}
		}
	}
	set, err := knot.ParseSet(settings)
	if err != nil {
		t.Fatal(err)
	}
	o.Set = set
	return o
}

func converted(t *testing.T, file string) string {
	o := options(t, file)
	f, report := knot.Read(o)
	var b strings.Builder
	if f != nil {
		for _, d := range check.Check(f, check.Options{}) {
			if d.Severity == diag.Error {
				t.Errorf("the file that was made is wrong: %s %s", d.Code, d.Message)
			}
		}
		b.WriteString(written(t, f))
	}
	b.WriteString("-- report --\n" + shown(report))
	b.WriteString("-- check --\n" + shown(knot.Check(o)))
	return b.String()
}

// written is the file and its script, split where values need conversion.
func written(t *testing.T, f *ir.File) string {
	o := polytope.Options{Header: "made by the test", Signatures: builtin.Signature}
	f = polytope.Split(f, builtin.Signature)
	file, err := polytope.WriteYAML(f, o)
	if err != nil {
		t.Fatal(err)
	}
	script, err := polytope.WriteScript(f, o)
	if err != nil {
		t.Fatal(err)
	}
	return "-- polytope.yml --\n" + string(file) + "-- script --\n" + string(script)
}

func shown(r *diag.Report) string {
	var b strings.Builder
	for _, d := range r.Diagnostics {
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s", d.Subject.File, d.Subject.Start.Line, d.Subject.Start.Column, d.Severity, d.Message)
		if d.Fate != "" {
			fmt.Fprintf(&b, " (%s)", d.Fate)
		}
		fmt.Fprintf(&b, "  [%s]\n", d.Code)
		if d.Help != "" {
			fmt.Fprintf(&b, "    help: %s\n", d.Help)
		}
	}
	return b.String()
}

const referencePage = "../../docs/knot.md"

// TestReference holds that the page is what the tables of the reader and of the
// writer make.
func TestReference(t *testing.T) {
	want := knot.Reference() + "\n" + writer.Reference()
	if *update {
		if err := os.WriteFile(referencePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(referencePage)
	if err != nil || string(page) != want {
		t.Errorf("%s is stale; run make docs", referencePage)
	}
}
