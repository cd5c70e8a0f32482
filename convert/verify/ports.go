package verify

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir/known"
)

// ports makes a fact of each published port of the container: the ports of the
// host that lead to it, and by itself what else is said of it.
func (v *service) ports() {
	type port struct {
		published, addresses, protocols map[string]bool
		at, addressAt, protocolAt       []path
	}
	ports := map[string]*port{}
	for i, p := range v.ServiceConfig.Ports {
		key := fmt.Sprintf("%d/%s", p.Target, cmp.Or(p.Protocol, "tcp"))
		if ports[key] == nil {
			ports[key] = &port{published: map[string]bool{}, addresses: map[string]bool{}, protocols: map[string]bool{}}
		}
		q, item := ports[key], v.at.with("ports").item(i)
		q.published[cmp.Or(p.Published, randomPort)] = true
		q.at = append(q.at, item.with("published"), item)
		if !anyAddress[p.HostIP] {
			q.addresses[p.HostIP] = true
			q.addressAt = append(q.addressAt, item.with("host_ip"))
		}
		q.protocols[cmp.Or(p.AppProtocol, v.usualProtocol(p))] = true
		if p.AppProtocol != "" {
			q.protocolAt = append(q.protocolAt, item.with("app_protocol"))
		}
		v.portDetails(key, i)
		v.offerPort(key)
	}
	for key, q := range ports {
		main := v.say(sorted(q.published), "ports", key)
		main.at = q.at
		if len(q.addresses) > 0 {
			f := v.say(sorted(q.addresses), "ports", key, "host_ip")
			f.at, f.under = q.addressAt, main.path.String()
		}
		// Which protocol an application speaks is a hint: that the target has
		// one where the source is silent changes nothing.
		f := v.say(sorted(q.protocols), "ports", key, "app_protocol")
		f.at, f.under, f.role = q.protocolAt, main.path.String(), offer
		if len(q.protocolAt) > 0 {
			f.role = promise
		}
	}
}

const randomPort = "any free port"

// anyAddress are the host's addresses that mean all of them.
var anyAddress = map[string]bool{"": true, "0.0.0.0": true, "::": true}

// portDetails says of a port what is neither in its key nor in its value.
func (v *service) portDetails(key string, i int) {
	p, item := v.ServiceConfig.Ports[i], v.at.with("ports").item(i)
	main := v.at.with("ports", key)
	detail := func(name, value string) {
		f := v.facts[main.with(name).String()]
		switch {
		case value == "":
		case f == nil:
			f = &fact{path: main.with(name), at: []path{item.with(name)}, value: value, under: main.String()}
			v.facts.add(f.path.String(), f)
		default: // two items for one port: they are told together
			f.at = append(f.at, item.with(name))
			if f.value != value {
				f.value += ", " + value
			}
		}
	}
	detail("name", p.Name)
	if p.Mode != "ingress" {
		detail("mode", p.Mode)
	}
	for name, value := range p.Extensions {
		detail(name, valueText(value))
	}
}

// usualProtocol is the protocol of applications that people take a port to
// speak of which compose says no more than its number. One that is there for
// UDP as well is no web server's.
func (v *service) usualProtocol(p types.ServicePortConfig) string {
	for _, other := range v.ServiceConfig.Ports {
		if other.Target == p.Target && other.Protocol == "udp" && p.Protocol != "udp" {
			return "tcp"
		}
	}
	return known.Protocol(p.Target, cmp.Or(p.Protocol, "tcp"), v.Image)
}

// exposed makes a promise of each port that the service has for others.
func (v *service) exposed() {
	for i, text := range v.Expose {
		for _, key := range portKeys(text) {
			f := &fact{
				path: v.at.with("expose", key), at: []path{v.at.with("expose").item(i)}, value: key, role: promise, under: v.main,
			}
			v.facts[f.path.String()] = f
		}
	}
}

// offerPort tells that a published port can be reached by others too.
func (v *service) offerPort(key string) {
	at := v.at.with("expose", key)
	v.facts.add(at.String(), &fact{path: at, value: key, role: offer, under: v.main})
}

// portKeys are the ports of an item of expose: "80", "53/udp", "3000-3005".
func portKeys(text string) []string {
	ports, protocol, _ := strings.Cut(text, "/")
	first, last, isRange := strings.Cut(ports, "-")
	from, err := strconv.Atoi(first)
	to, err2 := strconv.Atoi(cmp.Or(last, first))
	if err != nil || err2 != nil || isRange && to-from > 1<<16 {
		return []string{text}
	}
	var keys []string
	for n := from; n <= to; n++ {
		keys = append(keys, fmt.Sprintf("%d/%s", n, cmp.Or(protocol, "tcp")))
	}
	return keys
}
