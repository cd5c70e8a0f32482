package verify

import "testing"

func TestOther(t *testing.T) {
	tests := []struct {
		text   string
		isPath bool
		want   string
	}{
		{"", false, "30002"},
		{"", true, "/30002"},
		{"8080", false, "30002"},
		{"./data", true, "/30002"},
		{"/data", false, "/30002"},
		{"true", false, "false"},
		{"off", false, "on"},
		{"512m", false, "513m"},
		{"1.5", false, "2.5"},
		{"30s", false, "31s"},
		{"postgres:16", false, "postgres:16-other"},
		{"1.2.3", false, "1.2.3-other"},
	}
	for _, test := range tests {
		if got := other(test.text, 1, test.isPath); got != test.want {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}
