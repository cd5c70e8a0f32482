package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/urfave/cli/v2"
	"golang.org/x/sync/errgroup"

	"hull/convert"
	"hull/emit/report"
	"hull/ir/diag"
)

const batchDescription = `DIR is searched for projects, together with every folder below it: compose files
as docker compose finds them, and folders with a hull.yml, which says what to
convert there and how. What git ignores is left out; so are overrides, and files
that other projects include. Without a DIR, the current folder is searched.

Each project is converted as by hull convert, on all cores; one that fails does
not stop the others. A table of all projects is printed. The exit code is 1 if
any project failed, or if there is none, else 3 if --check found a file that is
not current.

Examples:

  hull batch                          convert every project below here
  hull batch --check stacks/          is everything generated still current?
  hull batch --report hull.sarif --strict
  hull batch --shard 2/5              the second of five jobs of a CI matrix
  hull batch --exclude 'legacy/' --include 'stack.yml'`

var batchCodes = []diag.Info{
	{
		Code: "batch/collision", Severity: diag.Error,
		Summary: "Two projects would write the same files, or one what the other reads.",
		Detail: "Every project has an output folder of its own, by default the one it is in. Give the projects of one folder different ones, or " +
			"say in a hull.yml what of the folder is to be converted. What one project writes cannot be an input of another in the same run, " +
			"since no order holds between them: convert them by two runs.",
	},
	{
		Code: "batch/crash", Severity: diag.Error,
		Summary: "hull itself failed on a project.",
		Detail:  "This is a fault of hull's. The other projects were converted all the same, and of this one nothing was written.",
	},
	{
		Code: "batch/none", Severity: diag.Error,
		Summary: "There is no project below the folders.",
		Detail: "A folder that is misspelt or was moved would else look like one in which all is well. Projects that git ignores do not count, " +
			"nor do those that --exclude leaves out; --include finds files of other names.",
	},
}

func batchCommand(sys system) *cli.Command {
	return &cli.Command{
		Name:        "batch",
		Usage:       "convert every project below some folders",
		ArgsUsage:   "[DIR…]",
		Description: batchDescription,
		Flags: append(slices.DeleteFunc(projectFlags("batch"), isOfOneProject),
			boolFlag("check", "write nothing; print what would change, and exit with code 3 if anything would"),
			boolFlag("force", "overwrite files that hull did not generate"),
			quietFlag(),
			&cli.StringSliceFlag{Name: "report", Usage: reportUsage},
			&cli.StringSliceFlag{Name: "include", Usage: "take files named `PATTERN` for projects, too; repeatable"},
			&cli.StringSliceFlag{Name: "exclude", Usage: "leave out what matches `PATTERN`, as in .gitignore; repeatable"},
			&cli.StringFlag{Name: "shard", Usage: "convert the I-th of N parts of the projects, `I/N`"},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Value: runtime.NumCPU(), DefaultText: "one for each core", Usage: "convert `N` projects at a time"},
			boolFlag("fail-fast", "stop at the first project that fails"),
		),
		Action: func(c *cli.Context) error {
			b, err := newBatch(c, sys)
			if err != nil {
				return err
			}
			return b.run(c.Context)
		},
	}
}

// isOfOneProject tells of flags whose paths and names are one project's.
func isOfOneProject(f cli.Flag) bool {
	return slices.Contains([]string{"output", "env-file", "project-directory", "project-name"}, f.Names()[0])
}

// batch is one run of hull batch.
type batch struct {
	sys             system
	flags           *cli.Context
	dirs            []string
	find            convert.FindOptions
	shard, shards   int
	jobs            int
	failFast, check bool
	quiet           bool
	reports         reports

	// found and names are what the report needs of all projects: diagnostics,
	// without the sources that they are about. They, and a row a project, are
	// what a batch keeps.
	found diag.Report
	// notCurrent is what --check found, for the reports: it is no failure.
	notCurrent []diag.Diagnostic
	names      []string // of their files
	rows       []row
	progress   progress
}

func newBatch(c *cli.Context, sys system) (*batch, error) {
	b := &batch{
		sys: sys, flags: c, dirs: c.Args().Slice(),
		find:  convert.FindOptions{Include: c.StringSlice("include"), Exclude: c.StringSlice("exclude"), Marker: configName},
		shard: 1, shards: 1, jobs: c.Int("jobs"), failFast: c.Bool("fail-fast"), check: c.Bool("check"), quiet: c.Bool("quiet"),
		reports: c.StringSlice("report"),
	}
	if len(b.dirs) == 0 {
		b.dirs = []string{"."}
	}
	if b.jobs < 1 {
		return nil, usagef("batch", "--jobs takes a number from 1, not %d", b.jobs)
	}
	if b.check && b.reports.toStdout() {
		return nil, usagef("batch", "--check prints what would change; nothing else goes to standard output")
	}
	for _, p := range b.find.Include {
		if _, err := filepath.Match(p, ""); err != nil {
			return nil, usagef("batch", "--include takes a pattern, and %q is none", p)
		}
	}
	if text := c.String("shard"); text != "" {
		if err := b.parseShard(text); err != nil {
			return nil, err
		}
	}
	_, err := parseSettings(&settled{Context: c}, nil)
	return b, err
}

func (b *batch) parseShard(text string) error {
	i, n, _ := strings.Cut(text, "/")
	var errs [2]error
	b.shard, errs[0] = strconv.Atoi(i)
	b.shards, errs[1] = strconv.Atoi(n)
	if errors.Join(errs[:]...) != nil || b.shard < 1 || b.shard > b.shards {
		return usagef("batch", "--shard takes I/N with I from 1 to N, as 2/5, not %q", text)
	}
	return nil
}

// row is what became of a project.
type row struct {
	name   string
	result result
	losses int
	errors int
}

// result is a word for what became of a project.
type result string

const (
	written   result = "written"
	unchanged result = "unchanged"
	stale     result = "stale"
	failed    result = "failed"
	notRun    result = "not run"
)

func (b *batch) run(ctx context.Context) error {
	projects, ds := convert.Find(b.dirs, b.find)
	b.found.Add(ds...)
	if len(projects) == 0 && !b.found.HasErrors() {
		b.found.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "batch/none", Message: "no project below " + strings.Join(b.dirs, ", "),
			Help: "hull batch takes folders, of which each holds compose files or a " + configName + ", or has folders below that do",
		})
	}
	projects = convert.Shard(projects, b.shard, b.shards)
	if err := report.Text(b.sys.stderr, &b.found, b.textOptions("")); err != nil {
		return err
	}
	b.progress = newProgress(b.sys, len(projects), b.quiet)
	b.convertAll(ctx, projects)
	b.progress.finish()
	if err := b.writeReports(); err != nil {
		return err
	}
	if err := b.table(); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted; every file is as it was, or as it should be")
	case b.found.HasErrors(), b.count(failed) > 0, b.count(notRun) > 0:
		return errReported
	case b.count(stale) > 0:
		return errDrift
	}
	return nil
}

func (b *batch) textOptions(prefix string) report.TextOptions {
	return report.TextOptions{Color: useColor(b.sys, b.sys.stderr), Prefix: prefix}
}

// convertAll converts projects at the same time, and takes them up in their
// order, so that the output is that of one after the other. What waits to be
// taken up is bounded by the number of jobs.
func (b *batch) convertAll(ctx context.Context, projects []convert.Source) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	taken := newClaims()
	results := make(chan chan *conversion, 2*b.jobs)
	go func() {
		defer close(results)
		var g errgroup.Group
		g.SetLimit(b.jobs)
		for _, p := range projects {
			c := b.conversion(p)
			c.found.Add(taken.add(c, p)...)
			done := make(chan *conversion, 1)
			results <- done
			g.Go(func() error {
				b.convert(ctx, c)
				if b.failFast && c.isDone && !c.succeeded() {
					cancel()
				}
				done <- c
				return nil
			})
		}
		_ = g.Wait()
	}()
	i := 0
	for done := range results {
		b.take(<-done, projects[i])
		i++
	}
}

// convert converts a project, unless the batch is to end.
func (b *batch) convert(ctx context.Context, c *conversion) {
	if ctx.Err() != nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			c.found.Add(diag.Diagnostic{Severity: diag.Error, Code: "batch/crash", Message: fmt.Sprintf("hull failed: %v", r)})
		}
	}()
	if err := c.process(ctx); err != nil {
		c.isDone = !errors.Is(err, context.Canceled)
		c.found.Add(diag.Diagnostic{Severity: diag.Error, Code: "output/unwritable", Message: err.Error()})
	}
}

// conversion is that of one project: by the flags, and by its hull.yml where
// it has one.
func (b *batch) conversion(p convert.Source) *conversion {
	c := &conversion{sys: b.sys, dir: p.Dir}
	flags := &settled{Context: b.flags, inputs: p.Files}
	if p.Format == "" {
		config, found := readConfig(p.Dir, b.flags.String("root"))
		c.found.Merge(found)
		if config != nil {
			flags.config, flags.inputs = config, config.inputs()
		}
	}
	s, err := parseSettings(flags, flags.inputs)
	if err == nil && s.target.first().Name == "knot" && s.platform == "" {
		err = errors.New("a knot template is for one platform: docker or podman")
	}
	if err != nil {
		c.found.Add(diag.Diagnostic{Severity: diag.Error, Code: "config/invalid", Message: err.Error(), Subject: diag.Range{File: filepath.ToSlash(p.Files[0])}})
	}
	if c.found.HasErrors() {
		c.dir = "" // these name the file from here
	}
	s.confine(flags)
	s.reports = nil
	c.settings = s
	return c
}

// take notes what became of a project, and tells of what went wrong.
func (b *batch) take(c *conversion, p convert.Source) {
	r := row{name: printable(filepath.ToSlash(p.Files[0])), losses: c.found.Losses(), errors: report.Count(c.found.Diagnostics).Errors}
	switch {
	case !c.isDone:
		r.result = notRun
	case !c.succeeded():
		r.result = failed
	case len(c.changed) == 0:
		r.result = unchanged
	case b.check:
		r.result = stale
	default:
		r.result = written
	}
	b.rows = append(b.rows, r)
	b.progress.step(r, len(b.rows))
	if r.result == failed {
		_ = report.Text(b.sys.stderr, c.reasons(), b.textOptions(c.prefix()))
	}
	if r.result == stale {
		_ = c.showStale()
	}
	b.keep(c)
}

// printable is a name without what steers a terminal: whoever may add a folder
// to a repository chooses the names.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, name)
}

// keep keeps a project's diagnostics for the report, and lets go of its
// sources.
func (b *batch) keep(c *conversion) {
	if len(b.reports) == 0 {
		return
	}
	below := func(file string) string { return filepath.ToSlash(filepath.Join(c.prefix(), file)) }
	for _, file := range c.sourceFiles() {
		b.names = append(b.names, below(file))
	}
	for _, d := range c.found.Diagnostics {
		d.Subject.File = below(d.Subject.File)
		b.found.Add(d)
	}
	for _, d := range c.stale() {
		d.Subject.File = below(d.Subject.File)
		b.notCurrent = append(b.notCurrent, d)
	}
}

func (b *batch) count(r result) int {
	n := 0
	for _, row := range b.rows {
		if row.result == r {
			n++
		}
	}
	return n
}

// table prints all projects and, below them, how many came to what.
func (b *batch) table() error {
	if b.quiet || b.reports.toStdout() {
		return nil
	}
	out := b.sys.stdout
	if b.check { // which takes it for what would change
		out = b.sys.stderr
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PROJECT\tRESULT\tLOSSES\tERRORS")
	losses := 0
	for _, r := range b.rows {
		losses += r.losses
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\n", r.name, r.result, r.losses, r.errors)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var parts []string
	for _, r := range []result{written, unchanged, stale, failed, notRun} {
		if n := b.count(r); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, r))
		}
	}
	results := ""
	if len(parts) > 0 {
		results = ": " + strings.Join(parts, ", ")
	}
	_, err := fmt.Fprintf(out, "%s%s; %s\n", plural(len(b.rows), "project"), results, plural(losses, "loss"))
	return err
}

// writeReports writes the report of all projects.
func (b *batch) writeReports() error {
	force := b.flags.Bool("force")
	ds := b.reports.obstacles(force)
	reported := &diag.Report{Diagnostics: append(slices.Clone(b.found.Diagnostics), b.notCurrent...)}
	failed, err := b.reports.write(b.sys, reported, b.names, force)
	if err != nil {
		return err
	}
	ds = append(ds, failed...)
	b.found.Add(ds...)
	return report.Text(b.sys.stderr, &diag.Report{Diagnostics: ds}, b.textOptions(""))
}
