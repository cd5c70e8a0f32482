package verify

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"hull/convert/compose"
)

// verifyText verifies the conversion of a project that is written down here,
// with further files by their names.
func verifyText(t *testing.T, text string, more map[string]string) *Result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "project")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("compose.yaml", text)
	for name, text := range more {
		write(name, text)
	}
	r, err := Verify(context.Background(), Options{Compose: compose.Options{Files: compose.Discover(dir)}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Report.HasErrors() {
		t.Fatalf("%s is refused: %v", text, r.Report.Diagnostics)
	}
	return r
}

// TestHolds verifies conversions that are right, and have looked wrong.
func TestHolds(t *testing.T) {
	tests := []struct {
		name, text string
		more       map[string]string
	}{
		{"a text that YAML does not bring back", `services: {x: {image: app, command: ["\n  a\n b# x"], cpu_percent: 50}}`, nil},
		{"attempts of no restarts", "services: {x: {image: app, deploy: {restart_policy: {condition: none, max_attempts: 3}}}}", nil},
		{"a volume is added behind others", "services: {db: {image: mongo, volumes: ['./a:/a', './b:/b']}}", nil},
		{
			"an optional dependency on what does not run",
			"services: {a: {profiles: [t], image: app}, b: {image: app, depends_on: {a: {condition: service_completed_successfully, required: false}}}}", nil,
		},
		{
			"a secret in the env file of what does not run",
			"services: {a: {profiles: [t], image: app, env_file: [x.env]}, b: {image: app}}",
			map[string]string{"x.env": "API_KEY=abc12345\n"},
		},
		{"a link of what does not run", "services: {a: {image: app, expose: [1]}, b: {profiles: [t], image: app, links: ['a:other']}}", nil},
		{"a restart beside a link", "services: {api: {image: app}, x: {image: app, depends_on: {api: {condition: service_started, restart: true}}, links: [api]}}", nil},
		{"a link alone", "services: {api: {image: app}, x: {image: app, links: [api]}}", nil},
		{"the caller's variable is required", "services: {x: {image: app, environment: [DB_PASSWORD], secrets: [s]}}\nsecrets: {s: {environment: DB_PASSWORD}}", nil},
		{"a name with a hyphen at its end", "services: {x: {image: app, hostname: 'h-{x}', expose: [1]}}", nil},
		{"capitals that are built elsewhere", "services: {Web: {build: 'https://github.com/o/r.git'}}", nil},
		{"no replicas", "services: {x: {image: app, scale: 0, ports: ['80'], environment: [A], volumes: [/a]}, y: {image: app}}", nil},
		{"names that are frozen", "services: {x: {image: app, expose: [1], networks: {n: {aliases: ['${A:-b}']}}}}\nnetworks: {n: }", nil},
		{"what a variable may switch on", "services: {x: {image: app, read_only: '${A:-false}'}}", nil},
		{"two protocols of a port", "services: {a: {image: app, ports: [{target: 3000}, {target: 3000, published: 1, app_protocol: https}]}}", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { report(t, verifyText(t, test.text, test.more)) })
	}
}
