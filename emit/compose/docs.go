package compose

import (
	"fmt"
	"slices"
	"strings"
)

//go:generate go test -run ^TestReference$ . -update

// counterpart says what becomes of something of Polytope.
type counterpart struct {
	name string
	// attrs are the paths of a service's attributes where comments about it
	// stand: at the first that is there.
	attrs   []string
	becomes string
	fate    string
	codes   []string // without their area
}

// argBuild stands for everything that is said of what builds an image.
const argBuild = "polytope/build-image"

// arguments are those of polytope/container.
var arguments = []counterpart{
	{"id", nil, "nothing: services are named after modules", "approximated", []string{"container-id", "name-changed"}},
	{"image", []string{"image"}, "`image`; a container without one is left out", "kept", []string{"no-image"}},
	{"entrypoint", []string{"entrypoint"}, "`entrypoint`", "kept", []string{"command-quotes"}},
	{"cmd", []string{"command"}, "`command`", "kept", []string{"command-quotes"}},
	{"env", []string{"environment"}, "`environment`, in order", "kept", []string{"invalid"}},
	{
		"services",
		[]string{"ports", "expose", "networks"},
		"`ports`, or `expose` of what is internal; ids besides the service's name become `aliases`", "kept",
		[]string{"port", "port-label", "port-protocol"},
	},
	{
		"mounts",
		[]string{"volumes", "configs", "secrets"},
		"`volumes`, of sources of type host and volume; of type string, `configs`, or `secrets` where they are secrets without a default",
		"approximated",
		[]string{"mount-source", "volume-filled", "volume-scope"},
	},
	{"workdir", []string{"working_dir"}, "`working_dir`", "kept", nil},
	{"user", []string{"user"}, "`user`", "kept", nil},
	{"tty", []string{"tty"}, "`tty`, always written: the defaults differ", "kept", nil},
	{"no-stdin", []string{"stdin_open"}, "`stdin_open`, negated, always written", "kept", nil},
	{"restart", []string{"restart", "deploy.restart_policy"}, "`restart`, or `deploy.restart_policy` where there is a limit that `restart` cannot say", "kept", []string{"invalid"}},
	{"scaling", []string{"deploy.replicas"}, "`deploy.replicas`", "kept", []string{"invalid"}},
	{"resources", []string{"deploy.resources"}, "`deploy.resources`", "kept", []string{"invalid"}},
	{"update-image", []string{"pull_policy"}, "`pull_policy: always`", "kept", nil},
	{"datasets", nil, "nothing", "dropped", []string{"datasets"}},
	{"instance-type", nil, "nothing", "dropped", []string{"instance-type"}},
}

// beyond is what a file has besides the arguments of containers.
var beyond = []counterpart{
	{"modules that run a container", nil, "a service for each step that runs one, named after the module", "approximated", []string{"name-changed", "module-unused"}},
	{
		argBuild, []string{"build"}, "`build`, of the services that run the image", "approximated", []string{"build-source", "build-unused"},
	},
	{"modules that run code, and unknown ones", nil, "nothing", "dropped", []string{"opaque"}},
	{"each template", nil, "the services that always run, or a profile; see below", "approximated", []string{"no-profile", "profile-runs-more"}},
	{"`params` of a template", nil, "nothing: their defaults are taken; without them, the template is left out", "approximated", []string{"template-params", "template-args"}},
	{"`run-when`", nil, "`depends_on`, with `service_completed_successfully`", "approximated", []string{"wait-condition", "wait-lost", "wait-circle", "waits-more"}},
	{"values and secrets", nil, "variables; see below", "approximated", []string{"no-default", "default-literal", "file-content", "variable-resolved", "value-computed"}},
	{"its comments", nil, "comments of the service, or of the attribute that they are about", "approximated", []string{"comments"}},
	{"`info`", nil, "of a module, a comment of its service; of the first template, one of the file", "approximated", []string{"info"}},
}

// placesOf are the attributes where comments about an argument stand.
func placesOf(arg string) []string {
	for _, c := range slices.Concat(arguments, beyond) {
		if c.name == arg {
			return c.attrs
		}
	}
	return nil
}

// Reference is what the writer does as a page of documentation, in Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	rows(&b, "argument of `polytope/container`", arguments)
	b.WriteString("\n")
	rows(&b, "of the file", beyond)
	b.WriteString(referenceTail)
	return b.String()
}

func rows(b *strings.Builder, head string, all []counterpart) {
	fmt.Fprintf(b, "| %s | in compose | fate | diagnostics |\n| --- | --- | --- | --- |\n", head)
	for _, c := range all {
		var codes []string
		for _, code := range c.codes {
			codes = append(codes, "`to-compose/"+code+"`")
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", c.title(), c.becomes, c.fate, strings.Join(codes, ", "))
	}
}

// title is a name, as code where it is one word.
func (c counterpart) title() string {
	if strings.ContainsAny(c.name, " `") {
		return c.name
	}
	return "`" + c.name + "`"
}

const referenceHead = `# Polytope to compose

hull writes a Polytope file, or anything that it makes one of, as a compose file, so that its containers run without Polytope.

    hull convert polytope.yml --to compose            # compose.yaml, beside the source
    hull convert polytope.yml -o deploy/compose.yaml  # the file's name says the format
    docker compose up

The file is evaluated first: modules that call one another become one service, code in arguments becomes its result, and built-in modules
become the containers that they run. The page is generated from tables of the writer; tests hold that it has every argument of a
container, and every diagnostic of the writer.

- **kept**: it means the same in compose.
- **approximated**: it has a counterpart, and the diagnostics tell where that differs.
- **dropped**: it has no counterpart, and its presence is reported.

` + "`hull explain CODE`" + ` tells more of a diagnostic.

`

const referenceTail = `
## Values and secrets

A value or secret becomes a variable with its default from the values script, ` + "`.values_and_secrets.defaults.sh`" + `:

| in the script | in compose |
| --- | --- |
| ` + "`pt values set web_port 8080`" + ` | ` + "`${WEB_PORT:-8080}`" + ` |
| ` + "`pt values set web_port \"${PORT:-8080}\"`" + ` | ` + "`${PORT:-8080}`" + ` |
| ` + "`pt secrets set db_password \"${DB_PASSWORD:?set it}\"`" + ` | ` + "`${DB_PASSWORD:?set it}`" + ` |
| ` + "`pt secrets set tls_key \"$(cat tls.key)\"`" + `, mounted | a secret, ` + "`file: ./tls.key`" + ` |
| nothing | ` + "`${WEB_PORT:?set WEB_PORT}`" + ` |

Set variables in the environment or in ` + "`.env`" + `. Compose takes none in lists of ports, in names of volumes and in restart policies; the default
is written there (` + "`to-compose/variable-resolved`" + `). Where code looks into a value, what it makes of the
default is written (` + "`to-compose/value-computed`" + `).

## Templates

The services of the template ` + "`stack`" + `, or else of the first one, run always. A service that only other templates run has their names as
profiles: ` + "`docker compose --profile debug up`" + `. A step that several templates run with the same arguments is one service. Compose adds a
profile to what always runs, so that a template which leaves something out runs more than it should (` + "`to-compose/profile-runs-more`" + `).

## Waits

Compose waits for services to end well: that is what ` + "`after-condition: success`" + `, or no condition, becomes. It builds images before it
runs anything. All profiles share one list of dependencies.

## Folders

Paths of the host are relative to the compose file: with ` + "`-o`" + ` in another folder they are rewritten. A path that begins with ` + "`./`" + `, which
Polytope takes from its working directory, is taken from the folder of the Polytope file. What ` + "`-o -`" + ` prints is meant for that folder, too.

## Back

hull reads the compose file as any other: services become modules of the same names, variables become values, profiles templates, and
comments stay with what they are about. What the tables call approximated or dropped is gone. From then on, converting to and fro changes
nothing, but for host ports that were left open: they are values after the first time.
`
