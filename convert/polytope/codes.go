package polytope

import (
	"slices"

	"hull/ir/diag"
)

// Codes documents every diagnostic of the reader but those of param types,
// which are ir.TypeCodes.
func Codes() []diag.Info { return slices.Clone(codes) }

func errorCode(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Error, Summary: summary, Detail: detail}
}

var codes = []diag.Info{
	errorCode("polytope/file", "A file cannot be read.",
		"It is missing, is a folder, or is larger than 8 MB. A Polytope file is read by itself: name one."),
	errorCode("polytope/syntax", "A file is not what its name says.",
		"The file is not YAML, JSON or EDN. JSON is taken strictly: it has no comments, and no comma before a closing bracket. "+
			"Such a file is still read on to its end, so that all of it is reported at once."),
	errorCode("polytope/scaffold", "A file is a template for Polytope files.",
		"Placeholders such as {{ project-name }} are filled in when a project is made from the template. Before that the file is neither "+
			"YAML nor a Polytope file. Render it with the tool that it belongs to, and convert the result. A literal {{ }} in a text is none of "+
			"this: put the text in quotes."),
	errorCode("polytope/limit", "A file is too large, nested too deep, or repeats too much.",
		"A file has at most 8 MB, 200 levels and 100,000 nodes that aliases repeat."),
	errorCode("polytope/documents", "A file holds several YAML documents.", "A Polytope file is one. The first is read."),
	errorCode("polytope/duplicate-key", "A key occurs twice in a map.",
		"YAML and EDN do not allow it, and programs differ in which of the two they take. hull takes the last."),
	errorCode("polytope/unknown-key", "A key is none that Polytope has there.",
		"The reference's schema allows no other keys than those it lists. A frequent cause is an argument of the called module, such as "+
			"env or services, that stands beside args and not below it."),
	errorCode("polytope/shape", "Something is of the wrong kind: a list where a map belongs, a step without a module.",
		"Where it is clear what is meant, it is read so; else it is left out. Either way Polytope would refuse the file."),
	{
		Code: "polytope/older-dialect", Severity: diag.Note,
		Summary: "A spelling of the older dialect.",
		Detail: "Older files write #pt-value x, #pt-secret x and #pt-param x for pt.value x and so on, run-steps for run, params for the " +
			"arguments of a call or args as a list of {id, value}, and template: x as a step that runs the steps of another template. hull reads " +
			"all of them, and writes what the reference has.",
	},
	{
		Code: "polytope/newer-dialect", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A key of a newer dialect than the reference's.",
		Detail: "Newer files hold tools in the place of modules and templates, with inputs, include, instructions, mcp, await, tool, after and " +
			"pt.input. hull reads a tool of one step as a module and another as a template, tool as module, inputs as params, after as run-when, " +
			"pt.input as pt.param, and the code of a step as a module that the step calls. The others have no counterpart in the reference and " +
			"are dropped. Each key is named where it first occurs.",
	},
	{
		Code: "polytope/spelling", Severity: diag.Note,
		Summary: "A reference in a spelling that the reference mostly does not use.",
		Detail:  "pt.values x is read as pt.value x, and written so.",
	},
	{
		Code: "polytope/reference", Severity: diag.Warning,
		Summary: "A text looks like a reference, but is none.",
		Detail: "References are pt.value name, pt.secret name and pt.param name as a whole text, or in braces inside of one; code is #pt-js, " +
			"#pt-clj or #pt-py and what follows. Anything else that begins so is kept as text, and written so that it stays text.",
	},
	{
		Code: "polytope/param-type", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A param has no type.",
		Detail:  "The type is required (reference, \"params\"). Without one the param takes anything.",
	},
	{
		Code: "polytope/text", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "Something that is not text stands where text belongs.",
		Detail:  "A key, an id or the like is a number or a boolean, or a text or symbol where EDN has keywords mostly. It is read as the text that it is written with.",
	},
	{
		Code: "polytope/number", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A number cannot be kept exactly.",
		Detail:  "Integers have 64 bits, and infinity and the like are no data of Polytope's. The number is read as text.",
	},
	{
		Code: "polytope/tag", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A tag of YAML or EDN has no meaning in a Polytope file.",
		Detail:  "Tags, such as !name or #inst, give a value a type of a program's own. The value is read without it.",
	},
	{
		Code: "polytope/set", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A set becomes a list.",
		Detail:  "Only EDN has sets. The list has the order in which the set is written.",
	},
	{
		Code: "polytope/yaml-ambiguous", Severity: diag.Note,
		Summary: "YAML 1.1 reads a word as something else than text.",
		Detail: "yes, no, on, off and numbers such as 22:22 are text in YAML 1.2, and booleans or numbers in YAML 1.1. hull reads them as text. " +
			"Write them in quotes, or write true or false, and every program reads the same.",
	},
	{
		Code: "polytope/empty", Severity: diag.Warning,
		Summary: "There is nothing in a file.", Detail: "It has no templates and no modules.",
	},
	errorCode("polytope/script", "The values script cannot be read.", "It is not a script of the shell. The message is the parser's."),
	{
		Code: "polytope/script-command", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "The values script sets something in a way that is not understood.",
		Detail: "hull reads the script without running it: lines of pt values set NAME DATA and pt secrets set NAME DATA, where DATA is text, " +
			"variables with the operators :- - :? ? :+ and +, and $(cat FILE). What else sets a value or a secret is left out.",
	},
}
