package random

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// project is a compose project with all of its files.
type project struct {
	// files are the texts by their names, from the project's folder on.
	files map[string]string
	// compose are the files that are named to hull; none: it finds them.
	compose []string
}

// generator draws one project. What must agree between the attributes of one
// service, or between files that are merged, is chosen once for all.
type generator struct {
	source
	project
	isNetworked  bool // networks rather than network_mode
	isDeployed   bool // deploy.resources and replicas rather than the short forms
	isInline     bool // dockerfile_inline rather than dockerfile
	hasProfiles  bool
	taken        map[string]bool
	containers   int
	anchors      int
	sideFileName int
	portCount    int
	sectionNames map[string]map[string]bool
}

// document is one compose file while it is drawn, or several that are merged.
type document struct {
	*generator
	// dir is the folder that paths of the file are relative to.
	dir      string
	services []*service
	// resources are the names of what the file declares, by section.
	resources map[string][]string
	// shared are the anchors of the extension attributes, by what they fit.
	shared map[string][]string
	top    object
}

// service is one service while it is drawn.
type service struct {
	*document
	name     string
	profiles []string
	// before are those that it may depend on: there are no cycles.
	before []*service
	// isPart holds where the service is merged into one that is complete.
	isPart bool
	// isBase holds where others take over its attributes.
	isBase bool
	// isStateful holds where its image keeps data.
	isStateful bool
	// isNamed holds where its container has a name, so that there is one of it.
	isNamed bool
	body    object
	paths   map[string]bool
}

// draw draws a project.
func draw(s source) *project {
	g := &generator{source: s, project: project{files: map[string]string{}}, taken: map[string]bool{}}
	g.isNetworked, g.isDeployed, g.isInline, g.hasProfiles = !g.chance(30), g.chance(50), g.chance(30), g.chance(25)
	main := g.document(".", 1+g.below(2)*g.below(6))
	if g.chance(12) {
		g.include(main)
	}
	if g.chance(15) {
		g.override(main)
	}
	g.files["compose.yaml"] = encode(main.top)
	if g.chance(45) {
		g.files[".env"] = g.envFile(slices.Concat(textVariables, wordVariables, testVariables), numberVariables)
	}
	return &g.project
}

// document draws a compose file.
func (g *generator) document(dir string, services int) *document {
	d := &document{generator: g, dir: dir, resources: map[string][]string{}, shared: map[string][]string{}}
	if g.chance(15) && dir == "." {
		d.top.set("name", pick(g.source, "proj", "my-project", "p_1", "${NAME:-named}"))
	}
	d.declare()
	d.extensions()
	names := object{}
	for range services {
		s := d.service(d.freshName(serviceNames))
		d.services = append(d.services, s)
		names.set(s.name, s.body)
	}
	if g.chance(30) {
		slices.Reverse(names)
	}
	d.top.set("services", names)
	if g.chance(10) {
		d.top.set("x-tail", g.styledText())
	}
	if g.chance(5) {
		d.top.set("version", "3.8")
	}
	d.define()
	return d
}

var (
	serviceNames  = []string{"web", "db", "cache", "api", "Worker", "my.app", "a_b", "job-1", "redis", "x", "_u", "UPPER", "0num", "postgres"}
	resourceNames = []string{"store", "logs", "Files", "my.vol", "a_b", "conf", "tls-key", "db_password", "x1", "token"}
)

// freshName is a name that no other becomes the id of: a collision is an error.
func (d *document) freshName(from []string) string {
	name := pick(d.source, from...)
	for i := 2; d.taken[identity(name)]; i++ {
		name = fmt.Sprintf("%s%d", strings.TrimRight(name, "0123456789"), i)
	}
	d.taken[identity(name)] = true
	return name
}

// identity is what a name has in common with those that become the same id.
func identity(name string) string { return strings.ReplaceAll(strings.ToLower(name), ".", "-") }

// service draws a complete service.
func (d *document) service(name string) *service {
	s := &service{document: d, name: name, before: slices.Clone(d.services), paths: map[string]bool{}}
	if d.hasProfiles && d.chance(40) {
		s.profiles = some(d.source, 50, "debug", "Test", "stack")
	}
	s.isBase = len(s.profiles) == 0 && d.chance(15)
	if len(s.profiles) > 0 {
		var list list
		for _, p := range s.profiles {
			list = append(list, p)
		}
		s.body.set("profiles", list)
	}
	s.isStateful = !s.isBase && d.chance(25)
	if names := s.shared["service"]; len(names) > 0 && d.chance(40) {
		s.body.set(mergeKey, alias(pick(d.source, names...)))
	}
	s.extend()
	s.content()
	s.fill(attributes, 100)
	return s
}

// content draws what the service runs.
func (s *service) content() {
	switch {
	case s.isBase || s.isStateful || !s.chance(20):
		s.body.set("image", s.image())
	case s.chance(40):
		s.body.set("image", s.name+"-built:"+s.word())
		fallthrough
	default:
		// Nobody else builds or takes over an image of that name: which of two
		// builds an image is of is not said by compose either.
		s.body.set("build", s.build())
	}
}

// fill draws attributes, with so many percent of their own chances.
func (s *service) fill(from []attribute, percent int) {
	for _, a := range from {
		if !s.chance(a.percent*percent/100) || a.isOf != nil && !a.isOf(s) {
			continue
		}
		if v := a.draw(s); v != nil {
			s.body.set(a.name, v)
		}
	}
}

// targets are the services that this one can need: whatever runs it runs them.
func (s *service) targets() []*service {
	var out []*service
	for _, b := range s.before {
		if len(b.profiles) == 0 || slices.Equal(b.profiles, s.profiles) {
			out = append(out, b)
		}
	}
	return out
}

// extend takes over the attributes of a service of this file, or of another.
func (s *service) extend() {
	var bases []*service
	for _, b := range s.before {
		if b.isBase {
			bases = append(bases, b)
		}
	}
	switch {
	case len(bases) > 0 && s.chance(40):
		base := pick(s.source, bases...)
		s.body.set("extends", pick[any](s.source, object{{"service", base.name}}, base.name))
	case s.chance(5):
		s.body.set("extends", object{{"file", s.baseFile()}, {"service", "base"}})
	}
}

// baseFile is a file with a service "base" in it.
func (s *service) baseFile() string {
	d := &document{generator: s.generator, dir: path.Join(s.dir, "common"), resources: map[string][]string{}, shared: map[string][]string{}}
	base := &service{document: d, name: "base", isBase: true, paths: map[string]bool{}}
	base.content()
	base.fill(attributes, 70)
	d.top.set("services", object{{"base", base.body}})
	name := d.sideFile("yaml", encode(d.top))
	return path.Join("common", name)
}

// sideFile adds a file beside the document's and returns its name.
func (d *document) sideFile(kind, text string) string {
	d.sideFileName++
	name := fmt.Sprintf("file%d.%s", d.sideFileName, kind)
	d.files[path.Join(d.dir, name)] = text
	return name
}

// include draws a file that the main one includes.
func (g *generator) include(main *document) {
	inner := g.document("inc", 1+g.below(2))
	g.files["inc/compose.yaml"] = encode(inner.top)
	var value any = "inc/compose.yaml"
	if g.chance(50) {
		long := object{{"path", pick[any](g.source, "inc/compose.yaml", list{"inc/compose.yaml"})}}
		if g.chance(40) {
			g.files["inc/own.env"] = g.envFile(slices.Concat(textVariables, testVariables), numberVariables)
			long.set("env_file", "inc/own.env")
		}
		if g.chance(30) {
			long.set("project_directory", "inc")
		}
		value = long
	}
	main.top.set("include", list{value})
}

// override draws a file that is laid over the main one.
func (g *generator) override(main *document) {
	over := &document{generator: g, dir: ".", services: main.services, resources: main.resources, shared: map[string][]string{}}
	names := object{}
	for i, old := range main.services {
		if !g.chance(60) {
			continue
		}
		s := &service{document: over, name: old.name, profiles: old.profiles, before: main.services[:i], isPart: true, isBase: old.isBase, isStateful: old.isStateful, isNamed: old.isNamed, paths: maps.Clone(old.paths)}
		if old.body.get("build") == nil && g.chance(30) { // what is known of an image counts where it is not built
			s.body.set("image", s.image())
		}
		s.fill(attributes, 50)
		for i, e := range s.body {
			if e.key != "image" && g.chance(15) {
				s.body[i].value = tagged{"!override", e.value}
			}
		}
		for _, e := range old.body {
			if g.chance(8) && s.body.get(e.key) == nil && isResettable[e.key] {
				s.body.set(e.key, tagged{"!reset", nil})
			}
		}
		names.set(s.name, s.body)
	}
	if len(names) == 0 {
		return
	}
	over.top.set("services", names)
	name := pick(g.source, "compose.override.yaml", "prod.yaml")
	g.files[name] = encode(over.top)
	if name == "prod.yaml" {
		g.compose = []string{"compose.yaml", name}
	}
}

// isResettable are attributes without which a service is still one.
var isResettable = map[string]bool{
	"command": true, "entrypoint": true, "environment": true, "ports": true, "volumes": true, "depends_on": true, "restart": true, "healthcheck": true,
	"labels": true, "user": true, "working_dir": true, "env_file": true, "configs": true, "secrets": true, "privileged": true, "cap_add": true, "expose": true,
}

// extensions draws attributes that only hold anchors, and others.
func (d *document) extensions() {
	if d.chance(15) {
		shared := &service{document: d, name: "x", isPart: true, isBase: true, paths: map[string]bool{}}
		shared.fill(attributes, 30)
		for _, key := range []string{"profiles", "depends_on", "links", "volumes", "configs", "secrets", "networks"} {
			shared.body = slices.DeleteFunc(shared.body, func(e entry) bool { return e.key == key })
		}
		d.share("service", shared.body)
	}
	if d.chance(15) {
		d.share("environment", d.environmentMap())
	}
}

func (d *document) share(kind string, value any) {
	d.anchors++
	name := fmt.Sprintf("%s%d", kind, d.anchors)
	d.top.set("x-"+name, anchored{name, value})
	d.shared[kind] = append(d.shared[kind], name)
}

// envFile draws an env file that sets some variables.
func (s source) envFile(texts, numbers []string) string {
	var b strings.Builder
	if s.chance(20) {
		b.WriteString("# a comment\n\n")
	}
	for _, name := range some(s, 40, texts...) {
		if s.chance(10) {
			b.WriteString("export ")
		}
		value := s.envValue()
		if slices.Contains(wordVariables, name) { // part of an image, a path, a name
			value = pick(s, "a", "v1", "x_y")
		}
		b.WriteString(name + "=" + value + "\n")
	}
	for _, name := range some(s, 40, numbers...) {
		fmt.Fprintf(&b, "%s=%d\n", name, 1000+s.below(5000))
	}
	return b.String()
}

// envValue is what stands behind the equals sign in an env file.
func (s source) envValue() string {
	switch s.below(6) {
	case 0:
		return ""
	case 1:
		return "'" + pick(s, "a b", "$X", "#", "{pt.value x}", `\n`, "") + "'"
	case 2:
		return `"` + pick(s, "a b", "x$$y", "a\\nb", "é", "#pt-js 1", "a\nb", "${FILE_X:-m}") + `"`
	}
	return pick(s, "v", "v1", "a b", "a#b", "x # comment", "é", "yes", "0", "http://h/x", "${RELEASE:-t}", "pt.secret x", "a=b", "{pt.value x}")
}
