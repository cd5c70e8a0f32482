package knot

import (
	"strings"
	"testing"

	"hull/ir"
)

// TestQuote holds that what quote escapes comes out as it was between double
// quotes, where knot's YAML takes the escape away, and with it elsewhere.
func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		`"a${{ quote .var.q }}b"`: `ax"yb`,
		`'a${{ quote .var.q }}b'`: `ax\"yb`,
		`a${{ quote .var.q }}b`:   `ax\"yb`,
	} {
		o := Options{Set: map[string]string{"var.q": `x"y`}, Values: ValuesNone}
		o.Files = []NamedText{{Name: "f.yaml", Text: []byte("image: x\ncommand: [" + text + "]\n")}}
		f, report := Read(o)
		if f == nil || report.HasErrors() {
			t.Fatal(report.Diagnostics)
		}
		cmd, _ := f.Modules[0].Call.Args.Get("cmd").(*ir.List)
		if got, ok := cmd.Items[0].(*ir.String); !ok || got.Value != want {
			t.Errorf("%s is %#v, want %q", text, cmd.Items[0], want)
		}
	}
}

// TestSilentLosses holds that what is left out is reported: a volume that is
// defined and not mounted, and a host name that nothing can be reached by.
func TestSilentLosses(t *testing.T) {
	for text, code := range map[string]string{
		"image: x\n---\nvolumes:\n  ${{.space.id}}-spare:\n":              "knot/volume-unused",
		"container_name: ${{.user.username}}\nhostname: web\nimage: x\n":  "knot/hostname",
		"container_name: web\nhostname: Web.example\nimage: x\n":          "knot/hostname",
		"image: x\nenvironment: [\"KNOT_TCP_PORT=5432=5432\"]\nports: []": "knot/port-proxied",
	} {
		_, report := Read(Options{Files: []NamedText{{Name: "f.yaml", Text: []byte(text)}}})
		var codes []string
		for _, d := range report.Diagnostics {
			if d.Fate.IsLoss() {
				codes = append(codes, d.Code)
			}
		}
		if got := strings.Join(codes, " "); got != code {
			t.Errorf("%q: %s, want %s", text, got, code)
		}
	}
}
