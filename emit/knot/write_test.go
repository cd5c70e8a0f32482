package knot

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

func TestPlatform(t *testing.T) {
	job := &resolve.Job{Containers: []resolve.Container{{Image: "x"}}}
	for _, p := range []Platform{"", "Docker", "lxc"} {
		outputs, _, err := write(job, marks{}, Options{Platform: p})
		if !errors.Is(err, ErrPlatform) || !strings.Contains(err.Error(), "--platform") || len(outputs) > 0 {
			t.Errorf("%q: %v, %d outputs", p, err, len(outputs))
		}
	}
}

func TestNothing(t *testing.T) {
	for name, job := range map[string]*resolve.Job{"nil": nil, "empty": {Name: "stack"}} {
		outputs, ds, err := write(job, marks{}, Options{Platform: Docker})
		if err != nil || len(outputs) > 0 || !hasCode(ds, codeNothing) {
			t.Errorf("%s: %v, %d outputs, %v", name, err, len(outputs), ds)
		}
	}
	if _, ds, err := Write(nil, Options{Platform: Docker}); err != nil || !hasCode(ds, codeNothing) {
		t.Errorf("without a job: %v, %v", err, ds)
	}
	if _, ds, _ := write(&resolve.Job{Containers: []resolve.Container{{}}}, marks{}, Options{Platform: Docker}); !hasCode(ds, codeImage) {
		t.Errorf("without an image: %v", ds)
	}
}

func hasCode(ds []diag.Diagnostic, code string) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool { return d.Code == code })
}

func TestEncoding(t *testing.T) {
	job := &resolve.Job{Containers: []resolve.Container{{Image: "a\xff"}}}
	if _, _, err := write(job, marks{}, Options{Platform: Docker}); !errors.Is(err, errEncoding) {
		t.Errorf("a text that is not UTF-8 gives %v", err)
	}
}

// TestPlaces holds that what is reported points at the argument, in the
// innermost module of the file that has it.
func TestPlaces(t *testing.T) {
	at := func(line int) ir.Range {
		return ir.Range{File: "polytope.yml", Start: ir.Pos{Line: line, Column: 1}, End: ir.Pos{Line: line, Column: 5}}
	}
	arg := func(key string, line int, value ir.Expr) ir.Entry {
		return ir.Entry{Key: key, KeyRange: at(line), Value: value}
	}
	call := func(module string, args ...ir.Entry) *ir.Call {
		return &ir.Call{Module: module, Args: &ir.Map{Entries: args}}
	}
	f := &ir.File{Modules: []*ir.Module{
		{ID: "web", Call: call("web-base", arg("user", 3, ir.Str("u")), arg("workdir", 4, ir.Str("/")))},
		{ID: "web-base", Call: call("polytope/container", arg("user", 8, ir.Str("u")), arg("tty", 9, &ir.Bool{Value: true}), arg("no-stdin", 10, &ir.Null{}),
			arg("env", 11, ir.NewList(ir.Str("A"), &ir.String{Meta: ir.At(at(12))})))},
	}}
	task := resolve.Task{Rng: at(1), Step: "web", Module: "web", Via: []string{"web-base", "polytope/container"}}
	job := &resolve.Job{Containers: []resolve.Container{{Task: task, Image: "x", User: "u", Workdir: "/", TTY: true, InstanceType: "big", Env: []resolve.EnvVar{{Name: "A"}, {Name: "B"}}}}}
	_, ds, err := write(job, marks{}, Options{Platform: Docker, File: f})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, d := range ds {
		got[d.Path] = d.Subject.Start.Line
	}
	want := map[string]int{
		"modules.web-base.user": 8, "modules.web.workdir": 4, "modules.web-base.tty": 9, "modules.web-base.instance-type": 1,
		"modules.web-base.env[0]": 11, "modules.web-base.env[1]": 12,
	}
	for path, line := range want {
		if got[path] != line {
			t.Errorf("%s is at line %d, want %d", path, got[path], line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("reported: %v", got)
	}
}

// TestVariableNames holds that only values which came from knot are its own
// variables again.
func TestVariableNames(t *testing.T) {
	f := &ir.File{Bindings: []*ir.Binding{
		{Kind: ir.ValueRef, Name: "server_url", Info: "where it is"},
		{Kind: ir.ValueRef, Name: "custom_a", Info: "${{.custom.a}} of knot"},
		{Kind: ir.ValueRef, Name: "server_zone", Info: "${{.server.zone}} of knot: the zone of the server"},
	}}
	for name, want := range map[string]string{
		"server_url": "var.server_url", "custom_a": "custom.a", "server_zone": "server.zone",
		"user_email": "user.email", "web_port": "var.web_port", "a-b": "var.a_b",
	} {
		w := &writer{opts: Options{File: f}, names: variableNames{}}
		if got := w.variable(resolve.Part{Ref: &ir.Ref{Kind: ir.ValueRef, Name: name}}); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestSplitWords(t *testing.T) {
	for line, want := range map[string][]string{
		"":                        nil,
		" a  b\t":                 {"a", "b"},
		`a'b c'"d e"f`:            {"ab cd ef"},
		`"a\"b\n\$" 'c\' d\ e`:    {`a"b\n$`, `c\`, "d e"},
		`'' ""`:                   {"", ""},
		"echo $HOME *.go é":       {"echo", "$HOME", "*.go", "é"},
		`sh -c 'a && b; c > "d"'`: {"sh", "-c", `a && b; c > "d"`},
	} {
		if got, ok := splitWords(line); !ok || !slices.Equal(got, want) {
			t.Errorf("%s is split into %q %v, want %q", line, got, ok, want)
		}
	}
	for _, line := range []string{`a "b`, `a 'b`, `a\`, "a && b", "a; b", "a > b", "(a)", "a\nb"} {
		if got, ok := splitWords(line); ok {
			t.Errorf("%s is split into %q", line, got)
		}
	}
}

func TestMemory(t *testing.T) {
	for size, want := range map[string]string{
		"512MB": "512M", "4GB": "4G", "1024MB": "1G", "1.5GB": "1536M", "1KB": "1M", "1B": "1M", "2TB": "2048G", "268435456": "256M",
		"512m": "512M", "1GiB": "1G", "0MB": "", "-1MB": "", "lots": "", "9999999999999TB": "",
	} {
		c := &container{writer: &writer{symbols: marks{}}, Container: &resolve.Container{}}
		if got, _ := c.memory(size); got != want {
			t.Errorf("%s is %q, want %q", size, got, want)
		}
	}
}

func TestHouseNames(t *testing.T) {
	for module, id := range map[string]string{
		"web": "web", "polytope/postgres": "postgres", "polytope/postgres!simple": "postgres", "polytope/redpanda!console": "redpanda-console",
		"a/b@1.0:x!y": "y", "a/b@1.0": "b",
	} {
		if !slices.Contains(houseNames(module), id) {
			t.Errorf("%s has the names %q, and not %s", module, houseNames(module), id)
		}
	}
}

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range Codes() {
		if seen[i.Code] || !strings.HasPrefix(i.Code, area) || i.Summary == "" || i.Detail == "" || i.Severity == 0 {
			t.Errorf("%+v", i)
		}
		seen[i.Code] = true
	}
}
