package knot

import (
	"reflect"
	"strings"
	"testing"

	"hull/ir/resolve"
)

// TestReferenceIsComplete holds that the page has every code of the writer, and
// every argument that a container may have.
func TestReferenceIsComplete(t *testing.T) {
	page := Reference()
	for _, info := range Codes() {
		if !strings.Contains(page, "`"+info.Code+"`") {
			t.Errorf("%s is not on the page", info.Code)
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
