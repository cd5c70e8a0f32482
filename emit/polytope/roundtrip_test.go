package polytope

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
	"olympos.io/encoding/edn"

	"hull/ir"
)

// data is a node as every reader should see it: maps, lists, and texts in
// base64, which tells them from keywords and numbers; those are as written.
func data(n *node) any {
	switch n.kind {
	case textNode, nameNode:
		return encoded(n.text)
	case listNode:
		all := []any{}
		for _, item := range n.items {
			all = append(all, data(item))
		}
		return all
	case recordNode:
		all := map[string]any{}
		for _, f := range n.fields {
			all[encoded(f.key)] = data(f.value)
		}
		return all
	case nullNode:
		return nil
	}
	var x any
	if err := json.Unmarshal([]byte(n.text), &x); err != nil {
		return err
	}
	return x
}

func encoded(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// decoded brings what a decoder yields into the form of data.
func decoded(x any) any {
	switch x := x.(type) {
	case string:
		return encoded(x)
	case edn.Keyword:
		return encoded(string(x))
	case int:
		return float64(x)
	case int64:
		return float64(x)
	case []any:
		for i := range x {
			x[i] = decoded(x[i])
		}
	case map[string]any:
		all := map[string]any{}
		for k, v := range x {
			all[encoded(k)] = decoded(v)
		}
		return all
	case map[any]any:
		all := map[string]any{}
		for k, v := range x {
			all[decoded(k).(string)] = decoded(v)
		}
		return all
	}
	return x
}

var decoders = map[string]func([]byte, any) error{"yml": yaml.Unmarshal, "json": json.Unmarshal, "edn": edn.Unmarshal}

// fileWith puts a text in every position that has one. Where commented says
// so, nodes at any depth have comments.
func fileWith(s string, commented bool) *ir.File {
	m := container("m",
		"image", ir.Str(s),
		"id", ir.Str(s),
		"cmd", ir.NewList(ir.Str(s), ir.Str("x"), ir.Str(s)),
		"env", ir.NewList(ir.NewMap("name", ir.Str(s), "value", ir.Str(s)), ir.NewMap(s+"k", ir.NewMap(s, ir.Str(s)))),
		"mounts", ir.NewList(ir.NewMap("source", ir.NewMap("type", ir.Str("string"), "data", ir.Str(s+"\n"+s)))),
		"x"+s, ir.NewMap("deep", ir.NewList(ir.NewMap("a", ir.Str(s)), ir.NewList(ir.Str(s), ir.NewList(ir.Str(s))))),
		"after", join(ir.Str(s), paramRef("p"), ir.Str(s)))
	m.Info, m.Comments, m.Call.Comments, m.Call.Args.Comments = s, comments(s), comments(s), comments(s)
	m.Params = []*ir.Param{{ID: "p", Info: s, Name: s, Type: &ir.DefaultType{Type: ir.RecordType{Fields: []ir.Field{{Key: s, Type: ir.RegexType{Pattern: s}}}}, Value: ir.Str(s)}}}
	for _, e := range m.Call.Args.Entries {
		ir.Walk(e.Value, func(n ir.Node) bool {
			n.GetMeta().Comments = comments(s)
			return commented
		})
	}
	code := &ir.Module{ID: "c", Code: &ir.Code{Lang: ir.Clojure, Source: s}}
	f := &ir.File{Modules: []*ir.Module{m, code}, Templates: []*ir.Template{{ID: s, Info: s, Run: []*ir.Step{{ID: s, Call: *m.Call, After: s}, step(s)}}}}
	f.Comments = comments(s)
	return f
}

func comments(s string) ir.Comments { return ir.Comments{Head: s, Line: s, Foot: s} }

// TestComments gives each node alone each combination of comments, and finds
// them in the output. The parts of an interpolation have no place for any.
func TestComments(t *testing.T) {
	f := Split(fileWith("x", false), signatures)
	var nodes []ir.Node
	ir.Walk(f, func(n ir.Node) bool {
		nodes = append(nodes, n)
		n.GetMeta().Comments = ir.Comments{}
		_, isInterp := n.(*ir.Interp)
		return !isInterp
	})
	for _, n := range nodes {
		for mask := 1; mask < 8; mask++ {
			c := ir.Comments{Head: pick(mask, 1, "head"), Line: pick(mask, 2, "line"), Foot: pick(mask, 4, "foot")}
			n.GetMeta().Comments = c
			_, texts := checkRoundTrip(t, fmt.Sprintf("%T %+v", n, c), f)
			for _, word := range strings.Fields(c.Head + " " + c.Line + " " + c.Foot) {
				if !bytes.Contains(texts["yml"], []byte("# "+word)) || !bytes.Contains(texts["edn"], []byte(";; "+word)) {
					t.Errorf("%T: %s is lost in\n%s", n, word, texts["yml"])
				}
			}
		}
		n.GetMeta().Comments = ir.Comments{}
	}
}

func pick(mask, bit int, s string) string {
	if mask&bit == 0 {
		return ""
	}
	return s
}

// checkRoundTrip writes a file in each format, reads it back, and returns what
// was read and the texts.
func checkRoundTrip(t *testing.T, what string, f *ir.File) (any, map[string][]byte) {
	t.Helper()
	opts := Options{Header: what, Signatures: signatures}
	f = Split(f, signatures)
	root, err := tree(f, opts)
	if err != nil {
		t.Fatalf("%q: %v", what, err)
	}
	want := data(root)
	texts := map[string][]byte{}
	for ext, write := range writers {
		text, err := write(f, opts)
		if err != nil {
			t.Fatalf("%q: %s: %v", what, ext, err)
		}
		texts[ext] = text
		var got any
		if err := decoders[ext](text, &got); err != nil {
			t.Errorf("%q: %s: %v\n%.2000s", what, ext, err, text)
		} else if got := decoded(got); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %s: got\n%v\nwant\n%v\nin\n%.2000s", what, ext, got, want, text)
		}
	}
	return want, texts
}

// checkLiterals holds law 4: where the text looks like a reference, nothing
// among the arguments does but code that yields a literal.
func checkLiterals(t *testing.T, s string) {
	t.Helper()
	root, err := tree(Split(fileWith(s, true), signatures), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var check func(n *node, inArgs bool)
	check = func(n *node, inArgs bool) {
		if inArgs && n.kind == textNode && ir.LooksLikeReference(n.text) && !strings.HasPrefix(n.text, "#pt-js \"") {
			t.Errorf("%q became the reference %q", s, n.text)
		}
		for _, item := range n.items {
			check(item, inArgs)
		}
		for _, f := range n.fields {
			check(f.value, inArgs || f.key == "args")
		}
	}
	if ir.LooksLikeReference(s) {
		check(root, false)
	}
}

// tricky are texts that some parser reads as something else, or not at all.
var tricky = append([]string{
	"y", "Y", "n", "yes", "No", "on", "OFF", "true", "False", "null", "Null", "~", "nil", ":nil", "nan", ".nan", ".NaN", ".inf", "-.INF", "+.inf", "=", "<<", "inf",
	"22:22", "1:2:3", "190:20:30.15", "80:80", "0o17", "017", "0x1F", "0b1", "1_000", "1e3", "1.0e+3", "1.", ".5", "-1", "+1", "1,000", "-", "--", "---", "...", "--- a", "... a",
	"2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "12e03", "685_230.15", "0.1.2", "1Gi", "512MB", "3.13-slim", "16-alpine", "5m", "1h",
	"a: b", "a:", ":a", "a:b", "a #b", "a#b", "# a", "#a", "- a", "-a", "? a", "?a", "?", "! a", "!a", "&a", "*a", "|", "> a", "%a", "@a", "`a`", "'a'", "\"a\"", "it's", "a, b", ", a", "[a", "a]", "{a}", "a{b}c", "[]",
	"a\\b", "\\", "a|b", "a>b", "http://x:80/?a=b&c=d#e", "postgres:16", "./x", "../x", "/", "~/x", "$x", "${X:-y}", "$(x)", "(x)", "a\tb", "\ta", "a\t", "a\n  b", "a\n\n\nb\n", "a\n\n", "a \nb", "a\n \nb", "a\n\tb", "\t\na", " a\nb", "a\n b\n", "a\n#b\n", "a\n---\nb", "a\n...\nb\n", "a\r\nb", "\u0085", "a\u0085b", "\ufeffa", "a\ufeff", "a\ufeff\nb", "\u2028\n", "\u00a0", "\u200b", "\ufffd", "\ufffe", "\U0010ffff", "é\nü", strings.Repeat("long ", 60), strings.Repeat("k", 200), strings.Repeat("line\n", 40),
	"pt.value x", "pt.secret x\n", " #pt-js 1", "a {pt.param x}", "pt.clj\n(x)", "#pt-js \"x\"",
}, nastyTexts...)

func TestRoundTrip(t *testing.T) {
	for _, s := range tricky {
		checkRoundTrip(t, s, fileWith(s, false))
		checkRoundTrip(t, s, fileWith(s, true))
		checkLiterals(t, s)
	}
	checkRoundTrip(t, "guestbook", guestbook())
	checkRoundTrip(t, "empty", &ir.File{})
}

func FuzzRoundTrip(f *testing.F) {
	for _, s := range tricky {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			if _, err := WriteYAML(fileWith(s, true), Options{}); err == nil {
				t.Error("invalid UTF-8 was written")
			}
			return
		}
		checkRoundTrip(t, s, fileWith(s, false))
		checkRoundTrip(t, s, fileWith(s, true))
		checkLiterals(t, s)
	})
}

// TestOtherReaders gives all files to programs that share no code with hull:
// PyYAML, which reads YAML 1.1, and Clojure.
func TestOtherReaders(t *testing.T) {
	dir := t.TempDir()
	want := map[string]any{}
	texts := append([]string{"guestbook"}, tricky...)
	rng := rand.New(rand.NewSource(1))
	for range 60 {
		texts = append(texts, randomText(rng, "yno~-+._:,#?!&*|>'\"%@`{}[]=<\\/ \n\ta018xeE\u00a0é"), randomText(rng, "0123456789.:_-+eExobT \n"))
	}
	for i, s := range texts {
		f := fileWith(s, i%2 == 0)
		if i == 0 {
			f = guestbook()
		}
		data, files := checkRoundTrip(t, s, f)
		for ext, text := range files {
			file := fmt.Sprintf("%d.%s", i, ext)
			write(t, filepath.Join(dir, file), string(text))
			want[file] = data
		}
	}
	readers := []struct{ name, ext, script string }{
		{"python3", "yml", pythonReader}, {"clojure", "edn", clojureReader},
	}
	for _, r := range readers {
		t.Run(r.name, func(t *testing.T) { confirm(t, r.name, r.ext, r.script, dir, want) })
	}
}

const pythonReader = `
import base64, glob, json, os, sys
try:
    import yaml
except ImportError:
    sys.exit(77)
def encode(x):
    if isinstance(x, str): return base64.b64encode(x.encode()).decode()
    if isinstance(x, list): return [encode(i) for i in x]
    if isinstance(x, dict): return {encode(k): encode(v) for k, v in x.items()}
    if x is None or isinstance(x, (bool, int, float)): return x
    raise Exception(repr(x))
for path in glob.glob("*.yml"):
    with open(path, encoding="utf-8", newline="") as f:
        print(json.dumps([path, encode(yaml.safe_load(f.read()))]))
`

const clojureReader = `
(require '[clojure.edn :as edn] '[clojure.string :as str])
(defn b64 [s] (str \" (.encodeToString (java.util.Base64/getEncoder) (.getBytes ^String s "UTF-8")) \"))
(defn encode [x]
  (cond (string? x)  (b64 x)
        (keyword? x) (b64 (subs (str x) 1))
        (nil? x)     "null"
        (map? x)     (str "{" (str/join "," (map (fn [[k v]] (str (encode k) ":" (encode v))) x)) "}")
        (vector? x)  (str "[" (str/join "," (map encode x)) "]")
        (or (number? x) (boolean? x)) (str x)
        :else        (throw (ex-info "unexpected" {:value x}))))
(doseq [f (.listFiles (java.io.File. "."))
        :when (str/ends-with? (.getName f) ".edn")]
  (println (str "[\"" (.getName f) "\"," (encode (edn/read-string (slurp f :encoding "UTF-8"))) "]")))
`

// confirm runs a program that prints each file it reads as [name, data].
func confirm(t *testing.T, program, ext, script, dir string, want map[string]any) {
	path, err := exec.LookPath("/usr/bin/" + program)
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	args := []string{"-c", script}
	if program == "clojure" {
		write(t, filepath.Join(dir, "read.clj"), script)
		args = []string{"read.clj"}
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() == 77 {
		t.Skip("PyYAML is not installed")
	}
	if err != nil {
		t.Fatalf("%v\n%.3000s\n%.3000s", err, out[max(0, len(out)-300):], stderr.String())
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		var pair [2]any
		if err := json.Unmarshal([]byte(line), &pair); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		file := pair[0].(string)
		if !reflect.DeepEqual(pair[1], want[file]) {
			text, _ := os.ReadFile(filepath.Join(dir, file))
			t.Errorf("%s: got\n%v\nwant\n%v\nin\n%s", file, pair[1], want[file], text)
		}
		seen++
	}
	if seen != len(want)/len(writers) {
		t.Errorf("%d files confirmed, not %d", seen, len(want)/len(writers))
	}
}

func TestPlainSafe(t *testing.T) {
	for _, s := range []string{"web", "./server", "--verbose", "/var/lib", "~/x", "3.13-slim", "512MB", "pt.value web_port", "polytope/redpanda!console", "a&b", "größe", "it's fine"} {
		if !isPlainSafe(s, true) || !isPlainSafe(s, false) {
			t.Errorf("%q needs no quotes", s)
		}
	}
	for _, s := range []string{"postgres:16", "a, b", "what?", "http://x"} {
		if isPlainSafe(s, true) || !isPlainSafe(s, false) {
			t.Errorf("%q needs quotes in flow only", s)
		}
	}
	for _, s := range []string{"", "no", "22:22", "0o17", "1_000", "1e3", "-1", "- x", "a: b", "a #b", "#pt-js 1", "{pt.value x}", "2001-12-14", "<<", "=", "~", "a ", "\n"} {
		if isPlainSafe(s, false) {
			t.Errorf("%q needs quotes", s)
		}
	}
}

func TestFloats(t *testing.T) {
	for f, want := range map[float64]string{0: "0.0", 0.5: "0.5", 2: "2.0", -1.25: "-1.25", 1e21: "1.0e+21", 1.5e-9: "1.5e-09", 1e14: "100000000000000.0", math.MaxFloat64: "1.7976931348623157e+308"} {
		b := &builder{}
		if got := b.float(f); got != want || b.err != nil {
			t.Errorf("%v: got %s (%v), want %s", f, got, b.err, want)
		}
		checkRoundTrip(t, want, &ir.File{Modules: []*ir.Module{container("m", "x", &ir.Float{Value: f}, "y", &ir.Int{Value: math.MaxInt64}, "z", &ir.Null{}, "list", ir.NewList(), "map", &ir.Map{})}})
	}
	for _, f := range []float64{math.NaN(), math.Inf(1)} {
		for ext, write := range writers {
			if _, err := write(&ir.File{Modules: []*ir.Module{container("m", "x", &ir.Float{Value: f})}}, Options{}); err == nil {
				t.Errorf("%s: %v was written", ext, f)
			}
		}
	}
}

// TestUnsplit writes what only Split could have made expressible.
func TestUnsplit(t *testing.T) {
	for want, x := range map[string]ir.Expr{
		`{'x':'pt.value p'}`:                   convert(ir.IntType, value("p")),
		`{'x':'#pt-js parseInt(params['p'])'}`: convert(ir.IntType, paramRef("p")),
		`{'x':5}`:                              convert(ir.IntType, ir.Str("5")),
		`{'x':'a{pt.secret p}'}`:               convert(ir.BoolType, convert(ir.NumType, join(ir.Str("a"), secret("p")))),
		`{'x':['pt.value p']}`:                 convert(ir.StrType, ir.NewList(value("p"))),
	} {
		if got := compactArgs(&ir.File{}, &ir.Call{Module: "m", Args: ir.NewMap("x", x)}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestLines(t *testing.T) {
	f := Split(guestbook(), signatures)
	for ext, write := range map[string]writer{"yml": WriteYAML, "edn": WriteEDN} {
		text, err := write(f, Options{Signatures: signatures})
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			isText := regexp.MustCompile(`^ *:\S+ +"[^"]*"[\]}]*\n$`).MatchString(line) // cannot be broken
			if n := utf8.RuneCountInString(line) - 1; n > lineWidth && !isText {
				t.Errorf("%s: %d columns: %s", ext, n, line)
			}
			if strings.HasSuffix(line, " \n") {
				t.Errorf("%s: a line ends in space: %q", ext, line)
			}
		}
	}
}
