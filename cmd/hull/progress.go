package main

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress tells how far a batch is: as a bar on a terminal, as a line a
// project elsewhere.
type progress struct {
	sys   system
	total int
	bar   *progressbar.ProgressBar // nil for lines
	quiet bool
}

func newProgress(sys system, total int, quiet bool) progress {
	p := progress{sys: sys, total: total, quiet: quiet}
	if f, ok := sys.stderr.(*os.File); ok && !quiet && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(f), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetDescription("converting"))
	}
	return p
}

func (p progress) step(r row, done int) {
	switch {
	case p.bar != nil:
		_ = p.bar.Set(done)
		if r.result == failed || r.result == stale {
			_ = p.bar.Clear() // what follows is about the project
		}
	case !p.quiet:
		fmt.Fprintf(p.sys.stderr, "[%d/%d] %s: %s\n", done, p.total, r.name, r.result)
	}
}

func (p progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
