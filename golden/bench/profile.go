//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/pprof"

	"github.com/sirupsen/logrus"

	"hull/convert"
	"hull/emit"
)

// profile converts all projects in this process, as often as there are rounds,
// and writes where the time went, for go tool pprof.
func (b *bench) profile(name string) error {
	logrus.SetOutput(io.Discard)
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	for range b.rounds {
		for _, project := range b.tree.projects {
			if err := convertProject(project); err != nil {
				return err
			}
		}
	}
	return nil
}

// convertProject makes all that hull convert writes, and writes nothing.
func convertProject(dir string) error {
	src, ds := convert.Locate([]string{dir})
	if len(ds) > 0 {
		return fmt.Errorf("%s: %s", dir, ds[0].Message)
	}
	file, report := convert.Read(context.Background(), src, convert.Options{})
	if report.HasErrors() {
		return fmt.Errorf("%s: %s", dir, report.Diagnostics[0].Message)
	}
	_, _, err := emit.Write(file, emit.Options{})
	return err
}
