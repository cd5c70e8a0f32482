package verify

import (
	"slices"
	"strings"
	"testing"

	"hull/convert/compose"
	"hull/emit"
	"hull/ir/diag"
)

// entry reads "code fate path path…".
func entry(t *testing.T, text string) diag.Diagnostic {
	t.Helper()
	words := strings.Fields(text)
	if len(words) < 3 {
		t.Fatalf("%q is no entry", text)
	}
	return diag.Diagnostic{Code: words[0], Fate: diag.Fate(words[1]), Path: words[2], Paths: words[3:]}
}

func TestExplain(t *testing.T) {
	tests := []struct {
		name, source, target string
		entries              []string
		// want has "path" for each unexplained difference, and "code at path"
		// for each unfounded entry.
		want []string
	}{
		{"nothing to explain", services(""), services(""), nil, nil},
		{"nothing explains", services("    user: u"), services(""), nil, []string{"services.web.user"}},
		{"its own path", services("    user: u"), services(""), []string{"compose/x dropped services.web.user"}, nil},
		{"around it", services("    build: {context: ., args: {A: 1, B: 2}}"), services("    build: ."), []string{"compose/build-args dropped services.web.build.args"}, nil},
		{"not below it", services("    build: {context: ., args: {A: 1, B: 2}}"), services("    build: ."), []string{"compose/build-args dropped services.web.build.args.A"}, []string{"services.web.build.args.B"}},
		{"not beside it", services("    user: u"), services(""), []string{"compose/x dropped services.web.users", "compose/x dropped services.we"}, []string{
			"services.web.user", "compose/x at services.web.users", "compose/x at services.we",
		}},
		{"further paths", services("    user: u\n    cap_add: [A]"), services(""), []string{"compose/x dropped services.web.user services.web.cap_add"}, nil},
		{"each path counts", services("    user: u\n    cap_add: [A]"), services(""), []string{"compose/x dropped services.web.user services.web.cap_drop services.web.cap_add"}, []string{"compose/x at services.web.cap_drop"}},
		{"an entry that loses nothing", services("    user: u"), services(""), []string{"compose/x - services.web.user"}, []string{"services.web.user"}},
		{"what is dropped is not there", services("    user: u"), services("    user: v"), []string{"compose/x dropped services.web.user"}, []string{
			"services.web.user", "compose/x at services.web.user",
		}},
		{"what is added was not there", services("    user: u"), services("    user: v"), []string{"compose/x added services.web.user"}, []string{
			"services.web.user", "compose/x at services.web.user",
		}},
		{"what is approximated is anything", services("    user: u"), services("    user: v"), []string{"compose/x approximated services.web.user"}, nil},
		{"unfounded", services(""), services(""), []string{"compose/x dropped services.web.user"}, []string{"compose/x at services.web.user"}},
		{"what changes with variables explains nothing", services("    restart: always"), services(""), []string{"compose/variable-resolved approximated services.web.restart"}, []string{"services.web.restart"}},

		{"an item's number", services("    ports: ['1-2:1-2', '127.0.0.1:80:80']"), services("    ports: ['1-2:1-2', '80:80']"), []string{"compose/port-host-ip dropped services.web.ports[2].host_ip"}, nil},
		{"another item's number", services("    ports: ['1-2:1-2', '127.0.0.1:80:80']"), services("    ports: ['1-2:1-2', '80:80']"), []string{"compose/port-host-ip dropped services.web.ports[1].host_ip"}, []string{
			"services.web.ports.80/tcp.host_ip", "compose/port-host-ip at services.web.ports[1].host_ip",
		}},
		{"a mount's number", services("    volumes: ['./a:/a', './b:/b:ro']"), services("    volumes: ['./a:/a', './b:/b']"), []string{"compose/mount-read-only dropped services.web.volumes[1].read_only"}, nil},
		{"by a shorter name", services("    mem_limit: 1g"), services(""), []string{"compose/x dropped services.web.mem_limit"}, nil},
		{"parts of what is lost", services("    volumes: [{type: tmpfs, target: /x, read_only: true}]"), services(""), []string{
			"compose/mount-tmpfs dropped services.web.volumes[0]", "compose/mount-read-only dropped services.web.volumes[0].read_only",
			"compose/mount-options dropped services.web.volumes[0].consistency",
		}, []string{"compose/mount-options at services.web.volumes[0].consistency"}},
		{"a detail explains no loss", services("    volumes: ['./a:/a:ro']"), services(""), []string{"compose/mount-read-only dropped services.web.volumes[0].read_only"}, []string{"services.web.volumes./a"}},

		{"a TTY by default", services(""), services("    tty: true\n    stdin_open: true"), []string{"compose/tty-default approximated services"}, nil},
		{"no TTY by default", services("    tty: true"), services(""), []string{"compose/tty-default approximated services"}, []string{
			"services.web.tty", "compose/tty-default at services",
		}},
		{"the default is the TTY's alone", services(""), services("    user: u"), []string{"compose/tty-default approximated services"}, []string{
			"services.web.user", "compose/tty-default at services",
		}},
		{"no replicas", services("    scale: 0\n    user: u"), "services: {b: {image: i}}", []string{
			"compose/scale-zero approximated services.web.scale", "compose/x dropped services.web.user", "compose/x dropped services.web.cap_add",
		}, []string{"services.b", "compose/x at services.web.cap_add"}},
		{"a lost service is not explained by its parts", services("    user: u"), "services: {b: {image: i}}", []string{"compose/x dropped services.web.user"}, []string{"services.b", "services.web"}},
		{"a new name", "services: {My.App: {image: i, user: u}}", "services: {my-app: {image: i}}", []string{"compose/name-changed approximated services.My.App"}, []string{"services.My.App.user"}},
		{"a random port", services("    ports: ['80']"), services("    ports: ['80:80']"), []string{"compose/port-random approximated services.web.ports[0]"}, nil},
		{"a random port has no address", services("    ports: ['127.0.0.1::80']"), services("    ports: ['80:80']"), []string{"compose/port-random approximated services.web.ports[0]"}, []string{"services.web.ports.80/tcp.host_ip"}},
		{"a volume is added", "services: {web: {image: mongo}}", "services: {web: {image: mongo, volumes: [vv:/data/db]}}\nvolumes: {vv: }", []string{"compose/volume-added added services.web.image"}, nil},
		{"a volume is added elsewhere", services(""), services("    volumes: [vv:/x]\nvolumes: {vv: }"), []string{"compose/volume-added added services.web.image"}, []string{
			"services.web.volumes./x", "compose/volume-added at services.web.image",
		}},
		{"unless-stopped", services("    restart: unless-stopped"), services("    restart: always"), []string{"compose/restart-unless-stopped approximated services.web.restart"}, nil},
		{"unless-stopped is not never", services("    restart: unless-stopped"), services(""), []string{"compose/restart-unless-stopped approximated services.web.restart"}, []string{
			"services.web.restart", "compose/restart-unless-stopped at services.web.restart",
		}},
		{"the caller's variable", services("    environment: [A]"), services("    environment: {A: ''}"), []string{"compose/env-inherited approximated services.web.environment.A"}, nil},
		{"the caller's variable is lost", services("    environment: [A]"), services(""), []string{"compose/env-inherited approximated services.web.environment.A"}, []string{
			"services.web.environment.A", "compose/env-inherited at services.web.environment.A",
		}},
		{"a random port is lost", services("    ports: ['80']"), services(""), []string{"compose/port-random approximated services.web.ports[0]"}, []string{
			"services.web.ports.80/tcp", "compose/port-random at services.web.ports[0]",
		}},
		{"an unnamed volume", services("    volumes: [/x]"), services("    volumes: [vv:/x]\nvolumes: {vv: }"), []string{"compose/volume-anonymous approximated services.web.volumes[0]"}, nil},
		{"unnamed volumes that become one", services("    volumes: [/x, /y]"), services("    volumes: [vv:/x, vv:/y]\nvolumes: {vv: }"), []string{"compose/volume-anonymous approximated services.web.volumes[0]"}, []string{
			"services.web.volumes./x", "services.web.volumes./y", "compose/volume-anonymous at services.web.volumes[0]",
		}},
		{"a name that is taken", services("    container_name: bb\n    hostname: h"), services(""), []string{"compose/alias-taken dropped services.web.container_name"}, []string{
			"services.web.container_name", "services.web.hostname", "services.web.names.h",
		}},
		{"the container's own names", services("    container_name: bb\n    hostname: h"), services("    networks: {default: {aliases: [bb, h]}}"), []string{
			"compose/hostname approximated services.web.hostname", "compose/container-name approximated services.web.container_name",
		}, nil},
		{"the container's own names do not explain those for others", services("    container_name: bb\n    hostname: h"), services(""), []string{
			"compose/hostname approximated services.web.hostname", "compose/container-name approximated services.web.container_name",
		}, []string{"services.web.names.bb", "services.web.names.h"}},
		{"another name of the container's own", services("    hostname: h"), services("    hostname: g\n    networks: {default: {aliases: [h]}}"), []string{"compose/hostname approximated services.web.hostname"}, []string{
			"services.web.hostname", "services.web.names.g", "compose/hostname at services.web.hostname",
		}},
		{"a line break at the end", services("    secrets: [s]\nsecrets: {s: {file: ./c.conf}}"), services("    configs: [{source: d, target: /run/secrets/s}]\nconfigs: {d: {content: two}}"), []string{"compose/secret-line-break approximated secrets.s.file"}, nil},
		{"another text than without line break", services("    secrets: [s]\nsecrets: {s: {file: ./c.conf}}"), services("    configs: [{source: d, target: /run/secrets/s}]\nconfigs: {d: {content: tw}}"), []string{"compose/secret-line-break approximated secrets.s.file"}, []string{
			"services.web.secrets./run/secrets/s", "compose/secret-line-break at secrets.s.file",
		}},
		{"a volume is replaced", services("    volumes: ['./a:/x']"), services("    volumes: [vv:/x]\nvolumes: {vv: }"), []string{"compose/volume-added added services.web.image"}, []string{
			"services.web.volumes./x", "compose/volume-added at services.web.image",
		}},
		{"a module exposes more", services(""), services("    ports: ['80:80']"), []string{"polytope/builtin-exposes approximated modules.web.services"}, nil},
		{"a module exposes otherwise", services("    ports: ['81:80']"), services("    ports: ['80:80']"), []string{"polytope/builtin-exposes approximated modules.web.services"}, []string{
			"services.web.ports.80/tcp", "polytope/builtin-exposes at modules.web.services",
		}},
		{"healthy", "services: {a: {image: i, depends_on: {b: {condition: service_healthy, restart: true}}}, b: {image: i}}", "services: {a: {image: i}, b: {image: i}}", []string{"compose/depends-on-healthy approximated services.a.depends_on.b.condition"}, []string{
			"services.a.depends_on.b.restart",
		}},
		{"apart", "services: {a: {image: i, networks: {n: {priority: 1}}}, b: {image: i, networks: [m]}}\nnetworks: {n: , m: }", "services: {a: {image: i}, b: {image: i}}", []string{"compose/network-isolation dropped services.a.networks"}, []string{
			"services.a.networks.n.priority", "services.b.networks",
		}},
		{"an external config", services("    configs: [c]\nconfigs: {c: {external: true}}"), services(""), []string{"compose/config-external dropped configs.c.external"}, nil},
		{"labels of a file", services("    labels: {a: b}"), services(""), []string{"compose/labels dropped services.web.label_file"}, nil},
		{"other labels", services("    labels: {a: b, c: d}"), services(""), []string{"compose/labels dropped services.web.labels.a"}, []string{"services.web.labels.c"}},
		{"waits of builds cannot be seen", services(""), services(""), []string{"compose/waits-more approximated services.web.build", "compose/waits-more approximated services.web"}, []string{"compose/waits-more at services.web"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var entries []diag.Diagnostic
			for _, e := range test.entries {
				d := entry(t, e)
				if d.Fate == "-" {
					d.Fate = diag.NoFate
				}
				entries = append(entries, d)
			}
			r := Explain(compareTexts(t, test.source, test.target), entries)
			var got []string
			for _, d := range r.Unexplained {
				got = append(got, d.Path)
			}
			for _, d := range r.Unfounded {
				got = append(got, d.Code+" at "+d.Path)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
			}
			if r.Holds() != (len(test.want) == 0) {
				t.Errorf("holds: %v", r.Holds())
			}
		})
	}
}

// TestCodesAreGiven holds the tables to codes that a conversion can give, with
// a fate.
func TestCodesAreGiven(t *testing.T) {
	fates := map[string]diag.Fate{}
	for _, info := range append(compose.Codes(), emit.Codes()...) {
		fates[info.Code] = info.Fate
	}
	for code := range scopes {
		if fates[code] == diag.NoFate {
			t.Errorf("%s is in the table of scopes, and loses nothing", code)
		}
	}
	for _, u := range unseen {
		if fates[u.code] == diag.NoFate {
			t.Errorf("%s need not be seen, and loses nothing", u.code)
		}
	}
}
