package knot

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestKeys holds that no key is listed twice: knot accepts nineteen.
func TestKeys(t *testing.T) {
	sorted := slices.Sorted(slices.Values(Keys))
	if n := len(slices.Compact(sorted)); n != 19 || n != len(Keys) {
		t.Errorf("%d keys, %d of them different; knot accepts 19", len(Keys), n)
	}
	if !IsKey("dns_search") || IsKey("restart") {
		t.Error("IsKey does not follow the list")
	}
}

var action = regexp.MustCompile(`\$\{\{\s*\.([a-z_.]+)\s*\}\}`)

// TestTextsUseKnownVariables holds that what the tables write into a template
// refers to variables that there are.
func TestTextsUseKnownVariables(t *testing.T) {
	texts := []string{DefaultContainerName, DefaultHostname, SpaceIDPrefix}
	for _, v := range MandatoryEnv {
		texts = append(texts, v.Value)
	}
	for _, text := range texts {
		ms := action.FindAllStringSubmatch(text, -1)
		if len(ms) == 0 || len(ms) != strings.Count(text, OpenAction) {
			t.Errorf("%s has no action, or one that is more than a variable", text)
		}
		for _, m := range ms {
			if _, ok := Lookup(m[1]); !ok {
				t.Errorf("%s refers to %s, which is not listed", text, m[1])
			}
		}
	}
}

// TestVariables holds that each variable is listed once and explained, and that
// its group is not one that users fill.
func TestVariables(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range Variables {
		group, _, ok := strings.Cut(v.Name, ".")
		if !ok || v.Info == "" || seen[v.Name] || slices.Contains(OpenGroups, group) {
			t.Errorf("%+v is listed twice, not explained, or in a wrong group", v)
		}
		seen[v.Name] = true
		if strings.HasSuffix(v.Name, "password") != v.Secret {
			t.Errorf("%s: Secret is %v", v.Name, v.Secret)
		}
	}
	if v, ok := Lookup("user.timezone"); !ok || v.Name != "user.timezone" {
		t.Errorf("Lookup finds %+v", v)
	}
	if _, ok := Lookup("user.age"); ok {
		t.Error("Lookup finds what is not there")
	}
}

func TestPortVarFor(t *testing.T) {
	for protocol, want := range map[string]string{"http": "KNOT_HTTP_PORT", "https": "KNOT_HTTPS_PORT", "tcp": "KNOT_TCP_PORT", "udp": ""} {
		if got, ok := PortVarFor(protocol); got.Name != want || ok != (want != "") {
			t.Errorf("%s: %v %v", protocol, got, ok)
		}
	}
}
