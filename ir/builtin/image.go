package builtin

import (
	"slices"

	"hull/ir"
	"hull/ir/known"
)

// isFor tells whether a module is made for an image.
func (d *definition) isFor(image ir.Expr) bool {
	name, ok := known.ImageName(image)
	return ok && slices.ContainsFunc(d.images, func(pattern string) bool { return known.IsNamed(name, known.Repository(pattern)) })
}
