// Package rewrite changes Polytope files as people have written them: into the
// house style (Format), and where a finding of the checker can be mended
// without changing anything else (Fix). It joins a reader with a writer, which
// neither of them could do, and proves what it did by reading the result.
package rewrite

import (
	"bytes"
	"path"
	"strings"

	reader "hull/convert/polytope"
	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// syntax is a syntax of Polytope files.
type syntax struct {
	name       string // as the reader calls it
	extensions []string
	write      func(*ir.File, writer.Options) ([]byte, error)
}

// writerOptions make the writers know the built-in modules.
var writerOptions = writer.Options{Signatures: builtin.Signature}

var (
	yamlSyntax = &syntax{"yaml", []string{".yml", ".yaml"}, writer.WriteYAML}
	jsonSyntax = &syntax{"json", []string{".json"}, writer.WriteJSON}
	ednSyntax  = &syntax{"edn", []string{".edn"}, writer.WriteEDN}
)

// syntaxOf tells a file's syntax by its name, and where that says nothing by
// its text: EDN begins with a comment or a map with a keyword, JSON with a map
// with a text in quotes, and YAML is everything else.
func syntaxOf(name string, text []byte) *syntax {
	ext := strings.ToLower(path.Ext(name))
	for _, s := range []*syntax{yamlSyntax, jsonSyntax, ednSyntax} {
		for _, e := range s.extensions {
			if e == ext {
				return s
			}
		}
	}
	text = bytes.TrimSpace(text)
	inside, isMap := bytes.CutPrefix(text, []byte("{"))
	switch inside = bytes.TrimSpace(inside); {
	case bytes.HasPrefix(text, []byte(";")), isMap && bytes.HasPrefix(inside, []byte(":")):
		return ednSyntax
	case isMap && bytes.HasPrefix(inside, []byte(`"`)):
		return jsonSyntax
	}
	return yamlSyntax
}

func (s *syntax) read(name string, text []byte) (*ir.File, *diag.Report) {
	return reader.Read(reader.Options{Name: name, Text: text, Format: s.name})
}

// Codes documents the diagnostics of the package.
func Codes() []diag.Info { return codes }

var codes = []diag.Info{
	{
		Code: "format/lossy", Severity: diag.Error,
		Summary: "A file cannot be formatted without losing something.",
		Detail: "Formatting reads a file and writes it again. What the reader could not take over as it is would be missing or " +
			"different then, so the file is left alone. The diagnostics beside this one say what that is; mend them first, hull check --fix " +
			"can do some of it.",
	},
	{
		Code: "format/anchors", Severity: diag.Error,
		Summary: "A file with anchors cannot be formatted.",
		Detail: "Where YAML repeats something by an alias (*name) or a merge key (<<), the formatted file would hold copies: it would mean the " +
			"same, and no longer be what its author wants to maintain. Write the copies out, or make a module or a param of what repeats.",
	},
	{
		Code: "format/unproved", Severity: diag.Error,
		Summary: "A formatted file does not read as the original does.",
		Detail: "The result of formatting is read again, and compared with the original: modules, templates, arguments and comments must be the " +
			"same. Where they are not the file is left alone. This is a mistake of hull's, please report it.",
	},
}
