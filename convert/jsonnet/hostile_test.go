package jsonnet

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hostilePrograms take too much, each in its way. Of some it cannot be told
// which limit they reach first.
var hostilePrograms = []struct{ name, text, message string }{
	{"recursion", `local f(x) = 1 + f(x + 1); f(0)`, "calls are nested deeper"},
	{"loop", `local f(x) = f(x + 1) tailstrict; f(0)`, ""},
	{"branches", `local f(n) = if n == 0 then 0 else f(n - 1) + f(n - 1); f(100)`, "takes longer than"},
	{
		"objects", `local o = { n: 0, a: local s = self; if s.n == 100 then 1 else (s + { n: s.n + 1 }).a + (s + { n: s.n + 1 }).a }; o.a`,
		"takes longer than",
	},
	{
		"asserts", `local o = { n: 0, assert local s = self; s.n == 100 || (s + { n: s.n + 1 }).n + (s + { n: s.n + 1 }).n > 0, x: 1 }; o.x`,
		"takes longer than",
	},
	{"comprehension", `local r = std.range(1, 3000); [x for x in r for y in r for z in r if false]`, "takes longer than"},
	{"makeArray", `std.makeArray(1e9, function(i) i)`, "an array of 1000000000 items"},
	{"range", `std.length(std.range(1, 2e9))`, "an array of 2000000000 items"},
	{"repeat", `std.repeat("xy", 1e9)`, "an array of 1000000000 items"},
	{"repeat long", `std.repeat("` + strings.Repeat("x", 100) + `", 1e7)`, "a string of 1000000000 characters"},
	{"doubling", `local d(s, n) = if n == 0 then s else d(s + s, n - 1); d("x", 60)`, "a string of"},
	{"doubling with text", `local d(s, n) = if n == 0 then s else d("x" + s + "y" + s, n - 1); std.length(d("x", 60))`, "a string of"},
	{"doubling a field", `local d(o, n) = if n == 0 then o.s else d({ s: o.s + o.s }, n - 1); d({ s: "x" }, 60)`, "a string of"},
	{"doubling by format", `local d(s, n) = if n == 0 then s else d("%s%s" % [s, s], n - 1); d("x", 60)`, ""},
	{"doubling by join", `local d(s, n) = if n == 0 then s else d(std.join("", [s, s]), n - 1); d("x", 60)`, ""},
	{"doubling an array", `local d(s, n) = if n == 0 then s else d(s + s, n - 1); std.length(d([1], 60))`, ""},
	{"import cycle", `import "recursion.jsonnet"`, "calls are nested deeper"},
	{"brackets", strings.Repeat("[", 200000), "nested deeper"},
	{"unary", strings.Repeat("-", 200000) + "1", "nested deeper"},
	{"sum", strings.Repeat("1+", 200000) + "1", "nested deeper"},
	{"locals", strings.Repeat("local a=1,b=2;", 50000) + "1", "nested deeper"},
	{"calls", "(function() 1)" + strings.Repeat("()", 200000), "nested deeper"},
	{"fields", "{}" + strings.Repeat(".a", 200000), "nested deeper"},
	{"nested in a variable", `std.extVar("nested")`, "nested deeper"},
	{"nested in an import", `import "nested.libsonnet"`, "nested deeper"},
	{"large", `importstr "large.txt"`, "larger than 4 MB"},
	{"large main", strings.Repeat(" ", maxFileSize+1), "larger than 4 MB"},
}

func TestHostile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "recursion.jsonnet", `(import "recursion.jsonnet") + 1`)
	write(t, dir, "nested.libsonnet", strings.Repeat("[", 200000))
	write(t, dir, "large.txt", strings.Repeat("x", maxFileSize+1))
	for _, test := range hostilePrograms {
		timeout := time.Minute
		if strings.HasPrefix(test.message, "takes longer") {
			timeout = 300 * time.Millisecond
		}
		opts := Options{
			File: "main.jsonnet", Text: []byte(test.text), Dir: dir, Timeout: timeout, MaxMemory: 300 << 20,
			Ext: Variables{Code: map[string]string{"nested": strings.Repeat("(", 200000)}},
		}
		docs, report := Evaluate(context.Background(), opts)
		d := firstError(report)
		if d.Code != "jsonnet/limit" && d.Code != "jsonnet/file" || !strings.Contains(d.Message, test.message) || docs != nil {
			t.Errorf("%s: %v: %s, want %q", test.name, d.Code, d.Message, test.message)
		}
		// What ends by itself tells where it was; what is given up cannot.
		if strings.HasPrefix(test.message, "takes longer") && !d.Subject.IsValid() {
			t.Errorf("%s: the program was given up", test.name)
		}
	}
}

// TestCancel ends a program by the context of its caller.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, report := Evaluate(ctx, Options{File: "main.jsonnet", Text: []byte(hostilePrograms[1].text)})
	if d := firstError(report); d.Message != "the evaluation was cancelled" {
		t.Errorf("%+v", d)
	}
}

// TestGivenUp looks at a program that go-jsonnet cannot be stopped in: the
// result holds the same lists over and over. It runs in a process of its own,
// since it takes memory until that ends.
func TestGivenUp(t *testing.T) {
	if os.Getenv("HULL_GIVE_UP") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestGivenUp$")
		cmd.Env = append(os.Environ(), "HULL_GIVE_UP=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%.2000s", err, out)
		}
		return
	}
	_, report := Evaluate(context.Background(), Options{
		File: "main.jsonnet", Text: []byte("std.foldl(function(a, i) [a, a], std.range(1, 60), 1)"), MaxMemory: 50 << 20,
	})
	if d := firstError(report); d.Code != "jsonnet/limit" {
		t.Errorf("%+v", d)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestConfinement imports what lies outside of the root.
func TestConfinement(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "secret.txt", "1")
	write(t, dir, "root/project/ok.libsonnet", "2")
	write(t, dir, "root/shared.libsonnet", "3")
	write(t, dir, "vendor/lib/a.libsonnet", "(import 'b.libsonnet') + import '../c.libsonnet'")
	write(t, dir, "vendor/lib/b.libsonnet", "4")
	write(t, dir, "vendor/c.libsonnet", "5")
	write(t, dir, "vendor/evil.libsonnet", "importstr '../secret.txt'")
	for link, target := range map[string]string{
		"root/project/link.txt": "../../secret.txt", "root/project/folder": "../..", "root/project/inside.libsonnet": "ok.libsonnet",
		"root/project/abs.txt": filepath.Join(dir, "secret.txt"),
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	outside, link, missing := "lies outside of the root folder", "is a link out of the root folder", "does not exist"
	tests := []struct{ text, want string }{
		{`import "ok.libsonnet"`, "2"},
		{`import "../shared.libsonnet"`, "3"},
		{`import "inside.libsonnet"`, "2"},
		{`import "lib/a.libsonnet"`, "9"},
		{`importstr "/etc/passwd"`, outside},
		{`importbin "/etc/passwd"`, outside},
		{`import "/etc/passwd"`, outside},
		{`importstr "../../secret.txt"`, outside},
		{`importstr "../../../../../../../../etc/passwd"`, outside},
		{`importstr "link.txt"`, link},
		{`importbin "link.txt"`, link},
		{`importstr "abs.txt"`, link},
		{`importstr "folder/secret.txt"`, link},
		{`import "evil.libsonnet"`, outside},
		{`import "nothing.libsonnet"`, missing},
		{`import "folder"`, link},
		{`import "."`, "is a folder, not a file"},
		{`import ""`, "an import names a file"},
		{`std.extVar("file")`, outside},
		{`std.extVar("code")`, outside},
	}
	for _, test := range tests {
		docs, report := Evaluate(context.Background(), Options{
			File: "main.jsonnet", Text: []byte("{ services: { x: " + test.text + " } }"),
			Dir: filepath.Join(dir, "root/project"), Root: filepath.Join(dir, "root"), JPaths: []string{filepath.Join(dir, "vendor")},
			Ext: Variables{
				StrFile: map[string]string{"file": "../../secret.txt"}, CodeFile: map[string]string{"code": "/etc/hosts"},
			},
		})
		got := firstError(report).Message
		if len(docs) == 1 {
			got = string(docs[0].Text)
		}
		if !strings.Contains(got, test.want) || strings.Contains(got, dir) {
			t.Errorf("%s: %s, want %s", test.text, got, test.want)
		}
	}
}

func FuzzEvaluate(f *testing.F) {
	for _, test := range hostilePrograms {
		if len(test.text) < 1000 {
			f.Add(test.text)
		}
	}
	f.Add(`local pt = import "hull/polytope.libsonnet"; pt.file(modules=[pt.container("a", { image: "b" })])`)
	f.Add("{ services: { web: { image: |||\n  x\n||| } } }")
	f.Fuzz(func(t *testing.T, text string) {
		_, report := Evaluate(context.Background(), Options{
			File: "main.jsonnet", Text: []byte(text), Dir: t.TempDir(), Timeout: 200 * time.Millisecond, MaxMemory: 200 << 20, MaxStack: 100,
		})
		for _, d := range report.Diagnostics {
			if d.Code == "jsonnet/internal" {
				t.Errorf("%+v", d)
			}
		}
	})
}
