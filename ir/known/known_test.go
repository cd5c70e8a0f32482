package known

import (
	"testing"

	"hull/ir"
)

func TestIsSecret(t *testing.T) {
	secrets := []string{
		"POSTGRES_PASSWORD", "MYSQL_ROOT_PASSWORD", "API_KEY", "apiKey", "SECRET_KEY_BASE", "JWT_SECRET", "GITHUB_TOKEN",
		"AWS_SECRET_ACCESS_KEY", "DB_PASS", "GOOGLE_CREDENTIALS", "PASSWORD_1", "PRIVATE_KEY", "password",
		"ANON_KEY", "SERVICE_ROLE_KEY", "DB_ENC_KEY", "STRIPE_PUBLIC_KEY_SECRET",
	}
	for _, n := range secrets {
		if !IsSecret(n, "x7") {
			t.Errorf("%s is a secret", n)
		}
	}
	values := []string{
		"POSTGRES_PASSWORD_FILE", "TOKEN_EXPIRY", "PASSWORD_MIN_LENGTH", "KEYBOARD", "COMPASS", "SECRET_NAME_PREFIX", "MONKEY", "PORT",
		"VAPID_PUBLIC_KEY", "CACHE_KEY", "KEY", "RECAPTCHA_SITE_KEY",
	}
	for _, n := range values {
		if IsSecret(n, "x7") {
			t.Errorf("%s is no secret", n)
		}
	}
	if IsSecret("TLS_KEY", "/etc/ssl/tls.key") {
		t.Error("a path is no secret")
	}
	for _, text := range []string{"", "yes", "true", "0"} {
		if IsSecret("ALLOW_EMPTY_PASSWORD", text) {
			t.Errorf("%q is no password", text)
		}
	}
}

func TestURLPassword(t *testing.T) {
	for text, want := range map[string]string{
		"postgres://app:s3cret@db:5432/x": "s3cret", "redis://:pw@redis:6379": "pw", "amqp://u:p%40x@mq/": "p%40x",
		"http://host:80/a@b": "", "http://user@host/": "", "jdbc:postgresql://db:5432/x": "", "mailto:a:b@c": "",
	} {
		got := ""
		if m := URLPassword.FindStringSubmatch(text); m != nil {
			got = m[1]
		}
		if got != want {
			t.Errorf("%q holds %q, want %q", text, got, want)
		}
	}
}

func TestLookupImage(t *testing.T) {
	for image, want := range map[string]string{
		"postgres": "postgres", "postgres:16": "postgres", "docker.io/library/postgres:16-alpine": "postgres",
		"public.ecr.aws/docker/library/redis@sha256:ab": "redis", "ghcr.io/x/postgres": "", "docker.io/minio/minio:latest": "minio/minio",
		"docker.elastic.co/elasticsearch/elasticsearch:8.1": "elasticsearch/elasticsearch", "localhost:5000/mongo": "",
		"quay.io/minio/minio": "minio/minio", "xpostgres": "", "mongo:5000": "mongo",
	} {
		k, _ := LookupImage(image)
		if k.Repository != want {
			t.Errorf("%s is %q, want %q", image, k.Repository, want)
		}
	}
}

func TestProtocolOf(t *testing.T) {
	for _, c := range []struct {
		port      uint32
		transport string
		image     string
		want      string
	}{
		{80, "tcp", "x", "http"},
		{443, "", "x", "https"},
		{5432, "tcp", "postgres", "tcp"},
		{53, "udp", "x", "udp"},
		{9000, "tcp", "minio/minio", "http"},
		{9000, "tcp", "php:fpm", "tcp"},
		{80, "udp", "x", "udp"},
	} {
		if got := Protocol(c.port, c.transport, c.image); got != c.want {
			t.Errorf("%d/%s of %s is %s, want %s", c.port, c.transport, c.image, got, c.want)
		}
	}
}

func TestIsPlaceholder(t *testing.T) {
	for text, want := range map[string]bool{
		"replace-me": true, "changeme": true, "CHANGE_ME": true, "<token>": true, "postgres": true, "your-secret-key": true, "password123": true,
		"s3cr3tx": false, "hunter22": false, "kPz81mQ0": false,
	} {
		if IsPlaceholder(text) != want {
			t.Errorf("%q: got %v", text, !want)
		}
	}
}

func TestImageName(t *testing.T) {
	tag := &ir.Ref{Kind: ir.ValueRef, Name: "tag"}
	for _, test := range []struct {
		image ir.Expr
		want  string
		ok    bool
	}{
		{ir.Str("docker.io/library/postgres:16"), "postgres", true},
		{ir.Str("registry:5000/a/b@sha256:ab"), "registry:5000/a/b", true},
		{&ir.Interp{Parts: []ir.Expr{ir.Str("postgres:"), tag}}, "postgres", true},
		{&ir.Interp{Parts: []ir.Expr{ir.Str("a/b@"), tag}}, "a/b", true},
		{&ir.Interp{Parts: []ir.Expr{ir.Str("postgres"), tag}}, "postgres", false},
		{&ir.Interp{Parts: []ir.Expr{ir.Str("registry:5000/"), tag}}, "registry:5000/", false},
		{tag, "", false},
		{nil, "", false},
	} {
		if name, ok := ImageName(test.image); name != test.want || ok != test.ok {
			t.Errorf("%#v is called %q (%v), want %q", test.image, name, ok, test.want)
		}
	}
}
