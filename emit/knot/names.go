package knot

import (
	"slices"
	"strconv"
	"strings"

	"hull/ir/diag"
	"hull/ir/knot"
)

// containerName is the container's id if the source chose one of its own, and
// otherwise the name by which each user's space has its own container.
func (c *container) containerName() text {
	if c.isOwnName(c.ID) {
		return parse(knot.DefaultContainerName)
	}
	return c.text(c.ID)
}

// hostname is the name of the first service, on the same condition.
func (c *container) hostname() text {
	if len(c.Services) == 0 || c.isOwnName(c.Services[0].ID) {
		return parse(knot.DefaultHostname)
	}
	return c.text(c.Services[0].ID)
}

// reportNames reports the names that lead nowhere in knot: that of the module,
// and those of further services.
func (c *container) reportNames() {
	switch {
	case c.ID != "" && c.isOwnName(c.ID):
		c.report(codeName, diag.Note, diag.Approximated, "id", "the container is called after its user and space in knot",
			"give the container an id that is not its module's")
	case len(c.Services) > 0 && c.isOwnName(c.Services[0].ID):
		c.report(codeName, diag.Note, diag.Approximated, "services", "its host is called after its space in knot",
			"give the service an id that is not its module's")
	}
	var lost []string
	for i, s := range c.Services {
		if i > 0 && !c.isOwnName(s.ID) {
			lost = append(lost, c.show(s.ID))
		}
	}
	if len(lost) > 0 {
		c.report(codeNames, diag.Warning, diag.Dropped, "services",
			"is reached under further names, which knot does not give it: "+strings.Join(lost, ", "),
			"address it by the name of its space")
	}
}

// isOwnName tells whether an id says no more than which module it is of: the
// readers give such ids where their source has none.
func (c *container) isOwnName(marked string) bool {
	if c.hasRefs(marked) {
		return false
	}
	id := c.plain(marked)
	return id == "" || slices.ContainsFunc(append([]string{c.Step, c.Module}, c.Via...), func(module string) bool {
		return slices.Contains(houseNames(module), id)
	})
}

// houseNames are the ids that containers of a module have where nobody chooses
// one: its own; for "owner/project!id" project, id, or both.
func houseNames(module string) []string {
	_, project, isRemote := strings.Cut(module, "/")
	if !isRemote {
		return []string{module}
	}
	project, id, _ := strings.Cut(project, "!")
	project = project[:min(len(project), indexAny(project, "@:"))]
	return []string{project, id, project + "-" + id}
}

func indexAny(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// fileName is what the files of a container are called: by its id if that is
// no variable, and otherwise by its step.
func (w *writer) fileName(c *container) string {
	switch name := slug(c.label()); {
	case w.opts.Name == "":
		return name
	case w.several:
		return slug(w.opts.Name) + "-" + name
	}
	return slug(w.opts.Name)
}

// slug is a name of the characters that ids have, which every file system and
// volume takes.
func slug(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		}
		return '-'
	}, strings.ToLower(s))
	if s = strings.Trim(s, "-"); s == "" {
		return "container"
	}
	return s
}

// fileNames are the names in use.
type fileNames map[string]bool

func (f fileNames) unique(name string) string {
	free := name
	for n := 2; f[free]; n++ {
		free = name + "-" + strconv.Itoa(n)
	}
	f[free] = true
	return free
}
