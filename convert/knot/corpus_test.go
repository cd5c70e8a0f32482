package knot

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hull/ir/diag"
)

var corpus = flag.String("corpus", "", "the folder of knot's own tests: valid/, and invalid/ with what knot says")

// refusal is a line of what knot says of a file. Line 0 is none.
var refusal = regexp.MustCompile(`^\w+: line (\d+): (?:line \d+: )?(.*)$`)

// TestCorpus holds that hull refuses and accepts what knot does. With -v it
// prints the table of both.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	agreed := 0
	for _, file := range corpusFiles(t, "valid") {
		var errors []string
		for _, d := range checkFile(t, file).Diagnostics {
			if d.Severity == diag.Error {
				errors = append(errors, d.Message)
			}
		}
		if len(errors) > 0 {
			t.Errorf("%s: knot accepts it, hull says %q", filepath.Base(file), errors)
			continue
		}
		agreed++
		t.Logf("agreed   %-90s accepted", filepath.Base(file))
	}
	for _, file := range corpusFiles(t, "invalid") {
		message, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".msg")
		if err != nil {
			t.Fatal(err)
		}
		report := checkFile(t, file)
		for line := range strings.Lines(strings.TrimSpace(string(message))) {
			m := refusal.FindStringSubmatch(strings.TrimSpace(line))
			number, _ := strconv.Atoi(m[1])
			said := errorAt(report, number)
			if said == "" {
				t.Errorf("%s: knot says %q; hull says %v", filepath.Base(file), m[0], report.Diagnostics)
				continue
			}
			agreed++
			t.Logf("agreed   %-90s %s: %s | hull: %s", filepath.Base(file), m[1], m[2], said)
		}
	}
	t.Logf("%d agreed", agreed)
}

// errorAt is the message of the first error at a line, or of the first one
// where knot names no line.
func errorAt(r *diag.Report, line int) string {
	for _, d := range r.Diagnostics {
		if d.Severity == diag.Error && (line == 0 || d.Subject.Start.Line == line) {
			return d.Message
		}
	}
	return ""
}

func corpusFiles(t *testing.T, kind string) []string {
	files, err := filepath.Glob(filepath.Join(*corpus, kind, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no %s", *corpus, kind)
	}
	return files
}

func checkFile(t *testing.T, file string) *diag.Report {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Files: []NamedText{{Name: filepath.Base(file), Text: text}}}
	o.SingleVolume = strings.HasPrefix(filepath.Base(file), "volume-standalone")
	Read(o) // must end
	return Check(o)
}
