package ir

import "testing"

// TestWordEval evaluates each word where W is "w", E is empty, and no other
// variable is set. A want of "!" is a word that yields no text.
func TestWordEval(t *testing.T) {
	v := func(name, op string, arg ...WordPart) Variable { return Variable{name, op, arg} }
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{"W": "w", "E": ""}[name]
		return value, ok
	}
	tests := []struct {
		word Word
		want string
	}{
		{nil, ""},
		{Literal("a b"), "a b"},
		{Word{v("W", "")}, "w"},
		{Word{v("E", "")}, ""},
		{Word{v("U", "")}, ""},
		{Word{v("W", ":-", Text("d"))}, "w"},
		{Word{v("E", ":-", Text("d"))}, "d"},
		{Word{v("U", ":-", Text("d"))}, "d"},
		{Word{v("W", "-", Text("d"))}, "w"},
		{Word{v("E", "-", Text("d"))}, ""},
		{Word{v("U", "-", Text("d"))}, "d"},
		{Word{v("W", ":?", Text("m"))}, "w"},
		{Word{v("E", ":?", Text("m"))}, "!"},
		{Word{v("U", ":?", Text("m"))}, "!"},
		{Word{v("W", "?", Text("m"))}, "w"},
		{Word{v("E", "?", Text("m"))}, ""},
		{Word{v("U", "?", Text("m"))}, "!"},
		{Word{v("W", ":+", Text("a"))}, "a"},
		{Word{v("E", ":+", Text("a"))}, ""},
		{Word{v("U", ":+", Text("a"))}, ""},
		{Word{v("W", "+", Text("a"))}, "a"},
		{Word{v("E", "+", Text("a"))}, "a"},
		{Word{v("U", "+", Text("a"))}, ""},
		{Word{v("U", ":-", v("E", ":-", v("W", ":-", Text("d"))))}, "w"},
		{Word{v("U", ":-", v("E", ":?"))}, "!"},
		{Word{v("W", ":-", v("E", ":?"))}, "w"},
		{Word{Text("a"), v("W", ""), Text("b")}, "awb"},
		{Word{Text("a"), FileContent{"f"}}, "!"},
		{Word{v("U", "-", FileContent{"f"})}, "!"},
		{Word{v("W", "-", FileContent{"f"})}, "w"},
	}
	for _, test := range tests {
		got, ok := test.word.Eval(lookup)
		if ok && got != test.want || ok == (test.want == "!") {
			t.Errorf("%v: got %q, %v, want %q", test.word, got, ok, test.want)
		}
	}
	if got, ok := (Word{v("W", ":-", Text("d"))}).Eval(Unset); got != "d" || !ok {
		t.Errorf("unset: got %q, %v", got, ok)
	}
}
