package check

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hull/ir"
	"hull/ir/diag"
)

// ruleTest is a file and what one rule says of it: "subject: message" for each
// finding, the subject being the text where it points to.
type ruleTest struct {
	code, text string
	want       []string
}

// container is a Polytope file that calls polytope/container with some arguments
// besides the image.
func container(args string) string {
	return "modules: [{id: m, module: polytope/container, args: {image: i, " + args + "}}]"
}

// called is a Polytope file whose module m has params, and passes args on to a
// module with the param p of some type.
func called(typ, params, arg string) string {
	return "modules: [{id: m, params: [" + params + "], module: n, args: {p: " + arg + "}}, " +
		"{id: n, params: [{id: p, type: " + typ + "}], code: '#pt-clj (println (:p params))'}]"
}

func (test ruleTest) run(t *testing.T, opts Options) {
	t.Helper()
	var got []string
	for _, d := range Check(readFile(t, test.text), opts) {
		if d.Code == test.code {
			got = append(got, subject(test.text, d.Subject)+": "+d.Message)
		}
	}
	if !slices.Equal(got, test.want) {
		t.Errorf("%s of\n%s\n got %q\nwant %q", test.code, test.text, got, test.want)
	}
}

// subject is the text where a range starts, up to the end of a flow value.
func subject(text string, rng ir.Range) string {
	lines := strings.Split(text, "\n")
	if !rng.IsValid() || rng.Start.Line > len(lines) {
		return "?"
	}
	rest := string([]rune(lines[rng.Start.Line-1])[rng.Start.Column-1:])
	if rest[0] == '"' {
		return rest[:strings.Index(rest[1:], `"`)+2]
	}
	if i := strings.IndexAny(rest[1:], ",]}:"); i >= 0 {
		return rest[:i+1]
	}
	return rest
}

func hit(code, text string, want ...string) ruleTest { return ruleTest{code, text, want} }
func miss(code, text string) ruleTest                { return ruleTest{code, text, nil} }

func TestRules(t *testing.T) {
	for _, test := range slices.Concat(typeTests, nameTests, codeTests, houseTests) {
		test.run(t, Options{HasScript: strings.Contains(test.text, "bindings:")})
	}
}

// TestEveryRuleIsTested requires of every rule a file that breaks it and one
// that nearly does.
func TestEveryRuleIsTested(t *testing.T) {
	hits, misses := map[string]int{}, map[string]int{}
	for _, test := range slices.Concat(typeTests, nameTests, codeTests, houseTests) {
		if len(test.want) > 0 {
			hits[test.code]++
		} else {
			misses[test.code]++
		}
	}
	for _, info := range Codes() {
		if info.Code != diag.UnusedAllow && (hits[info.Code] == 0 || misses[info.Code] == 0) {
			t.Errorf("%s has %d hits and %d misses", info.Code, hits[info.Code], misses[info.Code])
		}
	}
}

func TestCodesAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, info := range Codes() {
		if seen[info.Code] || !strings.HasPrefix(info.Code, "check/") {
			t.Errorf("%s: not a code of its own in this area", info.Code)
		}
		seen[info.Code] = true
		if info.Severity == 0 || info.Summary == "" || len(info.Detail) < 60 {
			t.Errorf("%s is not documented", info.Code)
		}
		if info.Code != diag.UnusedAllow && !strings.Contains(info.Detail, "(reference, \"") {
			t.Errorf("%s does not say where the reference asks for it", info.Code)
		}
	}
}

func TestNothingElseInGoodFiles(t *testing.T) {
	for _, text := range goodFiles {
		for _, d := range Check(readFile(t, text), Options{}) {
			if d.Severity > diag.Note {
				t.Errorf("%d:%d: %s: %s [%s] in\n%s", d.Subject.Start.Line, d.Subject.Start.Column, d.Severity, d.Message, d.Code, text)
			}
		}
	}
}

// goodFiles are examples of the reference, and what hull makes of a compose
// project.
var goodFiles = []string{
	// reference, "Base-level module", with pt.value for pt.values
	`
templates: [{id: stack, run: [redpanda-console]}]
modules:
  - id: redpanda-console
    module: redpanda-console-base
    args: {port: pt.value redpanda_console_port, redpanda-port: pt.value redpanda_port}
  - id: redpanda-console-base
    module: polytope/redpanda!console
    params:
      - {id: port, type: [default, str, "8080"]}
      - {id: redpanda-port, type: [default, str, "9092"]}
    args:
      brokers: [{host: pt.value redpanda_host, port: "#pt-js parseInt(params['redpandaPort'])"}]
      admin-url: "http://{pt.value redpanda_host}:9644"
      port: "#pt-js parseInt(params['port'])"`,
	// reference, "ALWAYS use persistent volumes" and "NEVER use run-when"
	`
modules:
  - id: redpanda
    module: polytope/redpanda
    args: {data-volume: {type: volume, scope: project, id: redpanda-data}}
templates: [{id: stack, run: [redpanda]}]`,
	// reference, "Basic module" and "Module that calls another module"
	`
modules:
  - id: hello-world
    params: [{id: message, type: [default, str, Hello world!]}]
    code: '#pt-clj (println (:message params))'
  - id: postgres
    params:
      - {id: image, type: [default, docker-image, 'public.ecr.aws/docker/library/postgres:16.2']}
      - {id: container-id, type: [default, str, postgres]}
      - {id: data-volume, type: [maybe, mount-source]}
      - {id: service-id, type: [default, str, postgres]}
      - {id: env, type: [maybe, [env-var]]}
      - {id: restart, type: [maybe, {policy: [enum, always, on-failure], max-restarts: [maybe, int]}]}
      - {id: scripts, type: [maybe, [mount-source]]}
    module: polytope/container
    args:
      image: pt.param image
      id: pt.param container-id
      mounts: |-
        #pt-clj (concat
         (when-let [v (:data-volume params)]
          [{:path "/var/lib/postgresql/data", :source v}])
         (for [s (:scripts params)]
          {:path   "/docker-entrypoint-initdb.d/data-backup.sql"
           :source s}))
      env: pt.param env
      tty: "#pt-clj (empty? (:scripts params))"
      restart: pt.param restart
      services: [{id: pt.param service-id, ports: [{protocol: tcp, port: 5432}]}]`,
	// reference, "Write stuff to be run in Polytope"
	`
modules:
  - id: api
    module: polytope/python
    params: [{id: cmd, type: [default, str, "bin/run"]}]
    args: {id: my-app, image: "python:3.13-slim", code: {type: host, path: ./modules/api}, cmd: pt.param cmd}
  - {id: api-test, module: api, args: {cmd: "bin/test"}}`,
	// what hull makes of a service that builds, one that migrates, a database
	`
templates:
  - id: stack
    run:
      - api-image
      - {module: api, run-when: {after: migrate, after-condition: success}}
      - {module: migrate, run-when: {after: api-image}}
      - db
modules:
  - id: api-image
    module: polytope/build-image
    args: {sources: [{path: /, source: {type: host, path: api}}], tags: [guestbook-api]}
  - id: api
    module: api-base
    args: {port: pt.value api_port}
  - id: api-base
    module: polytope/container
    params: [{id: port, type: [default, str, "8080"]}]
    args:
      image: guestbook-api
      id: api
      cmd: [./server, --verbose]
      env: [{name: DATABASE_URL, value: "postgres://app:{pt.secret db_password}@db:5432/guestbook"}]
      restart: {policy: always}
      services: [{id: api, ports: [{port: 4000, protocol: http, expose-as: "#pt-js parseInt(params['port'])"}]}]
  - id: migrate
    module: polytope/container
    args: {image: guestbook-api, id: migrate, cmd: [./migrate, up]}
  - id: db
    module: polytope/postgres
    args:
      image: postgres:16
      container-id: db
      service-id: db
      env: [{name: POSTGRES_PASSWORD, value: pt.secret db_password}]
      data-volume: {type: volume, scope: project, id: db-data}`,
}

func TestCheckIsDeterministicAndOrdered(t *testing.T) {
	text := "modules:\n- {id: B, module: nowhere}\n- {id: A, module: polytope/container, args: {imag: 1, tty: 'yes'}}\n" +
		"templates:\n- {id: t, run: [x, x]}"
	first := Check(readFile(t, text), Options{})
	if len(first) < 5 {
		t.Fatalf("only %v", first)
	}
	for i, d := range first {
		if i > 0 && d.Subject.Start.Before(first[i-1].Subject.Start) {
			t.Errorf("%v stands before %v", first[i-1], d)
		}
	}
	for range 20 {
		if again := Check(readFile(t, text), Options{}); !reflect.DeepEqual(first, again) {
			t.Fatalf("first %v\nthen %v", first, again)
		}
	}
}

func TestFindingsCarryPathHelpAndFix(t *testing.T) {
	tests := []struct{ code, text, path, help, fix string }{
		{codeType, container(`services: [{id: s, ports: [{port: "80", protocol: tcp}]}]`), "modules.m.args.services[0].ports[0].port", "write 80 without quotes", FixUnquote},
		{codeType, container(`cmd: [sleep, 5]`), "modules.m.args.cmd[1]", `write it in quotes: "5"`, FixQuote},
		{codeType, called("int", "{id: a-b, type: str}", "pt.param a-b"), "modules.m.args.p", `convert it: "#pt-js parseInt(params['aB'])"`, FixConvert},
		{codeSplit, container(`tty: pt.value x`), "modules.m.args.tty", `pass it to a base module as a str param, and write "#pt-js params['…'] === 'true'" there; see hull explain check/split`, FixSplit},
		{codeUnknownArg, container(`comand: x, moun: []`), "modules.m.args.moun", `did you mean "mounts"?`, ""},
		{"check/code-param", called("str", "{id: a-b, type: str}", `"#pt-js params['a-b']"`), "modules.m", "JavaScript sees params in camel case", FixSpelling},
		{"check/step-id", "templates: [{id: t, run: [{id: x, module: polytope/repl}]}]", "templates.t.run[0]", "leave the id out", FixDropStepID},
		{"check/volume-scope", container(`mounts: [{path: /a, source: {type: volume}}]`), "modules.m", "write scope: project", FixScopeProject},
		{"check/unknown-module", "templates: [{id: t, run: [postgres]}]", "templates.t.run[0]", `did you mean "polytope/postgres"?`, ""},
		{"check/no-volume", container("restart: {policy: always}, image: 'redis:7'"), "modules.m", "mount a volume of the project: {type: volume, scope: project, id: …}", ""},
	}
	for _, test := range tests {
		found := Check(readFile(t, strings.Replace(test.text, "image: i, restart", "restart", 1)), Options{})
		i := slices.IndexFunc(found, func(d diag.Diagnostic) bool { return d.Code == test.code && d.Path == test.path })
		if i < 0 {
			t.Errorf("%s at %s is not in %v", test.code, test.path, found)
		} else if found[i].Help != test.help || found[i].Fix != test.fix {
			t.Errorf("%s: help %q, fix %q", test.code, found[i].Help, found[i].Fix)
		}
	}
}

func TestOptions(t *testing.T) {
	acme := func(module string) ([]*ir.Param, bool) {
		return []*ir.Param{{ID: "size", Type: ir.IntType}}, module == "acme/thing" || module == "elsewhere"
	}
	const unset = "modules: [{id: m, module: polytope/hello-world, args: {message: pt.value x}}]\nbindings: [[value, y, z]]"
	tests := []struct {
		name, text string
		opts       Options
		want       []string
	}{
		{"unknown owner", "modules: [{id: m, module: acme/thing, args: {size: x}}]", Options{}, nil},
		{"signatures", "modules: [{id: m, module: acme/thing, args: {size: x}}]", Options{Signatures: acme}, []string{codeType}},
		{"signature of an id", "templates: [{id: t, run: [{module: elsewhere, args: {size: 1}}]}]", Options{Signatures: acme}, nil},
		{"unknown id", "templates: [{id: t, run: [elsewhere]}]", Options{}, []string{"check/unknown-module"}},
		{"partial", "templates: [{id: t, run: [elsewhere]}]", Options{}, nil},
		{"partial hosts", reaching("http://apii:4000"), Options{}, []string{"check/literal-env"}},
		{"no script", unset, Options{}, nil},
		{"script", unset, Options{HasScript: true}, []string{"check/unset-binding", "check/unused-binding"}},
		{"partial script", unset, Options{HasScript: true}, []string{"check/unset-binding"}},
	}
	for _, test := range tests {
		var got []string
		f := readFile(t, test.text)
		f.Partial = strings.HasPrefix(test.name, "partial")
		for _, d := range Check(f, test.opts) {
			got = append(got, d.Code)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestSeverities holds those that differ from the rule's own.
func TestSeverities(t *testing.T) {
	tests := []struct {
		code, text string
		want       diag.Severity
	}{
		{"check/volume-scope", container(`mounts: [{path: /a, source: {type: volume}}]`), diag.Warning},
		{"check/volume-scope", container(`mounts: [{path: /a, source: {type: volume, scope: job}}]`), diag.Note},
		{codeUnknownArg, container("create: always"), diag.Warning}, // another version may have it
		{codeUnknownArg, container("mount: []"), diag.Error},
		{codeUnknownArg, called("int", "", "1, create: 2"), diag.Error},
		{codeType, called("[enum, a, b]", "{id: a, type: [enum, a, c]}", "pt.param a"), diag.Warning},
		{codeType, called("[enum, a, b]", "{id: a, type: [enum, c, d]}", "pt.param a"), diag.Error},
		{codeType, called("str", "{id: a, type: [either, str, int]}", "pt.param a"), diag.Warning},
		{"check/unknown-module", "templates: [{id: t, run: [nothing]}]", diag.Error},
		{"check/unknown-module", "templates: [{id: t, run: [polytope/postgress]}]", diag.Warning},
	}
	for _, test := range tests {
		found := Check(readFile(t, test.text), Options{})
		if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == test.code && d.Severity == test.want }) {
			t.Errorf("%s as %s is not in %v", test.code, test.want, found)
		}
	}
}

// TestUnionsAreBounded checks unions inside unions, which could take any time.
func TestUnionsAreBounded(t *testing.T) {
	var typ ir.Type = ir.IntType
	var x ir.Expr = ir.Str("x")
	for range 60 {
		typ = ir.EitherType{Types: []ir.Type{ir.RecordType{Fields: []ir.Field{{Key: "a", Type: typ}}}, ir.StrType}}
		x = ir.NewMap("a", x)
	}
	f := &ir.File{Modules: []*ir.Module{
		{ID: "m", Call: &ir.Call{Module: "n", Args: ir.NewMap("p", x)}},
		{ID: "n", Params: []*ir.Param{{ID: "p", Type: typ}}, Code: &ir.Code{Lang: ir.Clojure, Source: "(:p params)"}},
	}}
	Check(f, Options{})
}

// TestChainsAreBounded checks modules each of which doubles a text.
func TestChainsAreBounded(t *testing.T) {
	twice := func() *ir.Interp {
		return &ir.Interp{Parts: []ir.Expr{
			&ir.Ref{Kind: ir.ParamRef, Name: "p"}, &ir.Ref{Kind: ir.ParamRef, Name: "p"}, &ir.Ref{Kind: ir.ParamRef, Name: "p"},
			&ir.Ref{Kind: ir.ParamRef, Name: "p"}, &ir.Ref{Kind: ir.ParamRef, Name: "p"}, &ir.Ref{Kind: ir.ParamRef, Name: "p"},
		}}
	}
	f := &ir.File{}
	param := []*ir.Param{{ID: "p", Type: ir.StrType}}
	for i := range maxChain - 3 {
		callee := fmt.Sprintf("m%d", i+1)
		f.Modules = append(f.Modules, &ir.Module{
			ID: fmt.Sprintf("m%d", i), Params: param, Call: &ir.Call{Module: callee, Args: ir.NewMap("p", twice())},
		})
	}
	f.Modules = append(f.Modules, &ir.Module{
		ID: fmt.Sprintf("m%d", maxChain-3), Params: param,
		Call: &ir.Call{Module: "polytope/redpanda", Args: ir.NewMap("log-level", twice())},
	})
	Check(f, Options{})
}

// TestBrokenFiles checks files that no reader makes, or only of broken ones.
func TestBrokenFiles(t *testing.T) {
	files := []*ir.File{
		{},
		{Modules: []*ir.Module{{}, {}}, Templates: []*ir.Template{{}, {Run: []*ir.Step{{}}}}},
		{Modules: []*ir.Module{{ID: "m", Params: []*ir.Param{{ID: "p"}}, Call: &ir.Call{Module: "m"}}}},
		{Modules: []*ir.Module{{ID: "m", Call: &ir.Call{Module: "polytope/container", Args: ir.NewMap("image", &ir.Interp{}, "mounts", ir.NewList(ir.NewMap("path", &ir.Map{})))}}}},
	}
	for _, broken := range []string{"params[", "params.", "`${params", "{a,} = params", "'", "/[", "(", ")", "params['x'", "\\"} {
		for _, lang := range []ir.Lang{ir.JS, ir.Clojure, ir.Python, ""} {
			files = append(files, &ir.File{Modules: []*ir.Module{{ID: "m", Params: []*ir.Param{{ID: "x"}}, Code: &ir.Code{Lang: lang, Source: broken}}}})
		}
	}
	for _, f := range files {
		for _, d := range Check(f, Options{HasScript: true}) {
			if d.Message == "" || d.Severity == 0 {
				t.Errorf("%v", d)
			}
		}
	}
}

func Example() {
	f := &ir.File{Modules: []*ir.Module{{ID: "web", Call: &ir.Call{
		Module: "polytope/redpanda!console", Args: ir.NewMap("port", ir.Str("8079")),
	}}}}
	for _, d := range Check(f, Options{}) {
		fmt.Println(d.Severity, d.Code, d.Message)
	}
	// Output: error check/type port: Must be an integer (got "8079")
}
