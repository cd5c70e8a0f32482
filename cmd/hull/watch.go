package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settleTime is how long files have to be left alone before they are converted
// again: editors write a file in several steps.
const settleTime = 100 * time.Millisecond

// longestWait is how long files that are never left alone are waited for: a
// program may write beside the project all the time.
const longestWait = 2 * time.Second

// watch converts, and again whenever a file in the folders of the sources
// changes, until it is interrupted. A conversion that fails is one to be
// mended; it does not end the watch.
func watch(ctx context.Context, sys system, s settings) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	watched := map[string]bool{}
	for {
		c := &conversion{sys: sys, settings: s}
		if err := c.run(ctx); err != nil && err != errReported {
			return err
		}
		for _, dir := range c.folders() {
			if !watched[dir] {
				watched[dir] = w.Add(dir) == nil
			}
		}
		fmt.Fprintln(sys.stderr, "watching for changes; interrupt to end")
		if err := changed(ctx, w, c.isOutput); err != nil {
			return nil // interrupted: that is how a watch ends
		}
	}
}

// folders are those of the files that were read, and of the inputs where none
// could be.
func (c *conversion) folders() []string {
	dirs := map[string]bool{}
	for name := range c.found.Sources {
		dirs[filepath.Dir(filepath.Join(c.dir, filepath.FromSlash(name)))] = true
	}
	for _, file := range c.sources {
		dirs[filepath.Dir(file)] = true
	}
	var all []string
	for dir := range dirs {
		all = append(all, dir)
	}
	slices.Sort(all)
	return all
}

// isOutput tells whether a file is one that the conversion writes.
func (c *conversion) isOutput(path string) bool {
	name := filepath.Base(path)
	for _, o := range c.outfiles() {
		if filepath.Base(o.path) == name {
			return true
		}
	}
	return strings.HasPrefix(name, tempPrefix)
}

// changed waits until a file changes that is not to be ignored, and then until
// no more do. It fails when it is interrupted.
func changed(ctx context.Context, w *fsnotify.Watcher, isIgnored func(path string) bool) error {
	var settled, late <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, ok := <-w.Events:
			if !ok {
				return context.Canceled
			}
			if !isIgnored(e.Name) && e.Op != fsnotify.Chmod {
				settled = time.After(settleTime)
				if late == nil {
					late = time.After(longestWait)
				}
			}
		case <-w.Errors: // an overflow loses events: convert to be safe
			settled = time.After(settleTime)
		case <-settled:
			return nil
		case <-late:
			return nil
		}
	}
}
