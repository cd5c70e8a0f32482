package knot_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"hull/convert/compose"
	reader "hull/convert/knot"
	polyreader "hull/convert/polytope"
	"hull/emit/knot"
	"hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/resolve"
)

// The documents of the scenarios (knot.md, "Mandatory Output Format and
// Example").
const (
	jobDocument = `container_name: ${{.user.username}}-${{.space.name}}
hostname: ${{.space.name}}
image: "paularlott/knot_ubuntu:24.04"
volumes:
  - ${{.space.id}}-home:/home
environment:
  - KNOT_USER=${{.user.username}}
  - KNOT_SERVER=${{.server.url}}
  - KNOT_AGENT_ENDPOINT=${{.server.agent_endpoint}}
  - KNOT_SPACEID=${{.space.id}}
`
	podmanPart     = "cap_add:\n  - CAP_NET_RAW\n"
	volumeDocument = "volumes:\n  ${{.space.id}}-home:\n"
)

const oneLine = `{services: {mcptest: {image: "paularlott/knot_ubuntu:24.04", volumes: ["home:/home"]}}, volumes: {home: }}`

// TestScenarios makes the specification's documents of a compose file of one
// line, by way of a Polytope file.
func TestScenarios(t *testing.T) {
	f := throughPolytope(t, readCompose(t, oneLine))
	for platform, want := range map[knot.Platform]string{knot.Docker: jobDocument, knot.Podman: jobDocument + podmanPart} {
		outputs := write(t, f, knot.Options{Platform: platform, Split: true})
		if len(outputs) != 2 || string(outputs[0].Data) != want || string(outputs[1].Data) != volumeDocument {
			t.Errorf("%s: %s", platform, outputs)
		}
	}
}

func readCompose(t *testing.T, text string) *ir.File {
	t.Helper()
	f, report := compose.Read(context.Background(), compose.Options{Files: []string{"-"}, Stdin: []byte(text), ProjectDir: t.TempDir()})
	if f == nil || report.HasErrors() {
		t.Fatal(report.Diagnostics)
	}
	return f
}

// throughPolytope writes a file as YAML and reads it again; values keep the
// defaults that the script would set.
func throughPolytope(t *testing.T, f *ir.File) *ir.File {
	t.Helper()
	text, err := polytope.WriteYAML(polytope.Split(f, builtin.Signature), polytope.Options{Signatures: builtin.Signature})
	if err != nil {
		t.Fatal(err)
	}
	again, report := polyreader.Read(polyreader.Options{Name: "polytope.yml", Text: text})
	if report.HasErrors() {
		t.Fatal(report.Diagnostics)
	}
	again.Bindings = f.Bindings
	return again
}

func write(t *testing.T, f *ir.File, o knot.Options) []knot.Output {
	t.Helper()
	job, found := resolve.ResolveSymbolic(f, resolve.Options{})
	if job == nil {
		t.Fatal(found)
	}
	o.File = f
	outputs, _, err := knot.Write(job, o)
	if err != nil {
		t.Fatal(err)
	}
	return outputs
}

// TestOutputsAreKnots holds the golden outputs against what hull checks knot's
// templates for, and reads and writes each until nothing changes, which has to
// be at once.
func TestOutputsAreKnots(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, file := range cases {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		platform := knot.Docker
		if strings.Contains(string(a.Files[1].Data), "podman") {
			platform = knot.Podman
		}
		for _, o := range a.Files[3:] {
			if strings.Contains(o.Name, ".volumes.") {
				continue
			}
			files := []reader.NamedText{{Name: o.Name, Text: o.Data}}
			volumes := strings.Replace(o.Name, ".knot.", ".volumes.knot.", 1)
			for _, v := range a.Files {
				if v.Name == volumes {
					files = append(files, reader.NamedText{Name: v.Name, Text: v.Data})
				}
			}
			t.Run(filepath.Base(file)+"/"+o.Name, func(t *testing.T) { checkTemplate(t, files, platform) })
		}
	}
}

func checkTemplate(t *testing.T, files []reader.NamedText, platform knot.Platform) {
	t.Helper()
	for _, d := range reader.Check(reader.Options{Files: files, Platform: string(platform)}).Diagnostics {
		t.Errorf("%s: %s: %s", files[0].Name, d.Code, d.Message)
	}
	once := again(t, files, platform)
	twice := again(t, once, platform)
	if len(once) != len(files) || string(once[0].Text) != string(twice[0].Text) {
		t.Errorf("read and written:\n%s\nand once more:\n%s", once[0].Text, twice[0].Text)
	}
}

// again reads a template and writes it.
func again(t *testing.T, files []reader.NamedText, platform knot.Platform) []reader.NamedText {
	t.Helper()
	f, report := reader.Read(reader.Options{Files: files, Platform: string(platform)})
	if f == nil || report.HasErrors() {
		t.Fatalf("%v\n%s", report.Diagnostics, files[0].Text)
	}
	var out []reader.NamedText
	for _, o := range write(t, f, knot.Options{Platform: platform, Split: len(files) > 1}) {
		out = append(out, reader.NamedText{Name: o.Name, Text: o.Data})
	}
	return out
}

// TestStack writes a compose file with most of what there is, and holds what
// comes out against the rules of knot.
func TestStack(t *testing.T) {
	text, err := os.ReadFile("testdata/stack.compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f := throughPolytope(t, readCompose(t, string(text)))
	outputs := write(t, f, knot.Options{Platform: knot.Podman})
	for _, o := range outputs {
		files := []reader.NamedText{{Name: o.Name, Text: o.Data}}
		for _, d := range reader.Check(reader.Options{Files: files, Platform: "podman"}).Diagnostics {
			t.Errorf("%s: %s: %s\n%s", o.Name, d.Code, d.Message, o.Data)
		}
	}
	const want = "URL=http://app:${{.var.db_password}}@db:5432/${{.var.name}}"
	if len(outputs) != 2 || !strings.Contains(string(outputs[0].Data), want) || !strings.Contains(string(outputs[0].Data), "- 8080:80/tcp") {
		t.Errorf("%s", outputs)
	}
}
