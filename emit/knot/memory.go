package knot

import (
	"fmt"
	"strconv"

	"hull/ir/diag"
	"hull/ir/known"
)

const (
	mega = 1 << 20
	giga = 1 << 30
)

// memory is a data size as knot takes it, "512M" or "4G" (notes.md), rounded up
// where that is not exact.
func (c *container) memory(marked string) (string, bool) {
	size, ok := c.fixed(c.Parts(marked), "resources", "the limit of memory")
	if !ok || size == "" {
		return "", false
	}
	bytes, ok := known.ParseDataSize(size)
	if !ok {
		c.report(codeMemory, diag.Warning, diag.Dropped, "resources", fmt.Sprintf("%q is no amount of memory", size), "write 512MB or 4GB")
		return "", false
	}
	if bytes%giga == 0 {
		return strconv.FormatInt(bytes/giga, 10) + "G", true
	}
	megas := (bytes + mega - 1) / mega
	if bytes%mega != 0 {
		c.report(codeMemory, diag.Note, diag.Approximated, "resources",
			fmt.Sprintf("%s of memory are rounded up to %dM: knot takes whole megabytes", size, megas), "")
	}
	return strconv.FormatInt(megas, 10) + "M", true
}
