// Command load has compose-go load the project of each folder, one after the
// other, and does nothing with it: what hull's cost is measured against.
//
//	load FOLDER…
//
// It prints the folders whose projects were loaded, and passes over the others.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/sirupsen/logrus"
)

func main() {
	logrus.SetOutput(io.Discard)
	for _, dir := range os.Args[1:] {
		if load(dir) == nil {
			fmt.Println(dir)
		}
	}
}

// load loads a project as a program does that uses compose-go with its
// defaults: normalized, with env files read and paths made absolute.
func load(dir string) error {
	opts, err := cli.NewProjectOptions(nil, cli.WithWorkingDirectory(dir), cli.WithEnvFiles(), cli.WithDotEnv,
		cli.WithDefaultConfigPath, cli.WithName("bench"))
	if err != nil {
		return err
	}
	_, err = opts.LoadProject(context.Background())
	return err
}
