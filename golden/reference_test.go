package golden

import (
	"slices"
	"strings"
	"testing"

	readpolytope "hull/convert/polytope"
	"hull/ir/check"
	"hull/ir/diag"
)

// referenceExamples are the examples that the Polytope reference marks as
// correct or wrong, by section. A correct one has nothing but notes, besides
// what notes.md says is wrong in the reference itself; a wrong one has the
// diagnostic that the reference describes.
var referenceExamples = []struct {
	section, text string
	want          []string // the codes of errors and warnings
	message       string   // that one of them holds
}{
	{"args, correct", `
modules:
- id: the-module-were-calling
  params:
  - {id: some-string-param, type: str}
  - {id: some-complex-param, type: [either, str, [any]]}
  - {id: some-param, type: str}
  - {id: some-param-2, type: str}
  - {id: some-param-3, type: {foo: str, bar: [any]}}
  code: "#pt-clj (println params)"
- id: caller
  params: [{id: bar, type: str}]
  module: the-module-were-calling
  args:
    some-string-param: "hello world"
    some-complex-param: [foo, {foo: bar}]
    some-param: pt.value foo
    some-param-2: pt.secret foo
    some-param-3:
      foo: "interpolated string with a value: {pt.value foo}"
      bar: [pt.param bar, pt.secret baz]
`, nil, ""},
	{"args, wrong", `
modules:
- id: callee
  params: [{id: some-param, type: int}]
  code: "#pt-clj (println (:some-param params))"
- id: caller
  module: callee
  args: {some-param: "#pt-js parseInt(pt.value('foo'))"}
`, []string{"check/value-in-code"}, "pt.value"},
	{"Correct type for args", `
modules:
- id: console
  module: polytope/redpanda!console
  args: {port: "8079"}
`, []string{"check/type"}, `Must be an integer (got "8079")`},
	{"after, wrong", `
templates:
- id: stack
  run:
  - redpanda
  - {module: api, run-when: {after: redpanda}}
modules:
- id: redpanda
  module: polytope/redpanda
  args: {data-volume: {type: volume, scope: project, id: redpanda-data}}
- id: api
  module: polytope/container
  args: {image: api, id: api}
`, []string{"check/waits-forever"}, "redpanda"},
	{"after, correct", `
templates:
- id: stack
  run: [redpanda, api, web-app]
modules:
- id: redpanda
  module: polytope/redpanda
  args: {data-volume: {type: volume, scope: project, id: redpanda-data}}
- {id: api, module: polytope/container, args: {image: api, id: api}}
- {id: web-app, module: polytope/container, args: {image: web-app, id: web-app}}
`, nil, ""},
	{"persistent volumes, wrong", `
templates:
- id: stack
  run: [polytope/redpanda]
`, []string{"check/no-volume"}, "volume"},
	{"persistent volumes, correct", `
modules:
- id: redpanda
  module: polytope/redpanda
  args:
    data-volume:
      type: volume
      scope: project
      id: redpanda-data
templates:
- id: stack
  run: [redpanda]
`, nil, ""},
	{"top-level and base module, correct but for pt.values", `
templates:
- id: stack
  run: [redpanda-console]
modules:
- id: redpanda-console
  info: Redpanda Console web UI
  module: redpanda-console-base
  args:
    port: pt.values redpanda_console_port
    redpanda-port: pt.values redpanda_port
- id: redpanda-console-base
  info: Redpanda Console web UI
  module: polytope/redpanda!console
  params:
  - {id: port, type: [default, str, "8080"]}
  - {id: redpanda-port, type: [default, str, "9092"]}
  args:
    brokers:
    - host: pt.value redpanda_host
      port: "#pt-js parseInt(params['redpandaPort'])"
    admin-url: "http://{pt.value redpanda_host}:9644"
    port: "#pt-js parseInt(params['port'])"
`, nil, ""},
	{"a value inside code, wrong", `
modules:
- id: api
  module: polytope/container
  args:
    image: api
    id: api
    services:
    - id: api
      ports: [{port: 8888, protocol: http, expose-as: "#pt-js parseInt(pt.value('api_port'))"}]
`, []string{"check/value-in-code"}, "pt.value"},
	{"a param that is not declared, wrong", `
modules:
- id: api
  module: polytope/container
  args:
    image: api
    id: api
    services:
    - id: api
      ports: [{port: 8888, protocol: http, expose-as: "#pt-js parseInt(params['api_port'])"}]
`, []string{"check/code-param"}, "api_port"},
	{"a declared param, correct", `
modules:
- id: api
  module: api-base
  args: {port: pt.value port}
- id: api-base
  module: polytope/container
  params: [{id: port, type: [default, str, "4000"]}]
  args:
    image: api
    id: api
    services:
    - id: api-base
      ports: [{port: 8888, protocol: http, expose-as: "#pt-js parseInt(params['port'])"}]
`, nil, ""},
	{"args as a list, which notes.md has read with a diagnostic", `
modules:
- id: api
  module: api-base
  args:
  - {id: port, value: pt.value port}
- id: api-base
  module: polytope/container
  params: [{id: port, type: [default, str, "4000"]}]
  args: {image: api, id: api, env: [{name: PORT, value: pt.param port}]}
`, nil, ""},
}

func TestReferenceExamples(t *testing.T) {
	for _, e := range referenceExamples {
		file, report := readpolytope.Read(readpolytope.Options{Name: "polytope.yml", Text: []byte(e.text)})
		if file != nil {
			report.Add(check.Check(file, check.Options{})...)
		}
		var got []string
		said := e.message == ""
		for _, d := range report.Diagnostics {
			if d.Severity > diag.Note {
				got = append(got, d.Code)
				said = said || strings.Contains(d.Message, e.message)
			}
		}
		if !slices.Equal(got, e.want) || !said {
			t.Errorf("%s: got %v, want %v with %q: %+v", e.section, got, e.want, e.message, report.Diagnostics)
		}
	}
}
