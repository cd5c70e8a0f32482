package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testFile makes a file of the given content and returns its path.
func testFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func content(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func isOld(present []byte) bool { return string(present) == "old" }

// writeAll plans and commits, and returns the code of the first diagnostic.
func writeAll(files []outfile, force bool) string {
	changes, ds := planAll(files, force)
	if len(ds) > 0 {
		return ds[0].Code
	}
	if d := commit(changes); d != nil {
		return d.Code
	}
	return ""
}

func TestWritesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	first := testFile(t, dir, "first", "old")
	inTheWay := testFile(t, dir, "regular", "")
	code := writeAll([]outfile{
		{first, []byte("new"), 0o644, isOld},
		{filepath.Join(inTheWay, "second"), []byte("new"), 0o644, isOld},
	}, false)
	if code != "output/unwritable" {
		t.Errorf("code %q", code)
	}
	if got := content(t, first); got != "old" {
		t.Errorf("the first file holds %q though the second could not be written", got)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestRefusesForeignFiles(t *testing.T) {
	file := testFile(t, t.TempDir(), "polytope.yml", "mine")
	files := []outfile{{file, []byte("new"), 0o644, isOld}}
	if code := writeAll(files, false); code != "output/foreign" || content(t, file) != "mine" {
		t.Errorf("code %q, content %q", code, content(t, file))
	}
	if code := writeAll(files, true); code != "" || content(t, file) != "new" {
		t.Errorf("with force: code %q, content %q", code, content(t, file))
	}
}

func TestUnchangedFileKeepsItsTimeAndGetsItsMode(t *testing.T) {
	file := testFile(t, t.TempDir(), "script", "same")
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(file, past, past); err != nil {
		t.Fatal(err)
	}
	if code := writeAll([]outfile{{file, []byte("same"), 0o755, isOld}}, false); code != "" {
		t.Fatal(code)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(past) || info.Mode().Perm() != 0o755 {
		t.Errorf("mode %v, modified %v; want 0755, %v", info.Mode(), info.ModTime(), past)
	}
}

func TestFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	file, link := testFile(t, dir, "file", "old"), filepath.Join(dir, "link")
	dangling := filepath.Join(dir, "dangling")
	for from, to := range map[string]string{link: file, dangling: "nowhere"} {
		if err := os.Symlink(to, from); err != nil {
			t.Skip(err)
		}
	}
	if code := writeAll([]outfile{{link, []byte("new"), 0o644, isOld}}, false); code != "" {
		t.Fatal(code)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 || content(t, file) != "new" {
		t.Errorf("link is %v, its file holds %q", info.Mode(), content(t, file))
	}
	if code := writeAll([]outfile{{dangling, []byte("new"), 0o644, isOld}}, false); code != "output/unwritable" {
		t.Errorf("a dangling link: code %q", code)
	}
}

func TestRefusesFolders(t *testing.T) {
	dir := t.TempDir()
	if code := writeAll([]outfile{{dir, nil, 0o644, isOld}}, true); code != "output/unwritable" {
		t.Errorf("code %q", code)
	}
}

func TestWithLine(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "x\n"},
		{"appended", "a\n", "a\nx\n"},
		{"present", "a\nx\nb\n", "a\nx\nb\n"},
		{"present at the end", "a\nx", "a\nx"},
		{"present with spaces", "x  \n", "x  \n"},
		{"part of a line", "ax\nxa\n#x\n", "ax\nxa\n#x\nx\n"},
		{"windows", "a\r\n", "a\r\nx\r\n"},
		{"windows, present", "x\r\na\r\n", "x\r\na\r\n"},
		{"no newline at the end", "a\nb", "a\nb\nx"},
		{"windows, no newline at the end", "a\r\nb", "a\r\nb\r\nx"},
	}
	for _, tt := range tests {
		got := string(withLine([]byte(tt.text), "x"))
		if got != tt.want {
			t.Errorf("%s: %q becomes %q, want %q", tt.name, tt.text, got, tt.want)
		}
		if again := string(withLine([]byte(got), "x")); again != got {
			t.Errorf("%s: added twice: %q", tt.name, strings.TrimPrefix(again, got))
		}
	}
}
