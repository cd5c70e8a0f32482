package compose

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hull/ir/diag"
)

// TestHostileInput holds that nothing that can be put into a file does more
// than end in a diagnostic with the right code, at the right line where there
// is one.
func TestHostileInput(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	merges := "x-a: &a {A: 1, B: 2}\n"
	for i, c := range "bcdefghijkl" {
		p, n := string("abcdefghijk"[i]), string(c)
		bomb += n + ": &" + n + " [" + strings.Repeat("*"+p+",", 9) + "]\n"
		merges += "x-" + n + ": &" + n + " {<<: [" + strings.Repeat("*"+p+",", 9) + "]}\n"
	}
	for _, c := range []struct {
		name, text, code string
		line             int
	}{
		{"two million brackets", "services: " + strings.Repeat("[", 2_000_000), "compose/syntax", 0},
		{"deep mappings", "services:\n" + deepMapping(1500), "compose/invalid", 0},
		{"alias bomb", bomb + "services: {web: {image: x, environment: *l}}\n", "compose/invalid", 0},
		{"merge bomb", merges + "services: {web: {image: x, environment: *l}}\n", "compose/invalid", 0},
		{"alias to its own parent", "services: &s\n  web: {image: x, environment: *s}\n", "compose/invalid", 2},
		{"nested variables", "services: {web: {image: \"" + strings.Repeat("${a:-", 100_000) + "\"}}\n", "compose/interpolation", 1},
		{"unclosed variable", "services:\n  web:\n    image: ${TAG\n", "compose/interpolation", 3},
		{"too large", strings.Repeat("# a comment that says nothing\n", 1_000_000), "compose/file", 0},
		{"bytes of no text", "services:\n  web: {image: \xff\xfe}\n", "compose/syntax", 2},
		{"NUL", "services:\n\x00", "compose/syntax", 2},
		{"empty", "", "compose/invalid", 0},
		{"a comment alone", "# nothing\n", "compose/invalid", 0},
		{"a scalar", "hello", "compose/invalid", 1},
		{"a list", "- a\n", "compose/invalid", 1},
		{"tab", "services:\n\tweb: {image: x}\n", "compose/syntax", 2},
		{"no services", "volumes: {}\n", "", 0},
		{"extends in a circle", "services:\n  a: {extends: b}\n  b: {extends: a}\n", "compose/extends-cycle", 3},
		{"include of itself", "include: [compose.yaml]\nservices: {a: {image: x}}\n", "compose/include-cycle", 1},
		{"include of what is not there", "services: {a: {image: x}}\ninclude:\n  - gone.yaml\n", "compose/file", 3},
		{"include from outside", "include: [../../../etc/passwd]\nservices: {a: {image: x}}\n", "compose/file", 1},
		{"env file from outside", "services:\n  a:\n    image: x\n    env_file: /etc/passwd\n", "compose/env-file", 4},
		{"extends from outside", "services:\n  a:\n    extends: {file: /etc/passwd, service: x}\n", "compose/file", 3},
		{"unknown attribute", "services:\n  a:\n    image: x\n    imgae: y\n", "compose/invalid", 4},
		{"wrong type", "services:\n  a:\n    image: x\n    ports: y\n", "compose/invalid", 4},
		{"undefined network", "services:\n  a:\n    image: x\n    networks:\n      - n\n", "compose/invalid", 5},
		{"services that are no mapping", "services: [a]\n", "compose/invalid", 1},
		{"service that is no mapping", "services:\n  a: 1\n", "compose/invalid", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := readText(t, c.text)
			if c.code == "" {
				return // that it ends is all that is asked
			}
			first := firstError(report)
			if first == nil {
				t.Fatalf("no error; the report is %v", report.Diagnostics)
			}
			if first.Code != c.code || c.line != 0 && first.Subject.Start.Line != c.line {
				t.Errorf("got %s at line %d: %.200s", first.Code, first.Subject.Start.Line, first.Message)
			}
			if strings.Contains(first.Message, t.TempDir()) {
				t.Errorf("the message names the machine's folders: %s", first.Message)
			}
		})
	}
}

func deepMapping(depth int) string {
	var b strings.Builder
	for i := 1; i <= depth; i++ {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func readText(t *testing.T, text string) *diag.Report {
	t.Helper()
	file := filepath.Join(t.TempDir(), "compose.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, report := Read(context.Background(), Options{Files: []string{file}})
	return report
}

func firstError(r *diag.Report) *diag.Diagnostic {
	for i, d := range r.Diagnostics {
		if d.Severity == diag.Error {
			return &r.Diagnostics[i]
		}
	}
	return nil
}

// TestHostileFiles does the same for files that are none.
func TestHostileFiles(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link.yaml")
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"a folder": dir, "a missing file": filepath.Join(dir, "gone.yaml"), "a link to the outside": link,
	} {
		_, report := Read(context.Background(), Options{Files: []string{file}, ProjectDir: dir})
		if e := firstError(report); e == nil || e.Code != "compose/file" {
			t.Errorf("%s: got %v", name, report.Diagnostics)
		}
	}
}
