package resolve

import "hull/ir/diag"

// The codes of this package.
const (
	codeChoice     = "resolve/choice"
	codeType       = "resolve/type"
	codeUnknownArg = "resolve/unknown-arg"
	codeMissingArg = "resolve/missing-arg"
	codeParam      = "resolve/unknown-param"
	codeUnset      = "resolve/unset"
	codeText       = "resolve/text"
	codeConvert    = "resolve/convert"
	codeCode       = "resolve/code"
	codeLanguage   = "resolve/language"
	codeModule     = "resolve/unknown-module"
	codeOpaque     = "resolve/opaque"
	codeCycle      = "resolve/cycle"
	codeAfter      = "resolve/after"
	codeLimit      = "resolve/limit"
)

// Codes documents the diagnostics of this package.
var Codes = []diag.Info{
	{
		Code: codeChoice, Severity: diag.Error,
		Summary: "What is to be evaluated is not in the file.",
		Detail: "A file is evaluated from one of its templates or modules: the one that is named, else the first template, " +
			"else the only module.",
	},
	{
		Code: codeType, Severity: diag.Error,
		Summary: "An argument is not of the declared type.",
		Detail: "Polytope fails here. The evaluation goes on with the argument as it is. Values and secrets are always strings: " +
			"where another type is wanted, code has to convert them; see hull explain check/split.",
	},
	{
		Code: codeUnknownArg, Severity: diag.Error,
		Summary: "An argument is given for which the module or template declares no param.",
		Detail:  "The argument is left out. For modules of Polytope's own it is a warning: other versions may have the param.",
	},
	{
		Code: codeMissingArg, Severity: diag.Error,
		Summary: "A required argument is missing.",
		Detail:  "A param that may be left out is declared with [maybe, …] or [default, …]. The evaluation goes on without the argument.",
	},
	{
		Code: codeParam, Severity: diag.Error,
		Summary: "A reference is to a param that is not declared.",
		Detail:  "The argument that holds the reference is taken to be absent.",
	},
	{
		Code: codeUnset, Severity: diag.Warning,
		Summary: "A value or secret has no text.",
		Detail: "The values script does not set it, or takes it from a variable or file that is not there. " +
			"The evaluation goes on with the empty text. To see what becomes of it, give the value a text: in the script, or for one run " +
			"of hull resolve or hull graph by --set NAME=TEXT, or by --values-from FILE for several of them.",
	},
	{
		Code: codeText, Severity: diag.Error,
		Summary: "A list or map stands in the middle of a text.",
		Detail:  "Interpolation joins texts, numbers and booleans. How anything else reads is not documented.",
	},
	{
		Code: codeConvert, Severity: diag.Error,
		Summary: "A text cannot be converted to the type that is wanted.",
		Detail:  "The argument that holds the conversion is taken to be absent.",
	},
	{
		Code: codeCode, Severity: diag.Error,
		Summary: "Code has no result.",
		Detail: "It fails, takes too long, or its result is no plain data. The argument that holds the code is taken to be absent. " +
			"Where the code may have a result in Polytope and hull does not know its language well enough, it is a warning.",
	},
	{
		Code: codeLanguage, Severity: diag.Warning,
		Summary: "Code in this language is not evaluated.",
		Detail:  "hull evaluates #pt-js and #pt-clj. The argument that holds the code is taken to be absent.",
	},
	{
		Code: codeModule, Severity: diag.Warning,
		Summary: "A module is called of which it is not known what it does.",
		Detail: "The step is kept as one that cannot be evaluated. A module of another project may well exist; " +
			"that of an id without a project is an error, as the file does not declare it. In a file that includes others, which hull " +
			"does not follow, neither is reported: polytope/newer-dialect is, at the include.",
	},
	{
		Code: codeOpaque, Severity: diag.Warning,
		Summary: "A module runs code that acts.",
		Detail:  "The step is kept as one that cannot be evaluated: what the code does is not known before it runs.",
	},
	{
		Code: codeCycle, Severity: diag.Error,
		Summary: "Modules call one another in a circle, or steps wait for one another in one.",
		Detail: "A call must end up at a module of Polytope's own or at code; of steps, one has to come first. " +
			"The call, or the wait that closes the circle, is left out.",
	},
	{
		Code: codeAfter, Severity: diag.Error,
		Summary: "A step waits for a step that the template has not.",
		Detail:  "The wait is left out. A step's id is that of its module, unless it has one of its own.",
	},
	{
		Code: codeLimit, Severity: diag.Error,
		Summary: "The file is too large to evaluate.",
		Detail: "Modules, data and texts are followed up to limits that no file written by hand comes near, so that the " +
			"evaluation of any file ends.",
	},
}

// severities are the usual ones by code.
var severities = func() map[string]diag.Severity {
	m := map[string]diag.Severity{}
	for _, info := range Codes {
		m[info.Code] = info.Severity
	}
	return m
}()
