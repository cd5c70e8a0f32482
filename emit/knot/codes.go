package knot

import (
	"slices"
	"strings"

	"hull/ir/diag"
)

// area is what the codes of this package begin with.
const area = "to-knot/"

const (
	codeNothing       = area + "nothing"
	codeImage         = area + "image"
	codeSeveral       = area + "several"
	codePeers         = area + "peers"
	codeName          = area + "container-name"
	codeNames         = area + "service-names"
	codeFixed         = area + "fixed-value"
	codeVariables     = area + "variables"
	codeVariableName  = area + "variable-name"
	codeEnv           = area + "env"
	codeMandatory     = area + "mandatory-env"
	codePort          = area + "port"
	codeLabel         = area + "port-label"
	codeMount         = area + "mount"
	codeHostPath      = area + "host-path"
	codeScope         = area + "volume-scope"
	codeVolumeContent = area + "volume-content"
	codeVolumeName    = area + "volume-name"
	codeShared        = area + "shared-volume"
	codeCommand       = area + "command"
	codeResources     = area + "resources"
	codeMemory        = area + "memory"
	codeBuild         = area + "build"
	codeOpaque        = area + "opaque"
	codeAfter         = area + "after"
	codeTemplates     = area + "templates"
	codeParams        = area + "template-params"
	codeUnused        = area + "module-unused"
)

// Codes documents every diagnostic of the writer.
func Codes() []diag.Info {
	all := slices.Clone(codes)
	for _, l := range losses {
		all = append(all, l.info())
	}
	return all
}

func (l loss) info() diag.Info {
	detail := "knot takes a key of a job specification that it does not know for an error, so nothing is written."
	if l.help != "" {
		detail += " What to do: " + l.help + "."
	}
	return diag.Info{
		Code: l.code(), Severity: l.severity, Fate: diag.Dropped,
		Summary: "A container " + strings.TrimSuffix(l.what, ".") + ".", Detail: detail,
	}
}

func lossCode(code string, s diag.Severity, f diag.Fate, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: s, Fate: f, Summary: summary, Detail: detail}
}

var codes = []diag.Info{
	lossCode(codeTemplates, diag.Note, diag.Approximated, "Several templates are written together.",
		"A template of Polytope's runs containers together; one of knot's describes a container. Those of all templates are written, each "+
			"once; which of them make a stack is for their users to know."),
	lossCode(codeParams, diag.Warning, diag.Approximated, "A template's params have their defaults.",
		"Nobody passes arguments to a template of knot's. A value becomes a variable of knot, which can be set."),
	lossCode(codeUnused, diag.Note, diag.Dropped, "A module is run by no template.",
		"Containers are written of what templates run, directly or through other modules. Add a step for the module where it is wanted."),
	lossCode(codeNothing, diag.Error, diag.NoFate, "There is no container to write a template for.",
		"A template of knot runs one container. The template or module that was chosen starts none that can be evaluated."),
	lossCode(codeImage, diag.Error, diag.NoFate, "A container has no image.",
		"A job specification without an image is an error to knot."),
	lossCode(codeSeveral, diag.Note, diag.Approximated, "Several containers become several templates.",
		"A job specification describes one container, so each container gets one, with the definitions of its own volumes. Each "+
			"runs as a space by itself: started, stopped and named by its user."),
	lossCode(codePeers, diag.Warning, diag.Approximated, "A container names another one as a host.",
		"Containers of a stack reach one another by the ids of their services. In knot each is a space, and its name is "+
			"what its user calls it. Change the text to that name, or make it a variable. A text is taken for a host in a URL, before a "+
			"port, and by itself where its variable is named for one, as DB_HOST is and POSTGRES_DB is not."),
	lossCode(codeName, diag.Note, diag.Approximated, "A container is called after its space.",
		"A template serves many spaces, so that the name of a container has to differ from one to the next: it is "+
			"${{.user.username}}-${{.space.name}}, and the hostname ${{.space.name}}, as the specification has it. An id that "+
			"differs from that of the module is kept, and so is a service's."),
	lossCode(codeNames, diag.Warning, diag.Dropped, "A container has more names than one.",
		"The first service of a container becomes its hostname if it is not the container's own id; knot has no place for "+
			"others, such as container names and network aliases of a compose file."),
	lossCode(codeFixed, diag.Warning, diag.Approximated, "A value stands where knot takes a literal only.",
		"knot validates a job specification before it replaces variables, so that ports, limits of memory and what begins a path "+
			"of the host have to be written out. The text that the value has by default is. Nothing is where that is not known, or "+
			"where it is a secret: a port of the host is the container's then."),
	lossCode(codeVariables, diag.Warning, diag.Approximated, "A template needs variables that knot has to be told.",
		"A value or secret becomes a variable of knot, ${{.var.name}}. A template holds no defaults, and knot writes <no value> "+
			"for a variable that is missing: create those that the message lists before a space starts. Texts of secrets are "+
			"not shown."),
	lossCode(codeVariableName, diag.Note, diag.Approximated, "A value has another name in knot.",
		"Names of variables have letters, digits and _ only, and begin with no digit. Where two would be the same, one gets a number."),
	lossCode(codeEnv, diag.Warning, diag.Dropped, "A variable of the environment cannot be set.",
		"knot takes entries of the form NAME=text. A variable without a text, and a name that is empty or has an equals sign, have no such form."),
	lossCode(codeMandatory, diag.Warning, diag.Approximated, "A variable that knot prescribes has another text in the source.",
		"KNOT_USER, KNOT_SERVER, KNOT_AGENT_ENDPOINT and KNOT_SPACEID tie a space to its server; the specification says what they have to be."),
	lossCode(codePort, diag.Warning, diag.Dropped, "A port cannot be written.",
		"Ports of knot are numbers from 1 to 65535, one by one. Of those that are not on the host, knot forwards the ones that "+
			"speak tcp, http or https, by the variables KNOT_TCP_PORT, KNOT_HTTP_PORT and KNOT_HTTPS_PORT. One of the host that "+
			"cannot be read is replaced by the container's."),
	lossCode(codeLabel, diag.Note, diag.Approximated, "A label of a port is changed or left out.",
		"The variables that name ports separate them by commas and equals signs, and name no udp ports. Where the source sets such "+
			"a variable by itself, that stands."),
	lossCode(codeMount, diag.Warning, diag.Dropped, "A mount has no counterpart.",
		"knot mounts paths of the host and volumes, written source:path. Texts, datasets and repositories are neither, and a path with a colon cannot be told."),
	lossCode(codeHostPath, diag.Warning, diag.Approximated, "A path of the host does not begin with a slash.",
		"The specification wants paths of the host written from the root, as a template has no folder to be relative to, and a volume for everything "+
			"else. Such a mount becomes a volume, which is empty until it is filled in the space. One whose place in the container "+
			"looks like that of a file is left out: a volume would put a folder there."),
	lossCode(codeScope, diag.Note, diag.Approximated, "A volume outlives the job.",
		"A volume of a job is gone when the job ends. Those of knot stay as long as their space."),
	lossCode(codeVolumeContent, diag.Warning, diag.Dropped, "A volume is filled from a source, or made in a certain case only.",
		"knot makes the volumes of a space with it, empty."),
	lossCode(codeVolumeName, diag.Note, diag.Approximated, "A volume has another name in knot.",
		"Volumes are called ${{.space.id}}-purpose, where the purpose has letters, digits, dots, _ and - only."),
	lossCode(codeShared, diag.Warning, diag.Approximated, "Several containers use one volume.",
		"The names of volumes begin with the id of the space, so that the containers, each in a space of its own, no longer share it."),
	lossCode(codeCommand, diag.Warning, diag.Approximated, "A command is not what the source has.",
		"knot takes a command as a list of words. One text is split as a shell does it; with operators, or a quote that has no "+
			"end, it is handed to sh. An empty list is the image's own command to knot."),
	lossCode(codeResources, diag.Note, diag.Dropped, "A request of cpu or memory is left out.",
		"knot has limits, memory and cpus, and nothing else of that kind."),
	lossCode(codeMemory, diag.Note, diag.Approximated, "An amount of memory is rounded up.",
		"knot takes whole megabytes and gigabytes, of powers of 1024: 512M, 4G."),
	lossCode(codeBuild, diag.Warning, diag.Dropped, "The job builds an image.",
		"knot runs images and builds none. The templates keep the image's name: build it and push it where knot's hosts find it."),
	lossCode(codeOpaque, diag.Warning, diag.Dropped, "The job runs something that is no container.",
		"A module that is not known, or runs code, cannot become a template of knot."),
	lossCode(codeAfter, diag.Warning, diag.Dropped, "A container waits for another one.",
		"Spaces start when their users start them; knot keeps no order among them."),
}
