package rewrite

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	reader "hull/convert/polytope"
	"hull/ir/diag"
)

var corpus = flag.String("corpus", "", "a folder of Polytope files to format and to mend")

// TestCorpus formats and mends every Polytope file of a folder: done twice is
// done once, and a fix never makes more problems than there were.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	files, formatted, fixed, left := 0, 0, 0, 0
	err := filepath.WalkDir(*corpus, func(path string, e fs.DirEntry, err error) error {
		isPolytope, _ := filepath.Match("polytope.*", filepath.Base(path))
		if err != nil || e.IsDir() || !isPolytope {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		if out, _ := Format(path, text); out != nil {
			formatted++
			if again, _ := Format(path, out); !bytes.Equal(again, out) {
				t.Errorf("%s: formatted twice is something else", path)
			}
		}
		in := reader.Options{Name: path, Text: text}
		out, n := Fix(in, diag.Policy{})
		fixed += n
		in.Text = out
		if again, n := Fix(in, diag.Policy{}); n > 0 || !bytes.Equal(again, out) {
			t.Errorf("%s: mended twice is something else", path)
		}
		_, report := Inspect(in)
		for _, d := range report.Diagnostics {
			if _, ok := fixOf(d); ok {
				left++
				t.Logf("left: %s:%d: %s [%s]", path, d.Subject.Start.Line, d.Message, d.Code)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d formatted; %d findings fixed, %d left", files, formatted, fixed, left)
}
