package verify

import (
	"slices"
	"strconv"
	"strings"
)

// path names an attribute: its elements, from the outermost in. An item of a
// list is an element of its own, "[0]".
type path []string

// String is the path as reports write it: services.web.ports[0].mode.
func (p path) String() string { return strings.ReplaceAll(strings.Join(p, "."), ".[", "[") }

// with is the path of something below p.
func (p path) with(elements ...string) path { return append(slices.Clone(p), elements...) }

// item is the path of an item of a list.
func (p path) item(i int) path { return p.with("[" + strconv.Itoa(i) + "]") }

// owner is what an attribute belongs to: a service or another thing with a
// name of its own, and the empty path at the top of the project.
func (p path) owner() path {
	if len(p) > 1 && named[p[0]] {
		return p[:2]
	}
	return nil
}

// named are the sections of a project that hold things by their names.
var named = map[string]bool{"services": true, "networks": true, "volumes": true, "configs": true, "secrets": true, "models": true, "jobs": true}

// matches tells whether a path is what a pattern names, or below it: "*" is
// any element.
func (p path) matches(pattern string) bool {
	elements := strings.Split(pattern, ".")
	if len(elements) > len(p) {
		return false
	}
	for i, e := range elements {
		if e != "*" && e != p[i] {
			return false
		}
	}
	return true
}

// covers tells whether the path that one text names is that of another, or
// around it.
func covers(outer, inner string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
