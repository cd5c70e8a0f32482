package knot

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/resolve"
)

// mounts are the container's mounts, and the volumes that they need.
func (c *container) mounts() (entries, volumes []text) {
	for i := range c.Mounts {
		m, at := &c.Mounts[i], item("mounts", i)
		source, ok := c.mountSource(m, at)
		target := c.text(m.Path)
		if ok && (len(target) == 0 || source.contains(":") || target.contains(":")) {
			c.report(codeMount, diag.Warning, diag.Dropped, at,
				fmt.Sprintf("nothing can be mounted at %q: in knot a colon separates source and path, and neither may hold one", c.show(m.Path)), "")
			ok = false
		}
		if !ok {
			continue
		}
		entries = append(entries, source.join(literal(":"), target))
		isNamed := len(source) > 0 && !source.startsWith("/")
		if isNamed && !slices.ContainsFunc(volumes, source.equal) {
			volumes = append(volumes, source)
		}
	}
	return entries, volumes
}

// mountSource is what stands in front of the colon: a path of the host, or a
// volume.
func (c *container) mountSource(m *resolve.Mount, at string) (text, bool) {
	switch c.plain(m.Source.Type) {
	case "host":
		return c.hostSource(m, at)
	case "volume":
		return c.volumeSource(m, at), true
	}
	kinds := map[string]string{"string": "a text", "dataset": "a dataset", "repo": "a repository"}
	kind := kinds[c.plain(m.Source.Type)]
	if kind == "" {
		kind = c.show(m.Source.Type)
	}
	c.report(codeMount, diag.Warning, diag.Dropped, at,
		fmt.Sprintf("%s is mounted at %s, and knot mounts folders of the host and volumes only", kind, c.show(m.Path)),
		"put the content into the image, or on the host and mount it from there")
	return nil, false
}

// hostSource is a path of the host, which has to begin with "/". The rules give
// every other one a volume (knot.md, "Best Practices", rule 3), which begins
// empty. One in the place of a file would become a folder, and is left out.
func (c *container) hostSource(m *resolve.Mount, at string) (text, bool) {
	if parts := c.Parts(m.Source.Path); len(parts) > 0 && parts[0].Ref == nil && strings.HasPrefix(parts[0].Text, "/") {
		return c.text(m.Source.Path), true
	}
	if path := c.plain(m.Source.Path); strings.HasPrefix(path, "/") {
		if fixed, ok := c.fixed(c.Parts(m.Source.Path), at, "what is mounted at "+c.show(m.Path)); ok {
			return literal(fixed), true
		}
	}
	what := fmt.Sprintf("%s is mounted at %s", c.show(m.Source.Path), c.show(m.Path))
	if isFile(c.show(m.Path)) {
		c.report(codeHostPath, diag.Warning, diag.Dropped, at,
			what+", and knot mounts from the host only what begins with /",
			"put the file into the image, or on the host and mount it by its whole path")
		return nil, false
	}
	c.report(codeHostPath, diag.Warning, diag.Approximated, at,
		what+", and knot mounts from the host only what begins with /; a volume takes its place",
		"put the files into the volume when the space has started, or mount them by their whole path")
	return c.volumeName(m.Path, at), true
}

// isFile guesses by the name whether a path is that of a file.
func isFile(p string) bool {
	ext := path.Ext(p)
	return ext != "" && ext != "." && ext != path.Base(p) && ext != ".d"
}

func (c *container) volumeSource(m *resolve.Mount, at string) text {
	s := m.Source
	if s.Scope != "project" {
		c.report(codeScope, diag.Note, diag.Approximated, at,
			fmt.Sprintf("the volume at %s is that of the job; knot keeps it as long as the space", c.show(m.Path)), "")
	}
	if s.From != nil || s.Create != "" && s.Create != "when-missing" {
		c.report(codeVolumeContent, diag.Warning, diag.Dropped, at,
			fmt.Sprintf("the volume at %s says what it is filled with, or when it is made; knot makes it with the space, empty", c.show(m.Path)),
			"fill it in the space")
	}
	if s.ID == "" {
		return c.volumeName(m.Path, at)
	}
	return c.volumeName(s.ID, at)
}

// volumeNames are the purposes of the container's volumes, by what they were
// made of.
type volumeNames map[string]string

var (
	volumeID   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	volumePart = regexp.MustCompile(`^[A-Za-z0-9_.-]*$`)
)

// volumeName is the name of a volume for a marked id or path: the purpose
// behind the space's id, as the rules want it.
func (c *container) volumeName(of, at string) text {
	purpose := c.text(of)
	if !isPurpose(purpose) {
		purpose = literal(c.purpose(of, at))
	}
	return parse(knot.SpaceIDPrefix).join(purpose)
}

// isPurpose tells whether a text can be part of the name of a volume.
func isPurpose(t text) bool {
	if t.isLiteral() {
		return volumeID.MatchString(t.shape())
	}
	return !slices.ContainsFunc(t, func(p piece) bool { return !volumePart.MatchString(p.literal) })
}

// purpose makes a name of what cannot be one. Two do not get the same.
func (c *container) purpose(of, at string) string {
	if c.volumes == nil {
		c.volumes = volumeNames{}
	}
	if name, ok := c.volumes[of]; ok {
		return name
	}
	base := slug(c.plain(of))
	name := base
	for n := 2; c.isPurposeTaken(name); n++ {
		name = base + "-" + strconv.Itoa(n)
	}
	c.volumes[of] = name
	if !strings.HasPrefix(c.plain(of), "/") {
		c.report(codeVolumeName, diag.Note, diag.Approximated, at,
			fmt.Sprintf("the volume %q is called %s: its name has letters, digits, dots, _ and - only", c.show(of), name), "")
	}
	return name
}

func (c *container) isPurposeTaken(name string) bool {
	for _, other := range c.volumes {
		if other == name {
			return true
		}
	}
	return slices.ContainsFunc(c.Mounts, func(m resolve.Mount) bool { return c.plain(m.Source.ID) == name })
}

// reportShared reports volumes of several containers: in knot, each space has
// volumes of its own.
func (w *writer) reportShared(cs []resolve.Container) {
	first := map[string]*container{}
	for i := range cs {
		c := &container{writer: w, Container: &cs[i]}
		for _, id := range c.volumeIDs() {
			if other := first[id]; other != nil {
				c.report(codeShared, diag.Warning, diag.Approximated, "mounts",
					fmt.Sprintf("the volume %s is also that of %s; in knot each has its own", c.show(id), other.label()),
					"mount a folder of the host in both")
			} else {
				first[id] = c
			}
		}
	}
}

// volumeIDs are the marked ids of the container's volumes, each once.
func (c *container) volumeIDs() []string {
	var ids []string
	for _, m := range c.Mounts {
		if m.Source.Type == "volume" && m.Source.ID != "" && !slices.Contains(ids, m.Source.ID) {
			ids = append(ids, m.Source.ID)
		}
	}
	return ids
}
