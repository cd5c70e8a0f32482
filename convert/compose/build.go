package compose

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir"
	"hull/ir/diag"
)

// build is an image that the project builds; services with equal builds share
// one.
type build struct {
	module *ir.Module
	tags   *ir.List
	// tag is the image's name for services that give none themselves.
	tag ir.Expr
}

// image is the image that the container runs. Where the service builds it, the
// build is noted.
func (c *container) image() ir.Expr {
	var named ir.Expr
	if c.s.Image != "" {
		named = c.scalar(c.s.Image, c.place("image"), c.keys("image")...)
	}
	if c.s.Build == nil {
		return named
	}
	if c.opts.SkipBuild {
		return c.unbuilt(named)
	}
	b := c.build()
	if b == nil {
		return c.unbuilt(named)
	}
	c.buildOf[c.name] = b
	if named == nil {
		named = cmp.Or(b.tag, c.defaultTag())
		b.tag = named
	}
	b.addTag(named)
	return named
}

// unbuilt is the image of a service that is not built here.
func (c *container) unbuilt(named ir.Expr) ir.Expr {
	severity, image := diag.Note, c.s.Image
	if named == nil {
		severity, image = diag.Warning, c.Project.Name+"-"+c.id
	}
	c.add(severity, "compose/build-skipped", diag.Dropped, c.keys("build"), "nothing builds its image; "+image+" has to be there")
	return cmp.Or(named, c.defaultTag())
}

// defaultTag is the name that docker compose gives a built image.
func (c *container) defaultTag() ir.Expr {
	return &ir.String{Meta: ir.At(c.reader.place(c.keys("build"))), Value: c.Project.Name + "-" + c.id}
}

func (b *build) addTag(tag ir.Expr) {
	if !slices.ContainsFunc(b.tags.Items, func(t ir.Expr) bool { return ir.Equal(t, tag) }) {
		b.tags.Items = append(b.tags.Items, tag)
	}
}

// build is the module that builds the service's image; nil where its context
// cannot be had.
func (c *container) build() *build {
	key := buildKey(c.s.Build)
	if b := c.builds[key]; b != nil {
		return b
	}
	context := c.buildContext()
	if context == nil {
		return nil
	}
	id := c.modules.fresh(c.id + "-image")
	b := &build{tags: &ir.List{}}
	args := ir.NewMap("sources", ir.NewList(context...), "tags", b.tags)
	c.buildFile(args)
	if c.s.Build.Target != "" {
		args.Set("target", c.scalar(c.s.Build.Target, c.place("build_target"), c.keys("build", "target")...))
	}
	if labels := c.buildLabels(); labels != nil {
		args.Set("labels", labels)
	}
	for i, t := range c.s.Build.Tags {
		b.addTag(c.itemText(t, c.place("build_tag"), i, c.keys("build", "tags")...))
	}
	b.module = &ir.Module{ID: id, Call: &ir.Call{Module: "polytope/build-image", Args: args}}
	if o, ok := c.src.find(c.keys("build")...); ok {
		b.module.Rng, b.module.IDRange, b.module.Call.Rng = o.rng(), o.rng(), o.rng()
		b.module.Comments = o.comments()
	}
	c.builds[key] = b
	c.out.Modules = append(c.out.Modules, b.module)
	return b
}

// itemText is the expression for a text in a list.
func (c *container) itemText(text string, at place, i int, keys ...string) ir.Expr {
	items := c.src.items(keys...)
	if i < len(items) {
		at.rng = items[i].rng()
		if t, ok := items[i].template(); ok && t.hasVars() && c.says(items[i], t, text) {
			return c.text(t, items[i].layer.env, at)
		}
	}
	return &ir.String{Meta: ir.At(at.rng), Value: text}
}

// buildKey is equal for builds that make the same image.
func buildKey(b *types.BuildConfig) string {
	same := *b
	same.Tags = nil
	key, err := json.Marshal(same)
	if err != nil {
		return fmt.Sprintf("%p", b)
	}
	return string(key)
}

// buildContext is the sources of a build.
func (c *container) buildContext() []ir.Expr {
	keys := c.keys("build", "context")
	o, ok := c.src.find(keys...)
	if !ok {
		o, _ = c.src.find(c.keys("build")...)
	}
	context := c.written(o, c.s.Build.Context)
	if isRemote(context) {
		c.add(diag.Warning, "compose/build-context", diag.Dropped, keys,
			"polytope/build-image builds what is on disk; the context "+o.node.Value+" is not, and the image is taken as it is")
		return nil
	}
	at := c.place("build_context")
	at.rng = valueRange(o)
	var dir ir.Expr = &ir.String{Meta: ir.At(at.rng), Value: c.rebase(context)}
	if t, ok := o.template(); ok && t.hasVars() && c.opts.Values != ValuesNone && c.says(o, t, context) {
		if x, ok := c.pathText(t, o.layer, at); ok {
			dir = x
		} else {
			c.settled("the context of a build", o, keys, context)
		}
	}
	return []ir.Expr{mountAt("/", hostSource(dir), ir.Meta{Rng: at.rng})}
}

// isRemote tells contexts that are fetched, as compose does.
func isRemote(context string) bool {
	for _, p := range []string{"https://", "http://", "git://", "ssh://", "git@", "github.com/", "oci://", "docker-image://"} {
		if strings.HasPrefix(context, p) {
			return true
		}
	}
	return false
}

// buildFile says which Dockerfile is used.
func (c *container) buildFile(args *ir.Map) {
	b := c.s.Build
	if b.DockerfileInline != "" {
		sources := args.Get("sources").(*ir.List)
		data := c.scalar(b.DockerfileInline, c.place("dockerfile"), c.keys("build", "dockerfile_inline")...)
		sources.Items = append(sources.Items, mountAt("/Dockerfile.inline", stringSource(data), ir.Meta{}))
		args.Set("dockerfile", ir.Str("Dockerfile.inline"))
		return
	}
	if path.IsAbs(b.Dockerfile) || strings.HasPrefix(path.Clean(b.Dockerfile), "../") {
		// What lies outside of the context is brought in by itself.
		sources := args.Get("sources").(*ir.List)
		file := b.Dockerfile
		if !path.IsAbs(file) {
			file = path.Join(filepath.ToSlash(b.Context), file)
		}
		sources.Items = append(sources.Items, mountAt("/Dockerfile.outside", hostSource(ir.Str(c.rebase(file))), ir.Meta{}))
		args.Set("dockerfile", ir.Str("Dockerfile.outside"))
		return
	}
	if b.Dockerfile == "" || path.Clean(b.Dockerfile) == "Dockerfile" {
		return
	}
	args.Set("dockerfile", c.scalar(b.Dockerfile, c.place("dockerfile"), c.keys("build", "dockerfile")...))
}

func (c *container) buildLabels() ir.Expr {
	labels := c.s.Build.Labels
	if len(labels) == 0 {
		return nil
	}
	m := &ir.Map{}
	for _, k := range c.src.keys(c.keys("build", "labels")...) {
		if v, ok := labels[k]; ok {
			m.Set(k, c.scalar(v, c.place("label_"+ir.SnakeCase(k)), c.keys("build", "labels", k)...))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		if m.Get(k) == nil {
			m.Set(k, ir.Str(labels[k]))
		}
	}
	return m
}
