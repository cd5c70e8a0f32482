package random

import (
	"fmt"
	"math/bits"
	"reflect"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// source is where all choices come from. What is chosen least is what rapid
// shrinks to, so that the first of several is the simplest.
type source struct{ *rapid.T }

// below is one of the numbers from 0 to n-1, each as likely as the others;
// rapid's own integers are mostly small.
func (s source) below(n int) int {
	k := 0
	for range bits.Len(uint(n-1)) + 2 {
		k <<= 1
		if rapid.Bool().Draw(s.T, "bit") {
			k |= 1
		}
	}
	return k % n
}

// chance holds that many times of a hundred.
func (s source) chance(percent int) bool { return s.below(128)*100 >= (100-percent)*128 }

// upTo is a number from 0 to n, included.
func (s source) upTo(n int) int { return s.below(n + 1) }

func pick[T any](s source, from ...T) T { return from[s.below(len(from))] }

// some are a few different ones of several, in their order.
func some[T any](s source, percent int, from ...T) []T {
	var out []T
	for _, x := range from {
		if s.chance(percent) {
			out = append(out, x)
		}
	}
	return out
}

// nasty are texts that YAML, compose, Polytope, its script or one of the
// writers could take for something else.
var nasty = []string{
	"", "x", "a b", " ", " x", "x ", "é", "日本語", "😀", "\u00a0", "\u2028", "\ufeff", "e\u0301", "yes", "no", "on", "Off", "null", "~", "true", "False", "1", "0", "-1",
	"007", "0o17", "0x1F", "1e3", "1_000", "12:30:45", ".5", ".inf", "NaN", "2001-12-14", "=", "<<", "$", "$$", "$X", "${X}", "${X:-y}", "$(id)", "`id`",
	"{pt.value x}", "pt.secret x", "{pt.param x}", "{{pt.value x}}", "#pt-js 1", "#pt-clj (+ 1 2)", "pt.js 1", "{", "}", "{}", "[]", "[", "]", "{a: b}", "'", `"`, `'"`, `\`, `\n`,
	"a'b", `a"b`, "a\\", "\n", "a\nb", "a\nb\n", "a\n\n", "\n  a\n b", "\ta", "a\tb", "-", "- a", "--flag", "---", "...", "?", "? a", ":", "a: b", "a:", ": a", "#", "# a", "a #b",
	"a#b", "&a", "*a", "!a", "!!int 3", "|", ">", "%", "@a", "!reset", "a=b", "=a", "a,b", "http://x:80/p?q=1&r=#f", "postgres://u:secret@db:5432/app", "redis://:p%40ss@cache:6379",
	"user:pass@host", "${{ .user.name }}", "x-y", "C:\\dir", "../up", "~/home", strings.Repeat("long ", 60), strings.Repeat("w", 200), "localhost:8080", "web:80", "db:5432", "<no value>",
}

// raw is a text, before compose has taken its variables for it.
func (s source) raw() string {
	parts := make([]string, 1+s.below(3)/2*s.below(3))
	for i := range parts {
		parts[i] = pick(s, nasty...)
	}
	return strings.Join(parts, "")
}

// escape is a text as compose reads it back literally.
func escape(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// The names of the variables that texts use, by what they hold; the last are
// only asked for.
var (
	textVariables   = []string{"WELCOME", "STYLE", "ROOT_PASSWORD", "APP_TOKEN", "small", "_X9", "BASE_URL", "HOST"}
	wordVariables   = []string{"RELEASE", "VERSION", "NAME"}
	numberVariables = []string{"PORT_A", "HTTP_PORT", "ADMIN_PORT"}
	testVariables   = []string{"FEATURE", "VERBOSE"}
)

// variable is an expression with a variable in it. The default is what fits
// where it stands.
func (s source) variable(name string, def func() string) string {
	switch s.below(12) {
	case 0:
		return "${" + name + "}"
	case 1:
		return "$" + name
	case 2, 3, 4, 5:
		return "${" + name + ":-" + def() + "}"
	case 6:
		return "${" + name + "-" + def() + "}"
	case 7:
		return "${" + pick(s, testVariables...) + ":+" + def() + "}"
	case 8:
		return "${" + pick(s, testVariables...) + "+" + def() + "}"
	case 9:
		return "${" + name + ":?must be set}"
	case 10:
		return "${" + name + "?}"
	}
	return "${" + name + ":-${" + pick(s, textVariables...) + ":-" + def() + "}}"
}

// defaults are texts that may stand in an expression. There is no "$${x": where
// an expression with it ends is a riddle that compose-go and hull solve
// differently; hull refuses it.
func (s source) defaults() string {
	return pick(s, "d", "", "a b", "x=y", "'q'", `"q"`, "1", "yes", "a:b", "-", "$$", "é", "#", "pt.secret x", "http://x", "*", "a/b", "?", "+", `\`, "a-b", " ")
}

// text is a text as a compose file has it, of literal parts and of variables.
func (s source) text() string {
	if !s.chance(30) {
		return tame(escape(s.raw()))
	}
	var b strings.Builder
	for range 1 + s.below(3) {
		if s.chance(60) {
			b.WriteString(s.variable(pick(s, textVariables...), s.defaults))
		} else {
			b.WriteString(escape(s.raw()))
		}
		if s.chance(50) {
			b.WriteString(pick(s, "-", "/", ":", "@", " ", ".", "\n"))
		}
	}
	return tame(b.String())
}

// tame takes out the line breaks of texts that yaml.v3 writes in a way that it
// does not read, as verify does.
func tame(text string) string {
	for _, s := range []string{text, expression.ReplaceAllString(text, ""), expression.ReplaceAllString(text, "\n")} {
		var back map[string][]string
		in := map[string][]string{"a": {s, "x"}}
		out, err := yaml.Marshal(in)
		if err != nil || yaml.Unmarshal(out, &back) != nil || !reflect.DeepEqual(in, back) {
			return strings.ReplaceAll(text, "\n", " ")
		}
	}
	return text
}

var expression = regexp.MustCompile(`\$\{[^{}]*\}`)

// styledText is a text and how it is written.
func (s source) styledText() any { return s.style(s.text()) }

func (s source) style(text string) any {
	if s.chance(70) {
		return text
	}
	return styled{text, pick(s, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.LiteralStyle, yaml.FoldedStyle)}
}

// word is a text of letters and digits, or a variable that holds one.
func (s source) word() string {
	plain := func() string { return pick(s, "a", "web", "v1.2", "latest", "3-alpine", "B2", "x_y") }
	if s.chance(25) {
		return s.optional(pick(s, wordVariables...), plain)
	}
	return plain()
}

// optional is an expression that is never empty, nor needs the variable.
func (s source) optional(name string, def func() string) string {
	return "${" + name + ":-" + def() + "}"
}

// number is a port or the like, or a variable that holds one.
func (s source) number(from, to int) string {
	plain := func() string { return fmt.Sprint(from + s.upTo(to-from)) }
	if s.chance(25) {
		return s.optional(pick(s, numberVariables...), plain)
	}
	return plain()
}

// envName is the name of a variable of a container.
func (s source) envName() string {
	return pick(s, "A", "B", "MODE", "PORT", "DB_URL", "DB_PASSWORD", "API_KEY", "SECRET_FILE", "lower", "With_Case", "X1", "PATH", "_U", "dotted.name", "GREETING", "TAG", "REDIS_HOST", "HOST", "APP_TOKEN", "RELEASE", "HTTP_PORT")
}
