package knot

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	reader "hull/convert/knot"
	polyreader "hull/convert/polytope"
	"hull/emit"
	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
)

var corpus = flag.String("corpus", "", "a folder with knot/ and compose/ in it, whose files are proved, too")

// testing is what *testing.T and *rapid.T share.
type testingT interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// way is what came of a template that became a Polytope file and a template
// again. The file is nil where knot would refuse the template.
type way struct {
	output []string
	report []diag.Diagnostic
	file   *ir.File
}

// throughPolytope takes a template there and back. The Polytope file is written
// and read with its script, as people have it.
func throughPolytope(t testingT, o reader.Options) way {
	t.Helper()
	f, found := reader.Read(o)
	if f == nil || found.HasErrors() {
		return way{}
	}
	w := way{report: found.Diagnostics}
	outputs, ds, err := emit.Write(f, emit.Options{})
	w.report = append(w.report, ds...)
	if err != nil || len(outputs) != 2 {
		t.Fatalf("no Polytope file is written: %v", err)
	}
	w.file, found = polyreader.Read(polyreader.Options{
		Name: "polytope.yml", Text: outputs[0].Data, Script: outputs[1].Data, ScriptName: outputs[1].Name,
	})
	if w.file == nil || found.HasErrors() {
		t.Fatalf("the Polytope file does not read: %v\n%s", found.Diagnostics, outputs[0].Data)
	}
	back, ds, err := emit.Write(w.file, emit.Options{Formats: []string{"knot"}, Platform: platformOf(o)})
	w.report = append(w.report, ds...)
	if err != nil || len(back) != 1 {
		t.Fatalf("no template is written: %v %v\n%s", err, ds, outputs[0].Data)
	}
	w.output = []string{string(back[0].Data)}
	return w
}

// platformOf is the platform that a template is for.
func platformOf(o reader.Options) string {
	for _, f := range o.Files {
		if strings.Contains(string(f.Text), knot.PingCapability) {
			return "podman"
		}
	}
	return "docker"
}

// proveTemplate takes a template through Polytope and compares.
func proveTemplate(t testingT, o reader.Options) proof {
	t.Helper()
	var before []string
	for _, f := range o.Files {
		before = append(before, string(f.Text))
	}
	w := throughPolytope(t, o)
	if w.file == nil {
		return proof{}
	}
	was, err := factsOf(before, o.Set)
	if err != nil {
		t.Fatalf("the template does not render: %v\n%s", err, strings.Join(before, "---\n"))
	}
	is, err := factsOf(w.output, nil)
	if err != nil {
		t.Fatalf("what comes back does not render: %v\n%s", err, w.output[0])
	}
	is = is.with(defaults(w.file))
	p := prove(was, is, w.report)
	if faults := p.faults(); faults != "" {
		t.Errorf("%s\n%s\nbecame\n%s", faults, strings.Join(before, "---\n"), w.output[0])
	}
	return p
}

// defaults are the texts of the variables that no template had, as they come
// out of render: compared as if knot was told of them, which the report asks for.
func defaults(f *ir.File) map[string]string {
	texts := map[string]string{}
	for _, b := range f.Bindings {
		if _, isKnots := knot.VariableOf(b.Info); isKnots {
			continue
		}
		if text, ok := b.Default.Eval(ir.Unset); ok {
			texts["<var."+b.Name+">"] = text
		}
	}
	return texts
}

// with puts texts in the places of others.
func (fs facts) with(texts map[string]string) facts {
	out := facts{}
	for name, f := range fs {
		for _, from := range slices.Sorted(maps.Keys(texts)) {
			name, f.text = strings.ReplaceAll(name, from, texts[from]), strings.ReplaceAll(f.text, from, texts[from])
		}
		out[name] = f
	}
	return out
}

// policies are what values may be made of.
var policies = []reader.ValuePolicy{reader.ValuesAll, reader.ValuesInterpolated, reader.ValuesNone}

// TestTemplates proves every template that the reader's and the writer's tests
// have.
func TestTemplates(t *testing.T) {
	var all proof
	for name, o := range handWritten(t) {
		for _, policy := range policies {
			o.Values = policy
			t.Run(name+"/"+string(policy), func(t *testing.T) { all.add(proveTemplate(t, o)) })
		}
	}
	t.Log(all)
	if all.equal < 100 {
		t.Errorf("only %d facts are equal", all.equal)
	}
}

// handWritten are the templates of the tests of convert/knot and emit/knot.
func handWritten(t *testing.T) map[string]reader.Options {
	t.Helper()
	cases := map[string]reader.Options{}
	inputs, _ := filepath.Glob("../../convert/knot/testdata/*.yaml")
	for _, file := range inputs {
		if strings.HasSuffix(file, ".volumes.yaml") {
			continue
		}
		cases[filepath.Base(file)] = readCase(t, file)
	}
	outputs, _ := filepath.Glob("../../emit/knot/testdata/*.txtar")
	for _, file := range outputs {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".knot.yml") && !strings.HasSuffix(f.Name, ".volumes.knot.yml") {
				cases[filepath.Base(file)+":"+f.Name] = reader.Options{Files: withVolumes(f, a.Files)}
			}
		}
	}
	if len(inputs) < 5 || len(outputs) < 5 {
		t.Fatal("there are no cases")
	}
	return cases
}

// withVolumes is a file of an archive, with that of its volumes.
func withVolumes(f txtar.File, all []txtar.File) []reader.NamedText {
	files := []reader.NamedText{{Name: f.Name, Text: f.Data}}
	for _, v := range all {
		if v.Name == strings.Replace(f.Name, ".knot.", ".volumes.knot.", 1) {
			files = append(files, reader.NamedText{Name: v.Name, Text: v.Data})
		}
	}
	return files
}

// readCase reads a case of the reader: its settings are in comments.
func readCase(t *testing.T, file string) reader.Options {
	t.Helper()
	var o reader.Options
	var settings []string
	for _, name := range []string{file, strings.TrimSuffix(file, ".yaml") + ".volumes.yaml"} {
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		o.Files = append(o.Files, reader.NamedText{Name: filepath.Base(name), Text: text})
		for line := range strings.Lines(string(text)) {
			if s, ok := strings.CutPrefix(line, "# set: "); ok {
				settings = append(settings, strings.TrimSpace(s))
			}
		}
	}
	set, err := reader.ParseSet(settings)
	if err != nil {
		t.Fatal(err)
	}
	o.Set = set
	return o
}

// TestCorpus proves the templates below corpus/knot that knot accepts.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	var all proof
	err := filepath.WalkDir(filepath.Join(*corpus, "knot"), func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(name)
		for _, policy := range policies {
			o := reader.Options{Values: policy, Files: []reader.NamedText{{Name: filepath.Base(name), Text: text}}}
			t.Run(filepath.Base(name)+"/"+string(policy), func(t *testing.T) { all.add(proveTemplate(t, o)) })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(all)
}
