package polytope_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hull/convert/polytope"
	"hull/ir/diag"
)

// compact is a file as JSON without spaces.
func compact(t testing.TB, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// args wraps an argument in a file, in the syntax that a name's extension says.
func args(x string, ext string) string {
	if ext == "edn" {
		return `{:modules [{:id :m :module :n :args {:a ` + x + `}}]}`
	}
	return "modules:\n- id: m\n  module: n\n  args:\n    a: " + x + "\n"
}

func TestArgs(t *testing.T) {
	tests := []struct {
		ext, in, want string
		codes         string
	}{
		{"yml", "1", `1`, ""},
		{"yml", "0x10", `16`, ""},
		{"yml", "1.5", `1.5`, ""},
		{"yml", "true", `true`, ""},
		{"yml", "~", `null`, ""},
		{"yml", "", `null`, ""},
		{"yml", "text", `"text"`, ""},
		{"yml", "2001-12-14", `"2001-12-14"`, ""},
		{"yml", "!!str 1", `"1"`, ""},
		{"yml", "'1'", `"1"`, ""},
		{"yml", "off", `"off"`, "yaml-ambiguous"},
		{"yml", "22:22", `"22:22"`, "yaml-ambiguous"},
		{"yml", ".inf", `".inf"`, "number"},
		{"yml", "12345678901234567890", `"12345678901234567890"`, "number"},
		{"yml", "!mine x", `"x"`, "tag"},
		{"yml", "{80: x}", `{"80":"x"}`, "text"},
		{"yml", "{? [1] : x}", `{}`, "shape"},
		{"yml", "{b: 1, b: 2}", `{"b":2}`, "duplicate-key"},
		{"yml", "{url: postgres://h/db?ssl=1}", `{"url":"postgres://h/db?ssl=1"}`, ""},
		{"yml", "[&x {b: 1}, *x, {<<: *x, c: 2}, {<<: [*x], b: 3}]", `[{"b":1},{"b":1},{"c":2,"b":1},{"b":3}]`, ""},
		{"yml", "{path: {/root/, source: {type: host}}}", `{"path":{"/root/":null,"source":{"type":"host"}}}`, ""},

		{"yml", "pt.value x", `"pt.value x"`, ""},
		{"yml", "pt.values x", `"pt.value x"`, "spelling"},
		{"yml", "pt.secrets x", `"pt.secret x"`, "spelling"},
		{"yml", "'  pt.param  x '", `"pt.param x"`, ""},
		{"yml", "pt.input x", `"pt.param x"`, "newer-dialect"},
		{"yml", "'#pt-value x'", `"pt.value x"`, "older-dialect"},
		{"yml", "'#pt-secret x'", `"pt.secret x"`, "older-dialect"},
		{"yml", "'#pt-param x'", `"pt.param x"`, "older-dialect"},
		{"yml", "'{pt.secret x}'", `"{pt.secret x}"`, ""},
		{"yml", "'a {pt.value x}{ pt.values y } b'", `"a {pt.value x}{pt.value y} b"`, "spelling"},
		{"yml", "pt.value x y", `"#pt-js \"pt\\x2evalue x y\""`, "reference"},
		{"yml", "'{pt.value}'", `"#pt-js \"\\x7bpt\\x2evalue\\x7d\""`, "reference"},
		{"yml", "'#pt-rb x'", `"#pt-js \"#pt\\x2drb x\""`, "reference"},
		{"yml", "x pt.value y", `"x pt.value y"`, ""},

		{"yml", "'#pt-js f(1)'", `"#pt-js f(1)"`, ""},
		{"yml", "pt.clj (f)", `"#pt-clj (f)"`, ""},
		{"yml", "|-\n      #pt-py\n      f(1)\n      g()", `"#pt-py f(1)\ng()"`, ""},
		{"yml", `'#pt-js "a"'`, `"a"`, ""},
		{"yml", `'#pt-js "pt\x2evalue x"'`, `"#pt-js \"pt\\x2evalue x\""`, ""},
		{"yml", `'#pt-js "a\\x41"'`, `"a\\x41"`, ""},
		{"yml", `'#pt-js "a" + "b"'`, `"#pt-js \"a\" + \"b\""`, ""},

		{
			"edn", `[1 -2 3N 0x1F 017 2r101 +5 1.5 2e3 4.0M nil true :k "s" \a \newline \u0041 \o101]`,
			`[1,-2,3,31,15,5,5,1.5,2000.0,4.0,null,true,"k","s","a","\n","A","A"]`, "",
		},
		{"edn", `[1/2 99999999999999999999 ##Inf 08x]`, `["1/2","99999999999999999999","##Inf","08x"]`, "number number number number"},
		{"edn", `#{1 2}`, `[1,2]`, "set"},
		{"edn", `#inst "2001-12-14"`, `"2001-12-14"`, "tag"},
		{"edn", `(f "a)" \) ; )` + "\n" + `#"[)]" #(g %) #_ x)`, `"#pt-clj (f \"a)\" \\) ; )\n#\"[)]\" #(g %) #_ x)"`, ""},
		{"edn", `'x`, `"#pt-clj 'x"`, ""},
		{"edn", `#?(:clj 1)`, `"#pt-clj #?(:clj 1)"`, ""},
		{"edn", `params`, `"#pt-clj params"`, ""},
		{"edn", `#:n{:a 1 :m/b 2}`, `{"n/a":1,"m/b":2}`, ""},
		{"edn", `{"s" 1 :k 2 3 4}`, `{"s":1,"k":2,"3":4}`, "text"},
		{"edn", `[#_1 2 #_#_3 4 5 #_(6]`, ``, "syntax"},
		{"edn", `[#_1 2 #_ #_ 3 4 5 #_(6)]`, `[2,5]`, ""},
		{"edn", `:polytope/redpanda!console`, `"polytope/redpanda!console"`, ""},
		{"edn", `"\t\"\\\u00e9\ud83d\ude00\101"`, `"\t\"\\é😀A"`, ""},
		{"edn", `"a\qb"`, `"a\\qb"`, "syntax"},
		{"edn", `"pt.value x"`, `"pt.value x"`, ""},
		{"edn", `{:b 1 :b 2}`, `{"b":2}`, "duplicate-key"},
		{"edn", `{:b}`, ``, "syntax"},
		{"edn", `{[1] 2}`, `{}`, "shape"},
	}
	for _, tt := range tests {
		f, report := polytope.Read(polytope.Options{Name: "f." + tt.ext, Text: []byte(args(tt.in, tt.ext))})
		got := ""
		if f != nil {
			_, got, _ = strings.Cut(compact(t, write(t, f, "json")), `"args":{"a":`)
			got = strings.TrimSuffix(got, "}}]}")
		}
		if got != tt.want || codesOf(report) != tt.codes {
			t.Errorf("%s\ngot  %s (%s)\nwant %s (%s)", tt.in, got, codesOf(report), tt.want, tt.codes)
		}
		checkReport(t, report)
	}
}

// codesOf are the codes of a report without "polytope/".
func codesOf(r *diag.Report) string {
	var all []string
	for _, d := range r.Diagnostics {
		all = append(all, strings.TrimPrefix(d.Code, "polytope/"))
	}
	return strings.Join(all, " ")
}

// checkReport holds what is true of every report.
func checkReport(t testing.TB, r *diag.Report) {
	t.Helper()
	for _, d := range r.Diagnostics {
		isDocumented := slices.ContainsFunc(polytope.Codes(), func(i diag.Info) bool { return i.Code == d.Code })
		if !isDocumented && d.Code != "type/syntax" {
			t.Errorf("%s is not documented", d.Code)
		}
		if d.Message == "" || strings.Contains(d.Message+d.Help, "\n") || d.Fate.IsLoss() && d.Path == "" {
			t.Errorf("not a full diagnostic: %+v", d)
		}
		if d.Subject.IsValid() && d.Subject.End.Before(d.Subject.Start) {
			t.Errorf("the range is the wrong way round: %+v", d)
		}
	}
}

func TestFiles(t *testing.T) {
	tests := []struct{ name, in, want, codes string }{
		{"a.yml", "", `{}`, "empty"},
		{"a.yml", "# nothing\n", `{}`, "empty"},
		{"a.yml", "[1]", `{}`, "shape"},
		{"a.yml", "modules: x", `{}`, "shape"},
		{"a.yml", "modules:\n", `{}`, ""},
		{"a.yml", "modules: {a: {module: b}}", `{"modules":[{"id":"a","module":"b"}]}`, "shape"},
		{"a.yml", "modules: []\n---\nmodules: []\n", `{}`, "documents"},
		{"a.yml", "modules: [", ``, "syntax"},
		{"a.yml", "modules: [{id: {{ name }}}]", ``, "scaffold"},
		{"a.yml", "{{ name }}: [", ``, "scaffold"},
		{"a.yml", "a: \x00", ``, "syntax"},
		{"a.yml", "a: \xff", ``, "syntax"},
		{"a.yml", "modules: &a [*a]", ``, "syntax"},
		{"a.yml", "modules: " + strings.Repeat("[", 300) + strings.Repeat("]", 300), ``, "limit"},
		{"a.edn", "{:modules " + strings.Repeat("[", 300), ``, "limit"},
		{"a.edn", "{:modules " + strings.Repeat("(", 300), ``, "limit"},
		{"a.json", `{"modules": ` + strings.Repeat("[", 300), ``, "limit"},
		{"a.edn", "; none", `{}`, "empty"},
		{"a.edn", "{:modules []} 1", ``, "syntax"},
		{"a.edn", "{:modules [{:id :{{name}}}]}", ``, "scaffold"},

		{"a.yml", "modules: [{id: a, module: b, default?: true, api-version: '1'}]", `{"modules":[{"id":"a","api-version":"1","default?":true,"module":"b"}]}`, ""},
		{"a.yml", "modules: [{id: a, modul: b}]", `{"modules":[{"id":"a"}]}`, "unknown-key"},
		{"a.yml", "modules: [{id: a, module: b, env: [], services: []}]", `{"modules":[{"id":"a","module":"b"}]}`, "unknown-key unknown-key"},
		{"a.yml", "modules: [{id: 1, module: b}]", `{"modules":[{"id":"1","module":"b"}]}`, "text"},
		{"a.yml", "modules: [{id: [], module: b}]", `{"modules":[{"id":"","module":"b"}]}`, "shape"},
		{"a.yml", "modules: [{id: a, code: '(f)'}]", `{"modules":[{"id":"a","code":"#pt-clj (f)"}]}`, ""},
		{"a.yml", "modules: [{id: a, code: '#pt-js \"x\"'}]", `{"modules":[{"id":"a","code":"#pt-js \"x\""}]}`, ""},
		{"a.edn", "{:modules [{:id :a :code (f {:a \"}\"})}]}", `{"modules":[{"id":"a","code":"#pt-clj (f {:a \"}\"})"}]}`, ""},
		{"a.yml", "modules: [{id: a, args: {b: 1}}]", `{"modules":[{"id":"a","module":"","args":{"b":1}}]}`, "shape"},

		{"a.yml", "modules: [{id: a, module: b, params: {c: 1}}]", `{"modules":[{"id":"a","module":"b","args":{"c":1}}]}`, "older-dialect"},
		{"a.yml", "modules: [{id: a, module: b, params: {c: {type: host, path: x}}}]", `{"modules":[{"id":"a","module":"b","args":{"c":{"type":"host","path":"x"}}}]}`, "older-dialect"},
		{"a.yml", "modules: [{id: a, module: b, args: [{id: c, value: pt.value d}]}]", `{"modules":[{"id":"a","module":"b","args":{"c":"pt.value d"}}]}`, "older-dialect"},
		{"a.yml", "modules: [{id: a, module: b, args: [1]}]", `{"modules":[{"id":"a","module":"b"}]}`, "shape"},
		{"a.yml", "modules: [{id: a, module: b, params: [{id: c}]}]", `{"modules":[{"id":"a","module":"b","params":[{"id":"c","type":"any"}]}]}`, "param-type"},
		{"a.yml", "modules: [{id: a, module: b, params: [{id: c, type: [maybe, [map, str, foo]], name: C, info: i}]}]", `{"modules":[{"id":"a","module":"b","params":[{"id":"c","name":"C","info":"i","type":["maybe",["map","str","any"]]}]}]}`, "type/syntax"},
		{"a.edn", "{:modules [{:id :a :module :b :params [{:id :c :type [default {k [enum :x y]} {:k \"pt.value d\"}]}]}]}", `{"modules":[{"id":"a","module":"b","params":[{"id":"c","type":["default",{"k":["enum","x","y"]},{"k":"pt.value d"}]}]}]}`, ""},

		{"a.yml", "templates: [{id: a, run: [b, {id: c, module: d, args: {e: 1}, run-when: {after: b, after-condition: success}}]}]", `{"templates":[{"id":"a","run":["b",{"id":"c","module":"d","args":{"e":1},"run-when":{"after":"b","after-condition":"success"}}]}]}`, ""},
		{"a.yml", "templates: [{id: a, run-steps: [{module: d, params: {e: 1}}]}]", `{"templates":[{"id":"a","run":[{"module":"d","args":{"e":1}}]}]}`, "older-dialect older-dialect"},
		{"a.yml", "templates: [{id: a, run: [{id: x}]}]", `{"templates":[{"id":"a","run":[{"id":"x","module":""}]}]}`, "shape"},
		{"a.yml", "templates: [{id: a, run: [{module: x, run-when: {afer: y}}]}]", `{"templates":[{"id":"a","run":["x"]}]}`, "unknown-key"},
		{
			"a.yml", "templates: [{id: a, run: [x, {template: b}]}, {id: b, run: [x, y, {template: c, args: {k: v}}]}, {id: c, params: [{id: k, type: str}, {id: l, type: [default, int, 1]}], run: [{module: z, args: {m: 'pt.param k', n: '{pt.param l}-{pt.param k}'}}]}]",
			`{"templates":[{"id":"a","run":["x","y",{"module":"z","args":{"m":"v","n":"1-v"}}]},{"id":"b","run":["x","y",{"module":"z","args":{"m":"v","n":"1-v"}}]},{"id":"c","params":[{"id":"k","type":"str"},{"id":"l","type":["default","int",1]}],"run":[{"module":"z","args":{"m":"pt.param k","n":"{pt.param l}-{pt.param k}"}}]}]}`, "older-dialect older-dialect",
		},
		{"a.yml", "templates: [{id: a, run: [{template: a}, {template: b}]}]", `{"templates":[{"id":"a","run":["a","b"]}]}`, "shape shape"},

		{"a.yml", "tools: {a: {inputs: {b: {type: str}}, run: [{tool: c, args: {d: pt.input b}}]}}", `{"modules":[{"id":"a","module":"c","params":[{"id":"b","type":"str"}],"args":{"d":"pt.param b"}}]}`, "newer-dialect newer-dialect newer-dialect newer-dialect"},
		{
			"a.yml", "include: [x]\nmcp: 1\ninstructions: y\ntools: {a: {await: [b], run: [{tool: b}, {id: c, after: {step: b}, code: '(f)'}]}}",
			`{"templates":[{"id":"a","run":["b",{"id":"c","module":"a-c","run-when":{"after":"b"}}]}],"modules":[{"id":"a-c","code":"#pt-clj (f)"}]}`,
			strings.TrimSpace(strings.Repeat("newer-dialect ", 8)),
		},
	}
	for _, tt := range tests {
		f, report := polytope.Read(polytope.Options{Name: tt.name, Text: []byte(tt.in)})
		got := ""
		if f != nil {
			got = compact(t, write(t, f, "json"))
		}
		if got != tt.want || codesOf(report) != tt.codes {
			t.Errorf("%s\ngot  %s (%s)\nwant %s (%s)", tt.in, got, codesOf(report), tt.want, tt.codes)
		}
		checkReport(t, report)
	}
}

// TestBombs reads what is small and stands for much.
func TestBombs(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		before := string(rune(n[0] - 1))
		bomb += "a" + n + ": &a" + n + " [" + strings.TrimSuffix(strings.Repeat("*a"+before+", ", 10), ", ") + "]\n"
	}
	if f, report := polytope.Read(polytope.Options{Name: "a.yml", Text: []byte(bomb)}); f != nil || codesOf(report) != "limit" {
		t.Errorf("a bomb of aliases: %s", codesOf(report))
	}
	steps := "templates:\n- {id: t0, run: [x0, x1, x2, x3]}\n"
	for i := range 40 {
		a, b := string(rune('a'+i/26))+string(rune('a'+i%26)), ""
		if i > 0 {
			b = string(rune('a'+(i-1)/26)) + string(rune('a'+(i-1)%26))
		}
		steps += "- {id: t" + a + ", run: [{template: t" + b + "}, {template: t" + b + "}]}\n"
	}
	if _, report := polytope.Read(polytope.Options{Name: "a.yml", Text: []byte(steps)}); !report.HasErrors() {
		t.Error("the first of the templates includes one that is not there")
	}
	if _, report := polytope.Read(polytope.Options{Name: "a.yml", Text: make([]byte, 9<<20)}); codesOf(report) != "limit" {
		t.Errorf("a large file: %s", codesOf(report))
	}
}

// TestPositions finds the range of each diagnostic in its line.
func TestPositions(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a.yml", "modules:\n  - id: a\n    modulé: b\n", "modulé"},
		{"a.yml", "modules:\n  - {id: a, module: b, args: {c: 'é', d: pt.values x}}\n", "pt.values x"},
		{"a.yml", "modules:\n  - {id: a, module: b, args: {c: \"é\\n\", d: \"pt.values x\"}} # c\n", `"pt.values x"`},
		{"a.yml", "modules:\n  - id: [1,\n      2]\n    module: b", "[1,"},
		{"a.edn", "{:modules\n [{:id :a, :module :b, :args {:d \"pt.values é\"}}]}", `"pt.values é"`},
		{"a.json", "{\"modules\":\n [{\"id\": \"a\", \"module\": \"b\", \"é\": 1}]}", `"é"`},
		{"a.yml", "modules:\n  - {id: {{ name }}, module: b}", "{{ name }}"},
	}
	for _, tt := range tests {
		_, report := polytope.Read(polytope.Options{Name: tt.name, Text: []byte(tt.in)})
		if len(report.Diagnostics) != 1 {
			t.Errorf("%q: %+v", tt.in, report.Diagnostics)
			continue
		}
		at := report.Diagnostics[0].Subject
		line := []rune(strings.Split(tt.in, "\n")[at.Start.Line-1])
		end := at.End.Column - 1
		if at.End.Line > at.Start.Line {
			end = len(line)
		}
		if got := string(line[at.Start.Column-1 : end]); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestFormats(t *testing.T) {
	tests := []struct{ name, format, text string }{
		{"", "", "{:modules [{:id :a :module :b}]}"},
		{"", "", ";; a comment\n{:modules [{:id :a :module :b}]}"},
		{"", "", `{"modules": [{"id": "a", "module": "b"}]}`},
		{"", "", "modules: [{id: a, module: b}]"},
		{"", "", "{modules: [{id: a, module: b}]}"},
		{"x.txt", "edn", "{:modules [{:id :a :module :b}]}"},
		{"x.EDN", "", "{:modules [{:id :a :module :b}]}"},
		{"x.json", "yaml", "modules: [{id: a, module: b}]"},
	}
	for _, tt := range tests {
		f, report := polytope.Read(polytope.Options{Name: tt.name, Format: tt.format, Text: []byte(tt.text)})
		if f == nil || len(f.Modules) != 1 || len(report.Diagnostics) > 0 {
			t.Errorf("%+v: %+v", tt, report.Diagnostics)
		}
	}
}
