package check

import "hull/ir/diag"

// ruleGroups are all rules, in the order of the documentation. It is a function
// because the rules' functions know of the table, too.
func ruleGroups() [][]rule { return [][]rule{typeRules, nameRules, codeRules, houseRules} }

func errorInfo(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Error, Summary: summary, Detail: detail}
}

func warningInfo(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Warning, Summary: summary, Detail: detail}
}

func noteInfo(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Note, Summary: summary, Detail: detail}
}

// typeRules report what the type checker finds.
var typeRules = []rule{
	{errorInfo(codeType, "An argument is not of the type that its param declares.",
		"Polytope refuses the call: Must be an integer (got \"8079\"). Arguments must match the declared types exactly (reference, \"args\" "+
			"and \"Correct type for args\"): a quoted number is a string, and a string is no number. References count with their types: "+
			"pt.param x with that of x, pt.value, pt.secret and texts with {pt.… x} in them as strings; of code only conversions, "+
			"comparisons and literals are looked at.\n\nA param that is a string becomes a number by code: \"#pt-js parseInt(params['port'])\"."), reportTyped},
	{errorInfo(codeSplit, "A value or secret stands where a number or boolean is expected.",
		"A value is always a string, even if it was set to a number, and code cannot read it. So the module becomes two (reference, \"Polytope "+
			"values and secrets are stored as strings\"). The one on top keeps the id and passes the value on:\n\n"+
			"- id: web, module: web-base, args: {port: pt.value web_port}\n\n"+
			"The base declares {id: port, type: [default, str, \"8080\"]}, does all else, and converts where the number is needed: "+
			"\"#pt-js parseInt(params['port'])\", parseFloat(…) for a number, params['x'] === 'true' for a boolean. In params, ids are in camel case."), reportTyped},
	{errorInfo(codeDefault, "A default is not of the type that it is the default of.",
		"[default, int, \"8080\"] declares an integer and gives it a string: every call that relies on the default fails. For no default, write "+
			"[maybe, T] (reference, \"Param type DSL\")."), reportTyped},
	{errorInfo(codeUnknownArg, "An argument has no param of that name.",
		"Arguments must match the params that the called module declares (reference, \"modules\"). hull modules lists those of the built-in modules."), reportTyped},
	{errorInfo(codeMissingArg, "A required argument is missing.",
		"A param must be given unless its type is [default, …] or [maybe, …] (reference, \"params\")."), reportTyped},
	{errorInfo(codeUnknownKey, "A map has a key that its type does not know.",
		"Maps with declared keys take no others: service specs, ports, mounts, mount sources, environment variables and restart policies "+
			"(reference, \"Polytope Data Types And Specification\")."), reportTyped},
	{errorInfo(codeMissingKey, "A map lacks a key that its type requires.",
		"A service needs id and ports, a port needs port (or range) and protocol, a mount needs path and source, a mount source its type "+
			"(reference, \"Polytope Data Types And Specification\")."), reportTyped},
	{warningInfo(codeOptional, "An optional param stands where something is required.",
		"The param is [maybe, …]: without an argument it is null, and the call fails. Give it a default, or make it required (reference, "+
			"\"Give modules sensible parameters\")."), reportTyped},
	{errorInfo(codeAbsolutePath, "A path in a container is not absolute.",
		"Mounts, working directories and the like are of type absolute-path and begin with /. Only the path of a host's source may be "+
			"relative (reference, \"polytope/container\")."), reportTyped},
	{errorInfo("check/mount-indent", "A mount's path has swallowed its source.",
		"A brace or an indentation in the wrong place makes of {path: /data, source: {…}} a path that is a map: path: {/data, source: {…}}. "+
			"path and source stand side by side (reference, \"mount-source\")."), checkMountIndent},
}

// nameRules are about ids and what they refer to.
var nameRules = []rule{
	{errorInfo("check/id", "An id is missing, or has a character that ids may not have.",
		"Ids of modules, templates, steps and params hold only 0–9, a–z, _ and - (reference, \"modules\")."), checkIDs},
	{errorInfo("check/duplicate-id", "An id is there twice.",
		"Modules, templates, the params of one module and the steps of one template have ids of their own. A step has the id of its module; where "+
			"a template calls one several times, each call needs an id (reference, \"Steps\")."), checkDuplicateIDs},
	{errorInfo("check/module-body", "A module has both module and code, or neither.",
		"A module calls another one or runs code, not both (reference, \"modules\")."), checkBodies},
	{errorInfo("check/call-cycle", "Modules call one another in a circle.",
		"Every chain of calls must end in a built-in module or in code (reference, \"modules\")."), checkCycles},
	{errorInfo("check/unknown-module", "A module that is called does not exist.",
		"A module of the same file is called by its id; those of Polytope and of others as owner/project, such as polytope/postgres or "+
			"polytope/redpanda!console (reference, \"Polytope Standard Modules\"). Whether a module of another owner exists is not checked."), checkModules},
	{errorInfo("check/unknown-param", "A reference names a param that is not declared.",
		"pt.param x needs an entry with the id x under params of the same module or template (reference, \"args\")."), checkParamRefs},
	{errorInfo("check/unknown-step", "A step waits for a step that is not in its template.",
		"run-when: after takes the id of a step of the same template. A step has the id of its module unless it is given another (reference, \"Steps\")."), checkAfter},
	{warningInfo("check/waits-forever", "A step waits for one that never ends.",
		"A container with services, and one that is always restarted, runs until the job is stopped: a step that waits for it never runs. "+
			"Leave run-when out; services start together, and must retry until the others answer (reference, \"In templates, don't provide "+
			"after unless steps must wait for another step to complete\"). Waiting is for what completes: a build, a migration, a setup."), checkWaits},
	{warningInfo("check/unset-binding", "The values script does not set a value or secret that the file reads.",
		"The script .values_and_secrets.defaults.sh sets everything that polytope.yml refers to, so that a new machine needs no more than to run "+
			"it: pt values set NAME …, pt secrets set NAME … (reference, \"Sample executable file with default values and secrets\")."), checkUnset},
	{noteInfo("check/unused-binding", "The values script sets a value or secret that nothing reads.",
		"It is left over, or its name is misspelt here or there (reference, \"Sample executable file with default values and secrets\")."), checkUnusedBindings},
}

// codeRules are about code.
var codeRules = []rule{
	{errorInfo("check/value-in-code", "Code asks for a value or a secret.",
		"There is no pt.value and no pt.secret in #pt-js code, only params. Pass the value to a param of a base module, and read that (reference, "+
			"\"args\" and \"Base-level module\"); see hull explain check/split."), checkValuesInCode},
	{errorInfo("check/code-param", "Code reads a param that is not declared, or not by that spelling.",
		"JavaScript sees the params of its module in camel case: api_port and api-port are params['apiPort'] (reference, \"Base-level module\"). "+
			"Clojure sees them as they are written: (:api-port params)."), checkCodeParams},
}

// houseRules are about good files.
var houseRules = []rule{
	{warningInfo("check/no-volume", "A database, queue or cache has no volume.",
		"Its data is lost when the container ends. Modules of Polytope take data-volume: {type: volume, scope: project, id: …}, containers a mount of it "+
			"(reference, \"ALWAYS use persistent volumes for stateful services\"). Known are Polytope's own modules and the usual images."), checkStateful},
	{warningInfo("check/volume-scope", "A volume does not have scope: project.",
		"The default scope is job: the volume is gone with the job (reference, \"ALWAYS use persistent volumes for stateful services\"). "+
			"A scope: job that is written down is a note."), checkVolumeScope},
	{warningInfo("check/literal-secret", "A password, key or token stands in the file.",
		"User names, passwords and keys belong into secrets: pt.secret name, set with pt secrets set in a script that is not committed (reference, \"No hard "+
			"coded property values that the user may want to change between deployment environments\"). A secret is told by the name of its variable or argument, "+
			"by standing as the password of a URL, or by the shape that its issuer gives it."), checkLiteralSecrets},
	{noteInfo("check/literal-env", "An environment variable has a literal value.",
		"What may differ between environments is a value: {name: LOG_LEVEL, value: pt.value log_level} (reference, \"No hard coded property values that "+
			"the user may want to change between deployment environments\")."), checkLiteralEnv},
	{noteInfo("check/literal-port", "A port is exposed under a literal number.",
		"Ports on the host differ between environments and should be values, which takes a base module that converts: see hull explain check/split "+
			"(reference, \"No hard coded property values that the user may want to change between deployment environments\"). Ports inside a container do not."), checkLiteralPort},
	{noteInfo("check/step-id", "A step has an id that it does not need.",
		"Names are kept simple: an id is for several calls of the same module (reference, \"Consice template section\")."), checkStepIDs},
	{noteInfo("check/template-param", "A template's param only passes on what the module has a default for.",
		"Templates are kept short: the default params of the modules suffice for most uses (reference, \"Consice template section\")."), checkTemplateParams},
	{noteInfo("check/unused-param", "Nothing uses a param.",
		"Neither pt.param nor code reads it: whoever passes it passes it in vain (reference, \"params\")."), checkUnusedParams},
	{warningInfo("check/unknown-host", "A host name that looks like a service's is none.",
		"Containers reach one another by the ids of their services. A name of one label in a URL with a port, or in HOST:PORT, is no id of any service that the "+
			"file's modules have (reference, \"Hostnames\" and \"service-spec\"). Where some module's services are not known, nothing is reported."), checkHosts},
}

// unusedAllow documents what diag.Policy reports.
var unusedAllow = noteInfo(diag.UnusedAllow, "A comment allows something that is not there.",
	"# hull:allow CODE reason silences the code on its line; on a line of its own, on the next line and what is indented below it. Where nothing of the "+
		"code is found there, the comment is left over, or the code is misspelt. Errors cannot be silenced.")
