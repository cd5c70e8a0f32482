package compose

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
)

// schemaWalker lists the attributes of compose's JSON schema as the table
// names them.
type schemaWalker struct {
	defs  map[string]any
	paths map[string]bool
}

func (w *schemaWalker) walk(node map[string]any, path string, refs []string) {
	if ref, ok := node["$ref"].(string); ok {
		if slices.Contains(refs, ref) {
			return
		}
		w.walk(w.defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), path, append(refs, ref))
	}
	for _, key := range []string{"oneOf", "anyOf", "allOf"} {
		for _, n := range asList(node[key]) {
			w.walk(n, path, refs)
		}
	}
	for name, n := range asMap(node["properties"]) {
		w.visit(n, strings.TrimPrefix(path+"."+name, "."), refs)
	}
	for pattern, n := range asMap(node["patternProperties"]) {
		if pattern != "^x-" {
			w.visit(n, path+".*", refs)
		}
	}
	if n, ok := node["additionalProperties"].(map[string]any); ok {
		w.visit(n, path+".*", refs)
	}
	if n, ok := node["items"].(map[string]any); ok {
		w.visit(n, path+"[]", refs)
	}
}

func (w *schemaWalker) visit(n any, path string, refs []string) {
	w.paths[path] = true
	if m, ok := n.(map[string]any); ok {
		w.walk(m, path, refs)
	}
}

func asMap(v any) map[string]any { m, _ := v.(map[string]any); return m }

func asList(v any) []map[string]any {
	var out []map[string]any
	l, _ := v.([]any)
	for _, e := range l {
		out = append(out, asMap(e))
	}
	return out
}

func schemaPaths(t *testing.T) []string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(schema.Schema), &doc); err != nil {
		t.Fatal(err)
	}
	w := &schemaWalker{defs: asMap(doc["$defs"]), paths: map[string]bool{}}
	w.walk(doc, "", nil)
	var out []string
	for p := range w.paths {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// TestTableIsComplete fails on an attribute of the compose schema, in its short
// or long form and however deep, that the table does not decide on.
func TestTableIsComplete(t *testing.T) {
	paths := schemaPaths(t)
	if len(paths) < 900 {
		t.Fatalf("the schema has only %d attributes; is it being read?", len(paths))
	}
	for _, p := range paths {
		if missing := undecided(p); missing != "" {
			t.Errorf("%s has no entry (%s)", p, missing)
		}
	}
}

// undecided says what the table lacks to decide on a path.
func undecided(path string) string {
	tree := tableRoot
	for _, k := range pathElements(path) {
		if a := tree.attribute; a != nil && a.whole() {
			return ""
		}
		next := tree.children[k]
		if next == nil {
			return fmt.Sprintf("nothing for %q", k)
		}
		tree = next
	}
	if tree.attribute == nil {
		return "only what is below it"
	}
	return ""
}

// TestTableIsTrue fails on an entry for what the schema does not have.
func TestTableIsTrue(t *testing.T) {
	paths := schemaPaths(t)
	seen := map[string]bool{}
	for _, a := range table {
		if !slices.Contains(paths, a.path) {
			t.Errorf("%s is not in the schema", a.path)
		}
		if seen[a.path] {
			t.Errorf("%s has two entries", a.path)
		}
		seen[a.path] = true
	}
}

// TestTableCodes fails on a code that nothing documents.
func TestTableCodes(t *testing.T) {
	documented := map[string]bool{}
	for _, i := range Codes() {
		if documented[i.Code] {
			t.Errorf("%s is documented twice", i.Code)
		}
		if i.Summary == "" || i.Detail == "" || i.Severity == 0 {
			t.Errorf("%s is not fully documented", i.Code)
		}
		documented[i.Code] = true
	}
	for _, a := range table {
		for _, c := range a.codes {
			if !documented[c] {
				t.Errorf("%s: code %s is not documented", a.path, c)
			}
		}
		if a.fate == dropped && !a.reported() {
			t.Errorf("%s is dropped without a diagnostic", a.path)
		}
	}
}
