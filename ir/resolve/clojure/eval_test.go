package clojure

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func evalError(t *testing.T, source string) *Error {
	t.Helper()
	v, err := Eval(t.Context(), source, nil)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v without an error", source, v)
	}
	return e
}

func TestErrorPositions(t *testing.T) {
	for _, c := range []struct {
		source       string
		line, column int
		message      string
	}{
		{"", 1, 1, "no code"},
		{"(foo)", 1, 2, "foo"},
		{"(+ 1\n   (inc nil))", 2, 4, "nil is no number"},
		{"(map inc\n [1 \"a\"])", 1, 1, `"a" is no number`},
		{"(count (map (fn [x]\n  (inc x)) [nil]))", 2, 3, "nil is no number"},
		{"(do\n  (doall (map inc [1 nil])))", 2, 10, "nil"},
		{"(let [é \"é\"]\n  (é))", 2, 3, "cannot be called"},
		{"[\"é\" (nth [] 3)]", 1, 6, "index 3"},
		{"(let [a] a)", 1, 6, "names and values"},
		{"{:a 1\n :a 2}", 2, 2, "duplicate"},
		{"[1 2", 1, 5, "ends before ]"},
		{"(str \"a", 1, 6, "no end"},
		{"(str \"a\n\\q\")", 2, 1, "escape"},
		{"1 )", 1, 3, "nothing for )"},
		{"1\n2", 2, 1, "behind the first form"},
		{"(loop [x 1]\n (+ 1 (recur 2)))", 2, 7, "recur"},
		{"(-> 1\n  (+ nil))", 2, 3, "nil"},
		{"(cond-> 1 true\n  (+ nil))", 2, 3, "nil"},
		{"((fn [x] x))", 1, 1, "0 arguments"},
		{"(case 1 2 3)", 1, 1, "matches 1"},
		{"(let [[a] 5] a)", 1, 7, "no collection"},
		{"(.toString 1)", 1, 2, "Java"},
		{"#(+ %0)", 1, 5, "numbered"},
		{"(for [x 5] x)", 1, 1, "no collection"},
		{"(recur)", 1, 1, "recur"},
		{"(defn f [] 1)", 1, 2, "defn"},
		{"(1 2 3)", 1, 1, "no function"},
		{"(re-find #\"(?=a)\" \"a\")", 1, 10, "(?"},
	} {
		e := evalError(t, c.source)
		if e.Line != c.line || e.Column != c.column || !strings.Contains(e.Message, c.message) {
			t.Errorf("%s\ngot %v, want %d:%d: …%s…", c.source, e, c.line, c.column, c.message)
		}
	}
}

func TestUnsupported(t *testing.T) {
	for _, source := range []string{
		"(defn f [] 1)", "(def x 1)", "@x", "`a", "~a", "::kw", "#'a", "1N", "1.5M", "99999999999999999999", "#inst \"2020\"",
		"(.toString 1)", "(Math/abs -1)", "(java.util.Date.)", "(atom 1)", "(map inc)", "(into [] (map inc) [1])", "(+ 1/2 1/2)",
		"(str (map inc [1]))", "(str inc)", "(/ 1.0 0)", `(re-find #"(?=a)" "a")`, `(re-find #"a++" "a")`, `(re-find #"[a&&b]" "a")`,
		`(re-find #"(a)\1" "aa")`, `(re-find #"a$" "a\n")`, `(re-seq #"^a*" "ab")`, `(count (seq "😀"))`, `(subs "😀" 1)`,
		"(try 1 (catch NumberFormatException e 2))", "(try (foo) (catch Exception e 2))", "#?(:clj 1)", "#:a{:b 1}",
		"(try (pr-str (range)) (catch Exception e 2))", "(float 1)", "(ex-message (try (inc nil) (catch Exception e e)))",
		"(fn [x] {:pre [x]} x)", "1 2",
	} {
		if e := evalError(t, source); !e.Unsupported || e.Effect {
			t.Errorf("%s: %#v is not unsupported", source, e)
		}
	}
}

// What Clojure counts as two characters is not taken apart, but goes through.
func TestBeyondTheBasicPlane(t *testing.T) {
	for source, want := range map[string]string{
		`(str "😀" \a)`: `"😀a"`, `(count "😀")`: "2", `(str/upper-case "a😀")`: `"A😀"`, `"\ud83d\ude00"`: `"😀"`,
	} {
		if v, err := Eval(t.Context(), source, nil); err != nil || Print(v) != want {
			t.Errorf("%s: %s, %v, want %s", source, Print(v), err, want)
		}
	}
}

func TestEffects(t *testing.T) {
	for source, pure := range map[string]bool{
		"(pt/spawn {})": false, "pt/module-repo-ref": false, "(map pt/open-service [1])": false, "(println 1)": false,
		"(rand-int 5)": false, "(clojure.core/println 1)": false, "(let [x (random-uuid)] x)": false,
		"(pt/call-module \"a\" {}))": false, "(str \"a\" (pt/f": false, "#(pt/f %)": false, "{:a [pt/x]}": false,
		"(System/getenv \"HOME\")": false,
		"(:a params)":              true, "\"pt/x\"": true, ":pt/x": true, "'pt/x": true, "; pt/x\n1": true, "#_pt/x 1": true,
		"(comment (pt/x)) ": true, "(:pt/x {})": true, "ptx/y": true, "": true, "(str \"a": true,
	} {
		if IsPure(source) != pure {
			t.Errorf("%s: pure %v, want %v", source, !pure, pure)
		}
		_, err := Eval(t.Context(), source, nil)
		var e *Error
		if errors.As(err, &e) && e.Effect == pure && !strings.Contains(e.Message, "end") && !strings.Contains(e.Message, "close") {
			t.Errorf("%s: %#v", source, e)
		}
	}
}

// An effect that is not reached leaves the value as it is.
func TestEffectNotReached(t *testing.T) {
	v, err := Eval(t.Context(), `(if (:x params) (pt/spawn {}) "plain")`, NewMap())
	if v != "plain" || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestBounds(t *testing.T) {
	for _, source := range []string{
		"(loop [] (recur))", "(range)", "(vec (range))", "(count (iterate inc 0))", "(reduce + (range))", "(str (range))",
		"((fn f [x] (f x)) 1)", "((fn f [x] (inc (f x))) 1)", "(last (cycle [1]))", "(= (range) (range))", "(apply str (repeat \"a\"))",
		"(reduce (fn [s _] (str s s)) \"ab\" (range 100))", "(str/join (repeat 100000 (str/join (repeat 1000 \"x\"))))",
		"(loop [v [1]] (recur (into v v)))", "(loop [v '(1)] (recur (concat v v)))", "(nth (iterate (fn [x] [x x]) 1) 400)",
		"(nth (iterate (fn [x] #{[x 1] [x 2]}) #{}) 400)", "(nth (iterate (fn [x] {x x}) 1) 400)", "(nth (iterate vector 1) 100000)",
		"(reduce (fn [s _] (map inc s)) [1] (range 100000))", "(flatten (nth (iterate vector 1) 100000))",
		"(repeat 10000000 1)", "(format \"%99999999d\" 1)", "(dotimes [i 100000000] i)", "(doseq [x (range)] x)",
		"(reduce conj [] (range 99999))", "(reduce #(assoc %1 %2 1) {} (range 99999))", "(sort (range))", "(str/replace (str/join (repeat 9999 \"a\")) \"a\" (str/join (repeat 9999 \"a\")))",
		"(filter neg? (range))", "(some neg? (range))", "(first (filter neg? (range)))", "(take-nth 2 (range))", "(partition 2 (range))",
		"(try (loop [] (recur)) (catch Throwable e 1))", "(case [(range)] 1 2)", "(get {} (range))", "(distinct (range))", "(interleave (range) (range))",
		"(nth (range) 9999999999)", "(drop 9999999999 (range))", "(concat (range))", "(mapcat identity (repeat []))", "(apply concat (repeat []))",
		"(partition 9999999999 (range))", "(partition-by nil? (range))", "(sort-by (fn [x] (loop [] (recur))) [1 2])", "((apply comp (repeat inc)) 1)",
		"(compare (nth (iterate vector 1) 100000) (nth (iterate vector 1) 100000))", "(update-in {} (range) inc)", "(assoc-in {} (repeat 99999 1) 1)",
		"(let [s (lazy-seq (cons 1 (range)))] (count s))", "(frequencies (range))", "(zipmap (range) (range))", "(into #{} (range))", "(into {} (map vector (range) (range)))",
		"(re-seq #\"a\" (str/join (repeat 1000000 \"a\")))", "(str (nth (iterate vector 1) 5000))",
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000), strings.Repeat("'", 5000) + "a", "\"" + strings.Repeat("a", maxSource) + "\"",
		"((fn f [] (map (fn [_] (f)) [1])))", "((fn f [x] [(lazy-seq (f x))]) 1)", "((fn f [x] (lazy-seq (cons (f x) nil))) 1)",
	} {
		if e := evalError(t, source); !e.Unsupported {
			t.Errorf("%.60s: %v is no bound", source, e)
		}
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Eval(ctx, "(loop [] (recur))", nil)
	if err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("got %v", err)
	}
}

// Recursion as deep as that of the JVM works, and so do collections of some
// size.
func TestWithinBounds(t *testing.T) {
	for source, want := range map[string]string{
		"((fn f [n] (if (zero? n) 0 (inc (f (dec n))))) 1000)":        "1000",
		"(count (reduce conj [] (range 2000)))":                       "2000",
		"(count (into {} (map (fn [i] [i i]) (range 20000))))":        "20000",
		"(reduce + (map inc (filter even? (range 50000))))":           "625000000",
		"(count (str/join (repeat 1000 \"0123456789\")))":             "10000",
		"(count (take 5000 (iterate inc 0)))":                         "5000",
		"(loop [i 0] (if (< i 100000) (recur (inc i)) i))":            "100000",
		"(get (reduce #(assoc %1 %2 %2) {} (range 500)) 499)":         "499",
		"(count (nth (iterate (fn [x] [x]) 1) 100))":                  "1",
		"(-> 1 " + strings.Repeat("inc ", 1000) + ")":                 "1001",
		"(count (flatten (repeat 100 (repeat 100 [1 [2]]))))":         "20000",
		"(count (sort-by - (range 20000)))":                           "20000",
		"(count (distinct (map #(mod % 7) (range 10000))))":           "7",
		"(count (partition 2 (range 10000)))":                         "5000",
		"(count (for [x (range 100) y (range 100) :when (< x y)] 1))": "4950",
	} {
		v, err := Eval(t.Context(), source, nil)
		if err != nil || Print(v) != want {
			t.Errorf("%.60s: %.60s, %v, want %s", source, Print(v), err, want)
		}
	}
}

// Values that code was given, or made, are not changed by what it does next.
func TestNothingChanges(t *testing.T) {
	inner := NewMap(Keyword("b"), int64(1))
	params := NewMap(Keyword("a"), inner, Keyword("v"), append(make(Vector, 0, 8), int64(1)))
	for _, source := range []string{
		"(assoc params :z 1)", "(assoc-in params [:a :b] 2)", "(dissoc params :a)", "(update params :v conj 2)", "(conj (:v params) 9)",
		"(merge params {:a 1})", "(into params {:a 1})", "(sort (:v params))", "(merge-with (fn [a b] b) params {:a 1})",
		"(let [v (:v params) a (conj v 2) b (conj v 3)] [a b])", "(assoc (:v params) 0 5)", "(into (:v params) [5])",
	} {
		if _, err := Eval(t.Context(), source, params); err != nil {
			t.Errorf("%s: %v", source, err)
		}
		if got := Print(params); got != "{:a {:b 1}, :v [1]}" {
			t.Fatalf("%s changed params: %s", source, got)
		}
	}
	v, err := Eval(t.Context(), "(let [v (conj [1] 2 3) a (conj v 4) b (conj v 5)] [a b])", nil)
	if got := Print(v); err != nil || got != "[[1 2 3 4] [1 2 3 5]]" {
		t.Errorf("%s, %v", got, err)
	}
	v, err = Eval(t.Context(), "(let [v (conj [1] 2) a (conj v 3) b (conj v 4)] [v a b (rest a) (pop a) (conj (pop a) 9) a])", nil)
	if got := Print(v); err != nil || got != "[[1 2] [1 2 3] [1 2 4] (2 3) [1 2] [1 2 9] [1 2 3]]" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestMap(t *testing.T) {
	m := NewMap("b", 1, "a", nil)
	for i := range 20 {
		m.Set(int64(i), i)
	}
	m.Set("b", 2)
	if v, ok := m.Get("b"); v != 2 || !ok || m.Len() != 22 {
		t.Errorf("%v %v %d", v, ok, m.Len())
	}
	if _, ok := m.Get(Keyword("b")); ok {
		t.Error("a keyword is taken for a string")
	}
	m.remove(int64(3))
	if _, ok := m.Get(int64(3)); ok || m.Len() != 21 {
		t.Error("3 is still there")
	}
	if v, _ := m.Get(int64(19)); v != 19 {
		t.Errorf("19 is %v", v)
	}
	for k := range m.All() {
		if k != "b" {
			t.Errorf("the first key is %v", k)
		}
		break
	}
	s := NewSet(Vector{int64(1)}, List{int64(1)})
	if s.Len() != 1 || !s.Has(List{int64(1)}) {
		t.Error("a list and a vector of the same are two")
	}
	var none *Map
	if _, ok := none.Get(1); ok || none.Len() != 0 || Print(none) != "{}" {
		t.Error("a nil map is not empty")
	}
}

// Results hold no sequence that is still to be computed.
func TestRealised(t *testing.T) {
	v, err := Eval(t.Context(), "{:a (map inc [1]) :b [(range 2)] :c (list (seq [1]))}", nil)
	if err != nil {
		t.Fatal(err)
	}
	visit(v, func(x Value) bool {
		switch x.(type) {
		case *cell, *lazySeq:
			t.Errorf("%T in the result", x)
		}
		return true
	})
}

func TestPrint(t *testing.T) {
	for want, v := range map[string]Value{
		"nil": nil, `"a\"\n"`: "a\"\n", ":a/b": Keyword("a/b"), "x": Symbol("x"), `\a`: Char('a'), `\space`: Char(' '), "1.0": 1.0, "1.0E10": 1e10,
		"1/2": Ratio{1, 2}, "[1 (2)]": Vector{int64(1), List{int64(2)}}, "#{1}": NewSet(int64(1)), "{:a nil}": NewMap(Keyword("a")),
	} {
		if got := Print(v); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// FuzzEval looks for panics, and for errors without a position.
func FuzzEval(f *testing.F) {
	for _, source := range []string{
		"(let [{:keys [a] :or {a 1}} params] (str a))", "(for [x (range 5) :when (odd? x)] #{x})", "#(str %1 %&)", "(-> 1 (+ 2) #_3)",
		`(str/replace "a1" #"(\d)" "<$1>")`, `(format "%05.2f|%-5s" 1.5 "a")`, "(loop [[a & r] [1 2]] (if a (recur r) 1/2))",
		`(case \a (\a \b) 0x1F "\u0041")`, "(try (inc nil) (catch Exception e (ex-data e)))", "(sort-by :a > [{:a 1} {:a 2}])",
		"(take 5 (cycle (partition 2 1 (iterate #(* 2 %) 1))))", "(cond-> {} true (assoc-in [:a :b] ##NaN))", "(letfn [(f [x] (f x))] (f 1))",
	} {
		f.Add(source)
	}
	params := NewMap(Keyword("a"), "b")
	f.Fuzz(func(t *testing.T, source string) {
		v, err := Eval(t.Context(), source, params)
		if err == nil {
			Print(v)
			return
		}
		if e, ok := err.(*Error); !ok || e.Line < 1 || e.Column < 1 || e.Message == "" {
			t.Errorf("%q: %#v", source, err)
		}
		IsPure(source)
	})
}
