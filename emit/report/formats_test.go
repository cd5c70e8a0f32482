package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"hull/ir/diag"
)

var someCodes = []diag.Info{
	{Code: "a/b", Severity: diag.Warning, Summary: "Something is wrong.", Detail: "Do otherwise."},
	{Code: "c/d", Severity: diag.Note, Summary: "Something is odd."},
}

// someFindings are of every severity, with and without positions.
func someFindings() *diag.Report {
	return &diag.Report{Diagnostics: []diag.Diagnostic{
		{Severity: diag.Error, Code: "a/b", Message: "100% <wrong>:\nall, of it", Subject: at(3, 7, 18), Help: "stop", Path: "modules.a"},
		{Severity: diag.Warning, Code: "c/d", Message: "wide", Subject: diag.Range{
			File: "a b,c:d/100%.yml", Start: diag.Pos{Line: 1, Column: 2}, End: diag.Pos{Line: 4, Column: 1},
		}},
		{Severity: diag.Note, Code: "a/b", Message: "somewhere", Subject: diag.Range{File: "compose.yaml"}},
		{Severity: diag.Error, Code: "e/f", Message: "nowhere"},
	}}
}

func TestGitHub(t *testing.T) {
	want := `::error file=compose.yaml,line=3,endLine=3,col=7,endColumn=17,title=a/b::100%25 <wrong>:%0Aall, of it%0Astop
::warning file=a b%2Cc%3Ad/100%25.yml,line=1,endLine=4,col=2,title=c/d::wide
::notice file=compose.yaml,title=a/b::somewhere
::error title=e/f::nowhere
`
	var b bytes.Buffer
	if err := GitHub(&b, someFindings()); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// sarifStandard is the schema of the standard, which is in the source of
// go-sarif.
func sarifStandard(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		t.Skip("the source of go-sarif is not there")
	}
	source := filepath.Join(strings.TrimSpace(string(out)), "pkg", "report", "v210", "sarif", "schema.go")
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && len(lit.Value) > len(text) {
			text, _ = strconv.Unquote(lit.Value)
		}
		return true
	})
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("sarif.json")
}

func readSARIF(t *testing.T, r *diag.Report) (log *sarif.Report, text string) {
	t.Helper()
	var b bytes.Buffer
	if err := SARIF(&b, r, Tool{Version: "1.2.3", Codes: someCodes}); err != nil {
		t.Fatal(err)
	}
	text = b.String()
	log, err := sarif.FromBytes(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := sarifStandard(t).Validate(doc); err != nil {
		t.Errorf("not valid: %v\n%s", err, text)
	}
	return log, text
}

func TestSARIF(t *testing.T) {
	log, _ := readSARIF(t, someFindings())
	run := log.Runs[0]
	rules := run.Tool.Driver.Rules
	if len(run.Results) != 4 || len(rules) != 3 || *run.ColumnKind != "unicodeCodePoints" || *run.Tool.Driver.Version != "1.2.3" {
		t.Fatalf("%d results, %d rules", len(run.Results), len(rules))
	}
	if *rules[0].ID != "a/b" || *rules[0].Help.Text != "Something is wrong.\n\nDo otherwise." || rules[0].DefaultConfiguration.Level != "warning" {
		t.Errorf("the rule is %+v", rules[0])
	}
	for i, r := range run.Results {
		if *rules[r.RuleIndex].ID != *r.RuleID {
			t.Errorf("result %d has the rule %s, not %s", i, *rules[r.RuleIndex].ID, *r.RuleID)
		}
	}
	first := run.Results[0]
	region := first.Locations[0].PhysicalLocation.Region
	if *region.StartLine != 3 || *region.StartColumn != 7 || *region.EndLine != 3 || *region.EndColumn != 18 {
		t.Errorf("the region is %+v", region)
	}
	if first.Level != "error" || !strings.HasPrefix(*first.Message.Text, "100% <wrong>") {
		t.Errorf("the result is %+v", first)
	}
	if uri := *run.Results[1].Locations[0].PhysicalLocation.ArtifactLocation.URI; uri != "./a%20b,c:d/100%25.yml" {
		t.Errorf("the path is %s", uri)
	}
	if run.Results[2].Locations[0].PhysicalLocation.Region != nil || len(run.Results[3].Locations) != 0 {
		t.Error("what has no position has one")
	}
}

func TestSARIFOfNothing(t *testing.T) {
	_, text := readSARIF(t, &diag.Report{})
	var log struct{ Runs []map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	if got := string(log.Runs[0]["results"]); got != "[]" {
		t.Errorf("results: %s", got)
	}
}

// TestSARIFIsLean wants nothing that is empty, but the lists that code hosts want
// to see, and nothing null.
func TestSARIFIsLean(t *testing.T) {
	lists := map[string]bool{"results": true, "rules": true, "locations": true}
	var check func(key string, x any)
	check = func(key string, x any) {
		switch x := x.(type) {
		case nil:
			t.Errorf("%s is null", key)
		case []any:
			if len(x) == 0 && !lists[key] {
				t.Errorf("%s is empty", key)
			}
			for _, item := range x {
				check(key, item)
			}
		case map[string]any:
			if len(x) == 0 {
				t.Errorf("%s is empty", key)
			}
			for k, v := range x {
				check(k, v)
			}
		}
	}
	for _, r := range []*diag.Report{someFindings(), {}} {
		_, text := readSARIF(t, r)
		var log any
		if err := json.Unmarshal([]byte(text), &log); err != nil {
			t.Fatal(err)
		}
		check("log", log)
		for _, key := range []string{`"results": [`, `"rules": [`} {
			if !strings.Contains(text, key) {
				t.Errorf("there is no %s in\n%s", key, text)
			}
		}
	}
}

func TestFileURI(t *testing.T) {
	tests := []struct{ path, want string }{
		{"a/polytope.yml", "a/polytope.yml"},
		{"../a b/ä.yml", "../a%20b/%C3%A4.yml"},
		{"/abs/p.yml", "file:///abs/p.yml"},
		{"a:b.yml", "./a:b.yml"},
		{"<stdin>", "stdin"},
	}
	for _, tt := range tests {
		if got := fileURI(tt.path); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.path, got, tt.want)
		}
	}
}

func TestJUnit(t *testing.T) {
	var b bytes.Buffer
	if err := JUnit(&b, someFindings(), []string{"clean.yml", "compose.yaml"}); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 5 || got.Failures != 3 || len(got.Suites) != 4 {
		t.Fatalf("%d tests, %d failures, %d suites\n%s", got.Tests, got.Failures, len(got.Suites), b.String())
	}
	clean, compose := got.Suites[0], got.Suites[1]
	if clean.Name != "clean.yml" || clean.Tests != 1 || clean.Cases[0].Failure != nil {
		t.Errorf("the clean file is %+v", clean)
	}
	failed, passed := compose.Cases[0], compose.Cases[1]
	if f := failed.Failure; failed.Line != 3 || f == nil || f.Type != "a/b" || f.Text != "error: 100% <wrong>:\nall, of it\nstop" {
		t.Errorf("the failure is %+v", failed)
	}
	if passed.Failure != nil || passed.Out != "note: somewhere" {
		t.Errorf("the note is %+v", passed)
	}
}
