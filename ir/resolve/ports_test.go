package resolve

import "testing"

func TestPortRange(t *testing.T) {
	for item, want := range map[string][2]int{"80": {80, 80}, " 8000-8100 ": {8000, 8100}, "1-65535": {1, 65535}, "9-9": {9, 9}} {
		if first, last, ok := PortRange(item); !ok || first != want[0] || last != want[1] {
			t.Errorf("%q is %d to %d (%v), want %v", item, first, last, ok, want)
		}
	}
	for _, item := range []string{"", "0", "0-5", "65536", "1-65536", "9-8", "a", "8-", "-8", "8-9-10", "80,81"} {
		if first, last, ok := PortRange(item); ok {
			t.Errorf("%q is %d to %d, want no range", item, first, last)
		}
	}
}
