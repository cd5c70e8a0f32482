package golden

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hull/convert/compose"
	"hull/emit"
)

// patience is far more than any input of this size may take.
const patience = 20 * time.Second

// FuzzCompose reads arbitrary bytes as a compose file, in a folder that holds
// the env files, Dockerfiles and compose files of all cases, so that includes
// and extends lead somewhere. Reading must end without panic, and what was read
// must be something that every writer can write. (Give it -fuzzminimizetime=10x:
// coverage differs a little from run to run, so that minimizing rarely ends.)
func FuzzCompose(f *testing.F) {
	dir := f.TempDir()
	for _, c := range loadCases(f) {
		for path, text := range readTree(f, filepath.Join(c.dir, "input")) {
			if slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(path)) {
				f.Add(text)
			}
			rel, err := filepath.Rel(filepath.Join(c.dir, "input"), path)
			if err != nil {
				f.Fatal(err)
			}
			plant(f, filepath.Join(dir, rel), text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		hung := time.AfterFunc(patience, func() { panic("does not end") })
		defer hung.Stop()
		for _, policy := range []compose.ValuePolicy{compose.ValuesAll, compose.ValuesNone} {
			readAndWrite(t, dir, text, policy)
		}
	})
}

func plant(f *testing.F, path string, text []byte) {
	f.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		f.Fatal(err)
	}
}

func readAndWrite(t *testing.T, dir string, text []byte, policy compose.ValuePolicy) {
	file, report := compose.Read(context.Background(), compose.Options{
		Files: []string{"-"}, Stdin: text, ProjectDir: dir, Values: policy,
	})
	checkDiagnostics(t, report)
	if file == nil {
		if !report.HasErrors() {
			t.Error("nothing was read, and nothing says why")
		}
		return
	}
	if report.HasErrors() {
		return
	}
	if _, _, err := emit.Write(file, emit.Options{Formats: emit.PolytopeNames()}); err != nil {
		t.Errorf("what was read cannot be written: %v", err)
	}
}
