package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// caseFolder holds the projects that trees are made of.
var caseFolder = absolute("../../golden/testdata")

// isPlain tells of a golden case whether hull batch converts it without flags:
// it is not refused, and what it needs is in its folder.
func isPlain(dir string) bool {
	if _, err := os.Stat(filepath.Join(dir, "flags")); err == nil {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "polytope.yml"))
	return err == nil
}

// tree is a folder of projects.
type tree struct {
	root     string
	projects []string // their folders, sorted
	broken   map[string]bool
}

// makeProjects copies golden cases until there are n projects, of which some
// are broken.
func makeProjects(t *testing.T, n, broken int) tree {
	t.Helper()
	cases, err := filepath.Glob(filepath.Join(caseFolder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	cases = slices.DeleteFunc(cases, func(dir string) bool { return !isPlain(dir) })
	tr := tree{t.TempDir(), nil, map[string]bool{}}
	for i := range n {
		source := cases[i%len(cases)]
		dir := fmt.Sprintf("group-%02d/%03d-%s", i%20, i, filepath.Base(source))
		if err := os.CopyFS(filepath.Join(tr.root, dir), os.DirFS(filepath.Join(source, "input"))); err != nil {
			t.Fatal(err)
		}
		tr.projects = append(tr.projects, dir)
	}
	rng := rand.New(rand.NewPCG(6, 20))
	for _, i := range rng.Perm(n)[:broken] {
		dir := tr.projects[i]
		tr.broken[dir] = true
		breakage := breakages[len(tr.broken)%len(breakages)]
		if err := os.WriteFile(filepath.Join(tr.root, dir, "compose.override.yaml"), []byte(breakage), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(tr.projects)
	return tr
}

// breakages are overrides that no project survives.
var breakages = []string{
	"services: {broken: {image: 3}}\n",
	"services: {broken: {image: x, depends_on: [nobody]}}\n",
	"services: [\n",
	"services: {broken: {image: x, env_file: nowhere.env}}\n",
}

// hull runs hull in the root.
func (tr tree) hull(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(tr.root)
	var out, failures bytes.Buffer
	code = run(t.Context(), append([]string{"hull"}, args...), system{strings.NewReader(""), &out, &failures, func(string) string { return "" }})
	return code, out.String(), failures.String()
}

// files are all files with their content, or with the time of their last
// change in its place.
func (tr tree) files(t *testing.T, describe func(path string, info fs.FileInfo) string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(tr.root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		all[strings.TrimPrefix(path, tr.root+"/")] = describe(path, info)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func textAndTime(path string, info fs.FileInfo) string {
	text, _ := os.ReadFile(path)
	return fmt.Sprintf("%v %v %s", info.Mode(), info.ModTime(), text)
}

// differing are the names that are not the same in two maps, sorted.
func differing(a, b map[string]string) []string {
	var names []string
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// rowsOf are the projects of a table with a result, by their folders.
func rowsOf(table, result string) []string {
	var names []string
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) == 4 && f[1] == result {
			names = append(names, filepath.ToSlash(filepath.Dir(f[0])))
		}
	}
	return names
}

// TestBatchOfManyProjects converts 500 projects, of which 20 are broken.
func TestBatchOfManyProjects(t *testing.T) {
	tr := makeProjects(t, 500, 20)
	var broken []string
	for _, p := range tr.projects {
		if tr.broken[p] {
			broken = append(broken, p)
		}
	}
	code, table, stderr := tr.hull(t, "batch")
	if got := rowsOf(table, "failed"); code != exitErrors || !slices.Equal(got, broken) {
		t.Fatalf("exit code %d; failed are %v, want %v\n%.3000s", code, got, broken, stderr)
	}
	if !strings.Contains(table, "500 projects: 480 written, 20 failed; ") {
		t.Errorf("table ends in %q", table[max(0, len(table)-100):])
	}
	for _, p := range tr.projects {
		_, err := os.Stat(filepath.Join(tr.root, p, "polytope.yml"))
		if exists := err == nil; exists == tr.broken[p] {
			t.Errorf("%s: polytope.yml exists: %v", p, exists)
		}
	}
	t.Run("again", func(t *testing.T) { tr.runsAgain(t) })
	t.Run("check", func(t *testing.T) { tr.checks(t) })
	t.Run("edits", func(t *testing.T) { tr.findsEdits(t, edits[:2]) })
}

// TestBatchIsStable runs all commands of a batch on fewer projects.
func TestBatchIsStable(t *testing.T) {
	tr := makeProjects(t, 50, 5)
	tr.hull(t, "batch", "-q")
	t.Run("edits", func(t *testing.T) { tr.findsEdits(t, edits) })
	t.Run("jobs", func(t *testing.T) { tr.hasOneOrder(t) })
	t.Run("shards", func(t *testing.T) { tr.isPartitioned(t) })
}

// runsAgain holds that a second run touches no file.
func (tr tree) runsAgain(t *testing.T) {
	before := tr.files(t, textAndTime)
	_, table, _ := tr.hull(t, "batch")
	if changed := differing(before, tr.files(t, textAndTime)); len(changed) > 0 {
		t.Errorf("a second run changed %v", changed)
	}
	if got := len(rowsOf(table, "unchanged")); got != 480 {
		t.Errorf("%d are unchanged", got)
	}
}

// checks holds that what was just written is current: besides the broken ones,
// which are errors, nothing is said.
func (tr tree) checks(t *testing.T) {
	code, diff, _ := tr.hull(t, "batch", "--check", "-q")
	if code != exitErrors || diff != "" {
		t.Errorf("with broken projects: exit code %d, %q", code, diff)
	}
	code, diff, stderr := tr.hull(t, tr.whole("batch", "--check", "-q")...)
	if code != exitDone || diff+stderr != "" {
		t.Errorf("exit code %d, %q, %q", code, diff, stderr)
	}
}

// whole adds flags that leave the broken projects out.
func (tr tree) whole(args ...string) []string {
	for p := range tr.broken {
		args = append(args, "--exclude=/"+p)
	}
	slices.Sort(args[1:])
	return args
}

// findsEdits edits one file at a time, and holds that a check names exactly the
// files that a run would then change. Each edit is undone.
func (tr tree) findsEdits(t *testing.T, edits []edit) {
	rng := rand.New(rand.NewPCG(500, 3))
	for _, edit := range edits {
		project := tr.anyWhole(rng)
		dir := filepath.Join(tr.root, project)
		saved := t.TempDir()
		if err := os.CopyFS(saved, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		edit.do(t, dir)
		before := tr.files(t, textAndTime)
		code, diff, stderr := tr.hull(t, tr.whole("batch", "--check", "-q")...)
		if changed := differing(before, tr.files(t, textAndTime)); len(changed) > 0 {
			t.Errorf("%s of %s: a check changed %v", edit.name, project, changed)
		}
		var named []string
		for _, m := range staleLine.FindAllStringSubmatch(stderr, -1) {
			named = append(named, m[1])
		}
		slices.Sort(named)
		tr.hull(t, "batch", "-q", project)
		changed := differing(before, tr.files(t, textAndTime))
		if code != exitDrift || len(named) == 0 || !slices.Equal(named, changed) {
			t.Errorf("%s of %s: exit code %d; the check names %v, the run changes %v\n%s", edit.name, project, code, named, changed, stderr)
		}
		if got := strings.Count("\n"+diff, "\n--- "); got > len(named) {
			t.Errorf("%s of %s: %d diffs for %d files", edit.name, project, got, len(named))
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(dir, os.DirFS(saved)); err != nil {
			t.Fatal(err)
		}
	}
}

var staleLine = regexp.MustCompile(`(?m)^(\S+): (?:changed|missing|left over)`)

func (tr tree) anyWhole(rng *rand.Rand) string {
	for {
		if p := tr.projects[rng.IntN(len(tr.projects))]; !tr.broken[p] {
			return p
		}
	}
}

type edit struct {
	name string
	do   func(t *testing.T, dir string)
}

// edits make something of a project stale, each in a way of its own.
var edits = []edit{
	{"a new service", func(t *testing.T, dir string) {
		testFile(t, dir, "compose.override.yaml", "services: {edited: {image: 'nginx:9'}}\n")
	}},
	{"an edited output", func(t *testing.T, dir string) {
		name := filepath.Join(dir, "polytope.yml")
		testFile(t, dir, "polytope.yml", content(t, name)+"# mine\n")
	}},
	{"a missing output", func(t *testing.T, dir string) {
		if err := os.Remove(filepath.Join(dir, "polytope.yml")); err != nil {
			t.Fatal(err)
		}
	}},
	{"a mode", func(t *testing.T, dir string) {
		if err := os.Chmod(filepath.Join(dir, ".values_and_secrets.defaults.sh"), 0o600); err != nil {
			t.Fatal(err)
		}
	}},
	{"a format that is asked for", func(t *testing.T, dir string) { testFile(t, dir, "hull.yml", "to: [yml, edn]\n") }},
	{"a format that is left over", func(t *testing.T, dir string) { testFile(t, dir, "hull.yml", "to: json\n") }},
}

// hasOneOrder holds that nothing depends on how many are converted at a time.
func (tr tree) hasOneOrder(t *testing.T) {
	said := func(jobs string) string {
		code, stdout, stderr := tr.hull(t, "batch", "--report", "-", "--jobs", jobs)
		return fmt.Sprint(code, stdout, stderr)
	}
	if one, eight := said("1"), said("8"); one != eight {
		t.Error("--jobs 1 and --jobs 8 say different things")
	}
}

// isPartitioned holds that the shards of a run are its projects, each once.
func (tr tree) isPartitioned(t *testing.T) {
	for n := 1; n <= 7; n++ {
		var all []string
		for i := 1; i <= n; i++ {
			_, _, stderr := tr.hull(t, "batch", "--check", "--shard", fmt.Sprintf("%d/%d", i, n))
			all = append(all, append(rowsOf(stderr, "failed"), rowsOf(stderr, "unchanged")...)...)
		}
		slices.Sort(all)
		if !slices.Equal(all, tr.projects) {
			t.Errorf("%d shards have %d projects, want each of %d once", n, len(all), len(tr.projects))
		}
	}
}
