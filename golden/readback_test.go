package golden

import (
	"bytes"
	"fmt"
	"testing"

	readpolytope "hull/convert/polytope"
	"hull/emit"
	"hull/ir"
	"hull/ir/check"
)

// polytopeFiles are what a case makes beside its script and report.
var polytopeFiles = []string{"polytope.yml", "polytope.json", "polytope.edn"}

// TestReadBack reads every file that hull made, in each format, and writes it
// again: as it was, and in the other formats as they were.
func TestReadBack(t *testing.T) {
	for _, c := range loadCases(t) {
		texts := c.expected(t)
		if texts["polytope.yml"] == nil {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			for _, name := range polytopeFiles {
				file := readBack(t, name, texts)
				for _, other := range polytopeFiles {
					compareWritten(t, name, other, file, texts[other])
				}
			}
		})
	}
}

func readBack(t *testing.T, name string, texts map[string][]byte) *ir.File {
	t.Helper()
	file, report := readpolytope.Read(readpolytope.Options{Name: name, Text: texts[name], Script: texts["values.sh"], ScriptName: "values.sh"})
	if file == nil || len(report.Diagnostics) > 0 {
		t.Fatalf("%s does not read back: %v", name, report.Diagnostics)
	}
	return file
}

// compareWritten holds the file, as read from one format and written in
// another, against what was written there. JSON has no comments to give.
func compareWritten(t *testing.T, from, to string, file *ir.File, want []byte) {
	t.Helper()
	outputs, err := emit.Encode(file, emit.Options{Formats: []string{formatOf(to)}})
	if err != nil {
		t.Fatal(err)
	}
	got := outputs[0].Data
	if from == "polytope.json" || from != to && bytes.ContainsAny(want, ";#") {
		got, want = encodedTree(t, to, got), encodedTree(t, to, want)
	} else {
		got, want = withoutHeader(got), withoutHeader(want)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s, read and written as %s: got %s", from, to, firstDifference(string(got), string(want)))
	}
}

func formatOf(name string) string {
	f, _ := emit.ByFileName(name)
	return f.Name
}

func encodedTree(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	return fmt.Appendf(nil, "%v", encoded(parse(t, name, text)))
}

// withoutHeader leaves out the comment that says what a file was made from.
func withoutHeader(text []byte) []byte {
	first, rest, ok := bytes.Cut(text, []byte("\n"))
	if !ok || !bytes.Contains(first, []byte(emit.Mark)) {
		return text
	}
	return bytes.TrimLeft(rest, "\n")
}

// justified are the findings of the checker that a case is meant to have: what
// the flags ask for, or what the source leaves open.
var justified = map[string][]string{
	"no-persist":          {"check/no-volume"},    // asked for
	"url-passwords":       {"check/unknown-host"}, // the broker is not in the project
	"values-interpolated": {"check/literal-env", "check/literal-port", "check/literal-secret", "check/unknown-host"},
	"values-none":         {"check/literal-env", "check/literal-port", "check/literal-secret", "check/unknown-host"},
	"yaml-words":          {"check/literal-env"}, // so that the texts are in the file
}

// TestOutputsCheck holds hull's own output to hull's own rules.
func TestOutputsCheck(t *testing.T) {
	for _, c := range loadCases(t) {
		texts := c.expected(t)
		if texts["polytope.yml"] == nil {
			continue
		}
		file := readBack(t, "polytope.yml", texts)
		allowed := map[string]bool{}
		for _, code := range justified[c.name] {
			allowed[code] = true
		}
		for _, d := range check.Check(file, check.Options{HasScript: true}) {
			if !allowed[d.Code] {
				t.Errorf("%s: %s:%d: %s: %s [%s]", c.name, d.Subject.File, d.Subject.Start.Line, d.Severity, d.Message, d.Code)
			}
		}
	}
}
