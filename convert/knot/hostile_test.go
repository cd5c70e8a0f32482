package knot

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hull/ir"
	"hull/ir/diag"
)

// TestHostileInput holds that nothing that can be put into a file does more
// than end in a diagnostic.
func TestHostileInput(t *testing.T) {
	set := map[string]string{"var.x": strings.Repeat("x", 50), "space.first_boot": "true"}
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i, c := range "bcdefghijkl" {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", "abcdefghijk"[i]), 9))
	}
	env := func(action string) string { return "image: x\nenvironment:\n  - 'A=" + action + "'\n" }
	for name, c := range map[string]struct{ text, code string }{
		"brackets":           {"image: " + strings.Repeat("[", 200_000), "knot/syntax"},
		"aliases":            {bomb + "image: x\n", "knot/unknown-field"},
		"alias as a list":    {"image: x\nauth: &a [b]\nports: *a\n", "knot/invalid"},
		"alias to itself":    {"image: x\nauth: &a {b: *a}\n", ""},
		"self command":       {"image: x\ncommand: &a [*a]\n", ""},
		"too large":          {strings.Repeat("# a comment\n", 50_000), "knot/file"},
		"no text":            {"image: \xff\n", "knot/file"},
		"NUL":                {"image: \x00\n", "knot/file"},
		"a wide directive":   {env(`${{printf "%1000000000d" 1}}`), "knot/template-failed"},
		"a starred one":      {env(`${{printf "%*d" 1000000000 1}}`), "knot/template-failed"},
		"many directives":    {env(`${{printf "` + strings.Repeat("%[1]s", 2000) + `" .var.x}}`), "knot/template-failed"},
		"a range of numbers": {env(`${{range 1000000000000}}${{end}}`), "knot/template-failed"},
		"ranges in a range":  {env(`${{range 5000}}${{range 5000}}${{end}}${{end}}`), "knot/template-failed"},
		"much output":        {env(`${{range 9000}}${{printf "%900d" 1}}${{end}}`), "knot/template-failed"},
		"a doubled text":     {env(`${{$x := "xxxx"}}${{range 60}}${{$x = print $x $x}}${{end}}`), "knot/template-failed"},
		"a doubled quote":    {env(`${{$x := """" }}`), "knot/template-syntax"},
		"doubled maps":       {env(`${{$x := map "a" "b"}}${{range 60}}${{$x = map "a" $x "b" $x}}${{end}}${{json $x}}`), "knot/template-failed"},
		"a template in itself": {
			"image: x\n# ${{define \"a\"}}${{template \"a\"}}${{end}}\nhostname: ${{template \"a\"}}\n", "knot/template-failed",
		},
		"the file in itself":  {"image: x\nhostname: ${{template \"t\" .}}\n", "knot/template-failed"},
		"templates in others": {"image: x\n# " + doubling() + "\nhostname: ${{template \"a\"}}\n", "knot/template-failed"},
		"parentheses":         {env("${{" + strings.Repeat("(", 50_000)), "knot/template-syntax"},
		"conditions":          {env(strings.Repeat("${{if true}}", 5000) + strings.Repeat("${{end}}", 5000)), ""},
		"an error":            {env(`${{index .var.x 99}}`), "knot/template-failed"},
		"a wrong type":        {env(`${{toUpper 1}}`), "knot/template-failed"},
		"an odd map":          {env(`${{json (map "a")}}`), "knot/template-failed"},
		"a key of no text":    {env(`${{json (map 1 2)}}`), "knot/template-failed"},
		"a call":              {env(`${{call .var.x}}`), "knot/template-failed"},
		"many open ones":      {"image: x\nenvironment:\n" + strings.Repeat("- A=${{toUpper .var.y}}\n", 8000), ""},
		"many items":          {"# ${{if .space.first_boot}}\nimage: x\nenvironment: [" + strings.Repeat("äA=b,", 30_000) + "]\n# ${{end}}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(c.text)}}, Set: set}
			_, report := Read(o)
			Check(o)
			if c.code != "" && !hasError(report, c.code) {
				t.Errorf("no %s: %.300v", c.code, report.Diagnostics)
			}
		})
	}
}

// doubling defines templates each of which uses the next one twice.
func doubling() string {
	var b strings.Builder
	for c := 'a'; c < 'z'; c++ {
		fmt.Fprintf(&b, "${{define %q}}${{template %q}}${{template %[2]q}}${{end}}", string(c), string(c+1))
	}
	return b.String() + `${{define "z"}}x${{end}}`
}

func hasError(r *diag.Report, code string) bool {
	return slices.ContainsFunc(r.Diagnostics, func(d diag.Diagnostic) bool { return d.Code == code && d.Severity == diag.Error })
}

// FuzzRead holds that every input ends, in a file or an error, with codes that
// are documented and ranges that are in the text; that it ends the same twice;
// and that no mark of the reader's own gets out.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "dev")
	}
	f.Add("image: ${{- .space.name -}}\nhostname: ${{with .var.a}}${{.}}${{end}}", "a: b")
	f.Fuzz(func(t *testing.T, text, name string) {
		for _, set := range []map[string]string{nil, {"space.name": name, "space.first_boot": "true", "var.a": name, "var.size": "big"}} {
			o := Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(text)}}, Set: set}
			file, report := Read(o)
			if file == nil && !report.HasErrors() {
				t.Fatal("neither a file nor an error")
			}
			_, again := Read(o)
			if fmt.Sprint(report.Diagnostics) != fmt.Sprint(again.Diagnostics) {
				t.Fatalf("two reports:\n%v\n%v", report.Diagnostics, again.Diagnostics)
			}
			checkDiagnostics(t, text, append(report.Diagnostics, Check(o).Diagnostics...))
			checkMarks(t, text+name, file)
		}
	})
}

func checkDiagnostics(t *testing.T, text string, ds []diag.Diagnostic) {
	known := map[string]bool{}
	for _, i := range Codes() {
		known[i.Code] = true
	}
	lines := strings.Count(text, "\n") + 1
	for _, d := range ds {
		if !known[d.Code] || d.Message == "" || strings.Contains(d.Message, "\n") || d.Subject.Start.Line > lines {
			t.Fatalf("a bad diagnostic: %+v", d)
		}
	}
}

func checkMarks(t *testing.T, text string, file *ir.File) {
	if file == nil || strings.ContainsRune(text, 0xE000) {
		return
	}
	ir.Walk(file, func(n ir.Node) bool {
		if s, ok := n.(*ir.String); ok && strings.ContainsRune(s.Value, 0xE000) {
			t.Fatalf("a mark got out: %q", s.Value)
		}
		return true
	})
}
