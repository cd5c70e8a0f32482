package golden

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hull/emit"
	"hull/ir"
)

// shells are the programs that the script is run by: the strictest and the
// most common /bin/sh.
var shells = []string{"dash", "bash"}

// trickyText is set for variables that a script reads: none of it may be
// evaluated again.
const trickyText = `it's "$HOME" \n {x} * $(id) ` + "`id`"

// checkScript runs the case's script in several environments and compares what
// it sets with what the file refers to, and with the bindings' own evaluation.
func checkScript(t *testing.T, c *testCase, r result) {
	refs := references(parse(t, "polytope.yml", r.texts["polytope.yml"]))
	run := newScriptRun(t, c, r.texts[scriptFile])
	optional, required := variablesOf(r.file.Bindings)
	for name, vars := range environments(optional, required) {
		want := expectedSettings(t, r.file.Bindings, run.dir, vars)
		if keys := slices.Sorted(maps.Keys(want)); !slices.Equal(keys, refs) {
			t.Fatalf("the bindings are\n%q\nand the file refers to\n%q", keys, refs)
		}
		for _, shell := range run.shells {
			got, err := run.run(shell, vars)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, variables %s: %v; sets\n%q\nwant\n%q", shell, name, err, got, want)
			}
		}
	}
	checkInsists(t, run, r.file.Bindings)
}

// environments are the circumstances in which a script has to work.
func environments(optional, required []string) map[string]map[string]string {
	set := func(names []string, value func(name string) string) map[string]string {
		vars := map[string]string{}
		for _, name := range names {
			vars[name] = value(name)
		}
		for _, name := range required {
			vars[name] = "the " + name
		}
		return vars
	}
	return map[string]map[string]string{
		"unset":  set(nil, nil),
		"empty":  set(optional, func(string) string { return "" }),
		"tricky": set(slices.Concat(optional, required), func(name string) string { return name + trickyText }),
	}
}

// checkInsists runs the script where nothing is set: it fails if there is a
// binding that yields nothing then.
func checkInsists(t *testing.T, run *scriptRun, bindings []*ir.Binding) {
	insists := func(b *ir.Binding) bool {
		_, ok := withFiles(t, b.Default, run.dir).Eval(ir.Unset)
		return !ok
	}
	i := slices.IndexFunc(bindings, insists)
	for _, shell := range run.shells {
		if _, err := run.run(shell, nil); (err != nil) != (i >= 0) {
			t.Errorf("%s: where nothing is set, the script ends with: %v", shell, err)
		}
	}
}

// variablesOf are the variables of defaults: those without which there is no
// default, and the others.
func variablesOf(bindings []*ir.Binding) (optional, required []string) {
	seen := map[string]bool{}
	var visit func(ir.Word)
	visit = func(w ir.Word) {
		for _, p := range w {
			v, ok := p.(ir.Variable)
			if !ok {
				continue
			}
			seen[v.Name] = seen[v.Name] || strings.HasSuffix(v.Op, "?")
			visit(v.Arg)
		}
	}
	for _, b := range bindings {
		visit(b.Default)
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if seen[name] {
			required = append(required, name)
		} else {
			optional = append(optional, name)
		}
	}
	return optional, required
}

var reference = regexp.MustCompile(`^pt\.(value|secret) (\S+)$|\{pt\.(value|secret) ([^}]+)\}`)

// references are the values and secrets that a Polytope file refers to, each
// as "values name" or "secrets name", sorted.
func references(tree any) []string {
	seen := map[string]bool{}
	stringsIn(tree, func(s string) {
		for _, m := range reference.FindAllStringSubmatch(s, -1) {
			seen[m[1]+m[3]+"s "+m[2]+m[4]] = true
		}
	})
	return slices.Sorted(maps.Keys(seen))
}

// expectedSettings are the texts that the bindings yield by themselves.
func expectedSettings(t *testing.T, bindings []*ir.Binding, dir string, vars map[string]string) map[string]string {
	t.Helper()
	lookup := func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
	want := map[string]string{}
	for _, b := range bindings {
		text, ok := withFiles(t, b.Default, dir).Eval(lookup)
		if !ok {
			t.Fatalf("%s %s has no default with %q", b.Kind, b.Name, vars)
		}
		want[b.Kind.String()+"s "+b.Name] = text
	}
	return want
}

// withFiles puts the text of a file for its content; a shell takes the line
// ends at the end away.
func withFiles(t *testing.T, w ir.Word, dir string) ir.Word {
	t.Helper()
	out := ir.Word{}
	for _, p := range w {
		switch part := p.(type) {
		case ir.FileContent:
			text, err := os.ReadFile(filepath.Join(dir, part.Path))
			if err != nil {
				t.Fatal(err)
			}
			p = ir.Text(strings.TrimRight(string(text), "\n"))
		case ir.Variable:
			part.Arg = withFiles(t, part.Arg, dir)
			p = part
		}
		out = append(out, p)
	}
	return out
}

// scriptRun is a script in the place that it is written to, beside a pt that
// records how it is called.
type scriptRun struct {
	dir    string
	path   string // what is searched for programs
	script string
	log    string
	shells []string
}

// recorder stands in for Polytope's command: it notes the number of its
// arguments and each of them, with NUL between.
const recorder = "#!/bin/sh\nprintf '%s\\0' \"$#\" \"$@\" >>\"$PT_LOG\"\n"

func newScriptRun(t *testing.T, c *testCase, script []byte) *scriptRun {
	t.Helper()
	bin := t.TempDir()
	dir := filepath.Join(c.copyProject(t, t.TempDir()), c.out)
	run := &scriptRun{
		dir: dir, script: filepath.Join(dir, emit.ScriptName), log: filepath.Join(bin, "log"),
		path: bin + ":/usr/bin:/bin",
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{filepath.Join(bin, "pt"): []byte(recorder), run.script: script} {
		if err := os.WriteFile(name, text, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, shell := range shells {
		if path, err := exec.LookPath(shell); err == nil {
			run.shells = append(run.shells, path)
		}
	}
	if len(run.shells) == 0 {
		t.Skipf("none of %v is installed", shells)
	}
	return run
}

// run runs the script from a folder that is not its own, and returns what it
// set: "values name" or "secrets name" → text.
func (run *scriptRun) run(shell string, vars map[string]string) (map[string]string, error) {
	if err := os.RemoveAll(run.log); err != nil {
		return nil, err
	}
	cmd := exec.Command(shell, run.script)
	cmd.Dir = filepath.Dir(run.log)
	cmd.Env = []string{"PATH=" + run.path, "PT_LOG=" + run.log, "LC_ALL=C"}
	for name, value := range vars {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		return nil, fmt.Errorf("%v: %s", err, out)
	}
	log, err := os.ReadFile(run.log)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return settingsIn(log)
}

// settingsIn reads what the recorder wrote.
func settingsIn(log []byte) (map[string]string, error) {
	set := map[string]string{}
	words := strings.Split(strings.TrimSuffix(string(log), "\x00"), "\x00")
	if len(log) == 0 {
		return set, nil
	}
	for len(words) > 0 {
		n, err := strconv.Atoi(words[0])
		if err != nil || n != 4 || len(words) < 5 || words[2] != "set" {
			return nil, fmt.Errorf("not a call that sets one: %q", words)
		}
		key := words[1] + " " + words[3]
		if _, twice := set[key]; twice {
			return nil, fmt.Errorf("%s is set twice", key)
		}
		set[key] = words[4]
		words = words[5:]
	}
	return set, nil
}

// TestScriptsAreSound has the scripts of all cases read by programs that know
// the shell.
func TestScriptsAreSound(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "*", scriptFile))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, check := range [][]string{{"shellcheck", "-s", "sh"}, {"dash", "-n"}, {"bash", "--posix", "-n"}} {
		t.Run(check[0], func(t *testing.T) {
			path, err := exec.LookPath(check[0])
			if err != nil {
				t.Skipf("%s is not installed", check[0])
			}
			for _, batch := range batches(scripts, check[0] == "shellcheck") {
				cmd := exec.Command(path, append(check[1:], batch...)...)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Run(); err != nil {
					t.Errorf("%v: %v\n%s", batch, err, out.String())
				}
			}
		})
	}
}

// batches are all at once for a program that takes several files, else one by
// one.
func batches(files []string, together bool) [][]string {
	if together {
		return [][]string{files}
	}
	return mapSlice(files, func(f string) []string { return []string{f} })
}
