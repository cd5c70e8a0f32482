package resolve

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"hull/ir"
)

// container adds the container that arguments describe. They have been held
// against the module's params: what is not of its type has been reported, and
// is taken for what it most likely means.
func (r *run) container(s scope, t Task) {
	if r.ended {
		r.opaque(t, "the file is too large to evaluate")
		return
	}
	a := s.params
	r.job.Containers = append(r.job.Containers, Container{
		Task: t,
		ID:   textIn(a, "id"), Image: textIn(a, "image"),
		Entrypoint: commandOf(a.Get("entrypoint")), Cmd: commandOf(a.Get("cmd")),
		Env: each(a, "env", envVarOf), Mounts: each(a, "mounts", mountOf),
		Services: each(a, "services", serviceOf), Datasets: each(a, "datasets", datasetOf),
		Workdir: textIn(a, "workdir"), User: textIn(a, "user"),
		TTY: flagIn(a, "tty"), NoStdin: flagIn(a, "no-stdin"),
		Restart: restartOf(a.Get("restart")), Scaling: intIn(a, "scaling"),
		UpdateImage: flagIn(a, "update-image"), InstanceType: textIn(a, "instance-type"),
		Resources: resourcesOf(a.Get("resources")),
	})
}

// build adds the image that arguments describe.
func (r *run) build(s scope, t Task) {
	if r.ended {
		r.opaque(t, "the file is too large to evaluate")
		return
	}
	a := s.params
	r.job.Builds = append(r.job.Builds, Build{
		Task: t, Tags: each(a, "tags", plainText), Sources: each(a, "sources", mountOf),
		Dockerfile: textIn(a, "dockerfile"), Target: textIn(a, "target"), Labels: labelsOf(a.Get("labels")),
	})
}

// each makes something of the items of a list, without those that are null.
func each[T any](m *ir.Map, key string, of func(ir.Expr) T) []T {
	list, _ := m.Get(key).(*ir.List)
	if list == nil {
		return nil
	}
	all := []T{}
	for _, item := range list.Items {
		if !ir.IsNull(item) {
			all = append(all, of(item))
		}
	}
	return all
}

func mapOf(x ir.Expr) *ir.Map {
	m, _ := x.(*ir.Map)
	return m
}

// textIn is the text under a key; numbers and booleans are as Polytope prints
// them.
func textIn(m *ir.Map, key string) string { return plainText(m.Get(key)) }

func plainText(x ir.Expr) string {
	text, _ := textOf(x)
	return text
}

func flagIn(m *ir.Map, key string) bool {
	switch x := m.Get(key).(type) {
	case *ir.Bool:
		return x.Value
	case *ir.String:
		return x.Value == "true"
	}
	return false
}

// intIn is the integer under a key, or nil.
func intIn(m *ir.Map, key string) *int {
	f := floatIn(m, key)
	if f == nil || *f != math.Trunc(*f) || math.Abs(*f) > 1<<53 {
		return nil
	}
	n := int(*f)
	return &n
}

func intOrZero(m *ir.Map, key string) int {
	if n := intIn(m, key); n != nil {
		return *n
	}
	return 0
}

// floatIn is the number under a key, or nil.
func floatIn(m *ir.Map, key string) *float64 {
	var f float64
	switch x := m.Get(key).(type) {
	case *ir.Int:
		f = float64(x.Value)
	case *ir.Float:
		f = x.Value
	case *ir.String:
		n, err := strconv.ParseFloat(x.Value, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil
		}
		f = n
	default:
		return nil
	}
	return &f
}

// commandOf is a command line, or nil where there is none.
func commandOf(x ir.Expr) *Command {
	if ir.IsNull(x) {
		return nil
	}
	if _, ok := x.(*ir.List); ok {
		return &Command{Words: each(ir.NewMap("words", x), "words", plainText)}
	}
	return &Command{Line: plainText(x)}
}

func envVarOf(x ir.Expr) EnvVar {
	m := mapOf(x)
	v := EnvVar{Name: textIn(m, "name")}
	if value := m.Get("value"); !ir.IsNull(value) {
		text := plainText(value)
		v.Value = &text
	}
	return v
}

func mountOf(x ir.Expr) Mount {
	m := mapOf(x)
	return Mount{Path: textIn(m, "path"), Source: sourceOf(m.Get("source"))}
}

func sourceOf(x ir.Expr) Source {
	m := mapOf(x)
	s := Source{
		Type: textIn(m, "type"), Path: textIn(m, "path"), Data: textIn(m, "data"),
		Scope: textIn(m, "scope"), ID: textIn(m, "id"), Create: textIn(m, "create"),
		Dataset: textIn(m, "dataset"), Version: intOrZero(m, "version"),
		Repo: textIn(m, "repo"), Revision: textIn(m, "revision"),
	}
	if from := mapOf(m.Get("source")); from != nil {
		inner := sourceOf(from)
		s.From = &inner
	}
	return s
}

func serviceOf(x ir.Expr) Service {
	m := mapOf(x)
	return Service{ID: textIn(m, "id"), Ports: each(m, "ports", portOf)}
}

func portOf(x ir.Expr) Port {
	m := mapOf(x)
	return Port{
		Port: intOrZero(m, "port"), Range: textIn(m, "range"), Protocol: textIn(m, "protocol"), Label: textIn(m, "label"),
		ExposeAs: textIn(m, "expose-as"), Internal: flagIn(m, "internal"),
	}
}

func datasetOf(x ir.Expr) Dataset {
	m := mapOf(x)
	return Dataset{Path: textIn(m, "path"), Sink: jsonText(m.Get("sink"))}
}

func restartOf(x ir.Expr) *Restart {
	m := mapOf(x)
	if m == nil {
		return nil
	}
	return &Restart{Policy: textIn(m, "policy"), MaxRestarts: intIn(m, "max-restarts")}
}

func resourcesOf(x ir.Expr) *Resources {
	m := mapOf(x)
	if m == nil {
		return nil
	}
	cpu, memory := mapOf(m.Get("cpu")), mapOf(m.Get("memory"))
	return &Resources{
		CPU:    CPU{Request: floatIn(cpu, "request"), Limit: floatIn(cpu, "limit")},
		Memory: Memory{Request: textIn(memory, "request"), Limit: textIn(memory, "limit")},
	}
}

// labelsOf are labels as a map, or as a list of NAME=VALUE or {name, value}: the
// type of the param is not public.
func labelsOf(x ir.Expr) []Label {
	if m := mapOf(x); m != nil {
		var all []Label
		for _, e := range m.Entries {
			all = append(all, Label{e.Key, plainText(e.Value)})
		}
		return all
	}
	if ir.IsNull(x) {
		return nil
	}
	return each(ir.NewMap("labels", x), "labels", labelOf)
}

func labelOf(x ir.Expr) Label {
	if m := mapOf(x); m != nil {
		return Label{textIn(m, "name"), textIn(m, "value")}
	}
	name, value, _ := strings.Cut(plainText(x), "=")
	return Label{name, value}
}

// jsonText is data as JSON, in its order; empty where there is none.
func jsonText(x ir.Expr) string {
	if ir.IsNull(x) {
		return ""
	}
	var b strings.Builder
	writeJSON(&b, x)
	return b.String()
}

func writeJSON(b *strings.Builder, x ir.Expr) {
	switch x := x.(type) {
	case *ir.List:
		b.WriteByte('[')
		for i, item := range x.Items {
			separate(b, i)
			writeJSON(b, item)
		}
		b.WriteByte(']')
	case *ir.Map:
		b.WriteByte('{')
		for i, e := range x.Entries {
			separate(b, i)
			writeJSON(b, ir.Str(e.Key))
			b.WriteByte(':')
			writeJSON(b, e.Value)
		}
		b.WriteByte('}')
	case *ir.String:
		text, _ := json.Marshal(x.Value) // a string always has a form
		b.Write(text)
	case nil, *ir.Null:
		b.WriteString("null")
	default:
		b.WriteString(plainText(x))
	}
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}
