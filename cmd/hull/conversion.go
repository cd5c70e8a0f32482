package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/term"

	"hull/convert"
	"hull/convert/rewrite"
	"hull/emit"
	"hull/emit/report"
	"hull/ir"
	"hull/ir/diag"
)

// conversion is one run of hull convert.
type conversion struct {
	sys system
	settings
	found diag.Report
	// dir is the project directory, absolute: the diagnostics' files are
	// relative to it.
	dir string
	// format is that of the source.
	format string
	// file is what is written, as it is written.
	file    *ir.File
	outputs []emit.Output
	// sources are the files that were read, absolute.
	sources []string
	// changed are the files that were to be changed.
	changed []*change
	// isDone holds once the conversion has been tried.
	isDone bool
}

func (c *conversion) run(ctx context.Context) error {
	if err := c.process(ctx); err != nil {
		return err
	}
	reported := c.found
	reported.Diagnostics = append(slices.Clone(c.found.Diagnostics), c.stale()...)
	ds, err := c.reports.write(c.sys, &reported, c.sourceFiles(), c.force)
	if err != nil {
		return err
	}
	c.found.Add(ds...)
	if err := c.show(); err != nil {
		return err
	}
	if !c.succeeded() {
		return errReported
	}
	if c.check {
		return c.showStale()
	}
	if c.target.toStdout {
		return c.print()
	}
	return nil
}

// print prints the file; where there are several of another language, all of
// them, as documents of one.
func (c *conversion) print() error {
	for i, o := range c.outputs {
		switch {
		case i > 0 && c.target.first().IsPolytope():
			return nil // the script
		case i > 0:
			fmt.Fprintln(c.sys.stdout, "---")
		}
		if _, err := c.sys.stdout.Write(o.Data); err != nil {
			return err
		}
	}
	return nil
}

// process converts the project and writes what it becomes, unless something is
// wrong with it already.
func (c *conversion) process(ctx context.Context) error {
	c.isDone = true
	if c.found.HasErrors() {
		return nil
	}
	if err := c.convert(ctx); err != nil {
		return err
	}
	c.policy.Apply(&c.found)
	c.settle(c.plan())
	c.found.Sort()
	return nil
}

// settle makes the changes, or only notes them where the run is a check.
func (c *conversion) settle(changes []*change) {
	if !c.succeeded() {
		return
	}
	for _, ch := range changes {
		if ch.isNeeded() {
			c.changed = append(c.changed, ch)
		}
	}
	if c.check {
		return
	}
	if d := commit(changes); d != nil {
		c.found.Add(*d)
	}
}

// succeeded tells whether the outputs are to be written.
func (c *conversion) succeeded() bool {
	return !c.found.HasErrors() && !c.failsStrict()
}

func (c *conversion) failsStrict() bool { return c.strict && c.found.Losses() > 0 }

// convert reads the source and makes the outputs.
func (c *conversion) convert(ctx context.Context) error {
	src, ds := convert.Locate(c.inputs)
	c.found.Add(ds...)
	if len(ds) > 0 {
		return nil
	}
	if slices.Equal(src.Files, []string{convert.Stdin}) {
		src.Format = convert.FormatOf(c.compose.Stdin)
	}
	if err := c.settlePaths(&src); err != nil {
		return err
	}
	parts, rep := convert.ReadAll(ctx, src, c.readOptions())
	c.found.Merge(rep)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(parts) == 0 || c.found.HasErrors() {
		return nil
	}
	if c.isVerified {
		c.verify(ctx, src)
	}
	if len(parts) == 1 && parts[0].Name == "" {
		return c.write(src, parts[0])
	}
	return c.writeParts(src, parts)
}

func (c *conversion) readOptions() convert.Options {
	return convert.Options{Compose: c.compose, Jsonnet: c.jsonnet, Knot: c.knot}
}

// write makes the outputs of a source that is one file.
func (c *conversion) write(src convert.Source, p convert.Part) error {
	opts := emit.Options{
		Formats: c.target.formats, FileName: c.target.name,
		Sources: c.sourceNames(src), NoBuiltins: c.noBuiltins,
		FileDir: c.compose.OutDir, OutDir: c.compose.OutDir, Platform: c.platform, Split: c.target.split, NoHeader: c.target.toStdout,
	}
	if p.Format == polytopeName {
		c.fromPolytope(src, p.File, &opts)
	}
	c.file = p.File
	if !c.target.first().IsPolytope() {
		return c.writeOther(opts)
	}
	var ds []diag.Diagnostic
	c.file, ds = emit.Legalize(p.File, opts)
	c.found.Add(ds...)
	var err error
	c.outputs, err = emit.Encode(c.file, opts)
	return err
}

// writeOther makes the outputs of a format that is not Polytope's.
func (c *conversion) writeOther(opts emit.Options) error {
	outputs, ds, err := emit.Write(c.file, opts)
	c.found.Add(ds...)
	if !c.found.HasErrors() {
		c.outputs = outputs
	}
	return err
}

// fromPolytope settles what is different where a Polytope file becomes one of
// another format: which modules it calls is its author's choice, and the script
// that stands beside it stays.
func (c *conversion) fromPolytope(src convert.Source, file *ir.File, opts *emit.Options) {
	opts.NoBuiltins = true
	opts.NoScript = len(file.Bindings) == 0 || c.compose.OutDir == src.Dir
	if c.target.first().Name == "compose" {
		opts.FileDir = src.Dir // its writer moves paths itself: also those that begin with ./, and those of values
		return
	}
	rewrite.Rebase(file, src.Dir, c.compose.OutDir)
}

// settlePaths makes every path absolute, so that nothing depends on which
// folder a relative one is taken from.
func (c *conversion) settlePaths(src *convert.Source) error {
	c.target.dir = cmp.Or(c.target.dir, src.Dir)
	c.compose.ProjectDir = cmp.Or(c.compose.ProjectDir, src.Dir)
	c.compose.OutDir = c.target.dir
	src.Files, c.compose.EnvFiles = slices.Clone(src.Files), slices.Clone(c.compose.EnvFiles)
	paths := []*string{&c.compose.ProjectDir, &c.compose.OutDir, &c.compose.Root, &src.Dir}
	for i := range src.Files {
		paths = append(paths, &src.Files[i])
	}
	for i := range c.compose.EnvFiles {
		paths = append(paths, &c.compose.EnvFiles[i])
	}
	for _, p := range paths {
		if *p == "" || *p == convert.Stdin {
			continue
		}
		abs, err := filepath.Abs(*p)
		if err != nil {
			return err
		}
		*p = abs
	}
	c.dir, c.sources = c.compose.ProjectDir, src.Files
	return nil
}

// sourceNames are the inputs as the header of the outputs names them: from the
// project directory, so that they do not depend on where hull runs.
func (c *conversion) sourceNames(src convert.Source) []string {
	var names []string
	for _, file := range src.Files {
		name := "standard input"
		if file != convert.Stdin {
			name = relative(c.dir, file)
		}
		names = append(names, name)
	}
	return names
}

func relative(base, path string) string {
	rel, err := filepath.Rel(base, path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(rel)
}

// plan finds out what has to be done to the output files, and reports what
// stands in the way of them and of the report.
func (c *conversion) plan() []*change {
	var outputs []outfile
	if !c.target.toStdout && c.outputs != nil {
		outputs = c.outfiles()
		if ds := overSources(outputs, c.sources); ds != nil {
			c.found.Add(ds...)
			outputs = nil
		}
		if ds := strays(outputs, cmp.Or(c.home, c.target.dir)); ds != nil {
			c.found.Add(ds...)
			outputs = nil
		}
		if d := c.ofAnother(outputs); d != nil && !c.force {
			c.found.Add(*d)
			outputs = nil
		}
	}
	changes, ds := planAll(outputs, c.force)
	c.found.Add(ds...)
	changes = append(changes, c.leftOver(outputs)...)
	c.found.Add(c.reports.obstacles(c.force)...)
	return changes
}

// ofAnother reports the first output in whose place is a file that hull made of
// another source, which this one would silently take the place of. A source that
// is gone has no claim: it was renamed.
func (c *conversion) ofAnother(outputs []outfile) *diag.Diagnostic {
	own := c.sourceNames(convert.Source{Files: c.sources})
	for _, o := range outputs {
		present, err := readPresent(o.path)
		if !emit.HoldsComments(o.path) { // what it was made of is in the script beside it
			present, err = readPresent(filepath.Join(filepath.Dir(o.path), emit.ScriptName))
		}
		if err != nil || emit.SharesSource(present, own) || c.areGone(emit.SourcesOf(present)) {
			continue
		}
		return &diag.Diagnostic{
			Severity: diag.Error, Code: "output/other-source",
			Message: fmt.Sprintf("%s was generated from %s, and this is %s", o.path, emit.SourcesOf(present), strings.Join(own, ", ")),
			Help:    "write elsewhere with -o, or overwrite it with --force",
		}
	}
	return nil
}

// areGone tells of sources that a header names whether none of them is there any
// more. That can be told where the outputs are in the project's folder: headers
// name files from there.
func (c *conversion) areGone(names string) bool {
	rel, err := filepath.Rel(c.dir, c.compose.OutDir)
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(names, ", "), func(name string) bool {
		_, err := os.Stat(filepath.Join(c.dir, filepath.FromSlash(name)))
		return !errors.Is(err, fs.ErrNotExist)
	})
}

// overSources reports the outputs that are sources as well.
func overSources(outputs []outfile, sources []string) []diag.Diagnostic {
	var ds []diag.Diagnostic
	for _, o := range outputs {
		written, err := os.Stat(o.path)
		if err != nil {
			continue
		}
		for _, source := range sources {
			if read, err := os.Stat(source); err == nil && os.SameFile(written, read) {
				ds = append(ds, diag.Diagnostic{
					Severity: diag.Error, Code: "output/source", Message: o.path + " is what is to be converted",
					Help: "name another output with -o, or another format with --to; hull fmt -w writes a Polytope file to itself",
				})
			}
		}
	}
	return ds
}

func (c *conversion) outfiles() []outfile {
	ignored := outfile{path: filepath.Join(c.target.dir, ".gitignore"), mode: 0o644, isOurs: anyContent}
	if info, err := os.Stat(ignored.path); err == nil {
		ignored.mode = info.Mode().Perm()
		present, _ := readPresent(ignored.path)
		ignored.data = present
	}
	ignored.data = withLine(ignored.data, emit.IgnoredName)
	var files []outfile
	hasScript := false
	for _, o := range c.outputs {
		isOurs := func(present []byte) bool { return emit.IsGenerated(present) }
		switch {
		case path.Base(o.Name) == emit.ScriptName:
			isOurs = func(present []byte) bool { return emit.IsGenerated(present) && c.isOwnScript(present) }
		case !emit.HoldsComments(o.Name):
			isOurs = func([]byte) bool {
				script, _ := readPresent(filepath.Join(c.target.dir, path.Dir(o.Name), emit.ScriptName))
				return emit.ScriptCovers(script, path.Base(o.Name))
			}
		}
		files = append(files, outfile{filepath.Join(c.target.dir, o.Name), o.Data, o.Mode, isOurs})
		hasScript = hasScript || path.Base(o.Name) == emit.ScriptName
	}
	if !hasScript {
		return files
	}
	return append(files, ignored)
}

// isOwnScript tells whether a script belongs to what is being written, in
// whichever format, rather than to a file of another name in the same folder.
func (c *conversion) isOwnScript(script []byte) bool {
	names := emit.ScriptFiles(script)
	return len(names) == 0 || slices.ContainsFunc(c.outputs, func(o emit.Output) bool {
		return slices.ContainsFunc(names, func(name string) bool { return stem(name) == stem(path.Base(o.Name)) })
	})
}

// stem is a file's name without its extension.
func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

// sourceFiles are the sources as diagnostics name them.
func (c *conversion) sourceFiles() []string {
	var names []string
	for _, s := range c.sources {
		if s != convert.Stdin {
			names = append(names, relative(c.dir, s))
		}
	}
	return names
}

// show prints the diagnostics and the summary.
func (c *conversion) show() error {
	shown := &c.found
	if c.quiet {
		shown = c.reasons()
	}
	err := report.Text(c.sys.stderr, shown, report.TextOptions{Color: useColor(c.sys, c.sys.stderr), Prefix: c.prefix()})
	if err != nil || c.quiet && !c.failsStrict() {
		return err
	}
	_, err = fmt.Fprintln(c.sys.stderr, c.summary())
	return err
}

// reasons are the diagnostics for which nothing is written.
func (c *conversion) reasons() *diag.Report {
	shown := diag.Report{Sources: c.found.Sources}
	for _, d := range c.found.Diagnostics {
		if d.Severity == diag.Error || c.failsStrict() && d.Fate.IsLoss() {
			shown.Add(d)
		}
	}
	return &shown
}

// prefix is the project directory as the user would name it from here.
func (c *conversion) prefix() string {
	here, err := os.Getwd()
	if err != nil || c.dir == "" {
		return ""
	}
	if rel := relative(here, c.dir); rel != "." {
		return rel
	}
	return ""
}

// useColor tells whether an output is a terminal that wants colours.
func useColor(sys system, w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && sys.getenv("NO_COLOR") == "" && sys.getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
