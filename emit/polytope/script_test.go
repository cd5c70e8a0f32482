package polytope

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hull/ir"
)

// recorder stands in for pt: it prints its arguments, each with a NUL behind.
const recorder = "#!/bin/sh\nprintf '%s\\0' \"$@\"\n"

// runScript writes the bindings as a script and runs it under a shell; it
// returns the arguments of the commands in order.
func runScript(t *testing.T, shell string, env []string, bindings ...*ir.Binding) ([]string, error) {
	t.Helper()
	script, err := WriteScript(&ir.File{Bindings: bindings}, Options{Header: "Test."})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "bin", "pt"), recorder)
	write(t, filepath.Join(dir, "app", "script.sh"), string(script))
	write(t, filepath.Join(dir, "app", "a secret.txt"), "from\nfile\n")
	write(t, filepath.Join(dir, "app", "-a }\"$x`'.txt"), "odd")
	cmd := exec.Command(shell, filepath.Join("app", "script.sh"))
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + filepath.Join(dir, "bin") + ":/usr/bin:/bin"}, env...)
	out, err := cmd.Output()
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"), err
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

// shells are those of the usual systems that are installed here.
func shells(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, name := range []string{"dash", "bash"} {
		if path, err := exec.LookPath(name); err == nil {
			found = append(found, path)
		}
	}
	if len(found) == 0 {
		t.Skip("neither dash nor bash is installed")
	}
	return found
}

var nastyTexts = []string{
	"", " ", "plain", "two words", "  spaces  ", "tab\there", "-n", "--help", "it's", `say "hi"`, `'"'"'`, "a}b", "}", "{", "{}", "${HOME}",
	"$HOME", "$(id)", "`id`", "$", "$$", `\`, `\\`, `a\`, `\}`, `\$`, `\"`, `\n`, "a\nb", "a\n", "\n\na\n\n", "\\\nb", "!!", "!x", "*", "?", "[a]",
	"~", "~root", "#x", "a;b", "a&b|c", "<>()", "größe", "日本語", "🚢", "\u2028", "a\rb", "\x01\x02", "\x7f", "a\x01}\x7fb", "%s%n", "x=y", "a'}'b", `"}"`, `'}`, "{pt.value x}",
}

// wordShapes put a text in every place that a word has for one; each must
// yield the text, with A and B unset and SET set to "set".
var wordShapes = []struct {
	name string
	word func(ir.Text) ir.Word
}{
	{"literal", func(s ir.Text) ir.Word { return ir.Word{s} }},
	{"default", func(s ir.Text) ir.Word { return ir.Word{ir.Variable{Name: "A", Op: ":-", Arg: ir.Word{s}}} }},
	{"alternative", func(s ir.Text) ir.Word { return ir.Word{ir.Variable{Name: "SET", Op: "+", Arg: ir.Word{s}}} }},
	{"nested", func(s ir.Text) ir.Word {
		return ir.Word{ir.Variable{Name: "A", Op: ":-", Arg: ir.Word{ir.Variable{Name: "B", Op: "-", Arg: ir.Word{s}}}}}
	}},
	{"beside", func(s ir.Text) ir.Word { return ir.Word{ir.Variable{Name: "A"}, s, ir.Variable{Name: "B", Op: ":-"}} }},
	{"set", func(s ir.Text) ir.Word {
		return ir.Word{s[:0], ir.Variable{Name: "SET", Op: ":+", Arg: ir.Word{ir.Text(""), s}}}
	}},
}

func TestScriptPassesTextsOn(t *testing.T) {
	texts := append([]string{}, nastyTexts...)
	rng := rand.New(rand.NewSource(1))
	for range 150 {
		texts = append(texts, randomText(rng, "ab }{\\\"'`$()\n!#~*-:?+é\x01\x7f"))
	}
	for _, shape := range wordShapes {
		var bindings []*ir.Binding
		var want []string
		for i, s := range texts {
			name := fmt.Sprintf("v%d", i)
			bindings = append(bindings, &ir.Binding{Kind: ir.ValueRef, Name: name, Default: shape.word(ir.Text(s))})
			want = append(want, "values", "set", name, s)
		}
		for _, shell := range shells(t) {
			got, err := runScript(t, shell, []string{"SET=set"}, bindings...)
			if err != nil {
				t.Errorf("%s, %s: %v", filepath.Base(shell), shape.name, err)
			}
			for i := range want {
				if i >= len(got) || got[i] != want[i] {
					t.Errorf("%s, %s: argument %d is %q, want %q", filepath.Base(shell), shape.name, i, at(got, i), want[i])
					break
				}
			}
		}
	}
}

// randomText is a few characters of an alphabet.
func randomText(rng *rand.Rand, alphabet string) string {
	runes := []rune(alphabet)
	text := make([]rune, rng.Intn(12))
	for i := range text {
		text[i] = runes[rng.Intn(len(runes))]
	}
	return string(text)
}

func at(xs []string, i int) string {
	if i < len(xs) {
		return xs[i]
	}
	return "(missing)"
}

func variable(name, op string, arg ...ir.WordPart) ir.Variable {
	return ir.Variable{Name: name, Op: op, Arg: arg}
}

// TestScriptWords runs each word where W is "w", E is empty and U is unset. A
// want of "!" is a script that must fail.
func TestScriptWords(t *testing.T) {
	tests := []struct {
		word ir.Word
		want string
	}{
		{ir.Word{variable("W", "")}, "w"},
		{ir.Word{variable("U", "")}, ""},
		{ir.Word{variable("U", "-", ir.Text("d"))}, "d"},
		{ir.Word{variable("E", "-", ir.Text("d"))}, ""},
		{ir.Word{variable("E", ":-", ir.Text("d"))}, "d"},
		{ir.Word{variable("E", "+", ir.Text("d"))}, "d"},
		{ir.Word{variable("E", ":+", ir.Text("d"))}, ""},
		{ir.Word{variable("U", "+", ir.Text("d"))}, ""},
		{ir.Word{variable("W", "?", ir.Text("m"))}, "w"},
		{ir.Word{variable("E", "?", ir.Text("m"))}, ""},
		{ir.Word{variable("E", ":?", ir.Text("set a \"}' password"))}, "!"},
		{ir.Word{variable("U", "?")}, "!"},
		{ir.Word{ir.Text("a-"), variable("U", ":-", variable("W", ":-", ir.Text("x"))), ir.Text("-}")}, "a-w-}"},
		{ir.Word{ir.FileContent{Path: "a secret.txt"}}, "from\nfile"},
		{ir.Word{ir.FileContent{Path: "-a }\"$x`'.txt"}}, "odd"},
		{ir.Word{ir.Text("<"), variable("U", ":-", ir.FileContent{Path: "-a }\"$x`'.txt"}), ir.Text(">")}, "<odd>"},
		{ir.Word{ir.FileContent{Path: "missing.txt"}}, "!"},
		{ir.Word{variable("U", ":-", ir.FileContent{Path: "missing.txt"})}, "!"},
	}
	for _, test := range tests {
		for _, shell := range shells(t) {
			got, err := runScript(t, shell, []string{"W=w", "E="}, &ir.Binding{Kind: ir.SecretRef, Name: "x", Default: test.word})
			if err == nil && at(got, 3) != test.want || (err != nil) != (test.want == "!") {
				t.Errorf("%s: %v yields %q (%v), want %q", filepath.Base(shell), test.word, got, err, test.want)
			}
		}
	}
}

func TestScriptText(t *testing.T) {
	f := &ir.File{Bindings: []*ir.Binding{
		{Kind: ir.ValueRef, Name: "web_port", Default: ir.Word{variable("WEB_PORT", ":-", ir.Text("8080"))}, Info: "The port of the page.\nAny will do."},
		{Kind: ir.SecretRef, Name: "db_password", Default: ir.Word{variable("DB_PASSWORD", ":?", ir.Text("set a password"))}},
		{Kind: ir.SecretRef, Name: "token", Default: ir.Word{ir.FileContent{Path: "token.txt"}}},
	}}
	want := `#!/bin/sh
# Generated.

set -eu
cd "$(dirname "$0")"

# The port of the page.
# Any will do.
pt values set web_port "${WEB_PORT:-8080}"
pt secrets set db_password "${DB_PASSWORD:?set a password}"
_hull_1="$(cat "token.txt")"
pt secrets set token "${_hull_1}"
`
	got, err := WriteScript(f, Options{Header: "Generated."})
	if err != nil || string(got) != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}

func TestScriptErrors(t *testing.T) {
	for name, b := range map[string]*ir.Binding{
		"NUL":      {Kind: ir.ValueRef, Name: "x", Default: ir.Literal("a\x00b")},
		"operator": {Kind: ir.ValueRef, Name: "x", Default: ir.Word{variable("X", "%%")}},
		"variable": {Kind: ir.ValueRef, Name: "x", Default: ir.Word{variable("X}$(id)", "")}},
		"name":     {Kind: ir.ValueRef, Name: "x $(id)", Default: ir.Literal("")},
		"kind":     {Kind: ir.ParamRef, Name: "x", Default: ir.Literal("")},
		"nested":   {Kind: ir.ValueRef, Name: "x", Default: ir.Word{variable("X", "-", ir.FileContent{Path: "\x00"})}},
	} {
		if got, err := WriteScript(&ir.File{Bindings: []*ir.Binding{b}}, Options{}); err == nil {
			t.Errorf("%s: no error, but %s", name, got)
		}
	}
}

func TestScriptPassesShellcheck(t *testing.T) {
	path, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}
	f := &ir.File{}
	for i, s := range nastyTexts {
		for _, shape := range wordShapes {
			f.Bindings = append(f.Bindings, &ir.Binding{Kind: ir.ValueRef, Name: fmt.Sprintf("v%d", i), Default: shape.word(ir.Text(s))})
		}
	}
	f.Bindings = append(f.Bindings, &ir.Binding{Kind: ir.SecretRef, Name: "s", Default: ir.Word{variable("A", ":?", ir.FileContent{Path: "a b"})}})
	script, err := WriteScript(f, Options{Header: "Generated."})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-s", "sh", "-")
	cmd.Stdin = strings.NewReader(string(script))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%.3000s", err, out)
	}
}
