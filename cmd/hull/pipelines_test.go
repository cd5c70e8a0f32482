//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// repository is a folder as pipelines find it: one project that is converted,
// one whose Polytope file is out of date, one that is broken.
func repository(t *testing.T, broken bool) string {
	t.Helper()
	dir := t.TempDir()
	project := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		testFile(t, filepath.Join(dir, name), "compose.yaml", text)
	}
	project("good one", "services: {web: {image: 'nginx:1', labels: {a: b}}}\n")
	project("stale", "services: {web: {image: 'nginx:1'}}\n")
	out, code := shell(t, dir, "hull batch -q")
	if code != exitDone {
		t.Fatal(out)
	}
	project("stale", "services: {web: {image: 'nginx:2'}}\n")
	if broken {
		project("broken", "services: {web: {image: 3}}\n")
	}
	return dir
}

// shell runs a line, and returns what it prints to standard output, and to
// standard error where it is redirected.
func shell(t *testing.T, dir, line string, env ...string) (stdout string, code int) {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// TestAction runs what action.yml runs.
func TestAction(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	script := absolute("../../.ci/action")
	tests := []struct {
		name   string
		broken bool
		env    []string
		code   int
		want   string // a regular expression
	}{
		{"drift", false, []string{"HULL_ARGUMENTS=--check"}, 3, `(?s)^--- stale/polytope.yml|diff stale.*::notice file=good one/compose.yaml.*::error::hull: generated files are not current`},
		{"errors", true, nil, 1, `::error file=broken/compose.yaml,line=1`},
		{"one folder", true, []string{"HULL_PATHS=\ngood one\n\n"}, 0, `::notice file=good one/compose.yaml`},
		{"flags", true, []string{"HULL_PATHS=good one", "HULL_ARGUMENTS=--strict\n--jobs 1"}, 1, `::notice`},
		{"check", false, []string{"HULL_COMMAND=check", "HULL_PATHS=good one/polytope.yml\nstale"}, 0, `^(::(warning|notice) .*\n)*$`},
		{"verify", false, []string{"HULL_COMMAND=verify", "HULL_PATHS=good one"}, 0, `COMPARED`},
		{"another command", false, []string{"HULL_COMMAND=rm"}, 2, `^::error::hull: the action has no command rm`},
		{"wrong usage", false, []string{"HULL_ARGUMENTS=--chek"}, 2, `^$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, reports := repository(t, tt.broken), t.TempDir()
			outputs := filepath.Join(reports, "outputs")
			stdout, code := shell(t, dir, `bash "$SCRIPT"`, append(tt.env, "SCRIPT="+script, "HULL_REPORTS="+reports, "GITHUB_OUTPUT="+outputs)...)
			if code != tt.code || !regexp.MustCompile(tt.want).MatchString(stdout) {
				t.Errorf("exit code %d, want %d; printed\n%s", code, tt.code, stdout)
			}
			named, _ := os.ReadFile(outputs)
			sarif, err := os.ReadFile(filepath.Join(reports, "hull.sarif"))
			if got := len(named) > 0; got != (err == nil && len(sarif) > 0) {
				t.Errorf("the output of the step is %q, the report %v", named, err)
			}
			if len(sarif) > 0 {
				checkSARIF(t, sarif)
			}
		})
	}
}

// checkSARIF holds what code scanning refuses to do without.
func checkSARIF(t *testing.T, text []byte) {
	t.Helper()
	var log struct {
		Version string
		Runs    []struct {
			Tool    struct{ Driver struct{ Name string } }
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name != "hull" {
		t.Errorf("the log is %+v", log)
	}
	for _, r := range log.Runs[0].Results {
		for _, l := range r.Locations {
			if uri := l.PhysicalLocation.ArtifactLocation.URI; uri == "" || filepath.IsAbs(uri) {
				t.Errorf("%s is at %q", r.RuleID, uri)
			}
		}
	}
}

func TestActionIsSound(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed")
	}
	if out, err := exec.Command("shellcheck", "../../.ci/action").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestActionNamesWhatItReads holds action.yml and its script together.
func TestActionNamesWhatItReads(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Description, Default string }
		Runs   struct {
			Using string
			Steps []struct {
				Env       map[string]string
				Run, Uses string
				Shell     string
			}
		}
	}
	parseFile(t, "../../action.yml", &action)
	text := content(t, "../../action.yml")
	for name, input := range action.Inputs {
		if input.Description == "" || !strings.Contains(text, "inputs."+name) {
			t.Errorf("the input %s is not described, or not used", name)
		}
	}
	script := content(t, "../../.ci/action")
	for _, s := range action.Runs.Steps {
		if s.Run != "" && s.Shell != "bash" {
			t.Errorf("%s names no shell, which a composite action must", s.Run)
		}
		for name := range s.Env {
			if !strings.Contains(script, name) {
				t.Errorf("%s is set, and the script does not read it", name)
			}
		}
	}
	if action.Runs.Using != "composite" {
		t.Errorf("the action is %s", action.Runs.Using)
	}
}

func parseFile(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(content(t, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// hook is an entry of .pre-commit-hooks.yaml, with the keys that we use
// (pre-commit's documentation, "Creating new hooks").
type hook struct {
	ID, Name, Entry, Language, Description, Files string
	PassFilenames                                 *bool `yaml:"pass_filenames"`
}

func hooks(t *testing.T) []hook {
	t.Helper()
	var all []hook
	d := yaml.NewDecoder(strings.NewReader(content(t, "../../.pre-commit-hooks.yaml")))
	d.KnownFields(true)
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestHooksAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range hooks(t) {
		if h.ID == "" || h.Name == "" || h.Entry == "" || h.Language != "golang" || h.Description == "" || seen[h.ID] {
			t.Errorf("%+v lacks a key, or is there twice", h)
		}
		seen[h.ID] = true
	}
}

// TestHooksFindFiles holds the patterns, which pre-commit searches for in the
// paths of files.
func TestHooksFindFiles(t *testing.T) {
	tests := []struct {
		hook, file string
		want       bool
	}{
		{"hull-check", "polytope.yml", true},
		{"hull-check", "a/b/polytope.edn", true},
		{"hull-check", "a/polytope.yml.bak", false},
		{"hull-check", "my-polytope.yml", false},
		{"hull-check", "polytope_yml", false},
		{"hull-batch", "compose.yaml", true},
		{"hull-batch", "a/docker-compose.yml", true},
		{"hull-batch", "a/docker-compose.override.yml", true},
		{"hull-batch", "a/docker-compose.prod.yaml", true},
		{"hull-batch", "decompose.yaml", false},
		{"hull-batch", "a/composer.yaml", false},
		{"hull-batch", "compose/notes.yaml", false},
		{"hull-batch", "hull.yml", true},
		{"hull-batch", "a/.env", true},
		{"hull-batch", "a/app.env", true},
		{"hull-batch", "a/.envrc", false},
		{"hull-batch", "a/main.hull.jsonnet", true},
		{"hull-batch", "lib/x.libsonnet", true},
		{"hull-batch", "a/web.knot.yml", true},
		{"hull-batch", "a/polytope.json", true},
		{"hull-batch", "a/.values_and_secrets.defaults.sh", true},
		{"hull-batch", "web/Dockerfile", true},
		{"hull-batch", "main.go", false},
	}
	all := hooks(t)
	for _, tt := range tests {
		for _, h := range all {
			isMeant := h.ID == tt.hook || tt.hook == "hull-check" && h.ID == "hull-fmt" || tt.hook == "hull-batch" && h.ID == "hull-batch-check"
			if isMeant && regexp.MustCompile(h.Files).MatchString(tt.file) != tt.want {
				t.Errorf("%s: %s is found: %v", h.ID, tt.file, !tt.want)
			}
		}
	}
}

// TestHooksRun runs each entry as pre-commit does: from the root of the
// repository, with the files that match unless they are not asked for.
func TestHooksRun(t *testing.T) {
	want := map[string]int{"hull-check": 0, "hull-fmt": 0, "hull-batch": 0, "hull-batch-check": exitDrift}
	for _, h := range hooks(t) {
		dir := repository(t, false)
		line := h.Entry
		if h.PassFilenames == nil || *h.PassFilenames {
			line += " 'good one/polytope.yml' stale/polytope.yml"
		}
		stdout, code := shell(t, dir, line)
		if expected, known := want[h.ID]; !known || code != expected {
			t.Errorf("%s: exit code %d\n%s", line, code, stdout)
		}
		now := content(t, filepath.Join(dir, "stale", "polytope.yml"))
		if isCurrent := strings.Contains(now, "nginx:2"); isCurrent != (h.ID == "hull-batch") {
			t.Errorf("%s: stale/polytope.yml is current: %v", h.ID, isCurrent)
		}
	}
}

// TestGitLabTemplate runs the job's script by sh, as GitLab's runner does.
func TestGitLabTemplate(t *testing.T) {
	var template map[string]struct {
		Script, BeforeScript []string
		Variables            map[string]string
		Artifacts            struct{ Reports struct{ JUnit string } }
	}
	parseFile(t, "../../docs/ci/hull.gitlab-ci.yml", &template)
	job, ok := template["hull"]
	if !ok || len(job.Script) == 0 || job.Artifacts.Reports.JUnit == "" {
		t.Fatalf("the template has %+v", template)
	}
	script := "set -e\n" + strings.Join(job.Script, "\n")
	var env []string
	for name, value := range job.Variables {
		env = append(env, name+"="+value)
	}
	dir := repository(t, false)
	if out, code := shell(t, dir, script, env...); code != exitDrift || !strings.Contains(out, "+++ stale/polytope.yml") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	junit := content(t, filepath.Join(dir, job.Artifacts.Reports.JUnit))
	for _, suite := range []string{`<testsuite name="stale/compose.yaml"`, `<testsuite name="stale/polytope.yml" tests="1" failures="1"`} {
		if !strings.Contains(junit, suite) {
			t.Errorf("the report has no %s: %s", suite, junit)
		}
	}
	var suites int
	for _, index := range []string{"1", "2", "3"} {
		shell(t, dir, script, append(env, "CI_NODE_INDEX="+index, "CI_NODE_TOTAL=3")...)
		suites += strings.Count(content(t, filepath.Join(dir, "hull.xml")), `/compose.yaml" tests=`)
	}
	if suites != 2 {
		t.Errorf("three jobs report %d projects, want 2", suites)
	}
}

// TestGenerateExample runs docs/generate by go generate, in a copy.
func TestGenerateExample(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../docs/generate")); err != nil {
		t.Fatal(err)
	}
	generate := func() (string, error) {
		cmd := exec.Command("go", "generate", "./...")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	committed := tree{root: dir}.files(t, justText)
	if out, err := generate(); err != nil || out != "" {
		t.Errorf("%v: %s", err, out)
	}
	if changed := differing(committed, tree{root: dir}.files(t, justText)); len(changed) > 0 {
		t.Errorf("what is committed is not current: %v", changed)
	}
	testFile(t, filepath.Join(dir, "stack"), "compose.yaml", "services: {web: {image: 3}}\n")
	if out, err := generate(); err == nil || !strings.Contains(out, "stack/compose.yaml:1:") || !strings.Contains(out, "exit status 1") {
		t.Errorf("of a broken project: %v: %s", err, out)
	}
}

// TestPipelinesAreDocumented holds that docs/ci.md knows every file and input.
func TestPipelinesAreDocumented(t *testing.T) {
	page := content(t, "../../docs/ci.md")
	var action struct{ Inputs map[string]any }
	parseFile(t, "../../action.yml", &action)
	names := []string{"docs/ci/hull.gitlab-ci.yml", "docs/generate", "Dockerfile", "hull.yml", "--shard", "--root"}
	for name := range action.Inputs {
		names = append(names, "`"+name+"`")
	}
	for _, h := range hooks(t) {
		names = append(names, h.ID)
	}
	slices.Sort(names)
	for _, name := range names {
		if !bytes.Contains([]byte(page), []byte(name)) {
			t.Errorf("docs/ci.md says nothing of %s", name)
		}
	}
}
