package jsonnet

import (
	"context"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/builtin"
)

const importLibrary = "local pt = import 'hull/polytope.libsonnet';\n"

// TestLibraryMistakes makes mistakes, and expects to be told which and where.
func TestLibraryMistakes(t *testing.T) {
	file := func(module string) string { return "pt.file(modules=[" + module + "])" }
	template := func(args string) string {
		return "pt.file(modules=[pt.module('a', 'o/p')], templates=[pt.template(" + args + ")])"
	}
	tests := []struct{ text, want string }{
		{file(`pt.container('Web', {image: 'x'})`), `"Web" is no id`},
		{file(`pt.container('web', {image: 'x', imgae: 'y'})`), `there is no imgae; there are image, cmd`},
		{file(`pt.container('web', {})`), `polytope/container needs image`},
		{file(`pt.module('a', 'o/p', code=pt.js('1'))`), `both a module to call and code`},
		{file(`pt.module('a')`), `neither a module to call nor code`},
		{file(`pt.module('a', code='1')`), `code is made by pt.js`},
		{file(`pt.module('a', 'b')`), `there is no module b; there are a`},
		{file(`pt.module('a', 'b/c d')`), `"b/c d" is no module`},
		{file(`pt.module('a', 'o/p', {x: 'pt.value y'})`), `"pt.value y" looks like a reference`},
		{file(`pt.module('a', 'o/p', {x: [{y: 'a {pt.secret z}'}]})`), `args.x[0].y: "a {pt.secret z}" looks like a reference`},
		{file(`pt.module('a', 'o/p', {x: '#pt-js 1'})`), `looks like a reference`},
		{file(`pt.module('a', 'o/p', {x: 'a' + pt.value('y')})`), `join texts and references with pt.interp or pt.format`},
		{file(`pt.module('a', 'o/p', {x: pt.type.str})`), `a type is no argument`},
		{file(`pt.module('a', 'o/p', {x: function() 1})`), `a function is no argument`},
		{file(`pt.module('a', 'o/p', 'x')`), `args are an object, not "x"`},
		{file(`pt.module('a', 'o/p'), pt.module('a', 'o/p')`), `there are several modules a`},
		{file(`{id: 'a'}`), `{"id":"a"} is no module`},
		{file(`pt.module('a', 'o/p') + {parms: []}`), `there is no parms`},
		{file(`pt.module('a', 'o/p', params={x: 'str'})`), `"str" is no type`},
		{file(`pt.module('a', 'o/p', params=['x'])`), `"x" is no param`},
		{file(`pt.module('a', 'o/p', params=[pt.declare('x', pt.type.str), pt.declare('x', pt.type.str)])`), `several params x`},
		{file(`pt.module('a', 'o/p', params={'x y': pt.type.str})`), `"x y" is no id`},
		{file(`pt.module('a', 'o/p', params={x: pt.type.string})`), `Field does not exist: string`},
		{file(`pt.module('a', 'o/p', params={x: pt.type.str}), pt.module('b', 'a')`), `a needs x`},
		{file(`pt.module('a', 'o/p', params={x: pt.type.str}), pt.module('b', 'a', {x: 'y', z: 1})`), `there is no z; there are x`},
		{file(`pt.module('a', 'o/p', {x: pt.value('a b')})`), `"a b" is no name of a value`},
		{file(`pt.module('a', 'o/p', {x: pt.interp(['a', 1])})`), `the parts are texts and references`},
		{file(`pt.module('a', 'o/p', {x: pt.interp(['{pt.', pt.value('x')])})`), `looks like a reference`},
		{file(`pt.module('a', 'o/p', {x: pt.format('%s', [])})`), `there are 1 %s, and 0 references`},
		{file(`pt.container('a', {image: 'x', services: {a: [pt.http(0)]}})`), `0 is no port`},
		{file(`pt.container('a', {image: 'x', services: {a: [pt.tcp('80')]}})`), `"80" is no port`},
		{file(`pt.container('a', {image: 'x', services: {a: [pt.tcp(80.5)]}})`), `80.5 is no port`},
		{file(`pt.container('a', {image: 'x', services: {a: [pt.port(80, 'ftp')]}})`), `"ftp" is none of http, https, tcp, udp`},
		{file(`pt.container('a', {image: 'x', services: {a: [pt.range('9-8', 'tcp')]}})`), `"9-8" is no range`},
		{file(`pt.container('a', {image: 'x', services: {a: [80]}})`), `80 is no port; pt.http`},
		{file(`pt.container('a', {image: 'x', services: {'A b': []}})`), `"A b" is no id`},
		{file(`pt.container('a', {image: 'x', env: {A: []}})`), `the variable A: [] is no text, number or boolean`},
		{file(`pt.container('a', {image: 'x', env: {'A=B': 1}})`), `"A=B" is no name of a variable`},
		{file(`pt.container('a', {image: 'x', mounts: {'data': pt.volume('x')}})`), `the path in the container is absolute`},
		{file(`pt.container('a', {image: 'x', mounts: {'/data': './data'}})`), `"./data" is no source; there are pt.host`},
		{file(`pt.container('a', {image: 'x', mounts: {'/data': pt.volume('X')}})`), `the volume "X": "X" is no id`},
		{file(`pt.container('a', {image: 'x', mounts: {'/data': pt.volume('x', scope='global')}})`), `"global" is none of project, job`},
		{file(`pt.module('a', 'o/p', pt.unchecked(1))`), `args are an object, not 1`},
		{file(`pt.container('a', pt.unchecked({create: 'pt.value x'}))`), `looks like a reference`},
		{template(`'t', ['b']`), `there is no module b; there are a`},
		{template(`'t', ['a', 'a']`), `there are several steps a`},
		{template(`'t', ['a', pt.step('o/p', after='b')]`), `it runs after "b", which is no step; there are a, o/p`},
		{template(`'t', ['a', pt.step('o/p', after='a', condition='done')]`), `"done" is none of success, always, failed`},
		{template(`'t', [pt.step('a', condition='always')]`), `a condition needs after`},
		{template(`'t', [{module: 'a'}]`), `{"module":"a"} is no step`},
		{template(`'t', 'a'`), `run is a list of steps`},
		{template(`'T', []`), `"T" is no id`},
		{`{ services: pt.value('x') }`, `a reference is used where text or plain data belongs`},
	}
	for _, test := range tests {
		_, report := Evaluate(context.Background(), Options{File: "main.jsonnet", Text: []byte(importLibrary + test.text)})
		d := firstError(report)
		if d.Code != "jsonnet/runtime" || !strings.Contains(d.Message, test.want) || d.Subject.Start.Line != 2 {
			t.Errorf("%s:\n%s %s: %s, want %s", test.text, place(d.Subject), d.Code, d.Message, test.want)
		}
	}
}

// TestLibraryBuiltIn compares the library's table of modules, and its types,
// with hull's.
func TestLibraryBuiltIn(t *testing.T) {
	for _, ref := range builtIns(t) {
		params, ok := builtin.Signature(ref)
		if !ok {
			t.Errorf("hull does not know %s", ref)
			continue
		}
		want := "{ required: ["
		var required, optional []string
		for _, p := range params {
			if ir.IsOptional(p.Type) {
				optional = append(optional, "'"+p.ID+"'")
			} else {
				required = append(required, "'"+p.ID+"'")
			}
		}
		slices.Sort(required)
		slices.Sort(optional)
		want += strings.Join(required, ", ") + "], optional: [" + strings.Join(optional, ", ") + "] }"
		if !strings.Contains(string(Library()), "'"+ref+"': "+want) {
			t.Errorf("the library does not have %s: %s", ref, want)
		}
	}
	if len(builtIns(t)) != len(builtin.Modules()) {
		t.Errorf("the library has %d modules, hull %d", len(builtIns(t)), len(builtin.Modules()))
	}
}

var builtInRow = regexp.MustCompile(`(?m)^  '(polytope/[a-z!-]+)': \{ required`)

func builtIns(t *testing.T) []string {
	t.Helper()
	var refs []string
	for _, m := range builtInRow.FindAllSubmatch(Library(), -1) {
		refs = append(refs, string(m[1]))
	}
	return refs
}

// TestLibraryElsewhere evaluates a program with the library by go-jsonnet
// alone: it needs nothing of hull's.
func TestLibraryElsewhere(t *testing.T) {
	vm := jsonnet.MakeVM()
	vm.Importer(&jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{LibraryName: jsonnet.MakeContentsRaw(Library())}})
	program, err := os.ReadFile("testdata/library.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	got, err := vm.EvaluateAnonymousSnippet("library.jsonnet", string(program))
	want, _ := os.ReadFile("testdata/library.golden")
	if err != nil || !strings.Contains(string(want), got) {
		t.Errorf("%s (%v)", got, err)
	}
}

var example = regexp.MustCompile("(?s)```jsonnet\n(.*?)```\\s+(?:[^`]*?\\n)?```yaml\n(.*?)```")

// TestDocumentation evaluates the examples of docs/jsonnet.md, each of which is
// followed by its result.
func TestDocumentation(t *testing.T) {
	doc, err := os.ReadFile("../../docs/jsonnet.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllStringSubmatch(string(doc), -1)
	if n := strings.Count(string(doc), "```jsonnet"); len(examples) != n || n < 5 {
		t.Errorf("%d of %d examples have a result", len(examples), n)
	}
	for _, e := range examples {
		program := e[1]
		if !strings.Contains(program, "import ") {
			program = importLibrary + program
		}
		docs, report := Evaluate(context.Background(), Options{File: "main.jsonnet", Text: []byte(program)})
		if len(docs) != 1 {
			t.Errorf("%s\n%+v", e[1], report.Diagnostics)
			continue
		}
		if got, want := asData(t, docs[0].Text), asData(t, []byte(e[2])); !reflect.DeepEqual(got, want) {
			text, _ := yaml.Marshal(got)
			t.Errorf("%s\nyields\n%s\nwant\n%s", e[1], text, e[2])
		}
	}
}

// asData is a text as JSON has its data.
func asData(t *testing.T, text []byte) any {
	t.Helper()
	var fromYAML, x any
	if err := yaml.Unmarshal(text, &fromYAML); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	asJSON, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(asJSON, &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestGuestbook compares a program with what the compose file of the same stack
// is converted to.
func TestGuestbook(t *testing.T) {
	docs, report := Evaluate(context.Background(), Options{File: "testdata/guestbook/polytope.jsonnet"})
	if len(docs) != 1 {
		t.Fatalf("%+v", report.Diagnostics)
	}
	want, err := os.ReadFile("../../golden/testdata/guestbook/polytope.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := docs[0].Text; !reflect.DeepEqual(asData(t, got), asData(t, want)) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
