package compose

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir"
	"hull/ir/known"
)

// listen is a container port that is known from elsewhere than ports.
type listen struct {
	port      uint32
	rng       string // for a range: "8000-8010"
	transport string // tcp or udp
	protocol  string // where it is known: http, https
	// written is the port as expose has it, where variables are in it.
	written tmpl
	o       origin
}

// listening gathers, for every service, the ports by which it can be reached:
// expose, what services' texts address, what its own healthcheck asks, the
// Dockerfile's EXPOSE, and what is known of the image, in that order; and a guess
// where all that says nothing.
func (r *reader) listening(services []string) map[string][]listen {
	out := map[string][]listen{}
	mentions := r.mentions(services)
	for _, name := range services {
		s := r.Services[name]
		var all []listen
		for i, e := range s.Expose {
			keys := []string{"services", name, "expose", fmt.Sprintf("[%d]", i)}
			l := parseExpose(e)
			if o, ok := r.item(keys); ok {
				if t, ok := o.template(); ok && t.hasVars() {
					l.written, l.o = t.splitTop("/")[0], o
				}
			}
			all = addPort(all, l)
		}
		for _, l := range mentions[name] {
			all = addPort(all, l)
		}
		for _, l := range append(checkedPorts(s), r.dockerfilePorts(s)...) {
			all = addPort(all, l)
		}
		if !r.isBuilt(s) && len(s.Ports) == 0 {
			all = addKnown(all, s.Image)
		}
		if len(all) == 0 && len(s.Ports) == 0 {
			all = r.guessedPorts(s)
		}
		out[name] = all
	}
	return out
}

// addKnown adds the ports that are known of an image.
func addKnown(all []listen, image string) []listen {
	k, _ := known.LookupImage(image)
	for _, p := range k.Ports {
		all = addPort(all, listen{port: p.Number, transport: "tcp", protocol: p.Protocol})
	}
	return all
}

// guessedPorts are those of a service of which nothing else tells a port: what
// it is told to bind, or what an official image listens on that its own is
// called after, as one with extensions is. Without any, its name does not
// resolve; one that is wrong does no harm.
func (r *reader) guessedPorts(s types.ServiceConfig) []listen {
	var out []listen
	texts := slices.Concat(s.Command, s.Entrypoint)
	env := r.environment(s.Name)
	for _, k := range slices.Sorted(maps.Keys(env)) {
		texts = append(texts, env[k])
	}
	for _, text := range texts {
		for _, m := range bound.FindAllStringSubmatch(text, -1) {
			out = addPort(out, parseExpose(m[1]))
		}
	}
	if len(out) == 0 && !r.isBuilt(s) {
		out = addKnown(out, path.Base(known.Repository(s.Image)))
	}
	return out
}

// bound is a port at all addresses of the container.
var bound = regexp.MustCompile(`(?:\b0\.0\.0\.0|\[::\]|(?:^|[\s=/"'])[*+]):([0-9]{2,5})\b`)

func addPort(all []listen, l listen) []listen {
	if l.port == 0 && l.rng == "" {
		return all
	}
	for i := range all {
		if all[i].port == l.port && all[i].rng == l.rng && all[i].transport == l.transport {
			all[i].protocol = cmp.Or(all[i].protocol, l.protocol)
			return all
		}
	}
	return append(all, l)
}

// parseExpose reads "8080", "8080/udp" and "8000-8010".
func parseExpose(s string) listen {
	number, transport, _ := strings.Cut(s, "/")
	l := listen{transport: cmp.Or(transport, "tcp")}
	if from, to, ok := strings.Cut(number, "-"); ok && from != to {
		if _, err := strconv.ParseUint(from, 10, 16); err == nil {
			l.rng = number
		}
		return l
	}
	n, _ := strconv.ParseUint(number, 10, 16)
	l.port = uint32(n)
	return l
}

// mention is a host with a port in a text, and the URL scheme before it.
var mention = regexp.MustCompile(`(?:([a-zA-Z][a-zA-Z0-9+.-]*)://(?:[^/@\s]*@)?)?([a-zA-Z0-9][a-zA-Z0-9_.-]*):([0-9]{2,5})\b`)

// mentions are the ports that services' texts address, by the service that
// they address.
func (r *reader) mentions(services []string) map[string][]listen {
	owner := map[string]string{}
	for _, name := range services { // which wins over what others are also called
		owner[name] = name
	}
	for _, name := range services {
		for _, host := range r.hosts(name) {
			if _, taken := owner[host]; !taken {
				owner[host] = name
			}
		}
	}
	out := map[string][]listen{}
	for _, name := range services {
		for _, text := range linesNaming(r.texts(name), owner) {
			for _, m := range mention.FindAllStringSubmatch(text, -1) {
				if target, known := owner[m[2]]; known {
					out[target] = addPort(out[target], mentioned(m))
				}
			}
			for _, m := range schemeMention.FindAllStringSubmatch(text, -1) {
				if target, known := owner[m[2]]; known && schemePorts[m[1]].Number != 0 {
					p := schemePorts[m[1]]
					out[target] = addPort(out[target], listen{port: p.Number, transport: "tcp", protocol: p.Protocol})
				}
			}
		}
		for _, pair := range r.hostPairs(name) {
			if target, known := owner[pair.host]; known {
				out[target] = addPort(out[target], listen{port: pair.port, transport: "tcp"})
			}
		}
	}
	return out
}

// linesNaming are the lines that hold one of the names at all: a mounted file
// may be long.
func linesNaming(texts []string, names map[string]string) []string {
	var out []string
	for _, text := range texts {
		for line := range strings.SplitSeq(text, "\n") {
			for name := range names {
				if strings.Contains(line, name) {
					out = append(out, line)
					break
				}
			}
		}
	}
	return out
}

// schemeMention is a URL without a port, schemePorts the ports that it means.
var (
	schemeMention = regexp.MustCompile(`\b([a-z][a-z0-9+]*)://(?:[^/@\s]*@)?([a-zA-Z0-9][a-zA-Z0-9_.-]*)(?:[/?"',\s]|$)`)
	schemePorts   = map[string]known.Port{
		"http": {Number: 80, Protocol: "http"}, "https": {Number: 443, Protocol: "https"}, "postgres": {Number: 5432, Protocol: "tcp"}, "postgresql": {Number: 5432, Protocol: "tcp"}, "mysql": {Number: 3306, Protocol: "tcp"}, "mariadb": {Number: 3306, Protocol: "tcp"},
		"redis": {Number: 6379, Protocol: "tcp"}, "amqp": {Number: 5672, Protocol: "tcp"}, "mongodb": {Number: 27017, Protocol: "tcp"}, "nats": {Number: 4222, Protocol: "tcp"}, "memcached": {Number: 11211, Protocol: "tcp"}, "kafka": {Number: 9092, Protocol: "tcp"},
	}
)

// hostPair is a host and a port of it.
type hostPair struct {
	host string
	port uint32
}

// hostPairs are the hosts and ports that a service's variables name apart:
// DB_HOST beside DB_PORT.
func (r *reader) hostPairs(name string) []hostPair {
	hosts, ports := map[string]string{}, map[string]uint32{}
	for key, text := range r.environment(name) {
		snake := ir.SnakeCase(key)
		if prefix, ok := strings.CutSuffix(snake, "host"); ok {
			hosts[prefix] = text
		}
		prefix, isPort := strings.CutSuffix(snake, "port")
		if n, err := strconv.ParseUint(text, 10, 16); isPort && err == nil {
			ports[prefix] = uint32(n)
		}
	}
	var out []hostPair
	for _, prefix := range slices.Sorted(maps.Keys(hosts)) {
		if port, ok := ports[prefix]; ok {
			out = append(out, hostPair{hosts[prefix], port})
		}
	}
	return out
}

// environment is what a service's variables hold, env files included.
func (r *reader) environment(name string) map[string]string {
	out := map[string]string{}
	for _, v := range r.envFiles[name] {
		out[v.name] = v.text
	}
	for k, v := range r.Services[name].Environment {
		if v != nil {
			out[k] = *v
		}
	}
	return out
}

// hosts are the names by which a service can be addressed.
func (r *reader) hosts(name string) []string {
	s := r.Services[name]
	out := []string{name}
	for _, n := range slices.Sorted(maps.Keys(s.Networks)) {
		if net := s.Networks[n]; net != nil {
			out = append(out, net.Aliases...)
		}
	}
	for _, h := range []string{s.ContainerName, s.Hostname} {
		if h != "" {
			out = append(out, h)
		}
	}
	for _, other := range r.serviceNames() {
		for _, l := range r.Services[other].Links {
			if target, alias, ok := strings.Cut(l, ":"); ok && target == name {
				out = append(out, alias)
			}
		}
	}
	return out
}

// texts are where a service may name another: its environment, its commands
// and its healthcheck.
func (r *reader) texts(name string) []string {
	s := r.Services[name]
	out := slices.Concat(s.Command, s.Entrypoint)
	env := r.environment(name)
	for _, k := range slices.Sorted(maps.Keys(env)) {
		out = append(out, env[k])
	}
	if s.HealthCheck != nil {
		out = append(out, s.HealthCheck.Test...)
	}
	return append(out, r.configTexts(s)...)
}

// maxConfigSize bounds the mounted files that are searched for ports, in
// bytes.
const maxConfigSize = 256 << 10

// configTexts are the configuration files that a service mounts: a proxy's
// names the services behind it.
func (r *reader) configTexts(s types.ServiceConfig) []string {
	var out, names []string
	for _, v := range s.Volumes {
		if v.Type == types.VolumeTypeBind {
			names = append(names, v.Source)
		}
	}
	for _, c := range s.Configs {
		if def := r.Configs[c.Source]; def.File != "" {
			names = append(names, def.File)
		} else {
			out = append(out, def.Content)
		}
	}
	for _, n := range names {
		n = r.src.files.relative(n)
		if !r.src.files.exists(n) {
			continue
		}
		if b, _, err := r.src.files.read(n); err == nil && len(b) <= maxConfigSize && utf8.Valid(b) {
			out = append(out, string(b))
		}
	}
	return out
}

// selfHosts are the names by which a healthcheck addresses its own container.
var selfHosts = []string{"localhost", "127.0.0.1", "0.0.0.0"}

// checkedPorts are the ports that a service's own healthcheck asks.
func checkedPorts(s types.ServiceConfig) []listen {
	if s.HealthCheck == nil {
		return nil
	}
	var out []listen
	for _, text := range s.HealthCheck.Test {
		for _, m := range mention.FindAllStringSubmatch(text, -1) {
			if slices.Contains(selfHosts, m[2]) {
				out = addPort(out, mentioned(m))
			}
		}
	}
	return out
}

// mentioned is the port of a match of mention.
func mentioned(m []string) listen {
	n, _ := strconv.ParseUint(m[3], 10, 16)
	l := listen{port: uint32(n), transport: "tcp"}
	if m[1] == "http" || m[1] == "https" {
		l.protocol = m[1]
	}
	return l
}
