package verify

import (
	"cmp"
	"fmt"
	gopath "path"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir/known"
)

// mount makes the fact that something is at a path of the container. By
// whichever attribute a file gets there, it is one fact.
func (v *service) mount(f *fact, target, attribute string, i int, details map[string]any) {
	target = gopath.Clean(target)
	item := v.at.with(attribute).item(i)
	key := v.at.with("mounts", target).String()
	f.path, f.under = v.at.with(attribute, target), v.main
	f.at = append(f.at, item.with("source"), item)
	v.facts.add(key, f)
	rest := facts{}
	rest.flatten(f.path, v.relativePaths(details), key)
	prefix := f.path.String()
	for name, detail := range rest {
		detail.at = []path{item.with(detail.path[len(f.path):]...)}
		v.facts.add(key+strings.TrimPrefix(name, prefix), detail)
	}
}

func (v *service) mounts() {
	for i, m := range v.ServiceConfig.Volumes {
		details := tree(m)
		for _, k := range []string{"type", "source", "target"} {
			delete(details, k)
		}
		image, _ := known.LookupImage(v.Image)
		f := &fact{value: v.mounted(m), isOwn: v.isOwn(m), isData: image.Data == gopath.Clean(m.Target)}
		v.mount(f, m.Target, "volumes", i, details)
	}
}

// mounted says what is mounted.
func (v *service) mounted(m types.ServiceVolumeConfig) string {
	switch {
	case m.Type == types.VolumeTypeBind:
		return hostFile + v.hostPath(m.Source)
	case m.Type == types.VolumeTypeVolume && m.Source == "":
		return "a volume without a name"
	case m.Type == types.VolumeTypeVolume:
		return "volume " + cmp.Or(v.volumes[m.Source], m.Source)
	}
	return strings.TrimSpace(m.Type + " " + m.Source)
}

// isOwn tells whether a named volume is mounted once in the whole project.
func (v *service) isOwn(m types.ServiceVolumeConfig) bool {
	n := 0
	for _, s := range v.Services {
		for _, other := range s.Volumes {
			if other.Type == types.VolumeTypeVolume && other.Source == m.Source {
				n++
			}
		}
	}
	return n == 1 && m.Type == types.VolumeTypeVolume && m.Source != ""
}

const hostFile = "host "

func (v *service) configFiles() {
	for i, c := range v.ServiceConfig.Configs {
		v.file(types.FileReferenceConfig(c), types.FileObjectConfig(v.Project.Configs[c.Source]), "configs", "/", i)
	}
}

func (v *service) secretFiles() {
	for i, c := range v.ServiceConfig.Secrets {
		v.file(types.FileReferenceConfig(c), types.FileObjectConfig(v.Project.Secrets[c.Source]), "secrets", "/run/secrets", i)
	}
}

// file makes the fact that a config or a secret is mounted. A file of the host
// and its text are the same: either may be mounted for the other.
func (v *service) file(ref types.FileReferenceConfig, def types.FileObjectConfig, attribute, folder string, i int) {
	target := cmp.Or(ref.Target, ref.Source)
	if !gopath.IsAbs(target) {
		target = gopath.Join(folder, target)
	}
	f := v.content(def)
	f.at = []path{{attribute, ref.Source, origin(def)}}
	details := map[string]any{"uid": ref.UID, "gid": ref.GID}
	for k, text := range details {
		if text == "" {
			delete(details, k)
		}
	}
	if ref.Mode != nil {
		details["mode"] = ref.Mode.String()
	}
	for k, value := range ref.Extensions {
		details[k] = value
	}
	v.mount(f, target, attribute, i, details)
}

// origin is the attribute that says where a config or a secret comes from.
func origin(def types.FileObjectConfig) string {
	switch {
	case bool(def.External):
		return "external"
	case def.File != "":
		return "file"
	case def.Environment != "":
		return "environment"
	}
	return "content"
}

// content is what is in a config or a secret. What is kept outside of the
// project can be anything.
func (v *service) content(def types.FileObjectConfig) *fact {
	switch {
	case bool(def.External):
		return &fact{value: "kept outside of the project as " + def.Name, isAny: true}
	case def.File == "":
		text := inlineText(def.Content)
		return &fact{value: text, alt: text}
	}
	f := &fact{value: hostFile + v.hostPath(def.File)}
	if text, ok := v.opts.ReadFile(def.File); ok {
		f.alt = inlineText(text)
	}
	return f
}

func inlineText(text string) string { return fmt.Sprintf("text %q", text) }
