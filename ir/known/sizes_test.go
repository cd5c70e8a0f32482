package known

import "testing"

func TestDataSize(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0B", 512: "512B", 1024: "1KB", 512 << 20: "512MB", 3 << 30: "3GB", 1536 << 20: "1536MB", 1<<20 + 1: "1048577B", 2 << 40: "2TB",
	} {
		got := DataSize(n)
		if got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
		if back, ok := ParseDataSize(got); ok != (n > 0) || back != n {
			t.Errorf("%s are %d bytes (%v), want %d", got, back, ok, n)
		}
	}
}

func TestDataSizeIn(t *testing.T) {
	for unit, want := range map[string]string{"": "2048B", "B": "2048B", "M": "2048MB", "MB": "2048MB"} {
		if got := DataSizeIn(2048, unit); got != want {
			t.Errorf("2048 of %q are %s, want %s", unit, got, want)
		}
	}
}

func TestParseDataSize(t *testing.T) {
	for size, want := range map[string]int64{
		"1": 1, "1b": 1, "512MB": 512 << 20, " 512 MiB ": 512 << 20, "1.5g": 3 << 29, "0.1k": 103, "1p": 1 << 50,
		"": 0, "MB": 0, "0": 0, "-1MB": 0, "1XB": 0, "9999999p": 0, "1 2": 0,
	} {
		got, ok := ParseDataSize(size)
		if ok != (want > 0) || ok && got != want {
			t.Errorf("%q are %d bytes (%v), want %d", size, got, ok, want)
		}
	}
}
