package builtin

import (
	"testing"

	"hull/ir"
)

// What a module expands to is recognized as a call of it, with the same
// arguments.
func TestInferReversesExpand(t *testing.T) {
	tests := []struct{ name, ref, args string }{
		{"redpanda", "polytope/redpanda", `
image: redpandadata/redpanda:v24
data-volume: {type: volume, scope: project, id: data}`},
		{"redpanda, all params", "polytope/redpanda", `
image: "docker.redpanda.com/redpandadata/redpanda:{pt.value tag}"
restart: {policy: on-failure, max-restarts: 3}
log-level: debug
data-volume: {type: volume, scope: project, id: data}`},
		{"console", "polytope/redpanda!console", "image: docker.redpanda.com/redpandadata/console:v2.4.5"},
		{"console, all params", "polytope/redpanda!console", `
image: redpandadata/console
container-id: console
brokers: [{host: rp, port: 19092}]
port: 9000
schema-registry-url: http://rp:8081
admin-url: http://rp:9644
log-level: warn
restart: {policy: on-failure}`},
		{"connect", "polytope/redpanda!connect", `
image: docker.redpanda.com/redpandadata/connect
container-id: c
config-file: {type: host, path: c.yaml}
port: 4000`},
		{"postgres", "polytope/postgres", `
image: postgres@sha256:0a
container-id: db
service-id: pg
data-volume: {type: host, path: data}
scripts: [{type: host, path: a.sql}]
env: [{name: A, value: pt.secret a}]
restart: {policy: always}`},
		{"python", "polytope/python", `
image: python
cmd: [python, main.py]
code: {type: host, path: src}
env: [{name: A, value: 1}]
id: py
mounts: [{path: /requirements.txt, source: {type: host, path: r}}]
services: [{id: py, ports: [{port: 80, protocol: http, expose-as: int pt.value p}]}]
restart: {policy: always}`},
		{"python with requirements", "polytope/python", `
image: python:{pt.value v}
requirements: {type: host, path: r}
cmd: python main.py`},
		{"python with requirements, no command", "polytope/python", "{image: python, requirements: {type: host, path: r}}"},
		{"two mounts at one path", "polytope/python", `
image: python
code: {type: host, path: a}
mounts: [{path: /app, source: {type: host, path: b}}]`},
		{"node", "polytope/node", `
image: public.ecr.aws/docker/library/node:22
package: {type: host, path: p}
code: {type: host, path: .}
cmd: node x`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := record(t, test.args)
			got, ok := Infer(test.ref, mustExpand(t, test.ref, test.args))
			if !ok || !ir.Equal(got, want) {
				t.Errorf("ok %v\n got %s\nwant %s", ok, show(got), show(want))
			}
		})
	}
}

// A command in words is one that Polytope makes of a string by splitting it.
func TestInferFromWords(t *testing.T) {
	container := record(t, `
image: python:3
cmd: [sh, -c, "pip install -r /requirements.txt; python main.py"]
mounts: [{path: /requirements.txt, source: {type: host, path: r}}]`)
	got, ok := Infer("polytope/python", container)
	want := record(t, "{image: python:3, cmd: python main.py, requirements: {type: host, path: r}}")
	if !ok || !ir.Equal(got, want) {
		t.Errorf("got %s", show(got))
	}
}

// The image and the ids come first, the rest as in the container; nodes are
// those of the container.
func TestInferOrder(t *testing.T) {
	container := record(t, `
env: [{name: A, value: a}]
mounts: [{path: /var/lib/postgresql/data, source: {type: volume, id: v}}]
services: [{id: db, ports: [{port: 5432, protocol: tcp}]}]
restart: {policy: always}
id: db
image: postgres:16`)
	got, ok := Infer("polytope/postgres", container)
	want := `{image: "postgres:16", service-id: "db", container-id: "db", env: [{name: "A", value: "a"}], ` +
		`data-volume: {type: "volume", id: "v"}, restart: {policy: "always"}}`
	if !ok || show(got) != want {
		t.Errorf("\n got %s\nwant %s", show(got), want)
	}
	if got.Get("env") != container.Get("env") {
		t.Error("env is not the container's")
	}
}

func TestInferRefuses(t *testing.T) {
	const volume = "mounts: [{path: /var/lib/postgresql/data, source: {type: volume, id: v}}]\n"
	tests := []struct{ name, ref, container string }{
		{"another image", "polytope/postgres", volume + "image: postgis/postgis:16"},
		{"no image", "polytope/postgres", volume},
		{"no volume", "polytope/postgres", "image: postgres:16"},
		{"a policy the module does not know", "polytope/postgres", volume + "image: postgres\nrestart: {policy: never}"},
		{"an entry the module does not know", "polytope/postgres", volume + "image: postgres\nrestart: {policy: always, x: 1}"},
		{"a number where text is asked for", "polytope/python", "{image: python, cmd: 3}"},
		{"a null in a list", "polytope/python", "{image: python, cmd: [a, null]}"},
		{"no config file", "polytope/redpanda!connect", "image: redpandadata/connect"},
		{"a level only known at run time", "polytope/redpanda", `
image: redpandadata/redpanda
mounts: [{path: /var/lib/redpanda/data, source: {type: volume}}]
cmd: [` + redpandaFlags + `, "--default-log-level={pt.value l}"]`},
		{"the container itself", Container, "image: postgres"},
		{"an unknown module", "acme/thing", "image: postgres"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := Infer(test.ref, record(t, test.container)); ok {
				t.Errorf("proposed %s", show(got))
			}
		})
	}
	if _, ok := Infer("polytope/postgres", nil); ok {
		t.Error("no arguments are no postgres")
	}
}

func TestImages(t *testing.T) {
	tests := []struct {
		image, pattern string
		want           bool
	}{
		{"postgres", "library/postgres", true},
		{"postgres:16", "library/postgres", true},
		{"postgres:16@sha256:00", "library/postgres", true},
		{"docker.io/postgres", "library/postgres", true},
		{"docker.io/library/postgres:16", "library/postgres", true},
		{"public.ecr.aws/docker/library/postgres:16", "library/postgres", true},
		{"mirror.gcr.io/library/postgres:16", "library/postgres", true},
		{"postgres:{pt.value tag}", "library/postgres", true},
		{"postgres@{pt.value digest}", "library/postgres", true},
		{"postgres:16{pt.value suffix}", "library/postgres", true},
		{"postgres{pt.value suffix}", "library/postgres", false},
		{"{pt.value registry}/postgres:16", "library/postgres", false},
		{"pt.value image", "library/postgres", false},
		{"acme/postgres", "library/postgres", false},
		{"localhost:5000/postgres", "library/postgres", false},
		{"postgres-backup", "library/postgres", false},
		{"redpandadata/redpanda", "redpandadata/redpanda", true},
		{"localhost:5000/redpandadata/redpanda", "redpandadata/redpanda", true},
		{"docker.redpanda.com/redpandadata/redpanda:v24.1", "redpandadata/redpanda", true},
		{"docker.redpanda.com/redpandadata/redpanda-nightly:v24.1", "redpandadata/redpanda", false},
		{"notredpandadata/redpanda", "redpandadata/redpanda", false},
	}
	for _, test := range tests {
		d := &definition{images: []string{test.pattern}}
		if got := d.isFor(expr(t, `"`+test.image+`"`)); got != test.want {
			t.Errorf("%s for %s: got %v", test.image, test.pattern, got)
		}
	}
}

func TestFits(t *testing.T) {
	tests := []struct {
		typ, x string
		want   bool
	}{
		{"int", "3", true},
		{"int", "'3'", false},
		{"int", "pt.value x", true},
		{"int", "pt.param x", true},
		{"int", "int pt.value x", true},
		{"num", "int pt.value x", true},
		{"bool", "true", true},
		{"bool", "int pt.value x", false},
		{"str", "true", false},
		{"str", "'{pt.value x}y'", true},
		{"any", "[1]", true},
		{"[maybe, int]", "null", true},
		{"int", "null", false},
		{"[default, int, 3]", "null", true},
		{"[enum, a, b]", "b", true},
		{"[enum, a, b]", "c", false},
		{"[either, int, [str]]", "[a]", true},
		{"[either, int, [str]]", "[1]", false},
		{"env-var", "{name: a, value: 1}", true},
		{"env-var", "{name: a}", true},
		{"env-var", "{value: 1}", false},
		{"env-var", "[]", false},
		{"mount-source", "{type: volume, id: x, source: {type: host, path: y}}", true},
		{"mount-source", "{type: host, path: y, mode: ro}", false},
	}
	for _, test := range tests {
		typ, _ := ir.ParseType(expr(t, test.typ))
		if got := fits(typ, expr(t, test.x)); got != test.want {
			t.Errorf("%s for %s: got %v", test.x, test.typ, got)
		}
	}
}
