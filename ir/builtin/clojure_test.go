package builtin

import (
	"bytes"
	"cmp"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hull/ir"
)

// clojurePrelude prints results as JSON with sorted keys, which is what json
// prints in Go. Sequences of any kind are lists, keywords are their names.
const clojurePrelude = `
(require '[clojure.string :as str])
(defn json [x]
  (cond
    (nil? x) "null"
    (string? x) (pr-str x)
    (keyword? x) (pr-str (name x))
    (map? x) (str "{" (str/join "," (for [[k v] (sort-by key x)] (str (json k) ":" (json v)))) "}")
    (sequential? x) (str "[" (str/join "," (map json x)) "]")
    :else (str x)))
`

// The params of each module for the comparison. Every module also runs
// without any.
var clojureParams = map[string][]string{
	"polytope/redpanda": {"data-volume: {type: volume, id: v}", "{restart: {policy: always}, log-level: warn}"},
	"polytope/redpanda!console": {
		"brokers: []", "brokers: [{host: a, port: 1}, {host: b, port: 2}]", "brokers: [{host: a}]",
		"schema-registry-url: http://r", "admin-url: http://a",
		"{schema-registry-url: '', admin-url: 'a\"b', port: 1, log-level: fatal}",
	},
	"polytope/postgres": {
		"data-volume: {type: volume, id: v}", "scripts: []", "scripts: [{type: host, path: a}]",
		"{scripts: [{type: host, path: a}, {type: string, data: b}], data-volume: {type: volume}}",
	},
	"polytope/postgres!simple": {"scripts: [{type: host, path: a}]", "data-volume: {type: volume, id: v}"},
	"polytope/python": {
		"cmd: x y", "cmd: [x, y]", "cmd: []", "requirements: {type: host, path: r}",
		"{requirements: {type: host, path: r}, cmd: x y}", "{requirements: {type: host, path: r}, cmd: ''}",
		"{requirements: {type: host, path: r}, cmd: [x, \"y'z\", \"a b\"]}", "{requirements: {type: host, path: r}, cmd: []}",
		"{requirements: {type: host, path: r}, code: {type: host, path: c}, mounts: [{path: /m, source: {type: volume}}, null]}",
		"mounts: []", "code: {type: repo}",
	},
	"polytope/python!simple": {
		"services: []", "services: [{id: a, port: 1}, {id: b, port: 2}]", "code: {type: host, path: c}",
		"requirements: {type: host, path: r}",
	},
	"polytope/node": {
		"cmd: x y", "cmd: [x, y]", "package: {type: host, path: p}", "{package: {type: host, path: p}, cmd: x y}",
		"{package: {type: host, path: p}, cmd: [x, y z]}",
		"{package: {type: host, path: p}, code: {type: host, path: c}, mounts: [{path: /m, source: {type: volume}}]}",
	},
}

type clojureCase struct {
	name, source, want string
}

// The Go functions compute what the reference's Clojure computes.
func TestCodeAgreesWithClojure(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a JVM")
	}
	clojure, err := exec.LookPath("clojure")
	if err != nil {
		t.Skip("clojure is not installed")
	}
	cases := clojureCases(t)
	program := bytes.NewBufferString(clojurePrelude)
	for _, c := range cases {
		fmt.Fprintf(program, "(println (json %s))\n", c.source)
	}
	cmd := exec.Command(clojure, "-")
	cmd.Stdin = program
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(cases) {
		t.Fatalf("%d results for %d cases\n%s", len(lines), len(cases), stderr.String())
	}
	for i, c := range cases {
		if lines[i] != c.want {
			t.Errorf("%s\nClojure %s\n     Go %s", c.name, lines[i], c.want)
		}
	}
}

// clojureCases pairs every piece of code with every set of params.
func clojureCases(t *testing.T) []clojureCase {
	t.Helper()
	pieces := codePieces()
	var keys []codeKey
	for key := range pieces {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b codeKey) int { return cmp.Or(cmp.Compare(a.ref, b.ref), cmp.Compare(a.path, b.path)) })
	var cases []clojureCase
	for _, key := range keys {
		declared, _ := Signature(key.ref)
		for _, text := range append([]string{""}, clojureParams[key.ref]...) {
			ps, ok := fill(declared, record(t, text))
			if !ok {
				t.Fatalf("%s %s: not filled", key.ref, text)
			}
			got, ok := codes[key].eval(ps)
			if !ok {
				t.Fatalf("%s %s %s: no result", key.ref, key.path, text)
			}
			cases = append(cases, clojureCase{
				name:   fmt.Sprintf("%s %s with {%s}", key.ref, key.path, text),
				source: fmt.Sprintf("(let [params %s] %s)", ednParams(ps), pieces[key].Source),
				want:   json(got),
			})
		}
	}
	return cases
}

func ednParams(ps params) string {
	m := &ir.Map{}
	for _, id := range sortedKeys(ps) {
		m.Set(id, ps[id])
	}
	return edn(m)
}

func sortedKeys(ps params) []string {
	var ids []string
	for id := range ps {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// edn prints data as Clojure reads it; keys are keywords.
func edn(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.Map:
		var b strings.Builder
		for _, e := range x.Entries {
			b.WriteString(" :" + e.Key + " " + edn(e.Value))
		}
		return "{" + b.String() + "}"
	case *ir.List:
		var b strings.Builder
		for _, item := range x.Items {
			b.WriteString(" " + edn(item))
		}
		return "[" + b.String() + "]"
	case *ir.Null:
		return "nil"
	}
	return json(x)
}

// json prints data with sorted keys; what is absent is null.
func json(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.String:
		return strconv.Quote(x.Value)
	case *ir.Int:
		return strconv.FormatInt(x.Value, 10)
	case *ir.Bool:
		return strconv.FormatBool(x.Value)
	case *ir.List:
		var parts []string
		for _, item := range x.Items {
			parts = append(parts, json(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case *ir.Map:
		var parts []string
		for _, e := range x.Entries {
			parts = append(parts, strconv.Quote(e.Key)+":"+json(e.Value))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	}
	return "null"
}
