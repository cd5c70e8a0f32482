//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// drill is a tree whose outputs are all there and all stale, with what they
// hold and what they are to hold.
type drill struct {
	tree
	old, want map[string]string
}

func newDrill(t *testing.T) drill {
	t.Helper()
	d := drill{tree: makeProjects(t, 40, 0)}
	if code, _, stderr := d.hull(t, "batch", "-q"); code != exitDone {
		t.Fatal(stderr)
	}
	d.old = d.files(t, justText)
	for _, p := range d.projects {
		testFile(t, filepath.Join(d.root, p), "compose.override.yaml", "services: {edited: {image: 'nginx:9'}}\n")
	}
	done := drill{tree: tree{root: t.TempDir()}}
	if err := os.CopyFS(done.root, os.DirFS(d.root)); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := done.hull(t, "batch", "-q"); code != exitDone {
		t.Fatal(stderr)
	}
	d.want = done.files(t, justText)
	return d
}

// again is the same drill in a folder of its own.
func (d drill) again(t *testing.T) drill {
	t.Helper()
	stale := d.root
	d.root = t.TempDir()
	if err := os.CopyFS(d.root, os.DirFS(stale)); err != nil {
		t.Fatal(err)
	}
	return d
}

func justText(path string, _ fs.FileInfo) string {
	text, _ := os.ReadFile(path)
	return string(text)
}

// inspect holds that every file is as it was, or as it is to be, and returns
// how many are as they are to be, and the temporary ones.
func (d drill) inspect(t *testing.T) (done int, temporary []string) {
	t.Helper()
	for name, text := range d.files(t, justText) {
		old, wasThere := d.old[name]
		want, isWanted := d.want[name]
		switch {
		case tempName.MatchString(filepath.Base(name)):
			temporary = append(temporary, name)
		case isWanted && text == want:
			if text != old {
				done++
			}
		case !wasThere || text != old:
			t.Errorf("%s holds neither what it held nor what it is to hold: %.200q", name, text)
		}
	}
	return done, temporary
}

// finish runs hull again, and holds that everything is as it is to be.
func (d drill) finish(t *testing.T) {
	t.Helper()
	if code, _, stderr := d.hull(t, "batch", "-q"); code != exitDone {
		t.Errorf("the next run: exit code %d\n%s", code, stderr)
	}
	for _, name := range differing(d.files(t, justText), d.want) {
		if !tempName.MatchString(filepath.Base(name)) {
			t.Errorf("after the next run, %s is other than it is to be", name)
		}
	}
}

// run starts hull on the tree and has act see each line of its progress, until
// hull ends. What it said is returned.
func (d drill) run(t *testing.T, act func(p *os.Process, line int)) (*os.ProcessState, string) {
	t.Helper()
	cmd := exec.Command("hull", "batch", "--jobs", "2")
	cmd.Dir = d.root
	return follow(t, cmd, act)
}

func follow(t *testing.T, cmd *exec.Cmd, act func(p *os.Process, line int)) (*os.ProcessState, string) {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	act(cmd.Process, 0)
	var said bytes.Buffer
	lines := bufio.NewScanner(stderr)
	for n := 1; lines.Scan(); n++ {
		said.WriteString(lines.Text() + "\n")
		act(cmd.Process, n)
	}
	_ = cmd.Wait()
	return cmd.ProcessState, said.String()
}

// TestInterrupted ends hull by a signal after some lines of its progress.
func TestInterrupted(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	stale := newDrill(t)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, os.Kill} {
		for range 3 {
			line := rng.IntN(30)
			t.Run(sig.String(), func(t *testing.T) {
				d := stale.again(t)
				state, said := d.run(t, func(p *os.Process, n int) {
					if n == line {
						_ = p.Signal(sig)
					}
				})
				done, temporary := d.inspect(t)
				t.Logf("after line %d: %d files were written, %d are temporary", line, done, len(temporary))
				if sig != os.Kill && line > 0 {
					if state.ExitCode() != exitErrors || !strings.Contains(said, "interrupted") || len(temporary) > 0 {
						t.Errorf("exit code %d, temporary %v\n%s", state.ExitCode(), temporary, said)
					}
				}
				d.finish(t)
			})
		}
	}
}

// TestKilledWhileWriting kills hull at the moment when it begins to write into
// some folder.
func TestKilledWhileWriting(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 2))
	var left int
	stale := newDrill(t)
	for range 4 {
		d := stale.again(t)
		project := d.projects[rng.IntN(len(d.projects))]
		w, err := fsnotify.NewWatcher()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if err := w.Add(filepath.Join(d.root, project)); err != nil {
			t.Fatal(err)
		}
		_, _ = d.run(t, func(p *os.Process, n int) {
			if n > 0 {
				return
			}
			go func() {
				for e := range w.Events {
					if tempName.MatchString(filepath.Base(e.Name)) {
						_ = p.Kill()
						return
					}
				}
			}()
		})
		_, temporary := d.inspect(t)
		left += len(temporary)
		d.sweeps(t, temporary)
	}
	t.Logf("%d temporary files were left", left)
}

// sweeps holds that temporary files are removed, once nobody can be writing
// them, by the next run that comes by.
func (d drill) sweeps(t *testing.T, temporary []string) {
	t.Helper()
	temporary = append(temporary, d.projects[0]+"/.hull-1234567")
	testFile(t, filepath.Join(d.root, d.projects[0]), ".hull-1234567", "half")
	d.finish(t)
	for _, name := range temporary {
		path := filepath.Join(d.root, name)
		past := time.Now().Add(-2 * abandoned)
		if err := os.Chtimes(path, past, past); err != nil {
			t.Errorf("a file that may be in use is gone: %v", err)
		}
	}
	d.finish(t)
	if _, still := d.inspect(t); len(still) > 0 {
		t.Errorf("never removed: %v", still)
	}
}

// TestDiskFull runs hull where no file can have more than 1 kB, which is how a
// full disk looks to it.
func TestDiskFull(t *testing.T) {
	d := newDrill(t)
	cmd := exec.Command("sh", "-c", "ulimit -f 1 && exec hull batch")
	cmd.Dir = d.root
	state, said := follow(t, cmd, func(*os.Process, int) {})
	_, temporary := d.inspect(t)
	if state.ExitCode() != exitErrors || !strings.Contains(said, "cannot be written: file too large") || len(temporary) > 0 {
		t.Errorf("%v, temporary %v\n%s", state, temporary, said)
	}
	d.finish(t)
}
