package jsonnet

import (
	"slices"
	"strings"

	"hull/ir"
)

// What the library has a shorter form for is written in it where the form says
// exactly the same; everything else is written as it is, which the library
// takes as well.

// eased is the short form of an argument of a built-in module, or nil.
func (w *writer) eased(module string, e ir.Entry) *node {
	list, isList := e.Value.(*ir.List)
	if _, ok := builtIn[module]; !ok || !isList || len(list.Items) == 0 {
		return nil
	}
	switch {
	case e.Key == "env":
		return w.env(list)
	case e.Key == "mounts" || e.Key == "sources":
		return w.pairs(list, "path", "source", "pt.mount", w.mounted)
	case e.Key == "services" && module != "polytope/python!simple":
		return w.pairs(list, "id", "ports", "pt.service", w.ports)
	}
	return nil
}

// record is the values of a map by the given keys, in their order; ok is false
// where there are others, or one of the first required ones is missing.
func record(x ir.Expr, required int, keys ...string) (values []ir.Expr, ok bool) {
	m, isMap := x.(*ir.Map)
	if !isMap {
		return nil, false
	}
	found := 0
	for i, key := range keys {
		value := m.Get(key)
		if _, isNull := value.(*ir.Null); isNull || value == nil && i < required {
			return nil, false
		}
		if value != nil {
			found++
		}
		values = append(values, value)
	}
	return values, found == len(m.Entries)
}

func stringOf(x ir.Expr) (string, bool) {
	s, ok := x.(*ir.String)
	if !ok || ir.LooksLikeReference(s.Value) {
		return "", false
	}
	return s.Value, true
}

// pairs writes a list of records of two keys as an object where that keeps its
// order, else as a list of calls.
func (w *writer) pairs(list *ir.List, key, value, function string, write func(ir.Expr) *node) *node {
	var names []string
	var items []item
	for _, x := range list.Items {
		values, ok := record(x, 2, key, value)
		if !ok {
			return nil
		}
		name, ok := stringOf(values[0])
		n := write(values[1])
		if !ok || n == nil || key == "path" && !strings.HasPrefix(name, "/") || key == "id" && !ir.IsID(name) {
			return nil
		}
		names = append(names, name)
		items = append(items, item{remaining(x, n), fieldName(name) + ": ", n})
	}
	if isSorted(names) {
		return object(items...)
	}
	for i := range items {
		items[i].label, items[i].value = "", call(function, arg(text(names[i])), arg(items[i].value))
	}
	return array(items...)
}

// env is a list of variables as an object, or as objects of one variable where
// the order is another.
func (w *writer) env(list *ir.List) *node {
	var names []string
	var items []item
	for _, x := range list.Items {
		m, ok := x.(*ir.Map)
		if !ok || len(m.Entries) != 2 || m.Get("name") == nil || !isVariable(m.Get("value")) {
			return nil
		}
		name, ok := stringOf(m.Get("name"))
		if !ok || name == "" || strings.Contains(name, "=") {
			return nil
		}
		names = append(names, name)
		value := w.expr(m.Get("value"))
		items = append(items, item{remaining(x, value), fieldName(name) + ": ", value})
	}
	if isSorted(names) {
		return object(items...)
	}
	for i, x := range items {
		items[i] = item{x.comments, "", object(item{nil, x.label, x.value})}
	}
	return call("pt.env", arg(array(items...)))
}

// isVariable holds for what the library takes as the value of a variable.
func isVariable(x ir.Expr) bool {
	switch x.(type) {
	case nil, *ir.List, *ir.Map:
		return false
	}
	return true
}

// mounted is what a mount's source is.
func (w *writer) mounted(x ir.Expr) *node {
	switch x := x.(type) {
	case *ir.Map:
		return w.source(x)
	case *ir.Ref, *ir.Code:
		return w.expr(x)
	}
	return nil
}

// source is a mount source as a call, or nil where the map is none.
func (w *writer) source(x *ir.Map) *node {
	kind, _ := stringOf(x.Get("type"))
	switch kind {
	case "host":
		if v, ok := record(x, 2, "type", "path"); ok {
			return call("pt.host", arg(w.expr(v[1])))
		}
	case "string":
		if v, ok := record(x, 2, "type", "data"); ok {
			return call("pt.string", arg(w.expr(v[1])))
		}
	case "dataset":
		if v, ok := record(x, 2, "type", "dataset", "path", "version"); ok {
			return call("pt.dataset", arg(w.expr(v[1])), named("path", w.given(v[2])), named("version", w.given(v[3])))
		}
	case "repo":
		if v, ok := record(x, 1, "type", "repo", "path", "revision"); ok {
			return call("pt.repo", named("repo", w.given(v[1])), named("path", w.given(v[2])), named("revision", w.given(v[3])))
		}
	case "volume":
		return w.volume(x)
	}
	return nil
}

func (w *writer) volume(x *ir.Map) *node {
	v, ok := record(x, 1, "type", "id", "scope", "create", "source")
	if !ok || !isOneOf(v[2], "project", "job") || !isOneOf(v[3], "never", "when-missing", "always") {
		return nil
	}
	switch id := v[1].(type) {
	case nil, *ir.Ref, *ir.Interp, *ir.Code:
	case *ir.String:
		if !ir.IsID(id.Value) {
			return nil
		}
	default:
		return nil
	}
	n := call("pt.volume", arg(w.given(v[1])))
	if v[2] == nil {
		n.items = append(n.items, named("scope", leaf("null")))
	} else if scope, _ := stringOf(v[2]); scope != "project" {
		n.items = append(n.items, named("scope", w.expr(v[2])))
	}
	return call("pt.volume", append(n.items, named("create", w.given(v[3])), named("source", w.given(v[4])))...)
}

// given is the expression, or nil for nil.
func (w *writer) given(x ir.Expr) *node {
	if x == nil {
		return nil
	}
	return w.expr(x)
}

// isOneOf holds for nothing, and for one of the words.
func isOneOf(x ir.Expr, words ...string) bool {
	s, ok := stringOf(x)
	return x == nil || ok && slices.Contains(words, s)
}

// ports is the list of a service's ports, or nil where one of them has no short
// form.
func (w *writer) ports(x ir.Expr) *node {
	list, ok := x.(*ir.List)
	if !ok {
		return nil
	}
	n := array()
	for _, p := range list.Items {
		port := w.port(p)
		if port == nil {
			return nil
		}
		n.items = append(n.items, above(p, port))
	}
	return n
}

func (w *writer) port(x ir.Expr) *node {
	function := func(protocol string) (string, *node) { return "pt." + protocol, nil }
	v, ok := record(x, 2, "port", "protocol", "expose-as", "internal", "label")
	if !ok || !isPort(v[0]) || !isPort(v[2]) {
		function = func(protocol string) (string, *node) { return "pt.range", text(protocol) }
		v, ok = record(x, 2, "range", "protocol", "expose-as", "internal", "label")
		if !ok || !isRange(v[0]) || !isRange(v[2]) {
			return nil
		}
	}
	label, isLabel := stringOf(v[4])
	_, isBool := v[3].(*ir.Bool)
	isProtocol := v[1] != nil && isOneOf(v[1], "http", "https", "tcp", "udp")
	if !isProtocol || v[3] != nil && !isBool || v[4] != nil && (!isLabel || !ir.IsID(label)) {
		return nil
	}
	protocol, _ := stringOf(v[1])
	name, second := function(protocol)
	return call(name, arg(w.expr(v[0])), arg(second), named("expose", w.given(v[2])), named("internal", w.given(v[3])), named("label", w.given(v[4])))
}

// isPort holds for what the library takes as a port: nothing, a number or
// something that yields one.
func isPort(x ir.Expr) bool {
	switch x := x.(type) {
	case nil, *ir.Ref, *ir.Interp, *ir.Code:
		return true
	case *ir.Int:
		return x.Value >= 1 && x.Value <= 65535
	}
	return false
}

// isRange holds for what the library takes as a range.
func isRange(x ir.Expr) bool {
	switch x := x.(type) {
	case nil, *ir.Ref, *ir.Interp, *ir.Code:
		return true
	case *ir.String:
		return isRangeText(x.Value)
	}
	return false
}
