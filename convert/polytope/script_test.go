package polytope_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"hull/convert/polytope"
	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/diag"
)

func readScript(text string) ([]*ir.Binding, *diag.Report) {
	f, report := polytope.Read(polytope.Options{Name: "a.yml", Text: []byte("modules: []"), Script: []byte(text), ScriptName: "s.sh"})
	for _, b := range f.Bindings {
		b.Meta = ir.Meta{}
	}
	return f.Bindings, report
}

func TestScript(t *testing.T) {
	x := func(op string, arg ...ir.WordPart) ir.Variable { return ir.Variable{Name: "X", Op: op, Arg: arg} }
	tests := []struct {
		in    string
		want  ir.Word // of the value n; nil for none
		codes string
	}{
		{`pt values set n v`, ir.Literal("v"), ""},
		{`pt values set n 'a b'"c $d"\ e`, ir.Word{ir.Text("a bc "), ir.Variable{Name: "d"}, ir.Text(" e")}, ""},
		{`pt value set n "\$x \" \\ \a"`, ir.Literal(`$x " \ \a`), ""},
		{`pt values set n ""`, ir.Word{}, ""},
		{`pt values set n "${X:-8080}"`, ir.Word{x(":-", ir.Text("8080"))}, ""},
		{`pt values set n "${X-a ${Y:?no}}"`, ir.Word{x("-", ir.Text("a "), ir.Variable{Name: "Y", Op: ":?", Arg: ir.Literal("no")})}, ""},
		{`pt values set n "${X:+b}${X+b}${X?}"`, ir.Word{x(":+", ir.Text("b")), x("+", ir.Text("b")), x("?")}, ""},
		{`pt values set n "$X"`, ir.Word{x("")}, ""},
		{`pt values set n "${X-}"`, ir.Word{x("")}, ""},
		{`pt values set n "${X:=1}"`, ir.Word{x(":-", ir.Text("1"))}, ""},
		{`pt values set n "$(cat conf/x)"`, ir.Word{ir.FileContent{Path: "conf/x"}}, ""},
		{`pt values set n "$(cat ./-x)"`, ir.Word{ir.FileContent{Path: "-x"}}, ""},
		{"v=\"a $X\"\npt values set n \"b ${v}\"", ir.Word{ir.Text("b a "), x("")}, ""},
		{"export v=\"a\"\npt values set n \"${v}\"", ir.Literal("a"), ""},
		{"f='a b'\npt values set n \"$(cat \"${f}\")\"", ir.Word{ir.FileContent{Path: "a b"}}, ""},
		{"pt values set n 1\npt values set n 2", ir.Literal("2"), ""},
		{"set -eu\ncd \"$(dirname \"$0\")\"\necho hello; ls | wc\npt values set n 1", ir.Literal("1"), ""},

		{`pt values set n "${X%.*}"`, nil, "script-command"},
		{`pt values set n "${#X}"`, nil, "script-command"},
		{`pt values set n "$(date)"`, nil, "script-command"},
		{`pt values set n "$1"`, nil, "script-command"},
		{`pt values set n *.txt`, nil, "script-command"},
		{`pt values set n ~/x`, nil, "script-command"},
		{`pt values set n $((1+1))`, nil, "script-command"},
		{"v=$(date)\npt values set n \"$v\"", nil, "script-command"},
		{`pt values set n --stdin < x`, nil, "script-command"},
		{`pt values set --file=x n 1`, nil, "script-command"},
		{`pt values set "$X" 1`, nil, "script-command"},
		{`pt values list`, nil, "script-command"},
		{`if true; then pt values set n 1; fi`, nil, "script-command"},
		{`x | pt secrets set n 1`, nil, "script-command"},
		{`pt run stack`, nil, ""},
		{`if`, nil, "script"},
		{`pt values set n "$(cat <(x))"`, nil, "script-command"},
		{`[[ -f x ]] && echo y`, nil, ""},
	}
	for _, tt := range tests {
		got, report := readScript(tt.in)
		var want []*ir.Binding
		if tt.want != nil {
			want = []*ir.Binding{{Kind: ir.ValueRef, Name: "n", Default: tt.want}}
			if len(tt.want) == 0 {
				want[0].Default = nil
			}
		}
		if !reflect.DeepEqual(got, want) || codesOf(report) != tt.codes {
			t.Errorf("%s\ngot  %+v (%s)\nwant %+v (%s)", tt.in, show(got), codesOf(report), show(want), tt.codes)
		}
		checkReport(t, report)
	}
}

func show(bs []*ir.Binding) []ir.Binding {
	var all []ir.Binding
	for _, b := range bs {
		all = append(all, *b)
	}
	return all
}

func TestScriptDocuments(t *testing.T) {
	got, _ := readScript("#!/bin/sh\n# A header.\n\n# The port\n# of the web.\npt values set p 1\n\n# Lonely.\n\npt secrets set q 2 # secret\npt values set r 3\n")
	want := []*ir.Binding{
		{Kind: ir.ValueRef, Name: "p", Default: ir.Literal("1"), Info: "The port\nof the web."},
		{Kind: ir.SecretRef, Name: "q", Default: ir.Literal("2"), Info: "secret"},
		{Kind: ir.ValueRef, Name: "r", Default: ir.Literal("3")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", show(got))
	}
}

// TestGoldenScripts reads the scripts that hull is known to write: nothing is to
// be said of them, and what was read is written to read the same again.
func TestGoldenScripts(t *testing.T) {
	files, _ := filepath.Glob("../../golden/testdata/*/values.sh")
	if len(files) == 0 {
		t.Skip("there are no golden outputs")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bindings, report := readScript(string(text))
		if len(report.Diagnostics) > 0 {
			t.Errorf("%s: %+v", file, report.Diagnostics)
		}
		again, err := writer.WriteScript(&ir.File{Bindings: bindings}, writer.Options{})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if got, _ := readScript(string(again)); !reflect.DeepEqual(got, bindings) {
			t.Errorf("%s: %+v, and written again %+v", file, show(bindings), show(got))
		}
	}
}

// FuzzScript holds that scripts are read to their end, and that what was read
// can be written and read again.
func FuzzScript(f *testing.F) {
	f.Add(`pt values set n "${X:-a\"b}"$(cat x)'y'`)
	f.Add("v=1 # c\nexport w=\"$v\"\npt secrets set n $w\n")
	f.Fuzz(func(t *testing.T, text string) {
		bindings, report := readScript(text)
		checkReport(t, report)
		written, err := writer.WriteScript(&ir.File{Bindings: bindings}, writer.Options{})
		if err != nil {
			return
		}
		again, report := readScript(string(written))
		for i := range bindings {
			if len(again) != len(bindings) || !reflect.DeepEqual(again[i].Default, bindings[i].Default) {
				t.Fatalf("%q: %+v, and written again %+v: %v\n%s", text, show(bindings), show(again), report.Diagnostics, written)
			}
		}
	})
}
