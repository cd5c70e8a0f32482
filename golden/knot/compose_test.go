package knot

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hull/convert"
	"hull/convert/compose"
	reader "hull/convert/knot"
	"hull/emit"
	"hull/ir/diag"
)

// TestCompose takes the golden cases' projects to knot's templates and back to
// compose files, and compares each service with what it is without that way:
// the compose file that the converted project stands for, which hull verify
// proves equal to the project's own.
func TestCompose(t *testing.T) {
	projects, _ := filepath.Glob("../testdata/*/input")
	if len(projects) < 50 {
		t.Fatal("there are no cases")
	}
	var all proof
	for _, dir := range projects {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) { all.add(proveProject(t, dir)) })
	}
	t.Log(all)
	if all.equal < 400 {
		t.Errorf("only %d facts are equal", all.equal)
	}
}

// TestComposeCorpus does the same with the projects of the corpus.
func TestComposeCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	found, _ := convert.Find([]string{filepath.Join(*corpus, "compose")}, convert.FindOptions{})
	var all proof
	for _, src := range found {
		t.Run(src.Files[0], func(t *testing.T) { all.add(proveProject(t, src.Files[0])) })
	}
	t.Log(all)
}

// proveProject proves the templates of one project; there is nothing to prove
// of one that cannot be converted.
func proveProject(t *testing.T, input string) proof {
	t.Helper()
	src, ds := convert.Locate([]string{input})
	if len(ds) > 0 {
		return proof{}
	}
	opts := convert.Options{}
	opts.Compose.Values, opts.Compose.ProjectDir, opts.Compose.OutDir = compose.ValuesInterpolated, src.Dir, src.Dir
	f, found := convert.Read(context.Background(), src, opts)
	if f == nil || found.HasErrors() {
		return proof{}
	}
	direct, ds, err := emit.Write(f, emit.Options{Formats: []string{"compose"}})
	if err != nil || hasError(ds) {
		return proof{}
	}
	templates, report, err := emit.Write(f, emit.Options{Formats: []string{"knot"}, Platform: "podman"})
	if err != nil {
		t.Fatal(err)
	}
	if hasError(report) {
		return proof{} // a project without a container
	}
	was, is := serviceFacts(t, direct[0].Data, ""), facts{}
	for _, o := range templates {
		name := strings.TrimSuffix(o.Name, ".knot.yml")
		text, ds := backToCompose(t, o)
		report = append(report, ds...)
		maps.Copy(is, serviceFacts(t, text, name))
	}
	p := proveServices(was, is, report)
	p.templates = len(templates)
	if faults := p.faults(); faults != "" {
		t.Errorf("%s\n%s\nbecame\n%s", faults, direct[0].Data, joined(templates))
	}
	return p
}

func hasError(ds []diag.Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
}

func joined(outputs []emit.Output) string {
	var b strings.Builder
	for _, o := range outputs {
		fmt.Fprintf(&b, "-- %s --\n%s", o.Name, o.Data)
	}
	return b.String()
}

// backToCompose reads a template that hull wrote, and writes the compose file
// of it. What is reported is of the template's name.
func backToCompose(t *testing.T, o emit.Output) ([]byte, []diag.Diagnostic) {
	t.Helper()
	in := reader.Options{Files: []reader.NamedText{{Name: o.Name, Text: o.Data}}, Values: reader.ValuesInterpolated}
	for _, d := range reader.Check(withPlatform(in)).Diagnostics {
		if !slices.Contains(ofTheSource, d.Code) {
			t.Errorf("hull's own template: %s:%d: %s [%s]\n%s", o.Name, d.Subject.Start.Line, d.Message, d.Code, o.Data)
		}
	}
	f, found := reader.Read(in)
	if f == nil || found.HasErrors() {
		t.Fatalf("hull's own template is refused: %v\n%s", found.Diagnostics, o.Data)
	}
	outputs, ds, err := emit.Write(f, emit.Options{Formats: []string{"compose"}})
	if err != nil {
		t.Fatal(err)
	}
	return outputs[0].Data, append(found.Diagnostics, ds...)
}

// ofTheSource are findings that a source can bring with it.
var ofTheSource = []string{"knot/variable-unknown"}

func withPlatform(o reader.Options) reader.Options {
	o.Platform = "podman"
	return o
}

// variable is one of compose's, without others in its default; anyVariable is
// one that has been made bare.
var (
	variable    = regexp.MustCompile(`\$\{([A-Za-z0-9_]+)[^{}]*\}`)
	anyVariable = regexp.MustCompile(`\$<[^>]*>`)
)

// bare leaves the defaults of variables out: knot has none.
func bare(text string) string {
	for variable.MatchString(text) {
		text = variable.ReplaceAllString(text, "$$<$1>")
	}
	return text
}

// serviceFacts are the leaves of the services of a compose file that hull
// wrote: "web.environment.A". The only service gets the name, where one is
// given.
func serviceFacts(t *testing.T, text []byte, name string) facts {
	t.Helper()
	var file struct{ Services map[string]map[string]any }
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	fs := facts{}
	for service, body := range file.Services {
		key := service
		if name != "" {
			key = name
		}
		delete(body, "profiles") // a space starts when its user says so
		if body["restart"] == "no" {
			delete(body, "restart") // as it is without
		}
		for attribute, value := range body {
			fs.leaves(key+"."+attribute, value)
		}
	}
	return fs
}

func (fs facts) leaves(path string, x any) {
	switch x := x.(type) {
	case map[string]any:
		for key, value := range x {
			fs.leaves(path+"."+key, value)
		}
	case []any:
		if len(x) == 0 {
			fs[path] = fact{text: "[]"}
		}
		for i, item := range x {
			fs.item(path, i, item)
		}
	default:
		fs[path] = fact{text: bare(fmt.Sprint(x))}
	}
}

// item names the items of lists by what tells them apart.
func (fs facts) item(path string, i int, item any) {
	m, isMap := item.(map[string]any)
	switch {
	case isMap && m["target"] != nil:
		at := fmt.Sprintf("%s.%v", path, m["target"])
		if m["protocol"] != nil {
			at += fmt.Sprintf("|%v", m["protocol"])
		}
		for key, value := range m {
			if key != "target" && key != "protocol" {
				fs.add(at+"."+key, fmt.Sprint(value), "", 0)
			}
		}
	case isMap:
		fs.leaves(fmt.Sprintf("%s.%d", path, i), item)
	case strings.HasSuffix(path, ".command") || strings.HasSuffix(path, ".entrypoint"):
		fs.leaves(fmt.Sprintf("%s.%d", path, i), item)
	default:
		fs.add(path+"."+fmt.Sprint(item), "", "", 0)
	}
}

// attributes are those of a service that stand for an argument of the
// container, or for a field of the template.
var attributes = map[string][]string{
	"id": {"container_name", "hostname"}, "services": {"ports.*", "expose.*", "networks.*", "hostname"}, "env": {"environment.*"},
	"mounts": {"volumes.*", "configs.*", "secrets.*"}, "cmd": {"command*"}, "entrypoint": {"entrypoint*"}, "image": {"image"}, "resources": {"deploy.*", "mem*", "cpu*"},
	"restart": {"restart", "deploy.*"}, "user": {"user"}, "workdir": {"working_dir"}, "tty": {"tty"}, "no-stdin": {"stdin_open"}, "scaling": {"scale", "deploy.*"},
	"update-image": {"pull_policy"}, "": {"depends_on.*"},
	"container_name": {"container_name"}, "hostname": {"hostname", "networks.*"}, "environment": {"environment.*", "expose.*", "ports.*"}, "volumes": {"volumes.*"}, "ports": {"ports.*"},
}

// proveServices compares services with what they are by way of knot.
func proveServices(was, is facts, report []diag.Diagnostic) proof {
	var p proof
	ds := compare(was, is)
	p.compared, p.equal = len(was), len(was)
	used := map[int]bool{}
	for _, d := range ds {
		if _, ok := was[d.name]; ok {
			p.equal--
		}
		isExplained := false
		for i, entry := range report {
			if explainsService(entry, d) {
				used[i], isExplained, d.why = true, true, entry.Code
			}
		}
		if isExplained {
			p.explained = append(p.explained, d)
		} else {
			p.unexplained = append(p.unexplained, d)
		}
	}
	for i, entry := range report {
		_, isRestored := restored[entry.Code]
		_, isElsewhere := elsewhere[entry.Code]
		if entry.Fate.IsLoss() && !used[i] && !isRestored && !isElsewhere {
			p.unfounded = append(p.unfounded, entry)
		}
	}
	return p
}

// elsewhere are codes of losses that do not show in what a service says.
var elsewhere = map[string]string{
	"to-knot/several":          "how many spaces there are",
	"to-knot/templates":        "which of them make a stack",
	"to-knot/template-params":  "who passes what to a template",
	"to-knot/module-unused":    "what nothing runs",
	"to-knot/peers":            "whether a name leads anywhere",
	"to-knot/tty":              "what knot does by itself",
	"to-knot/no-stdin":         "what knot does by itself",
	"to-knot/shared-volume":    "which containers see it",
	"to-knot/volume-scope":     "when a volume ends",
	"to-compose/port-protocol": "what compose cannot say with or without knot",
	"to-compose/container-id":  "what knot calls a container",
}

// explainsService tells whether a diagnostic is about the service, and about
// the attribute, that a difference is in. A variable can have another name, of
// which knot has to be told.
func explainsService(d diag.Diagnostic, x difference) bool {
	if d.Code == "to-knot/variables" {
		return x.was != x.is && anyVariable.ReplaceAllString(x.was, "$$") == anyVariable.ReplaceAllString(x.is, "$$")
	}
	service, attribute, _ := strings.Cut(x.name, ".")
	subject, _, _ := strings.Cut(d.Message, ": ")
	if !strings.HasPrefix(d.Code, "to-knot/") {
		subject = strings.TrimSuffix(d.Subject.File, ".knot.yml")
	}
	if d.Code == "to-knot/build" {
		return attribute == "build" || strings.HasPrefix(attribute, "build.")
	}
	arg := d.Path[strings.LastIndexByte(d.Path, '.')+1:]
	m := indexOf.FindStringSubmatch(strings.ReplaceAll(arg, "_", "-"))
	if !d.Fate.IsLoss() || subject != service {
		return false
	}
	key := ""
	if strings.Count(d.Path, ".") > 1 || !strings.HasPrefix(d.Code, "to-knot/") {
		if m == nil {
			return false
		}
		key = m[1]
	}
	return slices.ContainsFunc(append(attributes[key], attributes[strings.ReplaceAll(key, "-", "_")]...), func(pattern string) bool {
		prefix, isPrefix := strings.CutSuffix(pattern, "*")
		return pattern == attribute || isPrefix && strings.HasPrefix(attribute, prefix)
	})
}
