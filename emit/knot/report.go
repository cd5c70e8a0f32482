package knot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// report reports something about the container; arg is the argument that it
// stands in.
func (c *container) report(code string, s diag.Severity, fate diag.Fate, arg, message, help string) {
	module, rng := c.place(arg)
	c.add(diag.Diagnostic{
		Severity: s, Code: code, Fate: fate,
		Message: c.label() + ": " + message,
		Subject: rng,
		Path:    "modules." + module + "." + arg,
		Help:    help,
	})
}

// placeOf finds an argument of a task: the innermost module of the file
// on the way to what runs that has it, and where it stands there. Without
// it, both are those of the task.
func (w *writer) placeOf(t resolve.Task, arg string) (module string, rng ir.Range) {
	module = t.Module
	for _, id := range slices.Backward(append([]string{t.Module}, t.Via...)) {
		m := w.module(id)
		if m == nil {
			continue
		}
		if module == t.Module {
			module = id
		}
		if at, ok := argument(m, arg); ok {
			return id, firstValid(at, m.Rng, t.Rng)
		}
	}
	return module, t.Rng
}

func (c *container) place(arg string) (module string, rng ir.Range) { return c.placeOf(c.Task, arg) }

// firstValid is the first range that is known.
func firstValid(ranges ...ir.Range) ir.Range {
	for _, r := range ranges {
		if r.IsValid() {
			return r
		}
	}
	return ir.Range{}
}

// add adds a diagnostic; texts of the source must not break its line.
func (w *writer) add(d diag.Diagnostic) {
	d.Message = strings.Map(commentRune, d.Message)
	w.diags = append(w.diags, d)
}

// isWritten tells whether a module of the file gives the argument; a container
// has defaults besides.
func (c *container) isWritten(arg string) bool {
	return slices.ContainsFunc(append([]string{c.Module}, c.Via...), func(id string) bool {
		m := c.module(id)
		if m == nil {
			return false
		}
		_, ok := argument(m, arg)
		return ok
	})
}

func (w *writer) module(id string) *ir.Module {
	if w.opts.File == nil {
		return nil
	}
	return w.opts.File.Module(id)
}

// argument is where a module's argument is written, or an item of it: "mounts"
// or "mounts[2]". The range is unknown where the reader that made the file does
// not say.
func argument(m *ir.Module, name string) (ir.Range, bool) {
	name, index, isItem := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	if m.Call == nil || m.Call.Args == nil {
		return ir.Range{}, false
	}
	for _, e := range m.Call.Args.Entries {
		if _, isNull := e.Value.(*ir.Null); isNull || e.Key != name {
			continue
		}
		if rng := itemRange(e.Value, index); isItem && rng.IsValid() {
			return rng, true
		}
		if e.KeyRange.IsValid() {
			return e.KeyRange, true
		}
		return firstRange(e.Value), true
	}
	return ir.Range{}, false
}

func itemRange(x ir.Expr, index string) ir.Range {
	l, ok := x.(*ir.List)
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i >= len(l.Items) {
		return ir.Range{}
	}
	return firstRange(l.Items[i])
}

// firstRange is the range of an expression, or of the first that is in it where
// that is unknown.
func firstRange(x ir.Expr) ir.Range {
	rng := x.GetMeta().Rng
	ir.Walk(x, func(n ir.Node) bool {
		if !rng.IsValid() {
			rng = n.GetMeta().Rng
		}
		return !rng.IsValid()
	})
	return rng
}

// item names an item of a list argument, counted from 0.
func item(arg string, i int) string { return arg + "[" + strconv.Itoa(i) + "]" }

// fixed is a text that knot takes only as it is: what its references stand for,
// which is reported. A secret is not written down; ok is false then, and where
// a value has no text.
func (c *container) fixed(parts []resolve.Part, arg, what string) (text string, ok bool) {
	for _, p := range parts {
		switch {
		case p.Ref == nil:
		case p.Ref.Kind == ir.SecretRef, p.Text == "":
			c.report(codeFixed, diag.Warning, diag.Dropped, arg,
				fmt.Sprintf("%s is made of the %s %s, and knot takes no variable there", what, p.Ref.Kind, p.Ref.Name),
				"write a number or a path into the source")
			return "", false
		default:
			c.report(codeFixed, diag.Warning, diag.Approximated, arg,
				fmt.Sprintf("%s is made of the value %s, and knot takes no variable there; %s is written", what, p.Ref.Name, p.Text),
				"change it in the template where it has to be another")
		}
		text += p.Text
	}
	return text, true
}

// reportTasks reports what a job has besides containers.
func (w *writer) reportTasks(job *resolve.Job) {
	if job == nil {
		return
	}
	for _, b := range job.Builds {
		w.reportTask(codeBuild, b.Task, "builds an image, which knot does not do",
			"build the image and push it to a registry, under the name that the templates have")
	}
	for _, o := range job.Opaque {
		w.reportTask(codeOpaque, o.Task, o.Why+"; knot gets nothing of it", "")
	}
	for _, c := range job.Containers {
		for _, wait := range waits(job, c.After) {
			w.reportTask(codeAfter, c.Task, "starts when "+wait.Step+" has ended; a space of knot starts by itself",
				"let the container wait for what it needs, or start its space later")
		}
	}
}

// waits are those for containers, also by way of builds: these are reported by
// themselves, but not what they wait for.
func waits(job *resolve.Job, after []resolve.Wait) []resolve.Wait {
	var out []resolve.Wait
	for _, wait := range after {
		isBuild := func(b resolve.Build) bool { return b.Step == wait.Step }
		if i := slices.IndexFunc(job.Builds, isBuild); i >= 0 {
			out = append(out, waits(job, job.Builds[i].After)...)
		} else {
			out = append(out, wait)
		}
	}
	return out
}

func (w *writer) reportTask(code string, t resolve.Task, what, help string) {
	module, rng := w.placeOf(t, "")
	w.add(diag.Diagnostic{
		Severity: diag.Warning, Code: code, Fate: diag.Dropped,
		Message: t.Step + ": " + what,
		Subject: rng,
		Path:    "modules." + module,
		Help:    help,
	})
}

func (w *writer) reportNothing(job *resolve.Job) {
	name := ""
	if job != nil {
		name = job.Name + ": "
	}
	d := diag.Diagnostic{
		Severity: diag.Error, Code: codeNothing,
		Message: name + "there is no container that knot could run",
		Help:    "choose a template or a module that runs a container",
	}
	if w.opts.File != nil {
		d.Subject = w.opts.File.Rng
	}
	w.add(d)
}

// loss is an argument of a container for which knot has no key.
type loss struct {
	arg      string
	severity diag.Severity
	what     string // behind the name of the container
	help     string
	isSet    func(c *container) bool
}

// losses are the arguments that knot has no key for; it takes a key that it
// does not know for an error (notes.md).
var losses = []loss{
	{
		"entrypoint", diag.Warning, "has an entrypoint, and knot starts that of the image",
		"set it in the image; where the image has none, put it in front of the command",
		func(c *container) bool { return c.Entrypoint != nil },
	},
	{
		"restart", diag.Warning, "has a restart policy, and knot has none",
		"start the space again by hand, or let a process manager of the image restart the program",
		func(c *container) bool { return c.Restart != nil && c.Restart.Policy != "never" },
	},
	{
		"user", diag.Warning, "runs as a user, and knot runs it as that of the image", "set the user in the image",
		func(c *container) bool { return c.User != "" },
	},
	{
		"workdir", diag.Warning, "has a working directory, and knot starts in that of the image",
		"set it in the image, or change to it in the command",
		func(c *container) bool { return c.Workdir != "" },
	},
	{
		"tty", diag.Note, "says whether it has a terminal, which knot decides by itself", "",
		func(c *container) bool { return !c.TTY || c.isWritten("tty") },
	},
	{
		"no-stdin", diag.Note, "says whether its input stays open, which knot decides by itself", "",
		func(c *container) bool { return c.NoStdin || c.isWritten("no-stdin") },
	},
	{
		"scaling", diag.Warning, "has a number of replicas, and a space of knot is one container",
		"create as many spaces of the template",
		func(c *container) bool { return c.Scaling != nil && c.replicas() != "1" },
	},
	{
		"update-image", diag.Note, "asks for the newest image at every start, which knot decides by itself",
		"name the version of the image",
		func(c *container) bool { return c.UpdateImage },
	},
	{
		"instance-type", diag.Warning, "asks for a type of machine, and knot has none", "limit cpu and memory instead",
		func(c *container) bool { return c.InstanceType != "" },
	},
	{
		"datasets", diag.Warning, "stores datasets when it ends, and knot has none", "keep the data in a volume",
		func(c *container) bool { return len(c.Datasets) > 0 },
	},
}

func (c *container) replicas() string { return c.Number(*c.Scaling).Text }

func (c *container) reportLosses() {
	for _, l := range losses {
		if l.isSet(c) {
			c.report(l.code(), l.severity, diag.Dropped, l.arg, l.what, l.help)
		}
	}
}

func (l loss) code() string { return area + l.arg }
