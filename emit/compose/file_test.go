package compose_test

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"hull/convert/polytope"
	"hull/emit/compose"
	"hull/ir"
)

// TestLosses holds that a module which is no service is named, and parameters
// that cannot be set.
func TestLosses(t *testing.T) {
	f, _ := polytope.Read(polytope.Options{Name: "polytope.yml", Text: []byte(`
templates:
  - {id: stack, run: [web, {id: step, module: wrapped}]}
  - id: other
    params: [{id: tag, type: [default, str, "1"]}, {id: port, type: [default, int, 80]}]
    run: [web]
  - {id: part, params: [{id: host, type: str}, {id: tag, type: [default, str, "1"]}], run: [only-part]}
modules:
  - {id: only-part, module: polytope/container, args: {image: web}}
  - {id: web, module: polytope/container, args: {image: web}}
  - {id: wrapped, module: base}
  - {id: base, module: polytope/container, args: {image: base}}
  - {id: forgotten, module: forgotten-base}
  - {id: forgotten-base, module: polytope/container, args: {image: forgotten}}
  - {id: script, code: "#pt-py print('hello')"}
`)})
	f, ds := compose.Runnable(f)
	golden(t, "testdata/file.report", compose.Report(append(ds, compose.Losses(f)...)))
	f.Templates = nil
	if ds := compose.Losses(f); len(ds) > 0 {
		t.Errorf("a file without templates: %v", ds)
	}
}

// TestRequire holds that values without a binding share no variable, with one
// another, with those that have one or with the environment's own.
func TestRequire(t *testing.T) {
	bindings := []*ir.Binding{
		{Kind: ir.ValueRef, Name: "live", Default: ir.Word{ir.Variable{Name: "TAG", Op: ":-", Arg: ir.Literal("1")}}},
		{Kind: ir.ValueRef, Name: "port", Default: ir.Literal("80")},
	}
	refs := []*ir.Ref{
		{Kind: ir.ValueRef, Name: "x"},
		{Kind: ir.SecretRef, Name: "x"},
		{Kind: ir.ValueRef, Name: "x"},
		{Kind: ir.ValueRef, Name: "tag"},
		{Kind: ir.SecretRef, Name: "port"},
		{Kind: ir.ValueRef, Name: "home"},
		{Kind: ir.ValueRef, Name: "port"},
	}
	want := []string{"value live TAG", "value port ", "value x X", "secret x X_SECRET", "value tag TAG_VALUE", "secret port PORT_SECRET", "value home HOME_VALUE"}
	bound := compose.Require(bindings, refs)
	if len(bound) != len(want) || len(bindings) != 2 {
		t.Fatalf("%d bindings", len(bound))
	}
	for i, b := range bound {
		v, _ := b.Default[0].(ir.Variable)
		if got := b.Kind.String() + " " + b.Name + " " + v.Name; got != want[i] {
			t.Errorf("got %q, want %q", got, want[i])
		}
	}
}

const paths = `
templates:
  - {id: stack, run: [web, image]}
modules:
  - id: web
    module: polytope/container
    args:
      image: web
      mounts:
        - {path: /a, source: {type: host, path: site}}
        - {path: /b, source: {type: host, path: ./site}}
        - {path: /c, source: {type: host, path: ../up}}
        - {path: /d, source: {type: host, path: .}}
        - {path: /e, source: {type: host, path: "pt.value dir"}}
        - {path: /f, source: {type: host, path: "./pre-{pt.value dir}/x"}}
        - {path: /g, source: {type: host, path: "pre/{pt.value dir}"}}
        - {path: /h, source: {type: host, path: /etc}}
        - {path: /i, source: {type: host, path: ./../../far}}
        - {path: /run/secrets/tls, source: {type: string, data: pt.secret tls}}
        - {path: /conf, source: {type: string, data: pt.value conf}}
  - id: image
    module: polytope/build-image
    args:
      tags: [web]
      sources:
        - {path: /, source: {type: host, path: ./app}}
        - {path: /Dockerfile, source: {type: host, path: ./docker/web.Dockerfile}}
`

const pathValues = `
pt values set dir data
pt secrets set tls "$(cat tls/key)"
pt values set conf "$(cat ./conf)"
`

// TestFolders holds that a compose file in another folder than the Polytope
// file has the same paths, as compose-go makes them absolute.
func TestFolders(t *testing.T) {
	want := []string{
		"/a /home/me/src/site", "/b /home/me/src/site", "/c /home/me/up", "/d /home/me/src", "/e /home/me/src/data", "/f /home/me/src/pre-data/x",
		"/g /home/me/src/pre/data", "/h /etc", "/i /home/far", "context /home/me/src/app", "dockerfile /home/me/src/docker/web.Dockerfile",
		"secret /home/me/src/tls/key", "config /home/me/src/conf",
	}
	f, report := polytope.Read(polytope.Options{Name: "polytope.yml", Text: []byte(paths), Script: []byte(pathValues), ScriptName: "script.sh"})
	if report.HasErrors() {
		t.Fatal(report.Diagnostics)
	}
	const src = "/home/me/src"
	for _, out := range []string{src, src + "/sub", src + "/site", "/home/me/sibling", "/home/me", "/srv/deploy", "/"} {
		data, _, err := compose.WriteAll(jobs(t, f), compose.Options{Bindings: f.Bindings, FileDir: src, WorkDir: src, OutDir: out})
		if err != nil {
			t.Fatal(err)
		}
		if got := absolutePaths(t, data, out); !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nfrom\n%s", out, strings.Join(got, "\n"), data)
		}
	}
}

// absolutePaths are those of the first service, as compose-go has them for a
// file in a folder.
func absolutePaths(t *testing.T, data []byte, dir string) []string {
	t.Helper()
	details := types.ConfigDetails{WorkingDir: dir, ConfigFiles: []types.ConfigFile{{Filename: path.Join(dir, "compose.yaml"), Content: data}}}
	p, err := loader.LoadWithContext(context.Background(), details, func(o *loader.Options) { o.SetProjectName("proj", false) })
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	web := p.Services["web"]
	var all []string
	for _, v := range web.Volumes {
		all = append(all, v.Target+" "+v.Source)
	}
	dockerfile := web.Build.Dockerfile
	if !path.IsAbs(dockerfile) {
		dockerfile = path.Join(web.Build.Context, dockerfile)
	}
	return append(all, "context "+web.Build.Context, "dockerfile "+dockerfile, "secret "+p.Secrets["tls"].File, "config "+p.Configs[web.Configs[0].Source].File)
}
