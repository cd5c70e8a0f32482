package knot

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir/diag"
)

// Codes documents every diagnostic of the reader and of Check: those that are
// written out here, and those that the table gives to fields without
// counterpart.
func Codes() []diag.Info {
	out := slices.Clone(codes)
	known := map[string]bool{}
	for _, c := range out {
		known[c.Code] = true
	}
	for _, f := range fields {
		if f.fate == dropped && !known[f.codes[0]] {
			known[f.codes[0]] = true
			out = append(out, tableInfo(f.codes[0]))
		}
	}
	return out
}

// tableInfo documents a code by the fields that give it.
func tableInfo(code string) diag.Info {
	info := diag.Info{Code: code}
	var lines []string
	for _, f := range fields {
		if f.fate != dropped || f.codes[0] != code {
			continue
		}
		info.Severity, info.Fate = max(info.Severity, f.severity), diag.Dropped
		if info.Summary == "" {
			info.Summary = fmt.Sprintf("%s%s has no counterpart in Polytope.", strings.ToUpper(f.noun[:1]), f.noun[1:])
		}
		line := fmt.Sprintf("%s: %s.", f.key, f.becomes)
		if f.help != "" {
			line += " What to do: " + f.help + "."
		}
		lines = append(lines, line)
	}
	info.Detail = strings.Join(lines, "\n")
	return info
}

func errorCode(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Error, Summary: summary, Detail: detail}
}

// ruleCode is a rule of the specification that knot itself does not check.
func ruleCode(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Warning, Summary: summary, Detail: detail}
}

func lossCode(code string, severity diag.Severity, fate diag.Fate, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: severity, Fate: fate, Summary: summary, Detail: detail}
}

var codes = []diag.Info{
	errorCode("knot/file", "A file cannot be read.", "It is larger than 256 KB, or it is not text in UTF-8."),
	errorCode("knot/syntax", "A file is not YAML.",
		"knot reads the YAML as it stands, before it expands what is in ${{ }}. A text in [ ] or with a colon or # in its action has to be quoted. "+
			"A file that only becomes YAML when its logic is evaluated gets a warning where that can be done, as knot's editor refuses it."),
	errorCode("knot/documents", "There is more than one document of a kind.",
		"A template is one job specification and one document of volume definitions. A document whose only keys are volumes, as a map, and paths is the latter."),
	errorCode("knot/no-job", "There is no job specification.", "Volume definitions alone are no container. Give the file of the job specification as well."),
	errorCode("knot/invalid", "knot refuses the template.",
		"image is required; ports are host:container with numbers from 1 to 65535 and /tcp or /udp; environment is NAME=text; volumes are source:path:mode; capabilities "+
			"begin with CAP_; dns and add_host hold IP addresses; devices are host:container; command is a list. knot checks this before it expands ${{ }}, "+
			"so that a port cannot be left to a variable. Aliases of YAML are not followed."),
	errorCode("knot/unknown-field", "knot has no such field.", "The fields of a job specification are in the documentation of the knot reader. restart, entrypoint and healthcheck are not among them."),
	errorCode("knot/volume-undeclared", "A volume is mounted and not defined.",
		"A source that does not begin with /, . or ~ is a volume, and has to be a key of volumes in the volume definitions, with the same name."),
	errorCode("knot/template-syntax", "An action cannot be parsed.",
		"Actions are those of Go's text/template between ${{ and }}. The names of variables hold letters, digits and _; a variable with another name is read with index .var \"my-var\"."),
	errorCode("knot/template-failed", "Logic cannot be evaluated.",
		"The functions are knot's (quote, toUpper, toLower, json, map) and those of text/template. Loops and texts are bounded, as templates choose and join short texts."),
	lossCode("knot/template-logic", diag.Warning, diag.Approximated, "Logic depends on variables that are not set.",
		"Give the variables with --set, so that the logic is evaluated. Else the part of the text that it makes becomes a value, which the values script asks for. "+
			"Where it decides over whole lines of the file, the file cannot be read, which is an error."),
	lossCode("knot/no-definitions", diag.Warning, diag.NoFate, "A volume is mounted, and no volume definitions were given.",
		"The volume is taken for one that is defined. Give the file of the definitions as well, so that this can be checked."),
	lossCode("knot/variable-unknown", diag.Warning, diag.NoFate, "knot has no such variable.",
		"knot writes <no value> for it. Variables of the system begin with space, template, user or server; those of users with var."),
	lossCode("knot/agent-env", diag.Note, diag.Dropped, "Variables for knot's agent are left out.",
		"KNOT_USER, KNOT_SERVER, KNOT_AGENT_ENDPOINT and KNOT_SPACEID say where the agent in the container finds knot. They are left out where they say just what the specification asks for."),
	lossCode("knot/port-proxied", diag.Warning, diag.Approximated, "A port that knot leads users to is internal.",
		"KNOT_HTTP_PORT and its kin make knot's server lead users to a port of the container, without a port on the host. Polytope has no such way in. Publish the port under ports where users need it."),
	lossCode("knot/port-name", diag.Warning, diag.Approximated, "The names of ports cannot be read.",
		"They have the form 80=Web,8025=Email, without variables. As they are, they stay an environment variable."),
	lossCode("knot/name-changed", diag.Note, diag.Approximated, "A name becomes an id.", "Ids of Polytope hold only 0–9, a–z, _ and - (reference, \"modules\")."),
	lossCode("knot/hostname", diag.Note, diag.Approximated, "The host name is not kept.",
		"It becomes the id of the service, which is literal, and there is one only where a port is known. Give --set for the variables in it."),
	lossCode("knot/volume-changed", diag.Warning, diag.Approximated, "A volume has another name.",
		"The id of a volume is literal. Of ${{.space.id}}-home, home is left, as the project keeps volumes apart; other variables leave their names. "+
			"A volume without the space's id is shared by all spaces of the template, and by nothing outside of the project in Polytope; that is a note."),
	lossCode("knot/mount-mode", diag.Warning, diag.Dropped, "A mount has a mode.", "Polytope mounts everything writable, and has no modes."),
	lossCode("knot/definition", diag.Warning, diag.Dropped, "A volume definition says more than a name.", "Polytope makes volumes where they are mounted, without sizes; paths of the host have to be there."),
	ruleCode("knot/name-missing", "container_name or hostname is missing.", "Both must be present (knot.md, \"Core Configuration\")."),
	ruleCode("knot/mandatory-env", "The environment lacks what knot's agent needs.", "Every job specification sets four variables (knot.md, \"Best Practices\", rule 6)."),
	ruleCode("knot/volume-name", "The name of a volume does not begin with the space's id.", "Names must follow ${{.space.id}}-<purpose> (knot.md, \"Naming Convention (Strict)\"). Spaces of one template share a volume with another name."),
	lossCode("knot/volume-unused", diag.Note, diag.Dropped, "A volume is defined and not mounted.",
		"Remove it, or add it to volumes of the job specification. A conversion leaves it out: Polytope makes volumes where they are mounted."),
	lossCode("knot/single-volume", diag.Note, diag.NoFate, "Volume definitions stand by themselves, and are not one volume.",
		"In knot a volume can be made without a template. Its definition has one volume and no paths. Those of a template may have any number: "+
			"check them together with their job specification."),
	ruleCode("knot/privileged-rule", "The container is privileged.", "It is to be avoided unless it is essential (knot.md, \"Best Practices\", rule 4)."),
	ruleCode("knot/podman-ping", "CAP_NET_RAW does not fit the platform.", "Containers on podman need it for ping (knot.md, \"Best Practices\", rule 2); on docker it is not added."),
	ruleCode("knot/host-path", "A path of the host does not begin with a slash.", "It must (knot.md, \"Storage & Data\"). knot takes what begins with . or ~ as well."),
}
