package verify

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"hull/convert/compose"
	"hull/ir/diag"
)

var corpus = flag.String("corpus", "", "a folder of compose projects whose conversions are verified")

// TestCorpus verifies every project of a folder that converts.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	projects, err := findProjects(*corpus)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, files := range projects {
		r, err := Verify(context.Background(), Options{Compose: compose.Options{Files: files, Root: *corpus}})
		switch {
		case err != nil:
			n["failed"]++
			t.Errorf("%s: failed: %v", files[0], err)
			continue
		case r.Report.HasErrors():
			n["refused"]++
			for _, d := range r.Report.Diagnostics {
				if d.Severity == diag.Error {
					t.Logf("%s: refused: %s [%s]", files[0], d.Message, d.Code)
					break
				}
			}
			continue
		case r.Holds():
			n["proved"]++
		default:
			n["not proved"]++
		}
		n["attributes compared"] += r.Compared
		n["attributes equal"] += r.Equal
		n["differences explained"] += len(r.Explained)
		n["differences unexplained"] += len(r.Unexplained)
		n["entries unfounded"] += len(r.Unfounded)
		for _, line := range findings(r) {
			t.Errorf("%s: %s", files[0], line)
		}
	}
	t.Logf("%d projects: %v", len(projects), n)
}

var hasServices = regexp.MustCompile(`(?m)^services:`)

// findProjects lists what docker compose would find in each folder, and every
// other file with services by itself.
func findProjects(root string) ([][]string, error) {
	var out [][]string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		found := compose.Discover(path)
		if found != nil {
			out = append(out, found)
		}
		files, _ := filepath.Glob(filepath.Join(path, "*.y*ml"))
		for _, f := range files {
			if text, _ := os.ReadFile(f); !slices.Contains(found, f) && hasServices.Match(text) {
				out = append(out, []string{f})
			}
		}
		return nil
	})
	return out, err
}
