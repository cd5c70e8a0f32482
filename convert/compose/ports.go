package compose

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// services is the list of the names by which the container is reached, each
// with its ports: the service's own name with everything, further names with
// the same ports, unexposed.
func (c *container) services() ir.Expr {
	ports := append(c.publishedPorts(), c.internalPorts()...)
	if len(ports) == 0 {
		c.ownName(nil)
		return nil
	}
	o, _ := c.src.find(c.keys("ports")...)
	list := ir.NewList(ir.NewMap("id", ir.Str(c.id), "ports", ir.NewList(ports...)))
	list.Comments = o.comments()
	ids := []string{c.id}
	for _, a := range c.aliases() {
		ids = append(ids, a)
		list.Items = append(list.Items, ir.NewMap("id", ir.Str(a), "ports", internalOnly(ports)))
	}
	c.ownName(ids)
	return list
}

// ownName reports that the container does not call itself what hostname says.
// That is another thing than being reached by that name, which it is by one of
// the ids of its services.
func (c *container) ownName(ids []string) {
	if c.s.Hostname == "" {
		return
	}
	text := fmt.Sprintf("the container no longer calls itself %s, but what Polytope names it", c.s.Hostname)
	if slices.Contains(ids, c.s.Hostname) {
		text += "; others reach it by that name as before"
	}
	keys := c.keys("hostname")
	c.report.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "compose/hostname", Fate: diag.Approximated, Path: joinPath(keys), Subject: c.reader.place(keys),
		Message: c.name + ": " + text, Help: "tell a program that goes by it its name by a setting of its own",
	})
}

// containerNames reports, once, that containers are listed by the names of
// their services, and not by those that container_name gives them.
func (r *reader) containerNames(services []string) {
	var all [][]string
	var called []string
	for _, name := range services {
		s := r.Services[name]
		if r.moduleOf[name] != nil && s.ContainerName != "" && s.ContainerName != name {
			all = append(all, []string{"services", name, "container_name"})
			called = append(called, name)
		}
	}
	if len(all) == 0 {
		return
	}
	d := diag.Diagnostic{
		Severity: diag.Note, Code: "compose/container-name", Fate: diag.Approximated, Path: joinPath(all[0]), Subject: r.place(all[0]),
		Message: fmt.Sprintf("%s: Polytope lists containers by the names of their services, not by container_name", listSome(called)),
	}
	for _, keys := range all[1:] {
		d.Paths = append(d.Paths, joinPath(keys))
	}
	r.report.Add(d)
}

// internalOnly are the same ports, kept from the host: a host port can be
// taken once.
func internalOnly(ports []ir.Expr) *ir.List {
	out := &ir.List{}
	for _, p := range ports {
		m := &ir.Map{}
		for _, e := range p.(*ir.Map).Entries {
			if e.Key != "expose-as" && e.Key != "internal" {
				m.Set(e.Key, e.Value)
			}
		}
		m.Set("internal", &ir.Bool{Value: true})
		out.Items = append(out.Items, m)
	}
	return out
}

// aliases are the further names of a service, as ids.
func (c *container) aliases() []string {
	type alias struct {
		name string
		keys []string
	}
	var all []alias
	add := func(name string, keys ...string) {
		if name != "" {
			all = append(all, alias{name, c.keys(keys...)})
		}
	}
	for _, attr := range []struct{ key, name string }{{"container_name", c.s.ContainerName}, {"hostname", c.s.Hostname}} {
		if o, ok := c.src.find(c.keys(attr.key)...); ok {
			c.settled(attr.key, o, c.keys(attr.key), attr.name)
		}
		add(attr.name, attr.key)
	}
	for _, n := range slices.Sorted(maps.Keys(c.s.Networks)) {
		if net := c.s.Networks[n]; net != nil {
			items := c.src.items(c.keys("networks", n, "aliases")...)
			for i, a := range net.Aliases {
				at := []string{"networks", n, "aliases", fmt.Sprintf("[%d]", i)}
				for _, o := range items {
					if t, ok := o.template(); ok && c.says(o, t, a) {
						c.settled("an alias", o, c.keys(at...), a)
						break
					}
				}
				add(a, at...)
			}
		}
	}
	for _, other := range c.serviceNames() {
		for _, l := range c.Services[other].Links {
			if target, name, ok := strings.Cut(l, ":"); ok && target == c.name {
				all = append(all, alias{name, []string{"services", other, "links"}})
			}
		}
	}
	var out []string
	for _, a := range all {
		id := ir.ToID(a.name)
		if id == "" || id == c.id || slices.Contains(out, id) {
			continue
		}
		if other, taken := c.serviceIDs[id]; taken {
			c.add(diag.Warning, "compose/alias-taken", diag.Dropped, a.keys, fmt.Sprintf("the name %s is %s's in Polytope, where a name leads to one service", a.name, other))
			continue
		}
		c.serviceIDs[id] = c.name
		if id != a.name {
			c.changed("host name", a.name, id, c.reader.place(a.keys), a.keys)
		}
		out = append(out, id)
	}
	return out
}

// portItem is an item of ports: a port, or a range that stands for several.
type portItem struct {
	configs           []types.ServicePortConfig
	published, target tmpl // as written; nil where that cannot be told
	o                 origin
	// keys are those of the ports in the canonical model, in which a range is an
	// item for each of its ports.
	keys [][]string
}

// publishedPorts are the ports of the service's ports, in the order of the
// source. Of items that say the same port the last one counts, as in compose.
func (c *container) publishedPorts() []ir.Expr {
	var items []portItem
	for _, o := range c.src.items(c.keys("ports")...) {
		items = append(items, c.portItem(o))
	}
	left := map[int]types.ServicePortConfig{}
	for i, p := range c.s.Ports {
		left[i] = p
	}
	for i := range slices.Backward(items) {
		said := items[i].configs
		c.claim(&items[i], left)
		if len(items[i].configs) == 0 {
			c.settledPorts(items[i], said, items[i+1:])
		}
	}
	var out []ir.Expr
	for _, item := range items {
		out = append(out, c.convertPorts(item)...)
	}
	for _, i := range slices.Sorted(maps.Keys(left)) {
		out = append(out, c.convertPorts(portItem{configs: []types.ServicePortConfig{left[i]}, keys: [][]string{c.keys("ports")}})...)
	}
	return c.withoutRepeats(out)
}

// claim leaves an item the ports that are the model's, and takes the last of them
// from it: the others are overridden by a later file, or said again.
func (c *container) claim(item *portItem, left map[int]types.ServicePortConfig) {
	said := item.configs
	item.configs = nil
	for _, p := range said {
		for _, i := range slices.Backward(slices.Sorted(maps.Keys(left))) {
			if samePort(p, left[i]) {
				item.configs = append(item.configs, p)
				item.keys = append(item.keys, c.keys("ports", fmt.Sprintf("[%d]", i)))
				delete(left, i)
				break
			}
		}
	}
}

// settledPorts reports an item that says the same as later ones only because of
// what variables are now, be they its own or theirs.
func (c *container) settledPorts(item portItem, said []types.ServicePortConfig, later []portItem) {
	items := []portItem{item}
	for _, other := range later {
		isSaid := func(p types.ServicePortConfig) bool {
			return slices.ContainsFunc(said, func(q types.ServicePortConfig) bool { return samePort(p, q) })
		}
		if slices.ContainsFunc(other.configs, isSaid) {
			items = append(items, other)
		}
	}
	isSame := func(other portItem) bool { return other.text() == item.text() }
	if len(items) == 1 || slices.ContainsFunc(items[1:], isSame) {
		return
	}
	for _, of := range items {
		if o, ok := of.variable(); ok {
			c.settled("that a port is the same as another", o, c.keys("ports"), c.sourceText(o))
			return
		}
	}
}

// variable is where variables are in the item's ports.
func (item portItem) variable() (origin, bool) {
	for _, key := range []string{"published", "target"} {
		o := item.o
		if child, ok := o.child(key); ok {
			o = child
		}
		if t, ok := o.template(); ok && t.hasVars() {
			return o, true
		}
	}
	return origin{}, false
}

// text is what the values script would make of the item, but for what does not
// tell ports apart.
func (item portItem) text() string {
	if item.o.layer == nil {
		return ""
	}
	env := item.o.layer.env
	return fmt.Sprint(item.published.word(env), ":", item.target.word(env))
}

// withoutRepeats leaves out ports that another one says: compose puts one port on
// several of the host that it chooses, or on several addresses, and Polytope on
// one of all addresses. Of several protocols of applications the first counts.
func (c *container) withoutRepeats(ports []ir.Expr) []ir.Expr {
	var out []ir.Expr
	for _, p := range ports {
		i := slices.IndexFunc(out, func(q ir.Expr) bool { return repeats(p.(*ir.Map), q.(*ir.Map)) })
		if i < 0 {
			out = append(out, p)
			continue
		}
		if kept := out[i].(*ir.Map).Get("protocol"); !ir.Equal(kept, p.(*ir.Map).Get("protocol")) {
			c.add(diag.Note, "compose/port-app-protocol", diag.Approximated, c.keys("ports"),
				fmt.Sprintf("a port has one protocol of applications in Polytope; %s is taken", kept.(*ir.String).Value))
		}
	}
	return out
}

// repeats tells whether a port is the same as another, whatever is spoken there.
func repeats(p, q *ir.Map) bool {
	isUDP := func(m *ir.Map) bool { return ir.Equal(m.Get("protocol"), ir.Str("udp")) }
	return isUDP(p) == isUDP(q) && !slices.ContainsFunc([]string{"port", "range", "expose-as"}, func(key string) bool {
		return !ir.Equal(p.Get(key), q.Get(key))
	})
}

func samePort(p, q types.ServicePortConfig) bool {
	norm := func(p types.ServicePortConfig) string {
		return fmt.Sprint(p.Target, "|", p.Published, "|", p.HostIP, "|", cmp.Or(p.Protocol, "tcp"))
	}
	return norm(p) == norm(q)
}

// portItem reads an item as it was written, beside what it means.
func (c *container) portItem(o origin) portItem {
	item := portItem{o: o}
	if o.node.Kind == yaml.MappingNode {
		item.readLong(c)
		return item
	}
	t, ok := o.template()
	if !ok {
		return item
	}
	text, err := t.eval(c.stand(o.layer.env))
	if err != nil {
		return item
	}
	if item.configs, err = types.ParsePortConfig(text); err != nil {
		return item
	}
	pieces := t.splitTop(":")
	last := pieces[len(pieces)-1].splitTop("/")[0]
	item.target = last
	if len(pieces) > 1 {
		item.published = pieces[len(pieces)-2]
	}
	return item
}

func (item *portItem) readLong(c *container) {
	var p types.ServicePortConfig
	text := func(key string) (string, tmpl) {
		child, ok := item.o.child(key)
		if !ok {
			return "", nil
		}
		t, ok := child.template()
		if !ok {
			return "", nil
		}
		s, _ := t.eval(c.stand(item.o.layer.env))
		return s, t
	}
	var target string
	target, item.target = text("target")
	n, _ := strconv.ParseUint(target, 10, 16)
	p.Target = uint32(n)
	p.Published, item.published = text("published")
	p.Protocol, _ = text("protocol")
	p.HostIP, _ = text("host_ip")
	p.AppProtocol, _ = text("app_protocol")
	item.configs = []types.ServicePortConfig{p}
}

// convertPorts makes one port or range of an item where it can.
func (c *container) convertPorts(item portItem) []ir.Expr {
	if len(item.configs) > 0 && item.configs[0].Protocol == "sctp" {
		c.addAll(diag.Warning, "compose/port-protocol", diag.Dropped, item.keys, "protocol sctp has no counterpart in Polytope; dropped")
		return nil
	}
	c.udpProtocol(item)
	if p, ok := c.portRange(item); ok {
		return []ir.Expr{p}
	}
	var out []ir.Expr
	for _, p := range item.configs {
		out = append(out, c.convertPort(p, item))
	}
	return out
}

// udpProtocol reports the protocol of an application over UDP, which ports of
// Polytope's do not tell.
func (c *container) udpProtocol(item portItem) {
	for i, p := range item.configs {
		if p.Protocol == "udp" && slices.Contains([]string{"http", "https", "tcp"}, p.AppProtocol) {
			c.add(diag.Note, "compose/port-app-protocol", diag.Approximated, append(slices.Clone(item.keys[i]), "app_protocol"),
				fmt.Sprintf("port %d is for UDP, of which Polytope knows no application's protocol; %s is left out", p.Target, p.AppProtocol))
		}
	}
}

// portRange joins ports that an item gives as a range on both sides.
func (c *container) portRange(item portItem) (ir.Expr, bool) {
	if len(item.configs) < 2 {
		return nil, false
	}
	first, last := item.configs[0], item.configs[len(item.configs)-1]
	for i, p := range item.configs {
		published, err := strconv.Atoi(p.Published)
		start, _ := strconv.Atoi(first.Published)
		sameShift := err == nil && published == start+i || first.Published == "" && p.Published == ""
		if p.Target != first.Target+uint32(i) || !sameShift {
			return nil, false
		}
	}
	numbers := fmt.Sprintf("%d-%d", first.Target, last.Target)
	var containers ir.Expr = ir.Str(numbers)
	if item.target.hasVars() && c.says(item.o, item.target, numbers) {
		at := c.place("container_ports")
		at.rng = item.o.rng()
		containers = c.text(item.target, item.o.layer.env, at)
	}
	m := ir.NewMap(
		"range", containers,
		"protocol", ir.Str(c.protocol(first)),
	)
	m.Rng = item.o.rng()
	if first.Published == "" {
		c.randomPort("ports "+numbers+" have no fixed ports on the host; they are exposed under their own numbers", item)
	} else {
		m.Set("expose-as", c.publishedAs(first.Published+"-"+last.Published, item, first.Target, true))
	}
	return m, true
}

func (c *container) convertPort(p types.ServicePortConfig, item portItem) ir.Expr {
	m := ir.NewMap("port", c.targetPort(p, item), "protocol", ir.Str(c.protocol(p)))
	m.Meta = ir.Meta{Rng: item.o.rng(), Comments: item.o.comments()}
	switch {
	case p.Published == "" || p.Published == "0" || strings.Contains(p.Published, "-"):
		if item.published.hasVars() {
			c.settled("a port", item.o, item.keys[0], p.Published)
		}
		c.randomPort(fmt.Sprintf("port %d has no fixed port on the host; it is exposed under its own number", p.Target), item)
	default:
		m.Set("expose-as", c.publishedAs(p.Published, item, p.Target, false))
	}
	return m
}

// targetPort is the container's port: a literal, but where a variable says it.
func (c *container) targetPort(p types.ServicePortConfig, item portItem) ir.Expr {
	number := strconv.FormatUint(uint64(p.Target), 10)
	if item.target.hasVars() && len(item.configs) == 1 && c.opts.Values != ValuesNone && c.says(item.o, item.target, number) {
		at := c.place("container_port")
		at.rng = item.o.rng()
		return c.text(item.target, item.o.layer.env, at)
	}
	return &ir.Int{Meta: ir.At(item.o.rng()), Value: int64(p.Target)}
}

func (c *container) protocol(p types.ServicePortConfig) string {
	if slices.Contains([]string{"http", "https", "tcp"}, p.AppProtocol) && p.Protocol != "udp" {
		return p.AppProtocol
	}
	if l := c.listener(p.Target, p.Protocol); l != nil && l.protocol != "" {
		return l.protocol
	}
	if p.Protocol != "udp" && c.alsoUDP(p.Target) {
		return "tcp"
	}
	return known.Protocol(p.Target, p.Protocol, c.s.Image)
}

// alsoUDP tells whether the port is published for udp as well: no web server.
func (c *container) alsoUDP(port uint32) bool {
	return slices.ContainsFunc(c.s.Ports, func(p types.ServicePortConfig) bool { return p.Target == port && p.Protocol == "udp" })
}

// listener is what else is known of a port of the service.
func (c *container) listener(port uint32, transport string) *listen {
	if transport != "" && transport != "tcp" {
		return nil
	}
	for i, l := range c.reader.ports[c.name] {
		if l.port == port && l.transport == "tcp" {
			return &c.reader.ports[c.name][i]
		}
	}
	return nil
}

func (c *container) randomPort(text string, item portItem) {
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: "compose/port-random", Fate: diag.Approximated, Path: joinPath(item.keys[0]), Subject: item.o.rng(),
		Message: c.name + ": " + text,
	}
	for _, k := range item.keys[1:] {
		d.Paths = append(d.Paths, joinPath(k))
	}
	c.report.Add(d)
}

// publishedAs is the port on the host: a reference or literal, an int for a
// single port and a text for a range.
func (c *container) publishedAs(text string, item portItem, target uint32, isRange bool) ir.Expr {
	at := c.place(c.portName(target))
	at.rng = item.o.rng()
	if item.published.hasVars() && c.says(item.o, item.published, text) {
		x := c.text(item.published, item.o.layer.env, at)
		if s, ok := x.(*ir.String); ok && !isRange {
			return portNumber(s.Value, at.rng)
		}
		return x
	}
	if item.o.node != nil && (item.published == nil || item.published.hasVars()) {
		c.settled("a port", item.o, item.keys[0], text)
	}
	if c.opts.Values == ValuesAll {
		return c.values.own(text, at)
	}
	if isRange {
		return &ir.String{Meta: ir.At(at.rng), Value: text}
	}
	return portNumber(text, at.rng)
}

func portNumber(text string, rng ir.Range) ir.Expr {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return &ir.String{Meta: ir.At(rng), Value: text}
	}
	return &ir.Int{Meta: ir.At(rng), Value: n}
}

// portName names the value of a host port: the service's only one is its port.
func (c *container) portName(target uint32) string {
	if len(c.s.Ports) > 0 && c.s.Ports[0].Target != target {
		return fmt.Sprintf("port_%d", target)
	}
	return "port"
}

// internalPorts are the ports that other services use and the host does not.
func (c *container) internalPorts() []ir.Expr {
	var out []ir.Expr
	for _, l := range c.reader.ports[c.name] {
		if l.rng == "" && slices.ContainsFunc(c.s.Ports, func(p types.ServicePortConfig) bool {
			return p.Target == l.port && cmp.Or(p.Protocol, "tcp") == l.transport
		}) {
			continue
		}
		m := &ir.Map{}
		if l.rng != "" {
			m.Set("range", c.exposed(l, l.rng, ir.Str(l.rng)))
		} else {
			m.Set("port", c.exposed(l, strconv.FormatUint(uint64(l.port), 10), ir.Num(int64(l.port))))
		}
		protocol := l.protocol
		if protocol == "" {
			protocol = known.Protocol(l.port, l.transport, c.s.Image)
		}
		m.Set("protocol", ir.Str(protocol))
		m.Set("internal", &ir.Bool{Value: true})
		out = append(out, m)
	}
	return out
}

// exposed is a port of expose: a literal, but where a variable says it.
func (c *container) exposed(l listen, text string, literal ir.Expr) ir.Expr {
	if !l.written.hasVars() || c.opts.Values == ValuesNone || !c.says(l.o, l.written, text) {
		return literal
	}
	at := c.place("container_port")
	at.rng = l.o.rng()
	return c.text(l.written, l.o.layer.env, at)
}
