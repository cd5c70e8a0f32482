package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatch edits a project while it is watched: a valid change, a broken one,
// one of an env file.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("compose.yaml", "services: {web: {image: 'nginx:1', env_file: app.env}}")
	write("app.env", "MODE=one\n")
	ctx, cancel := context.WithCancel(t.Context())
	out, stderr := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"hull", "convert", "--watch", dir}, system{stdout: io.Discard, stderr: stderr, getenv: func(string) string { return "" }})
		stderr.Close()
	}()
	lines := bufio.NewScanner(out)
	// until reads on until hull watches, and returns what it said.
	until := func() string {
		var said strings.Builder
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "watching") {
				return said.String()
			}
			said.WriteString(lines.Text() + "\n")
		}
		t.Fatalf("hull ended: %s", said.String())
		return ""
	}
	// expect reads on until a file has a text. hull may see a file between two
	// writes of it, so the first conversion need not be the last.
	expect := func(name, text string) {
		t.Helper()
		for {
			until()
			if got, _ := os.ReadFile(filepath.Join(dir, name)); strings.Contains(string(got), text) {
				return
			}
		}
	}
	expect("polytope.yml", "nginx:1")
	write("compose.yaml", "services: {web: {image: 'nginx:2', env_file: app.env}}")
	expect("polytope.yml", "nginx:2")
	write("compose.yaml", "services: {web: {image: 3}}")
	for !strings.Contains(until(), "must be a text") {
	}
	write("compose.yaml", "services: {web: {image: 'nginx:3', env_file: app.env}}")
	expect("polytope.yml", "nginx:3")
	write("app.env", "MODE=two\n")
	expect(".values_and_secrets.defaults.sh", "two")
	cancel()
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d", got)
	}
}
