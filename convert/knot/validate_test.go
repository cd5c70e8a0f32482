package knot

import (
	"slices"
	"strings"
	"testing"

	"hull/ir/diag"
	"hull/ir/knot"
)

func read(text string, set map[string]string) (Options, *diag.Report) {
	o := Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(text)}}, Set: set}
	return o, Check(o)
}

// TestValidation has a case for each thing that knot refuses: where, and a word
// of what is said. Cases without words are accepted.
func TestValidation(t *testing.T) {
	const image = "image: x\n"
	for _, c := range []struct {
		text string
		line int
		says string
	}{
		{image, 0, ""},
		{"image: ''\n", 1, "image is empty"},
		{"image: ' '\n", 1, "image is empty"},
		{"image: [x]\n", 1, "image is empty"},
		{"image:\n", 1, "image is empty"},
		{"hostname: x\n", 1, "no image"},
		{"", 1, "YAML mapping"},
		{"# nothing\n", 1, "YAML mapping"},
		{"- image: x\n", 1, "YAML mapping"},
		{"hello\n", 1, "YAML mapping"},
		{image + "restart: always\n", 2, "no field \"restart\""},
		{image + "hostnam: x\n", 2, "no field \"hostnam\""},
		{image + "image: y\n", 2, "second time"},
		{image + "<<: {a: b}\n", 2, "no field"},
		{image + "ports: ['80:80', '80:80/tcp', '80:80/UDP', '1:65535']\n", 0, ""},
		{image + "ports:\n", 0, ""},
		{image + "ports: {a: b}\n", 2, "ports must be a list"},
		{image + "ports: 80:80\n", 2, "ports must be a list"},
		{image + "ports: [8080]\n", 2, "form host:container"},
		{image + "ports:\n  - 80: 80\n", 3, "must be a text"},
		{image + "ports: ['80']\n", 2, "form host:container"},
		{image + "ports: ['1:2:3']\n", 2, "form host:container"},
		{image + "ports: ['1:2/tcp/udp']\n", 2, "form host:container"},
		{image + "ports: ['1:2/sctp']\n", 2, "tcp or udp"},
		{image + "ports: ['1:2/']\n", 2, "tcp or udp"},
		{image + "ports: ['0:2']\n", 2, "side of the host"},
		{image + "ports: ['1:65536']\n", 2, "side of the container"},
		{image + "ports: ['1:']\n", 2, "side of the container"},
		{image + "ports: ['${{.var.port}}:80']\n", 2, "before it expands"},
		{image + "volumes: ['a:/a', '/a:/a:ro,z', 'a:/a:nocopy,Z,rw']\n", 0, ""},
		{image + "volumes: [a]\n", 2, "form volume:/path"},
		{image + "volumes: ['a:']\n", 2, "form volume:/path"},
		{image + "volumes: [':/a']\n", 2, "form volume:/path"},
		{image + "volumes: ['a:/a:ro:rw']\n", 2, "form volume:/path"},
		{image + "volumes: ['a:/a:']\n", 2, "the mode \"\""},
		{image + "volumes: ['a:/a:ro,x']\n", 2, "the mode \"x\""},
		{image + "environment: ['A=b', 'A=', 'A=b=c']\n", 0, ""},
		{image + "environment: {A: b}\n", 2, "must be a list"},
		{image + "environment:\n- A=b\n- A\n", 4, "form NAME=text"},
		{image + "environment: ['=b']\n", 2, "names no variable"},
		{image + "environment:\n- A: b\n", 3, "must be a text"},
		{image + "cap_add: [CAP_A, ' CAP_B_9 ']\ncap_drop: [CAP_C]\n", 0, ""},
		{image + "cap_add: [NET_RAW]\n", 2, "begin with CAP_"},
		{image + "cap_add: ['']\n", 2, "empty"},
		{image + "cap_drop: [CAP_]\n", 2, "lacks"},
		{image + "cap_drop: [CAP_net_raw]\n", 2, "upper case"},
		{image + "devices: ['/a:/b']\n", 0, ""},
		{image + "devices: ['/a']\n", 2, "form /host/path:/path"},
		{image + "devices: [':/a']\n", 2, "form /host/path:/path"},
		{image + "devices: ['/a:/b:rwm']\n", 2, "form /host/path:/path"},
		{image + "dns: [1.1.1.1, '::1']\n", 0, ""},
		{image + "dns: [localhost]\n", 2, "no IP address"},
		{image + "dns: ['fe80::1%eth0']\n", 2, "no IP address"},
		{image + "dns_search: ['']\n", 2, "empty"},
		{image + "add_host: ['a:1.2.3.4']\n", 0, ""},
		{image + "add_host: ['a']\n", 2, "form name:address"},
		{image + "add_host: ['a:::1']\n", 2, "form name:address"},
		{image + "add_host: ['a:b']\n", 2, "no IP address"},
		{image + "memory: 512M\n", 0, ""},
		{image + "memory: 4g\n", 0, ""},
		{image + "memory: 1048576\n", 0, ""},
		{image + "memory:\n", 0, ""},
		{image + "memory: 1.5G\n", 2, "whole number"},
		{image + "memory: 4GB\n", 2, "whole number"},
		{image + "memory: lots\n", 2, "whole number"},
		{image + "cpus: 1.5\n", 0, ""},
		{image + "cpus: 0\n", 2, "positive"},
		{image + "cpus: .nan\n", 2, "positive"},
		{image + "cpus: two\n", 2, "positive"},
		{image + "command: [a, b]\n", 0, ""},
		{image + "command: a b\n", 2, "must be a list"},
		{image + "command:\n", 2, "must be a list"},
		{image + "privileged: true\n", 0, ""},
		{image + "privileged: maybe\n", 2, "true or false"},
		{image + "auth: {username: a}\nshell: zsh\nnetwork: container:other\n", 0, ""},
		{image + " bad: : x\n", 2, "not YAML"},
		{image + "ports: [${{.var.a}}]\n", 2, "not YAML"},
		{image + "hostname: ${{.var.my-var}}\n", 2, "bad character"},
		{image + "hostname: ${{.var.a\n", 2, "not closed"},
		{image + "hostname: ${{nothing .var.a}}\n", 2, "not defined"},
		{"volumes:\n  a:\n", 0, ""},
		{"volumes:\n  a: {size: 20G}\n", 0, ""},
		{"paths: [/a]\n", 0, ""},
		{"paths: /a\n", 0, ""},
		{"volumes:\n", 1, "neither volumes nor paths"},
		{"volumes: {}\n", 1, "neither volumes nor paths"},
		{"paths: []\n", 1, "neither volumes nor paths"},
		{"volumes: a\n", 1, "map of names"},
		{"volumes:\n  a: b\n", 2, "empty, or a map"},
		{"volumes:\n  a: {driver: b}\n", 2, "no field \"driver\""},
		{"volumes:\n  a:\n  a:\n", 3, "second time"},
		{"volumes:\n- {name: a, type: csi, plugin_id: b}\n", 0, ""},
		{"volumes:\n- {type: csi, plugin_id: b}\n", 2, "no name"},
		{"volumes:\n- {name: a, type: csi}\n", 2, "no plugin_id"},
		{"volumes:\n- {name: a, type: nfs, plugin_id: b}\n", 2, "csi or host"},
		{"volumes:\n- a\n", 2, "name, type and plugin_id"},
		{image + "---\n" + image, 3, "more than one job specification"},
		{"volumes: {a: }\n---\nvolumes: {a: }\n", 3, "more than one volume definitions"},
		{image + "volumes: ['a:/a']\n---\nvolumes:\n  a:\n", 0, ""},
		{image + "volumes:\n- 'a:/a'\n- 'b:/b'\n---\nvolumes:\n  a:\n", 4, "not among the volume definitions"},
		{"volumes:\n  ${{.space.id}}-a:\n---\n" + image + "volumes: ['${{ .space.id }}-a:/a']\n", 0, ""},
	} {
		_, report := read(c.text, nil)
		i := slices.IndexFunc(report.Diagnostics, func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
		switch {
		case i < 0 && c.says != "":
			t.Errorf("%q is accepted, want %q", c.text, c.says)
		case i >= 0 && c.says == "":
			t.Errorf("%q is refused: %s", c.text, report.Diagnostics[i].Message)
		case i >= 0:
			if d := report.Diagnostics[i]; d.Subject.Start.Line != c.line || !strings.Contains(d.Message, c.says) {
				t.Errorf("%q: line %d: %s; want line %d: %s", c.text, d.Subject.Start.Line, d.Message, c.line, c.says)
			}
		}
	}
}

// TestRules has a case for each rule of the specification. Each text follows
// all of them but for what is put into it.
func TestRules(t *testing.T) {
	const good = "container_name: a\nhostname: b\nimage: x\nenvironment:\n  - KNOT_USER=${{.user.username}}\n  - KNOT_SERVER=${{ .server.url }}\n" +
		"  - KNOT_AGENT_ENDPOINT=${{.server.agent_endpoint}}\n  - KNOT_SPACEID=${{.space.id}}\nvolumes: ['${{.space.id}}-h:/h', '/a:/a']\n"
	const definitions = "---\nvolumes:\n  ${{.space.id}}-h:\n"
	for _, c := range []struct {
		text, platform string
		want           string
	}{
		{good + definitions, "", ""},
		{good, "", "knot/no-definitions"},
		{strings.Replace(good, "container_name: a\n", "", 1) + definitions, "", "knot/name-missing"},
		{strings.Replace(good, "hostname: b", "hostname:", 1) + definitions, "", "knot/name-missing"},
		{strings.Replace(good, "KNOT_SERVER", "KNOT_SERVERS", 1) + definitions, "", "knot/mandatory-env"},
		{strings.Replace(good, ".server.url", ".server.zone", 1) + definitions, "", "knot/mandatory-env"},
		{good + "privileged: true\n" + definitions, "", "knot/privileged-rule"},
		{good + "privileged: false\n" + definitions, "", ""},
		{good + definitions, "podman", "knot/podman-ping"},
		{good + "cap_add: [CAP_NET_RAW]\n" + definitions, "podman", ""},
		{good + "cap_add: [CAP_NET_RAW]\n" + definitions, "docker", "knot/podman-ping"},
		{good + definitions, "docker", ""},
		{strings.ReplaceAll(good+definitions, "${{.space.id}}-h", "home"), "", "knot/volume-name"},
		{strings.Replace(good, "'/a:", "'./a:", 1) + definitions, "", "knot/host-path"},
		{good + definitions + "  ${{.space.id}}-i:\n", "", "knot/volume-unused"},
		{strings.Replace(good, "hostname: b", "hostname: ${{.space.nam}}", 1) + definitions, "", "knot/variable-unknown"},
		{strings.Replace(good, "hostname: b", "hostname: ${{.var.anything}}${{.stack.db.var.port}}", 1) + definitions, "", ""},
	} {
		report := Check(Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(c.text)}}, Platform: c.platform})
		var got []string
		for _, d := range report.Diagnostics {
			got = append(got, d.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s on %q: got %v, want %s", c.text, c.platform, got, c.want)
		}
	}
	// What is set changes nothing of what a template must say.
	o := Options{Files: []NamedText{{Name: "t.yaml", Text: []byte(good + definitions)}}, Set: map[string]string{"space.id": "1", "user.username": "me"}}
	if r := Check(o); len(r.Diagnostics) > 0 {
		t.Errorf("with variables set: %v", r.Diagnostics)
	}
}

// TestTable holds that the table has every field of knot's, in order, and that
// each code is documented.
func TestTable(t *testing.T) {
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.key)
		if f.becomes == "" || (f.shape == textsShape || f.shape == scalarOnly) && f.invalid == nil {
			t.Errorf("%s lacks something", f.key)
		}
		if f.fate == dropped && (len(f.codes) == 0 || f.severity == 0 || f.noun == "") {
			t.Errorf("%s is dropped and not reported", f.key)
		}
		for _, code := range f.codes {
			if !slices.ContainsFunc(Codes(), func(i diag.Info) bool { return i.Code == code }) {
				t.Errorf("%s gives %s, which is not documented", f.key, code)
			}
		}
	}
	if !slices.Equal(keys, knot.Keys) {
		t.Errorf("the table has %v, knot %v", keys, knot.Keys)
	}
	seen := map[string]bool{}
	for _, i := range Codes() {
		if seen[i.Code] || !strings.HasPrefix(i.Code, "knot/") || i.Summary == "" || i.Detail == "" || i.Severity == 0 {
			t.Errorf("%+v is there twice or incomplete", i)
		}
		seen[i.Code] = true
	}
}
