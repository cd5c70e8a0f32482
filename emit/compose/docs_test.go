package compose

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"hull/ir/resolve"
)

const referencePage = "../../docs/polytope-to-compose.md"

var codeOnPage = regexp.MustCompile("`(to-compose/[a-z-]+)`")

// TestReference holds that the page is what the tables make.
func TestReference(t *testing.T) {
	if *update {
		if err := os.WriteFile(referencePage, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(referencePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != Reference() {
		t.Errorf("%s is stale; run make golden", referencePage)
	}
}

// TestReferenceIsComplete holds that the page has every code of the writer and
// no other, and every argument that a container may have.
func TestReferenceIsComplete(t *testing.T) {
	page := Reference()
	known := map[string]bool{}
	for _, info := range Codes {
		known[info.Code] = true
		if !strings.Contains(page, "`"+info.Code+"`") {
			t.Errorf("%s is not on the page", info.Code)
		}
	}
	for _, m := range codeOnPage.FindAllStringSubmatch(page, -1) {
		if !known[m[1]] {
			t.Errorf("%s is on the page, and is no code", m[1])
		}
	}
	c := reflect.TypeFor[resolve.Container]()
	for i := range c.NumField() {
		name, _, _ := strings.Cut(c.Field(i).Tag.Get("json"), ",")
		if name != "" && !strings.Contains(page, "\n| `"+name+"` |") {
			t.Errorf("%s is not on the page", name)
		}
	}
}

// TestPlacesOfComments holds that comments stand at attributes that services
// have.
func TestPlacesOfComments(t *testing.T) {
	for _, arg := range append(arguments, beyond...) {
		for _, path := range arg.attrs {
			attr, _, _ := strings.Cut(path, ".")
			if !strings.Contains(" "+strings.Join(attributes, " ")+" ", " "+attr+" ") {
				t.Errorf("%s: there is no attribute %s", arg.name, attr)
			}
		}
	}
}
