package convert

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// write makes a file below a fresh folder and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDetect(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // empty: undecided
	}{
		{"compose.yaml", "", "compose"},
		{"docker-compose.prod.yml", "", "compose"},
		{"stack.yml", "a: 1", "compose"},
		{"stack.YAML", "", "compose"},
		{"stack", "", "compose"},
		{"stack.json", `{"services": {}}`, "compose"},
		{"stack.txt", "# a comment\nservices:\n  web: {}\n", "compose"},
		{"stack.txt", "a: 1\n", ""},
		{"stack.txt", "text that mentions services: much\n", ""},
		{"image.png", "\x89PNG\r\n", ""},
	}
	for _, tt := range tests {
		got, ok := detect(write(t, t.TempDir(), tt.name, tt.text))
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("detect %s of %q: %q, want %q", tt.name, tt.text, got, tt.want)
		}
	}
	if got, _ := detect("missing.txt"); got != "compose" {
		t.Errorf("a missing file is left to %q, want the first reader", got)
	}
}

func TestLocateFiles(t *testing.T) {
	dir := t.TempDir()
	a, b := write(t, dir, "a.yaml", ""), write(t, dir, "b.yaml", "")
	tests := []struct {
		inputs []string
		dir    string
	}{
		{[]string{a, b}, dir},
		{[]string{Stdin}, "."},
		{[]string{Stdin, a}, "."},
		{[]string{a, Stdin}, dir},
	}
	for _, tt := range tests {
		src, ds := Locate(tt.inputs)
		if len(ds) > 0 || src.Format != "compose" || src.Dir != tt.dir || !slices.Equal(src.Files, tt.inputs) {
			t.Errorf("Locate(%q) = %+v, %v", tt.inputs, src, ds)
		}
	}
}

func TestLocateErrors(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "notes.txt", "none")
	tests := []struct {
		inputs []string
		code   string
	}{
		{[]string{dir}, "input/none"},
		{[]string{dir, file}, "input/several"},
		{[]string{file, dir}, "input/several"},
		{[]string{file}, "input/format"},
	}
	for _, tt := range tests {
		_, ds := Locate(tt.inputs)
		if len(ds) != 1 || ds[0].Code != tt.code {
			t.Errorf("Locate(%q) reports %v, want %s", tt.inputs, ds, tt.code)
		}
	}
}

func TestCodesAreUniqueAndDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, info := range Codes() {
		if seen[info.Code] {
			t.Errorf("%s is documented twice", info.Code)
		}
		seen[info.Code] = true
		if info.Severity == 0 || info.Summary == "" || info.Detail == "" {
			t.Errorf("%s is not documented in full: %+v", info.Code, info)
		}
	}
}

func TestFormatOf(t *testing.T) {
	tests := []struct{ text, want string }{
		{"services:\n  a: {}\n", "compose"},
		{"{\"services\": {}}", "compose"},
		{"# c\nmodules: []\n", "polytope"},
		{"{ \"templates\": [] }", "polytope"},
		{"{:modules []}", "polytope"},
		{"; c\n{\n :templates []}", "polytope"},
		{"tools: {}\n", "polytope"},
		{"include:\n- a\ntools: {}\n", "polytope"},
		{"include:\n- a\n", "compose"},
		{"; c\n; d\n{:modules\n [{:id :a\n   :args {\n :services []}}]}", "polytope"},
		{"{x: :services}", "compose"},
		{"other: 1\n", "compose"},
		{"", "compose"},
	}
	for _, tt := range tests {
		if got := FormatOf([]byte(tt.text)); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestTopLevelKeysOfJSON holds that only the outermost keys tell a format.
func TestTopLevelKeysOfJSON(t *testing.T) {
	for text, want := range map[string]string{
		"{\n \"modules\": [{\"args\": {\n\"services\": []}}]}":   "polytope",
		"{\n \"services\": {\"modules\": {\n\"image\": \"x\"}}}": "compose",
	} {
		if got := FormatOf([]byte(text)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
