package jsonnet

import (
	"regexp"
	"strconv"
	"strings"
)

var rangePart = regexp.MustCompile(`^([0-9]{1,5})(?:-([0-9]{1,5}))?$`)

// isRangeText tells whether a text is 8000-8100, or several of that and of
// ports behind commas.
func isRangeText(s string) bool {
	for part := range strings.SplitSeq(s, ",") {
		m := rangePart.FindStringSubmatch(part)
		if m == nil {
			return false
		}
		first, _ := strconv.Atoi(m[1])
		last := first
		if m[2] != "" {
			last, _ = strconv.Atoi(m[2])
		}
		if first < 1 || last < first || last > 65535 {
			return false
		}
	}
	return true
}
