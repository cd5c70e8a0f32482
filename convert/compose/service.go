package compose

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/mattn/go-shellwords"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// convertService makes the module of a service: a call of polytope/container
// whose arguments stand in the order of that module's parameters as Polytope
// files have them.
func (r *reader) convertService(name string) {
	s := r.Services[name]
	if s.Image == "" && s.Build == nil {
		if s.Provider == nil { // the table reports a provider
			r.withoutImage(name)
		}
		return
	}
	c := &container{reader: r, s: s, name: name, id: r.modules.id(name), args: &ir.Map{}}
	c.set("image", c.image())
	c.set("id", &ir.String{Value: c.id})
	c.set("entrypoint", c.words("entrypoint", s.Entrypoint))
	c.set("cmd", c.words("command", s.Command))
	c.set("workdir", c.optional(s.WorkingDir, "working_dir"))
	c.set("user", c.optional(s.User, "user"))
	c.set("env", c.env())
	c.set("mounts", c.mounts())
	c.set("tty", c.flag("tty", s.Tty, false))
	c.set("no-stdin", c.flag("stdin_open", s.StdinOpen, true))
	c.set("restart", c.restart())
	c.set("scaling", c.scaling())
	c.set("update-image", c.updateImage())
	c.set("resources", c.resources())
	c.set("services", c.services())
	c.labels()

	m := &ir.Module{ID: c.id, Call: &ir.Call{Module: "polytope/container", Args: c.args}}
	if o, ok := r.src.find("services", name); ok {
		m.Rng, m.IDRange = o.rng(), o.rng()
		m.Comments = o.comments()
		m.Call.Rng = o.rng()
	}
	r.moduleOf[name] = m
	r.out.Modules = append(r.out.Modules, m)
}

// withoutImage reports a service that nothing can run. compose-go lets it pass
// where its profile is not active.
func (r *reader) withoutImage(name string) {
	keys := []string{"services", name}
	r.report.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "compose/no-image", Fate: diag.Dropped, Path: joinPath(keys), Subject: r.place(keys),
		Message: name + ": has neither an image nor a build; left out",
	})
}

// container is a service on its way to be a module.
type container struct {
	*reader
	s    types.ServiceConfig
	name string
	id   string
	args *ir.Map
}

// set adds an argument that is there.
func (c *container) set(key string, x ir.Expr) {
	if x != nil {
		c.args.Set(key, x)
	}
}

// keys is the path of an attribute of the service.
func (c *container) keys(attr ...string) []string {
	return append([]string{"services", c.name}, attr...)
}

func (c *container) place(what string) place { return place{service: c.id, what: what} }

func (c *container) add(severity diag.Severity, code string, fate diag.Fate, keys []string, message string) {
	c.addAll(severity, code, fate, [][]string{keys}, message)
}

// addAll reports what is about several attributes at once, at the place of the
// first.
func (c *container) addAll(severity diag.Severity, code string, fate diag.Fate, keys [][]string, message string) {
	d := diag.Diagnostic{
		Severity: severity, Code: code, Fate: fate, Path: joinPath(keys[0]),
		Subject: c.reader.place(keys[0]), Message: c.name + ": " + message,
	}
	for _, k := range keys[1:] {
		d.Paths = append(d.Paths, joinPath(k))
	}
	c.report.Add(d)
}

// optional is a string attribute that may be absent.
func (c *container) optional(text string, attr ...string) ir.Expr {
	if text == "" {
		return nil
	}
	return c.scalar(text, c.place(ir.SnakeCase(attr[len(attr)-1])), c.keys(attr...)...)
}

// flag is a boolean attribute, written where the source says something.
func (c *container) flag(attr string, value, negate bool) ir.Expr {
	if _, ok := c.src.find(c.keys(attr)...); !ok {
		return nil
	}
	if negate {
		// A negated variable cannot be written down; its present value can.
		o, _ := c.src.find(c.keys(attr)...)
		c.settled(attr, o, c.keys(attr), strconv.FormatBool(value))
		return &ir.Bool{Meta: ir.At(valueRange(o)), Value: !value}
	}
	return c.typed(&ir.Bool{Value: value}, c.place(attr), c.keys(attr)...)
}

// words is a command as a list: the shell's words, or the list itself.
func (c *container) words(attr string, loaded types.ShellCommand) ir.Expr {
	o, ok := c.src.find(c.keys(attr)...)
	if !ok || o.node.Tag == "!!null" {
		return nil
	}
	list := &ir.List{Meta: ir.Meta{Rng: valueRange(o), Comments: o.comments()}}
	templates := c.wordTemplates(o, attr, loaded)
	for i, w := range loaded {
		at := c.place(fmt.Sprintf("%s_%d", attr, i+1))
		at.rng = list.Rng
		var x ir.Expr
		if templates != nil && templates[i].hasVars() {
			x = c.text(templates[i], o.layer.env, at)
		} else {
			x = c.word(w, at)
		}
		if o.node.Kind == yaml.SequenceNode && i < len(o.node.Content) {
			item := origin{node: deref(o.node.Content[i]), layer: o.layer}
			*x.GetMeta() = ir.Meta{Rng: item.rng(), Comments: item.comments()}
		}
		list.Items = append(list.Items, x)
	}
	if templates == nil {
		c.settled(attr, o, c.keys(attr), strings.Join(loaded, " "))
	}
	return list
}

// word is a word of a command without variables; the password of a URL in it
// is a secret.
func (c *container) word(w string, at place) ir.Expr {
	if parts := c.cutPasswords(w, at); len(parts) > 1 {
		return &ir.Interp{Meta: ir.At(at.rng), Parts: parts}
	}
	return &ir.String{Meta: ir.At(at.rng), Value: w}
}

// wordTemplates cuts a command into the templates of its words; nil where the
// cut does not give what compose-go loaded.
func (c *container) wordTemplates(o origin, attr string, loaded types.ShellCommand) []tmpl {
	var out []tmpl
	switch o.node.Kind {
	case yaml.SequenceNode:
		for _, n := range o.node.Content {
			t, ok := origin{node: deref(n), layer: o.layer}.template()
			if !ok {
				return nil
			}
			out = append(out, t)
		}
	case yaml.ScalarNode:
		t, ok := o.template()
		if !ok {
			return nil
		}
		out = c.expandWords(o, attr, splitWords(t), loaded)
	}
	if len(out) != len(loaded) {
		return nil
	}
	for i := range out {
		if !c.says(o, out[i], loaded[i]) {
			return nil
		}
	}
	return out
}

// expandWords lays the words of a command line beside what compose-go loaded:
// a word whose variables make several, or none, is settled, and the rest keeps
// its variables.
func (c *container) expandWords(o origin, attr string, words []tmpl, loaded []string) []tmpl {
	var out []tmpl
	for _, w := range words {
		rest := loaded[min(len(out), len(loaded)):]
		text, err := w.eval(c.stand(o.layer.env))
		if err != nil || len(rest) > 0 && rest[0] == text {
			out = append(out, w)
			continue
		}
		pieces, err := shellwords.Parse(text)
		if err != nil || len(pieces) > len(rest) || !slices.Equal(pieces, rest[:len(pieces)]) {
			return nil
		}
		c.settled(attr, o, c.keys(attr), strings.Join(loaded, " "))
		for _, p := range pieces {
			out = append(out, tmpl{{text: p}})
		}
	}
	return out
}

// Variables are hidden from the shell's word splitting behind these.
const hideOpen, hideClose = "\uE000", "\uE001"

// splitWords splits a command line into words, as compose-go does, with its
// variables whole.
func splitWords(t tmpl) []tmpl {
	var line strings.Builder
	var hidden []part
	for _, p := range t {
		if p.v == nil {
			line.WriteString(p.text)
			continue
		}
		fmt.Fprintf(&line, "%s%d%s", hideOpen, len(hidden), hideClose)
		hidden = append(hidden, p)
	}
	words, err := shellwords.Parse(line.String())
	if err != nil {
		return nil
	}
	out := make([]tmpl, len(words))
	for i, w := range words {
		out[i] = unhide(w, hidden)
	}
	return out
}

func unhide(w string, hidden []part) tmpl {
	var t tmpl
	for w != "" {
		before, rest, ok := strings.Cut(w, hideOpen)
		t = t.appendText(before)
		if !ok {
			break
		}
		number, after, _ := strings.Cut(rest, hideClose)
		if n, err := strconv.Atoi(number); err == nil && n < len(hidden) {
			t = append(t, hidden[n])
		}
		w = after
	}
	return t
}

func (c *container) restart() ir.Expr {
	if c.s.Deploy != nil && c.s.Deploy.RestartPolicy != nil { // it wins in compose too
		return c.deployRestart(c.s.Deploy.RestartPolicy)
	}
	keys := c.keys("restart")
	o, ok := c.src.find(keys...)
	if !ok || c.s.Restart == "" {
		return nil
	}
	c.settled("restart", o, keys, c.s.Restart)
	policy, count, _ := strings.Cut(c.s.Restart, ":")
	switch policy {
	case "no":
		policy = "never"
	case "unless-stopped":
		policy = "always"
		c.add(diag.Note, "compose/restart-unless-stopped", diag.Approximated, keys, "unless-stopped becomes always")
	}
	m := ir.NewMap("policy", ir.Str(policy))
	if n, err := strconv.ParseInt(count, 10, 64); err == nil {
		m.Set("max-restarts", ir.Num(n))
	}
	m.Meta = ir.Meta{Rng: valueRange(o), Comments: o.comments()}
	return m
}

var restartConditions = map[string]string{"none": "never", "on-failure": "on-failure", "any": "always", "": "always"}

func (c *container) deployRestart(p *types.RestartPolicy) ir.Expr {
	policy, ok := restartConditions[p.Condition]
	if !ok {
		policy = "always"
		c.add(diag.Note, "compose/restart-unless-stopped", diag.Approximated, c.keys("deploy", "restart_policy", "condition"), p.Condition+" becomes always")
	}
	m := ir.NewMap("policy", ir.Str(policy))
	if p.MaxAttempts != nil {
		m.Set("max-restarts", c.typed(ir.Num(int64(*p.MaxAttempts)), c.place("max_restarts"), c.keys("deploy", "restart_policy", "max_attempts")...))
	}
	m.Rng = c.reader.place(c.keys("deploy", "restart_policy"))
	return m
}

// replicas is how many containers the service has, and the attribute that says
// so.
func (c *container) replicas() (n int, attr []string, ok bool) {
	if c.s.Scale != nil {
		if _, written := c.src.find(c.keys("scale")...); written {
			return *c.s.Scale, []string{"scale"}, true
		}
	}
	if c.s.Deploy != nil && c.s.Deploy.Replicas != nil {
		return *c.s.Deploy.Replicas, []string{"deploy", "replicas"}, true
	}
	return 1, nil, false
}

func (c *container) scaling() ir.Expr {
	n, attr, ok := c.replicas()
	if !ok {
		return nil
	}
	x := c.typed(ir.Num(int64(n)), c.place("scaling"), c.keys(attr...)...)
	if _, literal := x.(*ir.Int); !literal {
		return x
	}
	switch n {
	case 0:
		c.add(diag.Note, "compose/scale-zero", diag.Approximated, c.keys(attr...), "no replicas: the module is there, and no template runs it")
		return nil
	case 1:
		return nil
	}
	return x
}

func (c *container) updateImage() ir.Expr {
	keys := c.keys("pull_policy")
	switch policy := c.s.PullPolicy; policy {
	case "":
		return nil
	case "always":
		o, _ := c.src.find(keys...)
		c.settled("pull_policy", o, keys, policy)
		return &ir.Bool{Meta: ir.At(valueRange(o)), Value: true}
	case "missing", "if_not_present":
		return nil
	case "build":
		if c.s.Build != nil {
			return nil
		}
	}
	c.add(diag.Note, "compose/pull-policy", diag.Approximated, keys,
		fmt.Sprintf("pull policy %s has no counterpart in Polytope; the image is pulled when it is missing", c.s.PullPolicy))
	return nil
}

// resources merges the ways of saying how much a container may take.
func (c *container) resources() ir.Expr {
	cpu, memory := &ir.Map{}, &ir.Map{}
	limits, requests := &types.Resource{}, &types.Resource{}
	if d := c.s.Deploy; d != nil {
		if d.Resources.Limits != nil {
			limits = d.Resources.Limits
		}
		if d.Resources.Reservations != nil {
			requests = d.Resources.Reservations
		}
	}
	c.setCPU(cpu, "request", float64(requests.NanoCPUs), "deploy", "resources", "reservations", "cpus")
	c.setMemory(memory, "request", int64(requests.MemoryBytes), "deploy", "resources", "reservations", "memory")
	c.setMemory(memory, "request", int64(c.s.MemReservation), "mem_reservation")
	c.setCPU(cpu, "limit", float64(limits.NanoCPUs), "deploy", "resources", "limits", "cpus")
	c.setCPU(cpu, "limit", float64(c.s.CPUS), "cpus")
	c.setMemory(memory, "limit", int64(limits.MemoryBytes), "deploy", "resources", "limits", "memory")
	c.setMemory(memory, "limit", int64(c.s.MemLimit), "mem_limit")
	if len(cpu.Entries)+len(memory.Entries) == 0 {
		return nil
	}
	// Both keys are required by the type of the parameter, and may be empty.
	return ir.NewMap("cpu", cpu, "memory", memory)
}

func (c *container) setCPU(m *ir.Map, key string, n float64, attr ...string) {
	if n == 0 || m.Get(key) != nil {
		return
	}
	// A float32 of compose-go's is rounded to what was written.
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 6, 32), 64)
	var x ir.Expr = &ir.Float{Value: n}
	if n == float64(int64(n)) {
		x = ir.Num(int64(n))
	}
	m.Set(key, c.typed(x, c.place("cpu_"+key), c.keys(attr...)...))
}

func (c *container) setMemory(m *ir.Map, key string, n int64, attr ...string) {
	if n == 0 || m.Get(key) != nil {
		return
	}
	o, ok := c.src.find(c.keys(attr...)...)
	text := known.DataSize(n)
	if ok {
		c.settled(attr[len(attr)-1], o, c.keys(attr...), text)
	}
	m.Set(key, &ir.String{Meta: ir.At(valueRange(o)), Value: text})
}

// activeLabels begin the labels that make other programs run something.
var activeLabels = []string{"traefik.", "caddy", "com.centurylinklabs.watchtower.", "ofelia."}

// labels reports labels: once for those that run things, once for the rest.
func (c *container) labels() {
	var active, passive []string
	for _, k := range c.labelNames() {
		if slices.ContainsFunc(activeLabels, func(p string) bool { return strings.HasPrefix(k, p) }) {
			active = append(active, k)
		} else {
			passive = append(passive, k)
		}
	}
	if len(active) > 0 {
		c.addAll(diag.Warning, "compose/labels-active", diag.Dropped, c.labelKeys(active),
			fmt.Sprintf("%s told another program what to do; Polytope has no labels", listSome(quoteAll(active))))
	}
	if len(passive) > 0 {
		c.addAll(diag.Note, "compose/labels", diag.Dropped, c.labelKeys(passive),
			"Polytope has no labels; dropped: "+listSome(quoteAll(passive)))
	}
}

// labelNames are the labels in the order of the source, and then those whose
// names variables make.
func (c *container) labelNames() []string {
	var names []string
	for _, k := range c.src.keys(c.keys("labels")...) {
		if _, ok := c.s.Labels[k]; ok {
			names = append(names, k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(c.s.Labels)) {
		if !slices.Contains(names, k) {
			names = append(names, k)
		}
	}
	return names
}

// labelKeys are where labels stand: one whose name a variable makes is
// somewhere among the labels.
func (c *container) labelKeys(labels []string) [][]string {
	written := c.src.keys(c.keys("labels")...)
	var all [][]string
	for _, l := range labels {
		keys := c.keys("labels")
		if slices.Contains(written, l) {
			keys = c.keys("labels", l)
		}
		all = append(all, keys)
	}
	return all
}

func quoteAll(items []string) []string {
	var out []string
	for _, s := range items {
		out = append(out, strconv.Quote(s))
	}
	return out
}

// listSome names the first of a list.
func listSome(items []string) string {
	switch len(items) {
	case 1:
		return items[0]
	case 2:
		return items[0] + " and " + items[1]
	}
	return fmt.Sprintf("%s and %d more", items[0], len(items)-1)
}
