package check

import (
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
	"hull/ir/known"
)

// checkStateful reports calls that run a database, a queue or a cache without
// a volume. A module's own lack is reported at the module, not at its callers.
func checkStateful(p *pass) {
	for _, s := range p.sites {
		what := p.losesData(s.call)
		if what == "" {
			continue
		}
		if callee := p.local[s.call.Module]; callee != nil && callee.Call != nil && p.losesData(callee.Call) != "" {
			continue
		}
		p.report(finding{
			at: s.at, message: what + " keeps data, and no volume: it is lost when the container ends",
			help: volumeHelp(p, s.call),
		})
	}
}

func volumeHelp(p *pass, c *ir.Call) string {
	const source = "{type: volume, scope: project, id: …}"
	params, _ := p.signature(c.Module)
	if ir.FindParam(params, dataVolume) != nil || publicModules[c.Module].keepsData {
		return "pass data-volume: " + source
	}
	return "mount a volume of the project: " + source
}

// dataVolume is the param of Polytope's stateful modules.
const dataVolume = "data-volume"

// losesData says what keeps data without a volume: a module or an image. It is
// empty where nothing does, or where that cannot be told.
func (p *pass) losesData(c *ir.Call) string {
	ref, args := p.end(c)
	if ref == builtin.Container {
		name, path := statefulImage(args.Get("image"))
		if path != "" && !keepsData(args.Get("mounts"), path) {
			return name
		}
		return ""
	}
	params, _ := builtin.Signature(ref)
	if (ir.FindParam(params, dataVolume) != nil || publicModules[ref].keepsData) && ir.IsNull(args.Get(dataVolume)) {
		return ref
	}
	return ""
}

// keepsData tells whether some mount can hold what is below a path: any volume
// (where the data is may have been configured), or a host's folder on the way.
func keepsData(mounts ir.Expr, path string) bool {
	l, ok := mounts.(*ir.List)
	if !ok {
		return !ir.IsNull(mounts) // a reference or code
	}
	return slices.ContainsFunc(l.Items, func(x ir.Expr) bool {
		m, ok := x.(*ir.Map)
		if !ok {
			return !ir.IsNull(x)
		}
		source, ok := m.Get("source").(*ir.Map)
		if !ok {
			return true
		}
		switch textOf(source.Get("type")) {
		case "string":
			return false
		case "host", "repo", "dataset":
			at := textOf(m.Get("path"))
			return at == "" || isBelow(at, path) || isBelow(path, at)
		}
		return true
	})
}

func isBelow(path, folder string) bool {
	return strings.HasPrefix(strings.TrimSuffix(path, "/")+"/", strings.TrimSuffix(folder, "/")+"/")
}

// statefulImage is the name of an image that keeps data, and where it does;
// both are empty for any other.
func statefulImage(image ir.Expr) (name, path string) {
	name, isWhole := known.ImageName(image)
	k, ok := known.LookupImage(name)
	if !isWhole || !ok || k.Data == "" {
		return "", ""
	}
	return k.Repository, k.Data
}

// volumes visits every mount source of type volume, wherever it stands: in
// arguments, also of modules that are not known, and in defaults.
func (p *pass) volumes(visit func(m *ir.Map, at place)) {
	find := func(x ir.Node, at place) {
		walkAt(x, at, func(n ir.Node, at place) {
			if m, ok := n.(*ir.Map); ok && isVolume(m) {
				visit(m, at)
			}
		})
	}
	for _, s := range p.sites {
		if s.call.Args != nil {
			find(s.call.Args, s.at)
		}
	}
	for _, b := range p.bodies() {
		for i, param := range b.params {
			find(param, b.at.in(param.Rng, joinID("params", param.ID, i)))
		}
	}
}

var volumeKeys = []string{"type", "scope", "id", "create", "source"}

func isVolume(m *ir.Map) bool {
	hasOtherKey := slices.ContainsFunc(m.Entries, func(e ir.Entry) bool { return !slices.Contains(volumeKeys, e.Key) })
	return textOf(m.Get("type")) == "volume" && !hasOtherKey
}

func checkVolumeScope(p *pass) {
	p.volumes(func(m *ir.Map, at place) {
		f := finding{at: at, help: "write scope: project", fix: FixScopeProject}
		scope := m.Get("scope")
		switch {
		case ir.IsNull(scope):
			f.message = "a volume without a scope is gone when the job ends"
		case textOf(scope) == "job":
			f.message, f.severity = "a volume of the job is gone when the job ends", diag.Note
			f.fix = "" // it was asked for
		default:
			return
		}
		p.report(f)
	})
}

// swallowedSource is the source that a mount's path has swallowed, or nil:
//
//   - path: {/root/.cache/, source: {type: volume, id: cache}}
func swallowedSource(mount *ir.Map) ir.Expr {
	path, ok := mount.Get("path").(*ir.Map)
	if !ok {
		return nil
	}
	return path.Get("source")
}

func checkMountIndent(p *pass) {
	for _, s := range p.sites {
		if s.call.Args == nil {
			continue
		}
		walkAt(s.call.Args, s.at, func(n ir.Node, at place) {
			if m, ok := n.(*ir.Map); ok && swallowedSource(m) != nil {
				p.report(finding{
					at: at.or(rangeOf(m.Get("path"))), message: "path holds the mount's source: they belong side by side",
					help: "write {path: " + swallowedPath(m) + ", source: {…}}", fix: FixMountIndent,
				})
			}
		})
	}
}

// swallowedPath is the path that has become a key without a value.
func swallowedPath(mount *ir.Map) string {
	path, _ := mount.Get("path").(*ir.Map)
	for _, e := range path.Entries {
		if ir.IsNull(e.Value) && strings.HasPrefix(e.Key, "/") {
			return e.Key
		}
	}
	return "/…"
}
