package known

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Data sizes of Polytope's are written as an integer and a unit, "512MB", in
// powers of 1024 as compose and knot mean them. The form is unconfirmed: no
// public document defines data-size (notes.md).

// sizeUnits are the units by their power of 1024.
var sizeUnits = []string{"B", "KB", "MB", "GB", "TB"}

// DataSize is a number of bytes as a data size, in the largest unit that it is
// a multiple of.
func DataSize(bytes int64) string {
	for power, unit := range slices.Backward(sizeUnits) {
		if size := int64(1) << (10 * power); bytes >= size && bytes%size == 0 {
			return DataSizeIn(bytes/size, unit)
		}
	}
	return DataSizeIn(bytes, sizeUnits[0])
}

// DataSizeIn is an amount as a data size, in the unit given: "M" and "MB" are
// one, as are "", "B" and bytes.
func DataSizeIn(n int64, unit string) string {
	return strconv.FormatInt(n, 10) + strings.TrimSuffix(unit, "B") + "B"
}

var dataSize = regexp.MustCompile(`(?i)^([0-9]+(?:\.[0-9]+)?)\s*([kmgtp]?)i?b?$`)

// ParseDataSize is the number of bytes of a data size, rounded up; ok is false
// for what is no size, less than a byte, or 1 << 60 and more. It reads more than
// DataSize writes: "1.5g", "512 MiB".
func ParseDataSize(size string) (bytes int64, ok bool) {
	m := dataSize.FindStringSubmatch(strings.TrimSpace(size))
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	power := strings.Index(" kmgtp", strings.ToLower(m[2]))
	if m[2] == "" {
		power = 0
	}
	n = math.Ceil(n * math.Pow(1024, float64(power)))
	return int64(n), err == nil && n >= 1 && n < 1<<60
}
