package compose

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"
	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// mounts are the service's volumes, configs and secrets, and the volume that a
// stateful service without one is given.
func (c *container) mounts() ir.Expr {
	list := &ir.List{}
	if o, ok := c.src.find(c.keys("volumes")...); ok {
		list.Meta = ir.Meta{Rng: o.rng(), Comments: o.comments()}
	}
	items := c.volumeItems()
	for _, v := range c.volumesInOrder(items) {
		isIt := func(other types.ServiceVolumeConfig) bool { return other.Target == v.Target }
		if m := c.mount(v, items[v.Target], slices.IndexFunc(c.s.Volumes, isIt)); m != nil {
			list.Items = append(list.Items, m)
		}
	}
	for i, f := range c.s.Configs {
		if m := c.config(f, i); m != nil {
			list.Items = append(list.Items, m)
		}
	}
	for i, f := range c.s.Secrets {
		list.Items = append(list.Items, c.secret(f, i))
	}
	if m := c.persistent(); m != nil {
		list.Items = append(list.Items, m)
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

func mountAt(target string, source *ir.Map, meta ir.Meta) *ir.Map {
	m := ir.NewMap("path", ir.Str(target), "source", source)
	m.Meta = meta
	return m
}

func hostSource(p ir.Expr) *ir.Map { return ir.NewMap("type", ir.Str("host"), "path", p) }

func stringSource(data ir.Expr) *ir.Map { return ir.NewMap("type", ir.Str("string"), "data", data) }

func volumeSource(id ir.Expr) *ir.Map {
	return ir.NewMap("type", ir.Str("volume"), "scope", ir.Str("project"), "id", id)
}

// volumeItem is an item of volumes as it was written.
type volumeItem struct {
	source, target tmpl
	o              origin
	index          int
}

// volumeItems finds the items by the path they mount at: of two, the later
// one holds, as in compose.
func (c *container) volumeItems() map[string]volumeItem {
	out := map[string]volumeItem{}
	for i, o := range c.src.items(c.keys("volumes")...) {
		item := volumeItem{o: o, index: i}
		if target, ok := item.read(c); ok {
			out[target] = item
		}
	}
	return out
}

func (item *volumeItem) read(c *container) (target string, ok bool) {
	env := c.stand(item.o.layer.env)
	if item.o.node.Kind == yaml.MappingNode {
		for key, t := range map[string]*tmpl{"source": &item.source, "target": &item.target} {
			if child, ok := item.o.child(key); ok {
				*t, _ = child.template()
			}
		}
		target, err := item.target.eval(env)
		return path.Clean(target), err == nil && target != ""
	}
	t, ok := item.o.template()
	if !ok {
		return "", false
	}
	text, err := t.eval(env)
	if err != nil {
		return "", false
	}
	v, err := format.ParseVolume(text)
	if err != nil {
		return "", false
	}
	if pieces := t.splitTop(":"); len(pieces) > 1 {
		item.source, item.target = pieces[0], pieces[1]
	} else {
		item.target = pieces[0]
	}
	return path.Clean(v.Target), true
}

// volumesInOrder are the loaded volumes in the order of the source.
func (c *container) volumesInOrder(items map[string]volumeItem) []types.ServiceVolumeConfig {
	out := slices.Clone(c.s.Volumes)
	slices.SortStableFunc(out, func(a, b types.ServiceVolumeConfig) int {
		return items[a.Target].index - items[b.Target].index
	})
	return out
}

func (c *container) mount(v types.ServiceVolumeConfig, item volumeItem, i int) ir.Expr {
	keys := c.keys("volumes", fmt.Sprintf("[%d]", i))
	meta := ir.Meta{Rng: item.o.rng(), Comments: item.o.comments()}
	source := c.mountSource(v, item, keys)
	if source == nil {
		return nil
	}
	m := mountAt(v.Target, source, meta)
	if item.target.hasVars() && c.says(item.o, item.target, v.Target) {
		at := c.place("mount_path")
		at.rng = meta.Rng
		m.Set("path", c.text(item.target, item.o.layer.env, at))
	}
	return m
}

func (c *container) mountSource(v types.ServiceVolumeConfig, item volumeItem, keys []string) *ir.Map {
	switch v.Type {
	case types.VolumeTypeBind:
		return hostSource(c.hostPath(v.Source, item, keys))
	case types.VolumeTypeVolume:
		if v.Source == "" {
			return c.anonymous(v, keys)
		}
		return volumeSource(c.volumeID(v.Source, item, keys))
	case types.VolumeTypeTmpfs:
		c.add(diag.Warning, "compose/mount-tmpfs", diag.Dropped, keys, "a memory file system has no counterpart in Polytope; "+v.Target+" is on disk, in the container")
	default:
		c.add(diag.Warning, "compose/mount-type", diag.Dropped, keys, fmt.Sprintf("a mount of type %s has no counterpart in Polytope; %s is not mounted", v.Type, v.Target))
	}
	return nil
}

func (c *container) volumeID(source string, item volumeItem, keys []string) ir.Expr {
	if item.source.hasVars() {
		c.settled("the name of a volume", item.o, keys, source)
	}
	return &ir.String{Meta: ir.At(item.o.rng()), Value: c.volumeIDs.id(source, "volumes", source)}
}

// anonymous is the project volume that takes an unnamed one's place.
func (c *container) anonymous(v types.ServiceVolumeConfig, keys []string) *ir.Map {
	id := c.volumeIDs.fresh(c.id + "-" + ir.ToID(v.Target))
	c.add(diag.Note, "compose/volume-anonymous", diag.Approximated, keys,
		fmt.Sprintf("the unnamed volume at %s becomes the project's volume %s, which outlives the job", v.Target, id))
	return volumeSource(ir.Str(id))
}

// hostPath is the path of a bind mount, relative to the output file. A leading
// variable stays one; a relative path that is its default is rebased there.
func (c *container) hostPath(source string, item volumeItem, keys []string) ir.Expr {
	written, _ := item.source.eval(c.stand(envOf(item.o)))
	if strings.HasPrefix(written, "~") {
		source = written // as written: the home folder is the reader's
	}
	if item.source.hasVars() {
		at := c.place(c.volumeName(item))
		at.rng = item.o.rng()
		if x, ok := c.pathText(item.source, item.o.layer, at); ok {
			return x
		}
		c.settled("the path of a mount", item.o, keys, source)
	}
	return &ir.String{Meta: ir.At(item.o.rng()), Value: c.rebase(source)}
}

// pathText is the expression for a path with variables in it, rebased; it is
// not ok where the path cannot be rebased with the variable in place.
func (r *reader) pathText(t tmpl, l *layer, at place) (ir.Expr, bool) {
	t = dropPWD(t)
	rebased, ok := r.rebaseTemplate(t, l)
	if !ok {
		return nil, false
	}
	env := l.env
	if v := rebased[0].v; v != nil && len(v.arg) > 0 {
		// What an env file says of it is its default now, rebased.
		env = func(name string) (string, bool) {
			if name == v.name {
				return "", false
			}
			return l.env(name)
		}
	}
	return r.text(rebased, env, at), true
}

// dropPWD makes "$PWD/x" and "$HOME/x" what they mean: "./x" and "~/x".
func dropPWD(t tmpl) tmpl {
	if len(t) > 0 && t[0].v != nil && t[0].v.name == "PWD" {
		return append(tmpl{}.appendText("."), t[1:]...).joined()
	}
	if len(t) > 1 && t[0].v != nil && t[0].v.name == "HOME" && strings.HasPrefix(t[1].text, "/") {
		return append(tmpl{}.appendText("~"), t[1:]...).joined()
	}
	return t
}

// joined puts neighbouring texts together.
func (t tmpl) joined() tmpl {
	var out tmpl
	for _, p := range t {
		if p.v == nil {
			out = out.appendText(p.text)
		} else {
			out = append(out, p)
		}
	}
	return out
}

func (c *container) volumeName(item volumeItem) string {
	target, _ := item.target.eval(c.stand(envOf(item.o)))
	return ir.SnakeCase(path.Base(target)) + "_path"
}

func envOf(o origin) lookup {
	if o.layer == nil {
		return ir.Unset
	}
	return o.layer.env
}

// rebase makes a path of the project relative to the output file's folder,
// without a leading "./", which Polytope takes from the working directory.
func (r *reader) rebase(p string) string {
	if strings.HasPrefix(p, "~") || filepath.IsAbs(p) && !r.isBelowProject(p) {
		return p
	}
	abs := p
	if !filepath.IsAbs(p) {
		abs = filepath.Join(r.opts.ProjectDir, filepath.FromSlash(p))
	}
	rel, err := filepath.Rel(r.opts.OutDir, abs)
	if err != nil {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}

// isBelowProject tells paths that compose-go made absolute from those that the
// source wrote so: nobody writes the project's own folder.
func (r *reader) isBelowProject(p string) bool {
	rel, err := filepath.Rel(r.opts.ProjectDir, p)
	return err == nil && !isOutside(filepath.ToSlash(rel))
}

// rebaseTemplate rebases a path whose beginning is a variable, or text. The
// default of a leading variable is rebased in its place.
func (r *reader) rebaseTemplate(t tmpl, l *layer) (tmpl, bool) {
	out := slices.Clone(t)
	first := t[0]
	if first.v == nil {
		if !strings.HasPrefix(first.text, ".") {
			return t, true // absolute, or "~"
		}
		out[0].text = r.rebasePrefix(first.text, l)
		return out, true
	}
	v := *first.v
	if value, known := l.env(v.name); known && value != "" {
		if !strings.HasPrefix(value, ".") {
			return t, true
		}
		v.op, v.arg = ":-", tmpl{{text: r.rebasePrefix(value, l)}}
		return replaceFirst(out, v), true
	}
	if v.op != ":-" && v.op != "-" {
		return t, v.op == "" || strings.HasSuffix(v.op, "?")
	}
	if len(v.arg) == 0 {
		return t, true
	}
	arg, ok := r.rebaseTemplate(v.arg, l)
	v.arg = arg
	return replaceFirst(out, v), ok
}

func replaceFirst(t tmpl, v variable) tmpl {
	t[0] = part{v: &v}
	return t
}

// rebasePrefix rebases the beginning of a path, which may be cut anywhere
// behind a slash.
func (r *reader) rebasePrefix(p string, l *layer) string {
	if !strings.HasPrefix(p, ".") {
		return p
	}
	rebased := r.rebase(path.Join(l.dir, p))
	if strings.HasSuffix(p, "/") {
		if rebased == "." {
			return ""
		}
		return rebased + "/"
	}
	return rebased
}

// config mounts a config.
func (c *container) config(f types.ServiceConfigObjConfig, i int) ir.Expr {
	keys := c.keys("configs", fmt.Sprintf("[%d]", i))
	meta := ir.Meta{Rng: c.reader.place(keys)}
	target := cmp.Or(f.Target, "/"+f.Source)
	def := c.Configs[f.Source]
	at := place{service: f.Source, what: "config"}
	switch {
	case def.Environment != "":
		name := shellName(def.Environment)
		v := &variable{name: name, op: ":?", arg: tmpl{{text: "set " + name}}}
		return mountAt(target, stringSource(c.values.variable(v, c.project.env, at)), meta)
	case def.File != "":
		return mountAt(target, hostSource(c.fileOf("configs", f.Source, def.File)), meta)
	case bool(def.External):
		return nil // the table reports it
	}
	return mountAt(target, stringSource(c.scalar(def.Content, at, "configs", f.Source, "content")), meta)
}

// fileOf is the path of a config's file.
func (c *container) fileOf(section, name, file string) ir.Expr {
	o, _ := c.src.find(section, name, "file")
	return &ir.String{Meta: ir.At(valueRange(o)), Value: c.rebase(c.written(o, file))}
}

// written is a path as the source has it, where it begins with "~": compose-go
// may have put the home folder there.
func (c *container) written(o origin, loaded string) string {
	if t, ok := o.template(); ok {
		if s, err := t.eval(c.stand(envOf(o))); err == nil && strings.HasPrefix(s, "~") {
			return s
		}
	}
	return loaded
}

// secret mounts a secret, which the values script sets.
func (c *container) secret(f types.ServiceSecretConfig, i int) ir.Expr {
	keys := c.keys("secrets", fmt.Sprintf("[%d]", i))
	target := cmp.Or(f.Target, f.Source)
	if !path.IsAbs(target) {
		target = path.Join("/run/secrets", target)
	}
	at := place{service: f.Source, what: "secret", secret: true, rng: c.reader.place(keys)}
	ref := c.values.named(ir.SnakeCase(f.Source), c.secretDefault(f.Source), at)
	return mountAt(target, stringSource(ref), ir.Meta{Rng: at.rng})
}

// secretDefault is where the values script takes a secret from; its content is
// never read here.
func (c *container) secretDefault(name string) ir.Word {
	def := c.Secrets[name]
	o, _ := c.src.find("secrets", name, "file")
	switch {
	case def.File != "":
		c.settled("the file of a secret", o, []string{"secrets", name, "file"}, def.File)
		c.reportLineBreak(name, def.File)
		return ir.Word{ir.FileContent{Path: c.rebase(c.written(o, def.File))}}
	case def.Environment != "":
		return required(def.Environment)
	}
	if bool(def.External) {
		c.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "compose/secret-external", Fate: diag.Approximated,
			Subject: c.reader.place([]string{"secrets", name, "external"}), Path: "secrets." + name + ".external",
			Message: fmt.Sprintf("secret %s is kept elsewhere; the values script asks for %s", name, strings.ToUpper(ir.SnakeCase(name))),
		})
	}
	return required(strings.ToUpper(ir.SnakeCase(name)))
}

// reportLineBreak says that the values script leaves line breaks at the end of
// a secret's file out, as $(…) of the shell does, unless the file is there and
// has none.
func (c *container) reportLineBreak(name, file string) {
	text, _, err := c.src.files.read(c.src.files.relative(file))
	if err == nil && !bytes.HasSuffix(text, []byte("\n")) {
		return
	}
	keys := []string{"secrets", name, "file"}
	c.report.Add(diag.Diagnostic{
		Severity: diag.Note, Code: "compose/secret-line-break", Fate: diag.Approximated, Path: joinPath(keys), Subject: c.reader.place(keys),
		Message: fmt.Sprintf("secret %s: a line break at the end of its file is left out", name),
	})
}

// persistent is the volume that a stateful service without one is given
// (Polytope reference, "ALWAYS use persistent volumes for stateful services").
func (c *container) persistent() ir.Expr {
	k, ok := known.LookupImage(c.s.Image)
	if !ok || k.Data == "" || c.opts.NoPersist || c.isBuilt(c.s) {
		return nil
	}
	for _, v := range c.s.Volumes {
		if covers(v.Target, k.Data) || covers(k.Data, v.Target) {
			return nil
		}
	}
	id := c.volumeIDs.fresh(c.id + "-data")
	c.add(diag.Note, "compose/volume-added", diag.Added, c.keys("image"),
		fmt.Sprintf("%s keeps its data in %s; the project's volume %s is mounted there, so that the data outlives the job", k.Repository, k.Data, id))
	return mountAt(k.Data, volumeSource(ir.Str(id)), ir.Meta{})
}

// covers tells whether a mount at dir holds what is at p.
func covers(dir, p string) bool {
	return dir == p || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")
}
