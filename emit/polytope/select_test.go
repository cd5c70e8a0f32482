package polytope

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// selectExpr reads a snippet of YAML: "pt.value x" and "pt.secret x" are
// references, "name:{pt.value x}" is an interpolation, "int pt.value x" a
// conversion; a comment above an entry is its value's.
func selectExpr(t *testing.T, n *yaml.Node) ir.Expr {
	t.Helper()
	at := ir.Meta{
		Rng: ir.Range{File: "compose.yaml", Start: ir.Pos{Line: n.Line, Column: n.Column}},
		Comments: ir.Comments{
			Head: strings.TrimPrefix(n.HeadComment, "# "), Line: strings.TrimPrefix(n.LineComment, "# "),
		},
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return selectExpr(t, n.Content[0])
	case yaml.SequenceNode:
		l := &ir.List{Meta: at}
		for _, c := range n.Content {
			l.Items = append(l.Items, selectExpr(t, c))
		}
		return l
	case yaml.MappingNode:
		m := &ir.Map{Meta: at}
		for i := 0; i < len(n.Content); i += 2 {
			x := selectExpr(t, n.Content[i+1])
			if c := n.Content[i].HeadComment; c != "" {
				x.GetMeta().Comments.Head = strings.TrimPrefix(c, "# ")
			}
			m.Set(n.Content[i].Value, x)
		}
		return m
	}
	return selectScalar(t, n, at)
}

func selectScalar(t *testing.T, n *yaml.Node, at ir.Meta) ir.Expr {
	t.Helper()
	switch n.Tag {
	case "!!null":
		return &ir.Null{Meta: at}
	case "!!bool":
		return &ir.Bool{Meta: at, Value: n.Value == "true"}
	case "!!int":
		x := &ir.Int{Meta: at}
		if err := n.Decode(&x.Value); err != nil {
			t.Fatal(err)
		}
		return x
	}
	return selectText(n.Value, at)
}

func selectText(s string, at ir.Meta) ir.Expr {
	if rest, ok := strings.CutPrefix(s, "int "); ok {
		return &ir.Convert{Meta: at, To: ir.IntType, X: selectText(rest, ir.Meta{})}
	}
	for _, kind := range []ir.RefKind{ir.ParamRef, ir.ValueRef, ir.SecretRef} {
		marker := "pt." + kind.String() + " "
		if name, ok := strings.CutPrefix(s, marker); ok {
			return &ir.Ref{Meta: at, Kind: kind, Name: name}
		}
		if before, name, ok := strings.Cut(s, "{"+marker); ok {
			ref := &ir.Ref{Kind: kind, Name: strings.TrimSuffix(name, "}")}
			return &ir.Interp{Meta: at, Parts: []ir.Expr{ir.Str(before), ref}}
		}
	}
	return &ir.String{Meta: at, Value: s}
}

func selectArgs(t *testing.T, text string) *ir.Map {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	m, ok := selectExpr(t, &doc).(*ir.Map)
	if !ok {
		t.Fatalf("not a map: %s", text)
	}
	return m
}

// containers is a file of modules that call polytope/container, named in
// alternation with their args.
func containers(t *testing.T, namesAndArgs ...string) *ir.File {
	t.Helper()
	f := &ir.File{}
	for i := 0; i < len(namesAndArgs); i += 2 {
		f.Modules = append(f.Modules, &ir.Module{
			ID:   namesAndArgs[i],
			Call: &ir.Call{Module: "polytope/container", Args: selectArgs(t, namesAndArgs[i+1])},
		})
	}
	return f
}

// selected selects for one container and says what it is written as: the
// module, its args in order, and the messages.
func selected(t *testing.T, args string) (call *ir.Call, messages []string) {
	t.Helper()
	f := containers(t, "m", args)
	before := ir.MapExpr(f.Modules[0].Call.Args, func(x ir.Expr) ir.Expr { return x })
	out, diags := SelectBuiltins(f)
	if f.Modules[0].Call.Module != "polytope/container" || !ir.Equal(f.Modules[0].Call.Args, before) {
		t.Error("the input was changed")
	}
	for _, d := range diags {
		messages = append(messages, d.Message)
	}
	return out.Modules[0].Call, messages
}

// The guestbook's database, as example/polytope.yml has it.
func TestSelectGuestbook(t *testing.T) {
	f := containers(t, "db", `
image: postgres:16
id: db
env:
- { name: POSTGRES_USER, value: pt.value db_postgres_user }
- { name: POSTGRES_PASSWORD, value: pt.secret db_password }
- { name: POSTGRES_DB, value: pt.value db_postgres_db }
mounts: [{path: /var/lib/postgresql/data, source: {type: volume, scope: project, id: db-data}}]
services: [{id: db, ports: [{port: 5432, protocol: tcp, internal: true}]}]
`)
	out, diags := SelectBuiltins(f)
	call := out.Modules[0].Call
	want := selectArgs(t, `
image: postgres:16
container-id: db
service-id: db
env:
- { name: POSTGRES_USER, value: pt.value db_postgres_user }
- { name: POSTGRES_PASSWORD, value: pt.secret db_password }
- { name: POSTGRES_DB, value: pt.value db_postgres_db }
data-volume: { type: volume, scope: project, id: db-data }
`)
	if call.Module != "polytope/postgres" || !ir.Equal(call.Args, want) {
		t.Fatalf("%s %v", call.Module, argNames(call))
	}
	if got := argNames(call); !slices.Equal(got, argNames(&ir.Call{Args: want})) {
		t.Errorf("order: %q", got)
	}
	image := f.Modules[0].Call.Args.Get("image").GetMeta().Rng
	wantDiag := diag.Diagnostic{
		Severity: diag.Note, Code: "polytope/builtin-exposes", Fate: diag.Approximated, Subject: image, Path: "modules.db.services",
		Message: "db: polytope/postgres also exposes port 5432 to the host; --builtins=never keeps it internal",
	}
	if !reflect.DeepEqual(diags, []diag.Diagnostic{wantDiag}) {
		t.Errorf("diagnostics: %+v", diags)
	}
}

func argNames(c *ir.Call) []string {
	var names []string
	for _, e := range c.Args.Entries {
		names = append(names, e.Key)
	}
	return names
}

const (
	postgresBase = `
image: postgres:16
id: db
mounts: [{path: /var/lib/postgresql/data, source: {type: volume, scope: project, id: v}}]
`
	postgresArgs = postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp}]}]\n"

	redpandaArgs = `
image: redpandadata/redpanda:v24
id: redpanda
restart: {policy: always}
mounts: [{path: /var/lib/redpanda/data, source: {type: volume, scope: project, id: rp}}]
cmd: [redpanda, start, --kafka-addr=0.0.0.0:9092, --advertise-kafka-addr=redpanda:9092,
  --pandaproxy-addr=0.0.0.0:8082, --advertise-pandaproxy-addr=redpanda:8082, --rpc-addr=0.0.0.0:33145,
  --advertise-rpc-addr=redpanda:33145, --schema-registry-addr=0.0.0.0:8081, --mode=dev-container, --smp=1,
  --default-log-level=debug]
`
	redpandaPorts = `
services:
- id: redpanda
  ports:
  - {port: 33145, protocol: tcp, label: rpc}
  - {port: 9092, protocol: tcp, label: kafka, internal: true}
  - {port: 8082, protocol: http, label: pandaproxy, internal: true}
  - {port: 8081, protocol: http, label: schema-registry}
  - {port: 9644, protocol: http, label: admin-api}
`
	pythonArgs = "{image: python:3, id: api, workdir: /app, cmd: [python, x.py]}"
)

func TestSelectFits(t *testing.T) {
	tests := []struct{ name, container, module, args string }{
		{"postgres that publishes its port", postgresArgs, "polytope/postgres", "image container-id service-id data-volume"},
		{
			"expose-as is the port itself", postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp, expose-as: 5432, internal: false}]}]",
			"polytope/postgres", "image container-id service-id data-volume",
		},
		{"ids that are the defaults", strings.ReplaceAll(postgresArgs, "id: db", "id: postgres"), "polytope/postgres", "image data-volume"},
		{
			"what polytope/container takes anyway", postgresArgs + "no-stdin: false\ntty: true\nupdate-image: false\nenv: []\nuser: null",
			"polytope/postgres", "image container-id service-id data-volume env",
		},
		{
			"a script at the module's path", strings.Replace(postgresArgs, "mounts: [", `mounts: [
  {path: /docker-entrypoint-initdb.d/data-backup.sql, source: {type: host, path: a.sql}},`, 1),
			"polytope/postgres", "image container-id service-id data-volume scripts",
		},
		{"redpanda", redpandaArgs + redpandaPorts, "polytope/redpanda", "image data-volume log-level"},
		{
			"console", `
image: redpandadata/console
id: redpanda-console
env: [{name: CONFIG_FILEPATH, value: /etc/redpanda-console-config.yaml}]
restart: {policy: on-failure}
services: [{id: redpanda-console, ports: [{port: 8080, protocol: http}]}]
mounts:
- path: /etc/redpanda-console-config.yaml
  source: {type: string, data: "kafka:\n  brokers: [\"redpanda:9092\"]\nserver:\n  listenPort: 8080\nlogger:\n  level: info\n"}`,
			"polytope/redpanda!console", "image restart port",
		},
		{
			"connect", `
image: docker.redpanda.com/redpandadata/connect:4
id: connect
restart: {policy: always}
mounts: [{path: /connect.yaml, source: {type: host, path: connect.yaml}}]
services: [{id: redpanda-connect, ports: [{port: 4195, protocol: http}]}]`,
			"polytope/redpanda!connect", "image container-id config-file",
		},
		{"python", pythonArgs, "polytope/python", "image id cmd"},
		{
			"python with everything", `
image: "python:{pt.value tag}"
id: api
workdir: /app
cmd: python x.py
restart: {policy: always}
env: [{name: A, value: pt.secret a}]
services: [{id: api, ports: [{port: 80, protocol: http, expose-as: int pt.value port}]}]
mounts: [{path: /x, source: {type: host, path: x}}, {path: /app, source: {type: host, path: src}}]`,
			"polytope/python", "image id cmd restart env services code mounts",
		},
		{"python that installs, in words", `
image: python
workdir: /app
cmd: [sh, -c, "pip install -r /requirements.txt; python x.py"]
mounts: [{path: /requirements.txt, source: {type: host, path: r.txt}}]`, "polytope/python", "image cmd requirements"},
		{"nulls", "{image: node, workdir: /app, services: null, cmd: null}", "polytope/node", "image"},
		{"node", "{image: node, workdir: /app, mounts: [{path: /app, source: {type: host, path: .}}]}", "polytope/node", "image code"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			call, _ := selected(t, test.container)
			if got := strings.Join(argNames(call), " "); call.Module != test.module || got != test.args {
				t.Errorf("%s: %s", call.Module, got)
			}
		})
	}
}

func TestSelectNearMisses(t *testing.T) {
	mount := func(m string) string { return strings.Replace(postgresArgs, "mounts: [", "mounts: ["+m+",", 1) }
	tests := []struct{ name, container string }{
		{"another image", strings.Replace(postgresArgs, "postgres:16", "postgis/postgis:16", 1)},
		{"an extra mount", mount("{path: /x, source: {type: host, path: x}}")},
		{"a script of another name", mount("{path: /docker-entrypoint-initdb.d/init.sql, source: {type: host, path: x}}")},
		{"the data mounted twice", mount("{path: /var/lib/postgresql/data, source: {type: host, path: x}}")},
		{"no volume", "image: postgres:16\nservices: [{id: db, ports: [{port: 5432, protocol: tcp}]}]"},
		{"a volume elsewhere", strings.Replace(postgresArgs, "postgresql/data", "postgresql", 1)},
		{"a command", postgresArgs + "cmd: [postgres, -c, fsync=off]"},
		{"a command that is reset", postgresArgs + "cmd: []"},
		{"a user", postgresArgs + "user: root"},
		{"no TTY", postgresArgs + "tty: false"},
		{"closed stdin", postgresArgs + "no-stdin: true"},
		{"a scale", postgresArgs + "scaling: 2"},
		{"an unknown argument", postgresArgs + "privileged: true"},
		{"a policy the module does not know", postgresArgs + "restart: {policy: never}"},
		{"no port", postgresBase},
		{"no ports", postgresBase + "services: [{id: db, ports: []}]"},
		{"an alias", postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp}]}, {id: pg, ports: [{port: 5432, protocol: tcp}]}]"},
		{"another port", postgresBase + "services: [{id: db, ports: [{port: 5433, protocol: tcp}]}]"},
		{"another protocol", postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: udp}]}]"},
		{"another host port", postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp, expose-as: 15432}]}]"},
		{"a host port that is a value", postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp, expose-as: int pt.value p}]}]"},
		{"a label", postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp, label: sql}]}]"},
		{"services behind a reference", postgresBase + "services: pt.param s"},
		{"redpanda without labels", redpandaArgs + strings.ReplaceAll(strings.ReplaceAll(redpandaPorts, ", label: rpc", ""), ", label: kafka", "")},
		{"redpanda that publishes one port", redpandaArgs + "services: [{id: redpanda, ports: [{port: 9092, protocol: tcp, label: kafka}]}]"},
		{"redpanda with one port twice", redpandaArgs + strings.Replace(redpandaPorts,
			"port: 33145, protocol: tcp, label: rpc", "port: 9644, protocol: http, label: admin-api", 1)},
		{"connect under another name", `
image: redpandadata/connect
id: redpanda-connect
restart: {policy: always}
mounts: [{path: /connect.yaml, source: {type: host, path: connect.yaml}}]
services: [{id: connect, ports: [{port: 4195, protocol: http}]}]`},
		{"redpanda that does not restart", strings.Replace(redpandaArgs, "restart: {policy: always}", "", 1) + redpandaPorts},
		{"another workdir", strings.Replace(pythonArgs, "/app", "/srv", 1)},
		{"no workdir", strings.Replace(pythonArgs, "workdir: /app, ", "", 1)},
		{"an entrypoint", strings.Replace(pythonArgs, "{", "{entrypoint: [sh], ", 1)},
		{"another installation", `{image: python, workdir: /app, user: x, cmd: "pip install x"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if call, messages := selected(t, test.container); call.Module != "polytope/container" || messages != nil {
				t.Errorf("%s %q %q", call.Module, argNames(call), messages)
			}
		})
	}
}

// A port is only exposed where the host has it free.
func TestSelectAvoidsTakenPorts(t *testing.T) {
	internal := postgresBase + "services: [{id: db, ports: [{port: 5432, protocol: tcp, internal: true}]}]"
	publishing := func(port string) string {
		return "{image: x, services: [{id: x, ports: [" + port + "]}]}"
	}
	tests := []struct {
		name, other string
		want        string
	}{
		{"the same twice", internal, "polytope/container"},
		{"published", postgresArgs, "polytope/container"},
		{"published as such", publishing("{port: 80, protocol: tcp, expose-as: 5432}"), "polytope/container"},
		{"a value's default", publishing("{port: 80, protocol: tcp, expose-as: int pt.value port}"), "polytope/container"},
		{"in a range", publishing("{range: 5000-6000, protocol: tcp}"), "polytope/container"},
		{"in a list", publishing("{range: 1-2, expose-as: '80, 5432', protocol: tcp}"), "polytope/container"},
		{"another", publishing("{port: 5432, protocol: tcp, expose-as: 5433}"), "polytope/postgres"},
		{"internal", publishing("{port: 5432, protocol: tcp, internal: true}"), "polytope/postgres"},
		{"no number", publishing("{port: 5432, protocol: tcp, expose-as: pt.value unknown}"), "polytope/postgres"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := containers(t, "other", test.other, "db", internal)
			f.Bindings = []*ir.Binding{{Kind: ir.ValueRef, Name: "port", Default: ir.Word{ir.Variable{
				Name: "PORT", Op: ":-", Arg: ir.Literal("5432"),
			}}}}
			out, _ := SelectBuiltins(f)
			if got := out.Modules[1].Call.Module; got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
	f := containers(t, "db", internal)
	f.Modules = append(f.Modules, &ir.Module{ID: "pg", Call: &ir.Call{Module: "polytope/postgres"}})
	if out, _ := SelectBuiltins(f); out.Modules[0].Call.Module != "polytope/container" {
		t.Error("a built-in module's port is free")
	}
}

// Several ports are one diagnostic.
func TestSelectReportsPorts(t *testing.T) {
	_, messages := selected(t, redpandaArgs+redpandaPorts)
	want := []string{"m: polytope/redpanda also exposes ports 9092, 8082 to the host; --builtins=never keeps them internal"}
	if !slices.Equal(messages, want) {
		t.Errorf("got %q", messages)
	}
}

// What is not a call of polytope/container stays the same module.
func TestSelectLeavesOthers(t *testing.T) {
	f := &ir.File{Modules: []*ir.Module{
		{ID: "code", Code: &ir.Code{Lang: ir.JS, Source: "1"}},
		{ID: "none"},
		{ID: "bare", Call: &ir.Call{Module: "polytope/container"}},
		{ID: "local", Call: &ir.Call{Module: "code", Args: selectArgs(t, postgresArgs)}},
	}}
	out, diags := SelectBuiltins(f)
	if !slices.Equal(out.Modules, f.Modules) || diags != nil {
		t.Errorf("got %v %v", out.Modules, diags)
	}
}

// Comments stay with what moves; those on what does not go to the module.
func TestSelectKeepsComments(t *testing.T) {
	f := containers(t, "db", `
# the version in production
image: postgres:16
id: db
mounts:
- path: /var/lib/postgresql/data # the default
  source: {type: volume, scope: project, id: v}
# settings
env: [{name: A, value: a}]
services: [{id: db, ports: [{port: 5432, protocol: tcp}]}]
`)
	f.Modules[0].Comments.Head = "The database."
	out, _ := SelectBuiltins(f)
	m := out.Modules[0]
	if m.Call.Module != "polytope/postgres" {
		t.Fatal(m.Call.Module)
	}
	if got := m.Comments.Head; got != "The database.\nthe default" {
		t.Errorf("module: %q", got)
	}
	for key, want := range map[string]string{"image": "the version in production", "env": "settings"} {
		if got := m.Call.Args.Get(key).GetMeta().Comments.Head; got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
}

func TestSelectComparesPorts(t *testing.T) {
	tests := []struct {
		a, b    string
		exposed []int
		same    bool
	}{
		{"{port: 1, protocol: tcp}", "{port: 1, protocol: tcp, label: null, internal: false, expose-as: 1}", nil, true},
		{"{port: 1, protocol: tcp, internal: true}", "{port: 1, protocol: tcp}", []int{1}, true},
		{"{port: 1, protocol: tcp, internal: true}", "{port: 1, protocol: tcp, internal: true}", nil, true},
		{"{port: 1, protocol: tcp}", "{port: 1, protocol: tcp, internal: true}", nil, false},
		{"{port: 1, protocol: tcp, internal: true, expose-as: 2}", "{port: 1, protocol: tcp, expose-as: 2}", nil, false},
		{"{port: 1, protocol: tcp, internal: pt.param i}", "{port: 1, protocol: tcp}", nil, false},
		{"{port: pt.param p, protocol: tcp, internal: true}", "{port: pt.param p, protocol: tcp}", nil, false},
		{"{range: 1-2, protocol: tcp, expose-as: 1-2}", "{range: 1-2, protocol: tcp}", nil, true},
	}
	for _, test := range tests {
		exposed, same := comparePort(selectArgs(t, test.a), selectArgs(t, test.b))
		if same != test.same || !slices.Equal(exposed, test.exposed) {
			t.Errorf("%s and %s: got %v, %v", test.a, test.b, exposed, same)
		}
	}
	if _, same := comparePort(&ir.Ref{Kind: ir.ParamRef, Name: "p"}, &ir.Ref{Kind: ir.ParamRef, Name: "q"}); same {
		t.Error("two params are the same")
	}
}

func TestSplitWords(t *testing.T) {
	tests := []struct {
		in   string
		want []string
		ok   bool
	}{
		{"", nil, true},
		{"  a  b\t", []string{"a", "b"}, true},
		{"sh -c 'a b; c'", []string{"sh", "-c", "a b; c"}, true},
		{`a"b c"d\ e ''`, []string{"ab cd e", ""}, true},
		{`a 'b`, nil, false},
		{`a "b`, nil, false},
		{`a "\b"`, nil, false},
		{`a \`, nil, false},
	}
	for _, test := range tests {
		if got, ok := splitWords(test.in); ok != test.ok || !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, %v", test.in, got, ok)
		}
	}
}
