package builtin

import (
	"testing"

	"hull/ir"
)

const redpandaFlags = `redpanda, start, --kafka-addr=0.0.0.0:9092, --advertise-kafka-addr=redpanda:9092,
  --pandaproxy-addr=0.0.0.0:8082, --advertise-pandaproxy-addr=redpanda:8082, --rpc-addr=0.0.0.0:33145,
  --advertise-rpc-addr=redpanda:33145, --schema-registry-addr=0.0.0.0:8081, --mode=dev-container, --smp=1`

const redpandaServices = `
services:
- id: redpanda
  ports:
  - {port: 9092, protocol: tcp, label: kafka}
  - {port: 8082, protocol: http, label: pandaproxy}
  - {port: 8081, protocol: http, label: schema-registry}
  - {port: 9644, protocol: http, label: admin-api}
  - {port: 33145, protocol: tcp, label: rpc}
`

var expandTests = []struct {
	name, ref, args, want string
}{
	{"redpanda, defaults", "polytope/redpanda", "", `
id: redpanda
image: docker.redpanda.com/redpandadata/redpanda:v23.3.11
restart: {policy: always, max-restarts: null}
cmd: [` + redpandaFlags + `, --default-log-level=info]` + redpandaServices},
	{"redpanda, all params", "polytope/redpanda", `
image: "redpanda:{pt.value tag}"
data-volume: {type: volume, scope: project, id: data}
log-level: pt.value level
restart: {policy: on-failure, max-restarts: 3}`, `
id: redpanda
image: "redpanda:{pt.value tag}"
restart: {policy: on-failure, max-restarts: 3}
cmd: [` + redpandaFlags + `, "--default-log-level={pt.value level}"]
mounts: [{path: /var/lib/redpanda/data, source: {type: volume, scope: project, id: data}}]` + redpandaServices},

	{"console, defaults", "polytope/redpanda!console", "", `
image: docker.redpanda.com/redpandadata/console:v2.4.5
id: redpanda-console
env: [{name: CONFIG_FILEPATH, value: /etc/redpanda-console-config.yaml}]
mounts:
- path: /etc/redpanda-console-config.yaml
  source:
    type: string
    data: "kafka:\n  brokers: [\"redpanda:9092\"]\nserver:\n  listenPort: 8079\nlogger:\n  level: info\n"
restart: {policy: always, max-restarts: null}
services: [{id: redpanda-console, ports: [{port: 8079, protocol: http}]}]`},
	{"console, several brokers are joined without a separator", "polytope/redpanda!console", `
container-id: c
brokers: [{host: a, port: 1}, {host: pt.value b, port: 2}]
schema-registry-url: http://r:8081
admin-url: pt.value admin
log-level: warn
port: pt.param port`, `
image: docker.redpanda.com/redpandadata/console:v2.4.5
id: c
env: [{name: CONFIG_FILEPATH, value: /etc/redpanda-console-config.yaml}]
mounts:
- path: /etc/redpanda-console-config.yaml
  source:
    type: string
    data: "kafka:\n  brokers: [\"a:1{pt.value b}:2\"]\nserver:\n  listenPort: {pt.param port}\n\
      \  schemaRegistry:\n    enabled: true\n    urls: [\"http://r:8081\"]\n\
      redpanda:\n  adminApi:\n    enabled: true\n    urls: [\"{pt.value admin}\"]\nlogger:\n  level: warn\n"
restart: {policy: always, max-restarts: null}
services: [{id: redpanda-console, ports: [{port: pt.param port, protocol: http}]}]`},

	{"connect", "polytope/redpanda!connect", `config-file: {type: host, path: c.yaml}`, `
image: docker.redpanda.com/redpandadata/connect
id: redpanda-connect
mounts: [{path: /connect.yaml, source: {type: host, path: c.yaml}}]
restart: {policy: always, max-restarts: null}
services: [{id: redpanda-connect, ports: [{port: 4195, protocol: http}]}]`},

	{"postgres, defaults", "polytope/postgres", "", `
image: public.ecr.aws/docker/library/postgres:16.2
id: postgres
mounts: []
tty: true
services: [{id: postgres, ports: [{protocol: tcp, port: 5432}]}]`},
	{"postgres, all params; cmd goes nowhere", "polytope/postgres", `
image: postgres:17
container-id: db
data-volume: {type: volume, id: v}
service-id: pg
env: [{name: A, value: pt.secret a}]
cmd: [postgres, -c, fsync=off]
restart: {policy: always}
scripts: [{type: host, path: a.sql}, {type: string, data: x}]`, `
image: postgres:17
id: db
mounts:
- {path: /var/lib/postgresql/data, source: {type: volume, id: v}}
- {path: /docker-entrypoint-initdb.d/data-backup.sql, source: {type: host, path: a.sql}}
- {path: /docker-entrypoint-initdb.d/data-backup.sql, source: {type: string, data: x}}
env: [{name: A, value: pt.secret a}]
tty: false
restart: {policy: always}
services: [{id: pg, ports: [{protocol: tcp, port: 5432}]}]`},
	{"postgres, a null is absent", "polytope/postgres", "{container-id: null, scripts: null, env: null}", `
image: public.ecr.aws/docker/library/postgres:16.2
id: postgres
mounts: []
tty: true
services: [{id: postgres, ports: [{protocol: tcp, port: 5432}]}]`},
	{"postgres!simple has no id", "polytope/postgres!simple", "{scripts: []}", `
image: postgres:15.4
mounts: []
env: [{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]
tty: true
services: [{id: postgres, ports: [{protocol: tcp, port: 5432}]}]`},

	{"python, defaults", "polytope/python", "", `
image: public.ecr.aws/docker/library/python:3.12.2-slim-bookworm
mounts: []
workdir: /app`},
	{"python, cmd as it is", "polytope/python", "{cmd: [python, main.py], image: python:3}", `
image: python:3
cmd: [python, main.py]
mounts: []
workdir: /app`},
	{"python, requirements without cmd", "polytope/python", "{requirements: {type: host, path: r.txt}, image: python:3}", `
cmd: "sh -c 'pip install -r /requirements.txt; python'"
image: python:3
mounts: [{path: /requirements.txt, source: {type: host, path: r.txt}}]
workdir: /app`},
	{"python, requirements with a list", "polytope/python", `
image: python:3
requirements: {type: host, path: r.txt}
cmd: [python, -c, "print('x')", "{pt.value a}b"]
code: {type: host, path: src}
mounts: [{path: /x, source: {type: volume, id: x}}, null]
env: [{name: A, value: "1"}]
services: [{id: api, ports: [{port: 80, protocol: http, expose-as: int pt.value p}]}]
id: py
restart: {policy: always}`, `
cmd: "sh -c 'pip install -r /requirements.txt; python -c print('x') {pt.value a}b'"
image: python:3
id: py
env: [{name: A, value: "1"}]
services: [{id: api, ports: [{port: 80, protocol: http, expose-as: int pt.value p}]}]
mounts:
- {path: /app, source: {type: host, path: src}}
- {path: /requirements.txt, source: {type: host, path: r.txt}}
- {path: /x, source: {type: volume, id: x}}
- null
restart: {policy: always}
workdir: /app`},
	{"python!simple", "polytope/python!simple", `
code: {type: host, path: src}
cmd: python main.py
services: [{id: a, port: 80}]
requirements: {type: host, path: ignored}`, `
cmd: python main.py
image: python:3.11
update-image: false
services: [{id: a, ports: [{port: 80, protocol: http}]}]
mounts: [{path: /app, source: {type: host, path: src}}]
workdir: /app`},

	{"node, package with a string", "polytope/node", `
package: {type: host, path: package.json}
cmd: pt.value cmd
image: node:22`, `
cmd: "sh -c 'npm install /package.json; {pt.value cmd}'"
image: node:22
mounts: [{path: /package.json, source: {type: host, path: package.json}}]
workdir: /app`},
	{"node, defaults", "polytope/node", "", `
image: public.ecr.aws/docker/library/node:21.7.0-slim
mounts: []
workdir: /app`},
}

func TestExpand(t *testing.T) {
	for _, test := range expandTests {
		t.Run(test.name, func(t *testing.T) {
			callee, got, ok := Expand(test.ref, record(t, test.args))
			if !ok || callee != Container {
				t.Fatalf("callee %q, ok %v", callee, ok)
			}
			if want := expr(t, test.want); !ir.Equal(got, want) {
				t.Errorf("\n got %s\nwant %s", show(got), show(want))
			}
		})
	}
}

func TestExpandRefuses(t *testing.T) {
	tests := []struct{ name, ref, args string }{
		{"a module that runs code", Container, "image: x"},
		{"a body that is not public", "polytope/build-image", "{tags: [x], sources: []}"},
		{"code", "polytope/hello-world", ""},
		{"an unknown module", "acme/thing", ""},
		{"a missing required argument", "polytope/redpanda!connect", ""},
		{"a null for a required argument", "polytope/redpanda!connect", "config-file: null"},
		{"a param that may be null, where its presence decides", "polytope/postgres", "data-volume: pt.param v"},
		{"a list behind a reference", "polytope/postgres", "scripts: pt.param s"},
		{"code where the presence decides", "polytope/redpanda", "data-volume: '#pt-js params.v'"},
		{"mounts behind a reference", "polytope/python", "mounts: pt.param m"},
		{"a command of unknown type", "polytope/python", "{requirements: {type: host, path: r}, cmd: pt.param c}"},
		{"a command that is a number", "polytope/node", "{package: {type: host, path: p}, cmd: 3}"},
		{"a list in a command", "polytope/node", "{package: {type: host, path: p}, cmd: [[a]]}"},
		{"whether there are packages", "polytope/node", "package: pt.param p"},
		{"brokers behind a reference", "polytope/redpanda!console", "brokers: pt.param b"},
		{"a broker behind a reference", "polytope/redpanda!console", "brokers: [pt.param b]"},
		{"the text of a conversion", "polytope/redpanda!console", "port: int pt.value p"},
		{"a url that may be null", "polytope/redpanda!console", "admin-url: pt.param u"},
		{"services behind a reference", "polytope/python!simple", "services: pt.param s"},
		{"a service behind a reference", "polytope/python!simple", "services: [pt.param s]"},
		{"a list in a text", "polytope/redpanda", "log-level: [a]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, got, ok := Expand(test.ref, record(t, test.args)); ok {
				t.Errorf("expanded to %s", show(got))
			}
		})
	}
}

func TestExpandKeepsRanges(t *testing.T) {
	at := ir.Range{File: "a.yml", Start: ir.Pos{Line: 3, Column: 5}, End: ir.Pos{Line: 3, Column: 9}}
	cmd := &ir.String{Meta: ir.At(at), Value: "main"}
	source := ir.NewMap("type", ir.Str("host"), "path", ir.Str("r"))
	source.Rng = at
	_, got, ok := Expand("polytope/python", ir.NewMap("cmd", cmd, "requirements", source))
	if !ok {
		t.Fatal("not expanded")
	}
	mount := got.Get("mounts").(*ir.List).Items[0].(*ir.Map)
	if mount.Rng != at || mount.Get("source") != ir.Expr(source) {
		t.Errorf("the mount is at %v, its source %v", mount.Rng, mount.Get("source"))
	}
}

// Expanding twice gives the same: nothing of the definitions is changed.
func TestExpandChangesNothing(t *testing.T) {
	before := show(mustExpand(t, "polytope/postgres", "scripts: [{type: host, path: a}]"))
	_, _, _ = Expand("polytope/postgres", record(t, "{data-volume: {type: volume}, container-id: z}"))
	if after := show(mustExpand(t, "polytope/postgres", "scripts: [{type: host, path: a}]")); after != before {
		t.Errorf("before %s, after %s", before, after)
	}
}

func mustExpand(t *testing.T, ref, args string) *ir.Map {
	t.Helper()
	_, got, ok := Expand(ref, record(t, args))
	if !ok {
		t.Fatalf("%s %s: not expanded", ref, args)
	}
	return got
}

func TestJoinText(t *testing.T) {
	tests := []struct{ parts, want string }{
		{"[]", `""`},
		{"[a, null, 1, true]", `"a1true"`},
		{"[a, pt.value b, c, d]", `interp["a", pt.value b, "cd"]`},
		{"['a{pt.value b}c', d]", `interp["a", pt.value b, "cd"]`},
		{"[pt.value a]", "pt.value a"},
		{"[pt.param a]", "interp[pt.param a]"}, // the text of a param, which may be a number
	}
	for _, test := range tests {
		x, ok := joinText(expr(t, test.parts).(*ir.List).Items...)
		if got := show(x); !ok || got != test.want {
			t.Errorf("%s: got %s, want %s", test.parts, got, test.want)
		}
	}
}
