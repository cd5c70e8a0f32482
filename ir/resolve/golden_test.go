package resolve_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hull/ir/builtin"
	"hull/ir/resolve"
)

var update = flag.Bool("update", false, "write the golden files")

const (
	hostSource   = "{type: host, path: dir}"
	volumeSource = "{type: volume, scope: project, id: data}"
)

// moduleArgs are the arguments with which each module of Polytope's own is
// evaluated, beside none at all.
var moduleArgs = map[string][]string{
	"polytope/container": {
		"{image: x}",
		"{image: x, id: c, cmd: [a, null, b], entrypoint: e f, workdir: /w, user: 7, tty: false, no-stdin: true, scaling: 2, update-image: true}",
		"{image: x, env: [{name: A, value: 1}, null], mounts: [{path: /m, source: " + volumeSource + "}], restart: {policy: never}}",
	},
	"polytope/build-image": {"{tags: [a], sources: [{path: /, source: " + hostSource + "}], target: t, labels: {a: b}}"},
	"polytope/hello-world": {"{message: hi}"},
	"polytope/redpanda": {
		"{data-volume: " + volumeSource + "}",
		"{image: x, log-level: warn, restart: {policy: on-failure, max-restarts: 3}}",
	},
	"polytope/redpanda!console": {
		"{brokers: [{host: a, port: 1}], schema-registry-url: 'http://r', admin-url: 'http://a', log-level: debug, port: 8080, container-id: c}",
		"{brokers: [], restart: {policy: on-failure}}",
	},
	"polytope/redpanda!connect": {"{config-file: " + hostSource + "}", "{config-file: " + hostSource + ", port: 80, container-id: c}"},
	"polytope/postgres": {
		"{data-volume: " + volumeSource + "}",
		"{scripts: [" + hostSource + "], env: [{name: A, value: b}], service-id: s, container-id: c, restart: {policy: always, max-restarts: 2}}",
		"{scripts: []}",
	},
	"polytope/postgres!simple": {"{data-volume: " + volumeSource + "}", "{scripts: [" + hostSource + ", {type: string, data: x}], image: i}"},
	"polytope/python": {
		"{code: " + hostSource + ", cmd: python main.py, id: p}",
		"{code: " + hostSource + ", requirements: {type: host, path: r.txt}, cmd: [python, main.py]}",
		"{requirements: {type: host, path: r.txt}}",
		"{cmd: [a, b], env: [{name: A, value: b}, null], services: [{id: s, ports: [{port: 80, protocol: http}]}], mounts: [{path: /m, source: " + volumeSource + "}, null]}",
	},
	"polytope/python!simple": {"{code: " + hostSource + ", cmd: x y, env: [{name: A, value: b}], services: [{id: a, port: 80}, {id: b, port: 81}]}"},
	"polytope/node": {
		"{code: " + hostSource + ", cmd: node main.js, id: n}",
		"{package: {type: host, path: package.json}, cmd: [node, main.js], mounts: [{path: /m, source: " + volumeSource + "}]}",
		"{package: {type: host, path: package.json}}",
		"{env: [{name: A, value: 1}, {name: B, value: true}], services: [{id: s, ports: [{port: 80, protocol: http}]}]}",
	},
}

// goldenCase is an entry of a golden file.
type goldenCase struct {
	Args  string       `yaml:"args"`
	Job   *resolve.Job `yaml:"job"`
	Found []string     `yaml:"found,omitempty"`
}

// The modules of Polytope's own come out as their definitions say.
func TestModules(t *testing.T) {
	for _, m := range builtin.Modules() {
		var cases []goldenCase
		for _, args := range append([]string{"{}"}, moduleArgs[m.ID]...) {
			text := "modules:\n- id: m\n  module: " + m.ID + "\n  args: " + args + "\n"
			job, ds := resolve.Resolve(read(t, text), resolve.Options{})
			cases = append(cases, goldenCase{args, job, found(ds)})
		}
		if len(cases) == 1 {
			t.Errorf("%s is evaluated without arguments only", m.ID)
		}
		compareGolden(t, strings.NewReplacer("/", "-", "!", "-").Replace(m.ID)+".yml", toYAML(t, cases))
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; go test -update writes it anew\ngot\n%s\nwant\n%s", path, got, want)
	}
}
