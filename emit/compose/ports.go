package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir/diag"
	"hull/ir/known"
	"hull/ir/resolve"
)

// portPair are ports of the container, and those of the host that lead there:
// as compose writes them, and as plain texts.
type portPair struct {
	target, published           string
	plainTarget, plainPublished string
}

// ports writes what is exposed as ports, and what is internal as expose. The
// ports of a container are its own, whichever of its names they belong to.
func (c *converter) ports(t resolve.Container) {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	var internal []string
	seen := map[string]bool{}
	c.eachPort(t, false, func(p resolve.Port, pair portPair, transport string) {
		if id := pair.plainPublished + ":" + pair.plainTarget + transport; !seen[id] {
			seen[id], seen[pair.plainTarget+transport] = true, true
			list.Content = append(list.Content, c.published(t, p, pair))
		}
	})
	c.eachPort(t, true, func(p resolve.Port, pair portPair, transport string) {
		if id := pair.plainTarget + transport; !seen[id] {
			seen[id] = true
			internal = append(internal, pair.target+suffix(transport))
			c.exposedProtocol(t, p, pair)
		}
	})
	if len(list.Content) > 0 {
		c.set("ports", list)
	}
	if len(internal) > 0 {
		c.set("expose", sequence(internal))
	}
}

// eachPort visits the ports that are internal, or those that are not.
func (c *converter) eachPort(t resolve.Container, internal bool, visit func(p resolve.Port, pair portPair, transport string)) {
	for _, s := range t.Services {
		for _, p := range s.Ports {
			if p.Internal != internal {
				continue
			}
			for _, pair := range c.pairs(p) {
				visit(p, pair, transport(c.plain(p.Protocol)))
			}
		}
	}
}

// transport is what carries a protocol.
func transport(protocol string) string {
	if protocol == "udp" {
		return "udp"
	}
	return "tcp"
}

func suffix(transport string) string {
	if transport == "udp" {
		return "/udp"
	}
	return ""
}

// pairs are the ports, or ranges of ports, that a port of Polytope stands for.
func (c *converter) pairs(p resolve.Port) []portPair {
	target, plainTarget := c.text(p.Range), c.plain(p.Range)
	hasVars := !c.isPlain(p.Range)
	if p.Range == "" {
		n := c.Number(p.Port)
		target, plainTarget, hasVars = c.number(p.Port), n.Text, n.Ref != nil
	}
	published, plainPublished := c.text(p.ExposeAs), c.plain(p.ExposeAs)
	hasVars = hasVars || !c.isPlain(p.ExposeAs)
	if p.ExposeAs != "" && plainPublished == "" && !p.Internal {
		c.add(diag.Warning, "to-compose/variable-resolved", diag.Approximated, "services",
			fmt.Sprintf("nothing says as which port of the host %s is exposed; its own number is taken", plainTarget))
	}
	if plainPublished == "" || p.Internal {
		published, plainPublished = target, plainTarget
	}
	targets, ok := portNumbers(plainTarget)
	hosts, hostsOK := portNumbers(plainPublished)
	if !ok || !hostsOK || len(targets) != len(hosts) {
		c.add(diag.Warning, "to-compose/port", diag.Dropped, "services", fmt.Sprintf("port %q, exposed as %q, is none; dropped", plainTarget, plainPublished))
		return nil
	}
	if !strings.ContainsAny(plainTarget+plainPublished, ", ") {
		return []portPair{{target, published, plainTarget, plainPublished}}
	}
	if hasVars {
		c.add(diag.Warning, "to-compose/variable-resolved", diag.Approximated, "services",
			fmt.Sprintf("a list of ports cannot be left to a variable; %q, exposed as %q, is taken", plainTarget, plainPublished))
	}
	return consecutive(targets, hosts)
}

// portNumbers reads a port, or a list such as "80,443,8000-8100".
func portNumbers(s string) ([]int, bool) {
	var out []int
	for item := range strings.SplitSeq(s, ",") {
		first, last, ok := resolve.PortRange(item)
		if !ok {
			return nil, false
		}
		for n := first; n <= last; n++ {
			out = append(out, n)
		}
	}
	return out, true
}

// consecutive joins ports that are consecutive on both sides into ranges.
func consecutive(targets, hosts []int) []portPair {
	var out []portPair
	for i := 0; i < len(targets); {
		j := i + 1
		for j < len(targets) && targets[j] == targets[i]+j-i && hosts[j] == hosts[i]+j-i {
			j++
		}
		t, h := portRange(targets[i], j-i), portRange(hosts[i], j-i)
		out = append(out, portPair{t, h, t, h})
		i = j
	}
	return out
}

func portRange(first, count int) string {
	if count == 1 {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d-%d", first, first+count-1)
}

// published is an item of ports: short where a reader comes to the protocol by
// itself, and else long, which alone has a name and a protocol of applications.
func (c *converter) published(t resolve.Container, p resolve.Port, pair portPair) *yaml.Node {
	protocol := c.plain(p.Protocol)
	isTold := protocol == "udp" || c.guessed(t, pair) == protocol
	if isTold && p.Label == "" {
		return scalar(pair.published + ":" + pair.target + suffix(protocol))
	}
	if strings.Contains(pair.plainTarget, "-") {
		c.inRange(p, protocol, isTold)
		return scalar(pair.published + ":" + pair.target + suffix(protocol))
	}
	m := &yaml.Node{Kind: yaml.MappingNode}
	if p.Label != "" {
		put(m, "name", scalar(c.text(p.Label)))
	}
	put(m, "target", portNode(pair.target))
	put(m, "published", scalar(pair.published))
	put(m, "protocol", scalar(transport(protocol)))
	if !isTold {
		put(m, "app_protocol", scalar(protocol))
	}
	return m
}

// portNode is a port where compose wants a number.
func portNode(text string) *yaml.Node {
	if _, err := strconv.Atoi(text); err == nil {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: text}
	}
	return scalar(text)
}

// inRange reports what a range cannot say.
func (c *converter) inRange(p resolve.Port, protocol string, isTold bool) {
	if p.Label != "" {
		c.add(diag.Note, "to-compose/port-label", diag.Dropped, "services", "compose names single ports only; label "+c.plain(p.Label)+" is dropped")
	}
	if !isTold {
		c.add(diag.Note, "to-compose/port-protocol", diag.Approximated, "services", "compose cannot say that a range of ports speaks "+protocol)
	}
}

// exposedProtocol reports what expose cannot say.
func (c *converter) exposedProtocol(t resolve.Container, p resolve.Port, pair portPair) {
	if p.Label != "" {
		c.add(diag.Note, "to-compose/port-label", diag.Dropped, "services", "compose names published ports only; label "+c.plain(p.Label)+" is dropped")
	}
	if protocol := c.plain(p.Protocol); transport(protocol) != protocol && c.guessed(t, pair) != protocol {
		c.add(diag.Note, "to-compose/port-protocol", diag.Approximated, "services",
			fmt.Sprintf("compose cannot say that port %s, which is not published, speaks %s", pair.plainTarget, protocol))
	}
}

// guessed is the protocol that a reader takes a port to speak of which a
// compose file says no more than the number: a port that speaks udp too is no
// web server's.
func (c *converter) guessed(t resolve.Container, pair portPair) string {
	first, _, _ := strings.Cut(pair.plainTarget, "-")
	n, err := strconv.ParseUint(first, 10, 16)
	alsoUDP := slices.ContainsFunc(t.Services, func(s resolve.Service) bool {
		return slices.ContainsFunc(s.Ports, func(p resolve.Port) bool {
			return c.plain(p.Protocol) == "udp" && !p.Internal && cmp.Or(c.plain(p.Range), c.Number(p.Port).Text) == first
		})
	})
	if err != nil || alsoUDP {
		return "tcp"
	}
	return known.Protocol(uint32(n), "tcp", c.plain(t.Image))
}
