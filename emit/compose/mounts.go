package compose

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// configUse is a text that a service mounts. Exactly one of content, file and
// variable is set, or content is the empty text.
type configUse struct {
	target, base            string
	content, file, variable string
}

// secretUse is a secret that a service mounts: its name, and what it is taken
// from.
type secretUse struct {
	name, target   string
	file, variable string
}

// mounts writes the mounts of a container as volumes, configs and secrets.
func (c *converter) mounts(mounts []resolve.Mount) {
	volumes := &yaml.Node{Kind: yaml.SequenceNode}
	for _, m := range mounts {
		switch kind := c.plain(m.Source.Type); {
		case m.Path == "":
			c.add(diag.Warning, "to-compose/invalid", diag.Dropped, "mounts", "a mount has no path; dropped")
		case kind == "host" && m.Source.Path != "":
			volumes.Content = append(volumes.Content, c.bind(m))
		case kind == "volume":
			volumes.Content = append(volumes.Content, c.volume(m))
		case kind == "string":
			c.stringMount(m)
		default:
			c.add(diag.Warning, "to-compose/mount-source", diag.Dropped, "mounts",
				fmt.Sprintf("compose cannot mount a source of type %s; nothing is at %s", kind, c.plain(m.Path)))
		}
	}
	if len(volumes.Content) > 0 {
		c.set("volumes", volumes)
	}
}

// shortPath is a path that compose's short syntax cannot take for anything
// else.
var shortPath = regexp.MustCompile(`^[A-Za-z0-9_./~@+-]+$`)

// bind mounts a path of the host. The long syntax takes any text, and a
// relative path that a variable begins.
func (c *converter) bind(m resolve.Mount) *yaml.Node {
	source, target := c.hostPath(m.Source.Path), c.text(m.Path)
	if shortPath.MatchString(source) && shortPath.MatchString(target) && strings.ContainsAny(source[:1], "./~") && len(source) > 1 {
		return scalar(source + ":" + target)
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	put(n, "type", scalar("bind"))
	put(n, "source", scalar(source))
	put(n, "target", scalar(target))
	// The short syntax makes folders that are missing; so does Polytope's host.
	bind := &yaml.Node{Kind: yaml.MappingNode}
	put(bind, "create_host_path", boolean(true))
	put(n, "bind", bind)
	return n
}

// hostPath is a path of the host, relative to the compose file's folder.
func (c *converter) hostPath(s string) string {
	parts := c.Parts(s)
	if len(parts) == 0 {
		return "."
	}
	if parts[0].Ref != nil {
		if c.isSameDir() {
			return c.join(parts)
		}
		return c.reference(parts[0], c.opts.rebasePrefix) + c.join(parts[1:])
	}
	if len(parts) == 1 {
		return literal(c.opts.rebase(parts[0].Text))
	}
	return literal(c.opts.rebasePrefix(parts[0].Text)) + c.join(parts[1:])
}

func (c *converter) isSameDir() bool {
	o := c.opts
	return clean(o.FileDir) == clean(o.OutDir) && clean(o.WorkDir) == clean(o.OutDir)
}

func clean(dir string) string { return path.Clean(filepath.ToSlash(dir)) }

// rebase makes a path of a Polytope file relative to the compose file's
// folder: one with a leading "./" is relative to the working directory, any
// other to the Polytope file (Polytope reference, MountSourceSpec).
func (o Options) rebase(p string) string {
	if p == "" || strings.HasPrefix(p, "~") || path.IsAbs(p) {
		return p
	}
	dir := o.FileDir
	if p == "." || strings.HasPrefix(p, "./") {
		dir = o.WorkDir
	}
	full := path.Join(clean(dir), p)
	rel, err := filepath.Rel(clean(o.OutDir), full)
	if err != nil {
		return full
	}
	if rel = filepath.ToSlash(rel); rel == "." || rel == ".." || strings.HasPrefix(rel, "../") {
		return rel
	}
	return "./" + rel
}

// rebasePrefix rebases the beginning of a path, which ends anywhere behind a
// slash, or within a name.
func (o Options) rebasePrefix(p string) string {
	rebased := o.rebase(p)
	if strings.HasSuffix(p, "/") && !strings.HasSuffix(rebased, "/") {
		return rebased + "/"
	}
	return rebased
}

// volume mounts a volume: the project's by name, a job's without one, as long
// as nothing else mounts it.
func (c *converter) volume(m resolve.Mount) *yaml.Node {
	s := m.Source
	if s.From != nil || s.Create == "never" || s.Create == "always" {
		c.add(diag.Warning, "to-compose/volume-filled", diag.Dropped, "mounts",
			fmt.Sprintf("compose makes volumes when they are missing, and empty; what fills the one at %s, or when it is made anew, is dropped", c.plain(m.Path)))
	}
	target := c.text(m.Path)
	id := c.settled("mounts", "the name of a volume", s.ID)
	if c.plain(s.Scope) != "project" {
		c.add(diag.Note, "to-compose/volume-scope", diag.Approximated, "mounts",
			fmt.Sprintf("the volume at %s is the job's; compose keeps it until docker compose down --volumes", c.plain(m.Path)))
		if id == "" || !c.sharedVolumes[id] {
			return shortOrLong("", target)
		}
		return shortOrLong(c.stack.volumes.id("job "+id, toName(id), toName(id)+"-job"), target)
	}
	if id == "" {
		return shortOrLong("", target)
	}
	return shortOrLong(c.stack.volumes.id("project "+id, toName(id)), target)
}

func shortOrLong(source, target string) *yaml.Node {
	isShort := shortPath.MatchString(target)
	switch {
	case isShort && source == "":
		return scalar(target)
	case isShort && len(source) > 1 && source[0] != '.':
		return scalar(source + ":" + target)
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	put(n, "type", scalar("volume"))
	if source != "" {
		put(n, "source", scalar(source))
	}
	put(n, "target", scalar(target))
	return n
}

// sharedVolumes are the volumes of a job that it mounts more than once.
func sharedVolumes(jobs []job) map[string]bool {
	shared := map[string]bool{}
	for _, j := range jobs {
		c := &converter{texts: j.texts}
		seen := map[string]bool{}
		for _, t := range j.Containers {
			for _, m := range t.Mounts {
				if id := c.plain(m.Source.ID); c.plain(m.Source.Type) == "volume" && c.plain(m.Source.Scope) != "project" && id != "" {
					shared[id] = shared[id] || seen[id]
					seen[id] = true
				}
			}
		}
	}
	return shared
}

// secretsDir is where compose mounts secrets that name no other path.
const secretsDir = "/run/secrets"

// stringMount mounts a text. One that is a secret, and nothing else, is a
// secret of compose's where it comes from a file or has to be set: those have
// no defaults.
func (c *converter) stringMount(m resolve.Mount) {
	use := configUse{target: c.text(m.Path), base: path.Base(c.plain(m.Path))}
	parts := c.Parts(m.Source.Data)
	if len(parts) == 1 && parts[0].Ref != nil {
		ref := parts[0].Ref
		file, variable := c.origin(ref)
		isSecret := ref.Kind == ir.SecretRef
		switch {
		case file == "" && variable == "":
		case isSecret:
			c.out.secrets = append(c.out.secrets, c.secretUse(m, ref, file, variable))
			return
		default:
			use.file, use.variable = file, variable
			c.out.configs = append(c.out.configs, use)
			return
		}
	}
	use.content = c.join(parts)
	c.out.configs = append(c.out.configs, use)
}

// origin is the file that a value or secret is the content of, or the variable
// that has to be set to it.
func (c *converter) origin(ref *ir.Ref) (file, variable string) {
	b := c.vars.bindings[refKey{ref.Kind, ref.Name}]
	if b == nil || len(b.Default) != 1 {
		return "", ""
	}
	switch p := b.Default[0].(type) {
	case ir.FileContent:
		return literal(c.opts.rebase(p.Path)), ""
	case ir.Variable:
		if strings.HasSuffix(p.Op, "?") {
			return "", p.Name
		}
	}
	return "", ""
}

// secretUse names the secret so that it is mounted where it has to be, and is
// called what the file calls it.
func (c *converter) secretUse(m resolve.Mount, ref *ir.Ref, file, variable string) secretUse {
	target := c.plain(m.Path)
	base := path.Base(target)
	isDefault := path.Dir(target) == secretsDir && c.isPlain(m.Path)
	if isDefault && resourceName.MatchString(base) && ir.SnakeCase(base) == ir.SnakeCase(ref.Name) {
		return secretUse{name: base, file: file, variable: variable}
	}
	use := secretUse{name: toName(ref.Name), target: c.text(m.Path), file: file, variable: variable}
	if isDefault {
		use.target = literal(base)
	}
	return use
}

// resource is a config or secret of the project.
type resource struct {
	name, key, text string
}

// addResource adds a resource, or finds it, and returns its name.
func addResource(all *[]resource, r resource) string {
	base := r.name
	for i := 2; ; i++ {
		at := slices.IndexFunc(*all, func(o resource) bool { return o.name == r.name })
		if at < 0 {
			*all = append(*all, r)
			return r.name
		}
		if (*all)[at] == r {
			return r.name
		}
		r.name = fmt.Sprintf("%s-%d", base, i)
	}
}

func (s *stack) configList(sv *service) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, use := range sv.configs {
		r := resource{name: strings.Trim(sv.key+"-"+toName(use.base), "-"), key: "content", text: use.content}
		switch {
		case use.file != "":
			r.key, r.text = "file", use.file
		case use.variable != "":
			r.key, r.text = "environment", use.variable
		}
		n := &yaml.Node{Kind: yaml.MappingNode}
		put(n, "source", scalar(addResource(&s.configs, r)))
		put(n, "target", scalar(use.target))
		list.Content = append(list.Content, n)
	}
	return list
}

func (s *stack) secretList(sv *service) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, use := range sv.secrets {
		r := resource{name: use.name, key: "file", text: use.file}
		if use.file == "" {
			r.key, r.text = "environment", use.variable
		}
		name := addResource(&s.secrets, r)
		if use.target == "" && name != use.name {
			use.target = use.name
		}
		if use.target == "" {
			list.Content = append(list.Content, scalar(name))
			continue
		}
		n := &yaml.Node{Kind: yaml.MappingNode}
		put(n, "source", scalar(name))
		put(n, "target", scalar(use.target))
		list.Content = append(list.Content, n)
	}
	return list
}
