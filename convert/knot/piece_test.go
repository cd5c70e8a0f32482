package knot

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"hull/ir"
)

func pieces(text string) tmpl {
	s := newSource(Options{})
	d := &document{file: &file{text: text, given: newTextIndex(text)}}
	return s.cut(d, &yaml.Node{Kind: yaml.ScalarNode, Value: text, Line: 1, Column: 1})
}

func TestCut(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"plain $x ${y} {{z}}":  "'plain $x ${y} {{z}}'",
		"${{.a.b}}":            ".a.b",
		"${{ .a.b }}-${{$.c}}": ".a.b '-' .c",
		"x${{/* nothing */}}y": "'xy'",
		"${{toUpper .a}}":      "logic",
		"${{if .a}}b${{end}}c": "logic 'c'",
		"${{.a | toUpper}}":    "logic",
		"${{`literal`}}":       "'literal'",
		"$${{.a}}}":            "'$' .a '}'",
		"${{.a":                "'${{.a'", // reported with the file
	} {
		var got []string
		for _, p := range pieces(text) {
			switch {
			case p.logic != nil:
				got = append(got, "logic")
			case p.variable != "":
				got = append(got, "."+p.variable)
			default:
				got = append(got, "'"+p.text+"'")
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is cut into %v, want %s", text, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want []string
	}{
		{"a:b:c", 0, []string{"a", "b", "c"}},
		{"a:b:c", 2, []string{"a", "b:c"}},
		{"${{.a}}x:${{.b}}:", 0, []string{"${{.a}}x", "${{.b}}", ""}},
		{"${{.a}}:${{.b}}:c", 2, []string{"${{.a}}", "${{.b}}:c"}},
		{"${{index .a `:`}}", 0, []string{"${{index .a `:`}}"}},
		{"", 0, []string{""}},
	} {
		var got []string
		for _, p := range pieces(c.text).split(":", c.n) {
			got = append(got, p.String())
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q into %d: %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func TestReads(t *testing.T) {
	for text, want := range map[string]string{
		"${{if .a.b}}${{.c}}${{else}}${{toLower .d}}${{end}}": "a.b d",
		"${{range .a}}${{.b}}${{$.c}}${{quote $.d}}${{end}}":  "a d",
		"${{with .a}}${{toUpper .b}}${{else}}${{.c}}${{end}}": "a",
		"${{index .var \"my-var\" | printf \"%s\" .x}}":       "var.my-var x",
		"${{json .}}":                     "*",
		"${{$x := .a}}${{$x}}":            "a",
		"${{and (eq .a \"b\") (not .c)}}": "a c",
	} {
		whole, err := parseTemplate(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(newSource(Options{}).missing(whole), " "); got != want {
			t.Errorf("%s reads %s, want %s", text, got, want)
		}
	}
}

func TestTextIndex(t *testing.T) {
	text := "aä\n\n" + strings.Repeat("ö", 300) + "x\nend"
	x := newTextIndex(text)
	line, column := 1, 1
	for i, r := range text {
		want := ir.Pos{Line: line, Column: column}
		if got := x.pos(i); got != want {
			t.Fatalf("%d is at %v, want %v", i, got, want)
		}
		if got := x.offset(want); got != i {
			t.Fatalf("%v is %d, want %d", want, got, i)
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
	}
	if x.offset(ir.Pos{Line: 99, Column: 1}) != len(text) || x.pos(9999) != (ir.Pos{Line: 4, Column: 4}) {
		t.Error("what is not there is not the end")
	}
}

// TestRenderedPositions holds that diagnostics about an evaluated file point
// into the one that was given.
func TestRenderedPositions(t *testing.T) {
	text := "image: x\n# ${{if .var.a}}\n# ${{range 3}}\n# ${{end}}\ndns: [1.1.1.1, 'ä${{.var.b}}', bad]\n# ${{end}}\nports: ['${{toUpper .var.a}}:x', '1:y']\n"
	_, report := Read(Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(text)}}, Set: map[string]string{"var.a": "1"}})
	var got []string
	for _, d := range report.Diagnostics {
		if d.Code == "knot/invalid" {
			got = append(got, fmt.Sprintf("%d:%d %.20s", d.Subject.Start.Line, d.Subject.Start.Column, d.Message))
		}
	}
	want := []string{`5:16 dns: "ä${{.var.b}}"`, `5:32 dns: "bad" is no IP `, `7:9 port "1:x": "x", on `, `7:34 port "1:y": "y", on `}
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	for i := range want {
		want[i] = strings.TrimSpace(want[i])
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestParseSet(t *testing.T) {
	got, err := ParseSet([]string{"space.name=dev", ".var.my-var=a=b", "space.name=", "stack.db.var.x= y "})
	want := map[string]string{"space.name": "", "var.my-var": "a=b", "stack.db.var.x": " y "}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{"", "space.name", "name=x", "space.=x", "=x", "a b.c=d"} {
		if _, err := ParseSet([]string{bad}); err == nil {
			t.Errorf("%q is taken for a setting", bad)
		}
	}
}

func TestIsTemplate(t *testing.T) {
	for keys, want := range map[string]bool{
		"image": true, "image ports": true, "container_name image extra": true, "volumes": true, "volumes paths": true, "paths": true,
		"": false, "image services": false, "services volumes": false, "modules": false,
	} {
		if got := IsTemplate(strings.Fields(keys)); got != want {
			t.Errorf("%q: %v", keys, got)
		}
	}
}

// TestFiles holds that the two documents may come in any order and number of
// files.
func TestFiles(t *testing.T) {
	job, volumes := "image: x\nvolumes: ['${{.space.id}}-a:/a']\n", "volumes:\n  ${{ .space.id }}-a:\n"
	for _, texts := range [][]string{{job, volumes}, {volumes, job}, {job + "---\n" + volumes}, {volumes + "---\n" + job}, {"---\n" + volumes + "---\n---\n" + job + "...\n"}} {
		var o Options
		for i, text := range texts {
			o.Files = append(o.Files, NamedText{Name: fmt.Sprintf("f%d.yaml", i), Text: []byte(text)})
		}
		f, report := Read(o)
		if f == nil || len(f.Modules) != 1 || len(report.Diagnostics) > 0 {
			t.Errorf("%q: %v", texts, report.Diagnostics)
		}
	}
	for _, texts := range [][]string{nil, {volumes}, {""}} {
		var o Options
		for _, text := range texts {
			o.Files = append(o.Files, NamedText{Name: "f.yaml", Text: []byte(text)})
		}
		f, report := Read(o)
		if !report.HasErrors() {
			t.Errorf("%q: %v without an error", texts, f)
		}
	}
}

// TestSetTextStaysText holds that what is set is text, whatever it looks like.
func TestSetTextStaysText(t *testing.T) {
	set := map[string]string{"var.a": "${{.user.email}} pt.secret x \uE000v0\uE001", "var.on": "1"}
	body := "image: x\nenvironment:\n- A=${{.var.a}}\n- B=${{print .var.a}}\n- C=${{if .var.on}}${{.var.a}}${{end}}\n"
	for _, text := range []string{body, "# ${{if .var.on}}\n" + body + "# ${{end}}\n"} {
		f, report := Read(Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(text)}}, Set: set, Values: ValuesNone})
		if f == nil || report.HasErrors() {
			t.Fatalf("%q: %v", text, report.Diagnostics)
		}
		for _, item := range f.Modules[0].Call.Args.Get("env").(*ir.List).Items {
			value := item.(*ir.Map).Get("value")
			if s, ok := value.(*ir.String); !ok || s.Value != set["var.a"] {
				t.Errorf("%q: %#v", text, value)
			}
		}
		if len(f.Bindings) > 0 {
			t.Errorf("%q makes bindings", text)
		}
	}
}

// TestModuleID holds what the module is called after.
func TestModuleID(t *testing.T) {
	for _, c := range [][3]string{
		{"job.yaml", "container_name: The Box\nhostname: h", "the-box"},
		{"job.yaml", "container_name: ${{.user.username}}-box\nhostname: h", "box"},
		{"job.yaml", "container_name: ${{.user.username}}-${{.space.name}}\nhostname: h", "h"},
		{"dir/My job.knot.yaml", "hostname: ${{.space.name}}", "my-job"},
		{"<stdin>", "hostname: ${{.space.name}}", "container"},
		{"ö.yaml", "hostname: ''", "container"},
	} {
		f, _ := Read(Options{Files: []NamedText{{Name: c[0], Text: []byte("image: x\n" + c[1] + "\n")}}})
		if f == nil || f.Modules[0].ID != c[2] || f.Templates[0].Run[0].Call.Module != c[2] {
			t.Errorf("%v: %+v", c, f)
		}
	}
}
