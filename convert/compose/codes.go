package compose

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir/diag"
)

// Codes documents every diagnostic of the reader: those of the conversion, and
// those that the table gives to attributes without counterpart.
func Codes() []diag.Info {
	out := slices.Clone(codes)
	known := map[string]bool{}
	for _, c := range out {
		known[c.Code] = true
	}
	for _, a := range table {
		if a.reported() && !known[a.codes[0]] {
			known[a.codes[0]] = true
			out = append(out, tableInfo(a.codes[0]))
		}
	}
	return out
}

// tableInfo documents a code by the attributes that give it.
func tableInfo(code string) diag.Info {
	info := diag.Info{Code: code}
	var lines []string
	for _, a := range table {
		if !a.reported() || a.codes[0] != code {
			continue
		}
		info.Severity = max(info.Severity, a.severity)
		info.Fate = diag.Fate(a.fate)
		if info.Summary == "" {
			info.Summary = fmt.Sprintf("%s%s has no counterpart in Polytope.", strings.ToUpper(a.noun[:1]), a.noun[1:])
		}
		line := fmt.Sprintf("%s: %s.", a.path, a.becomes)
		if a.help != "" {
			line += " What to do: " + a.help + "."
		}
		lines = append(lines, line)
	}
	info.Detail = strings.Join(lines, "\n")
	return info
}

func errorCode(code, summary, detail string) diag.Info {
	return diag.Info{Code: code, Severity: diag.Error, Summary: summary, Detail: detail}
}

// codes are the diagnostics that conversion gives, besides the table's.
var codes = []diag.Info{
	errorCode("compose/file", "A file cannot be read.",
		"The file is missing, is a folder, is larger than 8 MB, or lies outside of the root folder. hull reads only files "+
			"below the project's folder, or below the one that --root names."),
	errorCode("compose/syntax", "A file is not YAML.", "The message is the YAML parser's. A frequent cause is a tab, or a colon in a text without quotes."),
	errorCode("compose/invalid", "The project is not a valid compose project.",
		"compose-go, the library that docker compose itself loads projects with, refuses it. The message is its own."),
	errorCode("compose/interpolation", "A dollar sign begins nothing that compose knows.",
		"Variables are $NAME, ${NAME} and ${NAME:-default} with the operators :- - :? ? :+ and +. A dollar sign that is meant is written $$."),
	errorCode("compose/include-cycle", "A file includes itself.", "Directly, or through the files that it includes."),
	errorCode("compose/extends-cycle", "A service extends itself.", "Directly, or through the services that it extends."),
	errorCode("compose/env-file", "An env file cannot be read.", "It is missing, or a line of it is not NAME=value. What the line says is not shown, as it may be a secret."),
	errorCode("compose/variable-required", "A required variable is not set, and its text has to be known.",
		"${NAME:?message} is left to the values script wherever Polytope can take a value. Where it decides the shape of "+
			"the stack (the kind of a mount, a duration, a number of bytes) it has to be set before the conversion: in .env, or in a "+
			"file given with --env-file."),
	errorCode("compose/secret-resolved", "A secret would have to be written into the file.",
		"A variable that an env file sets, and that holds a secret by its name or text, stands where Polytope takes neither a value nor a "+
			"secret: in a shell command whose words depend on it, a restart policy, a size. Move the secret into the environment of the service."),
	errorCode("compose/name-collision", "Two names become the same id.",
		"Ids of Polytope hold only 0–9, a–z, _ and - (reference, \"modules\"). Rename one of the two."),
	{
		Code: "compose/compose-file", Severity: diag.Warning,
		Summary: "An env file says which compose files to read.",
		Detail: "docker compose takes COMPOSE_FILE from .env. hull reads the files that it is given, or those that it finds by their usual " +
			"names, so that what is converted does not depend on a file that may not be committed. COMPOSE_PROFILES and COMPOSE_PROJECT_NAME are heeded.",
	},
	{
		Code: "compose/variable-unset", Severity: diag.Warning,
		Summary: "A variable is not set and has no default.",
		Detail: "docker compose warns and uses an empty text. The values script does the same: it takes the variable where it is set, " +
			"and an empty text elsewhere. Write ${NAME:-default}, or ${NAME:?message} to insist.",
	},
	{
		Code: "compose/variable-resolved", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A variable decides something that a Polytope file has to fix.",
		Detail: "The text that the variable has now, or its default, is written into the file. This concerns the words of a shell " +
			"command, restart policies, sizes of memory, names of volumes and the like. Convert again when the variable changes.",
	},
	{
		Code: "compose/alias-taken", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A further name of a service is another service's.",
		Detail: "compose lets several services answer to one name, in turns. In Polytope a service id leads to one service; the first one, in the " +
			"order of the source, has the name.",
	},
	{
		Code: "compose/hostname", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A container no longer calls itself what the source says.",
		Detail: "hostname has two uses in compose. Others reach the container by it, which is kept: it becomes a further id of the service. And the " +
			"container calls itself that, which a Polytope container cannot be told. It matters to programs that name themselves or their data by " +
			"it: RabbitMQ keeps its data in a folder that is named after its host, and members of a cluster tell one another their names. Most " +
			"have a setting for it, as RABBITMQ_NODENAME is one.",
	},
	{
		Code: "compose/container-name", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A container is not listed by the name that the source gives it.",
		Detail: "A container of Polytope's has an id, which is the name of its service. Other services reach it by container_name as well, which " +
			"becomes a further id of the service; who looks for it from outside of the stack (docker exec, docker logs, scripts) has to know " +
			"the id. There is one such note for a project.",
	},
	{
		Code: "compose/env-inherited", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "An absent variable becomes an empty one.",
		Detail: "A variable of environment without a text takes the caller's; where the caller has none, compose does not pass it at all. The " +
			"values script sets it to an empty text, which an image may take for a setting. Remove the entry, or give it a text.",
	},
	{
		Code: "compose/env-file-variable", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "Variables inside of an env file are replaced by what they are now.",
		Detail:  "compose replaces them whenever it starts; the values script holds what they make of the env files of today.",
	},
	{
		Code: "compose/waits-more", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A step waits for more than it did.",
		Detail: "A Polytope step waits for one other step. Where several have to end first, they are chained, so that the last one implies the " +
			"rest: they run one after the other, and one that fails stops those behind it.",
	},
	{
		Code: "compose/waits-less", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A step waits for less than it did.",
		Detail: "A Polytope step waits for one other step, and the steps that have to end first need one another, so that no order of them " +
			"implies all. The service must retry until what it misses is there.",
	},
	{
		Code: "compose/build-skipped", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A service's image is not built.",
		Detail: "With --build=skip, or where the build cannot be had, the service runs the image that docker compose would have built. Nothing " +
			"builds it in Polytope. Where the service does not name it, it has the name that docker compose would have given it, which no " +
			"registry has: give the service an image.",
	},
	{
		Code: "compose/name-changed", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A name was changed into an id.",
		Detail: "Ids of Polytope hold only 0–9, a–z, _ and - (reference, \"modules\"): capitals become small, everything else a hyphen. " +
			"A service is reached by its id, so whoever addresses a renamed one has to use the new name.",
	},
	{
		Code: "compose/tty-default", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "Containers have a TTY and an open standard input where the source is silent.",
		Detail: "Polytope's defaults stand (polytope/container: tty true, no-stdin false) where compose's would be the opposite. Programs that " +
			"colour their output for terminals will. Write tty: false and stdin_open: false in the compose file to fix it.",
	},
	{
		Code: "compose/restart-unless-stopped", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "unless-stopped becomes always.",
		Detail:  "The two differ in what happens after the container engine restarts, which a Polytope job does not outlive.",
	},
	{
		Code: "compose/pull-policy", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A pull policy has no counterpart.",
		Detail:  "always becomes update-image: true; missing is what Polytope does. never, build, daily, weekly and the like are not kept.",
	},
	{
		Code: "compose/port-random", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A port without a fixed port on the host is exposed under its own number.",
		Detail: "compose publishes it on a free port. In Polytope expose-as defaults to the container's port, so that two such services with " +
			"the same port are in each other's way: give them fixed ports, or list them under expose.",
	},
	{
		Code: "compose/port-protocol", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A port's protocol has no counterpart.", Detail: "Polytope knows tcp, udp, http and https.",
	},
	{
		Code: "compose/service-port-unknown", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A service is addressed, and none of its ports is known.",
		Detail: "A Polytope service exists by its ports: without one, its name does not resolve. hull looks at ports, expose, the Dockerfile, " +
			"what other services' variables and commands say, and what is known of public images. List the port under expose.",
	},
	{
		Code: "compose/depends-on-healthy", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A service no longer waits until another is healthy.",
		Detail: "All services start together in Polytope, and must retry until the others answer (reference, \"In templates, don't provide " +
			"after unless steps must wait for another step to complete\"). Waiting for one that has to complete is kept.",
	},
	{
		Code: "compose/depends-on-optional", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A service no longer starts where an optional dependency fails.",
		Detail: "A dependency with condition service_completed_successfully and required: false holds a service back until it has ended, and only " +
			"warns where it fails. In Polytope the step waits for success.",
	},
	{
		Code: "compose/depends-on-absent", Severity: diag.Error,
		Summary: "A service depends on one that does not run with it.",
		Detail: "The other service has a profile that is not active; docker compose refuses this. Activate the profile with --profile, or " +
			"write required: false at the dependency. For the template of another profile it is a warning: the dependency is left out.",
	},
	{
		Code: "compose/volume-anonymous", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "An unnamed volume becomes a volume of the project.",
		Detail:  "It is named after the service and the path, and outlives the job, which compose's does not when the project is taken down.",
	},
	{
		Code: "compose/volume-added", Severity: diag.Note, Fate: diag.Added,
		Summary: "A stateful service without a volume is given one.",
		Detail: "Databases, queues and caches must have persistent volumes (reference, \"ALWAYS use persistent volumes for stateful " +
			"services\"). --no-persist turns this off.",
	},
	{
		Code: "compose/secret-external", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A secret is kept outside of the project.",
		Detail:  "The values script asks for it in a variable of its name.",
	},
	{
		Code: "compose/secret-line-break", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A line break at the end of a secret's file is left out.",
		Detail: "The values script reads the file as $(cat FILE), which ends where the last line does; compose mounts the file as it is. A program " +
			"that reads its secret as it stands gets it without the line break, which is what most expect.",
	},
	{
		Code: "compose/no-image", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A service has neither an image nor a build.",
		Detail:  "docker compose refuses to run it, but not to load it while its profile is inactive. It becomes no module.",
	},
	{
		Code: "compose/labels", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "Labels and annotations are dropped.",
		Detail:  "Polytope has none. Most labels serve tools outside of the stack; those known to run things have the code compose/labels-active.",
	},
	{
		Code: "compose/labels-active", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "Labels that make another program do something are dropped.",
		Detail: "traefik.* and caddy* route requests, com.centurylinklabs.watchtower.* updates containers, ofelia.* runs jobs. Configure the " +
			"program by its own file instead: the containers it would look at have no labels.",
	},
	{
		Code: "compose/network-isolation", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "Networks no longer keep services apart.",
		Detail:  "In Polytope every service reaches every other, and the outside. Do not rely on a network for access control.",
	},
	{
		Code: "compose/scale-zero", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A service with no replicas is in no template.", Detail: "Its module is there, and can be run by hand.",
	},
	{
		Code: "compose/comments", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "Comments have no place in the Polytope file.",
		Detail: "Comments of a service, and of its attributes, stand in its module: those of an attribute without counterpart above it. Those at the " +
			"top of the first file stand at the top. What is said of volumes, networks, configs, secrets and extensions, of a file that others extend, " +
			"at the top of a further file or at the end of one is left out, as what it is about is not in the Polytope file as a thing of its own. " +
			"There is one such note for a project.",
	},
	{
		Code: "compose/build-context", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "An image is built from something that is not on disk.",
		Detail:  "polytope/build-image takes files of the host. Clone the repository and name its folder, or build the image elsewhere.",
	},
	{
		Code: "compose/extension", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "An extension attribute is dropped.",
		Detail:  "x- attributes mean nothing to compose itself. Those that only hold anchors are resolved, and not reported.",
	},
	{
		Code: "compose/mount-tmpfs", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A memory file system is dropped.", Detail: "The folder is on disk, in the container, and gone with it.",
	},
	{
		Code: "compose/mount-type", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A mount of a kind that Polytope does not know is dropped.", Detail: "npipe, cluster and image mounts have no counterpart.",
	},
}
