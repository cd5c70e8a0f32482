// Command hull converts container stacks into Polytope files. It holds the
// command line alone: flags, files in and out, colours and exit codes.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/sirupsen/logrus"
)

// A run is short, and what it keeps is small: collecting garbage as rarely as
// this saves a sixth of the time and costs some dozens of megabytes. Where much
// is kept, garbage is collected more often from memoryGoal on, in bytes.
const (
	garbagePercent = 800
	memoryGoal     = 1 << 30
)

// collectRarely sets the garbage collector, unless the user has.
func collectRarely() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
}

func main() {
	collectRarely()
	logrus.SetOutput(io.Discard) // compose-go logs; hull reports
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	os.Exit(run(ctx, os.Args, system{os.Stdin, os.Stdout, os.Stderr, os.Getenv}))
}
