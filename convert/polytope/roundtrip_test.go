package polytope_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"hull/convert/polytope"
	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
)

var writers = map[string]func(*ir.File, writer.Options) ([]byte, error){
	"yml": writer.WriteYAML, "json": writer.WriteJSON, "edn": writer.WriteEDN,
}

// write writes a file without a header.
func write(t testing.TB, f *ir.File, ext string) []byte {
	t.Helper()
	text, err := writers[ext](f, writer.Options{Signatures: builtin.Signature})
	if err != nil {
		t.Fatalf("%s: %v", ext, err)
	}
	return text
}

func read(name string, text []byte) (*ir.File, []string) {
	f, report := polytope.Read(polytope.Options{Name: name, Text: text})
	var found []string
	for _, d := range report.Diagnostics {
		found = append(found, d.Code+" "+d.Message)
	}
	return f, found
}

// TestGoldenOutputs reads all that hull is known to write: nothing is to be
// said of it, and it is written again as it was, comments included.
func TestGoldenOutputs(t *testing.T) {
	files, err := filepath.Glob("../../golden/testdata/*/polytope.*")
	if err != nil || len(files) == 0 {
		t.Skip("there are no golden outputs")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ext := strings.TrimPrefix(filepath.Ext(file), ".")
		f, found := read(file, text)
		if f == nil || len(found) > 0 {
			t.Errorf("%s: %q", file, found)
			continue
		}
		if again := write(t, f, ext); !bytes.Equal(again, text) {
			t.Errorf("%s is written as\n%s", file, again)
		}
		checkFormats(t, file, f)
	}
}

// checkFormats takes a file through the three formats: each holds the same.
func checkFormats(t testing.TB, what string, f *ir.File) {
	t.Helper()
	want := write(t, f, "json")
	for _, ext := range []string{"edn", "json", "yml"} {
		text := write(t, f, ext)
		again, found := read("polytope."+ext, text)
		if again == nil {
			t.Errorf("%s: %s cannot be read back: %q\n%s", what, ext, found, text)
			return
		}
		if got := write(t, again, "json"); !bytes.Equal(got, want) {
			t.Errorf("%s: %s came back as\n%s\nnot\n%s", what, ext, got, want)
			return
		}
		f = again
	}
}

// FuzzLiterals holds law 4 on the way back: whatever a text looks like, it is
// that text again, in every position and format.
func FuzzLiterals(f *testing.F) {
	for _, s := range []string{
		"", "a", "off", "pt.value x", " pt.values x", "pt.param", "{pt.value x}", "{ #pt-secret x }", "#pt-js 1", `#pt-js "a"`, "pt.clj\n(f)", "#pt-rb x",
		"a\n  b\n", "\n a", "# a", "- a", "a: b #c", "{{ x }}", "\u2028", "é😀", "\\x70t.value x", "1", "1e3", "null", "~", ":a", `"`, "<<", "\t", " ", "\r\n", "a\\u0041", "\u0085",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Skip()
		}
		file := &ir.File{Modules: []*ir.Module{{ID: "m", Info: s, Call: &ir.Call{Module: "n", Args: ir.NewMap(
			"a"+s, ir.NewList(ir.Str(s), ir.NewMap("k"+s, ir.Str(s))), "b", &ir.Code{Lang: ir.Clojure, Source: s},
		)}}}}
		for ext := range writers {
			text := write(t, file, ext)
			again, found := read("polytope."+ext, text)
			if again == nil || len(found) > 0 {
				t.Fatalf("%s: %q\n%s", ext, found, text)
			}
			m := again.Modules[0]
			if m.Info != s || !ir.Equal(m.Call.Args, file.Modules[0].Call.Args) {
				t.Errorf("%s: %q is not what is read of\n%s", ext, s, text)
			}
		}
	})
}
