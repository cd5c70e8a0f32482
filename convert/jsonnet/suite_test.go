package jsonnet

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"

	"hull/ir/diag"
)

// suiteVars are the external variables of go-jsonnet's own tests
// (main_test.go), which its programs extvar_* use.
var suiteVars = Variables{
	Str: map[string]string{"stringVar": "2 + 2"},
	Code: map[string]string{
		"codeVar":               "3 + 3",
		"errorVar":              "error 'xxx'",
		"staticErrorVar":        ")",
		"UndeclaredX":           "x",
		"selfRecursiveVar":      `[42, std.extVar("selfRecursiveVar")[0] + 1]`,
		"mutuallyRecursiveVar1": `[42, std.extVar("mutuallyRecursiveVar2")[0] + 1]`,
		"mutuallyRecursiveVar2": `[42, std.extVar("mutuallyRecursiveVar1")[0] + 1]`,
	},
}

// suiteDir is the folder of go-jsonnet's own test programs.
func suiteDir(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/go-jsonnet").Output()
	dir := filepath.Join(strings.TrimSpace(string(out)), "testdata")
	if _, statErr := os.Stat(dir); err != nil || statErr != nil {
		t.Skip("the source of go-jsonnet is not there")
	}
	return dir
}

// TestSuite runs go-jsonnet's own programs through Evaluate and through
// go-jsonnet as it is: the results are the same, errors included.
func TestSuite(t *testing.T) {
	t.Chdir(suiteDir(t))
	programs, _ := filepath.Glob("*.jsonnet")
	if len(programs) < 500 {
		t.Fatalf("there are %d programs", len(programs))
	}
	failed := 0
	for _, program := range programs {
		info, err := os.Stat(strings.TrimSuffix(program, ".jsonnet") + ".golden")
		isMulti := err == nil && info.IsDir()
		want, wantErr := judge(program, isMulti)
		got, report := evaluateForTest(program, isMulti)
		d := firstError(report)
		switch {
		case wantErr != "" && d.Code == "":
			t.Errorf("%s: no error, want %q", program, wantErr)
		case wantErr != "":
			failed++
			if !sameError(d, wantErr) {
				t.Errorf("%s: %s: %q, want %q", program, d.Code, d.Message, wantErr)
			}
		case d.Code != "":
			t.Errorf("%s: %s: %s", program, d.Code, d.Message)
		case !maps.Equal(got, want):
			t.Errorf("%s: %q, want %q", program, got, want)
		}
	}
	t.Logf("%d programs, of which %d fail", len(programs), failed)
}

// judge is what go-jsonnet makes of a program, and the first line of its error.
func judge(program string, isMulti bool) (map[string]string, string) {
	vm := jsonnet.MakeVM()
	vm.SetTraceOut(&strings.Builder{})
	for name, value := range suiteVars.Str {
		vm.ExtVar(name, value)
	}
	for name, value := range suiteVars.Code {
		vm.ExtCode(name, value)
	}
	texts := map[string]string{}
	var err error
	if isMulti {
		texts, err = vm.EvaluateFileMulti(program)
	} else {
		texts[""], err = vm.EvaluateFile(program)
	}
	if err == nil {
		return texts, ""
	}
	message, _, _ := strings.Cut(err.Error(), "\n\t")
	return nil, message
}

// evaluateForTest is what Evaluate makes of a program, before it is laid out
// for a reader; a shape that is none is no error here.
func evaluateForTest(program string, isMulti bool) (map[string]string, *diag.Report) {
	opts := Options{File: program, Ext: suiteVars, Multi: isMulti}.withDefaults()
	f, err := openFiles(opts)
	if err != nil {
		r := &diag.Report{}
		r.Add(problem("jsonnet/file", diag.Range{}, err.Error()))
		return nil, r
	}
	defer f.close()
	e := newEvaluation(opts, f)
	ctx, cancel := context.WithTimeout(context.Background(), opts.Timeout)
	defer cancel()
	go e.watch(ctx)
	out := e.outcome()
	r := &diag.Report{}
	if out.err != nil {
		r.Add(e.diagnostic(out.err))
	}
	return out.texts, r
}

func firstError(r *diag.Report) diag.Diagnostic {
	for _, d := range r.Diagnostics {
		if d.Severity == diag.Error {
			return d
		}
	}
	return diag.Diagnostic{}
}

// otherWords are errors that Evaluate words in its own way.
var otherWords = map[string]string{
	stackMessage:           "calls are nested deeper than 500 levels",
	"couldn't open import": "does not exist",
	"is a directory":       "is a folder, not a file",
}

// manifested is what Evaluate says more of values that cannot be written down.
var manifested = regexp.MustCompile(`^\$\S*: `)

// sameError tells whether a diagnostic has the message of an error.
func sameError(d diag.Diagnostic, want string) bool {
	want = strings.TrimPrefix(want, "RUNTIME ERROR: ")
	for theirs, ours := range otherWords {
		if strings.Contains(want, theirs) && strings.Contains(d.Message, ours) {
			return true
		}
	}
	message := strings.TrimSuffix(manifested.ReplaceAllString(d.Message, ""), "…")
	return message != "" && strings.Contains(oneLine(want), message) || d.Code == "jsonnet/internal" && strings.Contains(want, "CRASH")
}
