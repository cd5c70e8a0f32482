package compose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hull/ir"
	"hull/ir/resolve"
)

func TestSplitLine(t *testing.T) {
	for line, want := range map[string]string{
		"":                    "",
		"a b":                 "a|b",
		`a 'b c' "d e"f`:      "a|b c|d ef",
		`a\ b "c\"d" '\'`:     `a b|c"d|\`,
		`"a\b" ""`:            `a\b|`,
		"a | b; c && d > e":   "a|||b;|c|&&|d|>|e",
		"  a \t\n b  ":        "a|b",
		`$HOME "$x" '${y}' (`: "$HOME|$x|${y}|(",
		"a\\\nb":              "ab",
	} {
		words, ok := splitLine(line)
		if got := strings.Join(words, "|"); got != want || !ok {
			t.Errorf("%q is split into %q, want %q", line, got, want)
		}
	}
	for _, line := range []string{`a "b`, "a 'b", `a\`} {
		if _, ok := splitLine(line); ok {
			t.Errorf("%q is taken for complete", line)
		}
	}
}

// TestCommandLine holds that a line runs the same words, whichever way it is
// written.
func TestCommandLine(t *testing.T) {
	for _, line := range []string{"serve", "a 'b c'", "a | b", "a; b", `sh -c "x && y" > z`, "echo $HOME $$ ${x}", "echo (a)", "a `b`", "2>&1 x"} {
		j := &resolve.Job{Containers: []resolve.Container{{Task: resolve.Task{Step: "a", Module: "a"}, Image: "x", Cmd: &resolve.Command{Line: line}}}}
		data, _, err := write([]job{{j, plainTexts{}}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := splitLine(line)
		if got := mustLoad(t, data).Services["a"].Command; fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%s: runs %q, want %q\n%s", line, got, want, data)
		}
	}
}

// TestHiddenReferences holds that no text is taken for a reference that a line
// is split around.
func TestHiddenReferences(t *testing.T) {
	ref := &ir.Ref{Kind: ir.ValueRef, Name: "x"}
	parts := table{"LINE": {{Text: "a | \U000F0000\U000F0001\U000F0004 "}, {Text: "b c", Ref: ref}, {Text: "$"}}}
	j := &resolve.Job{Containers: []resolve.Container{{Task: resolve.Task{Step: "a", Module: "a"}, Image: "x", Cmd: &resolve.Command{Line: "LINE"}}}}
	data, _, err := write([]job{{j, parts}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a", "|", "\U000F0000\U000F0001\U000F0004", "b c$"}
	if got := mustLoad(t, data).Services["a"].Command; !slices.Equal(got, want) {
		t.Errorf("runs %q, want %q", got, want)
	}
}

func TestPortPairs(t *testing.T) {
	c := &converter{texts: plainTexts{}, stack: &stack{}, out: &service{}}
	for _, tc := range []struct {
		port resolve.Port
		want string
	}{
		{resolve.Port{Port: 80}, "80:80"},
		{resolve.Port{Port: 80, ExposeAs: "8080"}, "8080:80"},
		{resolve.Port{Port: 80, ExposeAs: "8080", Internal: true}, "80:80"},
		{resolve.Port{Range: "80-82"}, "80-82:80-82"},
		{resolve.Port{Range: "80,81,90", ExposeAs: "1080-1082"}, "1080-1081:80-81 1082:90"},
		{resolve.Port{Range: "80, 443"}, "80:80 443:443"},
		{resolve.Port{}, ""},
		{resolve.Port{Port: 65536}, ""},
		{resolve.Port{Port: 80, ExposeAs: "x"}, ""},
		{resolve.Port{Range: "80-82", ExposeAs: "80"}, ""},
		{resolve.Port{Range: "82-80"}, ""},
	} {
		var got []string
		for _, p := range c.pairs(tc.port) {
			got = append(got, p.published+":"+p.target)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%+v becomes %q, want %q", tc.port, got, tc.want)
		}
	}
}

func TestRebase(t *testing.T) {
	for _, tc := range []struct{ file, work, out, path, want string }{
		{"", "", "", "a/b", "./a/b"},
		{"", "", "", ".", "."},
		{"", "", "", "./a", "./a"},
		{"", "", "", "../a", "../a"},
		{"", "", "", "/a", "/a"},
		{"", "", "", "~/a", "~/a"},
		{"infra", ".", ".", "a", "./infra/a"},
		{"infra", ".", ".", "./a", "./a"},
		{".", ".", "out", "a", "../a"},
		{"/p/infra", "/p", "/p/out", "../a", "../a"},
		{"/p/infra", "/p", "/p/out", "./out/a", "./a"},
		{"rel", "", "/abs", "a", "rel/a"},
	} {
		o := Options{FileDir: tc.file, WorkDir: tc.work, OutDir: tc.out}
		if got := o.rebase(tc.path); got != tc.want {
			t.Errorf("%+v: got %q", tc, got)
		}
	}
}

// TestVariableNames holds that no two values share a variable, and none takes
// one that a default or the environment has.
func TestVariableNames(t *testing.T) {
	v := newVariables([]*ir.Binding{{Kind: ir.ValueRef, Name: "live", Default: ir.Word{ir.Variable{Name: "PORT", Op: ":-", Arg: ir.Word{ir.Variable{Name: "INNER"}}}}}})
	for _, tc := range []struct {
		kind ir.RefKind
		name string
		want string
	}{
		{ir.ValueRef, "web-port", "WEB_PORT"},
		{ir.ValueRef, "web_port", "WEB_PORT_VALUE"},
		{ir.ValueRef, "webPort", "WEB_PORT_VALUE_2"},
		{ir.SecretRef, "web_port", "WEB_PORT_SECRET"},
		{ir.ValueRef, "web-port", "WEB_PORT"},
		{ir.ValueRef, "port", "PORT_VALUE"},
		{ir.ValueRef, "inner", "INNER_VALUE"},
		{ir.ValueRef, "home", "HOME_VALUE"},
		{ir.ValueRef, "1st", "_1ST"},
		{ir.SecretRef, "é", "SECRET"},
	} {
		if got := v.name(refKey{tc.kind, tc.name}); got != tc.want {
			t.Errorf("%s %s is %s, want %s", tc.kind, tc.name, got, tc.want)
		}
	}
}

func TestErrors(t *testing.T) {
	bad := "\xff"
	j := &resolve.Job{Containers: []resolve.Container{{Task: resolve.Task{Step: "a", Module: "a"}, Image: "x", Env: []resolve.EnvVar{{Name: "A", Value: &bad}}}}}
	if _, _, err := write([]job{{j, plainTexts{}}}, Options{}); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("a text that is not UTF-8 gives %v", err)
	}
	for _, name := range []string{"A", "-a", "a b", "a\nb"} {
		if _, _, err := write(nil, Options{Name: name}); err == nil {
			t.Errorf("%q is taken for the name of a project", name)
		}
	}
	data, ds, err := Write(nil, Options{Header: "h\nservices: x"})
	if err != nil || len(ds) > 0 || string(data) != "# h\n# services: x\n\nservices: {}\n" {
		t.Errorf("no job gives %q, %v, %v", data, ds, err)
	}
}
