// Command hull converts container stacks into Polytope files. It holds the
// command line alone: flags, files in and out, colours and exit codes.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"

	"github.com/sirupsen/logrus"
)

func main() {
	logrus.SetOutput(io.Discard) // compose-go logs; hull reports
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	os.Exit(run(ctx, os.Args, system{os.Stdin, os.Stdout, os.Stderr, os.Getenv}))
}
