package compose

import (
	"testing"

	"gopkg.in/yaml.v3"
)

// TestProjectName holds that a name that YAML could take for something else is
// still a text.
func TestProjectName(t *testing.T) {
	for _, name := range []string{"shop", "0", "1e3", "no", "null", "2026-01-01"} {
		text, _, err := Write(nil, Options{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		var model map[string]any
		if err := yaml.Unmarshal(text, &model); err != nil || model["name"] != name {
			t.Errorf("name %s comes back as %#v (%v)", name, model["name"], err)
		}
	}
	if _, _, err := Write(nil, Options{Name: "Not a name"}); err == nil {
		t.Error("a bad name is not refused")
	}
}
