package polytope

import (
	"os"
	"path/filepath"
	"testing"

	"hull/ir"
)

// containerParams are enough of polytope/container for these tests, and a few
// types that it does not use.
var testSignatures = map[string][]*ir.Param{
	"polytope/container": {
		param("image", ir.DockerImageType),
		param("id", ir.MaybeType{Type: ir.IDType}),
		param("cmd", ir.MaybeType{Type: ir.EitherType{Types: []ir.Type{ir.StrType, ir.ListType{Elem: ir.MaybeType{Type: ir.StrType}}}}}),
		param("mounts", ir.MaybeType{Type: ir.ListType{Elem: ir.RecordType{Fields: []ir.Field{
			{Key: "source", Type: alias("mount-source")}, {Key: "path", Type: ir.AbsolutePathType},
		}}}}),
		param("env", ir.MaybeType{Type: ir.ListType{Elem: alias("env-var")}}),
		param("tty", &ir.DefaultType{Type: ir.BoolType, Value: &ir.Bool{Value: true}}),
		param("services", ir.MaybeType{Type: ir.ListType{Elem: alias("service-spec")}}),
		param("user", ir.MaybeType{Type: ir.EitherType{Types: []ir.Type{ir.IntType, ir.StrType}}}),
		param("restart", ir.MaybeType{Type: ir.RecordType{Fields: []ir.Field{
			{Key: "policy", Type: ir.EnumType{Values: []ir.Expr{ir.Str("always"), ir.Str("on-failure")}}},
			{Key: "max-restarts", Type: ir.MaybeType{Type: ir.IntType}},
		}}}),
		param("scaling", ir.MaybeType{Type: ir.IntType}),
		param("resources", ir.MaybeType{Type: ir.RecordType{Fields: []ir.Field{
			{Key: "cpu", Type: ir.RecordType{Fields: []ir.Field{
				{Key: "request", Type: ir.MaybeType{Type: ir.NumType}}, {Key: "limit", Type: ir.MaybeType{Type: ir.NumType}},
			}}},
			{Key: "memory", Type: ir.RecordType{Fields: []ir.Field{{Key: "limit", Type: ir.MaybeType{Type: ir.DataSizeType}}}}},
		}}}),
	},
	"test/kinds": {
		param("level", ir.EnumType{Values: []ir.Expr{ir.Num(1), ir.Num(2)}}),
		param("either", ir.EitherType{Types: []ir.Type{ir.IntType, ir.ListType{Elem: ir.BoolType}}}),
		param("by-name", ir.MapType{Key: ir.StrType, Value: ir.IntType}),
		param("any", ir.AnyType),
	},
}

func signatures(module string) ([]*ir.Param, bool) {
	params, ok := testSignatures[module]
	return params, ok
}

func param(id string, t ir.Type) *ir.Param { return &ir.Param{ID: id, Type: t} }

func alias(name string) ir.Type {
	t, _ := ir.Alias(name)
	return t
}

func value(name string) *ir.Ref  { return &ir.Ref{Kind: ir.ValueRef, Name: name} }
func secret(name string) *ir.Ref { return &ir.Ref{Kind: ir.SecretRef, Name: name} }
func paramRef(id string) *ir.Ref { return &ir.Ref{Kind: ir.ParamRef, Name: id} }

func join(parts ...ir.Expr) *ir.Interp { return &ir.Interp{Parts: parts} }

func env(name string, x ir.Expr) *ir.Map { return ir.NewMap("name", ir.Str(name), "value", x) }

// container is a module that calls polytope/container.
func container(id string, args ...any) *ir.Module {
	return &ir.Module{ID: id, Call: &ir.Call{Module: "polytope/container", Args: ir.NewMap(args...)}}
}

func services(id string, ports ...ir.Expr) *ir.List {
	return ir.NewList(ir.NewMap("id", ir.Str(id), "ports", ir.NewList(ports...)))
}

func step(module string) *ir.Step { return &ir.Step{Call: ir.Call{Module: module}} }

// guestbook is most of the house style's example, and one of everything else
// that has a layout of its own.
func guestbook() *ir.File {
	web := container("web",
		"image", join(ir.Str("nginx:"), value("nginx_tag")),
		"id", ir.Str("web"),
		"env", ir.NewList(env("API_URL", value("web_api_url"))),
		"mounts", ir.NewList(ir.NewMap("path", ir.Str("/usr/share/nginx/html"),
			"source", ir.NewMap("type", ir.Str("host"), "path", ir.Str("site")))),
		"services", services("web",
			ir.NewMap("port", ir.Num(80), "protocol", ir.Str("http"), "expose-as", value("web_port")),
			ir.NewMap("port", ir.Num(9090), "protocol", ir.Str("tcp"), "expose-as", value("metrics_port"))))
	api := container("api",
		"image", ir.Str("guestbook-api"),
		"id", ir.Str("api"),
		"cmd", ir.NewList(ir.Str("./server"), ir.Str("--verbose")),
		"entrypoint", ir.NewList(ir.Str("sh"), ir.Str("-c"), ir.Str("test -x ./server && exec \"$@\" </dev/null"), ir.Str("this is a list that has too many"), ir.Str("columns")),
		"env", ir.NewList(
			env("DATABASE_URL", join(ir.Str("postgres://app:"), secret("db_password"), ir.Str("@db:5432/guestbook"))),
			env("LOG_LEVEL", value("api_log_level")),
			env("MOTTO", ir.Str("pt.secret prod_key"))),
		"restart", ir.NewMap("policy", ir.Str("always")),
		"resources", ir.NewMap("cpu", ir.NewMap("limit", &ir.Float{Value: 0.5}), "memory", ir.NewMap("limit", ir.Str("512MB"))))
	api.Comments.Head = "Serves the entries as JSON."
	api.Call.Args.Get("env").(*ir.List).Items[1].GetMeta().Comments.Head = "debug is noisy"
	api.Call.Args.Get("env").(*ir.List).Items[2].(*ir.Map).Entries[1].Value.GetMeta().Comments.Line = "as it says"
	api.Call.Args.Get("cmd").GetMeta().Comments.Line = "in its image"
	api.Call.Args.Get("id").GetMeta().Comments.Line = "its host name"
	api.Call.Args.Get("image").GetMeta().Comments.Line = "built below,\nfrom its folder"
	api.Call.Comments.Head, api.Call.Args.Comments.Head = "no built-in fits", "its container"
	api.Call.Args.Get("restart").GetMeta().Comments.Line = "unless-stopped"
	job := &ir.Module{ID: "job", Info: "Runs once: then ends.", Params: []*ir.Param{
		{ID: "message", Info: "What to say.", Type: &ir.DefaultType{Type: ir.StrType, Value: ir.Str("no")}},
		{ID: "volume", Type: ir.MaybeType{Type: alias("mount-source")}},
	}, Code: &ir.Code{Lang: ir.Clojure, Source: "(do\n  (println (:message params))\n\n  (pt/sleep \"5s\"))"}}
	runs := step("job")
	runs.Comments.Head = "ends by itself"
	return &ir.File{
		Templates: []*ir.Template{
			{ID: "stack", Run: []*ir.Step{
				step("web"),
				{Call: ir.Call{Module: "api"}, After: "job", Condition: "success"},
				runs,
			}},
			{ID: "hello", Info: "Greets.", Run: []*ir.Step{
				{ID: "greet", Call: ir.Call{Module: "job", Args: ir.NewMap("message", ir.Str("Hello, world!"))}},
			}},
		},
		Modules: []*ir.Module{web, api, job},
		Bindings: []*ir.Binding{
			{Kind: ir.ValueRef, Name: "nginx_tag", Default: ir.Literal("1.27")},
			{Kind: ir.ValueRef, Name: "web_port", Default: ir.Word{variable("WEB_PORT", ":-", ir.Text("8080"))}},
			{Kind: ir.ValueRef, Name: "metrics_port", Default: ir.Word{variable("METRICS_PORT", "")}},
		},
	}
}

type writer func(*ir.File, Options) ([]byte, error)

var writers = map[string]writer{"yml": WriteYAML, "json": WriteJSON, "edn": WriteEDN}

// TestExample compares with testdata; set UPDATE to write it anew.
func TestExample(t *testing.T) {
	f := Split(guestbook(), signatures)
	for ext, write := range writers {
		got, err := write(f, Options{Header: "Code generated by hull from compose.yaml; DO NOT EDIT.", Signatures: signatures})
		if err != nil {
			t.Errorf("%s: %v", ext, err)
		}
		path := filepath.Join("testdata", "guestbook."+ext)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", ext, got, want)
		}
	}
}
