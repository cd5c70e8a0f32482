package compose

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/tree"
	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// project is a compose project as compose-go loads it, beside its source.
type project struct {
	*types.Project
	src *source
	// model is the merged model in canonical form, before anything implied
	// was added to it.
	model    map[string]any
	env      lookup
	profiles []string // those that are active
	// vars are what the env files set.
	vars map[string]string
	// required are the missing variables that compose would insist on, with
	// what stands in for each until the values script asks for it.
	required map[string]string
	// requiredAt is where each of them is first asked for.
	requiredAt map[string]ir.Range
	// unset are the variables that were warned of, and those that never are.
	unset map[string]bool
	// inUse are the variables that the files use.
	inUse map[string]bool
	// grown is how much longer variables have made texts.
	grown int
	// keys are the keys of all maps in all files.
	keys map[string]bool
}

// alwaysSet are the variables that every environment, or compose itself, sets.
var alwaysSet = map[string]bool{"COMPOSE_PROJECT_NAME": true, "HOME": true, "PWD": true, "USER": true}

// isDropped tells whether nothing of what stands at a path is converted.
func isDropped(keys []string) bool {
	t := tableRoot
	for _, k := range keys {
		if t = t.child(k); t == nil {
			return false
		}
		if t.attribute != nil && t.attribute.fate == dropped {
			return true
		}
	}
	return false
}

// vars is what the env files set.
func readEnv(fs *files, report *diag.Report, names []string) map[string]string {
	vars := map[string]string{}
	given := names != nil
	if !given {
		if !fs.isPresent(".env") {
			return vars
		}
		names = []string{".env"}
	}
	for _, name := range names {
		text, shown, err := fs.read(name)
		text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		if err == nil {
			var more map[string]string
			more, err = parseDotenv(text, mapLookup(vars))
			maps.Copy(vars, more)
		}
		if err != nil {
			report.Add(diag.Diagnostic{
				Severity: diag.Error, Code: "compose/env-file", Subject: lineOf(err, shown),
				Message: "the env file cannot be read: " + redact(err.Error()),
			})
		}
	}
	return vars
}

func mapLookup(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}

// redact leaves out what an env file's parser quotes of the file: it may be a
// secret.
func redact(message string) string {
	if i := strings.Index(message, `"`); i >= 0 {
		return strings.TrimRight(message[:i], " :")
	}
	return message
}

var anyLine = regexp.MustCompile(`line (\d+)`)

func lineOf(err error, file string) ir.Range {
	rng := ir.Range{File: file}
	if m := anyLine.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		rng.Start = ir.Pos{Line: n, Column: 1}
		rng.End = rng.Start
	}
	return rng
}

// loadProject loads the files; it returns nil where nothing can be converted.
func loadProject(ctx context.Context, opts Options, fs *files, report *diag.Report) *project {
	vars := readEnv(fs, report, opts.EnvFiles)
	env := mapLookup(vars)
	src := &source{files: fs, report: report, services: map[string][]origin{}}
	for _, f := range opts.Files {
		src.load(f, ".", env, nil)
	}
	if len(src.layers) == 0 && !report.HasErrors() {
		src.fail(ir.Range{File: fs.shown(opts.Files[0])}, "compose/invalid", "the file is empty", "")
	}
	if report.HasErrors() {
		return nil
	}
	p := &project{src: src, env: env, vars: vars, required: map[string]string{}, requiredAt: map[string]ir.Range{}, unset: maps.Clone(alwaysSet), inUse: map[string]bool{}, keys: map[string]bool{}}
	p.findRequired()
	if report.HasErrors() {
		return nil
	}
	opts.Profiles = p.settings(opts)
	p.profiles = opts.Profiles
	name := p.projectName(opts)
	vars["COMPOSE_PROJECT_NAME"] = name
	if err := p.compose(ctx, opts, name, vars); err != nil {
		p.explain(err)
		return nil
	}
	return p
}

// settings are the profiles that are active. Of what else docker compose takes
// from .env, COMPOSE_FILE is not heeded: which files are read is said by name.
func (p *project) settings(opts Options) []string {
	if files, ok := p.env("COMPOSE_FILE"); ok {
		p.src.report.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "compose/compose-file", Subject: ir.Range{File: p.src.layers[0].file},
			Message: fmt.Sprintf("an env file sets COMPOSE_FILE to %q; hull reads the files that it is given", files),
			Help:    "name the files: hull convert FILE…",
		})
	}
	profiles, ok := p.env("COMPOSE_PROFILES")
	if !ok || len(opts.Profiles) > 0 {
		return opts.Profiles
	}
	return strings.FieldsFunc(profiles, func(r rune) bool { return r == ',' || r == ' ' })
}

// projectName follows docker compose: the flag, the model's name, the folder's.
func (p *project) projectName(opts Options) string {
	name := opts.ProjectName
	if name == "" {
		name, _ = p.env("COMPOSE_PROJECT_NAME")
	}
	if name != "" {
		return normalName(name)
	}
	for _, o := range p.src.all("name") {
		if v, ok := o.layer.evalScalar(o.node); ok {
			name = v
		}
	}
	if name = normalName(name); name != "" {
		return name
	}
	if name = normalName(filepath.Base(opts.ProjectDir)); name != "" {
		return name
	}
	return "stack"
}

// normalName is the name as compose-go normalizes it, which compiles a pattern
// at every call.
func normalName(name string) string {
	isNormal := strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == "" && strings.TrimLeft(name, "_-") == name
	if isNormal {
		return name
	}
	return loader.NormalizeProjectName(name)
}

// compose has compose-go load the project.
func (p *project) compose(ctx context.Context, opts Options, name string, vars map[string]string) (err error) {
	defer func() { // compose-go panics on some malformed input
		if r := recover(); r != nil {
			err = fmt.Errorf("compose-go cannot read the project: %v", r)
		}
	}()
	details := types.ConfigDetails{WorkingDir: opts.ProjectDir, Environment: vars}
	for _, f := range opts.Files {
		text := p.src.report.Sources[p.src.files.shown(f)]
		details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{Filename: p.src.files.path(f), Content: text})
	}
	casts := p.casts()
	configure := func(o *loader.Options) {
		o.SetProjectName(name, true)
		o.SkipNormalization = true
		o.ResolvePaths = false
		o.SkipResolveEnvironment = true
		o.SkipResolveLabels = true
		o.Profiles = opts.Profiles
		o.Interpolate.Substitute = p.substitute
		o.Interpolate.TypeCastMapping = casts
	}
	model, err := loader.LoadModelWithContext(ctx, details, configure)
	if err != nil {
		return err
	}
	p.model = clone(model).(map[string]any)
	model["name"] = name
	model, err = loader.Normalize(model, types.Mapping(vars))
	if err != nil {
		return err
	}
	if err := checkPaths(model); err != nil {
		return err
	}
	p.Project, err = loader.ModelToProject(model, loader.ToOptions(&details, []func(*loader.Options){configure}), details)
	if err != nil {
		lenient := func(o *loader.Options) { configure(o); o.SkipConsistencyCheck = true }
		again := clone(p.model).(map[string]any)
		p.Project, _ = loader.ModelToProject(again, loader.ToOptions(&details, []func(*loader.Options){lenient}), details)
		return err
	}
	p.Project.Name = name
	if p.Services == nil {
		p.Services = types.Services{}
	}
	// The other profiles' services become templates too.
	maps.Copy(p.Services, p.DisabledServices)
	return nil
}

// cast is one of compose-go's: what becomes of the texts at a path, whose keys
// stand beside it without the wildcards.
type cast struct {
	path  tree.Path
	keys  []string
	apply interpolation.Cast
}

// allCasts are compose-go's.
var allCasts = sync.OnceValue(func() []cast {
	var casts []cast
	for path, apply := range loader.ToOptions(&types.ConfigDetails{}, nil).Interpolate.TypeCastMapping {
		isWildcard := func(part string) bool { return part == tree.PathMatchAll || part == tree.PathMatchList }
		casts = append(casts, cast{path, slices.DeleteFunc(path.Parts(), isWildcard), apply})
	}
	return casts
})

// casts are those of compose-go's casts that can apply here. It tries each of
// them on every text, which is most of what interpolation costs; those whose
// keys occur in no file never match.
func (p *project) casts() map[tree.Path]interpolation.Cast {
	casts := map[tree.Path]interpolation.Cast{}
	for _, c := range allCasts() {
		if !slices.ContainsFunc(c.keys, func(key string) bool { return !p.keys[key] }) {
			casts[c.path] = c.apply
		}
	}
	return casts
}

// path is where a file is on disk.
func (f *files) path(name string) string {
	if name == "-" || path.IsAbs(name) {
		return name
	}
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for k, e := range v {
			c[k] = clone(e)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, e := range v {
			c[i] = clone(e)
		}
		return c
	}
	return v
}

// substitute evaluates with the stand-ins for what is missing.
func (p *project) substitute(s string, env template.Mapping) (string, error) {
	text, err := substitute(s, func(name string) (string, bool) {
		if v, ok := env(name); ok && v != "" {
			return v, true
		}
		if v, ok := p.required[name]; ok {
			return v, true
		}
		return env(name)
	})
	if p.grown += max(0, len(text)-len(s)); p.grown > maxGrowth {
		return "", errGrowth
	}
	return text, err
}

// findRequired looks for the variables with "?" that nothing sets, chooses
// what stands in for them, and warns of the ones that are unset and have no
// default. It also follows every extends, so that what they name has been
// read by hull, within the root, before compose-go does.
func (p *project) findRequired() {
	for _, name := range p.src.keys("services") {
		p.src.service(name)
	}
	seen := map[*yaml.Node]bool{}
	for _, l := range p.src.allLayers() {
		walkScalars(l.root, nil, seen, func(keys []string, n *yaml.Node) { p.inspect(l, keys, n) })
	}
	for n := range seen {
		if n.Kind == yaml.MappingNode {
			for i := 0; i < len(n.Content); i += 2 {
				p.keys[deref(n.Content[i]).Value] = true
			}
		}
	}
}

func walkScalars(n *yaml.Node, keys []string, seen map[*yaml.Node]bool, visit func([]string, *yaml.Node)) {
	n = deref(n)
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	switch n.Kind {
	case yaml.ScalarNode:
		visit(keys, n)
	case yaml.SequenceNode:
		for _, c := range n.Content {
			walkScalars(c, append(keys, "[]"), seen, visit)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			walkScalars(n.Content[i+1], append(keys, n.Content[i].Value), seen, visit)
		}
	}
}

func (p *project) inspect(l *layer, keys []string, n *yaml.Node) {
	if !strings.Contains(n.Value, "$") {
		return
	}
	t, err := parseTemplate(n.Value)
	if err != nil {
		p.src.fail(nodeRange(l.file, n), "compose/interpolation",
			fmt.Sprintf("%q is not a valid use of variables; a dollar sign that is meant is written $$", clip(n.Value)), "")
		return
	}
	for _, v := range t.variables() {
		p.inUse[v.name] = true
		value, set := l.env(v.name)
		switch {
		case v.op == "?" && !set, v.op == ":?" && value == "":
			p.require(v.name, keys, nodeRange(l.file, n))
		case v.op == "" && !set && !p.unset[v.name] && !isDropped(keys):
			p.unset[v.name] = true
			p.src.report.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "compose/variable-unset", Subject: nodeRange(l.file, n),
				Message: fmt.Sprintf("variable %s has no default, and no env file sets it; where the environment does not either, it is empty", v.name),
				Help:    fmt.Sprintf("write ${%s:-default} or ${%s:?message}, or set it in .env", v.name, v.name),
			})
		}
	}
}

// clip keeps a message readable.
func clip(s string) string {
	const limit = 80
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// standIn marks the text of a missing variable, should it ever surface.
const standIn = "hull-unset-"

// require chooses what stands in for a missing variable: a number where it
// names a port, a path where it names a file, and a text elsewhere. One
// variable has one stand-in, and a number serves as a text too.
func (p *project) require(name string, keys []string, at ir.Range) {
	if _, seen := p.requiredAt[name]; !seen {
		p.requiredAt[name] = at
	}
	switch {
	case slices.Contains(keys, "ports") && len(keys) > 2 && keys[0] == "services":
		if _, err := strconv.Atoi(p.required[name]); err != nil {
			p.required[name] = strconv.Itoa(60000 + len(p.required))
		}
	case slices.Contains(keys, "volumes") && p.required[name] == "":
		p.required[name] = "/" + standIn + strings.ToLower(name)
	case p.required[name] == "":
		p.required[name] = standIn + strings.ToLower(name)
	}
}
