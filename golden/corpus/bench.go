package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"hull/convert/compose"
	"hull/emit"
)

// rounds is how often each project is loaded and converted, in turns.
const rounds = 8

// cost is what one run takes.
type cost struct {
	time   time.Duration
	allocs uint64
}

// bench measures the whole conversion of a project (reading, polytope.yml, the
// script: what hull convert does by default) against compose-go's own load of it, in the same run.
func bench(projects []project) {
	fmt.Printf("%8s %10s %10s %10s %8s  %s\n", "ratio", "hull", "load", "allocs", "ratio", "project")
	var ratios []float64
	for _, p := range projects {
		if load(p) != nil || convert(p) != nil {
			continue
		}
		hull, bare := measure(func() { _ = convert(p) }, func() { _ = load(p) })
		ratio := float64(hull.time) / float64(bare.time)
		ratios = append(ratios, ratio)
		fmt.Printf("%8.2f %10s %10s %10d %8.2f  %s\n", ratio, hull.time.Round(time.Microsecond), bare.time.Round(time.Microsecond),
			hull.allocs, float64(hull.allocs)/float64(bare.allocs), filepath.Join(filepath.Base(filepath.Dir(p.files[0])), filepath.Base(p.files[0])))
	}
	if len(ratios) == 0 {
		return
	}
	slices.Sort(ratios)
	fmt.Printf("median ratio %.2f, highest %.2f, over %d projects\n", ratios[len(ratios)/2], ratios[len(ratios)-1], len(ratios))
}

func convert(p project) error {
	file, report := compose.Read(context.Background(), compose.Options{Files: p.files, Root: p.root})
	if report.HasErrors() {
		return fmt.Errorf("%s", report.Diagnostics[0].Message)
	}
	_, _, err := emit.Write(file, emit.Options{})
	return err
}

// measure runs two functions in turns, several times at a stretch, and takes
// the fastest stretch of each: what disturbs a run only ever makes it slower.
func measure(a, b func()) (cost, cost) {
	as := cost{allocs: uint64(testing.AllocsPerRun(1, a))}
	bs := cost{allocs: uint64(testing.AllocsPerRun(1, b))}
	for range rounds {
		as.time = fastest(as.time, stretch(a))
		bs.time = fastest(bs.time, stretch(b))
	}
	return as, bs
}

const stretchLen = 5

func stretch(f func()) time.Duration {
	runtime.GC()
	start := time.Now()
	for range stretchLen {
		f()
	}
	return time.Since(start) / stretchLen
}

func fastest(a, b time.Duration) time.Duration {
	if a == 0 || b < a {
		return b
	}
	return a
}
