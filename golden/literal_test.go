package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"gopkg.in/yaml.v3"

	"hull/convert/compose"
)

// lookalikes are texts that Polytope would read as references or as code, and
// a few that are close to it.
var lookalikes = []string{
	"pt.secret prod_key",
	"pt.value x",
	"pt.param x",
	"{pt.value x}",
	"a {pt.secret b} c",
	"{pt.param p}{pt.value v}",
	"{{pt.value x}}",
	"#pt-js 1+1",
	"#pt-clj (+ 1 1)",
	"#pt-value x",
	"pt.clj (x)",
	"pt.js 1",
	" pt.secret padded ",
	"line\npt.value x\n{pt.secret y}",
	"it's \"pt.value x\" \\ {pt.value y}",
	"pt.values",
	"{pt.value",
	"pt",
	"#pt",
	"plain",
}

// TestLiteralLaw holds law 4: a text of the source that reads like a reference
// stays that text, in every format and every position. Values are off, or they
// would take the texts out of the file.
func TestLiteralLaw(t *testing.T) {
	c := testCase{name: "literals"}
	project := filepath.Join(t.TempDir(), c.name)
	writeYAML(t, filepath.Join(project, "compose.yaml"), literalProject())
	want := literalArgs()
	for _, policy := range []compose.ValuePolicy{compose.ValuesNone, compose.ValuesInterpolated} {
		c.compose.Values = policy
		r := c.convertIn(t, project, false)
		if r.file == nil {
			t.Fatalf("refused:\n%s", r.texts[reportFile])
		}
		for name := range formats {
			tree := evaluated(t, parse(t, name, r.texts[name]), true)
			got := containerArgs(t, tree, "app")
			for key := range want {
				if !reflect.DeepEqual(got[key], want[key]) {
					t.Errorf("%s, values %s, %s: got\n%q\nwant\n%q", name, policy, key, got[key], want[key])
				}
			}
		}
	}
}

// literalProject has the texts wherever a compose file can hold free text that
// reaches the output, and a port that splits the module in two.
func literalProject() map[string]any {
	env, labels := map[string]any{}, map[string]any{}
	var mounts []any
	configs, used := map[string]any{}, []any{}
	for i, text := range lookalikes {
		env[fmt.Sprintf("TEXT_%02d", i)] = text
		labels[fmt.Sprintf("com.example.l%02d", i)] = text
		mounts = append(mounts, map[string]any{"type": "bind", "source": "/host/" + text, "target": "/in/" + text})
		name := fmt.Sprintf("c%02d", i)
		configs[name] = map[string]any{"content": text}
		used = append(used, name)
	}
	return map[string]any{
		"services": map[string]any{
			"app": map[string]any{
				"image": "ghcr.io/acme/app:7", "command": lookalikes, "entrypoint": lookalikes, "environment": env,
				"volumes": mounts, "configs": used, "working_dir": "/w/" + lookalikes[3], "user": lookalikes[0],
				"ports": []string{"${APP_PORT:-8080}:80"},
			},
			"built": map[string]any{
				"build": map[string]any{"context": ".", "target": lookalikes[1], "labels": labels},
			},
		},
		"configs": configs,
	}
}

// literalArgs are the arguments that literalProject has to become.
func literalArgs() map[string]any {
	words, env, mounts := []any{}, []any{}, []any{}
	for i, text := range lookalikes {
		words = append(words, text)
		env = append(env, map[string]any{"name": fmt.Sprintf("TEXT_%02d", i), "value": text})
		// compose-go cleans a mount's target as a path.
		mounts = append(mounts, map[string]any{
			"path":   filepath.Clean("/in/" + text),
			"source": map[string]any{"type": "host", "path": "/host/" + text},
		})
	}
	for i, text := range lookalikes {
		mounts = append(mounts, map[string]any{
			"path": fmt.Sprintf("/c%02d", i), "source": map[string]any{"type": "string", "data": text},
		})
	}
	return map[string]any{
		"cmd": words, "entrypoint": words, "env": env, "mounts": mounts,
		"workdir": "/w/" + lookalikes[3], "user": lookalikes[0],
	}
}

// TestLiteralLabels holds law 4 for the arguments of a build.
func TestLiteralLabels(t *testing.T) {
	c := testCase{name: "literals", settings: settings{compose: compose.Options{Values: compose.ValuesNone}}}
	project := filepath.Join(t.TempDir(), c.name)
	writeYAML(t, filepath.Join(project, "compose.yaml"), literalProject())
	r := c.convertIn(t, project, false)
	want := map[string]any{}
	for i, text := range lookalikes {
		want[fmt.Sprintf("com.example.l%02d", i)] = text
	}
	for name := range formats {
		args := containerArgs(t, evaluated(t, parse(t, name, r.texts[name]), true), "built-image")
		if !reflect.DeepEqual(args["labels"], want) || args["target"] != lookalikes[1] {
			t.Errorf("%s: got\n%q", name, args)
		}
	}
}

// TestLiteralInScript holds law 4 where a text leaves the file: as a value it
// is the script that has to keep it, and no default of a parameter may turn it
// into a reference.
func TestLiteralInScript(t *testing.T) {
	c := testCase{name: "literals", settings: settings{compose: compose.Options{Values: compose.ValuesAll}}}
	c.dir = t.TempDir()
	input := filepath.Join(c.dir, "input")
	writeYAML(t, filepath.Join(input, "compose.yaml"), literalProject())
	r := c.convertIn(t, c.copyProject(t, t.TempDir()), false)
	checkFormatsAgree(t, r.texts)
	checkScript(t, &c, r)
}

// mayRefer is everything that Polytope, in any dialect, takes for a reference
// or for code. It is written down apart from the writer's own rule, which it
// checks.
var mayRefer = regexp.MustCompile(`^\s*#?pt[.-](\w+)(\s|$)|\{\s*#?pt[.-]`)

// evaluated replaces code by what it yields. Where there must be no
// references, a string that could be one is an error.
func evaluated(t *testing.T, x any, isArgs bool) any {
	t.Helper()
	switch x := x.(type) {
	case string:
		return evaluatedText(t, x, isArgs)
	case []any:
		return mapSlice(x, func(item any) any { return evaluated(t, item, isArgs) })
	case map[string]any:
		all := map[string]any{}
		for k, v := range x {
			all[k] = evaluated(t, v, isArgs)
		}
		return all
	}
	return x
}

func evaluatedText(t *testing.T, s string, isArgs bool) any {
	t.Helper()
	source, isCode := strings.CutPrefix(s, "#pt-js ")
	switch {
	case isCode && strings.Contains(source, "params["):
		return s // a conversion, which needs its params
	case isCode:
		if mayRefer.MatchString(source) {
			t.Errorf("the code %q could be searched for references", source)
		}
		v, err := goja.New().RunString(source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		return v.Export()
	case isArgs && mayRefer.MatchString(s) && s != "pt.value app_port":
		t.Errorf("%q is a reference", s)
	}
	return s
}

// containerArgs are the arguments with which a module, or its base, calls a
// module of Polytope's.
func containerArgs(t *testing.T, tree any, id string) map[string]any {
	t.Helper()
	modules, _ := tree.(map[string]any)["modules"].([]any)
	for _, m := range modules {
		m := m.(map[string]any)
		callee, _ := m["module"].(string)
		if (m["id"] == id || m["id"] == id+"-base") && strings.HasPrefix(callee, "polytope/") {
			return m["args"].(map[string]any)
		}
	}
	t.Fatalf("no module %s in %v", id, tree)
	return nil
}

func writeYAML(t *testing.T, path string, x any) {
	t.Helper()
	text, err := yaml.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
