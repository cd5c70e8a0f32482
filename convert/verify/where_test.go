package verify

import (
	"fmt"
	"strings"
	"testing"
)

const whereMain = `x-base: &base
  user: u
  labels: {l.m: x}
services:
  web:
    <<: *base
    image: i
    environment: [A=1, B]
    ports:
      - 80:80
      - target: 53
        host_ip: 127.0.0.1
  db:
    image: j
`

const whereOver = `services:
  web:
    image: k
  db:
    extends: {file: c.yaml, service: web}
`

func TestLocateAnew(t *testing.T) {
	s := parseSources(map[string][]byte{
		"a.yaml": []byte("services: {web: {user: u, tty: true, volumes: [/data]}}"),
		"b.yaml": []byte("services:\n  web:\n    tty: !reset null\n    volumes: !override\n      - /logs\n"),
	}, []string{"a.yaml", "b.yaml"})
	for p, want := range map[string]bool{"user": true, "tty": true, "volumes./data": false, "volumes./logs": true} {
		if got := s.has(append(path{"services", "web"}, strings.Split(p, ".")...)); got != want {
			t.Errorf("%s is written down: %v", p, got)
		}
	}
}

func TestLocate(t *testing.T) {
	s := parseSources(map[string][]byte{"a.yaml": []byte(whereMain), "b.yaml": []byte(whereOver), "c.yaml": []byte("services: {web: {tty: true}}")}, []string{"a.yaml", "b.yaml"})
	tests := []struct {
		path path
		want string
	}{
		{path{"services", "web", "image"}, "b.yaml:3:5-10 3"},
		{path{"services", "web", "user"}, "a.yaml:2:3-7 3"},
		{path{"services", "web", "labels", "l.m"}, "a.yaml:3:12-15 4"},
		{path{"services", "web", "environment", "B"}, "a.yaml:8:24-25 4"},
		{path{"services", "web", "ports", "[0]", "host_ip"}, "a.yaml:10:9-14 4"},
		{path{"services", "web", "ports", "[1]", "host_ip"}, "a.yaml:12:9-16 5"},
		{path{"services", "web", "ports", "[7]"}, "a.yaml:9:5-10 3"},
		{path{"services", "web", "tty"}, "c.yaml:1:18-21 3"},
		{path{"services", "db", "tty"}, "c.yaml:1:18-21 3"},
		{path{"services", "db", "init"}, "b.yaml:4:3-5 2"},
		{path{"volumes", "v"}, " 0"},
	}
	for _, test := range tests {
		rng, depth := s.find(test.path)
		got := fmt.Sprintf(" %d", depth)
		if rng.IsValid() {
			got = fmt.Sprintf("%s:%d:%d-%d %d", rng.File, rng.Start.Line, rng.Start.Column, rng.End.Column, depth)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.path, got, test.want)
		}
	}
}
