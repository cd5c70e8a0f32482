package graph

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hull/ir/resolve"
)

// address is a host that a text names, with a port where it says one.
type address struct {
	host string
	port int // 0 where it is not said
}

// provider is a container that has a service.
type provider struct {
	node  int
	ports []resolve.Port
}

// addTalks adds who has the address of whom. A container is reached by the ids
// of its services, so they are looked for where addresses are given: in
// variables, commands, and texts that are mounted.
func (b *builder) addTalks(job *resolve.Job, nodes []int) {
	services := map[string][]provider{}
	for i := range job.Containers {
		for _, s := range job.Containers[i].Services {
			services[s.ID] = append(services[s.ID], provider{nodes[i], s.Ports})
		}
	}
	for i := range job.Containers {
		for _, a := range addressesOf(&job.Containers[i]) {
			for _, p := range services[a.host] {
				b.edge(nodes[i], p.node, Talks, portLabel(a.port, p.ports))
			}
		}
	}
}

// portLabel is the port of an address, or the only one that there is.
func portLabel(port int, ports []resolve.Port) string {
	if port == 0 && len(ports) == 1 {
		port = ports[0].Port
	}
	if port == 0 {
		return ""
	}
	return ":" + strconv.Itoa(port)
}

// addressesOf are the addresses that a container is given, each once.
func addressesOf(c *resolve.Container) []address {
	var found []address
	for _, e := range c.Env {
		if e.Value == nil {
			continue
		}
		found = append(found, addressesIn(*e.Value)...)
		if !isNamedOtherwise(e.Name) {
			found = append(found, hostList(*e.Value)...)
		}
	}
	for _, words := range [][]string{words(c.Entrypoint), words(c.Cmd)} {
		for _, w := range words {
			found = append(found, addressesIn(w)...)
		}
		found = append(found, argumentHosts(words)...)
	}
	for _, m := range c.Mounts {
		found = append(found, addressesIn(m.Source.Data)...)
	}
	return withoutVague(found)
}

// withoutVague drops repetitions, and addresses without a port where there is
// one with a port for the same host.
func withoutVague(all []address) []address {
	var kept []address
	for _, a := range all {
		isBetter := func(o address) bool { return o.host == a.host && o.port != 0 }
		if a.port == 0 && slices.ContainsFunc(all, isBetter) || slices.Contains(kept, a) {
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// words are the words of a command; those of a line as far as blanks and
// quotes tell.
func words(c *resolve.Command) []string {
	switch {
	case c == nil:
		return nil
	case c.Words != nil:
		return c.Words
	}
	return strings.FieldsFunc(c.Line, func(r rune) bool { return strings.ContainsRune(" \t\n\"'", r) })
}

var (
	// hostPort matches whole words only: it takes in all that a host may hold
	// before the colon, and what stands behind the port is looked at later.
	hostPort = regexp.MustCompile(`([A-Za-z0-9_.-]+):([0-9]{2,5})`)
	// urlHost is the host of a URL, with the port if it has one. What stands
	// before an "@" is a user and a password.
	urlHost = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*)://(?:[^/@\s'"]*@)?([A-Za-z0-9_.-]+)(?::([0-9]+))?`)
	// settings say a host after a word for it: "host=db", `"server": "db"`.
	settings = regexp.MustCompile(`(?i)\b[a-z_.-]*(?:host|hostname|server|addr|address|broker|endpoint|upstream)s?["']?\s*[=:]\s*["']?([A-Za-z0-9_.-]+)`)
	// hosts is a list of hosts and nothing else.
	hosts = regexp.MustCompile(`^[A-Za-z0-9_.-]+(?:\s*,\s*[A-Za-z0-9_.-]+)*$`)
)

// schemePorts are the ports that URLs leave out.
var schemePorts = map[string]int{
	"http": 80, "ws": 80, "https": 443, "wss": 443, "ftp": 21, "ssh": 22, "ldap": 389,
	"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "redis": 6379,
	"amqp": 5672, "mongodb": 27017, "nats": 4222,
}

// addressesIn are the addresses in a text that say that they are ones.
func addressesIn(text string) []address {
	var found []address
	for _, m := range urlHost.FindAllStringSubmatchIndex(text, -1) {
		scheme, host := strings.ToLower(text[m[2]:m[3]]), text[m[4]:m[5]]
		port := schemePorts[scheme]
		if m[6] >= 0 {
			port, _ = strconv.Atoi(text[m[6]:m[7]])
		}
		found = append(found, address{host, port})
	}
	for _, m := range hostPort.FindAllStringSubmatchIndex(text, -1) {
		if port, err := strconv.Atoi(text[m[4]:m[5]]); err == nil && endsWord(text[m[1]:]) {
			found = append(found, address{text[m[2]:m[3]], port})
		}
	}
	for _, m := range settings.FindAllStringSubmatchIndex(text, -1) {
		if endsWord(text[m[3]:]) {
			found = append(found, address{host: text[m[2]:m[3]]})
		}
	}
	return found
}

// endsWord tells whether what comes next is no part of an address; before an
// "@", "name:123" is a user and a password.
func endsWord(rest string) bool {
	next := strings.TrimLeft(rest, "0123456789")
	return len(next) == len(rest) && (rest == "" || !strings.ContainsRune("@-_", rune(rest[0])) && !isLetter(rest[0]))
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// hostList are the hosts of a text that holds nothing but hosts.
func hostList(text string) []address {
	if !hosts.MatchString(text) {
		return nil
	}
	var found []address
	for _, host := range strings.Split(text, ",") {
		found = append(found, address{host: strings.TrimSpace(host)})
	}
	return found
}

// otherNames are the last words of variables whose values are often the same
// word as a service, and never its address.
var otherNames = []string{
	"user", "username", "password", "pass", "secret", "token", "database", "db", "dbname", "schema", "name", "type",
	"mode", "driver", "engine", "adapter", "dialect", "backend", "role", "env", "environment", "level", "realm", "prefix",
	"namespace", "queue", "topic", "bucket", "store", "provider", "key", "version", "tag", "dir", "path", "file", "profile",
	"profiles", "connection",
}

// isNamedOtherwise tells whether a variable's name says that it holds something
// else than a host.
func isNamedOtherwise(name string) bool {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("_.-", r) })
	if len(parts) == 0 {
		return false
	}
	if last := len(parts) - 1; parts[last] == "name" && last > 0 && (parts[last-1] == "host" || parts[last-1] == "server") {
		return false
	}
	return slices.Contains(otherNames, parts[len(parts)-1])
}

// hostFlag is an option whose value is a host.
var hostFlag = regexp.MustCompile(`(?i)^(?:-h|--?[a-z0-9.-]*(?:host|hostname|server|servers|addr|address|broker|url|endpoint|upstream))$`)

// argumentHosts are the hosts that stand in a command by themselves: behind an
// option for them, or before a port. Elsewhere such a word is a program or its
// subcommand.
func argumentHosts(words []string) []address {
	var found []address
	for i, w := range words {
		if i > 0 && hostFlag.MatchString(words[i-1]) {
			found = append(found, hostList(w)...)
			continue
		}
		if i+1 == len(words) {
			break
		}
		if port, err := strconv.Atoi(words[i+1]); err == nil && port > 0 && port < 1<<16 {
			found = append(found, address{w, port})
		}
	}
	return found
}
