package verify

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// service is one of a side's services, while facts are made of it.
type service struct {
	*side
	types.ServiceConfig
	// at is where it stands in the source, and main the fact that it exists.
	at   path
	main string
	// rest is what compose-go would write down of it, without what has been
	// dealt with.
	rest map[string]any
}

// meanings are the attributes whose meaning is not their text. Each makes
// facts of some attributes, which are taken off the rest.
var meanings = []struct {
	attributes []string
	make       func(*service)
}{
	{[]string{"image"}, (*service).image},
	{[]string{"environment", "env_file"}, (*service).environment},
	{[]string{"ports"}, (*service).ports},
	{[]string{"expose"}, (*service).exposed},
	{[]string{"volumes"}, (*service).mounts},
	{[]string{"configs"}, (*service).configFiles},
	{[]string{"secrets"}, (*service).secretFiles},
	{[]string{"depends_on"}, (*service).dependencies},
	{[]string{"container_name", "hostname", "links"}, (*service).names},
	{[]string{"networks"}, (*service).networks},
	{[]string{"scale"}, (*service).scale},
	{[]string{"restart"}, (*service).restart},
	{[]string{"cpus", "mem_limit", "mem_reservation"}, (*service).limits},
	{[]string{"build"}, (*service).build},
	{[]string{"healthcheck"}, (*service).healthcheck},
	{[]string{"pull_policy"}, (*service).pullPolicy},
	{[]string{"extends", "profiles"}, func(*service) {}},
}

// service makes the facts of a service.
func (s *side) service(name string) {
	at := path{"services", s.serviceName(name)}
	v := &service{side: s, ServiceConfig: s.Services[name], at: at, main: at.String(), rest: tree(s.Services[name])}
	v.Name = name
	s.facts.add(v.main, &fact{path: at, value: name})
	for _, m := range meanings {
		m.make(v)
		for _, a := range m.attributes {
			delete(v.rest, a)
		}
	}
	s.facts.flatten(at, s.relativePaths(v.rest), v.main)
}

// say makes a fact of an attribute.
func (v *service) say(value string, keys ...string) *fact {
	f := &fact{path: v.at.with(keys...), value: value, under: v.main}
	v.facts.add(f.path.String(), f)
	return f
}

// image is a name of compose's choice where the service is built and says
// none (Compose Build Specification, "Using build and image"). Only where it
// is no longer built does that name matter.
func (v *service) image() {
	isBuilt := v.ServiceConfig.Build != nil
	switch {
	case v.Image != "" && isBuilt:
		v.say(v.Image, "image").role = promise
	case v.Image != "":
		v.say(v.Image, "image")
	case isBuilt:
		v.say(v.builtImage(v.Name), "image").role = offer
	}
}

// builtImage is what docker compose calls the image that a service builds.
func (v *service) builtImage(name string) string {
	return strings.ToLower(v.Project.Name + "-" + v.serviceName(name))
}

const unset = "(not set)"

func (v *service) environment() {
	for name, value := range v.ServiceConfig.Environment {
		text := unset
		if value != nil {
			text = *value
		}
		f := v.say(text, "environment", name)
		for i := range v.EnvFiles {
			f.at = append(f.at, v.at.with("env_file").item(i))
		}
	}
}

// scale is deploy.replicas by a shorter name.
func (v *service) scale() {
	take(v.rest, "deploy", "replicas")
	if n := v.GetScale(); n != 1 {
		f := v.say(strconv.Itoa(n), "scale")
		if v.Scale == nil {
			f.path, f.at = v.at.with("deploy", "replicas"), []path{f.path}
		}
	}
}

// pullPolicy leaves out "build" where there is something to build: that is
// done whenever the stack runs.
func (v *service) pullPolicy() {
	if v.ServiceConfig.Build == nil || v.PullPolicy != types.PullPolicyBuild {
		v.facts.flatten(v.at.with("pull_policy"), v.rest["pull_policy"], v.main)
	}
}

// restart is deploy.restart_policy by a shorter name. Where both are written,
// docker compose goes by the longer one.
func (v *service) restart() {
	policy, at := v.Restart, v.at.with("restart")
	if v.Deploy != nil && v.Deploy.RestartPolicy != nil {
		p := v.Deploy.RestartPolicy
		policy, at = cmp.Or(conditions[p.Condition], p.Condition), v.at.with("deploy", "restart_policy", "condition")
		if p.MaxAttempts != nil && policy != "no" {
			policy += ":" + strconv.FormatUint(*p.MaxAttempts, 10)
		}
	}
	take(v.rest, "deploy", "restart_policy", "condition")
	take(v.rest, "deploy", "restart_policy", "max_attempts")
	if policy != "" && policy != "no" {
		f := v.say(policy, "restart")
		f.path, f.at = at, []path{v.at.with("restart"), v.at.with("deploy", "restart_policy", "max_attempts")}
	}
}

// conditions are the conditions of deploy.restart_policy as restart calls them
// (Compose Deploy Specification, "restart_policy").
var conditions = map[string]string{
	"": "always", "any": "always", "always": "always", "on-failure": "on-failure", "unless-stopped": "unless-stopped", "none": "no", "no": "no",
}

// limits are those of deploy.resources by shorter names.
func (v *service) limits() {
	var limits, reservations types.Resource
	if v.Deploy != nil && v.Deploy.Resources.Limits != nil {
		limits = *v.Deploy.Resources.Limits
	}
	if v.Deploy != nil && v.Deploy.Resources.Reservations != nil {
		reservations = *v.Deploy.Resources.Reservations
	}
	v.limit("cpus", "limits", "cpus", v.CPUS, limits.NanoCPUs.Value())
	v.bytes("mem_limit", "limits", v.MemLimit, limits.MemoryBytes)
	v.limit("", "reservations", "cpus", 0, reservations.NanoCPUs.Value())
	v.bytes("mem_reservation", "reservations", v.MemReservation, reservations.MemoryBytes)
}

func (v *service) limit(short, kind, what string, value, long float32) {
	v.resource(short, kind, what, strconv.FormatFloat(float64(cmp.Or(value, long)), 'g', -1, 32), value != 0)
}

func (v *service) bytes(short, kind string, value, long types.UnitBytes) {
	v.resource(short, kind, "memory", strconv.FormatInt(int64(cmp.Or(value, long)), 10), value != 0)
}

// resource says a resource, by the name that it is written with.
func (v *service) resource(short, kind, what, text string, isShort bool) {
	take(v.rest, "deploy", "resources", kind, what)
	if text == "0" {
		return
	}
	long := v.at.with("deploy", "resources", kind, what)
	f := &fact{path: long, value: text, under: v.main}
	if isShort {
		f.path, f.at = v.at.with(short), []path{long}
	}
	v.facts.add(long.String(), f)
}

// healthcheck leaves out one that is switched off: then there is none, as in
// Polytope, which never looks at an image's own.
func (v *service) healthcheck() {
	h := v.HealthCheck
	if h == nil || h.Disable || len(h.Test) > 0 && h.Test[0] == "NONE" {
		return
	}
	v.facts.flatten(v.at.with("healthcheck"), v.rest["healthcheck"], v.main)
}

// build makes facts of what is built. The image is a tag like the others. Who
// builds an image does not matter where several services run it.
func (v *service) build() {
	b := v.ServiceConfig.Build
	if b == nil {
		return
	}
	main := v.say(v.hostPath(b.Context), "build", "context")
	main.at = []path{v.at.with("build")}
	for name, other := range v.Services {
		if name != v.Name && other.Image == v.Image && other.Build != nil && v.Image != "" {
			main.role = promise
		}
	}
	rest, _ := v.relativePaths(v.rest["build"]).(map[string]any)
	for _, k := range []string{"context", "tags"} {
		delete(rest, k)
	}
	for _, tag := range b.Tags {
		if tag != v.Image {
			v.facts.add(v.at.with("build", "tags", tag).String(), &fact{
				path: v.at.with("build", "tags"), value: tag, under: main.path.String(),
			})
		}
	}
	v.facts.flatten(v.at.with("build"), rest, main.path.String())
	v.offerTags(main.path.String())
}

// offerTags takes the tags of all services that build the same: one build may
// give the image all of them, also those of services that do not run.
func (v *service) offerTags(main string) {
	for name, other := range v.Project.AllServices() {
		if other.Build == nil || !isSameBuild(v.ServiceConfig.Build, other.Build) {
			continue
		}
		for _, tag := range append(slices.Clone(other.Build.Tags), cmp.Or(other.Image, v.builtImage(name))) {
			v.facts.add(v.at.with("build", "tags", tag).String(), &fact{
				path: v.at.with("build", "tags"), value: tag, role: offer, under: main,
			})
		}
	}
}

// isSameBuild tells whether two builds make the same image of the same files,
// however they go about it.
func isSameBuild(a, b *types.BuildConfig) bool {
	return a.Context == b.Context && a.Dockerfile == b.Dockerfile && a.DockerfileInline == b.DockerfileInline &&
		a.Target == b.Target && maps.Equal(a.Labels, b.Labels)
}

// sorted is a set's text.
func sorted(values map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(values)), ", ")
}
