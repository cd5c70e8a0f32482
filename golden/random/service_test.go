package random

import (
	"fmt"
	"path"
	"slices"
)

// attribute is one of a service's, and how often of a hundred times it is
// there.
type attribute struct {
	name    string
	percent int
	draw    func(*service) any
	// isOf tells whether a service can have it; nil: each can.
	isOf func(*service) bool
}

// attributes are all that a service can have but image, build, profiles and
// extends, the mapped ones often.
var attributes = slices.Concat(mapped, unmapped)

// mapped are those that Polytope has a counterpart of.
var mapped = []attribute{
	{"command", 30, (*service).command, nil},
	{"entrypoint", 12, (*service).command, nil},
	{"environment", 55, (*service).environment, nil},
	{"env_file", 12, (*service).envFiles, nil},
	{"ports", 40, (*service).ports, nil},
	{"expose", 12, (*service).expose, nil},
	{"volumes", 40, (*service).volumes, nil},
	{"configs", 50, func(s *service) any { return s.grants("configs", "/etc/") }, nil},
	{"secrets", 50, func(s *service) any { return s.grants("secrets", "") }, nil},
	{"depends_on", 35, (*service).dependsOn, nil},
	{"restart", 25, func(s *service) any {
		return pick(s.source, "always", "no", "on-failure", "on-failure:3", "unless-stopped", "${RESTART:-always}")
	}, nil},
	{"deploy", 18, (*service).deploy, nil},
	{"scale", 8, (*service).replicas, isShort},
	{"cpus", 8, func(s *service) any { return pick[any](s.source, 1, 0.5, "1.5", ".25", "${CPUS:-2}") }, isShort},
	{"mem_limit", 8, (*service).size, isShort},
	{"mem_reservation", 6, (*service).size, isShort},
	{"user", 10, func(s *service) any {
		return pick[any](s.source, "root", "1000", "1000:1000", "${UID:-1000}:${GID:-1000}", "app user", "yes")
	}, nil},
	{"working_dir", 10, func(s *service) any {
		return pick[any](s.source, "/app", "/", "/a b", "/srv/${RELEASE:-t}", "/a$$b", "/{pt.value x}")
	}, nil},
	{"tty", 15, (*service).boolean, nil},
	{"stdin_open", 15, (*service).boolean, nil},
	{"pull_policy", 8, func(s *service) any {
		return pick[any](s.source, "always", "never", "missing", "if_not_present", "build", "daily", "weekly", "every_12h")
	}, nil},
	{"labels", 15, func(s *service) any { return s.labels() }, nil},
	{"healthcheck", 15, (*service).healthcheck, nil},
	{"networks", 35, (*service).networksOf, func(s *service) bool { return s.isNetworked }},
	{"links", 10, (*service).links, nil},
	{"container_name", 8, (*service).containerName, func(s *service) bool { return !s.isBase && !s.isPart && !s.isScaled() }},
	{"hostname", 8, func(s *service) any {
		return pick[any](s.source, "host", "Host.Example", "db", "web", "h-${RELEASE:-t}")
	}, nil},
}

// replicas is how many containers run.
func (s *service) replicas() any { return pick[any](s.source, 1, 2, 3, "3", "${N:-2}", 0) }

func isShort(s *service) bool { return !s.isDeployed && !s.isNamed }

// isScaled tells whether a service may have several containers: then it has no
// name for them.
func (s *service) isScaled() bool {
	return s.body.get("scale") != nil || s.body.get("deploy") != nil || s.body.get("extends") != nil || s.body.get(mergeKey) != nil || len(s.files) > 0
}

// image is one that may be known to hull, or not.
func (s *service) image() any {
	if s.isStateful {
		return pick[any](
			s.source, "postgres:16", "postgres", "redis:7-alpine", "mysql:8", "mongo", "rabbitmq:3-management", "docker.io/library/postgres:16",
			"redpandadata/redpanda:v24.1.1", "postgres:${RELEASE:-16}", "mariadb:11", "bitnami/redis:7", "elasticsearch:8.1.0",
		)
	}
	return pick[any](
		s.source, "app", "app:1", "nginx", "node:20", "python:3.12-slim", "ghcr.io/org/app:v1.2", "app:"+s.word(), "${REGISTRY:-docker.io}/app:${RELEASE:-latest}", "app@sha256:"+digest, "localhost:5000/x/app", "${IMAGE:-app}",
	)
}

const digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// command is any of the forms: a list, a shell's line, nothing.
func (s *service) command() any {
	switch s.below(10) {
	case 0:
		return nil
	case 1:
		return list{}
	case 2:
		return ""
	case 3, 4, 5:
		return pick[any](
			s.source, "run", "run --flag=1 -v", `sh -c "echo hi"`, "sh -c 'a && b | c'", `sh -c "echo $$HOME"`, "run ${STYLE:-dev}", `run "${WELCOME:-hello world}"`,
			"run '$$x' a\\ b", "run --port ${PORT_A:-80}", "run db:5432", "run  two   spaces", "redis-server --appendonly yes", "run é", "run {pt.value x}", `run ""`, "run a#b", "run\nmore", "run $$(id)",
			"run --x=${RELEASE} ${VERSION-}", "run ${VERBOSE:+--verbose}",
		)
	}
	words := list{}
	for range 1 + s.below(4) {
		words = append(words, s.styledText())
	}
	return words
}

func (s *service) environment() any {
	if names := s.shared["environment"]; len(names) > 0 && s.chance(50) {
		name := alias(pick(s.source, names...))
		if s.chance(40) {
			return name
		}
		return append(object{{mergeKey, name}}, s.environmentMap()...)
	}
	if s.chance(55) {
		return s.environmentMap()
	}
	seen, all := map[string]bool{}, list{}
	for range s.upTo(5) {
		name := s.envName()
		if seen[name] {
			continue
		}
		seen[name] = true
		if s.chance(15) {
			all = append(all, name)
		} else {
			all = append(all, s.style(name+"="+s.text()))
		}
	}
	return all
}

func (d *document) environmentMap() object {
	all := object{}
	for range d.upTo(5) {
		value := d.styledText()
		if d.chance(30) {
			value = pick[any](d.source, 0, 1, true, false, 1.5, 12345678901, "", -3)
		}
		name := d.envName()
		if d.chance(10) {
			value = nil
		}
		all.set(name, value)
	}
	return all
}

// envFiles draws the forms of env_file, with the files.
func (s *service) envFiles() any {
	// A secret in it has a name of its own and the same text everywhere: whoever
	// runs the result sets a variable to it, of whose name verify is not sure.
	names := []string{"A", "B", "X1", "FILE_MODE", "FILE_PORT"}
	file := func() string {
		text := s.envFile(names, nil)
		if s.chance(40) {
			text += pick(s.source, "FILE_PASSWORD=s3cret x\n", "FILE_API_KEY='$k'\n", "FILE_URL=redis://:pw@cache:6379\n")
		}
		return "./" + s.sideFile("env", text)
	}
	switch s.below(4) {
	case 0:
		return list{file(), file()}
	case 1:
		return list{object{{"path", file()}, {"required", pick(s.source, true, false)}}, object{{"path", "./absent.env"}, {"required", false}}}
	}
	return pick[any](s.source, list{file()}, file())
}

func (s *service) ports() any {
	ports := list{}
	for range 1 + s.below(3) {
		if s.chance(30) {
			ports = append(ports, s.longPort())
		} else {
			ports = append(ports, s.shortPort())
		}
	}
	return ports
}

// newPort is a port with a few behind it that mostly no other item has.
func (s *service) newPort() int {
	if s.chance(15) {
		return 3000 + 10*s.below(s.portCount+1)
	}
	s.portCount++
	return 3000 + 10*s.portCount
}

func (s *service) shortPort() any {
	protocol := pick(s.source, "", "", "", "/tcp", "/udp")
	if s.chance(10) {
		protocol = pick(s.source, "/sctp", "/${PROTOCOL:-tcp}")
	}
	first := s.newPort()
	port := fmt.Sprint(first + s.upTo(4))
	switch s.below(10) {
	case 0:
		return first
	case 1:
		return port + protocol
	case 2:
		return fmt.Sprintf("4000-4002:%d-%d%s", first, first+2, protocol)
	case 3:
		return fmt.Sprintf("%d-%d%s", first, first+3, protocol)
	case 4:
		return pick(s.source, "127.0.0.1", "0.0.0.0", "[::1]") + ":" + s.number(3000, 3010) + ":" + port + protocol
	case 5:
		return fmt.Sprintf("4000-4005:%d%s", first, protocol)
	case 6:
		return "127.0.0.1::" + port + protocol
	}
	return s.number(8080, 8089) + ":" + port + protocol
}

func (s *service) longPort() any {
	target := pick[any](s.source, 80, 443, 8443, "9443", "${PORT_B:-7000}")
	p := object{{"target", target}}
	if s.chance(70) {
		p.set("published", pick[any](s.source, "8080", 8081, "${PORT_A:-8080}", "9000-9005", s.number(8080, 8089)))
	}
	if s.chance(40) {
		p.set("protocol", pick(s.source, "tcp", "udp"))
	}
	if s.chance(30) {
		p.set("app_protocol", pick(s.source, "http", "https", "http2", "tcp", "grpc"))
	}
	if s.chance(20) {
		p.set("mode", pick(s.source, "host", "ingress"))
	}
	if s.chance(20) {
		p.set("name", pick(s.source, "web", "main port"))
	}
	if s.chance(20) {
		p.set("host_ip", pick(s.source, "127.0.0.1", "0.0.0.0", "::"))
	}
	return p
}

func (s *service) expose() any {
	return append(list{}, toAny(some(s.source, 40, any(3000), any("3001"), any("4000-4003"), any("53/udp"), any("${PORT_A:-8080}"), any("9000/tcp")))...)
}

func toAny[T any](from []T) []any {
	var out []any
	for _, x := range from {
		out = append(out, x)
	}
	return out
}

// target is a path in the container that nothing is mounted at.
func (s *service) target() string {
	p := pick(s.source, "/data", "/var/lib/postgresql/data", "/app", "/a b", "/etc/x.conf", "/t/${RELEASE:-t}", "/x$$y", "/{pt.value x}", "/usr/share/nginx/html", "/docker-entrypoint-initdb.d/1.sql", "/data")
	for s.paths[p] {
		p = path.Join(p, "more")
	}
	s.paths[p] = true
	return p
}

func (s *service) volumes() any {
	mounts := list{}
	for range 1 + s.below(3) {
		if s.chance(35) {
			mounts = append(mounts, s.longMount())
		} else {
			mounts = append(mounts, s.shortMount())
		}
	}
	return mounts
}

func (s *service) shortMount() any {
	mode := ""
	if s.chance(25) {
		mode = pick(s.source, ":ro", ":rw", ":z", ":cached", ":nocopy", ":ro,z")
	}
	names := s.resources["volumes"]
	switch {
	case s.chance(15):
		return s.target()
	case len(names) > 0 && s.chance(60):
		return pick(s.source, names...) + ":" + s.target() + mode
	}
	return s.hostPath() + ":" + s.target() + mode
}

func (s *service) longMount() any {
	m := object{{"target", s.target()}}
	switch names := s.resources["volumes"]; {
	case len(names) > 0 && s.chance(50):
		m = append(m, entry{"type", "volume"}, entry{"source", pick(s.source, names...)})
		if s.chance(30) {
			m.set("volume", pick(s.source, object{{"nocopy", true}}, object{{"subpath", "sub"}}, object{{"labels", object{{"a", "b"}}}}))
		}
	case s.chance(50):
		m = append(m, entry{"type", "bind"}, entry{"source", s.hostPath()})
		if s.chance(30) {
			m.set("bind", pick(s.source, object{{"create_host_path", pick(s.source, true, false)}}, object{{"propagation", "rshared"}}, object{{"selinux", "z"}}))
		}
	case s.chance(40):
		m.set("type", "volume")
	case s.chance(60):
		m.set("type", "tmpfs")
		m.set("tmpfs", pick(s.source, object{{"size", "64m"}}, object{{"size", 1000}, {"mode", 0o755}}, object{}))
	default:
		m = append(m, entry{"type", "image"}, entry{"source", "app"})
	}
	if s.chance(25) {
		m.set("read_only", pick[any](s.source, true, false, "${RO:-true}"))
	}
	if s.chance(8) {
		m.set("consistency", "cached")
	}
	return m
}

// grants draws the uses of configs or secrets.
func (s *service) grants(section, dir string) any {
	all := list{}
	for _, name := range s.resources[section] {
		switch {
		case s.chance(40) || s.paths[section+name]:
		case s.chance(50):
			all = append(all, name)
			s.paths[section+name] = true
		default:
			s.paths[section+name] = true
			long := object{{"source", name}}
			if s.chance(60) {
				long.set("target", pick(s.source, dir+name+".txt", "/etc/"+section+"/"+name, "/opt/a b/"+section+"/"+name))
			}
			if s.chance(30) {
				long = append(long, entry{"uid", "103"}, entry{"gid", "103"}, entry{"mode", pick[any](s.source, 0o440, "0400")})
			}
			all = append(all, long)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

func (s *service) dependsOn() any {
	var names list
	long := object{}
	isLong := s.chance(60)
	for _, b := range s.before {
		isThere := slices.Contains(s.targets(), b)
		if !s.chance(50) || !isThere && !isLong {
			continue
		}
		names = append(names, b.name)
		d := object{{"condition", pick(s.source, "service_started", "service_healthy", "service_completed_successfully")}}
		if s.chance(15) || !isThere {
			d.set("required", false)
		}
		if s.chance(15) {
			d.set("restart", true)
		}
		long.set(b.name, d)
	}
	switch {
	case len(names) == 0:
		return nil
	case isLong:
		return long
	}
	return names
}

func (s *service) links() any {
	all := list{}
	for _, b := range s.targets() {
		if s.chance(50) {
			all = append(all, b.name+pick(s.source, "", ":other", ":Alias.x"))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

func (s *service) containerName() any {
	s.containers++
	s.isNamed = true
	return fmt.Sprintf("%s%d", pick(s.source, "main", "My.Container", "c_", "${NAME:-nm}"), s.containers)
}

func (s *service) networksOf() any {
	names := append([]string{"default"}, s.resources["networks"]...)
	if s.chance(50) {
		if chosen := some(s.source, 60, names...); len(chosen) > 0 {
			return list(toAny(chosen))
		}
		return nil
	}
	all := object{}
	for _, name := range names {
		if !s.chance(60) {
			continue
		}
		all.set(name, s.attachment())
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

func (s *service) attachment() any {
	if s.chance(40) {
		return nil
	}
	n := object{}
	if s.chance(70) {
		n.set("aliases", list(toAny(some(s.source, 30, "alias", "db", "My.Alias", "web", "other-${RELEASE:-t}"))))
	}
	if s.chance(10) {
		n.set("ipv4_address", "172.28.0.5")
	}
	if s.chance(10) {
		n.set("priority", 100)
	}
	return n
}

func (s *service) size() any {
	return pick[any](s.source, "512m", "1g", "64M", "1gb", 1048576, "1073741824", "1.5g", "100kb", "${MEM:-256m}", "12345")
}

func (s *service) boolean() any {
	return pick[any](s.source, true, false, "true", "false", "${FLAG:-true}")
}

func (s *service) deploy() any {
	d := object{}
	if s.chance(50) && s.isDeployed && !s.isNamed {
		d.set("replicas", s.replicas())
	}
	if s.chance(50) && s.isDeployed {
		d.set("resources", s.deployResources())
	}
	if s.chance(35) {
		p := object{{"condition", pick(s.source, "any", "none", "on-failure")}}
		if s.chance(50) {
			p.set("max_attempts", pick[any](s.source, 3, 0, "5"))
		}
		if s.chance(30) {
			p = append(p, entry{"delay", "5s"}, entry{"window", "120s"})
		}
		d.set("restart_policy", p)
	}
	more := []entry{
		{"mode", pick(s.source, "replicated", "global")},
		{"endpoint_mode", "vip"},
		{"labels", s.labels()},
		{"update_config", object{{"parallelism", 2}, {"delay", "10s"}, {"order", "start-first"}}},
		{"rollback_config", object{{"parallelism", 1}, {"failure_action", "pause"}}},
		{"placement", object{{"constraints", list{"node.role==manager"}}, {"preferences", list{object{{"spread", "node.labels.zone"}}}}}},
	}
	return append(d, some(s.source, 8, more...)...)
}

func (s *service) deployResources() any {
	limits, reservations := object{}, object{}
	for _, o := range []*object{&limits, &reservations} {
		if s.chance(60) {
			o.set("cpus", pick[any](s.source, "0.5", "2", 1.5, "${CPUS:-1}"))
		}
		if s.chance(60) {
			o.set("memory", pick(s.source, "512M", "1G", "20m", "${MEM:-256m}"))
		}
	}
	if s.chance(10) {
		limits.set("pids", 100)
	}
	if s.chance(10) {
		reservations.set("devices", list{object{{"driver", "nvidia"}, {"count", 1}, {"capabilities", list{"gpu"}}}})
	}
	return object{{"limits", limits}, {"reservations", reservations}}
}

func (s *service) healthcheck() any {
	if s.chance(15) {
		return pick(s.source, object{{"disable", true}}, object{{"test", list{"NONE"}}})
	}
	h := object{{"test", pick[any](s.source, "curl -f http://localhost:3000", list{"CMD", "pg_isready", "-U", s.text()}, list{"CMD-SHELL", s.text()}, list{"CMD-SHELL", "nc -z db 5432"}, "redis-cli -h cache ping || exit 1")}}
	more := []entry{{"interval", "10s"}, {"timeout", "1m30s"}, {"retries", 3}, {"start_period", "${T:-5s}"}, {"start_interval", "1s"}}
	return append(h, some(s.source, 40, more...)...)
}

// labels are a map or a list. None begins with "x-": compose-go takes those for
// extensions, and keeps something else.
func (d *document) labels() any {
	if d.chance(20) {
		return list{"com.example.a=" + d.text(), "traefik.enable=true"}
	}
	all := object{}
	for range 1 + d.below(2) {
		all.set(pick(d.source, "a", "com.example.team", "traefik.enable", "ofelia.enabled", "é"), pick[any](d.source, d.text(), 1, true, nil))
	}
	return all
}
