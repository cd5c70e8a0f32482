//go:build unix

// Command bench measures hull against a bare load by compose-go, on projects
// made of the golden cases: a batch of them per core, what a second core adds,
// a single run, and memory.
//
//	go run ./golden/bench [-n PROJECTS] [-rounds N] [-profile FILE]
//
// It runs in the root of the module. docs/performance.md says what it measures.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const casesPattern = "golden/testdata/*/input"

func main() {
	n := flag.Int("n", 500, "how many projects a batch has")
	rounds := flag.Int("rounds", 8, "how often everything is run, in turns")
	profile := flag.String("profile", "", "write a processor profile of the conversions to this file, and measure nothing")
	flag.Parse()
	dir, err := os.MkdirTemp("", "hull-bench-")
	if err == nil {
		b := &bench{dir: dir, rounds: *rounds}
		err = b.run(*n, *profile)
		_ = os.RemoveAll(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run of the program.
type bench struct {
	dir        string // everything is below it
	rounds     int
	hull, load string // the programs
	tree       *tree  // the batch
}

func (b *bench) run(n int, profile string) error {
	if err := b.build(); err != nil {
		return err
	}
	cases, err := b.cases()
	if err != nil {
		return err
	}
	if b.tree, err = newTree(filepath.Join(b.dir, "batch"), cases, n); err != nil {
		return err
	}
	if profile != "" {
		return b.profile(profile)
	}
	fmt.Printf("%d projects made of %d golden cases, %d rounds: medians, and the middle half\n\n", n, len(cases), b.rounds)
	for _, part := range []func() error{b.batch, b.single, b.memory} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// build builds hull and the bare loader.
func (b *bench) build() error {
	for _, p := range []struct {
		program *string
		folder  string
	}{{&b.hull, "cmd/hull"}, {&b.load, "golden/bench/load"}} {
		*p.program = filepath.Join(b.dir, filepath.Base(p.folder))
		out, err := exec.Command("go", "build", "-o", *p.program, "./"+p.folder).CombinedOutput()
		if err != nil {
			return fmt.Errorf("building %s: %w\n%s", p.folder, err, out)
		}
	}
	return nil
}

// batch measures a batch on one core against the bare load of the same
// projects, and on two cores against one.
func (b *bench) batch() error {
	load := &command{name: "compose-go loads", program: b.load, args: b.tree.projects, cores: 1}
	write := &command{name: "hull batch, files written", program: b.hull, args: b.batchArgs(1), cores: 1, before: b.tree.reset}
	again := &command{name: "hull batch, files current", program: b.hull, args: b.batchArgs(1), cores: 1}
	write2 := &command{name: "hull batch, files written, 2 cores", program: b.hull, args: b.batchArgs(2), cores: 2, before: b.tree.reset}
	again2 := &command{name: "hull batch, files current, 2 cores", program: b.hull, args: b.batchArgs(2), cores: 2}
	load2 := &command{name: "compose-go loads, 2 processes", program: b.load, args: b.tree.projects, cores: 1, parts: 1}
	all := []*command{write, load, again, write2, again2, load2}
	if err := alternate(all, b.rounds); err != nil {
		return err
	}
	fmt.Println("A batch: the least processor time and wall time of a project")
	for _, c := range all {
		c.print(len(b.tree.projects))
	}
	printRatio(ratios(write, load, cpu), "processor time, files written, to the load's", "at most 0.9")
	printRatio(ratios(again, load, cpu), "processor time, files current, to the load's", "at most 0.9")
	printRatio(ratios(write, write2, wall), "speed of two cores to that of one, files written", "at least 1.8")
	printRatio(ratios(again, again2, wall), "speed of two cores to that of one, files current", "at least 1.8")
	printRatio(ratios(load, load2, wall), "speed of two processes of the load to that of one", "none: what the machine gives")
	fmt.Println()
	return nil
}

func (b *bench) batchArgs(jobs int) []string {
	return []string{"batch", "--quiet", "--jobs", fmt.Sprint(jobs), b.tree.dir}
}

// singles is how many of the projects are run by themselves.
const singles = 8

// single measures whole processes that do one project.
func (b *bench) single() error {
	var written, current, currentCPU []float64
	for i := range singles {
		project := b.tree.projects[i*len(b.tree.projects)/singles]
		args := []string{"convert", "--quiet", project}
		load := &command{program: b.load, args: []string{project}}
		write := &command{program: b.hull, args: args, before: b.tree.reset}
		again := &command{program: b.hull, args: args}
		if err := alternate([]*command{write, load, again}, 2*b.rounds); err != nil {
			return err
		}
		written = append(written, ratios(write, load, wall)...)
		current = append(current, ratios(again, load, wall)...)
		currentCPU = append(currentCPU, ratios(again, load, cpu)...)
	}
	fmt.Printf("A single run: %d projects, each by itself\n", singles)
	printRatio(written, "wall time, files written, to the load's", "at most 1.3")
	printRatio(current, "wall time, files current, to the load's", "at most 1.3")
	printRatio(currentCPU, "processor time, files current, to the load's", "none")
	fmt.Println()
	return nil
}

// memory measures the largest resident sets of batches of different sizes.
func (b *bench) memory() error {
	fifth := *b.tree
	fifth.dir = filepath.Join(b.dir, "fifth")
	if err := fifth.make(len(b.tree.projects) / 5); err != nil {
		return err
	}
	large := &command{program: b.hull, args: b.batchArgs(2), cores: 2}
	small := &command{program: b.hull, args: []string{"batch", "--quiet", "--jobs", "2", fifth.dir}, cores: 2}
	load := &command{program: b.load, args: b.tree.projects, cores: 2}
	if err := alternate([]*command{large, small, load}, 3); err != nil {
		return err
	}
	const mb = 1 << 20
	fmt.Printf("Memory: the largest resident set: %d projects %d MB, %d projects %d MB, compose-go's load %d MB\n",
		len(b.tree.projects), large.runs[0].peak/mb, len(fifth.projects), small.runs[0].peak/mb, load.runs[0].peak/mb)
	printRatio(ratios(large, small, rss), "memory to that of a fifth of the batch", "bounded: far below 5")
	printRatio(ratios(large, load, rss), "memory to the load's", "none")
	return nil
}
