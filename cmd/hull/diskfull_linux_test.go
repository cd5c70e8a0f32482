package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestDiskOutOfSpace runs hull on a disk that has room for one of the files that
// it writes at a time. It takes the right to mount one.
func TestDiskOutOfSpace(t *testing.T) {
	d := newDrill(t)
	full := t.TempDir()
	if err := syscall.Mount("tmpfs", full, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("no disk can be mounted: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(full, 0) })
	if err := os.CopyFS(full, os.DirFS(d.root)); err != nil {
		t.Fatal(err)
	}
	d.root = full
	const page, spare = 4096, 1 // a file takes whole pages, of which one is left
	pages := spare
	d.files(t, func(_ string, info fs.FileInfo) string {
		pages += int(info.Size()+page-1) / page
		return ""
	})
	resize := func(size string) {
		t.Helper()
		if err := syscall.Mount("", full, "", syscall.MS_REMOUNT, "size="+size); err != nil {
			t.Fatal(err)
		}
	}
	resize(fmt.Sprint(pages * page))
	cmd := exec.Command("hull", "batch", "--jobs", "2")
	cmd.Dir = full
	state, said := follow(t, cmd, func(*os.Process, int) {})
	if _, temporary := d.inspect(t); len(temporary) > 0 {
		t.Errorf("left behind: %v", temporary)
	}
	if state.ExitCode() != exitErrors || !strings.Contains(said, "no space left on device") {
		t.Errorf("%v\n%s", state, said)
	}
	resize("64m")
	d.finish(t)
}
