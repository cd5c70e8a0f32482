//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// cost is what a process takes.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // the largest resident set, in bytes
}

// command is a program that is run over and over.
type command struct {
	name    string
	program string
	args    []string
	cores   int          // how many cores Go's scheduler uses; 0: all
	parts   int          // how many further processes share the arguments
	before  func() error // is called before each run, unless nil
	runs    []cost
}

// alternate runs commands in turns, so that what slows the machine down for a
// while meets all of them.
func alternate(commands []*command, rounds int) error {
	for range rounds {
		for _, c := range commands {
			if err := c.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *command) run() error {
	if c.before != nil {
		if err := c.before(); err != nil {
			return err
		}
	}
	var processes []*exec.Cmd
	for args := range slices.Chunk(c.args, (len(c.args)+c.parts)/(c.parts+1)) {
		p := exec.Command(c.program, args...)
		p.Env = os.Environ()
		if c.cores > 0 {
			p.Env = append(p.Env, fmt.Sprint("GOMAXPROCS=", c.cores))
		}
		processes = append(processes, p)
	}
	start := time.Now()
	for _, p := range processes {
		if err := p.Start(); err != nil {
			return err
		}
	}
	took := cost{}
	for _, p := range processes {
		if err := p.Wait(); err != nil {
			return fmt.Errorf("%s %s: %w", c.program, c.args[0], err)
		}
		took.cpu += p.ProcessState.UserTime() + p.ProcessState.SystemTime()
		took.peak = max(took.peak, peak(p.ProcessState))
	}
	took.wall = time.Since(start)
	c.runs = append(c.runs, took)
	return nil
}

// peak is the largest resident set. The kernels count it in different units.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}

// print prints what the cheapest run took of each kind of time, by project.
func (c *command) print(projects int) {
	each := time.Duration(projects)
	cpu, wall := c.runs[0].cpu, c.runs[0].wall
	for _, r := range c.runs {
		cpu, wall = min(cpu, r.cpu), min(wall, r.wall)
	}
	fmt.Printf("%8v %8v  %s\n", (cpu / each).Round(time.Microsecond), (wall / each).Round(time.Microsecond), c.name)
}

// The kinds of cost that ratios are made of.
func wall(c cost) float64 { return float64(c.wall) }
func cpu(c cost) float64  { return float64(c.cpu) }
func rss(c cost) float64  { return float64(c.peak) }

// ratios are those of the runs of two commands, round by round: the two runs of
// a round stand close to one another, so that what else the machine does at the
// time meets both.
func ratios(a, b *command, of func(cost) float64) []float64 {
	var all []float64
	for i := range a.runs {
		all = append(all, of(a.runs[i])/of(b.runs[i]))
	}
	return all
}

// printRatio prints the median, and between which the middle half lies.
func printRatio(all []float64, what, aim string) {
	slices.Sort(all)
	n := len(all)
	fmt.Printf("%6.2f  (%.2f to %.2f)  %s; aim: %s\n", all[n/2], all[n/4], all[n*3/4], what, aim)
}
