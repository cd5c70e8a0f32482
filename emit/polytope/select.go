package polytope

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// SelectCodes documents the diagnostics of SelectBuiltins.
var SelectCodes = []diag.Info{{
	Code: "polytope/builtin-exposes", Severity: diag.Note, Fate: diag.Approximated,
	Summary: "A built-in module exposes a port to the host that the service keeps internal.",
	Detail: "A service is written as a call of a built-in module such as polytope/postgres where that expands to the " +
		"container that the service describes. Those modules expose their ports to the user; a service that " +
		"publishes none would keep them internal. Other containers reach the service in the same way. A module is " +
		"not used where another service of the file has the same port on the host.\n\n" +
		"With --builtins=never every service is written as polytope/container, and the port stays internal.",
}}

// SelectBuiltins calls built-in modules where they fit: a module that calls
// polytope/container calls another one instead if that expands to the same
// container, or to one that differs only in exposing ports which the service
// keeps internal. That difference is reported.
//
// The comparison knows what Polytope does with an argument: the order of
// environment variables, mounts, services and ports does not matter; nulls and
// defaults are as good as absent; a command in one string is the list of its
// words. A label on a port is a difference, as nothing documents what it does.
// Where the service does not say whether it has a TTY and an open stdin, either
// is accepted.
//
// f is not changed; the result shares what stays the same with it.
func SelectBuiltins(f *ir.File) (*ir.File, []diag.Diagnostic) {
	out := *f
	out.Modules = slices.Clone(f.Modules)
	s := selection{taken: takenHostPorts(f)}
	for i, m := range f.Modules {
		if m.Call != nil && m.Call.Module == builtin.Container {
			out.Modules[i] = s.module(m)
		}
	}
	return &out, s.diags
}

type selection struct {
	taken map[int]bool // the host's ports that are in use
	diags []diag.Diagnostic
}

// module is m, calling a built-in module if one fits.
func (s *selection) module(m *ir.Module) *ir.Module {
	for _, candidate := range builtin.Modules() {
		args, exposed, ok := proveBuiltin(candidate.ID, m.Call.Args)
		if !ok || slices.ContainsFunc(exposed, func(port int) bool { return s.taken[port] }) {
			continue
		}
		if len(exposed) > 0 {
			s.reportExposed(m, candidate.ID, exposed)
		}
		return recall(m, candidate.ID, args)
	}
	return m
}

func (s *selection) reportExposed(m *ir.Module, ref string, ports []int) {
	var numbers []string
	for _, p := range ports {
		s.taken[p] = true
		numbers = append(numbers, strconv.Itoa(p))
	}
	noun, pronoun := "port", "it"
	if len(ports) > 1 {
		noun, pronoun = "ports", "them"
	}
	s.diags = append(s.diags, diag.Diagnostic{
		Severity: diag.Note, Code: "polytope/builtin-exposes", Fate: diag.Approximated,
		Message: fmt.Sprintf("%s: %s also exposes %s %s to the host; --builtins=never keeps %s internal",
			m.ID, ref, noun, strings.Join(numbers, ", "), pronoun),
		Subject: m.Call.Args.Get("image").GetMeta().Rng,
		Path:    "modules." + m.ID + ".services",
	})
}

// proveBuiltin finds the arguments with which a built-in module gives a
// container, and the ports that it exposes beyond that.
func proveBuiltin(ref string, container *ir.Map) (args *ir.Map, exposed []int, ok bool) {
	args, ok = builtin.Infer(ref, container)
	if !ok {
		return nil, nil, false
	}
	callee, expansion, ok := builtin.Expand(ref, args)
	if !ok || callee != builtin.Container {
		return nil, nil, false
	}
	exposed, ok = sameContainer(container, expansion)
	return args, exposed, ok
}

// recall is m with another call. Comments on what the call does not take over
// go to the module, so that none is lost.
func recall(m *ir.Module, ref string, args *ir.Map) *ir.Module {
	c := *m
	c.Call = &ir.Call{Meta: m.Call.Meta, Module: ref, Args: args}
	args.Meta = m.Call.Args.Meta
	texts := append([]string{c.Comments.Head}, lostComments(m.Call.Args, args)...)
	c.Comments.Head = strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n")
	return &c
}

// lostComments are the comments below one map that are not below another.
func lostComments(from, to *ir.Map) []string {
	kept := map[ir.Node]bool{from: true} // to has its comments already
	ir.Walk(to, func(n ir.Node) bool { kept[n] = true; return true })
	var texts []string
	ir.Walk(from, func(n ir.Node) bool {
		if c := n.GetMeta().Comments; !kept[n] {
			texts = append(texts, c.Head, c.Line, c.Foot)
		}
		return true
	})
	return texts
}

// sameContainer tells whether two calls of polytope/container give the same
// container, but for the ports that the second exposes and the first keeps
// internal.
func sameContainer(service, expansion *ir.Map) (exposed []int, same bool) {
	params, _ := builtin.Signature(builtin.Container)
	keys := map[string]bool{}
	for _, e := range slices.Concat(service.Entries, expansion.Entries) {
		keys[e.Key] = true
	}
	for _, p := range params {
		key := p.ID
		delete(keys, key)
		isFree := (key == "tty" || key == "no-stdin") && service.Get(key) == nil
		if isFree || key == "services" {
			continue
		}
		if !sameArg(key, normalArg(p, service.Get(key)), normalArg(p, expansion.Get(key))) {
			return nil, false
		}
	}
	if len(keys) > 0 {
		return nil, false // an argument that polytope/container does not have
	}
	return compareServices(service.Get("services"), expansion.Get("services"))
}

func sameArg(key string, a, b ir.Expr) bool {
	as, isList := a.(*ir.List)
	bs, isOther := b.(*ir.List)
	if (key == "env" || key == "mounts") && isList && isOther {
		return sameItems(as.Items, bs.Items)
	}
	return ir.Equal(a, b)
}

// sameItems tells whether two lists hold the same in any order.
func sameItems(as, bs []ir.Expr) bool {
	_, same := matchItems(as, bs, func(a, b ir.Expr) ([]int, bool) { return nil, ir.Equal(a, b) })
	return same
}

// matchItems pairs every item of one list with a different one of the other,
// and joins the ports that the pairs expose.
func matchItems(as, bs []ir.Expr, compare func(a, b ir.Expr) ([]int, bool)) (exposed []int, same bool) {
	if len(as) != len(bs) {
		return nil, false
	}
	rest := slices.Clone(bs)
	for _, a := range as {
		i := slices.IndexFunc(rest, func(b ir.Expr) bool {
			ports, ok := compare(a, b)
			exposed = append(exposed, ports...)
			return ok
		})
		if i < 0 {
			return nil, false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return exposed, true
}

// normalArg is an argument of polytope/container in the one form that says it;
// nil where it says no more than its absence.
func normalArg(p *ir.Param, x ir.Expr) ir.Expr {
	x = withoutNulls(x)
	d, hasDefault := p.Type.(*ir.DefaultType)
	switch {
	case x == nil && hasDefault:
		return d.Value
	case p.ID == "cmd" || p.ID == "entrypoint":
		// An empty list stays: it resets what the image says.
		return commandWords(x)
	}
	if l, ok := x.(*ir.List); ok && len(l.Items) == 0 {
		return nil
	}
	return x
}

// withoutNulls removes null, and keys that are null, from data.
func withoutNulls(x ir.Expr) ir.Expr {
	if x == nil || isNull(x) {
		return nil
	}
	return ir.MapExpr(x, func(x ir.Expr) ir.Expr {
		if m, ok := x.(*ir.Map); ok {
			m.Entries = slices.DeleteFunc(m.Entries, func(e ir.Entry) bool { return isNull(e.Value) })
		}
		return x
	})
}

func isNull(x ir.Expr) bool {
	_, ok := x.(*ir.Null)
	return ok
}

// commandWords is a command as a list. A string is split as a shell would; one
// with references in it stays whole, as their values may hold quotes.
func commandWords(x ir.Expr) ir.Expr {
	s, ok := x.(*ir.String)
	if !ok {
		return x
	}
	words, ok := splitWords(s.Value)
	if !ok {
		return x
	}
	l := &ir.List{}
	for _, w := range words {
		l.Items = append(l.Items, ir.Str(w))
	}
	return l
}

// splitWords splits at blanks, outside of quotes. ok is false where a quote or
// a backslash has no end, and where a double-quoted part holds a backslash: the
// rules for that differ among programs.
func splitWords(s string) (words []string, ok bool) {
	var word strings.Builder
	inWord := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n':
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
			continue
		case '\'', '"':
			quoted, _, closed := strings.Cut(s[i+1:], string(c))
			if !closed || c == '"' && strings.Contains(quoted, `\`) {
				return nil, false
			}
			word.WriteString(quoted)
			i += len(quoted) + 1
		case '\\':
			i++
			if i == len(s) {
				return nil, false
			}
			word.WriteByte(s[i])
		default:
			word.WriteByte(c)
		}
		inWord = true
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, true
}

// compareServices tells whether two lists of services are the same in any
// order, but for ports that the second exposes and the first keeps internal.
func compareServices(a, b ir.Expr) (exposed []int, same bool) {
	a, b = withoutNulls(a), withoutNulls(b)
	as, aIsData := dataItems(a)
	bs, bIsData := dataItems(b)
	if !aIsData || !bIsData {
		return nil, ir.Equal(a, b)
	}
	return matchItems(as, bs, compareService)
}

// dataItems are the elements of a list; an absent list has none. ok is false
// for what is not data, such as a reference.
func dataItems(x ir.Expr) (items []ir.Expr, ok bool) {
	if x == nil {
		return nil, true
	}
	l, ok := x.(*ir.List)
	if !ok {
		return nil, false
	}
	return l.Items, true
}

func compareService(a, b ir.Expr) (exposed []int, same bool) {
	am, isMap := a.(*ir.Map)
	bm, isOther := b.(*ir.Map)
	if !isMap || !isOther {
		return nil, ir.Equal(a, b)
	}
	as, aIsData := dataItems(am.Get("ports"))
	bs, bIsData := dataItems(bm.Get("ports"))
	if !aIsData || !bIsData || !ir.Equal(am.Get("id"), bm.Get("id")) {
		return nil, ir.Equal(a, b)
	}
	return matchItems(as, bs, comparePort)
}

// comparePort tells whether two ports are the same. exposed holds the number
// of the port where the first is internal and the second, otherwise the same,
// is exposed under that number.
func comparePort(a, b ir.Expr) (exposed []int, same bool) {
	am, bm := normalPort(a), normalPort(b)
	if am == nil || bm == nil {
		return nil, ir.Equal(a, b)
	}
	if ir.Equal(am, bm) {
		return nil, true
	}
	isInternal := ir.Equal(am.Get("internal"), &ir.Bool{Value: true})
	am.Delete("internal")
	port, isNumber := bm.Get("port").(*ir.Int)
	if !isInternal || !isNumber || bm.Get("expose-as") != nil || !ir.Equal(am, bm) {
		return nil, false
	}
	return []int{int(port.Value)}, true
}

// normalPort is a copy of a port without what says no more than its absence:
// it is not internal, and exposed under its own number (notes.md). It is nil
// where the port is not data.
func normalPort(x ir.Expr) *ir.Map {
	m, ok := withoutNulls(x).(*ir.Map)
	if !ok {
		return nil
	}
	if ir.Equal(m.Get("internal"), &ir.Bool{}) {
		m.Delete("internal")
	}
	if as := m.Get("expose-as"); as != nil && (ir.Equal(as, m.Get("port")) || ir.Equal(as, m.Get("range"))) {
		m.Delete("expose-as")
	}
	return m
}

// takenHostPorts are the ports of the host that the services of a file use, as
// far as they are literal or have a literal default.
func takenHostPorts(f *ir.File) map[int]bool {
	taken := map[int]bool{}
	for _, m := range f.Modules {
		if m.Call == nil {
			continue
		}
		args := m.Call.Args
		if callee, expanded, ok := builtin.Expand(m.Call.Module, args); ok && callee == builtin.Container {
			args = expanded
		}
		for _, port := range servicePorts(args) {
			takePort(taken, f, port)
		}
	}
	return taken
}

// servicePorts are the ports of a container's services, as far as they are
// data.
func servicePorts(container *ir.Map) []*ir.Map {
	var ports []*ir.Map
	services, _ := dataItems(container.Get("services"))
	for _, s := range services {
		service, _ := s.(*ir.Map)
		items, _ := dataItems(service.Get("ports"))
		for _, p := range items {
			if port := normalPort(p); port != nil {
				ports = append(ports, port)
			}
		}
	}
	return ports
}

// takePort marks the host ports of one port specification.
func takePort(taken map[int]bool, f *ir.File, port *ir.Map) {
	if port.Get("internal") != nil {
		return
	}
	for _, key := range []string{"expose-as", "port", "range"} {
		if x := port.Get(key); x != nil {
			for _, r := range strings.Split(portText(f, x), ",") {
				takeRange(taken, strings.TrimSpace(r))
			}
			return
		}
	}
}

// takeRange marks a port, or a range of them: "8000" or "8000-8100".
func takeRange(taken map[int]bool, text string) {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	first, err := strconv.ParseUint(from, 10, 16)
	last, err2 := strconv.ParseUint(to, 10, 16)
	if err != nil || err2 != nil {
		return
	}
	for p := first; p <= last; p++ {
		taken[int(p)] = true
	}
}

// portText is a port's number or range as text; a value stands for its
// default. It is empty where that is not known.
func portText(f *ir.File, x ir.Expr) string {
	switch x := x.(type) {
	case *ir.Int:
		return strconv.FormatInt(x.Value, 10)
	case *ir.String:
		return x.Value
	case *ir.Convert:
		return portText(f, x.X)
	case *ir.Ref:
		if b := f.Binding(x.Kind, x.Name); b != nil {
			text, _ := b.Default.Eval(ir.Unset)
			return text
		}
	}
	return ""
}
