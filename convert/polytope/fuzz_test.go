package polytope_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"olympos.io/encoding/edn"

	"hull/convert/polytope"
	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/diag"
)

// seed adds what the golden cases hold in a format, and some of its corners.
func seed(f *testing.F, ext string, more ...string) {
	files, _ := filepath.Glob("../../golden/testdata/*/polytope." + ext)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil && len(text) < 4000 {
			f.Add(string(text))
		}
	}
	for _, text := range more {
		f.Add(text)
	}
}

// checkRead reads any text: it ends, its report is well-formed, and what was
// read without an error is the same in every format.
func checkRead(t *testing.T, ext, text string) (*ir.File, *diag.Report) {
	f, report := polytope.Read(polytope.Options{Name: "f." + ext, Text: []byte(text)})
	checkReport(t, report)
	if f == nil && !report.HasErrors() {
		t.Error("nothing was read, and nothing said")
	}
	checkRanges(t, f, report, text)
	if f == nil || report.HasErrors() {
		return f, report
	}
	if _, err := writer.WriteJSON(f, writer.Options{}); err == nil {
		checkFormats(t, text, f)
	}
	return f, report
}

// checkRanges sees that every range is inside of the text.
func checkRanges(t *testing.T, f *ir.File, report *diag.Report, text string) {
	lines := strings.Split(text, "\n")
	check := func(r ir.Range) {
		for _, p := range []ir.Pos{r.Start, r.End} {
			if r.IsValid() && (p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len([]rune(lines[p.Line-1]))+1) {
				t.Errorf("outside of the text: %+v", r)
			}
		}
	}
	for _, d := range report.Diagnostics {
		check(d.Subject)
	}
	if f != nil {
		ir.Walk(f, func(n ir.Node) bool { check(n.GetMeta().Rng); return true })
	}
}

func FuzzYAML(f *testing.F) {
	seed(f, "yml", "a: &a [*a]", "<<: [1]", "a: {{ b }}", "? [a]\n: b", "templates: [{id: a, run: [{template: a}]}]", "tools: {a: {run: [{code: b}]}}",
		"modules:\n- args: # a\n    b: |2 # c\n        d\n   # e\n    f: 'g # h' # i\n", "modules: [{params: {a: {type: [b, # c\nd]}}}]", "modules: [{args: {a: '{pt.value b}{pt.c}'}}]")
	f.Fuzz(func(t *testing.T, text string) { checkRead(t, "yml", text) })
}

// FuzzJSON holds that exactly what is JSON is read without a syntax error, and
// to the same values.
func FuzzJSON(f *testing.F) {
	seed(f, "json", `[1,]`, `{"a":1,}`, `[1 2]`, `// a`, `{"a" /* b */: 1}`, `"\ud800"`, `[-0, 1e5, 1.5E-3, 01, 1., .5, +1]`, `nul`, `"\q"`, "\"\t\"", "\ufeff1")
	f.Fuzz(func(t *testing.T, text string) {
		x := `{"modules":[{"id":"m","module":"n","args":{"a":` + text + `}}]}`
		file, report := checkRead(t, "json", x)
		codes := codesOf(report)
		if strings.Contains(codes, "limit") || strings.Contains(codes, "scaffold") || strings.Contains(text, `\u`) || !utf8.ValidString(text) {
			return
		}
		if isJSON := json.Valid([]byte(x)); isJSON == strings.Contains(codes, "syntax") {
			t.Errorf("JSON: %v, and hull says %v", isJSON, report.Diagnostics)
		}
		if codes == "" {
			var want any
			_ = json.Unmarshal([]byte(text), &want)
			sameData(t, dataOf(argOf(file)), normal(want), text)
		}
	})
}

func FuzzEDN(f *testing.F) {
	seed(f, "edn", `#_`, `#_#_a`, `\`, `#`, `##`, `#:`, `^`, `#a`, `(`, `"\`, `{:a}`, `#{1 1}`, `#?@(a)`, `:a/b`, `::a`, `:`, `(f \) "\"" #"\"" ; )`, `[1N 2M 1/2 -0x1F +1.5e3]`, `#inst "x"`, `{"a" 1, :b [nil true], c \d}`)
	f.Fuzz(func(t *testing.T, text string) {
		x := `{:modules [{:id :m :module :n :args {:a ` + text + "\n}}]}"
		file, report := checkRead(t, "edn", x)
		var want any
		if codesOf(report) != "" || edn.Unmarshal([]byte(text), &want) != nil || !isPlain(text) {
			return
		}
		sameData(t, dataOf(argOf(file)), normal(want), text)
	})
}

// isPlain leaves out what is read as something else than data, or where the edn
// package differs: it takes "a#b" for a symbol a and a tag, for example.
func isPlain(s string) bool {
	return !strings.ContainsAny(s, `#('@^\`+"`~") && !strings.Contains(s, "pt") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || r < ' ' && r != '\n' })
}

func argOf(f *ir.File) ir.Expr {
	if f == nil || len(f.Modules) == 0 || f.Modules[0].Call == nil {
		return nil
	}
	return f.Modules[0].Call.Args.Get("a")
}

// dataOf is an expression as plain data; references and code are none.
func dataOf(x ir.Expr) any {
	switch x := x.(type) {
	case *ir.Bool:
		return x.Value
	case *ir.Int:
		return float64(x.Value)
	case *ir.Float:
		return x.Value
	case *ir.String:
		return x.Value
	case *ir.List:
		all := []any{}
		for _, i := range x.Items {
			all = append(all, dataOf(i))
		}
		return all
	case *ir.Map:
		all := map[string]any{}
		for _, e := range x.Entries {
			all[e.Key] = dataOf(e.Value)
		}
		return all
	case *ir.Code:
		return x.Source // a symbol
	}
	return nil
}

// normal brings what another reader yields into the form of dataOf.
func normal(x any) any {
	switch x := x.(type) {
	case edn.Keyword:
		return string(x)
	case edn.Symbol:
		return string(x)
	case int64:
		return float64(x)
	case int:
		return float64(x)
	case big.Int:
		return normal(&x)
	case *big.Int:
		f, _ := new(big.Float).SetInt(x).Float64()
		return f
	case big.Float:
		return normal(&x)
	case *big.Float:
		f, _ := x.Float64()
		return f
	case []any:
		all := []any{}
		for _, i := range x {
			all = append(all, normal(i))
		}
		return all
	case map[any]any:
		all := map[string]any{}
		for k, v := range x {
			key := fmt.Sprint(normal(k))
			if k == nil {
				key = "nil"
			}
			all[key] = normal(v)
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for k, v := range x {
			all[k] = normal(v)
		}
		return all
	}
	return x
}

func sameData(t *testing.T, got, want any, text string) {
	t.Helper()
	if text, ok := want.(string); ok && (ir.LooksLikeReference(text) || strings.Contains(text, "pt")) {
		return
	}
	if !reflect.DeepEqual(got, want) && !strings.Contains(text, "pt") {
		t.Errorf("%q: %#v, and another reader has %#v", text, got, want)
	}
}

// TestYAMLData compares the values of plain YAML with those of the parser's own
// decoder.
func TestYAMLData(t *testing.T) {
	for _, text := range []string{
		"[1, -2, 0x1F, 0o17, 1_000, 1.5, 1e3, true, null, ~, text, 'a', \"\\u00e9\"]",
		"{a: {b: [c]}, ? d : e, 'f g': |-\n    h\n    i\n  }",
		">-\n      a\n      b\n\n      c",
	} {
		f, found := read("f.yml", []byte(args(text, "yml")))
		var want struct {
			Modules []struct{ Args struct{ A any } }
		}
		if err := yaml.Unmarshal([]byte(args(text, "yml")), &want); err != nil {
			if f != nil {
				t.Errorf("%s: read, and it is not YAML: %v", text, err)
			}
			continue
		}
		if f == nil || len(found) > 0 {
			t.Errorf("%s: %q", text, found)
			continue
		}
		sameData(t, dataOf(argOf(f)), normal(want.Modules[0].Args.A), text)
	}
}

// TestClojureAgrees has Clojure read the same EDN, where it is installed.
func TestClojureAgrees(t *testing.T) {
	jars, _ := filepath.Glob("/usr/share/java/clojure*.jar")
	java, err := exec.LookPath("java")
	if err != nil || len(jars) == 0 {
		t.Skip("Clojure is not installed")
	}
	forms := []string{
		`[1 -2 3N 0x1F 017 2r101 +5 1.5 2e3 4.0M nil true false]`, `"\t\"\\\u00e9\b\f\101"`, `:polytope/redpanda!console`,
		`{:a {:b [1 2]}, "c" "d" :e #_f :g}`, `#:n{:a 1 :m/b 2}`, "[1 ; a\n 2]", `[a b/c d.e]`, `:couchbase.seed.nodes`, `[\a \newline \u0041 \o101]`, `"\ud83d\ude00"`,
	}
	script := `(require 'clojure.edn 'clojure.walk)
(defn j [x] (cond (nil? x) "null" (string? x) (pr-str x) (char? x) (pr-str (str x)) (keyword? x) (pr-str (subs (str x) 1)) (symbol? x) (pr-str (str x))
  (map? x) (str "{" (clojure.string/join "," (map (fn [[k v]] (str (j (if (string? k) k k)) ":" (j v))) x)) "}")
  (vector? x) (str "[" (clojure.string/join "," (map j x)) "]") (number? x) (str (double x)) :else (str x)))
(doseq [s (clojure.edn/read-string (slurp *in*))] (println (j (clojure.edn/read-string s))))`
	var input strings.Builder
	for _, form := range forms {
		quoted, _ := json.Marshal(form)
		input.Write(quoted)
	}
	cmd := exec.Command(java, "-cp", strings.Join(classPath(jars), ":"), "clojure.main", "-e", "(require 'clojure.string)"+script)
	cmd.Stdin = strings.NewReader("[" + input.String() + "]")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("Clojure does not run: %v", err)
	}
	lines := slices.Collect(strings.Lines(string(out)))
	lines = slices.DeleteFunc(lines, func(s string) bool { return strings.HasPrefix(s, "#'") }) // what defn yields
	if len(lines) != len(forms) {
		t.Fatalf("%d forms, and %d answers: %s", len(forms), len(lines), out)
	}
	for i, form := range forms {
		var want any
		if err := json.Unmarshal([]byte(lines[i]), &want); err != nil {
			t.Errorf("%s: %q: %v", form, lines[i], err)
			continue
		}
		f, _ := read("f.edn", []byte(args(form, "edn")))
		if got := dataOf(argOf(f)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, and Clojure has %#v", form, got, want)
		}
	}
}

// classPath is Clojure with what it needs.
func classPath(jars []string) []string {
	more, _ := filepath.Glob("/usr/share/java/*spec*alpha*.jar")
	return append(jars, more...)
}
