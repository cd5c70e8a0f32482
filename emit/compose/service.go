package compose

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// service is a container on its way to be a service. What its key decides is
// left open until all services are known.
type service struct {
	task        resolve.Task
	names       []string // that it may be called, best first
	containerID string
	// toldID is the container's id for messages, with its values by name.
	toldID  string
	hosts   []string // the names by which peers reach it, as compose writes them
	hostIDs []string // the same as plain texts
	attrs   map[string]*yaml.Node
	configs []configUse
	secrets []secretUse
	remarks []remark

	key         string
	jobs        []string
	profiles    []string
	waits       []*wait
	diagnostics []diag.Diagnostic
}

// equals tells whether two jobs run the same: one step, with equal arguments.
func (sv *service) equals(other *service) bool {
	return sv.task.Module == other.task.Module && sv.task.Step == other.task.Step && sv.containerID == other.containerID &&
		slices.Equal(sv.hosts, other.hosts) && slices.Equal(sv.configs, other.configs) && slices.Equal(sv.secrets, other.secrets) &&
		bytes.Equal(sv.print(), other.print())
}

// print is the attributes as text, for comparing.
func (sv *service) print() []byte {
	text, err := yaml.Marshal(mapping(sv.attrs, attributes))
	if err != nil {
		return nil // a text that is not UTF-8; encoding reports it
	}
	return text
}

func (sv *service) finding(severity diag.Severity, code string, fate diag.Fate, attr, message string) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: severity, Code: code, Fate: fate, Subject: sv.task.Rng,
		Path: joinPath(sv.task.Step, attr), Message: sv.task.Step + ": " + message,
	}
}

func (sv *service) note(s *stack, code, message string) {
	s.report.Add(sv.finding(diag.Note, code, diag.Approximated, "", message))
}

func (sv *service) warn(s *stack, code string, fate diag.Fate, attr, message string) {
	s.report.Add(sv.finding(diag.Warning, code, fate, attr, message))
}

func joinPath(step, attr string) string {
	if attr == "" {
		return step
	}
	return step + "." + attr
}

// converter converts the tasks of one job.
type converter struct {
	*stack
	texts
	job        *resolve.Job
	task       resolve.Task
	out        *service
	usedBuilds map[string]bool // by step
	builds     map[string]bool // of those, the steps that compose can do
}

func (c *converter) diagnostic(severity diag.Severity, code string, fate diag.Fate, attr, message string) diag.Diagnostic {
	sv := &service{task: c.task}
	return sv.finding(severity, code, fate, attr, message)
}

// add reports something of the container that is being converted.
func (c *converter) add(severity diag.Severity, code string, fate diag.Fate, attr, message string) {
	c.out.diagnostics = append(c.out.diagnostics, c.diagnostic(severity, code, fate, attr, message))
}

// about reports something of a value or secret, where it is used first.
func (c *converter) about(ref *ir.Ref, severity diag.Severity, code string, fate diag.Fate, message string) {
	d := c.diagnostic(severity, code, fate, "", message)
	d.Message = fmt.Sprintf("%s %s %s", ref.Kind, ref.Name, message)
	d.Path = "pt." + ref.Kind.String() + " " + ref.Name
	isSame := func(o diag.Diagnostic) bool { return o.Code == d.Code && o.Path == d.Path }
	if !slices.ContainsFunc(c.report.Diagnostics, isSame) && !slices.ContainsFunc(c.out.diagnostics, isSame) {
		c.out.diagnostics = append(c.out.diagnostics, d)
	}
}

// container converts a container; the result is nil where compose cannot run
// it.
func (c *converter) container(t resolve.Container) *service {
	c.task = t.Task
	c.out = &service{task: t.Task, attrs: map[string]*yaml.Node{}}
	c.out.containerID, c.out.toldID = c.plain(t.ID), c.told(t.ID)
	c.hosts(t.Services)
	c.out.names = c.serviceNames(t)
	if c.plain(t.Image) == "" {
		c.report.Add(c.diagnostic(diag.Warning, "to-compose/no-image", diag.Dropped, "image", "has no image; left out"))
		c.leave(t.Task)
		return nil
	}
	c.set("image", scalar(c.text(t.Image)))
	c.build(t)
	c.set("entrypoint", c.command(t.Entrypoint))
	c.set("command", c.command(t.Cmd))
	c.set("working_dir", c.optional(t.Workdir))
	c.set("user", c.optional(t.User))
	c.set("environment", c.env(t.Env))
	c.ports(t)
	c.mounts(t.Mounts)
	// Compose's own defaults are the opposite of Polytope's: both say which.
	c.set("tty", boolean(t.TTY))
	c.set("stdin_open", boolean(!t.NoStdin))
	if t.UpdateImage {
		c.set("pull_policy", scalar("always"))
	}
	c.deploy(t)
	c.unknown(t)
	c.out.remarks = append(c.out.remarks, c.use(t.Task)...)
	return c.out
}

// use notes what a task is made of that becomes part of a service, and is what
// is said of it.
func (c *converter) use(t resolve.Task) []remark {
	for _, n := range c.remarks.calls(c.job.Name, t) {
		if call := callOf(n); call != nil {
			c.passed(call)
		}
	}
	return c.remarks.of(c.job.Name, t)
}

// leave takes what is said of a task that is reported as left out: it goes
// with it.
func (c *converter) leave(t resolve.Task) { c.remarks.of(c.job.Name, t) }

// set sets an attribute that is there.
func (c *converter) set(attr string, n *yaml.Node) {
	if n != nil {
		c.out.attrs[attr] = n
	}
}

func (c *converter) optional(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	return scalar(c.text(s))
}

// hosts are the names by which a container is reached.
func (c *converter) hosts(services []resolve.Service) {
	for _, s := range services {
		if id := c.plain(s.ID); id != "" && !slices.Contains(c.out.hostIDs, id) {
			c.out.hostIDs = append(c.out.hostIDs, id)
			c.out.hosts = append(c.out.hosts, c.text(s.ID))
		}
	}
}

// serviceNames are what the service can be called: the module is what the
// service was called where the file was made from a compose project.
func (c *converter) serviceNames(t resolve.Container) []string {
	all := []string{t.Module, t.Step, t.Step + "-" + c.job.Name, c.out.containerID}
	all = append(all, c.out.hostIDs...)
	all = append(all, toName(t.Module[strings.LastIndexAny(t.Module, "/!")+1:]), "service")
	var out []string
	for _, name := range all {
		if resourceName.MatchString(name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// env is a list of variables, or of labels: as a mapping where their names can
// be keys, and else as a list. Of two with one name the later holds.
func (c *converter) env(vars []resolve.EnvVar) *yaml.Node {
	var names []string
	values := map[string]resolve.EnvVar{}
	isMapping := true
	for _, v := range vars {
		name := c.plain(v.Name)
		if !isVariableName(name) {
			c.add(diag.Warning, "to-compose/invalid", diag.Dropped, "env", strconv.Quote(name)+" cannot be the name of a variable; dropped")
			continue
		}
		if _, seen := values[name]; !seen {
			names = append(names, name)
		}
		values[name] = v
		isMapping = isMapping && c.isPlain(v.Name) && plainKey.MatchString(name) && !strings.HasPrefix(name, "x-")
	}
	if len(names) == 0 {
		return nil
	}
	if !isMapping {
		return c.envList(names, values)
	}
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, name := range names {
		value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
		if v := values[name].Value; v != nil {
			value = scalar(c.text(*v))
		}
		put(m, name, value)
	}
	return m
}

// isVariableName tells whether compose-go takes a name for one: it looks for a
// space at the end byte by byte (compose-go, MappingWithEquals.DecodeMapstructure).
func isVariableName(name string) bool {
	return name != "" && !strings.ContainsAny(name, "=\x00") && !unicode.IsSpace(rune(name[len(name)-1]))
}

// plainKey is a name that stays what it is as a key: compose-go takes keys
// that begin with "x-" for extensions.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*$`)

func (c *converter) envList(names []string, values map[string]resolve.EnvVar) *yaml.Node {
	var items []string
	for _, name := range names {
		v := values[name]
		text := c.text(v.Name)
		if v.Value != nil {
			text += "=" + c.text(*v.Value)
		}
		items = append(items, text)
	}
	return sequence(items)
}

// deploy says how many there are, how they restart and what they may take.
func (c *converter) deploy(t resolve.Container) {
	m := &yaml.Node{Kind: yaml.MappingNode}
	if t.Scaling != nil {
		c.replicas(m, *t.Scaling)
	}
	if r := t.Resources; r != nil {
		resources := &yaml.Node{Kind: yaml.MappingNode}
		putSome(resources, "limits", c.resource(r.CPU.Limit, r.Memory.Limit))
		putSome(resources, "reservations", c.resource(r.CPU.Request, r.Memory.Request))
		putSome(m, "resources", resources)
	}
	c.restart(t.Restart, m)
	if len(m.Content) > 0 {
		c.set("deploy", m)
	}
}

func (c *converter) replicas(m *yaml.Node, n int) {
	p := c.Number(n)
	if count, err := strconv.Atoi(p.Text); err != nil || count < 0 {
		c.add(diag.Warning, "to-compose/invalid", diag.Dropped, "scaling", fmt.Sprintf("%q is not a number of replicas; dropped", p.Text))
		return
	}
	put(m, "replicas", c.digits(n))
}

// digits is a number, or the variable that is one.
func (c *converter) digits(n int) *yaml.Node {
	if c.Number(n).Ref == nil {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: c.Number(n).Text}
	}
	return scalar(c.number(n))
}

// dataSize is what compose takes for a number of bytes; units are powers of
// 1024, as hull means Polytope's.
var dataSize = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?([bB]|[kKmMgGtTpP]([iI]?[bB])?)?$`)

func (c *converter) resource(cpu *float64, memory string) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	if cpu != nil {
		put(m, "cpus", scalar(strconv.FormatFloat(*cpu, 'f', -1, 64)))
	}
	switch size := c.plain(memory); {
	case memory == "":
	case !dataSize.MatchString(size):
		c.add(diag.Warning, "to-compose/invalid", diag.Dropped, "resources.memory", fmt.Sprintf("%q is no size that compose knows; dropped", size))
	default:
		put(m, "memory", scalar(c.text(memory)))
	}
	return m
}

// restartPolicies are Polytope's policies as restart has them, and as
// deploy.restart_policy has them.
var restartPolicies = map[string][2]string{"never": {"no", "none"}, "always": {"always", "any"}, "on-failure": {"on-failure", "on-failure"}}

// restart writes restart where that can say it, and deploy.restart_policy
// where a limit needs that: compose's "always" has none, and a variable in
// "on-failure:3" would not be a number of its own.
func (c *converter) restart(r *resolve.Restart, deploy *yaml.Node) {
	if r == nil || r.Policy == "" {
		return
	}
	policy := c.settled("restart", "a restart policy", r.Policy)
	words, ok := restartPolicies[policy]
	if !ok {
		c.add(diag.Warning, "to-compose/invalid", diag.Dropped, "restart", fmt.Sprintf("%q is not a restart policy; dropped", policy))
		return
	}
	limit := r.MaxRestarts
	if limit != nil && policy == "never" {
		limit = nil
	}
	if limit != nil {
		if n, err := strconv.Atoi(c.Number(*limit).Text); err != nil || n < 0 {
			c.add(diag.Warning, "to-compose/invalid", diag.Dropped, "restart", fmt.Sprintf("%q is not a number of restarts; dropped", c.Number(*limit).Text))
			limit = nil
		}
	}
	switch {
	case limit == nil:
		c.set("restart", scalar(words[0]))
	case c.Number(*limit).Ref == nil && policy == "on-failure":
		c.set("restart", scalar(words[0]+":"+c.number(*limit)))
	default:
		m := &yaml.Node{Kind: yaml.MappingNode}
		put(m, "condition", scalar(words[1]))
		put(m, "max_attempts", c.digits(*limit))
		put(deploy, "restart_policy", m)
	}
}

// unknown reports what compose has no word for.
func (c *converter) unknown(t resolve.Container) {
	var lost []string
	for _, d := range t.Datasets {
		lost = append(lost, c.plain(d.Path))
	}
	if len(lost) > 0 {
		c.add(diag.Warning, "to-compose/datasets", diag.Dropped, "datasets",
			"compose stores no datasets; what is at "+strings.Join(lost, ", ")+" is lost with the container")
	}
	if t.InstanceType != "" {
		c.add(diag.Note, "to-compose/instance-type", diag.Dropped, "instance-type", "compose runs everything on one machine; instance type "+c.plain(t.InstanceType)+" is dropped")
	}
}
