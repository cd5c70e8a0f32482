package verify

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// project loads a compose file of a folder that need not exist.
func project(t *testing.T, text string) *types.Project {
	t.Helper()
	in := input{
		dir: "/p", name: "p", isNamed: true, env: map[string]string{},
		files: []types.ConfigFile{{Filename: "/p/compose.yaml", Content: []byte(text)}},
	}
	p, err := in.load(context.Background())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// services makes a compose file of the attributes of a service web, and
// perhaps more.
func services(web string) string { return "services:\n  web:\n    image: i\n" + web }

// show writes a difference in one line.
func show(d Difference) string {
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	return d.Path + ": " + text(d.Source) + " → " + text(d.Target)
}

// files are those that the projects below refer to.
var files = map[string]string{"/p/a.conf": "one\n", "/p/b.conf": "one\n", "/p/c.conf": "two\n"}

func compareTexts(t *testing.T, source, target string) Comparison {
	t.Helper()
	read := func(name string) (string, bool) { text, ok := files[filepath.ToSlash(name)]; return text, ok }
	return Compare(project(t, source), project(t, target), CompareOptions{ReadFile: read})
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name, source, target string
		want                 []string
	}{
		{"equal", services("    tty: true"), services("    tty: true"), nil},
		{"a service is lost", "services: {a: {image: i, tty: true}, b: {image: i}}", "services: {b: {image: i}}", []string{"services.a: a → -"}},
		{"a service is added", "services: {b: {image: i}}", "services: {a: {image: i}, b: {image: i}}", []string{"services.a: - → a"}},
		{"a service has another name", "services: {My.App: {image: i, user: u}}", "services: {my-app: {image: i, user: v}}", []string{
			"services.My.App: My.App → my-app", "services.My.App.user: u → v",
		}},
		{"another image", services(""), "services: {web: {image: j}}", []string{"services.web.image: i → j"}},
		{"a built image has any name", "services: {web: {build: ./x}}", "services: {web: {build: ./x, image: j}}", nil},
		{"a built image has its name", "services: {web: {build: ./x, image: i}}", "services: {web: {build: ./x, image: j}}", []string{"services.web.image: i → j"}},
		{"an image that is not built has a name", "services: {web: {build: ./x}}", "services: {web: {image: p-web}}", []string{"services.web.build.context: ./x → -"}},
		{"a built image has compose's name", "services: {web: {build: ./x}}", "services: {web: {build: ./x, image: p-web}}", nil},

		{"command", services("    command: [a, b c]"), services("    command: a b c"), []string{`services.web.command: ["a","b c"] → ["a","b","c"]`}},
		{"command as a line", services("    command: a 'b c'"), services("    command: [a, b c]"), nil},
		{"no command is not an empty one", services("    command: []"), services(""), []string{"services.web.command: [] → -"}},
		{"a dollar sign", services("    command: [$$x]"), services("    command: [$$$$x]"), []string{`services.web.command: ["$x"] → ["$$x"]`}},
		{"environment", services("    environment: {A: 1, B: x, C: null}"), services("    environment: [A=1, B=y, C=]"), []string{
			"services.web.environment.B: x → y", "services.web.environment.C: (not set) → ",
		}},
		{"a variable is added", services(""), services("    environment: {A: ''}"), []string{"services.web.environment.A: - → "}},
		{"defaults", services("    init: false\n    restart: no\n    pull_policy: missing\n    attach: true\n    scale: 1"), services(""), nil},

		{"a port is lost", services("    ports: ['80:80', '53:53/udp']"), services("    ports: ['80:80']"), []string{"services.web.ports.53/udp: 53 → -"}},
		{"ports swapped", services("    ports: ['80:81']"), services("    ports: ['81:80']"), []string{
			"services.web.ports.80/tcp: - → 81", "services.web.ports.81/tcp: 80 → -",
		}},
		{"another host port", services("    ports: ['8080:80']"), services("    ports: ['80:80']"), []string{"services.web.ports.80/tcp: 8080 → 80"}},
		{"a range", services("    ports: ['8000-8002:80-82']"), services("    ports: ['8000:80', '8001:81', '8002:82']"), nil},
		{"port details", services("    ports: [{target: 80, published: 1, name: n, mode: host, app_protocol: grpc, host_ip: 127.0.0.1}]"), services("    ports: ['1:80']"), []string{
			"services.web.ports.80/tcp.app_protocol: grpc → http", "services.web.ports.80/tcp.host_ip: 127.0.0.1 → -",
			"services.web.ports.80/tcp.mode: host → -", "services.web.ports.80/tcp.name: n → -",
		}},
		{"a protocol is a hint", services("    ports: ['1:80']"), services("    ports: [{target: 80, published: 1, app_protocol: http}]"), nil},
		{"a protocol that goes without saying", services("    ports: [{target: 80, published: 1, app_protocol: http}]"), services("    ports: ['1:80']"), nil},
		{"a protocol that does not", services("    ports: [{target: 99, published: 1, app_protocol: http}]"), services("    ports: ['1:99']"), []string{"services.web.ports.99/tcp.app_protocol: http → tcp"}},
		{"two bindings", services("    ports: ['1:80', '2:80']"), services("    ports: ['1:80']"), []string{"services.web.ports.80/tcp: 1, 2 → 1"}},
		{"a random port", services("    ports: ['80']"), services("    ports: ['80:80']"), []string{"services.web.ports.80/tcp: any free port → 80"}},
		{"expose is kept by a port", services("    expose: ['80', '90-91/udp']"), services("    ports: ['1:80']\n    expose: [90/udp]"), []string{
			"services.web.expose.91/udp: 91/udp → -", "services.web.ports.80/tcp: - → 1",
		}},
		{"expose more", services(""), services("    expose: ['80']"), nil},

		{"volumes swapped", services("    volumes: [va:/x, vb:/y]\nvolumes: {va: , vb: }"), services("    volumes: [vb:/x, va:/y]\nvolumes: {va: , vb: }"), []string{
			"services.web.volumes./x: volume va → volume vb", "services.web.volumes./y: volume vb → volume va",
		}},
		{"a mount is lost, not its details", services("    volumes: [{type: tmpfs, target: /x, tmpfs: {size: 1k}, read_only: true}]"), services(""), []string{"services.web.volumes./x: tmpfs → -"}},
		{"mount details", services("    volumes: ['./a:/x:ro,z']"), services("    volumes: [./a:/x]"), []string{
			"services.web.volumes./x.bind.selinux: z → -", "services.web.volumes./x.read_only: true → -",
		}},
		{"binds are relative", services("    volumes: [./a:/x/]"), services("    volumes: [/p/a:/x]"), nil},
		{"another folder", services("    volumes: [./a:/x]"), services("    volumes: [../a:/x]"), []string{"services.web.volumes./x: host ./a → host /a"}},
		{"an anonymous volume", services("    volumes: [/x]"), services("    volumes: [vv:/x]\nvolumes: {vv: }"), []string{"services.web.volumes./x: a volume without a name → volume vv"}},
		{"a volume has another name", services("    volumes: [V.1:/x]\nvolumes: {V.1: {driver: nfs}}"), services("    volumes: [v-1:/x]\nvolumes: {v-1: }"), []string{
			"volumes.V.1: V.1 → v-1", "volumes.V.1.driver: nfs → -",
		}},
		{"an unused volume", services("volumes: {v: {driver: nfs}}"), services(""), nil},
		{"a volume's names", services("    volumes: [vv:/x]\nvolumes: {vv: {name: p_vv}}"), services("    volumes: [vv:/x]\nvolumes: {vv: }"), nil},

		{"a config's file is its text", services("    configs: [c]\nconfigs: {c: {file: ./a.conf}}"), services("    configs: [{source: d, target: /c}]\nconfigs: {d: {content: \"one\\n\"}}"), nil},
		{"a config's file is mounted", services("    configs: [c]\nconfigs: {c: {file: ./a.conf}}"), services("    volumes: [./a.conf:/c]"), nil},
		{"a bind is no text", services("    volumes: [./a.conf:/c]"), services("    configs: [{source: d, target: /c}]\nconfigs: {d: {content: \"one\\n\"}}"), []string{
			`services.web.volumes./c: host ./a.conf → text "one\n"`,
		}},
		{"another text", services("    configs: [c]\nconfigs: {c: {file: ./a.conf}}"), services("    configs: [{source: d, target: /c}]\nconfigs: {d: {content: one}}"), []string{
			`services.web.configs./c: host ./a.conf → text "one"`,
		}},
		{"a secret is a config", services("    secrets: [s]\nsecrets: {s: {file: ./c.conf}}"), services("    configs: [{source: d, target: /run/secrets/s}]\nconfigs: {d: {content: \"two\\n\"}}"), nil},
		{"a secret elsewhere", services("    secrets: [{source: s, target: k/s, mode: 0400}]\nsecrets: {s: {file: ./c.conf}}"), services("    configs: [{source: d, target: /k/s}]\nconfigs: {d: {content: \"two\\n\"}}"), []string{
			`services.web.configs./k/s: - → text "two\n"`, "services.web.secrets./run/secrets/k/s: host ./c.conf → -",
		}},
		{"an external secret", services("    secrets: [s]\nsecrets: {s: {external: true}}"), services("    configs: [{source: d, target: /run/secrets/s}]\nconfigs: {d: {content: x}}"), []string{"secrets.s.external: true → -"}},

		{"started means nothing", "services: {a: {image: i, depends_on: [b]}, b: {image: i}}", "services: {a: {image: i}, b: {image: i}}", nil},
		{"healthy means something", "services: {a: {image: i, depends_on: {b: {condition: service_healthy, restart: true}}}, b: {image: i}}", "services: {a: {image: i}, b: {image: i}}", []string{
			"services.a.depends_on.b.condition: service_healthy → -", "services.a.depends_on.b.restart: true → -",
		}},
		{"a chain implies", chain("{b: {condition: service_completed_successfully}, c: {condition: service_completed_successfully}}", "{c: {condition: service_completed_successfully}}"), chain("{b: {condition: service_completed_successfully}}", "{c: {condition: service_completed_successfully}}"), nil},
		{"a chain waits for more", chain("{b: {condition: service_completed_successfully}, c: {condition: service_completed_successfully}}", "{}"), chain("{b: {condition: service_completed_successfully}}", "{c: {condition: service_completed_successfully}}"), []string{
			"services.b.depends_on.c.condition: - → service_completed_successfully",
		}},
		{"a broken chain", chain("{b: {condition: service_completed_successfully}}", "{c: {condition: service_completed_successfully}}"), chain("{c: {condition: service_completed_successfully}}", "{}"), []string{
			"services.a.depends_on.b.condition: service_completed_successfully → -",
			"services.b.depends_on.c.condition: service_completed_successfully → -",
		}},
		{"nobody waits for nothing", "services: {a: {image: i, depends_on: {b: {condition: service_healthy}}}, b: {image: i, scale: 0}}", "services: {a: {image: i}, b: {image: i, scale: 0}}", nil},
		{"an optional dependency", chain("{b: {condition: service_completed_successfully, required: false}}", "{}"), chain("{b: {condition: service_completed_successfully}}", "{}"), []string{
			"services.a.depends_on.b.required: false → -",
		}},

		{"names", "services: {web: {image: i, container_name: cc, hostname: h, networks: {default: {aliases: [n, web]}}}, x: {image: i, links: ['web:l']}}", "services: {web: {image: i, networks: {default: {aliases: [cc, h, n, l]}}}, x: {image: i}}", []string{
			"services.web.container_name: cc → -", "services.web.hostname: h → -",
		}},
		{"names of the container's own", services("    container_name: web\n    hostname: web"), services(""), []string{"services.web.hostname: web → -"}},
		{"names are lost", "services: {web: {image: i, container_name: cc, hostname: h, networks: {default: {aliases: [n]}}}, x: {image: i, links: ['web:l']}}", "services: {web: {image: i}, x: {image: i}}", []string{
			"services.web.container_name: cc → -", "services.web.hostname: h → -",
			"services.web.names.cc: cc → -", "services.web.names.h: h → -", "services.web.names.l: l → -", "services.web.names.n: n → -",
		}},
		{"names change", services("    hostname: Web.Host"), services("    hostname: web-host"), []string{"services.web.hostname: Web.Host → web-host", "services.web.names.Web.Host: Web.Host → web-host"}},
		{"apart", "services: {a: {image: i, networks: [n]}, b: {image: i}}\nnetworks: {n: }", "services: {a: {image: i}, b: {image: i}}", []string{
			"services.a.networks: apart from b → -", "services.b.networks: apart from a → -",
		}},
		{"together", "services: {a: {image: i, networks: [n, m]}, b: {image: i, networks: [m]}}\nnetworks: {n: , m: }", "services: {a: {image: i}, b: {image: i}}", nil},
		{"networks", services("    networks: {n: {ipv4_address: 10.0.0.1}}\nnetworks: {n: {internal: true, name: other}, unused: {internal: true}}"), services(""), []string{
			"networks.n.internal: true → -", "networks.n.name: other → -", "services.web.networks.n.ipv4_address: 10.0.0.1 → -",
		}},

		{"limits by either name", services("    cpus: 1.5\n    mem_limit: 1g\n    mem_reservation: 512m"), services("    deploy: {resources: {limits: {cpus: '1.50', memory: 1024m}, reservations: {memory: 0.5g}}}"), nil},
		{"limits", services("    mem_limit: 1g"), services("    deploy: {resources: {limits: {cpus: 2}, reservations: {memory: 1g}}}"), []string{
			"services.web.deploy.resources.limits.cpus: - → 2", "services.web.mem_limit: 1073741824 → -", "services.web.deploy.resources.reservations.memory: - → 1073741824",
		}},
		{"pull policy", services("    pull_policy: build"), services(""), []string{"services.web.pull_policy: build → -"}},
		{"always built", "services: {web: {build: ., pull_policy: build}}", "services: {web: {build: .}}", nil},
		{"scale by either name", services("    scale: 2"), services("    deploy: {replicas: 2}"), nil},
		{"scale", services("    deploy: {replicas: 2}"), services(""), []string{"services.web.deploy.replicas: 2 → -"}},
		{"restart by either name", services("    restart: on-failure:3"), services("    deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}"), nil},
		{"restart", services("    restart: always"), services("    restart: on-failure"), []string{"services.web.restart: always → on-failure"}},
		{"restart timing", services("    deploy: {restart_policy: {condition: any, delay: 5s}}"), services("    restart: always"), []string{"services.web.deploy.restart_policy.delay: 5s → -"}},

		{"build", "services: {web: {build: {context: ./x, target: t, args: {A: 1}, tags: [u]}}}", "services: {web: {build: {context: ./x, dockerfile: D}, image: p-web}}", []string{
			"services.web.build.args.A: 1 → -", "services.web.build.dockerfile: - → D", "services.web.build.tags: u → -", "services.web.build.target: t → -",
		}},
		{"no build", "services: {web: {build: {context: ./x, target: t}, image: i}}", services(""), []string{"services.web.build.context: ./x → -"}},
		{"healthcheck", services("    healthcheck: {test: x, interval: 1s}"), services(""), []string{
			"services.web.healthcheck.interval: 1s → -", `services.web.healthcheck.test: ["CMD-SHELL","x"] → -`,
		}},
		{"a healthcheck switched off", services("    healthcheck: {disable: true}"), services(""), nil},
		{"extensions", "x-a: {b: 1}\n" + services("    x-c: 2"), services(""), []string{"services.web.x-c: 2 → -", `x-a: {"b":1} → -`}},
		{"others", services("    cap_add: [A]\n    labels: {l.m: x}\n    sysctls: {s: 1}"), services("    cap_add: [B]"), []string{
			`services.web.cap_add: ["A"] → ["B"]`, "services.web.labels.l.m: x → -", "services.web.sysctls.s: 1 → -",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := compareTexts(t, test.source, test.target)
			var got []string
			for _, d := range c.Differences {
				got = append(got, show(d))
				if isEqual, ok := c.Attributes[d.Path]; isEqual || !ok {
					t.Errorf("%s counts as equal", d.Path)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
			}
			if same := compareTexts(t, test.source, test.source); len(same.Differences) > 0 {
				t.Errorf("the source differs from itself: %s", show(same.Differences[0]))
			}
		})
	}
}

// chain is a project where a waits for some, and b for others.
func chain(a, b string) string {
	return "services: {a: {image: i, depends_on: " + a + "}, b: {image: i, depends_on: " + b + "}, c: {image: i}}"
}
