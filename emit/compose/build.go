package compose

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir/diag"
	"hull/ir/resolve"
)

// build is how the image of a container is built, where the job builds it.
func (c *converter) build(t resolve.Container) {
	b := c.buildOf(t)
	if b == nil {
		return
	}
	c.usedBuilds[b.Step] = true
	m := &yaml.Node{Kind: yaml.MappingNode}
	if !c.context(b, m) {
		return
	}
	c.builds[b.Step] = true
	if b.Target != "" {
		put(m, "target", scalar(c.text(b.Target)))
	}
	var labels []resolve.EnvVar
	for _, l := range b.Labels {
		labels = append(labels, resolve.EnvVar{Name: l.Name, Value: &l.Value})
	}
	putSome(m, "labels", c.env(labels))
	if tags := c.furtherTags(b, t.Image); len(tags) > 0 {
		put(m, "tags", sequence(tags))
	}
	if len(m.Content) == 2 { // the context alone
		m = m.Content[1]
	}
	c.set("build", m)
	c.out.remarks = append(c.out.remarks, about(argBuild, c.use(b.Task))...)
}

// buildOf is the build that a container's service is given: one that makes its
// image and that it waits for. Where no container waits for it, all that run
// the image are given it.
func (c *converter) buildOf(t resolve.Container) *resolve.Build {
	makers := c.makers(t.Image)
	for _, b := range makers {
		if c.waits(t.Task, b.Step) {
			return b
		}
	}
	if len(makers) == 0 {
		return nil
	}
	b := makers[0]
	isWaiting := func(other resolve.Container) bool {
		return slices.Contains(c.makers(other.Image), b) && c.waits(other.Task, b.Step)
	}
	if slices.ContainsFunc(c.job.Containers, isWaiting) {
		return nil
	}
	return b
}

// makers are the builds that make an image: several where they give it one tag.
func (c *converter) makers(image string) []*resolve.Build {
	text := c.plain(image)
	var out []*resolve.Build
	for i, b := range c.job.Builds {
		if slices.ContainsFunc(b.Tags, func(tag string) bool { return c.plain(tag) == text }) {
			out = append(out, &c.job.Builds[i])
		}
	}
	return out
}

// waits tells whether a task starts after a step has ended, directly or not.
// Resolve leaves no circles.
func (c *converter) waits(t resolve.Task, step string) bool {
	return slices.ContainsFunc(t.After, func(w resolve.Wait) bool {
		if w.Step == step {
			return true
		}
		isBuild := func(b resolve.Build) bool { return b.Step == w.Step && c.waits(b.Task, step) }
		isContainer := func(o resolve.Container) bool { return o.Step == w.Step && c.waits(o.Task, step) }
		return slices.ContainsFunc(c.job.Builds, isBuild) || slices.ContainsFunc(c.job.Containers, isContainer)
	})
}

// furtherTags are the tags that no service builds and runs by itself.
func (c *converter) furtherTags(b *resolve.Build, image string) []string {
	var out []string
	for _, tag := range b.Tags {
		if text := c.text(tag); !c.built[c.plain(tag)] && c.plain(tag) != c.plain(image) && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// context writes what is built from: the source at "/" is the context, the one
// where the Dockerfile is expected the Dockerfile. It is not ok where there is
// neither.
func (c *converter) context(b *resolve.Build, m *yaml.Node) bool {
	dockerfile := c.plain(b.Dockerfile)
	var dir, file *resolve.Mount
	for i, s := range b.Sources {
		kind := c.plain(s.Source.Type)
		switch p := path.Clean(c.plain(s.Path)); {
		case p == "/" && kind == "host" && dir == nil:
			dir = &b.Sources[i]
		case p == path.Join("/", dockerfile) && (kind == "string" || kind == "host") && file == nil:
			file = &b.Sources[i]
		default:
			c.add(diag.Warning, "to-compose/build-source", diag.Dropped, "sources", "compose builds from one folder; what belongs at "+p+" is left out")
		}
	}
	if dir == nil && file == nil {
		c.add(diag.Warning, "to-compose/build-source", diag.Dropped, "sources", "no folder is at the root of what is built; nothing builds its image")
		return false
	}
	context := "."
	if dir != nil {
		context = c.hostPath(dir.Source.Path)
	}
	put(m, "context", scalar(context))
	c.dockerfile(b, dir, file, m)
	return true
}

func (c *converter) dockerfile(b *resolve.Build, dir, file *resolve.Mount, m *yaml.Node) {
	switch {
	case file != nil && c.plain(file.Source.Type) == "string":
		put(m, "dockerfile_inline", scalar(c.text(file.Source.Data)))
	case file != nil:
		put(m, "dockerfile", scalar(c.besideContext(dir, file)))
	case c.plain(b.Dockerfile) != "" && path.Clean(c.plain(b.Dockerfile)) != "Dockerfile":
		put(m, "dockerfile", scalar(c.text(b.Dockerfile)))
	}
}

// besideContext is the path of a Dockerfile from the context, which compose
// takes it to be relative to.
func (c *converter) besideContext(dir, file *resolve.Mount) string {
	to := c.opts.rebase(c.settled("sources", "the path of a Dockerfile outside of its context", file.Source.Path))
	from := "."
	if dir != nil {
		from = c.opts.rebase(c.plain(dir.Source.Path))
	}
	isHome := strings.HasPrefix(to, "~") || strings.HasPrefix(from, "~")
	rel, err := filepath.Rel(filepath.FromSlash(from), filepath.FromSlash(to))
	if path.IsAbs(to) || isHome || err != nil {
		return literal(to)
	}
	return literal(filepath.ToSlash(rel))
}

// unusedBuilds reports images that no container of the job runs: compose
// builds what services run.
func (c *converter) unusedBuilds() {
	for _, b := range c.job.Builds {
		if c.usedBuilds[b.Step] {
			continue
		}
		c.task = b.Task
		c.leave(b.Task)
		c.report.Add(c.diagnostic(diag.Warning, "to-compose/build-unused", diag.Dropped, "", "builds an image that no container of "+c.job.Name+" runs; compose does not build it"))
	}
}
