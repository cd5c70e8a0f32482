// Package mutation holds the verification to its promise: each fault of a list
// is put into hull's own sources, the golden cases are converted by what that
// makes, and the verification must fail.
//
// All faults are in one program, which is told the one that it has: each
// function or variable with a fault is there twice. The sources themselves stay
// as they are; the go command lays the others over them.
//
//	go test ./golden/mutation -update    # accept the result, then read the diff
package mutation

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the result")

const (
	moduleRoot = "../.."
	resultFile = "result.txt"
)

// fault is a mistake that hull could have.
type fault struct {
	// id is its name for good; does says what it gets wrong.
	id, does string
	// file is the source from the module's root on. What it holds once, old,
	// becomes new.
	file, old, new string
	// on is the case that is verified first; where it does not show the fault,
	// all others are.
	on string
}

// verdict is what the driver says of a case.
type verdict struct {
	Case    string
	Refused bool
	Found   string
}

func TestMutations(t *testing.T) {
	dir := t.TempDir()
	program := build(t, dir)
	cases := loadCases(t, filepath.Join(dir, "cases"))
	sound := checkSound(t, program, cases)
	rows := make([]string, len(faults))
	each(len(faults), func(i int) { rows[i] = check(t, program, faults[i], sound) })
	compareResult(t, rows)
}

// each calls a function for each number, on all processors.
func each(n int, do func(i int)) {
	var wg sync.WaitGroup
	free := make(chan bool, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- true
		wg.Go(func() { do(i); <-free })
	}
	wg.Wait()
}

// build builds the driver with all faults in it.
func build(t *testing.T, dir string) string {
	t.Helper()
	root, err := filepath.Abs(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for i, name := range faultyFiles() {
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		of := slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return f.file != name })
		text, err := weave(src, of)
		if err != nil {
			t.Error(err)
		}
		woven := filepath.Join(dir, fmt.Sprintf("%d.go", i))
		writeFile(t, woven, text)
		replace[filepath.Join(root, filepath.FromSlash(name))] = woven
	}
	if t.Failed() {
		t.FailNow()
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "overlay.json"), string(overlay))
	program := filepath.Join(dir, "driver.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, "./golden/mutation/driver")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the faults cannot be compiled: %v\n%s", err, out)
	}
	return program
}

func faultyFiles() []string {
	var names []string
	for _, f := range faults {
		names = append(names, f.file)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkSound requires that without a fault everything holds, and returns the
// cases that the conversion does not refuse.
func checkSound(t *testing.T, program string, cases []testCase) []testCase {
	t.Helper()
	size := (len(cases) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	parts := slices.Collect(slices.Chunk(cases, size))
	verdicts := make([][]verdict, len(parts))
	each(len(parts), func(i int) { verdicts[i] = drive(t, program, "", parts[i]) })
	all := slices.Concat(verdicts...)
	if len(all) != len(cases) {
		t.Fatal("not every case has a verdict")
	}
	var sound []testCase
	for i, v := range all {
		if v.Refused {
			continue
		}
		if v.Found != "" {
			t.Errorf("%s, without a fault: %s", v.Case, v.Found)
		}
		sound = append(sound, cases[i])
	}
	if len(sound) < 50 {
		t.Errorf("only %d cases can be verified", len(sound))
	}
	return sound
}

// check requires that the verification fails with a fault, and returns a row of
// the result.
func check(t *testing.T, program string, f fault, cases []testCase) string {
	t.Helper()
	first := slices.IndexFunc(cases, func(c testCase) bool { return c.Name == f.on })
	if first < 0 {
		t.Errorf("%s: there is no case %s", f.id, f.on)
		return ""
	}
	order := append([]testCase{cases[first]}, slices.Delete(slices.Clone(cases), first, first+1)...)
	verdicts := drive(t, program, f.id, order)
	last := verdicts[max(0, len(verdicts)-1):]
	if len(last) == 0 || last[0].Found == "" {
		t.Errorf("%s is not found by verifying %d cases: %s", f.id, len(verdicts), f.does)
		return ""
	}
	return fmt.Sprintf("%s: %s\n  %s: %s\n", f.id, f.does, last[0].Case, last[0].Found)
}

// drive runs the driver.
func drive(t *testing.T, program, id string, cases []testCase) []verdict {
	t.Helper()
	in, err := json.Marshal(cases)
	if err != nil {
		t.Error(err)
		return nil
	}
	const enough = 2 * time.Minute // for a fault that makes a loop endless
	ctx, cancel := context.WithTimeout(t.Context(), enough)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, id)
	var out, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("with the fault %q: %v\n%s", id, err, stderr.Bytes())
		return nil
	}
	var verdicts []verdict
	for dec := json.NewDecoder(&out); dec.More(); {
		var v verdict
		if err := dec.Decode(&v); err != nil {
			t.Error(err)
			return nil
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// compareResult compares what was found with what was found before.
func compareResult(t *testing.T, rows []string) {
	t.Helper()
	text := fmt.Sprintf("%d faults, and what the verification finds of each\n\n%s", len(rows), strings.Join(rows, ""))
	if *update {
		writeFile(t, resultFile, text)
		return
	}
	want, err := os.ReadFile(resultFile)
	if err != nil {
		t.Fatal(err)
	}
	got, old := strings.Split(text, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(old)) {
		line := func(all []string) string { return strings.Join(all[min(i, len(all)):min(i+1, len(all))], "") }
		if line(got) != line(old) {
			t.Fatalf("%s, line %d: %s\nwant: %s", resultFile, i+1, line(got), line(old))
		}
	}
}
