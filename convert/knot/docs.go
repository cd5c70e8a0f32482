package knot

import (
	"fmt"
	"strings"
)

//go:generate go test -run ^TestReference$ . -update

// Reference is the table of fields as a page of documentation, in Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	b.WriteString("\n| field | fate | in Polytope | diagnostics |\n| --- | --- | --- | --- |\n")
	for _, f := range fields {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.key, f.fateText(), f.becomes, f.codeText())
	}
	b.WriteString(referenceTail)
	return b.String()
}

func (f *field) fateText() string {
	if len(f.silent) == 0 {
		return string(f.fate)
	}
	return fmt.Sprintf("%s, unless `%s`", f.fate, f.silent[0])
}

func (f *field) codeText() string {
	if len(f.codes) == 0 {
		return ""
	}
	return "`" + strings.Join(f.codes, "`, `") + "`"
}

const referenceHead = `# knot

hull reads knot's templates, checks them, and writes them.

    hull convert web.knot.yml                        # to a Polytope file
    hull convert web.knot.yml --to compose
    hull convert compose.yaml --to knot --platform podman
    hull check --platform podman web.knot.yml

A template is a job specification and the definitions of its volumes: two documents of one file, or two files, named
together or as ` + "`web.knot.yml` and `web.volumes.knot.yml`" + `. The page is generated from the tables that drive the reader and the writer;
tests hold that it has every field that knot accepts, and every diagnostic of the writer.

` + "`hull explain CODE`" + ` tells more of a diagnostic.

## Checking templates

What knot itself refuses is an error, with the line: ` + "`knot/invalid`, `knot/unknown-field`, `knot/volume-undeclared`, `knot/syntax`" + `. Where
a template is against the rules of the specification, that is a warning: ` + "`knot/name-missing`, `knot/mandatory-env`,\n`knot/volume-name`, `knot/host-path`, `knot/privileged-rule`" + `, and with ` + "`--platform podman`, `knot/podman-ping`" + `. ` + "`--allow`, `--deny`" + ` and
comments ` + "`# hull:allow CODE reason`" + ` silence and promote them.

## Reading templates

What becomes of every field of a job specification:

- **kept**: it means the same in Polytope.
- **approximated**: it has a counterpart, and the diagnostics tell where that differs.
- **dropped**: it has no counterpart, and its presence is reported.
`

const referenceTail = `
Beyond fields:

- Volume definitions become nothing of their own: Polytope makes volumes where they are mounted. A volume that is mounted and not
  declared is an error; without any definitions it is a warning. One that is not mounted is left out (` + "`knot/volume-unused`" + `).
  ` + "`size`" + ` and ` + "`paths`" + ` have no counterpart (` + "`knot/definition`" + `).
- A variable such as ` + "`${{.user.timezone}}`" + ` becomes the value ` + "`user_timezone`" + `, which the values script insists on; passwords, and
  variables whose names say that they hold a secret, become secrets. ` + "`--set user.timezone=UTC`" + ` writes the text instead.
- Logic in ` + "`${{ }}`" + ` is evaluated when every variable that it reads is set. Else the part of the text becomes a value (` + "`knot/template-logic`" + `);
  where the logic decides over whole lines, the file cannot be read.
- ` + "`KNOT_USER`, `KNOT_SERVER`, `KNOT_AGENT_ENDPOINT` and `KNOT_SPACEID`" + ` are for knot's agent. They are left out where they say what the
  specification makes them say, and put back when a knot template is written.
- ` + "`KNOT_HTTP_PORT`, `KNOT_HTTPS_PORT` and `KNOT_TCP_PORT`" + ` become labels and protocols of ports. A port that has a name and no port on
  the host is internal: knot leads users to it, and Polytope does not.
- knot reads the YAML before it expands actions. What it would refuse then is an error here as well.
`
