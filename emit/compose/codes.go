package compose

import "hull/ir/diag"

// Codes documents every diagnostic of the writer.
var Codes = []diag.Info{
	{
		Code: "to-compose/build-source", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "Something that an image is built from has no place in compose.",
		Detail: "A build of compose has one folder, its context, and a Dockerfile inside or outside of it. polytope/build-image can put any " +
			"number of sources together. Copy the files into the context, or name them under additional_contexts by hand.",
	},
	{
		Code: "to-compose/build-unused", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "An image is built that no container of the template runs.",
		Detail:  "Compose builds the images of its services. Build this one with docker build, or add a service that runs it.",
	},
	{
		Code: "to-compose/command-quotes", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A quotation mark of a command line is not closed.",
		Detail:  "The rest of the line is taken for one word. Close the quotation mark, or write the command as a list of words.",
	},
	{
		Code: "to-compose/comments", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "Comments are not in the compose file.",
		Detail: "Those of a step, a module and its arguments stand above the service and its attributes. Those of parameters, of templates that become " +
			"profiles, and what stands below something, such as steps that are commented out, have no place.",
	},
	{
		Code: "to-compose/container-id", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "The id of a container is not kept.",
		Detail: "docker compose names containers after the project and the service. Its container_name would be unique on the whole machine, and " +
			"forbid replicas. The names by which peers reach the container are kept as aliases.",
	},
	{
		Code: "to-compose/datasets", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "What a container leaves behind is not stored.",
		Detail:  "Polytope stores the content of a path as a dataset when the container ends; compose does not. Mount a volume or a folder there.",
	},
	{
		Code: "to-compose/default-literal", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A value is written as text, without a variable that could change it.",
		Detail: "The default of a variable, ${NAME:-default}, has one line, and as many closing braces as opening ones. One that has not " +
			"is written out, so that the services get what they should.",
	},
	{
		Code: "to-compose/file-content", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A value is the content of a file, and compose does not read it.",
		Detail: "Compose reads files for secrets and configs, which are mounted, and not for environment variables or parts of texts. The " +
			"value is a variable without a default: set it, as in NAME=\"$(cat FILE)\" docker compose up.",
	},
	{
		Code: "to-compose/info", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "Texts of info are not in the compose file.",
		Detail: "The info of a module becomes a comment of its service, that of the template that runs without a profile one of the file. Parameters, " +
			"and templates that become profiles, have no place for theirs; nor have parameters for their name.",
	},
	{
		Code: "to-compose/instance-type", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "An instance type has no counterpart in compose.",
		Detail:  "Compose runs everything on the machine that it is told to.",
	},
	{
		Code: "to-compose/invalid", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "An argument cannot be written down in a compose file.",
		Detail:  "It is left out, as compose-go would not load the file with it. The message says what it is.",
	},
	{
		Code: "to-compose/mount-source", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A source of a mount has no counterpart in compose.",
		Detail:  "Datasets and repositories are Polytope's. Check the repository out, or put the data into a folder, and mount that.",
	},
	{
		Code: "to-compose/module-unused", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "A module is run by no template.",
		Detail: "Compose has services that run, and no modules that could. A module that no template runs, directly or through others, is left out: " +
			"add a step for it, or a template of its own, which becomes a profile.",
	},
	{
		Code: "to-compose/name-changed", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A service is not called after its module.",
		Detail: "A service answers to its own name. Where that of a module is the id of a service of another, or two services would be called " +
			"alike, one gets another name. Peers reach it by the ids that the file gives it, as before.",
	},
	{
		Code: "to-compose/no-default", Severity: diag.Warning,
		Summary: "Nothing says what a value or secret is by default.",
		Detail:  "The variable has no default, and docker compose takes the empty text where it is not set. Set it in the environment or in .env.",
	},
	{
		Code: "to-compose/no-image", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A container has no image.",
		Detail:  "A service needs one. What waits for the container waits for what it waits for instead.",
	},
	{
		Code: "to-compose/opaque", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A step runs something that compose cannot run.",
		Detail: "Its module is not known, or runs code that acts on Polytope. What waits for it waits for what it waits for instead. " +
			"Do by hand what it does.",
	},
	{
		Code: "to-compose/no-profile", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "No profile stands for a template.",
		Detail: "Services without a profile run always, and a profile that no service has is none. A template that runs the same services as the " +
			"first one is what docker compose up runs; one that runs fewer is run by naming them: docker compose up NAME.",
	},
	{
		Code: "to-compose/port", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A port is not one, or is exposed as fewer or more ports than it is.",
		Detail:  "Ports are 1 to 65535, ranges such as 8000-8010, and lists of both. As many are exposed as there are.",
	},
	{
		Code: "to-compose/port-label", Severity: diag.Note, Fate: diag.Dropped,
		Summary: "The label of a port is not kept.",
		Detail:  "Compose has names for single ports that are published, and for no others.",
	},
	{
		Code: "to-compose/port-protocol", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "That a port speaks http or https is not kept.",
		Detail:  "Compose says so of single ports that are published, as app_protocol, and of no others. Nothing that docker compose does depends on it.",
	},
	{
		Code: "to-compose/profile-runs-more", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A profile runs more than the template that it stands for.",
		Detail: "Services without a profile run always. A template that does not run all that the first one runs has no exact counterpart: " +
			"name its services to docker compose up, or convert a file that has no other template.",
	},
	{
		Code: "to-compose/template-args", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A template cannot start without arguments.",
		Detail: "docker compose takes no arguments but variables. What only such templates run, where no other template includes them, is left out: " +
			"give the parameters defaults, or make values of them.",
	},
	{
		Code: "to-compose/template-params", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A template has parameters.",
		Detail: "docker compose takes no arguments but variables. Every parameter has its default in the compose file: make a value of what is to be " +
			"chosen at the start, which becomes a variable.",
	},
	{
		Code: "to-compose/value-computed", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A value is written as what code makes of its default.",
		Detail: "Compose puts variables into texts, and computes nothing. Where code looks into a value, as in a condition, or makes a fraction or a " +
			"boolean of it, its default decides what is written. Convert the file again when that changes.",
	},
	{
		Code: "to-compose/variable-resolved", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A value was settled, because compose takes no variable there.",
		Detail:  "The names of volumes, lists of ports and the policy of restarts are fixed in a compose file. The value's default was taken.",
	},
	{
		Code: "to-compose/volume-filled", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "What a volume is filled with, or when it is made, has no counterpart in compose.",
		Detail:  "Compose makes a volume when it is missing. Fill it with a service that runs first, or make it anew with docker volume rm.",
	},
	{
		Code: "to-compose/volume-scope", Severity: diag.Note, Fate: diag.Approximated,
		Summary: "A job's volume outlives the job.",
		Detail: "Polytope throws volumes of the scope job away with it. Compose keeps them, named or not, until docker compose down " +
			"--volumes.",
	},
	{
		Code: "to-compose/wait-circle", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "Two services would wait for each other.",
		Detail:  "In one template the one waits for the other, in another it is the other way round, and compose has one list of dependencies.",
	},
	{
		Code: "to-compose/wait-condition", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A step waits for another to fail, or to end in whatever way.",
		Detail:  "Compose waits for services to end well, or not at all. The service starts at once.",
	},
	{
		Code: "to-compose/wait-lost", Severity: diag.Warning, Fate: diag.Dropped,
		Summary: "A step does not wait for another.",
		Detail: "What it waits for is nothing that compose runs, or it builds an image, which compose does before it runs anything. Do by hand, " +
			"before docker compose up, what has to come first, or make it a service.",
	},
	{
		Code: "to-compose/waits-more", Severity: diag.Warning, Fate: diag.Approximated,
		Summary: "A service waits where a template says nothing of it.",
		Detail: "Compose has one list of dependencies for all profiles; another template runs both services, and has the one wait for the other. " +
			"Templates that differ in nothing else become the same services. Give the steps ids of their own, or convert a file that has no other template.",
	},
}
