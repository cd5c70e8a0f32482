package compose

import (
	"fmt"
	"strings"
)

//go:generate go test -run ^TestReference$ . -update

// Reference is the table of attributes as a page of documentation, in
// Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	b.WriteString("\n| attribute | fate | in Polytope | diagnostics |\n| --- | --- | --- | --- |\n")
	for _, a := range table {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", a.path, a.fateText(), a.becomes, a.codeText())
	}
	b.WriteString(referenceTail)
	return b.String()
}

const referenceTail = `
## Beyond attributes

- Of what docker compose takes from ` + "`.env`" + `, hull heeds variables, ` + "`COMPOSE_PROFILES` and `COMPOSE_PROJECT_NAME`; `COMPOSE_FILE`" + ` is
  reported and not heeded. The environment that hull runs in is never looked at.
- What an env file sets is a default in the values script, and a secret stays in its file: the script asks for it by name. A
  secret is known by its name (` + "`PASSWORD`, `TOKEN`, `…_KEY`, but not `…_FILE`" + `), by its text (a private key, a token, the
  password of a URL), or because it holds another secret.
- User names are values. The reference would have them be secrets too; a secret cannot be looked up again, and a user name has to be.
- A literal that begins with a hyphen stays in the file: whether ` + "`pt values set`" + ` would take it for an option is not known.
- Sizes are written as integer and unit (` + "`512MB`" + `, in powers of 1024). No public document defines Polytope's form of them.
- Ports that others use and the host does not are found in ` + "`expose`" + `, in the variables, commands, healthchecks and mounted files of all
  services, in the Dockerfile, and in what is known of public images.
- A relative path that a variable holds is taken as Polytope takes it: from the folder of the Polytope file, or from the working
  directory where it begins with ` + "`./`" + `. Defaults are rewritten to fit.
`

const referenceHead = `# docker-compose attributes

What becomes of every attribute of a compose project. The page is generated from the table that drives the reader; a
test walks the schema of the compose specification and fails on an attribute without an entry.

- **kept**: it means the same in Polytope.
- **approximated**: it has a counterpart, and the diagnostics tell where that differs.
- **dropped**: it has no counterpart, and its presence is reported.
- **resolved**: it is dealt with before the conversion, as docker compose does.

An entry that is dropped or resolved speaks for everything below it. ` + "`*`" + ` is any key, ` + "`[]`" + ` any item of a list. ` +
	"`hull explain CODE`" + ` tells more of a diagnostic.
`

func (a *attribute) fateText() string {
	if len(a.silent) == 0 {
		return string(a.fate)
	}
	return fmt.Sprintf("%s, unless `%s`", a.fate, strings.Join(a.silent, "`, `"))
}

func (a *attribute) codeText() string {
	if len(a.codes) == 0 {
		return ""
	}
	return "`" + strings.Join(a.codes, "`, `") + "`"
}
