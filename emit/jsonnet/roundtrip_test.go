package jsonnet_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-jsonnet/formatter"

	reader "hull/convert/jsonnet"
	readpolytope "hull/convert/polytope"
	"hull/emit/jsonnet"
	"hull/emit/polytope"
	"hull/ir/builtin"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestRoundTrip writes every golden Polytope file, and some of the test's own,
// as a program, evaluates it, and compares the data.
func TestRoundTrip(t *testing.T) {
	golden, _ := filepath.Glob("../../golden/testdata/*/polytope.json")
	own, _ := filepath.Glob("testdata/*.yml")
	if len(golden) < 50 || len(own) == 0 {
		t.Fatalf("there are %d golden files, and %d of the test's own", len(golden), len(own))
	}
	for _, path := range slices.Concat(golden, own) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, report := readpolytope.Read(readpolytope.Options{Name: path, Text: text})
		if report.HasErrors() {
			t.Errorf("%s: %+v", path, report.Diagnostics)
			continue
		}
		program, err := jsonnet.Write(f, jsonnet.Options{Header: "A header."})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		want, err := polytope.WriteJSON(f, polytope.Options{Signatures: builtin.Signature})
		if err != nil {
			t.Fatal(err)
		}
		if got := evaluate(t, path, program); !reflect.DeepEqual(data(t, got), data(t, want)) {
			t.Errorf("%s: the program\n%s\nyields\n%s\nwant\n%s", path, program, got, want)
		}
		checkFormat(t, path, program)
		if slices.Contains(own, path) {
			checkAgain(t, path, program)
		}
	}
}

// evaluate is what a program yields.
func evaluate(t *testing.T, name string, program []byte) []byte {
	t.Helper()
	docs, report := reader.Evaluate(context.Background(), reader.Options{File: "polytope.jsonnet", Text: program, Dir: t.TempDir()})
	if report.HasErrors() || len(docs) != 1 || docs[0].Shape != reader.Polytope {
		t.Errorf("%s: %+v\n%s", name, report.Diagnostics, program)
		return []byte("null")
	}
	return docs[0].Text
}

func data(t *testing.T, text []byte) any {
	t.Helper()
	var x any
	if err := json.Unmarshal(text, &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// checkFormat holds programs to the format of jsonnetfmt.
func checkFormat(t *testing.T, name string, program []byte) {
	t.Helper()
	got, err := formatter.Format("x", string(program), formatter.DefaultOptions())
	if err != nil || got != string(program) {
		t.Errorf("%s: jsonnetfmt makes\n%s\n(%v) of\n%s", name, got, err, program)
	}
}

// checkAgain writes what a program yields: the same program comes out, but for
// comments and the order of keys that objects of Jsonnet have.
func checkAgain(t *testing.T, name string, program []byte) {
	t.Helper()
	again, _ := readpolytope.Read(readpolytope.Options{Name: name, Text: evaluate(t, name, program), Format: "json"})
	text, err := jsonnet.Write(again, jsonnet.Options{})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	third, _ := readpolytope.Read(readpolytope.Options{Name: name, Text: evaluate(t, name, text), Format: "json"})
	last, err := jsonnet.Write(third, jsonnet.Options{})
	if err != nil || string(last) != string(text) {
		t.Errorf("%s: writing again makes\n%s\n(%v) of\n%s", name, last, err, text)
	}
}

// TestPrograms compares programs as they are written.
func TestPrograms(t *testing.T) {
	inputs, _ := filepath.Glob("testdata/*.yml")
	for _, path := range inputs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := readpolytope.Read(readpolytope.Options{Name: path, Text: text})
		got, err := jsonnet.Write(f, jsonnet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		golden := path[:len(path)-len(".yml")] + ".jsonnet"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, _ := os.ReadFile(golden); string(got) != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
	}
}
