package verify

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// side is one of the two projects, while facts are made of it.
type side struct {
	*types.Project
	opts CompareOptions
	// services and volumes are the source's names of what this side calls
	// otherwise.
	services, volumes map[string]string
	facts             facts
	// off are the dependencies on services that need not run, and do not.
	off []path
}

func (s *side) collect() facts {
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		s.service(name)
	}
	s.waits()
	s.apart()
	s.resources()
	if s.Name != "" {
		s.facts.flatten(path{"name"}, s.Name, "")
	}
	for name, value := range s.Extensions {
		s.facts.leaf(path{name}, value, "")
	}
	return s.facts
}

// serviceName is the name of a service in the source.
func (s *side) serviceName(name string) string { return cmp.Or(s.services[name], name) }

// resources are the things of the project's other sections. Those that no
// service uses do nothing.
func (s *side) resources() {
	used := used(s.Services)
	for name, v := range s.Volumes {
		if source := cmp.Or(s.volumes[name], name); used["volumes"][name] {
			at := path{"volumes", source}
			s.facts.add(at.String(), &fact{path: at, value: name, role: shared})
			s.resource(at, v, name, bool(v.External))
		}
	}
	for name, n := range s.Networks {
		if used["networks"][name] {
			s.resource(path{"networks", name}, n, name, bool(n.External))
		}
	}
	for name, c := range s.Configs {
		if used["configs"][name] {
			s.resource(path{"configs", name}, c, name, bool(c.External))
		}
	}
	for name, c := range s.Secrets {
		if used["secrets"][name] {
			s.resource(path{"secrets", name}, c, name, bool(c.External))
		}
	}
	for name, m := range s.Models {
		s.facts.flatten(path{"models", name}, tree(m), "")
	}
	for name, j := range s.Jobs {
		s.facts.flatten(path{"jobs", name}, tree(j), "")
	}
}

// resource makes facts of what is said of a resource besides what is in it. A
// name that the project gives by itself is none.
func (s *side) resource(at path, v any, name string, isExternal bool) {
	t := tree(v)
	for _, k := range []string{"file", "content", "environment"} {
		delete(t, k)
	}
	if t["name"] == s.Name+"_"+name || isExternal && t["name"] == name {
		delete(t, "name")
	}
	s.facts.flatten(at, t, "")
}

// idle are the services without containers, what only they refer to, and the
// dependencies that are off.
func (s *side) idle() []path {
	out := s.off
	services := types.Services{}
	for name, service := range s.Services {
		if service.GetScale() > 0 {
			services[name] = service
		} else {
			out = append(out, path{"services", name})
		}
	}
	running := used(services)
	for section, names := range used(s.Services) {
		for name := range names {
			if !running[section][name] {
				out = append(out, path{section, name})
			}
		}
	}
	return out
}

// used are the resources by section that services refer to.
func used(services types.Services) map[string]map[string]bool {
	used := map[string]map[string]bool{"networks": {}, "volumes": {}, "configs": {}, "secrets": {}}
	for _, service := range services {
		for n := range service.Networks {
			used["networks"][n] = true
		}
		for _, v := range service.Volumes {
			used["volumes"][v.Source] = used["volumes"][v.Source] || v.Type == types.VolumeTypeVolume
		}
		for _, c := range service.Configs {
			used["configs"][c.Source] = true
		}
		for _, c := range service.Secrets {
			used["secrets"][c.Source] = true
		}
	}
	return used
}

// hostPath is a path of the host as people would write it: relative to the
// root where it is below that.
func (s *side) hostPath(name string) string {
	rel, err := filepath.Rel(s.opts.Root, name)
	if err != nil || !filepath.IsAbs(name) || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return name
	}
	if rel == "." {
		return "."
	}
	return "./" + filepath.ToSlash(rel)
}

// relativePaths shows the paths in a tree as hostPath does.
func (s *side) relativePaths(v any) any {
	switch v := v.(type) {
	case string:
		if filepath.IsAbs(v) {
			return s.hostPath(v)
		}
	case []any:
		for i := range v {
			v[i] = s.relativePaths(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = s.relativePaths(v[k])
		}
	}
	return v
}
