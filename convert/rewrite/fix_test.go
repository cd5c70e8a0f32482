package rewrite

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	reader "hull/convert/polytope"
	"hull/ir/diag"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

// TestFixCases mends the files in testdata/fix: each is a txtar archive of a
// polytope file, perhaps its script, and what comes out, named fixed. Mended
// twice is mended once. Codes that stay are named in the archive's comment.
func TestFixCases(t *testing.T) {
	files, err := filepath.Glob("testdata/fix/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { fixCase(t, file) })
	}
}

func fixCase(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var in reader.Options
	var want string
	for _, f := range archive.Files {
		switch {
		case f.Name == "fixed":
			want = string(f.Data)
		case strings.HasSuffix(f.Name, ".sh"):
			in.Script, in.ScriptName = f.Data, f.Name
		default:
			in.Name, in.Text = f.Name, f.Data
		}
	}
	got, fixed := Fix(in, diag.Policy{})
	if *update {
		updateCase(t, file, archive, got)
		return
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if wantsChange := want != string(in.Text); (fixed > 0) != wantsChange {
		t.Errorf("%d findings fixed", fixed)
	}
	in.Text = got
	if again, n := Fix(in, diag.Policy{}); n > 0 || string(again) != string(got) {
		t.Errorf("mended twice:\n%s", again)
	}
	_, report := Inspect(in)
	for _, d := range report.Diagnostics {
		if _, ok := fixOf(d); ok && !strings.Contains(string(archive.Comment), d.Code) {
			t.Errorf("left: %s [%s]", d.Message, d.Code)
		}
	}
}

func updateCase(t *testing.T, file string, archive *txtar.Archive, fixed []byte) {
	for i := range archive.Files {
		if archive.Files[i].Name == "fixed" {
			archive.Files[i].Data = fixed
		}
	}
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFixLeavesAloneWhatIsAllowed(t *testing.T) {
	const text = "modules:\n  - id: db\n    module: polytope/postgres\n    args:\n" +
		"      data-volume: {type: volume, id: x}%s\n"
	tests := []struct {
		comment string
		policy  diag.Policy
		want    int
	}{
		{"", diag.Policy{}, 1},
		{" # hull:allow check/volume-scope it is a cache", diag.Policy{}, 0},
		{"", diag.Policy{Allow: []string{"check/*"}}, 0},
		{"", diag.Policy{Deny: []string{"all"}}, 1},
	}
	for _, tt := range tests {
		in := reader.Options{Name: "polytope.yml", Text: []byte(strings.Replace(text, "%s", tt.comment, 1))}
		if _, n := Fix(in, tt.policy); n != tt.want {
			t.Errorf("%q, %v: %d fixed, want %d", tt.comment, tt.policy, n, tt.want)
		}
	}
}

// TestGoldenFilesStay: what hull writes is mended already.
func TestGoldenFilesStay(t *testing.T) {
	files, err := filepath.Glob("../../golden/testdata/*/polytope.yml")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if out, n := Fix(reader.Options{Name: "polytope.yml", Text: text}, diag.Policy{}); n > 0 {
			t.Errorf("%s: %d findings are fixed:\n%s", file, n, out)
		}
	}
}

func TestReplace(t *testing.T) {
	tests := []struct {
		edits []edit
		want  string // "!": they do not fit
	}{
		{nil, "abcdef"},
		{[]edit{{1, 2, "X"}}, "aXcdef"},
		{[]edit{{4, 6, ""}, {0, 0, "<"}, {2, 3, "YY"}}, "<abYYd"},
		{[]edit{{2, 2, "1"}, {2, 2, "2"}}, "ab12cdef"},
		{[]edit{{1, 3, "X"}, {2, 4, "Y"}}, "!"},
		{[]edit{{3, 2, "X"}}, "!"},
		{[]edit{{5, 7, "X"}}, "!"},
		{[]edit{{-1, 0, "X"}}, "!"},
	}
	for _, tt := range tests {
		got, ok := replace([]byte("abcdef"), tt.edits)
		if !ok {
			got = []byte("!")
		}
		if string(got) != tt.want {
			t.Errorf("%v: got %q, want %q", tt.edits, got, tt.want)
		}
	}
}

func TestOffsets(t *testing.T) {
	o := newOffsets([]byte("\ufeffab\r\nä€c\n\nx"))
	tests := []struct{ line, column, want int }{
		{1, 1, 3},
		{1, 2, 4},
		{1, 3, 5},
		{2, 1, 7},
		{2, 2, 9},
		{2, 3, 12},
		{2, 4, 13},
		{2, 5, -1},
		{3, 1, 14},
		{4, 1, 15},
		{4, 2, 16},
		{4, 3, -1},
		{5, 1, -1},
		{0, 0, -1},
	}
	for _, tt := range tests {
		if got := o.at(diag.Pos{Line: tt.line, Column: tt.column}); got != tt.want {
			t.Errorf("%d:%d: got %d, want %d", tt.line, tt.column, got, tt.want)
		}
	}
}
