package knot

import (
	"fmt"
	"strings"

	"hull/ir/diag"
	"hull/ir/knot"
)

// counterpart says what becomes of an argument of polytope/container, for the
// documentation; those that are lost are rows of losses.
type counterpart struct {
	name, becomes string
	fate          string
	codes         []string
}

// arguments are the arguments that a job specification has a place for, in the
// order of its keys, and then what a job has beyond its containers.
var arguments = []counterpart{
	{"id", "`container_name`, where it is not the module's own id; else " + code(knot.DefaultContainerName), "approximated", []string{codeName}},
	{"services", "`hostname`: the id of the first service, where it is not the module's own id; else " + code(knot.DefaultHostname), "approximated", []string{codeName, codeNames}},
	{"image", "`image`", "kept", []string{codeImage}},
	{"services", "`ports` of what is on the host, and `KNOT_HTTP_PORT`, `KNOT_HTTPS_PORT` and `KNOT_TCP_PORT` of what has a label or is internal", "kept", []string{codePort, codeLabel, codeFixed}},
	{
		"mounts", "`volumes`: paths of the host that begin with a slash, and volumes named " + code(knot.SpaceIDPrefix+"id") + ", which the volume definitions declare", "kept",
		[]string{codeMount, codeHostPath, codeScope, codeVolumeContent, codeVolumeName, codeShared},
	},
	{"cmd", "`command`, as a list of words", "kept", []string{codeCommand}},
	{"env", "`environment`, in order, behind the four variables that every template has to have", "kept", []string{codeEnv, codeMandatory, codePeers}},
	{"resources", "`memory` and `cpus`, of the limits", "approximated", []string{codeMemory, codeResources, codeFixed}},
}

// beyond is what a file has besides the arguments of one container.
var beyond = []counterpart{
	{"several containers", "a template each", "approximated", []string{codeSeveral, codePeers, codeShared}},
	{"templates", "nothing: the containers of all are written, each once; params have their defaults", "approximated", []string{codeTemplates, codeParams}},
	{"modules that no template runs", "nothing", "dropped", []string{codeUnused}},
	{"values and secrets", code(knot.Action("var.name")) + ", or the variable of knot that they came from", "approximated", []string{codeVariables, codeVariableName}},
	{"`run-when`", "nothing: spaces start when their users start them", "dropped", []string{codeAfter}},
	{"`polytope/build-image`", "nothing: the image has to be there", "dropped", []string{codeBuild}},
	{"unknown modules, and code", "nothing", "dropped", []string{codeOpaque, codeNothing}},
}

func code(text string) string { return "`" + text + "`" }

// Reference is what the writer does as a page of documentation, in Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	table(&b, "argument of `polytope/container`", arguments)
	for _, l := range losses {
		row(&b, counterpart{l.arg, "nothing", string(diag.Dropped), []string{l.code()}})
	}
	b.WriteString("\n")
	table(&b, "of the file", beyond)
	b.WriteString(referenceTail)
	return b.String()
}

func table(b *strings.Builder, head string, rows []counterpart) {
	fmt.Fprintf(b, "| %s | in knot | fate | diagnostics |\n| --- | --- | --- | --- |\n", head)
	for _, a := range rows {
		row(b, a)
	}
}

func row(b *strings.Builder, a counterpart) {
	name := a.name
	if !strings.ContainsAny(name, " `") {
		name = code(name)
	}
	var codes []string
	for _, c := range a.codes {
		codes = append(codes, code(c))
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s |\n", name, a.becomes, a.fate, strings.Join(codes, ", "))
}

const referenceHead = `## Writing templates

` + "`hull convert --to knot --platform docker|podman`" + ` writes a template for each container: a job specification, and the definitions of
its volumes. On a terminal hull asks for the platform where it is not given; elsewhere that is an error.

    web.knot.yml              both documents, separated by ---; of a container without volumes, the first alone
    web.volumes.knot.yml      with --split-dir DIR: the definitions, in a file of their own
    --- between documents     with -o -: everything behind each other, without a header

Files are named after their containers. hull removes those of an earlier run whose containers are gone, if they lie in the
project's folder and hull named them; ` + "`--check`" + ` reports them.

Every template has ` + "`container_name` and `hostname`" + `, the four variables of knot's agent, and a definition for each volume that it
mounts. Those for podman add ` + "`CAP_NET_RAW`" + `. None is privileged. Texts are what they were: a literal ` + "`${{`" + ` is written so that knot
does not take it for an action. By default only what the source takes from variables becomes a variable of knot, as these have
no defaults; ` + "`--values all`" + ` makes one of each environment entry.

`

const referenceTail = `
Variables stand where knot allows them. It checks ports, limits and the beginnings of paths before it replaces variables, so the
default of a value is written there (` + "`" + codeFixed + "`" + `).
`
