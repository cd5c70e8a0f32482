package compose

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
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
	for i, t := range c.s.Build.Tags {
		b.addTag(c.itemText(t, c.place("build_tag"), i, c.keys("build", "tags")...))
	}
	if named == nil {
		named = cmp.Or(b.tag, c.defaultTag())
		b.tag = named
	}
	b.addTag(named)
	return named
}

// isBuilt tells whether a service's image is built here. What is known of an
// image by its name does not hold for one that is.
func (r *reader) isBuilt(s types.ServiceConfig) bool {
	return s.Build != nil && !r.opts.SkipBuild && !isRemote(s.Build.Context)
}

// unbuilt is the image of a service that is not built here.
func (c *container) unbuilt(named ir.Expr) ir.Expr {
	severity, image := diag.Note, c.s.Image
	if named == nil {
		severity, image = diag.Warning, c.defaultName()
	}
	c.add(severity, "compose/build-skipped", diag.Dropped, c.keys("build"), "nothing builds its image; "+image+" has to be there")
	return cmp.Or(named, c.defaultTag())
}

func (c *container) defaultTag() ir.Expr {
	return &ir.String{Meta: ir.At(c.reader.place(c.keys("build"))), Value: c.defaultName()}
}

// defaultName is the name that docker compose gives a built image, or the
// nearest one that an image can have.
func (c *container) defaultName() string {
	if name := strings.ToLower(c.Project.Name + "-" + c.name); repository.MatchString(name) {
		return name
	}
	return c.Project.Name + "-" + c.id
}

// repository is what an image can be called (OCI Distribution Specification,
// "Pulling manifests").
var repository = regexp.MustCompile(`^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$`)

func (b *build) addTag(tag ir.Expr) {
	if !slices.ContainsFunc(b.tags.Items, func(t ir.Expr) bool { return ir.Equal(t, tag) }) {
		b.tags.Items = append(b.tags.Items, tag)
	}
}

// build is the module that builds the service's image; nil where its context
// cannot be had.
func (c *container) build() *build {
	key := c.buildKey()
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

// buildKey is equal for builds that are the same in Polytope: what has no
// counterpart there does not tell them apart.
func (c *container) buildKey() string {
	b := c.s.Build
	key := []any{
		c.asWritten(path.Clean(b.Context), "context"), c.asWritten(path.Clean(cmp.Or(b.Dockerfile, "Dockerfile")), "dockerfile"),
		c.asWritten(b.DockerfileInline, "dockerfile_inline"), c.asWritten(b.Target, "target"), b.Labels,
	}
	text, err := json.Marshal(key)
	if err != nil {
		return fmt.Sprintf("%p", b)
	}
	return string(text)
}

// asWritten is an attribute of the build with its variables.
func (c *container) asWritten(text, attribute string) string {
	if o, ok := c.src.find(c.keys("build", attribute)...); ok {
		if t, ok := o.template(); ok && t.hasVars() {
			return t.String()
		}
	}
	return text
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
