package builtin

import (
	"strings"

	"hull/ir"
)

// codeKey names a piece of code in modules.yml: the module, and where in its
// args the code stands.
type codeKey struct{ ref, path string }

// code is what a piece of Clojure means.
type code struct {
	// eval computes what the code does; ok is false where it cannot tell,
	// because it would have to look into a reference.
	eval func(params) (result ir.Expr, ok bool)
	// infer proposes params that could have given x, which stands in a
	// container where the code's result would. It may be nil.
	infer func(container *ir.Map, x ir.Expr, into *proposal)
}

var codes = map[codeKey]code{
	{"polytope/redpanda", "mounts"}:                       redpandaMounts.code(),
	{"polytope/redpanda!console", "mounts.0.source.data"}: {consoleConfig, inferConsoleConfig},
	{"polytope/postgres", "mounts"}:                       postgresMounts.code(),
	{"polytope/postgres", "tty"}:                          {eval: hasNoScripts},
	{"polytope/postgres!simple", "mounts"}:                postgresMounts.code(),
	{"polytope/postgres!simple", "tty"}:                   {eval: hasNoScripts},
	{"polytope/python", "cmd"}:                            pipInstall.code(),
	{"polytope/python", "mounts"}:                         pythonMounts.code(),
	{"polytope/python!simple", "services"}:                {eval: simpleServices},
	{"polytope/python!simple", "mounts"}:                  simplePythonMounts.code(),
	{"polytope/node", "cmd"}:                              npmInstall.code(),
	{"polytope/node", "mounts"}:                           nodeMounts.code(),
}

var (
	redpandaMounts = mountPlan{
		singles:      []mountRule{{param: "data-volume", path: "/var/lib/redpanda/data"}},
		nilWhenEmpty: true, // it is a when-let alone, not a concat
	}
	postgresMounts = mountPlan{
		singles: []mountRule{{param: "data-volume", path: "/var/lib/postgresql/data"}},
		// Every script lands on the same path: of several, one survives.
		each: mountRule{param: "scripts", path: "/docker-entrypoint-initdb.d/data-backup.sql"},
	}
	pythonMounts = mountPlan{
		singles: []mountRule{
			{param: "code", path: "/app"},
			{param: "requirements", path: "/requirements.txt", when: pipInstall.runsIn},
		},
		rest: "mounts",
	}
	// The code reads a param requirements that the module does not declare.
	simplePythonMounts = mountPlan{
		singles: []mountRule{{param: "code", path: "/app"}, {param: "requirements", path: "/requirements"}},
	}
	nodeMounts = mountPlan{
		singles: []mountRule{
			{param: "code", path: "/app"},
			{param: "package", path: "/package.json", when: npmInstall.runsIn},
		},
		rest: "mounts",
	}

	pipInstall = installer{param: "requirements", install: "pip install -r /requirements.txt; ", shell: "python"}
	npmInstall = installer{param: "package", install: "npm install /package.json; ", shell: "node"}
)

// mountPlan is code that puts the sources in some params at fixed paths.
type mountPlan struct {
	singles      []mountRule
	each         mountRule // of a list of sources; no param, no rule
	rest         string    // the param that holds whole mounts; empty for none
	nilWhenEmpty bool      // no mounts are an absent arg, not an empty list
}

// mountRule says where the source in a param is mounted.
type mountRule struct {
	param, path string
	// when tells whether a container could have been made with the param; nil
	// for always.
	when func(container *ir.Map) bool
}

func (p mountPlan) code() code { return code{p.eval, p.infer} }

func (p mountPlan) eval(ps params) (ir.Expr, bool) {
	out := &ir.List{}
	for _, r := range p.singles {
		given, known := isTruthy(ps[r.param])
		if !known {
			return nil, false
		}
		if given {
			out.Items = append(out.Items, mount(r.path, ps[r.param]))
		}
	}
	sources, ok := items(ps[p.each.param])
	if !ok {
		return nil, false
	}
	for _, s := range sources {
		out.Items = append(out.Items, mount(p.each.path, s))
	}
	more, ok := items(ps[p.rest])
	if !ok {
		return nil, false
	}
	out.Items = append(out.Items, more...)
	if p.nilWhenEmpty && len(out.Items) == 0 {
		return nil, true
	}
	return out, true
}

func mount(path string, source ir.Expr) ir.Expr {
	m := ir.NewMap("path", ir.Str(path), "source", source)
	if source != nil {
		m.Rng = source.GetMeta().Rng
	}
	return m
}

// items are the elements of a list; an absent list has none. ok is false for
// anything else: its elements are not known.
func items(x ir.Expr) ([]ir.Expr, bool) {
	switch x := x.(type) {
	case nil, *ir.Null:
		return nil, true
	case *ir.List:
		return x.Items, true
	}
	return nil, false
}

// hasNoScripts is postgres's tty: a TTY unless there are scripts to run.
func hasNoScripts(ps params) (ir.Expr, bool) {
	scripts, ok := items(ps["scripts"])
	return &ir.Bool{Value: len(scripts) == 0}, ok
}

// installer is code that runs a command, and installs packages before where a
// param says which.
type installer struct {
	param   string // the file with the packages
	install string // the shell command, with its separator
	shell   string // what runs where there is no command
}

func (i installer) code() code { return code{i.eval, i.infer} }

func (i installer) eval(ps params) (ir.Expr, bool) {
	installs, known := isTruthy(ps[i.param])
	if !known {
		return nil, false
	}
	cmd := ps["cmd"]
	if !installs {
		return cmd, true
	}
	line, ok := i.line(cmd)
	if !ok {
		return nil, false
	}
	// The reference quotes by no more than this: a ' in cmd ends the string.
	return joinText(ir.Str("sh -c '"+i.install), line, ir.Str("'"))
}

// line is the command as a shell would read it; no quoting, as the reference
// has it.
func (i installer) line(cmd ir.Expr) (ir.Expr, bool) {
	if cmd == nil {
		return ir.Str(i.shell), true
	}
	text, known := isText(cmd)
	if text || !known {
		return cmd, known
	}
	words, ok := cmd.(*ir.List)
	if !ok {
		return nil, false
	}
	return joinWith(" ", words.Items)
}

// simpleServices is python!simple's services: one HTTP port each.
func simpleServices(ps params) (ir.Expr, bool) {
	services, ok := items(ps["services"])
	if !ok {
		return nil, false
	}
	out := &ir.List{}
	for _, s := range services {
		m, ok := s.(*ir.Map)
		if !ok {
			return nil, false
		}
		port := &ir.Map{}
		setPresent(port, "port", m.Get("port"))
		port.Set("protocol", ir.Str("http"))
		service := &ir.Map{Meta: ir.At(m.Rng)}
		setPresent(service, "id", m.Get("id"))
		service.Set("ports", ir.NewList(port))
		out.Items = append(out.Items, service)
	}
	return out, true
}

func setPresent(m *ir.Map, key string, x ir.Expr) {
	if x != nil {
		m.Set(key, x)
	}
}

// consoleConfig is the configuration file of redpanda!console.
func consoleConfig(ps params) (ir.Expr, bool) {
	brokers, ok := consoleBrokers(ps["brokers"])
	if !ok {
		return nil, false
	}
	parts := []ir.Expr{
		ir.Str("kafka:\n  brokers: [\""), brokers, ir.Str("\"]\nserver:\n  listenPort: "), ps["port"], ir.Str("\n"),
	}
	sections := []struct{ param, head string }{
		{"schema-registry-url", registrySection},
		{"admin-url", adminSection},
	}
	for _, s := range sections {
		given, known := isTruthy(ps[s.param])
		if !known {
			return nil, false
		}
		if given {
			parts = append(parts, ir.Str(s.head), ps[s.param], ir.Str("\"]\n"))
		}
	}
	return joinText(append(parts, ir.Str("logger:\n  level: "), ps["log-level"], ir.Str("\n"))...)
}

const (
	registrySection = "  schemaRegistry:\n    enabled: true\n    urls: [\""
	adminSection    = "redpanda:\n  adminApi:\n    enabled: true\n    urls: [\""
)

// consoleBrokers are host:port pairs without anything between them: the
// reference joins them so, which only ever works for one broker.
func consoleBrokers(x ir.Expr) (ir.Expr, bool) {
	brokers, ok := items(x)
	if !ok {
		return nil, false
	}
	var parts []ir.Expr
	for _, b := range brokers {
		m, ok := b.(*ir.Map)
		if !ok {
			return nil, false
		}
		parts = append(parts, m.Get("host"), ir.Str(":"), m.Get("port"))
	}
	return joinText(parts...)
}

// runsIn tells whether a container's command begins with the installation.
func (i installer) runsIn(container *ir.Map) bool {
	_, ok := i.rest(container.Get("cmd"))
	return ok
}

// rest is what a command runs after the installation. The command is the
// string that eval makes, or the words that a shell makes of that string.
func (i installer) rest(cmd ir.Expr) (string, bool) {
	switch cmd := cmd.(type) {
	case *ir.String:
		line, ok := strings.CutPrefix(cmd.Value, "sh -c '"+i.install)
		if !ok {
			return "", false
		}
		return strings.CutSuffix(line, "'")
	case *ir.List:
		if len(cmd.Items) != 3 || !ir.Equal(cmd.Items[0], ir.Str("sh")) || !ir.Equal(cmd.Items[1], ir.Str("-c")) {
			return "", false
		}
		line, ok := cmd.Items[2].(*ir.String)
		if !ok {
			return "", false
		}
		return strings.CutPrefix(line.Value, i.install)
	}
	return "", false
}
