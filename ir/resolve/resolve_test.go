package resolve_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"hull/convert/polytope"
	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// read reads a Polytope file. A script in it stands behind a line of "---".
func read(t *testing.T, text string) *ir.File {
	t.Helper()
	body, script, hasScript := strings.Cut(text, "\n---\n")
	opts := polytope.Options{Name: "polytope.yml", Text: []byte(body)}
	if hasScript {
		opts.Script, opts.ScriptName = []byte(script), "script.sh"
	}
	f, report := polytope.Read(opts)
	if f == nil {
		t.Fatalf("not read: %v", report.Diagnostics)
	}
	return f
}

// found are diagnostics as "line:column severity message [code]".
func found(ds []diag.Diagnostic) []string {
	var all []string
	for _, d := range ds {
		all = append(all, fmt.Sprintf("%d:%d %s %s [%s]", d.Subject.Start.Line, d.Subject.Start.Column, d.Severity, d.Message, d.Code))
	}
	return all
}

func toYAML(t *testing.T, x any) string {
	t.Helper()
	text, err := yaml.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// inContainer is a file whose only module is a container with the given
// arguments and params.
func inContainer(params, args string) string {
	text := "modules:\n- id: m\n  module: polytope/container\n"
	if params != "" {
		text += "  params:\n" + indent("  ", params)
	}
	return text + "  args:\n    image: i\n" + indent("    ", args)
}

func indent(by, text string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by) + "\n"
}

// Each argument of polytope/container becomes its field.
func TestContainer(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"id: a-b", "id: a-b"},
		{"cmd: echo {x}", "cmd: {line: 'echo {x}'}"},
		{"cmd: [echo, null, 'a b']", "cmd: {words: [echo, a b]}"},
		{"entrypoint: []", "entrypoint: {}"},
		{"cmd: null", ""},
		{
			"env: [{name: A, value: x}, null, {name: B, value: 8080}, {name: C, value: true}, {name: D, value: null}, {name: E}]",
			"env: [{name: A, value: x}, {name: B, value: '8080'}, {name: C, value: 'true'}, {name: D, value: null}, {name: E, value: null}]",
		},
		{"mounts: [{path: /a, source: {type: host, path: ./x}}, null]", "mounts: [{path: /a, source: {type: host, path: ./x}}]"},
		{"mounts: [{path: /a, source: {type: string, data: x}}]", "mounts: [{path: /a, source: {type: string, data: x}}]"},
		{
			"mounts: [{path: /a, source: {type: volume, scope: project, id: v, create: always, source: {type: host, path: p}}}]",
			"mounts: [{path: /a, source: {type: volume, scope: project, id: v, create: always, source: {type: host, path: p}}}]",
		},
		{
			"mounts: [{path: /a, source: {type: dataset, dataset: d, path: p, version: 3}}]",
			"mounts: [{path: /a, source: {type: dataset, dataset: d, path: p, version: 3}}]",
		},
		{
			"mounts: [{path: /a, source: {type: repo, repo: o/r, revision: main}}]",
			"mounts: [{path: /a, source: {type: repo, repo: o/r, revision: main}}]",
		},
		{
			"services: [{id: s, ports: [{port: 80, protocol: http, label: l, expose-as: 8080}, {port: 81, protocol: tcp, internal: true}]}]",
			"services: [{id: s, ports: [{port: 80, protocol: http, label: l, expose-as: '8080'}, {port: 81, protocol: tcp, internal: true}]}]",
		},
		{
			"services: [{id: s, ports: [{range: 80-90, protocol: udp, expose-as: '180-190'}]}]",
			"services: [{id: s, ports: [{range: 80-90, protocol: udp, expose-as: 180-190}]}]",
		},
		{"datasets: [{path: /d, sink: {type: 'a\"b', b: [1, null, 1.5]}}]", `datasets: [{path: /d, sink: '{"type":"a\"b","b":[1,null,1.5]}'}]`},
		{"user: 1000", "user: '1000'"},
		{"user: app", "user: app"},
		{"{tty: false, no-stdin: true, update-image: true}", "{tty: false, no-stdin: true, update-image: true}"},
		{"restart: {policy: on-failure, max-restarts: 3}", "restart: {policy: on-failure, max-restarts: 3}"},
		{"restart: {policy: always, max-restarts: null}", "restart: {policy: always}"},
		{"scaling: 0", "scaling: 0"},
		{"instance-type: large", "instance-type: large"},
		{"resources: {cpu: {request: 1, limit: 1.5}, memory: {limit: 512MB}}", "resources: {cpu: {request: 1, limit: 1.5}, memory: {limit: 512MB}}"},
		{"workdir: /app", "workdir: /app"},
	} {
		args := c.args
		if strings.HasPrefix(args, "{") {
			args = strings.ReplaceAll(strings.Trim(args, "{}"), ", ", "\n")
		}
		job, ds := resolve.Resolve(read(t, inContainer("", args)), resolve.Options{})
		if len(ds) > 0 || len(job.Containers) != 1 {
			t.Errorf("%s: %v, %v", c.args, job, found(ds))
			continue
		}
		want := resolve.Container{
			Task:  resolve.Task{Step: "m", Module: "m", Via: []string{"polytope/container"}},
			Image: "i", TTY: true,
		}
		if err := yaml.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		if got, want := toYAML(t, job.Containers[0]), toYAML(t, want); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.args, got, want)
		}
	}
}

func TestBuild(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{
			"{tags: [a, b], sources: [{path: /s, source: {type: host, path: x}}]}",
			"{tags: [a, b], sources: [{path: /s, source: {type: host, path: x}}], dockerfile: Dockerfile}",
		},
		{
			"{tags: [a], sources: [], dockerfile: D, target: t, labels: {a: b, c: 1}}",
			"{tags: [a], sources: [], dockerfile: D, target: t, labels: [{name: a, value: b}, {name: c, value: '1'}]}",
		},
		{
			"{tags: [a], sources: [], labels: ['a=b=c', {name: d, value: e}]}",
			"{tags: [a], sources: [], dockerfile: Dockerfile, labels: [{name: a, value: b=c}, {name: d, value: e}]}",
		},
	} {
		text := "modules:\n- id: m\n  module: polytope/build-image\n  args: " + c.args + "\n"
		job, ds := resolve.Resolve(read(t, text), resolve.Options{})
		if len(ds) > 0 || len(job.Builds) != 1 {
			t.Errorf("%s: %v, %v", c.args, job, found(ds))
			continue
		}
		want := resolve.Build{Task: resolve.Task{Step: "m", Module: "m", Via: []string{"polytope/build-image"}}}
		if err := yaml.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		if got, want := toYAML(t, job.Builds[0]), toYAML(t, want); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.args, got, want)
		}
	}
}

// cmdOf is the command line that the argument cmd yields in a module with
// params, and the diagnostics.
func cmdOf(t *testing.T, params, cmd, script string, args *ir.Map) (string, []string) {
	t.Helper()
	text := inContainer(params, "cmd: "+cmd)
	if script != "" {
		text += "\n---\n" + script
	}
	job, ds := resolve.Resolve(read(t, text), resolve.Options{Module: "m", Args: args})
	if len(job.Containers) != 1 {
		t.Fatalf("%s: %v", cmd, found(ds))
	}
	c := job.Containers[0].Cmd
	switch {
	case c == nil:
		return "(none)", found(ds)
	case c.Words != nil:
		return strings.Join(c.Words, "|"), found(ds)
	}
	return c.Line, found(ds)
}

func TestExpressions(t *testing.T) {
	params := `
- {id: port, type: [default, str, '8080']}
- {id: n, type: [default, int, 3]}
- {id: half, type: [default, num, 0.5]}
- {id: on, type: [default, bool, true]}
- {id: opt, type: [maybe, str]}
- {id: words, type: [default, [str], [a, b]]}`
	script := "pt values set host 'db'\npt secrets set key \"${KEY:-s3}\"\npt values set later \"${LATER:?set it}\"\n"
	for _, c := range []struct {
		cmd, want string
		found     []string
	}{
		{cmd: "pt.param port", want: "8080"},
		{cmd: "pt.param words", want: "a|b"},
		{cmd: "pt.param opt", want: "(none)"},
		{cmd: "[x, pt.param opt, pt.param port]", want: "x|8080"},
		{cmd: "pt.value host", want: "db"},
		{cmd: "pt.secret key", want: "s3"},
		{cmd: `"{pt.value host}:{pt.param port}/{pt.secret key}?{pt.param n}&{pt.param on}&{pt.param opt}&{pt.param half}"`, want: "db:8080/s3?3&true&&0.5"},
		{cmd: `"#pt-js params.words.map((w) => w + params.n)"`, want: "a3|b3"},
		{cmd: `"#pt-js params['opt']"`, want: "(none)"},
		{
			cmd: "pt.value later", want: "",
			found: []string{"13:10 warning the value later has no text [resolve/unset]"},
		},
		{
			cmd: "[x, pt.secret gone]", want: "x|",
			found: []string{"13:14 warning the secret gone has no text [resolve/unset]"},
		},
		{
			cmd: "[x, pt.param prot]", want: "(none)",
			found: []string{`13:14 error cmd[1]: the module m declares no param "prot" [resolve/unknown-param]`},
		},
		{
			cmd: `"a{pt.param words}"`, want: "(none)",
			found: []string{"13:10 error cmd: a list cannot stand in a text [resolve/text]"},
		},
		{
			cmd: `["#pt-js parseInt('x')", b]`, want: "(none)",
			found: []string{"13:11 error cmd[0]: #pt-js parseInt('x'): its result is NaN, which is no number [resolve/code]"},
		},
		{
			cmd: `"#pt-py 1"`, want: "(none)",
			found: []string{"13:10 warning cmd: #pt-py is not evaluated [resolve/language]"},
		},
		{
			cmd: `"#pt-js 3"`, want: "3",
			found: []string{"13:10 error cmd: Must be a string or a list (got 3) [resolve/type]"},
		},
	} {
		got, ds := cmdOf(t, params, c.cmd, script, nil)
		if got != c.want || !slices.Equal(ds, c.found) {
			t.Errorf("%s: %q, %q; want %q, %q", c.cmd, got, ds, c.want, c.found)
		}
	}
}

// What the argument x of a type becomes, as code sees it.
func TestTypes(t *testing.T) {
	yes := &ir.Bool{Value: true}
	for _, c := range []struct {
		typ  string
		arg  ir.Expr
		want string // as JSON
		err  string // a part of the only message; empty for none
	}{
		{"str", ir.Str("a"), `"a"`, ""},
		{"str", ir.Num(1), `1`, "x: Must be a string (got 1)"},
		{"int", ir.Str("8079"), `"8079"`, `x: Must be an integer (got "8079")`},
		{"num", ir.Num(1), `1`, ""},
		{"bool", yes, `true`, ""},
		{"int", &ir.Float{Value: 1.5}, `1.5`, "x: Must be an integer (got 1.5)"},
		{"id", ir.Str("A"), `"A"`, "Must be an id"},
		{"docker-image", ir.Str("a b"), `"a b"`, "Must be an image name"},
		{"any", ir.NewList(yes), `[true]`, ""},
		{"any", nil, ``, ""},
		{"str", nil, ``, `module m needs the argument "x", a string`},
		{"str", &ir.Null{}, ``, `module m needs the argument "x", a string`},
		{"[maybe, str]", nil, ``, ""},
		{"[maybe, int]", ir.Str("a"), `"a"`, "Must be an integer"},
		{"[default, int, 3]", nil, `3`, ""},
		{"[default, int, 3]", &ir.Null{}, `3`, ""},
		{"[default, int, 3]", ir.Num(4), `4`, ""},
		{"[default, int, a]", nil, `"a"`, `x: Must be an integer (got "a")`},
		{"[default, str, pt.value v]", nil, `"text"`, ""},
		{"[either, int, [str]]", ir.NewList(ir.Str("a")), `["a"]`, ""},
		{"[either, int, [str]]", ir.NewList(ir.Num(1)), `[1]`, "x[0]: Must be a string (got 1)"},
		{"[either, int, bool]", ir.Str("a"), `"a"`, `Must be an integer or a boolean (got "a")`},
		{"[enum, a, 1]", ir.Num(1), `1`, ""},
		{"[enum, a, 1]", ir.Str("1"), `"1"`, `Must be one of a, 1 (got "1")`},
		{"[regex, '^a+$']", ir.Str("aa"), `"aa"`, ""},
		{"[regex, '^a+$']", ir.Str("b"), `"b"`, "Must be a string that matches ^a+$"},
		{"[map, id, int]", ir.NewMap("a", ir.Num(1)), `{"a":1}`, ""},
		{"[map, id, int]", ir.NewMap("a", ir.Str("b")), `{"a":"b"}`, "x.a: Must be an integer"},
		{"[map, id, int]", ir.NewMap("A", ir.Num(1)), `{"A":1}`, "x.A: Must be an id"},
		{"{a: int, b: [maybe, str], c: [default, int, 7]}", ir.NewMap("a", ir.Num(1)), `{"a":1,"c":7}`, ""},
		{"{a: int}", ir.NewMap(), `{}`, `x: needs the key "a", an integer`},
		{"{abc: [maybe, int]}", ir.NewMap("abd", ir.Num(1)), `{"abd":1}`, `x: there is no key "abd"`},
		{"{a: int}", ir.Str("a"), `"a"`, "Must be a map"},
		{"env-var", ir.NewMap("name", ir.Str("A"), "value", ir.Num(1)), `{"name":"A","value":1}`, ""},
		{"mount-source", ir.NewMap("type", ir.Str("vol")), `{"type":"vol"}`, `x.type: Must be one of dataset, host, repo, string, volume (got "vol")`},
		{"mount-source", ir.NewMap("type", ir.Str("volume"), "idd", ir.Str("v")), `{"type":"volume","idd":"v"}`, `x: there is no key "idd"`},
		{
			"service-spec", ir.NewMap("id", ir.Str("s"), "ports", ir.NewList(ir.NewMap("port", ir.Str("80"), "protocol", ir.Str("tcp")))),
			`{"id":"s","ports":[{"port":"80","protocol":"tcp"}]}`, `x.ports[0].port: Must be an integer (got "80")`,
		},
	} {
		args := &ir.Map{}
		if c.arg != nil {
			args.Set("x", c.arg)
		}
		got, ds := cmdOf(t, "- {id: x, type: "+c.typ+"}", `"#pt-js JSON.stringify(params.x)"`, "pt values set v text", args)
		if got == "(none)" {
			got = ""
		}
		if got != c.want || len(ds) != min(len(c.err), 1) || c.err != "" && !strings.Contains(ds[0], c.err) {
			t.Errorf("%s: %s, %q; want %s, %q", c.typ, got, ds, c.want, c.err)
		}
	}
}

const wrapped = `templates:
- id: stack
  params:
  - {id: tag, type: [default, str, latest]}
  run:
  - web
  - id: job
    module: polytope/container
    args: {image: "job:{pt.param tag}", cmd: run}
    run-when: {after: img, after-condition: success}
  - module: build
    id: img
modules:
- id: web
  module: web-base
  args: {url: "http://{pt.value host}:{pt.value web_port}", next: pt.value next_port, port: pt.value web_port}
- id: web-base
  module: polytope/container
  params:
  - {id: port, type: [default, str, '8080']}
  - {id: url, type: str}
  - {id: next, type: str}
  args:
    image: "web:{pt.value tag}"
    env:
    - {name: URL, value: pt.param url}
    - {name: PASSWORD, value: pt.secret password}
    - {name: DEBUG, value: "#pt-js params['port'] === '8080'"}
    - {name: LOUD, value: "#pt-js params['url'].toUpperCase()"}
    - {name: NEXT, value: "#pt-js String(parseInt(params.port) + 1)"}
    services:
    - {id: web, ports: [{port: 80, protocol: http, expose-as: "#pt-js parseInt(params['port'])"}]}
    - {id: "{pt.value host}-2", ports: [{port: "#pt-js parseInt(params['port'])", protocol: tcp}]}
- id: build
  module: polytope/build-image
  args: {tags: ["job:x"], sources: [{path: /, source: {type: host, path: src}}]}
---
pt values set web_port 8080
pt values set next_port 8081
pt values set host db
pt values set tag "${TAG:?set it}"
pt secrets set password s3cret
`

func TestTemplate(t *testing.T) {
	job, ds := resolve.Resolve(read(t, wrapped), resolve.Options{Args: ir.NewMap("tag", ir.Str("v2"))})
	if got, want := found(ds), []string{"24:12 warning the value tag has no text [resolve/unset]"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if job.Name != "stack" || len(job.Containers) != 2 || len(job.Builds) != 1 {
		t.Fatal(toYAML(t, job))
	}
	web, task := job.Containers[0], job.Containers[1]
	if !slices.Equal(web.Via, []string{"web-base", "polytope/container"}) || web.Step != "web" || web.Module != "web" || web.Rng.Start.Line != 6 {
		t.Errorf("%+v", web.Task)
	}
	if task.Image != "job:v2" || task.Step != "job" || len(task.Via) != 0 ||
		!slices.Equal(task.After, []resolve.Wait{{Step: "img", Condition: "success"}}) || task.Rng.Start.Line != 7 {
		t.Errorf("%+v %s", task.Task, task.Image)
	}
	if port := web.Services[1].Ports[0].Port; port != 8080 || *web.Env[2].Value != "true" {
		t.Errorf("port %d, %s", port, *web.Env[2].Value)
	}
}

func TestChoice(t *testing.T) {
	two := "modules:\n- {id: a, module: polytope/container, args: {image: x}}\n- {id: b, module: polytope/container, args: {image: y}}\n"
	withTemplates := two + "templates:\n- {id: s, run: [a]}\n- {id: t, run: [b]}\n"
	for _, c := range []struct {
		text       string
		opts       resolve.Options
		name, want string // the job's, and a part of message and help
	}{
		{withTemplates, resolve.Options{}, "s", ""},
		{withTemplates, resolve.Options{Template: "t"}, "t", ""},
		{withTemplates, resolve.Options{Module: "b"}, "b", ""},
		{two, resolve.Options{}, "", "more than one module: which is to be evaluated?; its modules are a, b"},
		{"modules:\n- {id: a, module: polytope/container, args: {image: x}}\n", resolve.Options{}, "a", ""},
		{"modules: []\n", resolve.Options{}, "", "neither a template nor a module"},
		{strings.ReplaceAll(withTemplates, "id: s", "id: stack"), resolve.Options{Template: "stak"}, "", `there is no template "stak"; did you mean "stack"?`},
		{withTemplates, resolve.Options{Module: "web"}, "", `there is no module "web"; its modules are a, b`},
	} {
		job, ds := resolve.Resolve(read(t, c.text), c.opts)
		name, said := "", ""
		if job != nil {
			name = job.Name
		}
		for _, d := range ds {
			said += d.Message + "; " + d.Help
		}
		if name != c.name || !strings.Contains(said, c.want) || c.want == "" && said != "" {
			t.Errorf("%+v: %q, %q; want %q, %q", c.opts, name, said, c.name, c.want)
		}
	}
}

// steps are the steps of a job's containers, with what each waits for.
func steps(job *resolve.Job) string {
	var all []string
	for _, c := range job.Containers {
		text := c.Step
		for _, w := range c.After {
			text += "(" + w.Step + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestStartOrder(t *testing.T) {
	for _, c := range []struct{ waits, want, found string }{
		{"a b c", "a b c", ""},
		{"a>c b c", "c a(c) b", ""},
		{"a>b b>c c", "c b(c) a(b)", ""},
		{"a>b b>a c", "b a(b) c", "a → b → a"},
		{"a>a b", "a b", "a → a"},
		{"a>b b>c c>b d>a", "c b(c) a(b) d(a)", "b → c → b"},
		{"a>x b", "a b", `a waits for "x"`},
		{"a b>a c>a", "a b(a) c(a)", ""},
	} {
		text := "templates:\n- id: t\n  run:\n"
		for _, step := range strings.Fields(c.waits) {
			id, after, _ := strings.Cut(step, ">")
			text += "  - {id: " + id + ", module: polytope/container, args: {image: x}"
			if after != "" {
				text += ", run-when: {after: " + after + "}"
			}
			text += "}\n"
		}
		job, ds := resolve.Resolve(read(t, text), resolve.Options{})
		said := strings.Join(found(ds), "\n")
		if steps(job) != c.want || !strings.Contains(said, c.found) || (c.found == "") != (said == "") {
			t.Errorf("%s: %s\n%s\nwant %s, %s", c.waits, steps(job), said, c.want, c.found)
		}
	}
}

func TestOpaque(t *testing.T) {
	for _, c := range []struct{ module, want, why string }{
		{"polytope/hello-world", "4:5 warning the module polytope/hello-world runs code, which is not evaluated [resolve/opaque]", "runs code: #pt-clj (println"},
		{"polytope/mailpit", "4:5 warning it is not known what the module polytope/mailpit does [resolve/unknown-module]", "not known"},
		{"other/project!mod", "4:5 warning it is not known what the module other/project!mod does [resolve/unknown-module]", "not known"},
		{"coder", "8:9 warning the module coder runs code, which is not evaluated [resolve/opaque]", "coder runs code: #pt-js pt.x()"},
		{"codr", `4:5 error there is no module "codr" [resolve/unknown-module]`, "no module"},
		{"s", `4:5 error "s" is a template, and a step calls a module [resolve/unknown-module]`, "is a template"},
		{"one", "10:21 error the call never ends: one → two → one [resolve/cycle]", "circle"},
		{"self", "11:22 error the call never ends: self → self [resolve/cycle]", "circle"},
	} {
		text := `templates:
- id: s
  run:
  - ` + c.module + `
  - polytope/redpanda!connect
modules:
- id: coder
  code: "#pt-js pt.x()"
- {id: one, module: two}
- {id: two, module: one}
- {id: self, module: self}
`
		text = strings.Replace(text, "  - polytope/redpanda!connect\n", "  - {id: good, module: polytope/container, args: {image: x}}\n", 1)
		job, ds := resolve.Resolve(read(t, text), resolve.Options{})
		if len(job.Opaque) != 1 || len(job.Containers) != 1 {
			t.Fatalf("%s: %s", c.module, toYAML(t, job))
		}
		if o := job.Opaque[0]; o.Module != c.module || o.Step != c.module || o.Rng.Start.Line != 4 || !strings.Contains(o.Why, c.why) {
			t.Errorf("%s: %+v", c.module, o)
		}
		if got := found(ds); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", c.module, got, c.want)
		}
	}
}

// TestPartial calls modules of files that are not there.
func TestPartial(t *testing.T) {
	f := read(t, `templates:
- {id: s, run: [elsewhere, here, s]}
modules:
- {id: here, module: base, args: {x: y}}
`)
	f.Partial = true
	job, ds := resolve.Resolve(f, resolve.Options{})
	const want = `2:34 error "s" is a template, and a step calls a module [resolve/unknown-module]`
	if got := found(ds); len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
	if len(job.Opaque) != 3 || !strings.Contains(job.Opaque[0].Why, `"elsewhere" is not in this file`) || !strings.Contains(job.Opaque[1].Why, `"base" is not in this file`) {
		t.Errorf("%+v", job.Opaque)
	}
}

// TestMissingArgument reports what a template needs once, and not where it is
// passed on.
func TestMissingArgument(t *testing.T) {
	_, ds := resolve.Resolve(read(t, `templates:
- {id: s, params: [{id: x, type: str}], run: [{module: m, args: {x: pt.param x}}]}
modules:
- {id: m, module: polytope/container, params: [{id: x, type: str}], args: {image: pt.param x}}
`), resolve.Options{})
	const want = `2:8 error template s needs the argument "x", a string [resolve/missing-arg]`
	if got := found(ds); len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
}

func TestArguments(t *testing.T) {
	text := inContainer("", "id: x\nentripoint: a\nsomething: b")
	_, ds := resolve.Resolve(read(t, text), resolve.Options{Args: ir.NewMap("y", ir.Num(1))})
	want := []string{
		`2:7 error module m has no param "y" [resolve/unknown-arg]`,
		`7:5 error module polytope/container has no param "entripoint" [resolve/unknown-arg]`,
		`8:5 warning module polytope/container has no param "something" [resolve/unknown-arg]`,
	}
	if got := found(ds); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A mistake is reported once, however many modules its argument goes through.
func TestMistakeOnce(t *testing.T) {
	text := `modules:
- id: a
  module: b
  args: {port: "80", env: [{nam: X}]}
- id: b
  module: polytope/container
  params: [{id: port, type: int}, {id: env, type: [env-var]}]
  args:
    image: x
    env: pt.param env
    services: [{id: s, ports: [{port: pt.param port, protocol: tcp}]}]
`
	job, ds := resolve.Resolve(read(t, text), resolve.Options{Module: "a"})
	want := []string{
		`4:16 error port: Must be an integer (got "80") [resolve/type]`,
		`4:28 error env[0]: needs the key "name", a string [resolve/type]`,
		`4:29 error env[0]: there is no key "nam" [resolve/type]`,
	}
	if got := found(ds); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if job.Containers[0].Services[0].Ports[0].Port != 80 {
		t.Errorf("the evaluation goes on with what there is: %+v", job.Containers[0])
	}
}

func TestLookup(t *testing.T) {
	lookup := func(kind ir.RefKind, name string) (string, bool) { return kind.String() + "-" + name, name != "gone" }
	text := inContainer("", "cmd: [pt.value a, pt.secret a, pt.value gone]")
	job, ds := resolve.Resolve(read(t, text+"\n---\npt values set a x\n"), resolve.Options{Lookup: lookup})
	if got := job.Containers[0].Cmd.Words; !slices.Equal(got, []string{"value-a", "secret-a", ""}) || len(ds) != 1 {
		t.Errorf("%q, %q", got, found(ds))
	}
}

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, info := range resolve.Codes {
		if seen[info.Code] || !strings.HasPrefix(info.Code, "resolve/") || info.Summary == "" || info.Detail == "" || info.Severity == 0 {
			t.Errorf("%+v", info)
		}
		seen[info.Code] = true
	}
}

// What cannot be evaluated is reported once; every argument that it flows into
// is absent, and the others are there.
func TestOpaqueArgument(t *testing.T) {
	text := `modules:
- id: a
  module: b
  args: {p: "#pt-py 1", n: pt.param n}
  params: [{id: n, type: num}]
- id: b
  module: polytope/container
  params: [{id: p, type: str}, {id: n, type: num}]
  args: {image: "x:{pt.param n}", id: "x{pt.param p}", cmd: [pt.param p], workdir: /w}
`
	job, ds := resolve.Resolve(read(t, text), resolve.Options{Module: "a", Args: ir.NewMap("n", &ir.Float{Value: 2})})
	if got := found(ds); !slices.Equal(got, []string{"4:13 warning p: #pt-py is not evaluated [resolve/language]"}) {
		t.Errorf("%q", got)
	}
	if c := job.Containers[0]; c.ID != "" || c.Cmd != nil || c.Image != "x:2.0" || c.Workdir != "/w" {
		t.Errorf("%+v", c)
	}
}

// One mount that cannot be evaluated is missing, and no other; a command without
// one of its words would be another one.
func TestOpaqueItem(t *testing.T) {
	text := `modules:
- id: a
  module: polytope/container
  args:
    image: x
    cmd: [serve, "#pt-py 1"]
    env: [{name: A, value: "#pt-py 1"}, {name: B, value: b}]
    mounts:
      - {path: /a, source: {type: volume, scope: project, id: a}}
      - {path: /b, source: {type: host, path: "#pt-py 1"}}
`
	job, _ := resolve.Resolve(read(t, text), resolve.Options{Module: "a"})
	c := job.Containers[0]
	if len(c.Mounts) != 1 || c.Mounts[0].Path != "/a" || len(c.Env) != 1 || c.Env[0].Name != "B" || c.Cmd != nil {
		t.Errorf("%+v", c)
	}
}

func TestConvert(t *testing.T) {
	for _, c := range []struct {
		to   ir.Basic
		x    ir.Expr
		want string // scaling, or the message
	}{
		{ir.IntType, ir.Str("7"), "7"},
		{ir.IntType, ir.Num(7), "7"},
		{ir.NumType, ir.Str("7"), "7"},
		{ir.IntType, ir.Str("7x"), `scaling: Must be an integer (got "7x")`},
		{ir.IntType, ir.NewList(), "scaling: Must be an integer (got a list)"},
		{ir.BoolType, ir.Str("yes"), `scaling: Must be a boolean (got "yes")`},
		{ir.BoolType, ir.Str("true"), "scaling: Must be an integer (got true)"},
		{ir.NumType, ir.Str("NaN"), `scaling: Must be a number (got "NaN")`},
		{ir.NumType, ir.Str("1.5"), "scaling: Must be an integer (got 1.5)"},
	} {
		args := ir.NewMap("image", ir.Str("x"), "scaling", &ir.Convert{To: c.to, X: c.x})
		f := &ir.File{Modules: []*ir.Module{{ID: "m", Call: &ir.Call{Module: "polytope/container", Args: args}}}}
		job, ds := resolve.Resolve(f, resolve.Options{})
		got := ""
		switch scaling := job.Containers[0].Scaling; {
		case len(ds) == 1:
			got = ds[0].Message
		case scaling != nil:
			got = fmt.Sprint(*scaling)
		}
		if got != c.want {
			t.Errorf("%s %v: %s, want %s", c.to, c.x, got, c.want)
		}
	}
}
