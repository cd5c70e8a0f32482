package javascript

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hull/ir"
)

func testParams() *ir.Map {
	return ir.NewMap("web-port", ir.Str("8080"), "api_url", ir.Str("http://x"), "n", ir.Num(3), "on", &ir.Bool{Value: true},
		"list", ir.NewList(ir.Str("a"), ir.Num(1)), "record", ir.NewMap("expose-as", ir.Num(9), "__proto__", ir.Num(1)),
		"nothing", &ir.Null{}, "half", &ir.Float{Value: 0.5})
}

func TestEval(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"parseInt(params['webPort'])", `8080`},
		{"parseInt(params.webPort);", `8080`},
		{"params.apiUrl + '/x'", `"http://x/x"`},
		{"`${params.n}-${params.on}`", `"3-true"`},
		{"params.webPort === '8080'", `true`},
		{"params.half * 2", `1`},
		{"params.half", `0.5`},
		{"parseFloat('1.50')", `1.5`},
		{"{b: 1, a: [2, null, undefined], c: undefined}", `{b:1,a:[2,null,null]}`},
		{"{b: 1};", `{b:1}`},
		{"params.record['expose-as']", `9`},
		{"params.record", `{expose-as:9,__proto__:1}`},
		{"params.list", `["a",1]`},
		{"params.missing", `null`},
		{"params.nothing", `null`},
		{"let c = ['a'];\nc.push('b');\nif (params.on) { c.push('c') }\nc", `["a","b","c"]`},
		{"if (params.n > 2) { return 'big' } return 'small'", `"big"`},
		{"params.n // the number", `3`},
		{"function f(x) { return x < 2 ? 1 : x * f(x - 1) }; f(5)", `120`},
		{"[1, 2, 3].map((x) => x * 2).filter((x) => x > 2).join('+')", `"4+6"`},
		{"'a b  c'.replace(/[\\s,]+/g, ' ')", `"a b c"`},
		{"JSON.stringify({a: params.list})", `"{\"a\":[\"a\",1]}"`},
		{"12n", `12`},
		{"2 ** 53 * 4", `3.602879701896397e+16`},
		{"const {webPort: p, n = 4} = params; p + n", `"80803"`},
	} {
		x, err := Eval(context.Background(), c.source, testParams())
		if err != nil || show(x) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.source, show(x), err, c.want)
		}
	}
}

// show prints data in its order; keys are without quotes.
func show(x ir.Expr) string {
	var parts []string
	switch x := x.(type) {
	case nil:
		return "no result"
	case *ir.Null:
		return "null"
	case *ir.Map:
		for _, e := range x.Entries {
			parts = append(parts, e.Key+":"+show(e.Value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case *ir.List:
		for _, item := range x.Items {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case *ir.String:
		text, _ := json.Marshal(x.Value)
		return string(text)
	case *ir.Int:
		return fmt.Sprint(x.Value)
	case *ir.Float:
		return fmt.Sprint(x.Value)
	case *ir.Bool:
		return fmt.Sprint(x.Value)
	}
	return fmt.Sprintf("%T", x)
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"pt.value('x')", "ReferenceError: pt is not defined"},
		{"parseInt('x')", "its result is NaN, which is no number"},
		{"1 / 0", "its result is infinite"},
		{"1 +", "SyntaxError: Unexpected token"},
		{"throw new Error('a\\nb')", "Error: a"},
		{"throw 'x'", "x"},
		{"throw null", "null"},
		{"() => 1", "its result is a Function, which is no plain data"},
		{"/x/", "its result is a RegExp"},
		{"Symbol('x')", "its result is a Symbol"},
		{"new Map()", "its result is a Map, Set or Promise"},
		{"async function f() {}; f()", "its result is a Map, Set or Promise"},
		{"const a = []; a.push(a); a", "its result is too large"},
		{"'x'.repeat(2e6)", "its result is too large"},
		{"Array(200000).fill(0)", "its result is too large"},
		{"[,].concat(Array(1e6))", "its result is too large"},
		{"({get x() { throw new Error('late') }})", "Error: late"},
		{"10n ** 100n", "no plain data"},
		{strings.Repeat("x", maxSource+1), "it is longer than"},
	} {
		x, err := Eval(context.Background(), c.source, testParams())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60s: %s, %v; want %s", c.source, show(x), err, c.want)
		}
	}
}

// Nothing of the host, of the clock or of chance can be reached.
func TestConfinement(t *testing.T) {
	for _, source := range []string{
		"Date.now()", "new Date()", "Math.random()", "eval('1')", "new Function('return 1')()",
		"(function () {}).constructor('return 1')()", "(() => 1).constructor('return 1')()",
		"(function* () {}).constructor('yield 1')()", "(async function () {}).constructor('return 1')()",
		"parseInt.constructor('return 1')()", "new ArrayBuffer(1e9)", "new Uint8Array(1e9)", "new Proxy({}, {})",
		"require('fs')", "console.log(1)", "process.env", "fetch('x')", "Promise.resolve(1)", "setTimeout(() => 1)",
		"'x'.constructor.constructor('return 1')()", "[].map.constructor('return 1')()",
	} {
		x, err := Eval(context.Background(), source, nil)
		if err == nil || !strings.Contains(err.Error(), "TypeError") && !strings.Contains(err.Error(), "ReferenceError") {
			t.Errorf("%s: %s, %v", source, show(x), err)
		}
	}
	x, err := Eval(context.Background(), "Object.getOwnPropertyNames(globalThis).length", nil)
	if err != nil || show(x) != fmt.Sprint(len(globals)+1) {
		t.Errorf("%s globals, %v", show(x), err)
	}
}

// Nothing that code does is left for other code to see.
func TestIsolation(t *testing.T) {
	params := testParams()
	if _, err := Eval(context.Background(), "params.list.push(1); globalThis.x = 1; Array.prototype.y = 1", params); err != nil {
		t.Fatal(err)
	}
	x, err := Eval(context.Background(), "[params.list.length, typeof x, [].y]", params)
	if err != nil || show(x) != `[2,"undefined",null]` {
		t.Errorf("%s, %v", show(x), err)
	}
}

// Hostile code ends, with an error.
func TestHostile(t *testing.T) {
	deep := func(open, middle, shut string, n int) string {
		return strings.Repeat(open, n) + middle + strings.Repeat(shut, n)
	}
	refused := map[string]string{
		"loop":           "while (true) {}",
		"caught loop":    "while (true) { try { while (true) {} } catch (e) {} finally {} }",
		"recursion":      "function f() { return f() + 1 }; f()",
		"doubled text":   "let s = 'x'; while (true) { s += s }",
		"growing list":   "const a = []; while (true) { a.push([1, 2, 3]) }",
		"repeat":         "'x'.repeat(2 ** 31)",
		"pad":            "'x'.padStart(2 ** 31)",
		"replace":        "'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1e6))",
		"fill":           "Array(4e9).fill(0)",
		"join":           "Array(1e6).join('x'.repeat(1e6))",
		"from":           "Array.from({length: 4e9})",
		"nested lists":   deep("[", "", "]", maxSource/2),
		"nested maps":    deep("{a:", "1", "}", maxSource/4),
		"nested arrows":  deep("x=>", "1", "", maxSource/3),
		"deep result":    "let a = []; for (let i = 0; i < 1e5; i++) { a = [a] } a",
		"deep json":      "JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))",
		"endless getter": "({get x() { while (true) {} }})",
	}
	// These are large and done in time.
	bearable := map[string]string{
		"nested brackets": deep("(", "1", ")", maxSource/2),
		"nested ifs":      deep("if(1)", "1", "", maxSource/5),
		"many nots":       deep("!", "[]", "", maxSource-4) + "[0]",
		"deep list":       "let a = []; for (let i = 0; i < 1e5; i++) { a = [a] } String(a)",
	}
	for name, source := range refused {
		t.Run(name, func(t *testing.T) {
			if x, err := Eval(context.Background(), source, nil); err == nil {
				t.Errorf("no error, but %.60s", show(x))
			}
		})
	}
	for name, source := range bearable {
		t.Run(name, func(*testing.T) { _, _ = Eval(context.Background(), source, nil) })
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if x, err := Eval(ctx, "while (true) {}", nil); err != errTime {
		t.Errorf("%s, %v", show(x), err)
	}
}
