package jsonnet

import (
	"slices"

	"hull/ir/diag"
)

// Codes documents every diagnostic of the package.
func Codes() []diag.Info { return slices.Clone(codes) }

func errorCode(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Error, Summary: summary, Detail: detail}
}

var codes = []diag.Info{
	errorCode("jsonnet/file", "A program cannot be read.", "It is missing, is a folder, or lies outside of the root folder."),
	errorCode("jsonnet/syntax", "A text is not Jsonnet.",
		"go-jsonnet cannot parse the program or a file that it imports, or a variable in it is not declared."),
	errorCode("jsonnet/runtime", "A program fails.",
		"An error or assert of the program or of a library that it uses, or an operation on a value of the wrong type. The position is the "+
			"last one in the user's own files; the help names the calls that led there."),
	errorCode("jsonnet/import", "An import cannot be read.",
		"Imports are looked up beside the file that has them, then in the folders of -J, the last one first. Nothing outside of the root "+
			"folder and these is read, nor a symbolic link that leads out of them. hull/polytope.libsonnet is built in; a file of that name goes first."),
	errorCode("jsonnet/limit", "A program takes too much.",
		"A program has 500 calls open at most, 30 seconds, and 1 GB of memory; a file has at most 4 MB, all files together 32 MB; expressions are "+
			"nested at most 10,000 deep. std.makeArray, std.range and std.repeat make at most ten million items, and joined strings have at most "+
			"four million characters. Mostly the cause is a recursion that does not end."),
	errorCode("jsonnet/shape", "The result of a program is nothing that hull reads.",
		"The result is an object with services (docker-compose), modules or templates (Polytope), or image or container_name (knot); a list "+
			"of such objects, for several documents; or a text with one of them in YAML. With --multi each field of the result is one."),
	errorCode("jsonnet/multi", "The result of a program is not several files.",
		"With --multi the result is an object. Its fields are named as files are, relative to the output folder, and hold what each is made of."),
	errorCode("jsonnet/internal", "go-jsonnet fails in itself.", "This is an error of go-jsonnet's or of hull's, and not of the program. Please report it."),
	{
		Code: "jsonnet/comments", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "The comments of a program are not in what it becomes.",
		Detail: "A program is evaluated, and what it yields is data: there is no telling which part of it a comment was about. The program stays what " +
			"people read and change. The comments of libraries, which -J finds, are not meant.",
	},
	{
		Code: "jsonnet/trace", Severity: diag.Note,
		Summary: "A message of std.trace.", Detail: "The program prints it while it is evaluated. It changes nothing.",
	},
}
