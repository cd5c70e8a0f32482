package compose

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// losses walks the merged model along the table and reports what the table
// says has no counterpart. The model is in canonical form, so short forms are
// seen as what they mean.
func (r *reader) losses() {
	r.lossesIn(r.model, tableRoot, nil)
}

func (r *reader) lossesIn(value any, t *tableTree, keys []string) {
	a := t.attribute
	if a != nil && a.reported() {
		r.lose(a, value, keys)
		return
	}
	if a != nil && a.whole() {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			switch c := t.child(k); {
			case c != nil:
				r.lossesIn(v[k], c, append(slices.Clone(keys), k))
			case strings.HasPrefix(k, "x-"):
				r.extension(append(slices.Clone(keys), k))
			}
		}
	case []any:
		c := t.child("[]")
		for i, e := range v {
			if c != nil {
				r.lossesIn(e, c, append(slices.Clone(keys), "["+strconv.Itoa(i)+"]"))
			}
		}
	}
}

// lose reports one attribute of the table.
func (r *reader) lose(a *attribute, value any, keys []string) {
	if isEmptyValue(value) || saysNothing(value) || slices.Contains(a.silent, fmt.Sprint(value)) || r.isLeftOut(keys) {
		if o, ok := r.src.find(keys...); ok && !r.isLeftOut(keys) { // a variable may say more tomorrow
			r.settled(a.noun, o, keys, fmt.Sprint(value))
		}
		return
	}
	r.report.Add(diag.Diagnostic{
		Severity: a.severity, Code: a.codes[0], Fate: diag.Fate(a.fate), Path: joinPath(keys),
		Subject: r.place(keys),
		Message: fmt.Sprintf("%s: %s has no counterpart in Polytope; %s", owner(keys), a.noun, a.becomes),
		Help:    a.help,
	})
}

// isLeftOut tells whether the attribute belongs to a resource that no service
// uses: nothing of it is converted, nor was it anything in compose.
func (r *reader) isLeftOut(keys []string) bool {
	return len(keys) > 1 && keys[0] != "services" && r.used[keys[0]] != nil && !r.used[keys[0]][keys[1]]
}

// isEmptyValue tells whether an attribute says nothing.
func isEmptyValue(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// saysNothing tells a healthcheck that checks nothing, or only says that it is
// not switched off.
func saysNothing(v any) bool {
	m, ok := v.(map[string]any)
	if !ok {
		return false
	}
	test, _ := m["test"].([]any)
	return m["disable"] == true || len(m) == 1 && m["disable"] == false || len(test) > 0 && test[0] == "NONE"
}

// owner is what a message begins with: the service, or the kind and name of
// another resource.
func owner(keys []string) string {
	switch {
	case len(keys) < 2:
		return keys[0]
	case keys[0] == "services":
		return keys[1]
	}
	return strings.TrimSuffix(keys[0], "s") + " " + keys[1]
}

// place is where the attribute stands, or the nearest thing around it that the
// source writes down.
func (r *reader) place(keys []string) ir.Range {
	for n := len(keys); n > 0; n-- {
		if isIndex(keys[n-1]) {
			if rng, ok := r.itemPlace(keys[:n]); ok {
				return rng
			}
			continue
		}
		if slices.ContainsFunc(keys[:n], isIndex) {
			if rng, ok := r.withinItem(keys[:n]); ok {
				return rng
			}
			continue
		}
		if o, ok := r.src.find(keys[:n]...); ok {
			return o.rng()
		}
	}
	return ir.Range{}
}

func isIndex(key string) bool { return strings.HasPrefix(key, "[") }

func modelAt(v any, keys []string) any {
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// joinPath writes keys as a path: services.web.ports[0].mode.
func joinPath(keys []string) string {
	return strings.ReplaceAll(strings.Join(keys, "."), ".[", "[")
}

// extension reports an x- attribute. One that only holds anchors has done its
// work.
func (r *reader) extension(keys []string) {
	rng := r.place(keys)
	if !slices.ContainsFunc(keys, isIndex) {
		o, ok := r.src.find(keys...)
		if !ok || o.node == nil || hasAnchor(o.node, 0) {
			return
		}
		rng = o.rng()
	}
	r.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "compose/extension", Fate: diag.Dropped, Path: joinPath(keys), Subject: rng,
		Message: fmt.Sprintf("%s is an extension that hull knows nothing about; dropped", keys[len(keys)-1]),
	})
}
