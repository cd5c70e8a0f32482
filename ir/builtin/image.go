package builtin

import (
	"slices"
	"strings"

	"hull/ir"
)

// isFor tells whether a module is made for an image.
func (d *definition) isFor(image ir.Expr) bool {
	name, ok := imageName(image)
	return ok && slices.ContainsFunc(d.images, func(pattern string) bool { return matchesImage(pattern, name) })
}

// imageName is the name of an image without tag and digest. ok is false where
// the literal beginning of the image does not reach to the end of its name.
func imageName(image ir.Expr) (name string, ok bool) {
	text, isWhole := literalPrefix(image)
	name, _, hasDigest := strings.Cut(text, "@")
	// A colon before the last slash is a registry's port.
	base := name[strings.LastIndexByte(name, '/')+1:]
	_, tag, hasTag := strings.Cut(base, ":")
	if hasTag {
		name = name[:len(name)-len(tag)-1]
	}
	return name, isWhole || hasDigest || hasTag
}

// literalPrefix is the literal text that an expression begins with, and
// whether that is all of it.
func literalPrefix(x ir.Expr) (text string, isWhole bool) {
	switch x := x.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Interp:
		if len(x.Parts) > 0 {
			text, _ = literalPrefix(x.Parts[0])
		}
	}
	return text, false
}

// officialRegistries are where the images of Docker's library are served:
// Docker Hub under its names, and Amazon's public mirror, which the reference
// itself uses.
var officialRegistries = []string{
	"", "library/", "docker.io/", "docker.io/library/", "index.docker.io/library/",
	"public.ecr.aws/docker/library/",
}

// matchesImage tells whether an image name is one that modules.yml means: an
// official image (library/NAME) by any of its names, any other at any registry.
func matchesImage(pattern, name string) bool {
	if short, ok := strings.CutPrefix(pattern, "library/"); ok {
		return slices.ContainsFunc(officialRegistries, func(r string) bool { return name == r+short })
	}
	return name == pattern || strings.HasSuffix(name, "/"+pattern)
}
