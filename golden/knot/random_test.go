package knot

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	reader "hull/convert/knot"
	"hull/ir/knot"
)

// gen draws a template that knot accepts.
type gen struct {
	*rapid.T
	b strings.Builder
	// volumes are those that are mounted.
	volumes []string
}

func (g *gen) one(of ...string) string { return rapid.SampledFrom(of).Draw(g.T, "one") }

func (g *gen) n(most int) int { return rapid.IntRange(0, most).Draw(g.T, "n") }

func (g *gen) maybe() bool { return rapid.Bool().Draw(g.T, "maybe") }

// text is of literals and variables; awkward ones among them.
func (g *gen) text() string {
	var b strings.Builder
	for range 1 + g.n(2) {
		b.WriteString(g.one("a", "web", "Ünï", "x y", "1", "true", "~", ": ", " #", "'", "\"", "\\", "\n", "$", "}", "-", "pt.value x", "{pt.secret y}", "#pt-js 1", "$$", "<no value>",
			"http://u:p@h:80/x", "swordfish9", "${{.space.name}}", "${{ .user.timezone }}", "${{.var.tag}}", "${{.var.db_password}}", "${{.user.service_password}}", "${{.custom.x}}", "${{.server.url}}"))
	}
	return b.String()
}

// logic is a text that the reader has to evaluate, or leave open.
func (g *gen) logic() string {
	if g.n(5) > 0 {
		return g.text()
	}
	return g.one("${{ toUpper .space.name }}", "${{if .space.first_boot}}--init${{end}}", "a${{ quote .var.q }}b", "${{`${{`}}")
}

func (g *gen) line(format string, args ...any) { fmt.Fprintf(&g.b, format+"\n", args...) }

func (g *gen) list(key string, most int, item func() string) {
	n := g.n(most)
	if n == 0 {
		return
	}
	g.line("%s:", key)
	for range n {
		g.line("  - %s", quote(item()))
	}
}

// quote writes a text in double quotes, as YAML and every JSON has them.
func quote(text string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: text, Tag: "!!str"}
	out, err := yaml.Marshal(&n)
	if err != nil {
		panic(err)
	}
	return strings.TrimSuffix(string(out), "\n")
}

func (g *gen) template() string {
	if g.maybe() {
		g.line("container_name: %s", quote(g.one("web", "My App", "${{.user.username}}-${{.space.name}}", "${{ .space.name }}-db", "x_1", "${{.var.name}}")))
	}
	if g.maybe() {
		g.line("hostname: %s", quote(g.one("web", "Host.Name", "${{.space.name}}", "8080", "x_1")))
	}
	g.line("image: %s", quote(g.one("nginx", "postgres:16", "registry.example/${{.var.flavour}}:1", "x:${{ .var.tag }}")))
	g.fields()
	g.list("ports", 3, g.port)
	g.list("volumes", 3, g.mount)
	g.list("command", 3, g.logic)
	g.environment()
	g.definitions()
	return g.b.String()
}

// fields are those without a counterpart, and limits.
func (g *gen) fields() {
	for _, f := range [][]string{
		{"memory", "512M", "4G", "1024", "100k", "3B"},
		{"cpus", `"1.5"`, "2", "0.25"},
		{"network", "bridge", "host"},
		{"privileged", "true", "false"},
		{"shell", "zsh"},
		{"cap_add", "[CAP_NET_RAW]", "[CAP_NET_ADMIN, CAP_NET_RAW]"},
		{"cap_drop", "[CAP_MKNOD]"},
		{"dns", "[1.1.1.1]"},
		{"add_host", `["a:10.0.0.1"]`},
		{"auth", "{username: u, password: p}"},
		{"devices", `["/dev/a:/dev/b"]`},
	} {
		if g.n(5) == 0 {
			g.line("%s: %s", f[0], g.one(f[1:]...))
		}
	}
}

func (g *gen) port() string {
	return g.one("8080", "80", "9000", "443") + ":" + g.one("80", "443", "5432", "53") + g.one("", "/tcp", "/udp", "/TCP")
}

func (g *gen) mount() string {
	source := g.one("${{.space.id}}-home", "${{ .space.id }}-data", "${{.space.id}}-Big Data", "shared", "${{.space.name}}-x", "/srv", "/srv/${{.user.username}}", "./site", "~/.ssh", "${{.space.id}}-${{.var.purpose}}")
	if !strings.ContainsAny(source[:1], "/.~") && !slices.Contains(g.volumes, source) {
		g.volumes = append(g.volumes, source)
	}
	return source + ":" + g.one("/home", "/data", "/etc/x.conf", "/var/${{.user.username}}", "relative") + g.one("", "", "", ":ro", ":rw", ":ro,z")
}

func (g *gen) environment() {
	g.line("environment:")
	for _, v := range knot.MandatoryEnv {
		if g.n(3) > 0 {
			g.line("  - %s", v)
		}
	}
	for range g.n(4) {
		name := g.one("A", "B", "DB_PASSWORD", "TOKEN", "lower", "a.b", "KNOT_USER", "${{.var.n}}", "with space")
		g.line("  - %s", quote(name+"="+g.logic()))
	}
	if g.maybe() {
		g.line("  - %s=%s", g.one("KNOT_HTTP_PORT", "KNOT_HTTPS_PORT", "KNOT_TCP_PORT"), g.one("80=Web", "80=Web,8025=Email", "443", "${{.var.port}}=x", "5432=db,53=dns", ""))
	}
	g.line("  - Z=last")
}

// definitions are those of the volumes, in the same file, and sometimes of more.
func (g *gen) definitions() {
	if len(g.volumes) == 0 || g.n(4) == 0 {
		return
	}
	g.line("---\nvolumes:")
	for _, v := range g.volumes {
		g.line("  %s:%s", quote(v), g.one("", "", " {size: 10}"))
	}
	if g.n(3) == 0 {
		g.line("  ${{.space.id}}-spare:")
	}
}

// TestRandomTemplates proves random templates.
func TestRandomTemplates(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := (&gen{T: rt}).template()
		o := reader.Options{Files: []reader.NamedText{{Name: "x.knot.yml", Text: []byte(text)}}, Values: rapid.SampledFrom(policies).Draw(rt, "policy")}
		if rapid.Bool().Draw(rt, "isSet") {
			o.Set = map[string]string{"space.name": "dev", "space.first_boot": rapid.SampledFrom([]string{"true", "false"}).Draw(rt, "boot"), "var.q": `a"b`}
		}
		if p := proveTemplate(rt, o); p.templates == 0 {
			_, found := reader.Read(o)
			rt.Fatalf("the template is refused: %v\n%s", found.Diagnostics, text)
		}
	})
}
