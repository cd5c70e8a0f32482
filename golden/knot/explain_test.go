package knot

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"hull/ir/diag"
	"hull/ir/knot"
)

// difference is a fact that came out otherwise: an empty text is none.
type difference struct {
	name, was, is string
	fact          fact // as it was, or as it is where it was not
	why           string
}

func (d difference) String() string { return fmt.Sprintf("%s: %q became %q", d.name, d.was, d.is) }

// compare lists what differs between two templates, in order.
func compare(was, is facts) []difference {
	var names []string
	for name := range was {
		names = append(names, name)
	}
	for name := range is {
		if _, ok := was[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var ds []difference
	for _, name := range names {
		w, inWas := was[name]
		i, inIs := is[name]
		if inWas != inIs || w.text != i.text {
			d := difference{name: name, was: w.text, is: i.text, fact: w}
			if !inWas {
				d.fact = i
			}
			ds = append(ds, d)
		}
	}
	return ds
}

// prescribed are what every template has to say (knot.md): it is put into those
// that do not.
func prescribed(d difference, was facts) bool {
	_, had := was[d.name]
	name, isEnv := strings.CutPrefix(d.name, "environment.")
	volume, isDefinition := strings.CutPrefix(d.name, "definitions.")
	switch {
	case had:
		return false
	case d.name == "container_name", d.name == "hostname":
		return true
	case isDefinition:
		return was.mounts(volume) && !was.defines()
	case isEnv:
		return slices.ContainsFunc(knot.MandatoryEnv, func(v knot.EnvVar) bool { return v.Name == name })
	}
	return false
}

// mounts tells whether a volume is mounted, defines whether the definitions
// were given.
func (fs facts) mounts(volume string) bool {
	for name, f := range fs {
		if strings.HasPrefix(name, "volumes.") && f.text == volume {
			return true
		}
	}
	return false
}

func (fs facts) defines() bool {
	for name := range fs {
		if strings.HasPrefix(name, "definitions.") || name == "paths" {
			return true
		}
	}
	return false
}

// arguments are the facts that stand for the arguments of a container, which
// the writer's diagnostics name.
var arguments = map[string][]string{
	"id":        {"container_name"},
	"services":  {"ports.*", "names.*", "hostname"},
	"env":       {"environment.*", "names.*"},
	"mounts":    {"volumes.*", "definitions.*"},
	"cmd":       {`command\[*`},
	"image":     {"image"},
	"resources": {"memory", "cpus"},
	"":          {"*"},
}

// more are facts that a diagnostic is about beyond the field that it names.
var more = map[string][]string{
	"knot/volume-changed":      {"definitions.*"},
	"knot/volume-unused":       {"definitions.*", "sizes.*"},
	"knot/capabilities":        {"cap_*"},
	"knot/definition":          {"sizes.*", "definitions.*", "paths"},
	"to-knot/container-name":   {"container_name", "hostname"},
	"to-knot/service-names":    {"hostname"},
	"to-knot/mandatory-env":    {"environment.KNOT_*"},
	"knot/name-changed":        {"names.*"},
	"to-knot/variable-name":    {"*"},
	"knot/environment-repeats": {"order.environment"},
}

// restored are codes of losses on the way to Polytope that need make no
// difference to a template that comes back: the writer knows what was there.
var restored = map[string]string{
	"knot/agent-env":         "the variables of knot's agent are put back",
	"knot/port-proxied":      "knot leads to internal ports again",
	"knot/port-name":         "what cannot be read stays a variable",
	"knot/hostname":          "where it was the default, it is that again",
	"knot/capabilities":      "what podman needs is put back",
	"knot/template-logic":    "a variable has the place of the logic; the text is a variable's then",
	"to-knot/container-name": "where it was the default, it is that again",
	"to-knot/fixed-value":    "the value's text is what the template had",
	"to-knot/variables":      "the texts of the variables are compared",
}

var indexOf = regexp.MustCompile(`^([a-z-]+)(?:\[(\d+)\])?$`)

// explains tells whether a diagnostic is about what a difference is in.
func explains(d diag.Diagnostic, x difference) bool {
	if !d.Fate.IsLoss() {
		return false
	}
	isFact := func(pattern string) bool {
		ok, _ := path.Match(pattern, strings.ReplaceAll(x.name, "/", "|"))
		return ok
	}
	if slices.ContainsFunc(more[d.Code], isFact) {
		return true
	}
	if strings.HasPrefix(d.Code, "to-knot/") {
		arg := d.Path[strings.LastIndexByte(d.Path, '.')+1:]
		m := indexOf.FindStringSubmatch(arg)
		return m != nil && slices.ContainsFunc(arguments[m[1]], isFact)
	}
	if d.Code == "knot/template-logic" {
		return d.Subject.Start.Line == x.fact.line
	}
	return x.fact.at == d.Path || strings.HasPrefix(x.fact.at, d.Path+"[") || strings.HasPrefix(x.fact.at, d.Path+".")
}

// proof is what a comparison yields.
type proof struct {
	compared, equal       int
	explained             []difference
	unexplained           []difference
	unfounded             []diag.Diagnostic
	templates, prescribed int
}

// prove compares what a template says with what it says after a way whose
// report is given.
func prove(was, is facts, report []diag.Diagnostic) proof {
	p := proof{templates: 1}
	used := map[int]bool{}
	ds := compare(was, is)
	for name := range was {
		p.compared++
		if !slices.ContainsFunc(ds, func(d difference) bool { return d.name == name }) {
			p.equal++
		}
	}
	for _, d := range ds {
		isExplained := prescribed(d, was)
		if isExplained {
			p.prescribed++
		}
		for i, entry := range report {
			if explains(entry, d) {
				used[i], isExplained = true, true
				d.why = entry.Code
			}
		}
		if isExplained {
			p.explained = append(p.explained, d)
		} else {
			p.unexplained = append(p.unexplained, d)
		}
	}
	for i, entry := range report {
		if _, ok := restored[entry.Code]; entry.Fate.IsLoss() && !used[i] && !ok {
			p.unfounded = append(p.unfounded, entry)
		}
	}
	return p
}

func (p *proof) add(other proof) {
	p.templates += other.templates
	p.compared += other.compared
	p.equal += other.equal
	p.prescribed += other.prescribed
	p.explained = append(p.explained, other.explained...)
	p.unexplained = append(p.unexplained, other.unexplained...)
	p.unfounded = append(p.unfounded, other.unfounded...)
}

func (p proof) String() string {
	return fmt.Sprintf("%d templates, %d facts: %d equal; %d differences explained, %d of them prescribed; %d unexplained, %d unfounded",
		p.templates, p.compared, p.equal, len(p.explained), p.prescribed, len(p.unexplained), len(p.unfounded))
}

// faults says what is wrong, a line each; empty where nothing is.
func (p proof) faults() string {
	var b strings.Builder
	for _, d := range p.unexplained {
		fmt.Fprintf(&b, "unexplained: %s\n", d)
	}
	for _, d := range p.unfounded {
		fmt.Fprintf(&b, "unfounded: %s: %s [%s] at line %d\n", d.Path, d.Message, d.Code, d.Subject.Start.Line)
	}
	return b.String()
}
