package knot

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	yaml4 "go.yaml.in/yaml/v4"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"hull/ir/knot"
)

// written is a template as it was written, read by a parser of YAML.
type written struct {
	job, volumes map[string]any
}

// readOutputs reads all outputs, by the names of the containers.
func readOutputs(t rapid.TB, outputs []Output) map[string]*written {
	t.Helper()
	all := map[string]*written{}
	for _, o := range outputs {
		name, isVolumes := strings.CutSuffix(o.Name, volumeFileEnd)
		if !isVolumes {
			name = strings.TrimSuffix(o.Name, fileEnd)
		}
		if all[name] == nil {
			all[name] = &written{}
		}
		job, volumes, hasBoth := strings.Cut(string(o.Data), "\n"+documentEnd)
		switch {
		case isVolumes:
			all[name].volumes = readYAML(t, job)
			continue
		case hasBoth:
			all[name].volumes = readYAML(t, volumes)
		}
		all[name].job = readYAML(t, job)
	}
	return all
}

// readYAML reads a document with two parsers, which have to agree: yaml.v3
// has types of YAML 1.1 and 1.2, v4 is nearer to 1.2.
func readYAML(t rapid.TB, text string) map[string]any {
	t.Helper()
	var doc, again map[string]any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := yaml4.Unmarshal([]byte(text), &again); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if fmt.Sprintf("%#v", doc) != fmt.Sprintf("%#v", again) {
		t.Fatalf("parsers read different things:\n%#v\n%#v\n%s", doc, again, text)
	}
	return doc
}

// render executes a text as knot does before it reads the YAML; variables are
// their own names.
func render(t rapid.TB, text string) string {
	t.Helper()
	tmpl, err := template.New("t").Delims("${{", "}}").Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	data := map[string]any{}
	for _, m := range regexp.MustCompile(`\$\{\{\.([A-Za-z0-9_.]+)\}\}`).FindAllStringSubmatch(text, -1) {
		m := strings.Split(m[1], ".")
		at := data
		for _, group := range m[:len(m)-1] {
			if at[group] == nil {
				at[group] = map[string]any{}
			}
			at = at[group].(map[string]any)
		}
		at[m[len(m)-1]] = sample(strings.Join(m, "."))
	}
	var b strings.Builder
	if err := tmpl.Execute(&b, data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// noValue is what text/template writes for what there is not.
const noValue = "<no value>"

// sample is the text of a variable when a template is rendered.
func sample(variable string) string { return samplePrefix + variable + sampleEnd }

const samplePrefix, sampleEnd = "v.", ".v"

// checkRules holds outputs against the specification's rules and knot's own
// validation, before and after the actions are executed.
func checkRules(t rapid.TB, p Platform, outputs []Output) {
	t.Helper()
	seen := map[string]bool{}
	rendered := slices.Clone(outputs)
	for i, o := range outputs {
		if seen[o.Name] {
			t.Errorf("two outputs are called %s", o.Name)
		}
		seen[o.Name] = true
		rendered[i].Data = []byte(render(t, string(o.Data)))
		if strings.Count(string(rendered[i].Data), noValue) != strings.Count(string(o.Data), noValue) {
			t.Errorf("%s has a variable without a value:\n%s", o.Name, o.Data)
		}
	}
	for name, w := range readOutputs(t, rendered) {
		checkForms(t, name, w)
	}
	for name, w := range readOutputs(t, outputs) {
		checkForms(t, name, w)
		checkSpecification(t, name, p, w)
	}
}

// checkSpecification holds a template against knot.md.
func checkSpecification(t rapid.TB, name string, p Platform, w *written) {
	t.Helper()
	for _, key := range []string{"container_name", "hostname", "image"} {
		if s, ok := w.job[key].(string); !ok || s == "" {
			t.Errorf("%s: %s is %#v", name, key, w.job[key])
		}
	}
	for key := range w.job {
		if !knot.IsKey(key) {
			t.Errorf("%s has the key %s, which knot does not know", name, key)
		}
	}
	env := texts(t, w.job, "environment")
	for _, v := range knot.MandatoryEnv {
		is := func(s string) bool { return strings.HasPrefix(s, v.Name+"=") }
		if i := slices.IndexFunc(env, is); i < 0 || env[i] != v.String() {
			t.Errorf("%s: %s is not set: %q", name, v, env)
		}
	}
	caps := texts(t, w.job, "cap_add")
	if slices.Contains(caps, knot.PingCapability) != (p == Podman) {
		t.Errorf("%s for %s: cap_add is %q", name, p, caps)
	}
	if _, ok := w.job["privileged"]; ok {
		t.Errorf("%s is privileged, and no source can say so", name)
	}
	checkVolumes(t, name, w)
}

func checkVolumes(t rapid.TB, name string, w *written) {
	t.Helper()
	var mounted []string
	for _, v := range texts(t, w.job, "volumes") {
		if source, _, _ := strings.Cut(v, ":"); !strings.HasPrefix(source, "/") {
			mounted = append(mounted, source)
		}
	}
	slices.Sort(mounted)
	var declared []string
	if w.volumes != nil {
		names, _ := w.volumes["volumes"].(map[string]any)
		declared = slices.Sorted(maps.Keys(names))
		if len(w.volumes) != 1 || len(names) == 0 {
			t.Errorf("%s: the volume definitions are %v", name, w.volumes)
		}
	}
	if mounted = slices.Compact(mounted); !slices.Equal(mounted, declared) {
		t.Errorf("%s mounts %q and declares %q", name, mounted, declared)
	}
	for _, v := range declared {
		if !regexp.MustCompile(`^\$\{\{\.space\.id\}\}-[A-Za-z0-9_.$\{\}-]+$`).MatchString(v) {
			t.Errorf("%s: the volume is called %q", name, v)
		}
	}
}

var (
	envForm    = regexp.MustCompile(`(?s)^[^=]+=`)
	capForm    = regexp.MustCompile(`^CAP_[A-Z_]+$`)
	memoryForm = regexp.MustCompile(`^[1-9][0-9]*[MG]$`)
)

// checkForms holds a template against knot's validation (notes.md).
func checkForms(t rapid.TB, name string, w *written) {
	t.Helper()
	for _, p := range texts(t, w.job, "ports") {
		if !isPort(p) {
			t.Errorf("%s has the port %q", name, p)
		}
	}
	for _, v := range texts(t, w.job, "volumes") {
		if strings.Count(v, ":") != 1 {
			t.Errorf("%s mounts %q", name, v)
		}
	}
	texts(t, w.job, "command")
	forms := map[string]*regexp.Regexp{"environment": envForm, "cap_add": capForm}
	for _, key := range slices.Sorted(maps.Keys(forms)) {
		for _, s := range texts(t, w.job, key) {
			if !forms[key].MatchString(s) {
				t.Errorf("%s: an item of %s is %q", name, key, s)
			}
		}
	}
	if m, ok := w.job["memory"]; ok && !memoryForm.MatchString(fmt.Sprint(m)) {
		t.Errorf("%s: memory is %v", name, m)
	}
	if c, ok := w.job["cpus"]; ok {
		if n, err := strconv.ParseFloat(c.(string), 64); err != nil || n <= 0 {
			t.Errorf("%s: cpus are %v", name, c)
		}
	}
}

func isPort(s string) bool {
	pair, protocol, _ := strings.Cut(s, "/")
	host, inside, _ := strings.Cut(pair, ":")
	for _, n := range []string{host, inside} {
		// An address and port is the strictest reading of a port there is.
		if a, err := netip.ParseAddrPort("1.1.1.1:" + n); err != nil || a.Port() == 0 {
			return false
		}
	}
	return protocol == "tcp" || protocol == "udp"
}

// texts is a list of the job, which has to hold texts.
func texts(t rapid.TB, job map[string]any, key string) []string {
	t.Helper()
	x, ok := job[key]
	if !ok {
		return nil
	}
	items, ok := x.([]any)
	if !ok || len(items) == 0 {
		t.Errorf("%s is %#v", key, x)
	}
	var all []string
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			t.Errorf("%s has the item %#v", key, item)
		}
		all = append(all, s)
	}
	return all
}
