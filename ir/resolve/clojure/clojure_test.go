package clojure_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hull/convert/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/resolve/clojure"
)

var (
	update = flag.Bool("update", false, "write what Clojure answers to testdata/values.txt")
	corpus = flag.String("corpus", "", "a folder with Polytope files, whose code is compared too")
)

// snippet is code with its params, as Clojure data.
type snippet struct{ where, source, params string }

const valuesFile = "testdata/values.txt"

// tableParams are those of the snippets in the table.
const tableParams = `{:name "db" :count 2 :services [{:id "a" :ports [{:port 80} {:port 81}]} {:id "b" :ports []}]
 :volume {:type "volume" :id "v"} :mounts [{:path "/m" :source nil}]}`

// row is a line of the table: code, and what Clojure makes of it; "!" is an
// error.
type row struct{ source, want string }

const arrow = "  ⇒  "

func table(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile(valuesFile)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		source, want, _ := strings.Cut(line, arrow)
		rows = append(rows, row{source, want})
	}
	return rows
}

func (r row) isHeading() bool { return strings.HasPrefix(r.source, "; ") }

// unsupportedRows are the rows of the table that we have no answer to; those
// of names that do not exist come on top.
var unsupportedRows = []string{
	"(* 1/2 4)", "(- 3/2 1/2)", "(/ 1/2 1/4)", "(/ 1 1/2)", "(+ 1/2 1/2)", "(range 1 2 1/2)",
	"(compare '(1) '(1))", "(compare {} {})", "(compare inc inc)", `(map Integer/parseInt ["1"])`, "(map inc)",
	"(str (concat [1 2] [3]))", "(str (drop 1 [1]))", `(format "%q" 1)`, `(re-find #"(" "a")`,
	`(str/split "a1b2" #"(?=\d)")`, "foo", "(foo 1)", "(if true 1 (foo))", `(str/foo "a")`, "params/x", "(bar/baz 1)",
}

// TestValues holds the answers of Clojure against ours, without Clojure.
func TestValues(t *testing.T) {
	counts := map[string]int{}
	for _, r := range table(t) {
		if r.isHeading() {
			continue
		}
		got := answer(t, r.source, tableParams)
		want := "agreed"
		if slices.Contains(unsupportedRows, r.source) {
			want = "unsupported"
		}
		how := verdict(got, r.want)
		counts[how]++
		if how != want {
			t.Errorf("%s: %s, want %s\nClojure %s\n   hull %s", r.source, how, want, r.want, got)
		}
	}
	t.Log(counts)
}

// Answers that are not a value: an error that is Clojure's too, and what is
// not supported.
const failed, notSupported = "!", "?"

// verdict compares our answer with that of Clojure.
func verdict(got, want string) string {
	switch {
	case got == want || strings.HasPrefix(got, failed) && want == failed:
		return "agreed"
	case strings.HasPrefix(got, notSupported):
		return "unsupported"
	}
	return "disagreed"
}

func answer(t *testing.T, source, params string) string {
	t.Helper()
	with, err := clojure.Eval(t.Context(), params, nil)
	if err != nil {
		t.Fatalf("%s: %v", params, err)
	}
	v, err := clojure.Eval(t.Context(), source, with.(*clojure.Map))
	if err != nil {
		e, ok := err.(*clojure.Error)
		if !ok || e.Line < 1 || e.Column < 1 || e.Message == "" {
			t.Errorf("%s: bad error %#v", source, err)
		}
		if ok && (e.Unsupported || e.Effect) {
			return notSupported + e.Error()
		}
		return failed + err.Error()
	}
	return show(v)
}

// show is Print, with sets and large maps in the order of their texts.
func show(v clojure.Value) string {
	switch x := v.(type) {
	case clojure.Vector:
		return "[" + strings.Join(showAll(x), " ") + "]"
	case clojure.List:
		return "(" + strings.Join(showAll(x), " ") + ")"
	case *clojure.Set:
		items := showAll(x.Items())
		slices.Sort(items)
		return "#{" + strings.Join(items, " ") + "}"
	case *clojure.Map:
		var entries []string
		for k, val := range x.All() {
			entries = append(entries, show(k)+" "+show(val))
		}
		if len(entries) > 8 {
			slices.Sort(entries)
		}
		return "{" + strings.Join(entries, ", ") + "}"
	case *clojure.Func:
		return "#function"
	}
	return clojure.Print(v)
}

func showAll(items []clojure.Value) []string {
	var texts []string
	for _, item := range items {
		texts = append(texts, show(item))
	}
	return texts
}

// driver evaluates each snippet of the vector that it reads, and prints one
// line for each.
const driver = `
(ns driver (:require [clojure.string :as s]))
(create-ns 'snippets)
(binding [*ns* (find-ns 'snippets)]
  (clojure.core/refer-clojure)
  (require '[clojure.string :as str] '[clojure.set :as set])
  (intern 'snippets 'params nil))
(defn show [x]
  (cond
    (map? x) (let [es (doall (map (fn [[k v]] (str (show k) " " (show v))) x))]
               (str "{" (s/join ", " (if (> (count es) 8) (sort es) es)) "}"))
    (set? x) (str "#{" (s/join " " (sort (map show x))) "}")
    (vector? x) (str "[" (s/join " " (map show x)) "]")
    (sequential? x) (str "(" (s/join " " (map show x)) ")")
    (fn? x) "#function"
    :else (pr-str x)))
(defn answer [source params]
  (try
    (intern 'snippets 'params (read-string params))
    (show (binding [*ns* (find-ns 'snippets), *out* (java.io.StringWriter.)]
            (load-string source)))
    (catch Throwable e "!")))
(doseq [[source params] (read-string (slurp (first *command-line-args*)))]
  (println (deref (future (answer source params)) 10000 "no answer")))
(flush)
(System/exit 0)
`

// askClojure is what Clojure answers for each snippet, in one process.
func askClojure(t *testing.T, snippets []snippet) []string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a JVM")
	}
	bin, err := exec.LookPath("clojure")
	if err != nil {
		t.Skip("clojure is not installed")
	}
	var pairs clojure.Vector
	for _, s := range snippets {
		pairs = append(pairs, clojure.Vector{s.source, s.params})
	}
	dir := t.TempDir()
	script, input := filepath.Join(dir, "driver.clj"), filepath.Join(dir, "snippets.edn")
	for name, text := range map[string]string{script: driver, input: clojure.Print(pairs)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), bin, script, input)
	cmd.Env = append(os.Environ(), "JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(snippets) {
		t.Fatalf("%d answers for %d snippets\n%s", len(answers), len(snippets), stderr.String())
	}
	return answers
}

// TestClojureAgrees has Clojure evaluate the table, the code of the built-in
// modules, and that of a corpus where one is given.
func TestClojureAgrees(t *testing.T) {
	sources := map[string][]snippet{"table": tableSnippets(t), "modules": moduleSnippets()}
	if *corpus != "" {
		sources["corpus"] = corpusSnippets(t, *corpus)
	}
	var all []snippet
	for _, name := range []string{"table", "modules", "corpus"} {
		for i := range sources[name] {
			sources[name][i].where = name + ": " + sources[name][i].where
		}
		all = append(all, sources[name]...)
	}
	answers := askClojure(t, all)
	if *update {
		writeTable(t, answers)
	}
	counts := map[string]int{}
	for i, s := range all {
		origin, _, _ := strings.Cut(s.where, ":")
		got := answer(t, s.source, s.params)
		how := verdict(got, answers[i])
		counts[origin+" "+how]++
		if answers[i] == failed {
			counts[origin+" errors"]++
		}
		if how == "disagreed" {
			t.Errorf("%s\n%s\nwith %s\nClojure %s\n   hull %s", s.where, s.source, s.params, answers[i], got)
		}
		if how == "unsupported" {
			t.Logf("%s: %s: %s", s.where, s.source, got)
		}
	}
	for _, name := range []string{"table", "modules", "corpus"} {
		t.Logf("%s: %d snippets, %d agreed, %d unsupported, %d disagreed; Clojure throws for %d", name, len(sources[name]),
			counts[name+" agreed"], counts[name+" unsupported"], counts[name+" disagreed"], counts[name+" errors"])
	}
}

func tableSnippets(t *testing.T) []snippet {
	var snippets []snippet
	for _, r := range table(t) {
		if !r.isHeading() {
			snippets = append(snippets, snippet{"", r.source, tableParams})
		}
	}
	return snippets
}

// writeTable writes the answers of Clojure, which begin with the table's.
func writeTable(t *testing.T, answers []string) {
	t.Helper()
	var b strings.Builder
	for _, r := range table(t) {
		if r.isHeading() {
			b.WriteString(r.source + "\n")
			continue
		}
		b.WriteString(r.source + arrow + answers[0] + "\n")
		answers = answers[1:]
	}
	if err := os.WriteFile(valuesFile, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// moduleSnippets is the code of the built-in modules, without params and with
// samples of them.
func moduleSnippets() []snippet {
	var snippets []snippet
	for _, m := range builtin.Modules() {
		snippets = append(snippets, codeOf(m.ID, m, m.Params)...)
	}
	return snippets
}

// codeOf is all pure code of a node, with several sets of params each.
func codeOf(where string, n ir.Node, params []*ir.Param) []snippet {
	var snippets []snippet
	ir.Walk(n, func(n ir.Node) bool {
		code, ok := n.(*ir.Code)
		if ok && code.Lang == ir.Clojure && clojure.IsPure(code.Source) {
			for _, with := range samples(params) {
				snippets = append(snippets, snippet{where, code.Source, with})
			}
		}
		return true
	})
	return snippets
}

// samples are sets of params: none; the required ones; all, in two kinds; and
// all but one.
func samples(params []*ir.Param) []string {
	sets := []string{"{}"}
	for variant := range 3 {
		sets = append(sets, record(params, func(p *ir.Param) string { return sample(p.Type, variant) }))
	}
	for _, left := range params {
		sets = append(sets, record(params, func(p *ir.Param) string {
			if p == left {
				return ""
			}
			return sample(p.Type, 1)
		}))
	}
	slices.Sort(sets)
	return slices.Compact(sets)
}

func record(params []*ir.Param, value func(*ir.Param) string) string {
	var b strings.Builder
	for _, p := range params {
		if text := value(p); text != "" {
			fmt.Fprintf(&b, " :%s %s", p.ID, text)
		}
	}
	return "{" + strings.TrimPrefix(b.String(), " ") + "}"
}

var basicSamples = map[ir.Basic][]string{
	ir.BoolType: {"true", "false"}, ir.IntType: {"8080", "0"}, ir.NumType: {"1.5", "2"}, ir.AnyType: {`{:a [1 "b"]}`, "7"},
}

// sample is a value of a type. Optional ones are left out in variant 0; the
// others take different alternatives.
func sample(typ ir.Type, variant int) string {
	switch typ := typ.(type) {
	case ir.Basic:
		if texts := basicSamples[typ]; texts != nil {
			return texts[variant%2]
		}
		return []string{`"text"`, `"two words"`, `"a \"b\" $c"`}[variant]
	case ir.MaybeType:
		if variant == 0 {
			return ""
		}
		return sample(typ.Type, variant)
	case *ir.DefaultType:
		return sample(typ.Type, max(variant, 1))
	case ir.ListType:
		items := []string{sample(typ.Elem, variant), sample(typ.Elem, 1), sample(typ.Elem, 2)}
		return "[" + strings.Join(items[:variant+1], " ") + "]"
	case ir.MapType:
		return "{" + sample(typ.Key, 1) + " " + sample(typ.Value, variant) + "}"
	case ir.RecordType:
		var b strings.Builder
		for _, f := range typ.Fields {
			if text := sample(f.Type, variant); text != "" {
				fmt.Fprintf(&b, " :%s %s", f.Key, text)
			}
		}
		return "{" + strings.TrimPrefix(b.String(), " ") + "}"
	case ir.EitherType:
		return sample(typ.Types[variant%len(typ.Types)], variant)
	case ir.EnumType:
		if s, ok := typ.Values[variant%len(typ.Values)].(*ir.String); ok {
			return clojure.Print(s.Value)
		}
		return "1"
	}
	return `{:type "host" :path "./x"}`
}

// corpusSnippets is the code of all Polytope files below a folder, once per
// source and params.
func corpusSnippets(t *testing.T, dir string) []snippet {
	t.Helper()
	var snippets []snippet
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isPolytope(path) {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, _ := polytope.Read(polytope.Options{Name: path, Text: text})
		if file == nil {
			return nil
		}
		for _, m := range file.Modules {
			snippets = append(snippets, codeOf(path, m, m.Params)...)
		}
		for _, template := range file.Templates {
			snippets = append(snippets, codeOf(path, template, template.Params)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[2]string]bool{}
	return slices.DeleteFunc(snippets, func(s snippet) bool {
		key := [2]string{s.source, s.params}
		defer func() { seen[key] = true }()
		return seen[key]
	})
}

func isPolytope(path string) bool {
	return slices.Contains([]string{".yml", ".yaml", ".json", ".edn"}, filepath.Ext(path))
}
