package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// named is anything with an id.
type named struct {
	kind string // "module", for messages
	id   string
	at   place
}

// scopes are the ids of the file, each list in a scope of its own.
func (p *pass) scopes() [][]named {
	var modules, templates []named
	var inner [][]named
	for i, t := range p.file.Templates {
		at := templatePlace(t, i)
		templates = append(templates, named{"template", t.ID, at.or(t.IDRange)})
		inner = append(inner, namedParams(t.Params, at), namedSteps(t, at))
	}
	for i, m := range p.file.Modules {
		at := modulePlace(m, i)
		modules = append(modules, named{"module", m.ID, at.or(m.IDRange)})
		inner = append(inner, namedParams(m.Params, at))
	}
	return append([][]named{templates, modules}, inner...)
}

func namedParams(params []*ir.Param, at place) []named {
	var all []named
	for i, param := range params {
		all = append(all, named{"param", param.ID, at.in(param.Rng, joinID("params", param.ID, i))})
	}
	return all
}

func namedSteps(t *ir.Template, at place) []named {
	var all []named
	for i, s := range t.Run {
		all = append(all, named{"step", s.StepID(), at.in(s.Rng, "run").index(s.Rng, i)})
	}
	return all
}

func checkIDs(p *pass) {
	for _, scope := range p.scopes() {
		for _, n := range scope {
			isReference := n.kind == "step" && strings.Contains(n.id, "/") // the id of its module
			switch {
			case n.id == "":
				p.report(finding{at: n.at, message: "a " + n.kind + " needs an id"})
			case !ir.IsID(n.id) && !isReference:
				p.report(finding{
					at: n.at, message: n.kind + " " + strconv.Quote(n.id) + ": Must be an id (0–9, a–z, _ and -)",
					help: "capitals, dots and blanks are not allowed",
				})
			}
		}
	}
}

func checkDuplicateIDs(p *pass) {
	for _, scope := range p.scopes() {
		seen := map[string]place{}
		for _, n := range scope {
			first, again := seen[n.id]
			if again && n.id != "" {
				f := finding{at: n.at, message: n.kind + " " + strconv.Quote(n.id) + " is there already" + line(first.rng)}
				if n.kind == "step" {
					f.help = "give each step of the same module an id of its own"
				}
				p.report(f)
				continue
			}
			seen[n.id] = n.at
		}
	}
}

func line(rng ir.Range) string {
	if !rng.IsValid() {
		return ""
	}
	return ", in line " + strconv.Itoa(rng.Start.Line)
}

func checkBodies(p *pass) {
	for i, m := range p.file.Modules {
		at := modulePlace(m, i).or(m.IDRange)
		switch {
		case m.Call != nil && m.Code != nil:
			p.report(finding{at: at, message: "module " + m.ID + " has both module and code", help: "keep one: module calls another module, code runs by itself"})
		case m.Call == nil && m.Code == nil:
			p.report(finding{at: at, message: "module " + m.ID + " has neither module nor code", help: "say which module it calls, such as polytope/container"})
		}
	}
}

// checkCycles reports each cycle of calls once, at the module that comes first
// in the file. Every module calls one other at the most, so that each is looked
// at once.
func checkCycles(p *pass) {
	done := map[*ir.Module]bool{}
	for _, start := range p.file.Modules {
		var path []*ir.Module
		at := map[*ir.Module]int{}
		m := start
		for ; p.isCaller(m) && !done[m]; m = p.callee(m) {
			done[m] = true
			at[m] = len(path)
			path = append(path, m)
		}
		if i, onPath := at[m]; onPath && p.isCaller(m) {
			p.reportCycle(path[i:])
		}
	}
}

// isCaller tells whether a module is one that calls by its id reach, and calls
// another.
func (p *pass) isCaller(m *ir.Module) bool {
	return m != nil && m.Call != nil && p.local[m.ID] == m
}

func (p *pass) callee(m *ir.Module) *ir.Module {
	if m.Call == nil {
		return nil
	}
	return p.local[m.Call.Module]
}

func (p *pass) reportCycle(cycle []*ir.Module) {
	first := 0
	for i, m := range cycle {
		if slices.Index(p.file.Modules, m) < slices.Index(p.file.Modules, cycle[first]) {
			first = i
		}
	}
	var ids []string
	for _, m := range slices.Concat(cycle[first:], cycle[:first+1]) {
		ids = append(ids, m.ID)
	}
	p.report(finding{
		at: p.siteOf(cycle[first]).at, message: "the call never ends: " + strings.Join(ids, " → "),
		help: "a module must end up calling a built-in module or code",
	})
}

func (p *pass) siteOf(m *ir.Module) site {
	i := slices.IndexFunc(p.sites, func(s site) bool { return s.module == m })
	if i < 0 {
		return site{}
	}
	return p.sites[i]
}

// moduleRef is the grammar of references to modules: an id of the same file,
// or owner/project with optional @revision, :path and !id.
var moduleRef = regexp.MustCompile(`^([a-z0-9_-]+|[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+(@[^:!\s]+)?(:[^!\s]+)?(![a-z0-9_-]+)?)$`)

// checkModules reports calls of modules that do not exist. A template may be
// called, too: the older dialect has such steps (notes.md).
func checkModules(p *pass) {
	for _, s := range p.sites {
		ref := s.call.Module
		if p.isKnown(ref) || s.step != nil && p.file.Template(ref) != nil {
			continue
		}
		switch {
		case !moduleRef.MatchString(ref):
			p.report(finding{
				at: s.at, message: strconv.Quote(ref) + " is no module",
				help: "a module is called by its id, or as owner/project, such as polytope/container",
			})
		case !strings.Contains(ref, "/"):
			p.reportUnknown(s)
		default:
			p.reportMisspelt(s)
		}
	}
}

func (p *pass) isKnown(ref string) bool {
	_, known := p.signature(ref)
	return known
}

func (p *pass) reportUnknown(s site) {
	if p.file.Partial {
		return
	}
	f := finding{at: s.at, message: "there is no module " + strconv.Quote(s.call.Module)}
	if _, ok := builtin.Lookup("polytope/" + s.call.Module); ok {
		f.help = "did you mean \"polytope/" + s.call.Module + "\"?"
	} else {
		var ids []string
		for _, m := range p.file.Modules {
			ids = append(ids, m.ID)
		}
		f.help = diag.DidYouMean(s.call.Module, ids, "")
	}
	p.report(f)
}

// publicModules are built-in modules that public documents or files name and the
// reference does not describe: whether they serve until they are stopped, and
// whether they keep data in a data-volume.
//
// Source: notes.md, "Built-in modules outside the reference".
var publicModules = map[string]struct{ serves, keepsData bool }{
	"polytope/nginx":                   {serves: true},
	"polytope/kafka":                   {serves: true},
	"polytope/kafka!connect":           {serves: true},
	"polytope/kafka!schema-registry":   {serves: true},
	"polytope/kafka!control-center":    {serves: true},
	"polytope/kafka!create-connectors": {},
	"polytope/kafka!kcat":              {},
	"polytope/couchbase":               {serves: true, keepsData: true},
	"polytope/couchbase!cli":           {},
	"polytope/couchbase!init-cluster":  {},
	"polytope/couchbase!create-bucket": {},
	"polytope/couchbase!cbq":           {},
	"polytope/mailpit":                 {serves: true},
	"polytope/kong":                    {serves: true},
	"polytope/kong!simple":             {serves: true},
	"polytope/curity":                  {serves: true},
	"polytope/ngrok":                   {serves: true},
	"polytope/ngrok!http":              {serves: true},
	"polytope/jupyter":                 {serves: true},
	"polytope/tensorboard":             {serves: true},
	"polytope/pulumi-cli":              {},
	"polytope/repl":                    {},
	"polytope/send-slack-message":      {},
	"polytope/create-project":          {},
	"polytope/noop":                    {},
	"polytope/scaffold":                {},
	"polytope/redis":                   {serves: true},
	"polytope/caddy":                   {serves: true},
}

// reportMisspelt warns of a reference to one of Polytope's own modules that is
// near to one that exists. Any other owner/project may exist.
func (p *pass) reportMisspelt(s site) {
	_, isPublic := publicModules[s.call.Module]
	name, isOwn := strings.CutPrefix(s.call.Module, "polytope/")
	if !isOwn || isPublic || strings.ContainsAny(name, "@:") {
		return
	}
	near := diag.Nearest(name, ownModules())
	if near == "" {
		return
	}
	p.report(finding{
		at: s.at, severity: diag.Warning, message: "polytope/" + name + " is no module that is known",
		help: "did you mean \"polytope/" + near + "\"?",
	})
}

// ownModules are the names of Polytope's own modules, without their owner.
func ownModules() []string {
	var names []string
	for _, m := range builtin.Modules() {
		names = append(names, strings.TrimPrefix(m.ID, "polytope/"))
	}
	for ref := range publicModules {
		names = append(names, strings.TrimPrefix(ref, "polytope/"))
	}
	slices.Sort(names) // of two equally near the first counts
	return names
}
