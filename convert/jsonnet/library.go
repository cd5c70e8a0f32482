package jsonnet

import (
	_ "embed"
	"slices"

	jsonnet "github.com/google/go-jsonnet"
)

// LibraryName is what a program imports the library of Polytope files by. A
// file of that name, beside the program or in a search path, goes first.
const LibraryName = "hull/polytope.libsonnet"

//go:embed hull/polytope.libsonnet
var library []byte

// Library is the text of the library of Polytope files, for programs that other
// implementations of Jsonnet are to evaluate.
func Library() []byte { return slices.Clone(library) }

//go:embed guard.libsonnet
var guard string

// guardName and tickName are imported by what instrument adds to programs.
const (
	guardName = "<hull:guard>"
	tickName  = "<hull:tick>"
)

var tickText = jsonnet.MakeContents("true")

// builtIn are the texts that are there without a file.
var builtIn = map[string]jsonnet.Contents{
	LibraryName: jsonnet.MakeContentsRaw(library),
	guardName:   jsonnet.MakeContents(guard),
}

// isInternal tells whether a file is none of the user's.
func isInternal(file string) bool {
	return file == "" || file == "<std>" || file == guardName || file == tickName || file == LibraryName
}
