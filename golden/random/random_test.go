// Package random holds hull to its promises on projects that nobody thought
// of: compose projects are drawn at random, valid by construction, and each is
// converted, verified, checked and carried to and fro between compose and
// Polytope. What was found this way is a case of golden.
//
//	go test ./golden/random -rapid.checks=10000
//
// A failure is shown by its smallest project, and found again with the seed
// that rapid prints.
package random

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
	"pgregory.net/rapid"

	"hull/convert/compose"
	"hull/convert/polytope"
	"hull/convert/verify"
	"hull/emit"
	"hull/ir"
	"hull/ir/check"
	"hull/ir/diag"
)

// bounded is what runs with all other tests: a few projects, always the same.
var bounded = map[string]string{"rapid.checks": "40", "rapid.seed": "7"}

func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard) // compose-go logs
	flag.Parse()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !given["rapid.checks"] && !given["rapid.seed"] {
		for name, value := range bounded {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}

// tally counts what became of the projects.
type tally struct{ drawn, refused, declined int }

// TestProjects draws projects and holds each to all properties.
func TestProjects(t *testing.T) {
	dir := t.TempDir()
	var n tally
	rapid.Check(t, func(t *rapid.T) {
		n.drawn++
		root := filepath.Join(dir, fmt.Sprint(n.drawn), "project")
		defer os.RemoveAll(filepath.Dir(root))
		p := draw(source{t})
		r := &run{T: t, project: p, dir: root, n: &n}
		r.write()
		r.checkAll()
	})
	t.Logf("%d projects, %d of them refused by compose-go, %d declined by hull", n.drawn, n.refused, n.declined)
	if n.refused*50 > n.drawn+50 {
		t.Errorf("%d of %d projects are refused by compose-go: the generator draws invalid ones", n.refused, n.drawn)
	}
	if n.declined*10 > n.drawn+100 {
		t.Errorf("hull declines %d of %d projects", n.declined, n.drawn)
	}
}

// run is one project on its way.
type run struct {
	*rapid.T
	*project
	dir string
	n   *tally
}

// fail fails the test, and shows the project.
func (r *run) fail(format string, args ...any) {
	r.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, format, args...)
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		fmt.Fprintf(&b, "\n=== %s\n%s", name, r.files[name])
	}
	r.Fatal(b.String())
}

func (r *run) write() {
	r.files[noVariables] = ""
	for name, text := range r.files {
		file := filepath.Join(r.dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			r.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			r.Fatal(err)
		}
	}
}

// options are those of a conversion of the project.
func (r *run) options() compose.Options {
	o := compose.Options{ProjectDir: r.dir, OutDir: r.dir}
	for _, name := range r.compose {
		o.Files = append(o.Files, filepath.Join(r.dir, name))
	}
	if len(o.Files) == 0 {
		o.Files = compose.Discover(r.dir)
	}
	return o
}

// converted is what a project becomes.
type converted struct {
	file, script []byte
	report       *diag.Report
}

func (r *run) convert(o compose.Options) converted {
	f, report := compose.Read(context.Background(), o)
	c := converted{report: report}
	if f == nil || report.HasErrors() {
		return c
	}
	outputs, ds, err := emit.Write(f, emit.Options{Sources: []string{"compose.yaml"}})
	if err != nil {
		r.fail("what was read cannot be written: %v", err)
	}
	report.Add(ds...)
	c.file, c.script = outputs[0].Data, outputs[1].Data
	return c
}

// checkAll holds the project to each property.
func (r *run) checkAll() {
	first := r.convert(r.options())
	if !r.isAccepted(first.report) {
		return
	}
	if again := r.convert(r.options()); !bytes.Equal(again.file, first.file) || !bytes.Equal(again.script, first.script) || !sameReport(again.report, first.report) {
		r.fail("a second conversion yields something else:\n%s\n%s\nafter\n%s\n%s", again.file, again.script, first.file, first.script)
	}
	r.checkVerified()
	file := r.readBack(first)
	for _, d := range check.Check(file, check.Options{HasScript: true}) {
		if d.Severity == diag.Error {
			r.fail("hull check finds %s at %d: %s\n%s", d.Code, d.Subject.Start.Line, d.Message, first.file)
		}
	}
	r.checkFixedPoint(file, first)
}

func sameReport(a, b *diag.Report) bool {
	return fmt.Sprint(a.Diagnostics) == fmt.Sprint(b.Diagnostics)
}

// declinable are the errors of valid projects: what hull refuses on purpose.
var declinable = []string{"compose/variable-required", "compose/secret-resolved"}

// isAccepted tells whether there is anything to check: hull has to convert
// what compose-go loads, and to refuse what it refuses.
func (r *run) isAccepted(report *diag.Report) bool {
	err := r.load()
	var missing *template.MissingRequiredError
	isRequired := errors.As(err, &missing)
	if err != nil && !isRequired {
		r.n.refused++
		if !report.HasErrors() {
			r.fail("compose-go refuses what hull converts: %v", err)
		}
		r.Logf("refused: %v", err)
		return false
	}
	if !report.HasErrors() {
		return true
	}
	r.n.declined++
	for _, d := range report.Diagnostics {
		if d.Severity == diag.Error && !slices.Contains(declinable, d.Code) {
			r.fail("hull refuses what compose-go loads: %s: %s at %v", d.Code, d.Message, d.Subject)
		}
	}
	return false
}

// load has compose-go load the project.
func (r *run) load() error {
	o := r.options()
	env := map[string]string{}
	if text, ok := r.files[".env"]; ok {
		var err error
		if env, err = dotenv.UnmarshalBytesWithLookup([]byte(text), nil); err != nil {
			return err
		}
	}
	var files []types.ConfigFile
	for _, f := range o.Files {
		files = append(files, types.ConfigFile{Filename: f})
	}
	_, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{WorkingDir: r.dir, ConfigFiles: files, Environment: env}, func(o *loader.Options) {
		o.SetProjectName("project", false)
	})
	return err
}

func (r *run) checkVerified() {
	v, err := verify.Verify(context.Background(), verify.Options{Compose: r.options()})
	if err != nil {
		r.fail("it cannot be verified: %v", err)
	}
	var b strings.Builder
	for _, d := range v.Unexplained {
		fmt.Fprintf(&b, "unexplained: %s: %s, %s\n", d.Path, said(d.Source), said(d.Target))
	}
	for _, d := range v.Unfounded {
		fmt.Fprintf(&b, "unfounded: %s: %s at %s\n", d.Code, d.Message, d.Path)
	}
	if b.Len() > 0 {
		r.fail("%s", b.String())
	}
}

func said(text *string) string {
	if text == nil {
		return "nothing"
	}
	return fmt.Sprintf("%q", *text)
}

// readBack reads what was written.
func (r *run) readBack(c converted) *ir.File {
	f, report := polytope.Read(polytope.Options{Name: "polytope.yml", Text: c.file, Script: c.script, ScriptName: emit.ScriptName})
	if f == nil || report.HasErrors() {
		r.fail("what was written does not read back: %v\n%s\n%s", report.Diagnostics, c.file, c.script)
	}
	return f
}

// checkFixedPoint holds that compose → Polytope → compose → Polytope is a fixed
// point from the second Polytope file on. A host port that the source leaves
// open, or that a built-in module exposes, is one, and a value, only then: what
// the script and compose make of that takes a step more, from wherever it first
// happens. So does what a built-in module makes of a service that compose has
// settled a variable of.
func (r *run) checkFixedPoint(file *ir.File, first converted) {
	steps := []converted{first}
	var texts [][]byte
	at := 0
	for i := 0; i < at+2; i++ {
		text, found := r.toCompose(file)
		if i < 2 && (isLate(i, steps[i]) || isSettled(found)) {
			at = i + 1
		}
		texts = append(texts, text)
		c := r.again(text)
		steps = append(steps, c)
		file = r.readBack(c)
	}
	if !bytes.Equal(texts[at], texts[at+1]) {
		r.fail("compose changes again: %s\n%s\nfrom\n%s", difference(texts[at], texts[at+1]), texts[at+1], texts[at])
	}
	if !bytes.Equal(steps[at+1].file, steps[at+2].file) || !bytes.Equal(steps[at+1].script, steps[at+2].script) {
		r.fail("the Polytope file changes again:\n%s\nfrom\n%s", steps[at+2].file, steps[at+1].file)
	}
}

// isLate tells of what takes a step more: a host port that is none of the
// source's, ports that are left out, so that those of a known image count, and a
// name with a number, which is free then; later a volume for data where the
// source has something that is left out.
func isLate(step int, c converted) bool {
	late := []string{"compose/port-random", "compose/port-protocol", "polytope/builtin-exposes"}
	if step > 0 {
		late = append(late, "compose/volume-added")
	}
	return numbered.Match(c.script) || slices.ContainsFunc(c.report.Diagnostics, func(d diag.Diagnostic) bool {
		return slices.Contains(late, d.Code)
	})
}

// isSettled tells whether a value is what it is now, from here on.
func isSettled(found []diag.Diagnostic) bool {
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == "to-compose/value-computed" })
}

var numbered = regexp.MustCompile(`(?m)^pt \w+ set \w+_2 `)

// difference is the first line that differs.
func difference(a, b []byte) string {
	as, bs := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range as {
		if i >= len(bs) || as[i] != bs[i] {
			return fmt.Sprintf("line %d: %q", i+1, as[i])
		}
	}
	return "more lines"
}

func (r *run) toCompose(f *ir.File) ([]byte, []diag.Diagnostic) {
	outputs, found, err := emit.Write(f, emit.Options{Formats: []string{"compose"}, NoBuiltins: true, FileDir: r.dir, OutDir: r.dir})
	if err != nil {
		r.fail("it cannot be written as compose: %v", err)
	}
	return outputs[0].Data, found
}

// noVariables is an env file that sets none.
const noVariables = "none.env"

// again converts what Polytope became.
func (r *run) again(text []byte) converted {
	name := filepath.Join(r.dir, "again.yaml")
	if err := os.WriteFile(name, text, 0o644); err != nil {
		r.Fatal(err)
	}
	o := r.options()
	// A .env beside it sets variables of the first project's. What is written
	// knows nothing of it, and names its own as it likes.
	o.Files, o.EnvFiles = []string{name}, []string{filepath.Join(r.dir, noVariables)}
	c := r.convert(o)
	if c.file == nil {
		r.fail("what became of it cannot be converted: %v\n%s", c.report.Diagnostics, text)
	}
	return c
}
