package ir

import "testing"

func TestIDs(t *testing.T) {
	for name, want := range map[string]string{
		"web": "web", "Web": "web", "my.service": "my-service", "a b  c": "a-b-c", "_x_": "_x_", "-x-": "x", "é": "", "A1": "a1",
	} {
		got := ToID(name)
		if got != want || got != "" && !IsID(got) {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	for _, s := range []string{"", "A", "a b", "é", "a\n"} {
		if IsID(s) {
			t.Errorf("%q is no id", s)
		}
	}
}

func TestSnakeCase(t *testing.T) {
	for name, want := range map[string]string{
		"DB_PASSWORD": "db_password", "dbPassword": "db_password", "my-app": "my_app", "a..b": "a_b", "_x_": "x", "URL": "url", "A1b": "a1b",
	} {
		if got := SnakeCase(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestCamelCase(t *testing.T) {
	for id, want := range map[string]string{
		"port": "port", "redpanda-port": "redpandaPort", "api_port": "apiPort", "a-b_c": "aBC", "port-9090": "port9090", "a--b": "aB", "-a": "a", "": "",
	} {
		if got := CamelCase(id); got != want {
			t.Errorf("%q becomes %q, want %q", id, got, want)
		}
	}
}
