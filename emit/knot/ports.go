package knot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/resolve"
)

// port is a port of the container.
type port struct {
	number int
	host   int // 0 for one that is not on the host
	// protocol is one of Polytope's: tcp, udp, http or https.
	protocol string
	label    text
}

func (p port) digits() string { return strconv.Itoa(p.number) }

// transport is what ports of knot have: tcp or udp.
func (p port) transport() string {
	if p.protocol == "udp" {
		return p.protocol
	}
	return "tcp"
}

func (p port) isSameAs(q port) bool { return p.number == q.number && p.transport() == q.transport() }

// maxPorts is how many ports of a range are written one by one.
const maxPorts = 1000

// readPorts sorts the ports of all services of the container: those on the
// host, and those that knot is told of to forward them by name. These are the
// ones that have a label, or would not be reached otherwise.
func (c *container) readPorts() {
	var all []port
	for i, s := range c.Services {
		for _, p := range s.Ports {
			all = append(all, c.expand(p, item("services", i))...)
		}
	}
	for _, p := range all {
		if p.host > 0 && !slices.ContainsFunc(c.published, func(q port) bool { return p.isSameAs(q) && p.host == q.host }) {
			c.published = append(c.published, p)
		}
	}
	for _, p := range merged(all) {
		c.name(p)
	}
}

// merged has each port once, as its first service has it; others may add a
// label, and put it on the host.
func merged(all []port) []port {
	var once []port
	for _, p := range all {
		i := slices.IndexFunc(once, p.isSameAs)
		if i < 0 {
			once = append(once, p)
			continue
		}
		if len(once[i].label) == 0 {
			once[i].label = p.label
		}
		once[i].host = max(once[i].host, p.host)
	}
	return once
}

func (c *container) name(p port) {
	_, canForward := knot.PortVarFor(p.protocol)
	switch {
	case canForward && (len(p.label) > 0 || p.host == 0):
		c.named = append(c.named, p)
	case canForward:
	case p.host == 0:
		c.report(codePort, diag.Warning, diag.Dropped, "services",
			"port "+p.digits()+"/udp is for other containers, and knot forwards none but tcp", "publish it on the host")
	case len(p.label) > 0:
		c.report(codeLabel, diag.Note, diag.Dropped, "services", "port "+p.digits()+"/udp has a label, and knot names none but tcp", "")
	}
}

// portEntries are the ports on the host: "8080:80/tcp".
func (c *container) portEntries() []text {
	var entries []text
	for _, p := range c.published {
		entries = append(entries, literal(fmt.Sprintf("%d:%d/%s", p.host, p.number, p.transport())))
	}
	return entries
}

// expand makes single ports of a port or range. knot takes numbers only.
func (c *container) expand(p resolve.Port, at string) []port {
	numbers, ok := c.numbers(p, at)
	if !ok {
		return nil
	}
	hosts := make([]int, len(numbers))
	if !p.Internal {
		hosts = c.hosts(p, numbers, at)
	}
	var ports []port
	for i, n := range numbers {
		label := c.text(p.Label)
		if len(label) > 0 && len(numbers) > 1 {
			label = label.join(literal("-" + strconv.Itoa(n)))
		}
		ports = append(ports, port{n, hosts[i], c.plain(p.Protocol), label})
	}
	return ports
}

func (c *container) numbers(p resolve.Port, at string) ([]int, bool) {
	parts := c.Parts(p.Range)
	if p.Range == "" {
		parts = []resolve.Part{c.Number(p.Port)}
	}
	list, ok := c.fixed(parts, at, "a port")
	if !ok {
		return nil, false
	}
	numbers, err := portList(list)
	if err != nil {
		c.report(codePort, diag.Warning, diag.Dropped, at, err.Error(), "")
		return nil, false
	}
	return numbers, true
}

// hosts are the host's ports for those of the container: the same, where there
// is no other number for each of them.
func (c *container) hosts(p resolve.Port, numbers []int, at string) []int {
	if p.ExposeAs == "" {
		return numbers
	}
	list, ok := c.fixed(c.Parts(p.ExposeAs), at, "the host's port for "+strconv.Itoa(numbers[0]))
	if !ok {
		return numbers
	}
	hosts, err := portList(list)
	if err == nil && len(hosts) != len(numbers) {
		err = fmt.Errorf("%s are %d ports of the host for %d of the container", list, len(hosts), len(numbers))
	}
	if err != nil {
		c.report(codePort, diag.Warning, diag.Approximated, at, err.Error()+"; the container's are used", "")
		return numbers
	}
	return hosts
}

// portList reads a list such as "80,443,8000-8100".
func portList(list string) ([]int, error) {
	var numbers []int
	for item := range strings.SplitSeq(list, ",") {
		first, last, ok := resolve.PortRange(item)
		if !ok {
			return nil, fmt.Errorf("%q is no port, which is a number from 1 to 65535", item)
		}
		if len(numbers)+last-first >= maxPorts {
			return nil, fmt.Errorf("%s are more than %d ports, and knot takes them one by one", list, maxPorts)
		}
		for n := first; n <= last; n++ {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}
