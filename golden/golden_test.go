// Package golden holds hull to its promises on whole projects: each folder of
// testdata is a compose project with everything that hull must make of it.
// What was expected is compared byte by byte, and beyond that every case is
// checked for what holds of all conversions: the formats say the same, nothing
// of the machine gets into them, the script sets what the file refers to, and
// the report is well-formed.
//
//	go test ./golden -update    # accept what comes out, then read the diff
package golden

import (
	"bytes"
	"flag"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"hull/convert"
	"hull/emit"
	"hull/ir/diag"
)

var update = flag.Bool("update", false, "rewrite the expectations")

// TestCases converts every case and compares, in the circumstances that a
// developer would convert it in: the project's folder is the working directory.
func TestCases(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.name, func(t *testing.T) { checkCase(t, &c) })
	}
}

func checkCase(t *testing.T, c *testCase) {
	project := c.copyProject(t, t.TempDir())
	t.Chdir(project)
	r := c.convertIn(t, project, true)
	checkDiagnostics(t, r.report)
	if *update {
		c.update(t, r.texts)
	}
	compareTexts(t, r.texts, c.expected(t))
	t.Run("elsewhere", func(t *testing.T) { checkElsewhere(t, c, r.texts) })
	if r.file != nil {
		t.Run("formats", func(t *testing.T) { checkFormatsAgree(t, r.texts) })
		t.Run("script", func(t *testing.T) { checkScript(t, c, r) })
	}
}

// compareTexts reports the first line in which each file differs.
func compareTexts(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	names := slices.Collect(maps.Keys(got))
	names = slices.AppendSeq(names, maps.Keys(want))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		g, isMade := got[name]
		w, isExpected := want[name]
		switch {
		case !isExpected:
			t.Errorf("%s is not expected:\n%s", name, g)
		case !isMade:
			t.Errorf("%s is not made; the report says\n%s", name, got[reportFile])
		case !bytes.Equal(g, w):
			t.Errorf("%s: %s", name, firstDifference(string(g), string(w)))
		}
	}
}

func firstDifference(got, want string) string {
	gs, ws := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i, w := range ws {
		if i >= len(gs) || gs[i] != w {
			return "got\n" + fromLine(gs, i) + "\nwant\n" + fromLine(ws, i)
		}
	}
	return "got more:\n" + fromLine(gs, len(ws))
}

// fromLine is a few lines from the i-th on.
func fromLine(lines []string, i int) string {
	i = min(i, len(lines))
	return strings.Join(lines[i:min(i+12, len(lines))], "\n")
}

// checkElsewhere converts the same project from another folder, in another
// environment: law 5, same input, same bytes.
func checkElsewhere(t *testing.T, c *testCase, want map[string][]byte) {
	project := c.copyProject(t, filepath.Join(t.TempDir(), "some", "where else"))
	t.Chdir(t.TempDir())
	foreign := map[string]string{
		"HOME": t.TempDir(), "USER": "nobody", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Chatham",
		"COMPOSE_FILE": "other.yaml", "COMPOSE_PROFILES": "*", "COMPOSE_PROJECT_NAME": "other", "COMPOSE_ENV_FILES": "other.env",
	}
	for _, name := range variablesIn(t, project) {
		foreign[name] = "from the environment"
	}
	for name, value := range foreign {
		t.Setenv(name, value)
	}
	compareTexts(t, c.convertIn(t, project, false).texts, want)
}

// upperName is what variables are called in the cases; it finds those of
// compose files and of env files alike.
var upperName = regexp.MustCompile(`\b[A-Z][A-Z0-9_]{2,}\b`)

// variablesIn lists every name in the project's files that a variable of the
// environment may have.
func variablesIn(t *testing.T, project string) []string {
	var names []string
	for _, text := range readTree(t, project) {
		names = append(names, upperName.FindAllString(string(text), -1)...)
	}
	slices.Sort(names)
	keep := func(name string) bool { return name == "PATH" || strings.HasPrefix(name, "GO") }
	return slices.DeleteFunc(slices.Compact(names), keep)
}

// checkDiagnostics holds what is true of every report.
func checkDiagnostics(t *testing.T, r *diag.Report) {
	t.Helper()
	documented := map[string]bool{}
	for _, info := range slices.Concat(convert.Codes(), emit.Codes()) {
		documented[info.Code] = true
	}
	for _, d := range r.Diagnostics {
		if !documented[d.Code] {
			t.Errorf("code %s is not documented", d.Code)
		}
		if d.Fate.IsLoss() && d.Path == "" {
			t.Errorf("the loss does not say of what: %+v", d)
		}
		if d.Message == "" || strings.ContainsAny(d.Message+d.Help, "\n") {
			t.Errorf("not a message of one line: %+v", d)
		}
		if d.Subject.IsValid() && !isInside(d.Subject, r.Sources[d.Subject.File]) {
			t.Errorf("the subject lies outside of its file: %+v", d)
		}
	}
}

// isInside tells whether a range lies in a text: columns count code points,
// and the end may stand behind a line's last one.
func isInside(r diag.Range, text []byte) bool {
	lines := strings.Split(string(text), "\n")
	isPlace := func(p diag.Pos) bool {
		return p.Line >= 1 && p.Line <= len(lines) && p.Column >= 1 &&
			p.Column <= utf8.RuneCountInString(lines[p.Line-1])+1
	}
	return len(text) > 0 && isPlace(r.Start) && isPlace(r.End) && !r.End.Before(r.Start)
}

// TestGuestbookIsTheExample keeps the case that everything else imitates.
func TestGuestbookIsTheExample(t *testing.T) {
	for _, c := range loadCases(t) {
		if c.name == "guestbook" {
			return
		}
	}
	t.Error("there is no case guestbook")
}
