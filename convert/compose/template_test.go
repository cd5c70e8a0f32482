package compose

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/sirupsen/logrus"

	"hull/ir"
)

var testEnv = map[string]string{"SET": "set", "EMPTY": "", "A": "a", "PORT": "8080"}

func testLookup(name string) (string, bool) { v, ok := testEnv[name]; return v, ok }

var templateSeeds = []string{
	"", "plain", "$", "$$", "$$$$", "$$SET", "$SET", "${SET}", "${UNSET}", "a${SET}b$A", "${SET}${A}",
	"${UNSET:-x}", "${EMPTY:-x}", "${EMPTY-x}", "${UNSET-x}", "${SET:+y}", "${EMPTY:+y}", "${EMPTY+y}", "${UNSET+y}",
	"${UNSET:?why}", "${EMPTY:?why}", "${EMPTY?why}", "${SET:?why}", "${UNSET?}",
	"${UNSET:-${A:-b}}", "${UNSET:-${EMPTY:-c}}d", "${UNSET:-a$$b}", "${UNSET:-{x}}", "${UNSET:-a-b:-c}", "${UNSET-a:-b}",
	"${SET", "${", "${}", "${1}", "$1", "$ x", "${SET }", "${SET%x}", "${UNSET:-a\nb}", "${a}-${UNSET:-x}", "${SET}/${A:-x}:${UNSET:-y}",
	"${UNSET:-http://h:${PORT}/p}", "x}y", "{${SET}}", "${UNSET:-}", "${UNSET:-}}", "é$SET", "${_x:-y}", "$_", "${UNSET:-\"q\"}",
}

// TestTemplateAsComposeGo holds that hull's reading of variables is compose-go's.
func TestTemplateAsComposeGo(t *testing.T) {
	logrus.SetOutput(io.Discard)
	for _, s := range templateSeeds {
		compareWithComposeGo(t, s)
	}
}

func FuzzTemplate(f *testing.F) {
	logrus.SetOutput(io.Discard)
	for _, s := range templateSeeds {
		f.Add(s)
	}
	f.Fuzz(compareWithComposeGo)
}

func compareWithComposeGo(t *testing.T, s string) {
	want, wantErr := template.Substitute(s, testLookup)
	got, gotErr := substitute(s, testLookup)
	if (wantErr == nil) != (gotErr == nil) {
		t.Fatalf("%q: compose-go says %v, hull %v", s, wantErr, gotErr)
	}
	if wantErr == nil && got != want {
		t.Fatalf("%q: compose-go makes %q, hull %q", s, want, got)
	}
}

// TestTemplateRoundTrip holds that a template, written and read again, is the
// same, and that its shell form says the same where no env file knows better.
func TestTemplateRoundTrip(t *testing.T) {
	for _, s := range templateSeeds {
		tm, err := parseTemplate(s)
		if err != nil {
			continue
		}
		again, err := parseTemplate(tm.String())
		if err != nil || again.String() != tm.String() {
			t.Errorf("%q is written as %q, and read back as %q (%v)", s, tm, again, err)
		}
		want, wantErr := tm.eval(testLookup)
		got, ok := tm.word(ir.Unset).Eval(testLookup)
		if ok != (wantErr == nil) || ok && got != want {
			t.Errorf("%q: evaluates to %q (%v), its word to %q", s, want, wantErr, got)
		}
	}
}

func TestTemplateRequired(t *testing.T) {
	tm, _ := parseTemplate("x${UNSET:?set it}")
	_, err := tm.eval(testLookup)
	var missing *requiredError
	if !errors.As(err, &missing) || missing.name != "UNSET" || missing.reason != "set it" {
		t.Errorf("got %v", err)
	}
}

func TestSplitTop(t *testing.T) {
	for s, want := range map[string]string{
		"${IP:-::1}:${PORT:-80}:80":    "${IP:-::1} | ${PORT:-80} | 80",
		"80":                           "80",
		"./a:/b:ro":                    "./a | /b | ro",
		"${A}:${B}":                    "${A} | ${B}",
		"${FROM:-1}-${TO:-2}:1-2":      "${FROM:-1}-${TO:-2} | 1-2",
		":":                            " | ",
		"${X:-a:b}/c:/d":               "${X:-a:b}/c | /d",
		"127.0.0.1:${P}:${P}/${PROTO}": "127.0.0.1 | ${P} | ${P}/${PROTO}",
	} {
		tm, err := parseTemplate(s)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range tm.splitTop(":") {
			got = append(got, p.String())
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%q is cut into %q, want %q", s, got, want)
		}
	}
}
