package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const moduleRoot = "../.."

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath string
	Standard   bool
	Deps       []string
}

// importRule forbids packages to depend on others, directly or not. Patterns
// end in "/..." for everything below.
type importRule struct {
	from   string
	ban    []string
	except []string
	why    string
}

// joints are the packages that join readers with writers, where neither may
// know the other; nothing but cmd imports them.
var joints = []string{"hull/convert/rewrite", "hull/convert/verify"}

// importRules is the table of design.md, "Packages".
var importRules = []importRule{
	{
		"hull/ir/diag",
		[]string{"hull/..."},
		nil,
		"diagnostics are at the bottom: everything imports them",
	},
	{
		"hull/ir",
		[]string{"hull/..."},
		[]string{"hull/ir/diag"},
		"the IR is what readers and writers share; it knows neither",
	},
	{
		"hull/ir/...",
		[]string{"hull/convert/...", "hull/emit/...", "hull/cmd/..."},
		nil,
		"imports point from cmd to ir",
	},
	{
		"hull/ir/...",
		[]string{"github.com/compose-spec/...", "github.com/google/go-jsonnet/..."},
		nil,
		"an IR that holds the types of its ends serves no other ends",
	},
	{
		"hull/convert/...",
		[]string{"hull/emit/...", "hull/cmd/...", "hull/convert/rewrite", "hull/convert/verify"},
		nil,
		"a reader that knows a writer converts for that one alone",
	},
	{
		"hull/emit/...",
		[]string{"hull/convert/...", "hull/cmd/..."},
		nil,
		"a writer that knows a reader writes what that one reads alone",
	},
	{
		"hull/convert/compose",
		[]string{"hull/convert/..."},
		nil,
		"readers do not import one another; the facade combines them",
	},
	{
		"hull/convert/polytope",
		[]string{"hull/convert/..."},
		nil,
		"readers do not import one another; the facade combines them",
	},
	{
		"hull/convert/knot",
		[]string{"hull/convert/..."},
		nil,
		"readers do not import one another; the facade combines them",
	},
	{
		"hull/convert/jsonnet",
		[]string{"hull/convert/..."},
		nil,
		"readers do not import one another; the facade combines them",
	},
	{
		"hull/convert/verify",
		[]string{"hull/cmd/...", "hull/convert", "hull/convert/knot", "hull/convert/jsonnet", "hull/convert/rewrite", "hull/emit/report"},
		nil,
		"what proves conversions of compose projects joins the reader of compose and the writers that it needs",
	},
	{
		"hull/convert/rewrite",
		[]string{"hull/cmd/...", "hull/convert", "hull/convert/compose", "hull/emit", "hull/emit/report"},
		nil,
		"what changes Polytope files joins their reader and their writer, and no others",
	},
	{
		"hull/emit/schema",
		[]string{"hull/emit/..."},
		nil,
		"writers do not import one another; the facade combines them",
	},
	{
		"hull/emit/polytope",
		[]string{"hull/emit/..."},
		nil,
		"writers do not import one another; the facade combines them",
	},
	{
		"hull/emit/jsonnet",
		[]string{"hull/emit/..."},
		nil,
		"writers do not import one another; the facade combines them",
	},
	{
		"hull/emit/knot",
		[]string{"hull/emit/..."},
		nil,
		"writers do not import one another; the facade combines them",
	},
	{
		"hull/emit/graph",
		[]string{"hull/emit/..."},
		nil,
		"writers do not import one another; the facade combines them",
	},
	{
		"hull/emit/compose",
		[]string{"hull/emit/...", "github.com/compose-spec/..."},
		nil,
		"a compose file is judged by compose-go, not made by it",
	},
	{
		"hull/ir/knot",
		[]string{"hull/..."},
		nil,
		"what knot prescribes is data that its reader and its writer share",
	},
	{
		"hull/ir/resolve/clojure",
		[]string{"hull/..."},
		nil,
		"an evaluator of Clojure knows nothing of Polytope",
	},
	{
		"hull/ir/resolve",
		[]string{"hull/ir/check/..."},
		nil,
		"the evaluator proves what the checker says; neither leans on the other",
	},
	{
		"hull/emit/report",
		[]string{"hull/..."},
		[]string{"hull/ir/diag"},
		"a rendering of diagnostics needs nothing else",
	},
}

func TestImportRules(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, rule := range importRules {
			if !matches(rule.from, p.ImportPath) || slices.Contains(joints, p.ImportPath) && rule.from != p.ImportPath {
				continue
			}
			for _, dep := range p.Deps {
				if rule.bans(dep) && dep != p.ImportPath {
					t.Errorf("%s depends on %s: %s", p.ImportPath, dep, rule.why)
				}
			}
		}
	}
}

func (r importRule) bans(dep string) bool {
	isMatch := func(pattern string) bool { return matches(pattern, dep) }
	return slices.ContainsFunc(r.ban, isMatch) && !slices.ContainsFunc(r.except, isMatch)
}

func matches(pattern, path string) bool {
	if root, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == root || strings.HasPrefix(path, root+"/")
	}
	return path == pattern
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Deps", "./...")
	cmd.Dir = moduleRoot
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if matches("hull/...", p.ImportPath) {
			pkgs = append(pkgs, p)
		}
	}
	if len(pkgs) < 5 {
		t.Fatalf("go list finds %d packages of hull's", len(pkgs))
	}
	return pkgs
}

// forbiddenCalls are what libraries leave to cmd: "package.Func", or
// "package.*" for all.
var forbiddenCalls = map[string]string{
	"os.Exit":      "libraries return; only cmd exits",
	"os.Getenv":    "the environment must not leak into the output",
	"os.LookupEnv": "the environment must not leak into the output",
	"os.Environ":   "the environment must not leak into the output",
	"os.ExpandEnv": "the environment must not leak into the output",
	"os.Hostname":  "the host must not leak into the output",
	"time.Now":     "the clock must not leak into the output",
	"fmt.Print":    "libraries return; only cmd prints",
	"fmt.Println":  "libraries return; only cmd prints",
	"fmt.Printf":   "libraries return; only cmd prints",
	"os.Stdout":    "libraries return; only cmd prints",
	"os.Stderr":    "libraries return; only cmd prints",
	"os.Stdin":     "readers read only what they are given",
	"log.*":        "libraries return diagnostics",
	"log/slog.*":   "libraries return diagnostics",
	"net/http.*":   "no network",

	"github.com/sirupsen/logrus.*": "libraries return diagnostics; cmd silences compose-go",
}

// allowedPanics are the functions that may panic, as package.Func: for a
// programming error, which no input can bring about.
var allowedPanics = map[string]string{
	"ir.Children":      "a node type that Walk does not know",
	"ir.TypeExpr":      "a type that the type language does not know",
	"builtin.embedded": "a broken modules.yml, which is compiled in",
}

func TestForbiddenCalls(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range libraryFiles(t) {
		src, err := parser.ParseFile(token.NewFileSet(), filepath.Join(moduleRoot, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range uses(src) {
			if why := forbidden(use.name); why != "" {
				t.Errorf("%s: %s uses %s: %s", file, use.in, use.name, why)
			}
			if use.name == "panic" && allowedPanics[use.in] == "" {
				t.Errorf("%s: %s panics: no input may bring that about", file, use.in)
			}
			if use.name == "panic" {
				seen[use.in] = true
			}
		}
	}
	for name := range allowedPanics {
		if !seen[name] {
			t.Errorf("%s may panic, and does not: take it off the list", name)
		}
	}
}

func forbidden(name string) string {
	if why := forbiddenCalls[name]; why != "" {
		return why
	}
	i := strings.LastIndex(name, ".")
	return forbiddenCalls[name[:max(i, 0)]+".*"]
}

// libraryFiles are the Go files outside of cmd, without tests.
func libraryFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, dir := range []string{"ir", "convert", "emit"} {
		err := filepath.WalkDir(filepath.Join(moduleRoot, dir), func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				rel, _ := filepath.Rel(moduleRoot, path)
				files = append(files, rel)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// use is a use of another package's name, or a call of panic.
type use struct {
	in   string // package.Func
	name string // "import/path.Name", or "panic"
}

func uses(f *ast.File) []use {
	imports := map[string]string{}
	for _, spec := range f.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = path
	}
	var found []use
	for _, decl := range f.Decls {
		in := f.Name.Name + "."
		if fn, ok := decl.(*ast.FuncDecl); ok {
			in += fn.Name.Name
		} else if v := variable(decl); v != "" {
			in += v
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
					found = append(found, use{in, imports[x.Name] + "." + n.Sel.Name})
				}
			case *ast.CallExpr:
				if fun, ok := n.Fun.(*ast.Ident); ok && fun.Name == "panic" {
					found = append(found, use{in, "panic"})
				}
			}
			return true
		})
	}
	return found
}

// variable is the name of the first variable that a declaration declares.
func variable(decl ast.Decl) string {
	gen, ok := decl.(*ast.GenDecl)
	if !ok || len(gen.Specs) == 0 {
		return ""
	}
	if spec, ok := gen.Specs[0].(*ast.ValueSpec); ok {
		return spec.Names[0].Name
	}
	return ""
}

// TestForbiddenCallsAreFound breaks the rules in a small file.
func TestForbiddenCallsAreFound(t *testing.T) {
	src := `package p
import ("fmt"; env "os"; "log")
var home = env.Getenv("HOME")
func F() { fmt.Println(); log.Fatal(); panic(1); fmt.Errorf("x") }`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range uses(f) {
		if u.name == "panic" || forbidden(u.name) != "" {
			got = append(got, u.in+" "+u.name)
		}
	}
	want := "p.home os.Getenv, p.F fmt.Println, p.F log.Fatal, p.F panic"
	if strings.Join(got, ", ") != want {
		t.Errorf("found %q, want %s", got, want)
	}
}
