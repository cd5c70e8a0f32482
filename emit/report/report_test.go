package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"hull/ir/diag"
)

func at(line, from, to int) diag.Range {
	return diag.Range{File: "compose.yaml", Start: diag.Pos{Line: line, Column: from}, End: diag.Pos{Line: line, Column: to}}
}

// render is the text of one warning about a range of a source.
func render(t *testing.T, source string, subject diag.Range, opts TextOptions) string {
	t.Helper()
	r := &diag.Report{}
	r.AddSource("compose.yaml", []byte(source))
	r.Add(diag.Diagnostic{Severity: diag.Warning, Code: "a/b", Message: "no", Subject: subject})
	var b bytes.Buffer
	if err := Text(&b, r, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextForm(t *testing.T) {
	r := &diag.Report{}
	r.AddSource("compose.yaml", []byte("services:\n  db:\n      healthcheck:\r\n"))
	for range 2 {
		r.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "compose/healthcheck", Fate: diag.Dropped,
			Message: "healthcheck has no counterpart in Polytope; dropped",
			Subject: at(3, 7, 18), Help: "services that need db must retry",
		})
	}
	r.Add(diag.Diagnostic{Severity: diag.Error, Code: "input/none", Message: "no file"})
	want := `compose.yaml:3:7: warning: healthcheck has no counterpart in Polytope; dropped  [compose/healthcheck]
   3 |       healthcheck:
     |       ^^^^^^^^^^^
   help: services that need db must retry; see hull explain compose/healthcheck
compose.yaml:3:7: warning: healthcheck has no counterpart in Polytope; dropped  [compose/healthcheck]
   3 |       healthcheck:
     |       ^^^^^^^^^^^
   help: services that need db must retry
error: no file  [input/none]
`
	var b bytes.Buffer
	if err := Text(&b, r, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
	b.Reset()
	if err := Text(&b, r, TextOptions{Brief: true}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.String(), "\n"); got != 3 {
		t.Errorf("brief text has %d lines, want 3:\n%s", got, b.String())
	}
}

func TestUnderline(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct {
		name, line string
		subject    diag.Range
		want       string // the carets' line, below the text's
	}{
		{"word", "  image: a", at(1, 3, 8), "  image: a\n  ^^^^^"},
		{"tabs", "\timage:\tb", at(1, 9, 10), "    image:    b\n              ^"},
		{"wide", "名前: b", at(1, 5, 6), "名前: b\n      ^"},
		{"wide subject", "a: 名前", at(1, 4, 6), "a: 名前\n   ^^^^"},
		{"combining", "e\u0301: b", at(1, 5, 6), "e\u0301: b\n   ^"},
		{"empty range", "a: b", at(1, 4, 4), "a: b\n   ^"},
		{"behind the end", "a:", at(1, 9, 12), "a:\n  ^"},
		{"no column", "a: b", at(1, 0, 0), "a: b\n^"},
		{
			"several lines", "a: {b,",
			diag.Range{File: "f", Start: diag.Pos{Line: 1, Column: 4}, End: diag.Pos{Line: 3, Column: 2}},
			"a: {b,\n   ^^^",
		},
		{"escape sequence", "a: \x1b[31m", at(1, 1, 2), "a: ␛[31m\n^"},
		{"long, subject in front", long, at(1, 3, 5), long[:100] + "…\n  ^^"},
		{"long, subject at the end", long, at(1, 300, 301), "…" + long[:41] + "\n" + strings.Repeat(" ", 41) + "^"},
		{"long, subject is all of it", long, at(1, 1, 301), long[:100] + "…\n" + strings.Repeat("^", 100)},
	}
	for _, tt := range tests {
		text, indent, carets := underline(tt.line, tt.subject)
		got := text + "\n" + strings.Repeat(" ", indent) + strings.Repeat("^", carets)
		if got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestVeryLongLine(t *testing.T) {
	line := strings.Repeat("x", 1<<20) + "{SUBJECT}" + strings.Repeat("y", 1<<20)
	got := render(t, line, at(1, 1<<20+2, 1<<20+9), TextOptions{})
	if len(got) > 1000 || !strings.Contains(got, "{SUBJECT}") || strings.Count(got, "^") != len("SUBJECT") {
		t.Errorf("a very long line is quoted as\n%s", got)
	}
}

func TestTextWithoutSource(t *testing.T) {
	for name, subject := range map[string]diag.Range{
		"unknown position": {File: "compose.yaml"},
		"unknown file":     {File: "other.yaml", Start: diag.Pos{Line: 1, Column: 1}},
		"line too far":     at(9, 1, 2),
	} {
		if got := render(t, "a: b", subject, TextOptions{}); strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

func TestPrefix(t *testing.T) {
	tests := []struct{ prefix, file, want string }{
		{"", "compose.yaml", "compose.yaml:1:1:"},
		{"sub/dir", "compose.yaml", "sub/dir/compose.yaml:1:1:"},
		{"sub/dir", "../base.yaml", "sub/base.yaml:1:1:"},
		{"..", "compose.yaml", "../compose.yaml:1:1:"},
		{"sub", "/abs/compose.yaml", "/abs/compose.yaml:1:1:"},
		{"sub", "-", "-:1:1:"},
		{"sub", "a\x1bb", "sub/a␛b:1:1:"},
	}
	for _, tt := range tests {
		subject := diag.Range{File: tt.file, Start: diag.Pos{Line: 1, Column: 1}}
		if got := render(t, "", subject, TextOptions{Prefix: tt.prefix}); !strings.HasPrefix(got, tt.want) {
			t.Errorf("file %q under %q: got %q, want %q", tt.file, tt.prefix, got, tt.want)
		}
	}
}

func TestColor(t *testing.T) {
	plain := render(t, "a: b", at(1, 1, 2), TextOptions{})
	colored := render(t, "a: b", at(1, 1, 2), TextOptions{Color: true})
	if strings.Contains(plain, "\x1b") {
		t.Errorf("plain text has escape sequences: %q", plain)
	}
	if !strings.Contains(colored, "\x1b[1;33mwarning:\x1b[0m") {
		t.Errorf("coloured text does not mark the severity: %q", colored)
	}
}

// TestJSON fills every field of a diagnostic, whatever fields there are, and
// looks for each in the JSON.
func TestJSON(t *testing.T) {
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: "a/b", Message: "x < y", Subject: at(1, 2, 3),
		Fate: diag.Dropped, Path: "services.db", Paths: []string{"services.web"}, Help: "do it", Fix: "quote",
	}
	if v := reflect.ValueOf(d); true {
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Fatalf("the test does not fill the field %s", v.Type().Field(i).Name)
			}
		}
	}
	var b bytes.Buffer
	if err := JSON(&b, &diag.Report{Diagnostics: []diag.Diagnostic{d}}); err != nil {
		t.Fatal(err)
	}
	want := `{
  "generator": "hull",
  "version": 1,
  "counts": {
    "errors": 0,
    "warnings": 1,
    "notes": 0,
    "losses": 1
  },
  "diagnostics": [
    {
      "severity": "warning",
      "code": "a/b",
      "message": "x < y",
      "subject": {
        "file": "compose.yaml",
        "start": {
          "line": 1,
          "column": 2
        },
        "end": {
          "line": 1,
          "column": 3
        }
      },
      "fate": "dropped",
      "path": "services.db",
      "paths": [
        "services.web"
      ],
      "help": "do it",
      "fix": "quote"
    }
  ]
}
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

func TestJSONOfEmptyReport(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, &diag.Report{}); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if ds, ok := got["diagnostics"].([]any); !ok || len(ds) != 0 {
		t.Errorf("diagnostics of an empty report: %v", got["diagnostics"])
	}
}
