package resolve

import (
	"strconv"
	"strings"
)

// PortRange reads an item of Port.Range or Port.ExposeAs, "80" or "8000-8100".
// ok is false unless both ends are ports, 1 to 65535, and in order.
func PortRange(item string) (first, last int, ok bool) {
	from, to, isRange := strings.Cut(strings.TrimSpace(item), "-")
	first, err := strconv.Atoi(from)
	last = first
	if isRange && err == nil {
		last, err = strconv.Atoi(to)
	}
	return first, last, err == nil && first >= 1 && last >= first && last <= 65535
}
