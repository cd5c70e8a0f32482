package verify

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"hull/convert/compose"
	"hull/ir/diag"
)

// faults are what a converter may get wrong: each is a change of the file that
// it writes, or of the script where isScript holds.
var faults = []struct {
	name, old, new string
	isScript       bool
}{
	{name: "a lost service", old: "      - module: worker\n        run-when: {after: migrate, after-condition: success}\n", new: ""},
	{name: "a lost service, by its profile", old: "      - debug\n", new: ""},
	{name: "a lost template", old: "  - id: debug\n    run:", new: "  - id: other\n    run:"},
	{name: "a service with another name", old: "id: seeds\n", new: "id: seads\n"},
	{name: "a lost name", old: "        - id: front\n", new: "        - id: web\n"},
	{name: "another image", old: "image: ghcr.io/acme/migrate:4", new: "image: ghcr.io/acme/migrate:5"},
	{name: "an image without its tag", old: `"nginx:{pt.value nginx_tag}"`, new: "nginx"},
	{name: "a lost port", old: "            - {port: 443, protocol: https, expose-as: \"#pt-js parseInt(params['port443'])\"}\n", new: ""},
	{name: "a port that is not published", old: "protocol: https, expose-as: \"#pt-js parseInt(params['port443'])\"", new: "protocol: https, internal: true"},
	{name: "ports swapped", old: "parseInt(params['port443'])", new: "parseInt(params['port'])"},
	{name: "another protocol", old: "{port: 53, protocol: udp, expose-as", new: "{port: 53, protocol: tcp, expose-as"},
	{name: "a port published", old: "{port: 9090, protocol: http, internal: true}", new: "{port: 9090, protocol: http}"},
	{name: "a lost internal port", old: "            - {port: 9090, protocol: http, internal: true}\n", new: ""},
	{name: "a lost variable", old: "        - {name: GREETING, value: pt.value greeting}\n", new: ""},
	{name: "a variable of another", old: "value: pt.value api_region", new: "value: pt.value api_level"},
	{name: "a variable without its text", old: "{name: REGION, value: pt.value api_region}", new: "{name: REGION, value: null}"},
	{name: "an added variable", old: "        - {name: LEVEL,", new: "        - {name: MORE, value: x}\n        - {name: LEVEL,"},
	{name: "a lost word", old: "cmd: [./server, --verbose, $HOME]", new: "cmd: [./server, $HOME]"},
	{name: "words joined", old: "cmd: [./server, --verbose, $HOME]", new: "cmd: [./server --verbose, $HOME]"},
	{name: "a dollar sign too many", old: "--verbose, $HOME]", new: "--verbose, $$HOME]"},
	{name: "a lost entrypoint", old: "      entrypoint: [/bin/sh, -c]\n", new: ""},
	{name: "an empty command that is none", old: "      cmd: []\n", new: ""},
	{name: "paths swapped", old: "{path: /var/cache/nginx, source: {type: volume, scope: project, id: cache}}", new: "{path: /var/cache/nginx, source: {type: volume, scope: project, id: logs}}"},
	{name: "a lost mount", old: "        - {path: /var/log/nginx, source: {type: volume, scope: project, id: logs}}\n", new: ""},
	{name: "another folder", old: "source: {type: host, path: site}", new: "source: {type: host, path: ../site}"},
	{name: "a folder that is a volume", old: "source: {type: host, path: site}", new: "source: {type: volume, scope: project, id: site}"},
	{name: "another text of a config", old: `rule = "one"`, new: `rule = "two"`},
	{name: "a config elsewhere", old: "path: /etc/rules.toml", new: "path: /rules.toml"},
	{name: "another secret", old: "data: pt.secret token", new: "data: pt.secret db_password"},
	{name: "a secret elsewhere", old: "path: /run/secrets/token", new: "path: /run/token"},
	{name: "a lost wait", old: "      - module: migrate\n        run-when: {after: seed, after-condition: success}\n", new: "      - migrate\n"},
	{name: "a wait for another", old: "run-when: {after: migrate, after-condition: success}", new: "run-when: {after: seed, after-condition: success}"},
	{name: "another user", old: `user: "1000:1000"`, new: `user: "1000"`},
	{name: "another folder to work in", old: "workdir: /srv", new: "workdir: /"},
	{name: "another restart policy", old: "policy: on-failure", new: "policy: always"},
	{name: "more restarts", old: "max-restarts: 3", new: "max-restarts: 5"},
	{name: "fewer replicas", old: "scaling: 2", new: "scaling: 1"},
	{name: "other limits", old: "memory: {request: 64MB, limit: 512MB}", new: "memory: {request: 512MB, limit: 64MB}"},
	{name: "a lost limit", old: "cpu: {limit: 1.5}", new: "cpu: {}"},
	{name: "a TTY", old: "      tty: false\n", new: ""},
	{name: "no open input", old: "      no-stdin: true\n", new: ""},
	{name: "an image that is not pulled", old: "      update-image: true\n", new: ""},
	{name: "another context", old: "source: {type: host, path: api}", new: "source: {type: host, path: .}"},
	{name: "another stage", old: "      target: run\n", new: ""},
	{name: "a build that is lost", old: "tags: [faults-api]", new: "tags: [faults-app]"},
	{name: "a wrong default", old: "${WEB_PORT:-8080}", new: "${WEB_PORT:-80}", isScript: true},
	{name: "a default without its variable", old: `"http://api:4000"`, new: `"http://api"`, isScript: true},
	{name: "a default that is not the env file's", old: `api_region "eu"`, new: `api_region "us"`, isScript: true},
	{name: "a lost dollar sign", old: `web_price "\$5"`, new: `web_price "5"`, isScript: true},
	{name: "another variable", old: "${DB_PASSWORD:?", new: "${DB_PASS:?", isScript: true},
}

// TestFaults makes each fault in turn, and requires that it is found.
func TestFaults(t *testing.T) {
	dir, err := filepath.Abs("testdata/faults")
	if err != nil {
		t.Fatal(err)
	}
	opts := func() Options { return Options{Compose: compose.Options{Files: compose.Discover(dir)}} }
	sound, err := Verify(context.Background(), opts())
	if err != nil {
		t.Fatal(err)
	}
	report(t, sound)
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			o, isMade := opts(), false
			o.tamper = func(name string, text []byte) []byte {
				isScript := strings.HasSuffix(name, ".sh")
				if isScript != f.isScript || !strings.Contains(string(text), f.old) {
					return text
				}
				isMade = true
				return []byte(strings.ReplaceAll(string(text), f.old, f.new))
			}
			r, err := Verify(context.Background(), o)
			if !isMade {
				t.Fatalf("%q is not in what was written", f.old)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Unexplained) == 0 {
				t.Error("it is not found")
			}
		})
	}
}

// TestReportsCount takes each entry out of the reports of the golden cases in
// turn, and requires that something is unexplained without it; and puts in one
// that says nothing, and requires that this is found.
func TestReportsCount(t *testing.T) {
	for _, name := range []string{"no-counterpart", "volumes-kinds", "network-isolation", "names", "depends-on", "ports-long", "restart", "replicas"} {
		v := &verification{opts: goldenOptions(t, name)}
		if err := complete(&v.opts.Compose); err != nil {
			t.Fatal(err)
		}
		if err := v.convert(context.Background()); err != nil {
			t.Fatal(err)
		}
		c, err := v.compare(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		entries := v.report.Diagnostics
		for i, entry := range entries {
			if entry.Fate == diag.NoFate || isUnseen(entry) {
				continue
			}
			without := append(append([]diag.Diagnostic{}, entries[:i]...), entries[i+1:]...)
			if r := Explain(c, without); len(r.Unexplained) == 0 {
				t.Errorf("%s: nothing is unexplained without %s at %s", name, entry.Code, entry.Path)
			}
			entry.Path, entry.Paths = entry.Path+"-not", nil
			if r := Explain(c, append(without, entry)); len(r.Unfounded) == 0 {
				t.Errorf("%s: %s at %s is not unfounded", name, entry.Code, entry.Path)
			}
		}
	}
}
