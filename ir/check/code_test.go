package check

import (
	"strings"
	"testing"

	"hull/ir"
)

// TestParamsInCode lists the params that code reads; "*" for any of them.
func TestParamsInCode(t *testing.T) {
	tests := []struct {
		lang      ir.Lang
		src, want string
	}{
		{ir.JS, `parseInt(params['apiPort'])`, "apiPort"},
		{ir.JS, `params["a"] + params.b + params?.c + params?.['d'] + params[` + "`e`" + `]`, "a b c d e"},
		{ir.JS, "`http://${params.host}:${parseInt(params['port'])}/${`${params.path}`}`", "host port path"},
		{ir.JS, `const {a, b: c, d = params.e, 'f': g} = params; a`, "e a b d f"},
		{ir.JS, `const {a, ...rest} = params; a`, "a *"},
		{ir.JS, `"params['x']" // params.y` + "\n/* params.z */ + /params.w/.test(params.v)", "v"},
		{ir.JS, `1 / params.a / params.b`, "a b"},
		{ir.JS, `params[key]`, "*"},
		{ir.JS, `params['a' + x]`, "*"},
		{ir.JS, `Object.keys(params)`, "*"},
		{ir.JS, `params.hasOwnProperty('x')`, "*"},
		{ir.JS, `params.a.map(x => x.b)`, "a"},
		{ir.JS, `request.params.id`, ""},
		{ir.JS, `xs.map(params => params.b)`, "*"},
		{ir.JS, `xs.map((i, params) => params.b)`, "*"},
		{ir.JS, `function f(params) { return params.b }`, "*"},
		{ir.JS, `const params = {}; params.b`, "*"},
		{ir.Clojure, `(println (:message params))`, "message"},
		{ir.Clojure, `(str (:a-b params "x") (params :c) (get params :d) (get-in params [:e :f]) (-> params :g))`, "a-b c d e g"},
		{ir.Clojure, `(let [{:keys [a b] c :c-d :or {a 1}} params] (str a b c))`, "a b c-d"},
		{ir.Clojure, `(let [{:keys [a] :as all} params] all)`, "a *"},
		{ir.Clojure, `"(:x params)" ; (:y params)` + "\n(str \\\" (:z params) \\\")", "z"},
		{ir.Clojure, `(map (fn [{:keys [id port]}] {:id id}) (:services params))`, "services"},
		{ir.Clojure, `(dissoc params :services)`, "*"},
		{ir.Clojure, `(map (fn [params] (:x params)) xs)`, "*"},
		{ir.Clojure, `(-> params (dissoc :x))`, "*"},
		{ir.Python, `params['x']`, "*"},
		{ir.Python, `1`, ""},
	}
	for _, test := range tests {
		use := paramsIn(&ir.Code{Lang: test.lang, Source: test.src})
		got := use.keys
		if use.whole {
			got = append(got, "*")
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %s reads %q, want %q", test.lang, test.src, got, test.want)
		}
	}
}

func TestInferredTypes(t *testing.T) {
	params := []*ir.Param{{ID: "api-port", Type: ir.StrType}, {ID: "n", Type: ir.IntType}}
	tests := []struct {
		lang      ir.Lang
		src, want string
	}{
		{ir.JS, `parseInt(params['apiPort'])`, "an integer"},
		{ir.JS, `(parseInt(params.n, 10));`, "an integer"},
		{ir.JS, `Number.parseInt(x)`, "an integer"},
		{ir.JS, `String(x)`, "a string"},
		{ir.JS, `params['apiPort']`, "a string"},
		{ir.JS, `params.n`, "an integer"},
		{ir.JS, `params['x'] === 'true'`, "a boolean"},
		{ir.JS, `!params.x`, "a boolean"},
		{ir.JS, `a.b < 3`, "a boolean"},
		{ir.JS, `true`, "a boolean"},
		{ir.JS, `12`, "an integer"},
		{ir.JS, `1.5`, "a number"},
		{ir.JS, `"text"`, "a string"},
		{ir.JS, "`a${x > 1}b`", "a string"},
		{ir.JS, `"" + params.n + 'x'`, "a string"},
		{ir.JS, `"bun add " + params.packages.replace(/[\s,]+/g, " ")`, "a string"},
		{ir.JS, `parseInt(a) + 1`, ""},
		{ir.JS, `a ? 1 : "x"`, ""},
		{ir.JS, `a === b || c`, ""},
		{ir.JS, `"a" in b`, ""},
		{ir.JS, `"a".length`, ""},
		{ir.JS, `!a + b`, ""},
		{ir.JS, `x => x > 1`, ""},
		{ir.JS, `const a = 1; a > 2`, ""},
		{ir.JS, `params.n.x`, ""},
		{ir.JS, `foo(1)`, ""},
		{ir.JS, ``, ""},
		{ir.Clojure, `(str "a" (:n params))`, "a string"},
		{ir.Clojure, `(:n params)`, "an integer"},
		{ir.Clojure, `(= 1 2)`, "a boolean"},
		{ir.Clojure, `(parse-long (:x params))`, "an integer"},
		{ir.Clojure, `"text"`, "a string"},
		{ir.Clojure, `(if x "a" 1)`, ""},
		{ir.Clojure, `(str 1) (+ 2)`, ""},
		{ir.Python, `int(1)`, ""},
	}
	for _, test := range tests {
		got := ""
		if typ := newTyping(params).inferCode(&ir.Code{Lang: test.lang, Source: test.src}); typ != nil {
			got = wanted(typ)
		}
		if got != test.want {
			t.Errorf("%s: %s is %q, want %q", test.lang, test.src, got, test.want)
		}
	}
}

func TestImageNames(t *testing.T) {
	tests := map[string]string{
		"postgres": "postgres", "docker.io/library/postgres:16": "postgres", "public.ecr.aws/docker/library/redis:7@sha256:ab": "redis",
		"ghcr.io/acme/pgvector/pgvector:pg16": "pgvector/pgvector", "registry:5000/minio/minio": "minio/minio",
		"docker.redpanda.com/redpandadata/redpanda:v1": "redpandadata/redpanda",
		"acme/postgres": "", "postgres-exporter": "", "nginx:1": "", "": "",
	}
	for image, want := range tests {
		if got, _ := statefulImage(ir.Str(image)); got != want {
			t.Errorf("%s is %q, want %q", image, got, want)
		}
	}
}

// TestKnownSecrets assembles its texts: a scanner for secrets must not find any
// in this file.
func TestKnownSecrets(t *testing.T) {
	long := strings.Repeat("a1B2", 10)
	for text, want := range map[string]string{
		"x://u:" + "p@h":                             "a password in a URL",
		"-----BEGIN " + "RSA PRIVATE KEY-----":       "a private key",
		"AKIA" + "ABCDEFGHIJKLMNOP":                  "an AWS access key",
		"ghp_" + long[:36]:                           "a GitHub token",
		"glpat-" + long[:20]:                         "a GitLab token",
		"xoxb-" + long[:12]:                          "a Slack token",
		"sk-" + long[:24]:                            "an API key",
		"eyJ" + long[:10] + ".eyJ" + long[:10] + ".": "a JSON web token",
		"http://host:80/a@b":                         "",
		"http://user@host":                           "",
		"sk-short":                                   "",
		"x://u:${PASSWORD}@h":                        "",
	} {
		if got := secretText(text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestDescriptions(t *testing.T) {
	alias, _ := ir.Alias("env-var")
	for want, typ := range map[string]ir.Type{
		"a string, a boolean or an integer": alias.Type.(ir.RecordType).Field("value"),
		"a map":                             alias,
		"a list or a map":                   ir.EitherType{Types: []ir.Type{ir.ListType{Elem: ir.StrType}, ir.MapType{}, ir.ListType{}}},
		"always":                            ir.EnumType{Values: []ir.Expr{ir.Str("always")}},
		"one of a, 1, null":                 ir.EnumType{Values: []ir.Expr{ir.Str("a"), ir.Num(1), &ir.Null{}}},
	} {
		if got := wanted(typ); got != want {
			t.Errorf("wanted %q, want %q", got, want)
		}
	}
}
