package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"hull/convert/compose"
	"hull/convert/polytope"
	"hull/emit"
	writer "hull/emit/compose"
	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// Options says which conversion to verify.
type Options struct {
	// Compose is what the conversion is told. Files has at least one, and
	// standard input is none of them.
	Compose compose.Options
	// NoBuiltins calls polytope/container even where a built-in module does
	// the same.
	NoBuiltins bool

	// tamper makes faults in what was written; for tests.
	tamper func(name string, text []byte) []byte
}

// fileName is what the Polytope file is called in ranges.
const fileName = "polytope.yml"

// base is the template that runs what has no profile.
const base = "stack"

// verification is one run of Verify.
type verification struct {
	opts    Options
	report  *diag.Report
	sources *sources
	// env is what the variables are on both sides.
	env map[string]string
	// given is what of env the script is run with: what an env file says
	// stands in it, but for secrets, on which it insists.
	given  map[string]string
	madeUp int
	// isMadeUp are the variables whose text is made up.
	isMadeUp map[string]bool
	// isVaried holds for the comparison with other texts for the variables.
	isVaried bool
	root     *os.Root
	source   *types.Project
	in       input
	file     *ir.File
	// limits are what the evaluation and the way back to compose had to say.
	limits []diag.Diagnostic
}

// Verify converts a project and proves the result. The error says why nothing
// could be compared: one of the two projects cannot be loaded. Where the
// conversion refuses the project, the result's report has errors, and nothing
// was compared.
func Verify(ctx context.Context, opts Options) (*Result, error) {
	if err := complete(&opts.Compose); err != nil {
		return nil, err
	}
	v := &verification{opts: opts, isMadeUp: map[string]bool{}}
	if err := v.convert(ctx); err != nil || v.report.HasErrors() {
		return &Result{Report: v.report}, err
	}
	c, err := v.compare(ctx)
	if err != nil {
		return nil, err
	}
	r := explain(c, v.report.Diagnostics, v.report.Sources)
	r.Report, r.Limits = v.report, v.limits
	return &r, nil
}

// compare compares the source with what it was converted to.
func (v *verification) compare(ctx context.Context) (Comparison, error) {
	var err error
	if v.root, err = os.OpenRoot(v.opts.Compose.Root); err != nil {
		return Comparison{}, errors.New("the root folder cannot be opened")
	}
	defer v.root.Close()
	if err := v.load(ctx); err != nil {
		return Comparison{}, fmt.Errorf("the source: %w", err)
	}
	c, err := v.compareAll(ctx)
	if err != nil {
		return c, err
	}
	v.settle(&c)
	c.varied, c.madeUp = v.vary(ctx), v.isMadeUp
	return c, nil
}

// complete makes the paths of the options absolute.
func complete(o *compose.Options) error {
	if len(o.Files) == 0 || slices.Contains(o.Files, "-") {
		return errors.New("only files can be verified, and none is named")
	}
	o.Files, o.EnvFiles = slices.Clone(o.Files), slices.Clone(o.EnvFiles)
	o.ProjectDir = cmp.Or(o.ProjectDir, filepath.Dir(o.Files[0]))
	o.Root, o.OutDir = cmp.Or(o.Root, o.ProjectDir), cmp.Or(o.OutDir, o.ProjectDir)
	paths := []*string{&o.ProjectDir, &o.Root, &o.OutDir}
	for i := range o.Files {
		paths = append(paths, &o.Files[i])
	}
	for i := range o.EnvFiles {
		paths = append(paths, &o.EnvFiles[i])
	}
	for _, p := range paths {
		abs, err := filepath.Abs(*p)
		if err != nil {
			return err
		}
		*p = abs
	}
	return nil
}

// convert makes the Polytope file, and reads it as it was written down.
func (v *verification) convert(ctx context.Context) error {
	f, report := compose.Read(ctx, v.opts.Compose)
	v.report = report
	if f == nil || report.HasErrors() {
		return ctx.Err()
	}
	out := emit.Options{NoBuiltins: v.opts.NoBuiltins}
	f, ds := emit.Legalize(f, out)
	report.Add(ds...)
	outputs, err := emit.Encode(f, out)
	if err != nil {
		return err
	}
	in := polytope.Options{Name: fileName}
	for _, o := range outputs {
		if v.opts.tamper != nil {
			o.Data = v.opts.tamper(o.Name, o.Data)
		}
		if o.Name == emit.ScriptName {
			in.Script, in.ScriptName = o.Data, o.Name
		} else {
			in.Text = o.Data
		}
	}
	file, found := polytope.Read(in)
	if found.HasErrors() {
		return fmt.Errorf("what was written cannot be read: %s", found.Diagnostics[0].Message)
	}
	v.file = file
	return nil
}

// load loads the source, with texts for all variables that either side needs.
func (v *verification) load(ctx context.Context) error {
	o := v.opts.Compose
	shown := make([]string, len(o.Files))
	for i, name := range o.Files {
		shown[i] = relative(o.ProjectDir, name)
		v.in.files = append(v.in.files, types.ConfigFile{Filename: name, Content: v.report.Sources[shown[i]]})
	}
	v.sources = parseSources(v.report.Sources, shown)
	var err error
	if v.env, err = environment(o.ProjectDir, o.EnvFiles, isFile); err != nil {
		return err
	}
	dotEnv := maps.Clone(v.env)
	// Every shell sets these. compose-go takes "~" for the home folder as well.
	for name, text := range map[string]string{"HOME": "~", "PWD": o.ProjectDir} {
		if _, ok := v.env[name]; !ok {
			v.env[name] = text
		}
	}
	v.in.dir, v.in.env, v.in.profiles = o.ProjectDir, v.env, o.Profiles
	v.in.name, v.in.isNamed = v.projectName()
	if names, ok := v.env["COMPOSE_PROFILES"]; ok && len(o.Profiles) == 0 {
		v.in.profiles = strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' })
	}
	if v.source, err = v.loadSource(ctx, v.in); err != nil {
		return err
	}
	all := v.in
	all.env, all.profiles, all.isLenient = v.env, []string{"*"}, true
	everything, err := v.loadSource(ctx, all)
	if err != nil { // what does not run now need not load
		everything = v.source
	}
	v.borrow(everything)
	for _, b := range v.file.Bindings {
		v.requireAll(b.Default)
	}
	v.in.name, v.in.isNamed, v.in.env = v.source.Name, true, v.env
	if v.source, err = v.loadSource(ctx, v.in); err != nil {
		return err
	}
	v.give(dotEnv)
	return nil
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func relative(dir, name string) string {
	if rel, err := filepath.Rel(dir, name); err == nil {
		name = rel
	}
	return filepath.ToSlash(name)
}

// projectName is the project's name, and whether it goes before the files' own
// (Compose Specification, "Name top-level element").
func (v *verification) projectName() (name string, isSet bool) {
	name = cmp.Or(v.opts.Compose.ProjectName, v.env["COMPOSE_PROJECT_NAME"])
	if name != "" {
		return loader.NormalizeProjectName(name), true
	}
	return cmp.Or(loader.NormalizeProjectName(filepath.Base(v.opts.Compose.ProjectDir)), base), false
}

// compareAll compares each template with the project that it was made of.
func (v *verification) compareAll(ctx context.Context) (Comparison, error) {
	var c Comparison
	seen := map[string]bool{base: true}
	if v.hasTemplate(base) || len(v.source.Services) > 0 {
		var err error
		if c, err = v.compareTemplate(ctx, base, v.in); err != nil {
			return c, err
		}
	}
	for _, profile := range v.profiles() {
		id := v.template(profile)
		seen[id] = true
		v.compareProfile(&c, profile, id)
		if v.hasTemplate(id) {
			in := v.in
			in.profiles, in.isLenient = append(slices.Clone(v.in.profiles), profile), true
			more, err := v.compareTemplate(ctx, id, in)
			if err != nil {
				return c, err
			}
			c.merge(more)
		}
	}
	for _, t := range v.file.Templates {
		if !seen[t.ID] {
			c.merge(compareFacts(facts{}, facts{"": {path: path{"templates", t.ID}, value: t.ID}}))
		}
	}
	return c, nil
}

// profiles are those that are not active, by their names.
func (v *verification) profiles() []string {
	names := map[string]bool{}
	for _, s := range v.source.AllServices() {
		for _, p := range s.Profiles {
			names[p] = !slices.Contains(v.in.profiles, p) && !slices.Contains(v.in.profiles, "*")
		}
	}
	maps.DeleteFunc(names, func(_ string, isInactive bool) bool { return !isInactive })
	return slices.Sorted(maps.Keys(names))
}

// template is the id of a profile's template. One that is called as the base
// is has another name.
func (v *verification) template(profile string) string {
	if id := idOf(profile); id != base {
		return id
	}
	return "profile-" + base
}

func (v *verification) hasTemplate(id string) bool {
	return slices.ContainsFunc(v.file.Templates, func(t *ir.Template) bool { return t.ID == id })
}

// compareProfile compares the name of a profile with that of its template.
func (v *verification) compareProfile(c *Comparison, profile, id string) {
	f := &fact{path: path{"profiles", profile}, value: profile}
	for _, name := range slices.Sorted(maps.Keys(v.source.AllServices())) {
		if slices.Contains(v.source.AllServices()[name].Profiles, profile) {
			f.at = append(f.at, path{"services", name, "profiles"})
		}
	}
	f.path = f.at[0].with(profile)
	target := &fact{path: f.path, value: id}
	if !v.hasTemplate(id) {
		target = nil
	}
	c.merge(compareFacts(facts{"": f}, facts{"": target}))
}

// compareTemplate compares one template with the source as it is loaded for
// it.
func (v *verification) compareTemplate(ctx context.Context, id string, in input) (Comparison, error) {
	source, err := v.loadSource(ctx, in)
	if err != nil {
		return Comparison{}, fmt.Errorf("the source, for the template %s: %w", id, err)
	}
	target, job := &types.Project{Name: v.source.Name}, &resolve.Symbolic{Job: &resolve.Job{}}
	if v.hasTemplate(id) {
		if target, job, err = v.target(ctx, id); err != nil {
			return Comparison{}, fmt.Errorf("the template %s: %w", id, err)
		}
	}
	c := Compare(source, target, CompareOptions{Root: v.opts.Compose.ProjectDir, ReadFile: v.read, isWritten: v.sources.has})
	c.merge(v.repeated(job))
	if !v.isVaried { // other texts make services talk to others
		c.merge(v.reached(source, job.Job))
	}
	for i := range c.Differences {
		c.Differences[i].Output = output(job.Job, &c.Differences[i])
	}
	return c, nil
}

// target is the project that a template runs.
func (v *verification) target(ctx context.Context, id string) (*types.Project, *resolve.Symbolic, error) {
	job, ds := resolve.ResolveSymbolic(v.file, resolve.Options{Template: id, Lookup: v.lookup})
	if job == nil || job.Job == nil {
		return nil, nil, fmt.Errorf("nothing can be run: %v", ds)
	}
	dir := v.opts.Compose.OutDir
	text, more, err := writer.Write(job, writer.Options{Name: v.source.Name, FileDir: dir, WorkDir: dir, OutDir: dir})
	if err != nil {
		return nil, nil, err
	}
	v.limit(append(ds, more...))
	in := input{
		dir: dir, name: v.source.Name, isNamed: true, env: map[string]string{},
		files: []types.ConfigFile{{Filename: filepath.Join(dir, "compose.yaml"), Content: text}},
	}
	p, err := in.load(ctx)
	return p, job, err
}

// limit notes, once, what keeps a difference from being the conversion's.
func (v *verification) limit(ds []diag.Diagnostic) {
	for _, d := range ds {
		if !slices.ContainsFunc(v.limits, func(e diag.Diagnostic) bool { return reflect.DeepEqual(d, e) }) {
			v.limits = append(v.limits, d)
		}
	}
}

// output is where the converted file starts the service of a difference.
func output(job *resolve.Job, d *Difference) diag.Range {
	for _, c := range job.Containers {
		if owner := d.elements.owner(); owner != nil && (c.ID == owner[1] || c.ID == idOf(owner[1])) {
			return c.Rng
		}
	}
	return diag.Range{File: fileName}
}

// settle finds the differences in the source, and takes out those that only
// the file's own anchors make.
func (v *verification) settle(c *Comparison) {
	kept := c.Differences[:0]
	for _, d := range c.Differences {
		if i := slices.IndexFunc(d.elements, func(e string) bool { return strings.HasPrefix(e, "x-") }); i >= 0 &&
			d.Target == nil && v.sources.holdsAnchors(d.elements[:i+1]) {
			c.Attributes[d.Path] = true
			continue
		}
		v.sources.locate(&d)
		kept = append(kept, d)
	}
	c.Differences = kept
}
