package compose

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// fileNames are what docker compose looks for, and what it lays over them
// (docker compose's documentation, "compose -f").
var (
	fileNames     = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
	overrideNames = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}
)

// Discover finds the compose files of a folder as docker compose does: the
// first of compose.yaml, compose.yml, docker-compose.yml and
// docker-compose.yaml, and its override file beside it. The result is empty
// where there is none.
func Discover(dir string) []string {
	found := firstFile(dir, fileNames)
	if found == nil {
		return nil
	}
	return append(found, firstFile(dir, overrideNames)...)
}

func firstFile(dir string, names []string) []string {
	for _, n := range names {
		if info, err := os.Stat(filepath.Join(dir, n)); err == nil && !info.IsDir() {
			return []string{filepath.Join(dir, n)}
		}
	}
	return nil
}

// reader converts one project.
type reader struct {
	*project
	opts   Options
	report *diag.Report
	values *binder
	out    *ir.File

	modules    *names // services → modules
	volumeIDs  *names
	profileIDs *names
	// used holds, by section, the resources that services use.
	used map[string]map[string]bool
	// builds are the image modules, by what they build.
	builds map[string]*build
	// envFiles are the variables of each service's env files.
	envFiles  map[string][]fileVar
	parsedEnv map[string]envFile
	callers   []caller
	// demanded are the missing variables that were reported.
	demanded map[string]bool
	// ports are the container ports by which each service can be reached.
	ports map[string][]listen
	// serviceIDs are the names by which services are reached, and by whom.
	serviceIDs map[string]string
	// moduleOf is what each service became; a service without entry became
	// nothing.
	moduleOf map[string]*ir.Module
	buildOf  map[string]*build
}

// Read reads a project. The file is nil where the report has errors that leave
// nothing to convert; it is never partial without an error saying so.
func Read(ctx context.Context, opts Options) (*ir.File, *diag.Report) {
	report := &diag.Report{}
	opts, err := opts.complete()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		report.Add(diag.Diagnostic{Severity: diag.Error, Code: "compose/file", Message: err.Error()})
		return nil, report
	}
	fs, err := openFiles(opts)
	if err != nil {
		report.Add(diag.Diagnostic{Severity: diag.Error, Code: "compose/file", Message: fmt.Sprintf("the root folder cannot be opened: %v", err)})
		return nil, report
	}
	defer fs.close()
	p := loadProject(ctx, opts, fs, report)
	if p == nil {
		report.Finish()
		return nil, report
	}
	r := newReader(p, opts, report)
	r.convert()
	r.restComments()
	r.checkStandIns()
	report.Finish()
	return r.out, report
}

// complete fills in what the options leave open, and makes paths absolute.
func (o Options) complete() (Options, error) {
	var err error
	if o.Values == "" {
		o.Values = ValuesAll
	}
	if len(o.Files) == 0 {
		if o.Files = Discover(o.ProjectDir); len(o.Files) == 0 {
			return o, fmt.Errorf("no compose file here; looked for %v", fileNames)
		}
	}
	if o.ProjectDir == "" && o.Files[0] != "-" {
		o.ProjectDir = filepath.Dir(o.Files[0])
	}
	if o.ProjectDir, err = filepath.Abs(o.ProjectDir); err != nil {
		return o, err
	}
	for _, dir := range []*string{&o.Root, &o.OutDir} {
		if *dir == "" {
			*dir = o.ProjectDir
		}
		if *dir, err = filepath.Abs(*dir); err != nil {
			return o, err
		}
	}
	if o.Files, err = relativeAll(o.ProjectDir, o.Files); err != nil {
		return o, err
	}
	o.EnvFiles, err = relativeAll(o.ProjectDir, o.EnvFiles)
	return o, err
}

// relativeAll makes the names of files relative to the project directory.
func relativeAll(dir string, names []string) ([]string, error) {
	var out []string
	for _, n := range names {
		if n == "-" {
			out = append(out, n)
			continue
		}
		abs, err := filepath.Abs(n)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(dir, abs)
		if err != nil {
			return nil, err
		}
		out = append(out, filepath.ToSlash(rel))
	}
	return out, nil
}

func newReader(p *project, opts Options, report *diag.Report) *reader {
	r := &reader{
		project: p, opts: opts, report: report, values: newBinder(), out: &ir.File{},
		demanded: map[string]bool{}, serviceIDs: map[string]string{}, builds: map[string]*build{}, parsedEnv: map[string]envFile{}, moduleOf: map[string]*ir.Module{}, buildOf: map[string]*build{},
	}
	r.opts.Profiles = p.profiles
	r.values.knowSecrets(p.vars)
	r.values.vars, r.values.others = p.vars, p.inUse
	r.modules = r.newNames("service")
	r.volumeIDs = r.newNames("volume")
	r.profileIDs = r.newNames("profile")
	return r
}

// convert makes the file of the project.
func (r *reader) convert() {
	r.used = r.usedResources()
	r.losses()
	services := r.serviceNames()
	for _, name := range services {
		r.serviceIDs[r.modules.id(name, "services", name)] = name
	}
	for _, name := range r.src.keys("volumes") {
		if r.used["volumes"][name] {
			r.volumeIDs.id(name, "volumes", name)
		}
	}
	r.envFiles = map[string][]fileVar{}
	for _, name := range services {
		r.envFiles[name] = r.fileEnv(name)
	}
	r.ports = r.listening(services)
	for _, name := range services {
		r.convertService(name)
	}
	r.networkIsolation(services)
	r.defaultTTY(services)
	r.containerNames(services)
	r.templates(services)
	r.out.Bindings = r.values.finish()
	r.warnUnreachable(services)
	r.reportCallers()
	r.mergeRepeated()
}

// serviceNames are the services in the order of the source.
func (r *reader) serviceNames() []string {
	var out []string
	for _, name := range r.src.keys("services") {
		if _, ok := r.Services[name]; ok {
			out = append(out, name)
		}
	}
	return out
}

// usedResources are the networks, volumes, configs and secrets that a service
// refers to.
func (r *reader) usedResources() map[string]map[string]bool {
	used := map[string]map[string]bool{"networks": {}, "volumes": {}, "configs": {}, "secrets": {}}
	for _, s := range r.Services {
		for n := range s.Networks {
			used["networks"][n] = true
		}
		for _, v := range s.Volumes {
			used["volumes"][v.Source] = true
		}
		for _, c := range s.Configs {
			used["configs"][c.Source] = true
		}
		for _, c := range s.Secrets {
			used["secrets"][c.Source] = true
		}
	}
	return used
}

// checkStandIns sees to it that no text that stands in for a missing variable
// gets out: into the file, or by an env file into a default.
func (r *reader) checkStandIns() {
	names := slices.Sorted(maps.Keys(r.required))
	check := func(text string, at ir.Range) {
		for _, name := range names {
			if stand := r.required[name]; len(stand) > len(standIn) && strings.Contains(text, stand) {
				r.demandHere(name, at)
			}
		}
	}
	ir.Walk(r.out, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.String:
			check(n.Value, n.Rng)
		case *ir.Binding:
			check(literals(n.Default), n.Rng)
		}
		return true
	})
}

// literals are the literal parts of a word, at any depth.
func literals(w ir.Word) string {
	var b strings.Builder
	for _, p := range w {
		switch p := p.(type) {
		case ir.Text:
			b.WriteString(string(p))
		case ir.Variable:
			b.WriteString(literals(p.Arg))
		}
	}
	return b.String()
}

// demandAll demands the missing variables of a template.
func (r *reader) demandAll(t tmpl, rng ir.Range) {
	for _, v := range t.variables() {
		if _, missing := r.required[v.name]; missing {
			r.demandHere(v.name, rng)
		}
	}
}

func (r *reader) demandHere(name string, rng ir.Range) {
	r.demand(name, rng, "what it stands for here has to be known", "set it in .env, or in a file given with --env-file")
}

// demand reports, once, that a missing variable has to be known now.
func (r *reader) demand(name string, rng ir.Range, why, help string) {
	if r.demanded[name] {
		return
	}
	r.demanded[name] = true
	r.report.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "compose/variable-required", Subject: rng, Help: help,
		Message: fmt.Sprintf("variable %s is required and not set, and %s", name, why),
	})
}

// mergeRepeated makes one diagnostic of those that say the same at the same
// place: of several services, which anchors share, or of several items.
func (r *reader) mergeRepeated() {
	var out []diag.Diagnostic
	at := map[string]int{}
	for _, d := range r.report.Diagnostics {
		service, text, ok := strings.Cut(d.Message, ": ")
		if _, isService := r.Services[service]; !ok || !isService || !d.Subject.IsValid() {
			out = append(out, d)
			continue
		}
		key := fmt.Sprint(d.Code, d.Subject, d.Severity, text)
		i, seen := at[key]
		if !seen {
			at[key] = len(out)
			out = append(out, d)
			continue
		}
		others, _, _ := strings.Cut(out[i].Message, ": ")
		if !slices.Contains(strings.Split(others, ", "), service) {
			out[i].Message = others + ", " + service + ": " + text
		}
		for _, p := range append([]string{d.Path}, d.Paths...) {
			if p != out[i].Path && !slices.Contains(out[i].Paths, p) {
				out[i].Paths = append(out[i].Paths, p)
			}
		}
	}
	r.report.Diagnostics = out
}
