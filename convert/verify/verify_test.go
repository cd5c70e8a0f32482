package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hull/convert/compose"
)

// goldenCases are the projects that conversions are held to.
const goldenCases = "../../golden/testdata"

// flagSetters apply one line of a case's flags file: the options of hull
// convert that decide what is converted.
var flagSetters = map[string]func(o *Options, dir, value string){
	"values":       func(o *Options, _, v string) { o.Compose.Values = compose.ValuePolicy(v) },
	"build":        func(o *Options, _, v string) { o.Compose.SkipBuild = v == "skip" },
	"builtins":     func(o *Options, _, v string) { o.NoBuiltins = v == "never" },
	"no-persist":   func(o *Options, _, _ string) { o.Compose.NoPersist = true },
	"profile":      func(o *Options, _, v string) { o.Compose.Profiles = append(o.Compose.Profiles, v) },
	"project-name": func(o *Options, _, v string) { o.Compose.ProjectName = v },
	"env-file": func(o *Options, dir, v string) {
		o.Compose.EnvFiles = append(o.Compose.EnvFiles, filepath.Join(dir, v))
	},
	"file": func(o *Options, dir, v string) { o.Compose.Files = append(o.Compose.Files, filepath.Join(dir, v)) },
	"out":  func(o *Options, dir, v string) { o.Compose.OutDir = filepath.Join(dir, v) },
}

// goldenOptions copies a case's project to a folder of its name, which a
// project without a name of its own is called after, and reads its flags.
func goldenOptions(t *testing.T, name string) Options {
	t.Helper()
	from, dir := filepath.Join(goldenCases, name), filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(from, "input"))); err != nil {
		t.Fatal(err)
	}
	o := Options{Compose: compose.Options{ProjectDir: dir}}
	flags, err := os.ReadFile(filepath.Join(from, "flags"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(flags)) {
		flag, value, _ := strings.Cut(line, "=")
		set, known := flagSetters[flag]
		if !known {
			t.Fatalf("unknown flag %s", flag)
		}
		set(&o, dir, value)
	}
	if len(o.Compose.Files) == 0 {
		o.Compose.Files = compose.Discover(dir)
	}
	return o
}

// TestGolden verifies the conversion of every golden case that is not refused.
func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob(filepath.Join(goldenCases, "*", "input"))
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, input := range inputs {
		name := filepath.Base(filepath.Dir(input))
		t.Run(name, func(t *testing.T) {
			r, err := Verify(context.Background(), goldenOptions(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if r.Report.HasErrors() {
				return
			}
			report(t, r)
		})
	}
}

// report fails a test for what a verification finds.
func report(t *testing.T, r *Result) {
	t.Helper()
	if r.Compared == 0 {
		t.Error("nothing was compared")
	}
	for _, line := range findings(r) {
		t.Error(line)
	}
}

// findings are what keeps a conversion from being proved, one a line.
func findings(r *Result) []string {
	var out []string
	for _, d := range r.Unexplained {
		out = append(out, "unexplained: "+show(d))
	}
	for _, d := range r.Unfounded {
		out = append(out, fmt.Sprintf("unfounded: %s [%s] at %s", d.Message, d.Code, d.Path))
	}
	for _, d := range r.Explained {
		if !d.Range.IsValid() {
			out = append(out, "no position: "+show(d))
		}
	}
	return out
}

// TestSameEveryTime verifies projects with much in them repeatedly.
func TestSameEveryTime(t *testing.T) {
	for _, name := range []string{"guestbook", "network-isolation", "profiles", "no-counterpart"} {
		o := goldenOptions(t, name)
		var first []byte
		for range 5 {
			r, err := Verify(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = text
			}
			if !bytes.Equal(text, first) {
				t.Fatalf("%s: another result than before:\n%s\n%s", name, first, text)
			}
		}
	}
}

// TestRefused has a result without comparison where the conversion refuses.
func TestRefused(t *testing.T) {
	r, err := Verify(context.Background(), goldenOptions(t, "refused-required"))
	if err != nil || !r.Report.HasErrors() || r.Compared != 0 || r.Holds() {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Verify(context.Background(), Options{}); err == nil {
		t.Error("nothing can be verified")
	}
}
