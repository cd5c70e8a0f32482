package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"hull/ir"
)

// compiled is the schema as a validator has it. That the compiler takes it
// shows that it is a schema.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("polytope.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("polytope.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parseYAML(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	// By way of JSON, so that numbers are what the validator knows.
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestGoldenFilesAreValid holds all that hull writes against the schema.
func TestGoldenFilesAreValid(t *testing.T) {
	s := compiled(t)
	files, err := filepath.Glob("../../golden/testdata/*/polytope.yml")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parseYAML(t, text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// in puts arguments into a call of a module.
func in(module, args string) string {
	return "modules:\n- id: m\n  module: " + module + "\n  args: " + args + "\n"
}

func TestAccepts(t *testing.T) {
	s := compiled(t)
	tests := []string{
		"{}", "modules: []", "modules:",
		"modules: [{id: m, code: '#pt-clj (println 1)'}]",
		"modules: [{id: m, module: local-base, args: {anything: [1, {x: y}]}}]",
		"modules: [{id: m, module: owner/project@rev:path/to!id, args: {x: 1}}]",
		"templates: [{id: t, run: [m, polytope/hello-world, {module: m, run-when: {after: x, after-condition: success}}]}]",
		"templates: [{id: t, params: [{id: p, type: [default, str, x]}], run: [{id: s, module: m, args: {a: pt.param p}}]}]",
		"modules: [{id: m, module: x, params: [{id: p, type: [either, str, [str], {a: int, b: [maybe, bool]}]}, {id: q, type: [env-var]}]}]",
		in("polytope/postgres", "{}"), "modules: [{id: m, module: polytope/postgres}]",
		in("polytope/redpanda!console", "{port: 8079}"),
		in("polytope/redpanda!console", "{port: pt.param port}"),
		in("polytope/redpanda!console", "{port: '#pt-param port'}"),
		in("polytope/redpanda!console", `{port: "#pt-js parseInt(params['port'])"}`),
		in("polytope/redpanda!console", `{port: "pt.clj (:port params)"}`),
		in("polytope/redpanda!console", "{port: null}"),
		in("polytope/redpanda!console", `{brokers: [{host: "pt.value h", port: 9092}, pt.param broker]}`),
		in("polytope/redpanda!console", "{brokers: pt.param brokers, log-level: pt.value level}"),
		in("polytope/redpanda!console", `{admin-url: "http://{pt.value h}:9644", restart: "pt.param restart"}`),
		in("polytope/redpanda!connect", "{config-file: {type: host, path: x}}"),
		in("polytope/container", "{image: x, env: [{name: A, value: 1}, {name: B, value: null}, {name: C, value: pt.secret c}]}"),
		in("polytope/container", "{image: x, cmd: [a, b]}"), in("polytope/container", "{image: x, cmd: a b}"),
		in("polytope/container", "{image: x, mounts: [{path: /d, source: {type: volume, scope: project, id: d}}, null]}"),
		in("polytope/container", `{image: x, mounts: [{path: "{pt.param root}/d", source: pt.param source}]}`),
		in("polytope/container", "{image: x, services: [{id: pt.param id, ports: [{port: 80, protocol: http, internal: true}]}]}"),
		in("polytope/container", `{image: x, services: [{id: w, ports: [{range: "1-9", protocol: tcp, expose-as: "1-9"}]}]}`),
	}
	for _, text := range tests {
		if err := s.Validate(parseYAML(t, []byte(text))); err != nil {
			t.Errorf("%s\n%v", text, err)
		}
	}
}

func TestRefuses(t *testing.T) {
	s := compiled(t)
	tests := []struct{ text, at string }{ // at: what the complaint names
		{"modles: []", "modles"},
		{"modules: [{module: x}]", "id"},
		{"modules: [{id: m}]", "oneOf"},
		{"modules: [{id: m, module: x, code: y}]", "oneOf"},
		{"modules: [{id: M, module: x}]", "/modules/0/id"},
		{"modules: [{id: m, module: 'a b'}]", "/modules/0/module"},
		{"modules: [{id: m, module: x, env: []}]", "env"},
		{"modules: [{id: m, module: x, params: [{id: p}]}]", "type"},
		{"modules: [{id: m, module: x, params: [{id: p, type: string}]}]", "/type"},
		{"modules: [{id: m, module: x, params: [{id: p, type: [mabye, str]}]}]", "/type"},
		{"templates: [{id: t}]", "run"},
		{"templates: [{id: t, run: [{id: s}]}]", "module"},
		{"templates: [{id: t, run: [{module: m, run-when: {after-condition: maybe}}]}]", "after-condition"},
		{"templates: [{id: t, run: [{module: polytope/redpanda!console, args: {port: x}}]}]", "/args/port"},
		{in("polytope/redpanda!console", "{port: '8079'}"), "/args/port"},
		{in("polytope/redpanda!console", "{port: pt.value port}"), "/args/port"},
		{in("polytope/redpanda!console", "{port: '#pt-secret port'}"), "/args/port"},
		{in("polytope/redpanda!console", `{port: "80{pt.param p}"}`), "/args/port"},
		{in("polytope/redpanda!console", "{port: 1.5}"), "/args/port"},
		{in("polytope/redpanda!console", "{prot: 1}"), "prot"},
		{in("polytope/redpanda!console", "{log-level: loud}"), "/args/log-level"},
		{in("polytope/redpanda!console", "{brokers: [{host: a}]}"), "/args/brokers/0"},
		{in("polytope/redpanda!console", "{brokers: pt.value brokers}"), "/args/brokers"},
		{in("polytope/redpanda!connect", "{}"), "config-file"},
		{"modules: [{id: m, module: polytope/redpanda!connect}]", "args"},
		{in("polytope/redpanda!connect", "{config-file: {type: hots, path: x}}"), "/config-file/type"},
		{in("polytope/redpanda!connect", "{config-file: {type: host, data: x}}"), "data"},
		{in("polytope/container", "{image: x, tty: 'yes please'}"), "/args/tty"},
		{in("polytope/container", "{image: x, mounts: [{path: d, source: {type: host, path: x}}]}"), "/mounts/0/path"},
		{in("polytope/container", "{image: x, services: [{id: w, ports: [{port: 80, protocol: htp}]}]}"), "/ports/0/protocol"},
		{in("polytope/container", "{image: x, services: [{id: w, ports: [{port: '80', protocol: http}]}]}"), "/ports/0/port"},
		{in("polytope/container", "{image: x, services: [{id: w, ports: [{range: 80, protocol: http}]}]}"), "/ports/0/range"},
		{in("polytope/container", "{image: x, services: [{ports: []}]}"), "id"},
	}
	for _, tt := range tests {
		err := s.Validate(parseYAML(t, []byte(tt.text)))
		if err == nil {
			t.Errorf("accepts %s", tt.text)
		} else if !strings.Contains(err.Error(), tt.at) {
			t.Errorf("%s\nnot about %s: %v", tt.text, tt.at, err)
		}
	}
}

// TestTypeWords holds the words of the type language against the parser's.
func TestTypeWords(t *testing.T) {
	for _, name := range ir.TypeNames() {
		if _, ds := ir.ParseType(ir.Str(name)); len(ds) > 0 {
			t.Errorf("%s is no type: %s", name, ds[0].Message)
		}
	}
	for _, op := range ir.TypeOperators() {
		for _, operands := range [][]ir.Expr{{ir.Str("str")}, {ir.Str("str"), ir.Str("str")}} {
			_, ds := ir.ParseType(ir.NewList(append([]ir.Expr{ir.Str(op)}, operands...)...))
			if len(ds) > 0 && strings.Contains(ds[0].Message, "unknown type operator") {
				t.Errorf("%s is no operator", op)
			}
		}
	}
}

func TestSameEveryTime(t *testing.T) {
	a, _ := Generate()
	b, _ := Generate()
	if !bytes.Equal(a, b) || !bytes.HasSuffix(a, []byte("}\n")) {
		t.Error("the schema differs from one time to the other")
	}
}
