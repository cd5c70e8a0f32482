package mutation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hull/convert/compose"
	"hull/convert/verify"
)

// caseFolders hold the projects whose conversions are verified: the golden
// cases, and some for faults that these do not show.
var caseFolders = []string{"../testdata", "testdata"}

// testCase is a project, and how it is converted; the driver reads it as JSON.
type testCase struct {
	Name    string
	Options verify.Options
}

// flagSetters apply one line of a case's flags file: the options of hull
// convert that decide what is converted.
var flagSetters = map[string]func(o *verify.Options, dir, value string){
	"values":       func(o *verify.Options, _, v string) { o.Compose.Values = compose.ValuePolicy(v) },
	"build":        func(o *verify.Options, _, v string) { o.Compose.SkipBuild = v == "skip" },
	"builtins":     func(o *verify.Options, _, v string) { o.NoBuiltins = v == "never" },
	"no-persist":   func(o *verify.Options, _, _ string) { o.Compose.NoPersist = true },
	"profile":      func(o *verify.Options, _, v string) { o.Compose.Profiles = append(o.Compose.Profiles, v) },
	"project-name": func(o *verify.Options, _, v string) { o.Compose.ProjectName = v },
	"env-file": func(o *verify.Options, dir, v string) {
		o.Compose.EnvFiles = append(o.Compose.EnvFiles, filepath.Join(dir, v))
	},
	"file": func(o *verify.Options, dir, v string) {
		o.Compose.Files = append(o.Compose.Files, filepath.Join(dir, v))
	},
	"out": func(o *verify.Options, dir, v string) { o.Compose.OutDir = filepath.Join(dir, v) },
}

// loadCases copies the projects below a folder, each to a folder of its own
// name, which a project without a name of its own is called after.
func loadCases(t *testing.T, parent string) []testCase {
	t.Helper()
	var inputs []string
	for _, folder := range caseFolders {
		found, err := filepath.Glob(filepath.Join(folder, "*", "input"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no cases in %s: %v", folder, err)
		}
		inputs = append(inputs, found...)
	}
	var cases []testCase
	for _, input := range inputs {
		from := filepath.Dir(input)
		name := filepath.Base(from)
		dir := filepath.Join(parent, name)
		if err := os.CopyFS(dir, os.DirFS(input)); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, testCase{name, readFlags(t, from, dir)})
	}
	return cases
}

func readFlags(t *testing.T, from, dir string) verify.Options {
	t.Helper()
	o := verify.Options{Compose: compose.Options{ProjectDir: dir}}
	text, err := os.ReadFile(filepath.Join(from, "flags"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.FieldsSeq(string(text)) {
		flag, value, _ := strings.Cut(line, "=")
		set, known := flagSetters[flag]
		if !known {
			t.Fatalf("%s: unknown flag %s", from, flag)
		}
		set(&o, dir, value)
	}
	if len(o.Compose.Files) == 0 {
		o.Compose.Files = compose.Discover(dir)
	}
	return o
}
