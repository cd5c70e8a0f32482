package golden

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"olympos.io/encoding/edn"
)

// formats are the outputs that hold the Polytope file, with a reader of each.
var formats = map[string]func([]byte, any) error{
	"polytope.yml": yaml.Unmarshal, "polytope.json": json.Unmarshal, "polytope.edn": edn.Unmarshal,
}

// checkFormatsAgree reads all formats back, to one and the same tree.
func checkFormatsAgree(t *testing.T, texts map[string][]byte) {
	t.Helper()
	want := parse(t, "polytope.yml", texts["polytope.yml"])
	for name := range formats {
		if got := parse(t, name, texts[name]); !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads\n%v\npolytope.yml reads\n%v", name, got, want)
		}
	}
}

// parse reads one format as a plain tree: maps with string keys, lists,
// strings, float64, booleans and nil. EDN's keywords are strings.
func parse(t *testing.T, name string, text []byte) any {
	t.Helper()
	var x any
	if err := formats[name](text, &x); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	tree, err := plain(x)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	return tree
}

func plain(x any) (any, error) {
	switch x := x.(type) {
	case nil, string, bool, float64:
		return x, nil
	case edn.Keyword:
		return string(x), nil
	case int:
		return float64(x), nil
	case int64:
		return float64(x), nil
	case []any:
		return plainList(x)
	case map[string]any:
		all := map[any]any{}
		for k, v := range x {
			all[k] = v
		}
		return plainMap(all)
	case map[any]any:
		return plainMap(x)
	}
	return nil, fmt.Errorf("a %T is in the file: %v", x, x)
}

func plainList(items []any) (any, error) {
	all := []any{}
	for _, item := range items {
		p, err := plain(item)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func plainMap(entries map[any]any) (any, error) {
	all := map[string]any{}
	for k, v := range entries {
		key, err := plain(k)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("the key %v is no string", k)
		}
		if all[name], err = plain(v); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// stringsIn visits every string of a tree that is a value, not a key.
func stringsIn(x any, visit func(string)) {
	switch x := x.(type) {
	case string:
		visit(x)
	case []any:
		for _, item := range x {
			stringsIn(item, visit)
		}
	case map[string]any:
		for _, v := range x {
			stringsIn(v, visit)
		}
	}
}

// TestOtherReaders gives the outputs of all cases to programs that share no
// code with hull: PyYAML, which reads YAML 1.1, and Clojure. Each reads every
// file in one process and prints the trees with their strings in base64.
func TestOtherReaders(t *testing.T) {
	t.Run("python", func(t *testing.T) {
		readByProgram(t, "polytope.yml", "/usr/bin/python3", "-c", pythonReader)
	})
	t.Run("clojure", func(t *testing.T) {
		if testing.Short() {
			t.Skip("clojure is slow to start")
		}
		script := filepath.Join(t.TempDir(), "read.clj")
		if err := os.WriteFile(script, []byte(clojureReader), 0o644); err != nil {
			t.Fatal(err)
		}
		readByProgram(t, "polytope.edn", "clojure", script)
	})
}

// exitMissing is how a reader says that a library of its is not installed.
const exitMissing = 77

const pythonReader = `
import base64, json, sys
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
for path in sys.argv[1:]:
    with open(path, encoding="utf-8", newline="") as f:
        print(json.dumps(encode(yaml.safe_load(f.read()))))
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
(doseq [path *command-line-args*]
  (println (encode (edn/read-string (slurp path :encoding "UTF-8")))))
`

func readByProgram(t *testing.T, name, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*", name))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s in testdata: %v", name, err)
	}
	cmd := exec.Command(path, append(args, files...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() == exitMissing {
		t.Skip("its library is not installed")
	}
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d files were read, not %d", len(lines), len(files))
	}
	for i, file := range files {
		compareEncoded(t, file, lines[i])
	}
}

func compareEncoded(t *testing.T, file, line string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatalf("%s: %v in %s", file, err, line)
	}
	if want := encoded(parse(t, filepath.Base(file), text)); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: read as\n%v\nnot as\n%v", file, got, want)
	}
}

// encoded is a tree with its strings in base64, as the readers print them: so
// a string is never taken for a number.
func encoded(x any) any {
	code := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	switch x := x.(type) {
	case string:
		return code(x)
	case []any:
		all := []any{}
		for _, item := range x {
			all = append(all, encoded(item))
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for k, v := range x {
			all[code(k)] = encoded(v)
		}
		return all
	}
	return x
}

// readTree is the text of every file below a folder.
func readTree(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
