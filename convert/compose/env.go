package compose

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// env is the list of environment variables: those of env files first, as
// environment's override them.
func (c *container) env() ir.Expr {
	o, _ := c.src.find(c.keys("environment")...)
	list := &ir.List{Meta: ir.Meta{Rng: o.rng(), Comments: o.comments()}}
	for _, v := range c.envFiles[c.name] {
		if _, overridden := c.s.Environment[v.name]; !overridden {
			list.Items = append(list.Items, envVar(v.name, c.fileValue(v), ir.Meta{Rng: v.rng}))
		}
	}
	for _, key := range c.envKeys() {
		o, _ := c.src.find(c.keys("environment", key)...)
		meta := ir.Meta{Rng: o.rng(), Comments: o.comments()}
		list.Items = append(list.Items, envVar(key, c.envValue(key, o), meta))
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

func envVar(name string, value ir.Expr, meta ir.Meta) *ir.Map {
	m := ir.NewMap("name", ir.Str(name), "value", value)
	m.Meta = meta
	return m
}

// envKeys are the variables of environment, in the order of the source. A key
// that is itself made of variables is found by what it became.
func (c *container) envKeys() []string {
	var out []string
	seen := map[string]bool{}
	for _, k := range c.src.keys(c.keys("environment")...) {
		if t, err := parseTemplate(k); err == nil && t.hasVars() {
			k, _ = t.eval(c.stand(c.project.env))
		}
		if _, ok := c.s.Environment[k]; ok && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(c.s.Environment)) {
		if !seen[k] {
			out = append(out, k)
		}
	}
	return out
}

func (c *container) envValue(key string, o origin) ir.Expr {
	at := c.place(ir.SnakeCase(key))
	at.rng = valueRange(o)
	t, isScalar := o.template()
	inherited := o.node != nil && (o.node.Tag == "!!null" && o.text == nil || o.key == nil && o.text == nil)
	if inherited || c.s.Environment[key] == nil {
		return c.inherited(key, at, o)
	}
	loaded := *c.s.Environment[key]
	at.secret = known.IsSecret(key, loaded)
	if isScalar && t.hasVars() && c.says(o, t, loaded) {
		return c.text(t, o.layer.env, at)
	}
	return c.literal(loaded, at)
}

// inherited is a variable without a value, which takes the caller's. In a list it
// may also be that of an included file's own env file, of which compose-go knows
// nothing more when it comes to maps.
func (c *container) inherited(key string, at place, o origin) ir.Expr {
	env := c.project.env
	if isItem := o.layer != nil && o.key == nil; isItem {
		env = o.layer.env
	}
	at.secret = known.IsSecretName(key)
	v := &variable{name: shellName(key)}
	text, known := env(key)
	if !known {
		c.callers = append(c.callers, caller{key, c.keys("environment", key), at.rng})
	}
	if known && c.opts.Values == ValuesNone && !at.secret {
		return &ir.String{Meta: ir.At(at.rng), Value: text}
	}
	return c.values.variable(v, env, at)
}

// fileVar is a variable of an env file. One without a text takes the caller's.
type fileVar struct {
	name, text string
	inherited  bool
	rng        ir.Range
}

// fileEnv are the variables of a service's env files; later files override
// earlier ones, in place.
func (r *reader) fileEnv(name string) []fileVar {
	var out []fileVar
	at := map[string]int{}
	env := func(variable string) (string, bool) { // as compose-go looks variables of env files up
		if text, ok := r.project.env(variable); ok {
			return text, true
		}
		if text := r.Services[name].Environment[variable]; text != nil {
			return *text, true
		}
		return "", false
	}
	earlier := func(variable string) (string, bool) {
		if j, ok := at[variable]; ok {
			return out[j].text, !out[j].inherited
		}
		return "", false
	}
	for i, f := range r.Services[name].EnvFiles {
		keys := []string{"services", name, "env_file", fmt.Sprintf("[%d]", i)}
		for _, v := range r.readEnvFile(f, keys, env, earlier) {
			if j, ok := at[v.name]; ok {
				out[j] = v
				continue
			}
			at[v.name] = len(out)
			out = append(out, v)
		}
	}
	return out
}

func (r *reader) readEnvFile(f types.EnvFile, keys []string, env, earlier lookup) []fileVar {
	fail := func(message string) {
		r.report.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "compose/env-file", Subject: r.place(keys), Path: joinPath(keys), Message: keys[1] + ": " + message,
		})
	}
	name := r.src.files.relative(f.Path)
	if !r.src.files.exists(name) {
		if bool(f.Required) {
			fail("env file: " + r.src.files.missing(name))
		}
		return nil
	}
	parsed := r.parsedEnvFile(name, f.Format, env, earlier)
	shown := r.src.files.shown(name)
	if parsed.err != nil {
		fail(fmt.Sprintf("env file %s cannot be read: %s", shown, redact(parsed.err.Error())))
		return nil
	}
	if parsed.refers {
		r.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "compose/env-file-variable", Fate: diag.Approximated, Subject: r.place(keys), Path: joinPath(keys),
			Message: fmt.Sprintf("%s: variables inside of %s are replaced by what they are now", keys[1], shown),
		})
	}
	vars := slices.Clone(parsed.vars)
	for i := range vars {
		vars[i].rng = r.place(keys)
	}
	return vars
}

// envFile is a parsed env file; refers tells whether variables stand in it.
type envFile struct {
	vars   []fileVar
	refers bool
	err    error
}

// parsedEnvFile parses a file once, however many services name it, but where
// what it says depends on the service: on env and, for what the file does not
// set itself, on earlier files.
func (r *reader) parsedEnvFile(name, format string, env, earlier lookup) envFile {
	key := format + "\x00" + name
	if f, ok := r.parsedEnv[key]; ok && !f.refers {
		return f
	}
	var f envFile
	text, _, err := r.src.files.read(name)
	if err == nil {
		var vars map[string]string
		vars, err = parseEnvFile(text, format, func(variable string) (string, bool) {
			f.refers = f.refers || !isBare(text, variable)
			return env(variable)
		})
		if own := vars; err == nil && f.refers {
			vars, err = parseEnvFile(text, format, func(variable string) (string, bool) {
				if text, ok := env(variable); ok {
					return text, true
				}
				if _, isOwn := own[variable]; isOwn {
					return "", false
				}
				return earlier(variable)
			})
		}
		r.values.knowSecrets(vars)
		f.vars = fileOrder(text, vars)
	}
	f.err = err
	r.parsedEnv[key] = f
	return f
}

// isBare tells whether an env file has a line with nothing but a name, which
// takes the caller's text.
func isBare(text []byte, name string) bool {
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if m := envLine.FindSubmatch(bytes.TrimRight(line, "\r")); m != nil && string(m[1]) == name && len(m[2]) == 0 {
			return true
		}
	}
	return false
}

// parseEnvFile reads KEY=value lines; format raw takes them as they stand
// (docker compose's documentation, "env_file", "format").
func parseEnvFile(text []byte, format string, env lookup) (map[string]string, error) {
	switch format {
	case "":
		return parseDotenv(text, env)
	case "raw":
		vars := map[string]string{}
		for _, line := range strings.Split(string(text), "\n") {
			line = strings.TrimRight(strings.TrimLeft(line, " \t"), "\r")
			if key, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
				vars[key] = value
			}
		}
		return vars, nil
	}
	return nil, fmt.Errorf("format %s is not known", format)
}

var envLine = regexp.MustCompile(`^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.\-\[\]]*)[ \t]*(?:([=:])[ \t]*(.*))?$`)

// fileOrder is the variables in the order of the file, and then what the file
// sets in ways that the order does not show. A bare name takes the caller's.
func fileOrder(text []byte, vars map[string]string) []fileVar {
	var out []fileVar
	seen := map[string]bool{}
	add := func(name string, inherited bool) {
		if !seen[name] {
			seen[name] = true
			out = append(out, fileVar{name: name, text: vars[name], inherited: inherited})
		}
	}
	quote := "" // of a text that goes on over several lines
	for line := range strings.SplitSeq(string(text), "\n") {
		if quote != "" {
			if strings.Contains(line, quote) {
				quote = ""
			}
			continue
		}
		m := envLine.FindStringSubmatch(strings.TrimRight(line, "\r"))
		if m == nil {
			continue
		}
		if _, set := vars[m[1]]; set || m[2] == "" {
			add(m[1], !set)
		}
		quote = openQuote(m[3])
	}
	for _, k := range slices.Sorted(maps.Keys(vars)) {
		add(k, false)
	}
	return out
}

// openQuote is the quotation mark that a text begins with and does not end.
func openQuote(text string) string {
	for _, q := range []string{`"`, "'"} {
		if rest, ok := strings.CutPrefix(text, q); ok && !strings.Contains(rest, q) {
			return q
		}
	}
	return ""
}

// fileValue is what an env file says. What the project's own env file says is
// the same as the variable of that name; any other secret stays in its file.
func (c *container) fileValue(v fileVar) ir.Expr {
	at := c.place(ir.SnakeCase(v.name))
	at.rng = v.rng
	at.secret = known.IsSecretName(v.name) && (v.text == "" || known.IsSecret(v.name, v.text)) || c.values.isSecretText(v.text)
	text, known := c.project.env(v.name)
	switch {
	case v.inherited:
		return c.inherited(v.name, at, origin{})
	case known && text == v.text && isShellName(v.name) && (at.secret || c.opts.Values == ValuesAll):
		return c.values.variable(&variable{name: v.name}, c.project.env, at)
	case at.secret && v.text != "":
		return c.values.private(v.name, v.text, at)
	}
	return c.literal(v.text, at)
}

func isShellName(s string) bool { return s != "" && isNameStart(s[0]) && nameLen(s) == len(s) }

// relative is a path that compose-go may have made absolute.
func (f *files) relative(name string) string {
	if filepath.IsAbs(name) {
		if rel, err := filepath.Rel(f.dir, name); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(name)
}

// caller is a variable that takes what the caller's environment has.
type caller struct {
	name string
	keys []string
	rng  ir.Range
}

// reportCallers says once that an absent variable becomes an empty one.
func (r *reader) reportCallers() {
	if len(r.callers) == 0 {
		return
	}
	var names, paths []string
	for _, c := range r.callers {
		if !slices.Contains(names, c.name) {
			names = append(names, c.name)
		}
		paths = append(paths, joinPath(c.keys))
	}
	r.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "compose/env-inherited", Fate: diag.Approximated, Subject: r.callers[0].rng,
		Path: paths[0], Paths: paths[1:],
		Message: fmt.Sprintf("%s: where the caller does not set %s, compose leaves it out, and the values script sets an empty text",
			r.callers[0].keys[1], listSome(names)),
	})
}
