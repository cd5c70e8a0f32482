package knot

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
)

// checkRules holds the documents against the rules of the specification that
// knot itself does not check (knot.md).
func (s *source) checkRules() {
	s.checkVariables()
	if s.job != nil && s.job.root.Kind == yaml.MappingNode {
		s.checkNames()
		s.checkMandatoryEnv()
		s.checkPrivileged()
		s.checkPing()
		s.checkMounts()
	}
	s.checkDefinitions()
	s.checkSingle()
}

// checkSingle notes of definitions that stand by themselves where knot would
// not take them for the one volume that it also lets people define alone
// (notes.md).
func (s *source) checkSingle() {
	if s.job != nil || s.definitions == nil || s.opts.SingleVolume || s.report.HasErrors() {
		return
	}
	_, paths := s.definitions.get("paths")
	if len(s.declared()) == 1 && (paths == nil || saysNothing(paths)) {
		return
	}
	s.add(s.definitions, s.definitions.root, diag.Note, "knot/single-volume", "these can only be the definitions of a template: a volume by itself is exactly one, without paths", "")
}

func (s *source) rule(d *document, n *yaml.Node, code, message, help string) {
	s.add(d, n, diag.Warning, code, message, help)
}

// checkNames holds that the container and its host have names (knot.md, "Core
// Configuration").
func (s *source) checkNames() {
	for _, v := range []knot.EnvVar{{Name: "container_name", Value: knot.DefaultContainerName}, {Name: "hostname", Value: knot.DefaultHostname}} {
		if _, n := s.job.get(v.Name); n == nil || scalar(n) == "" && n.Kind == yaml.ScalarNode {
			s.rule(s.job, s.job.root, "knot/name-missing", v.Name+" must be present", "write "+v.Name+": "+v.Value)
		}
	}
}

// checkMandatoryEnv holds that the variables of knot's agent are set (knot.md,
// "Best Practices", rule 6).
func (s *source) checkMandatoryEnv() {
	found := map[string]bool{}
	for _, e := range s.environment() {
		name, _ := e.name.literal()
		i := slices.IndexFunc(knot.MandatoryEnv, func(v knot.EnvVar) bool { return v.Name == name })
		if i < 0 {
			continue
		}
		found[name] = true
		if want := knot.MandatoryEnv[i]; s.asWritten(e) != want.Value {
			s.rule(s.job, e.node, "knot/mandatory-env", fmt.Sprintf("%s is set to something else than %s", name, want.Value), "write "+want.String())
		}
	}
	var missing []string
	for _, v := range knot.MandatoryEnv {
		if !found[v.Name] {
			missing = append(missing, v.String())
		}
	}
	if len(missing) == 0 {
		return
	}
	at, _ := s.job.get("environment")
	if at == nil {
		at = s.job.root
	}
	s.rule(s.job, at, "knot/mandatory-env", "the environment lacks what knot's agent needs: "+strings.Join(missing, ", "), "add it to environment")
}

// checkPrivileged is knot.md, "Best Practices", rule 4.
func (s *source) checkPrivileged() {
	if _, n := s.job.get("privileged"); n != nil {
		if b, err := strconv.ParseBool(scalar(n)); err == nil && b {
			s.rule(s.job, n, "knot/privileged-rule", "the container may do on the host what it likes", "add the capabilities that it needs to cap_add instead")
		}
	}
}

// checkPing is knot.md, "Best Practices", rule 2.
func (s *source) checkPing() {
	key, n := s.job.get("cap_add")
	has := n != nil && slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return strings.TrimSpace(c.Value) == knot.PingCapability })
	switch {
	case s.opts.Platform == "podman" && !has:
		if key == nil {
			key = s.job.root
		}
		s.rule(s.job, key, "knot/podman-ping", "without "+knot.PingCapability+" ping does not work on podman", "add it to cap_add")
	case s.opts.Platform == "docker" && has:
		s.add(s.job, key, diag.Note, "knot/podman-ping", knot.PingCapability+" is for podman; on docker it is there already", "")
	}
}

// checkMounts is knot.md, "Storage & Data".
func (s *source) checkMounts() {
	for _, m := range s.mounts() {
		name := m.name()
		switch {
		case m.isHost() && !strings.HasPrefix(name, "/"):
			s.rule(s.job, m.node, "knot/host-path", fmt.Sprintf("the path %s of the host does not begin with /", clip(name)), "")
		case !m.isHost():
			s.checkVolumeName(s.job, m.node, name)
		}
	}
	for _, name := range s.unused() {
		s.add(s.definitions, s.declared()[name], diag.Note, "knot/volume-unused", fmt.Sprintf("volume %s is defined and not mounted", clip(name)), "")
	}
}

// unused are the volumes that are defined and not mounted, by their names.
func (s *source) unused() []string {
	declared := s.declared()
	for _, m := range s.mounts() {
		delete(declared, m.name())
	}
	return slices.Sorted(maps.Keys(declared))
}

// checkVolumeName is knot.md, "Naming Convention (Strict)".
func (s *source) checkVolumeName(d *document, n *yaml.Node, name string) {
	if purpose, ok := strings.CutPrefix(name, knot.SpaceIDPrefix); ok && purpose != "" {
		return
	}
	s.rule(d, n, "knot/volume-name", fmt.Sprintf("the name of volume %s does not begin with %s, so that spaces share it", clip(name), knot.SpaceIDPrefix),
		"call it "+knot.SpaceIDPrefix+"<purpose>, here and in the volume definitions")
}

// checkDefinitions holds the names of the definitions that no mount repeats.
func (s *source) checkDefinitions() {
	for _, name := range s.unused() {
		s.checkVolumeName(s.definitions, s.declared()[name], name)
	}
}

// checkVariables reports variables that knot does not have, wherever they are.
func (s *source) checkVariables() {
	for _, d := range []*document{s.job, s.definitions} {
		if d == nil {
			continue
		}
		for _, n := range scalarsOf(d.root, nil, 0) {
			for _, p := range s.cut(d, n) {
				s.unknownVariables(d, n, p.variable)
				if p.logic != nil {
					s.unknownVariables(d, n, p.logic.reads...)
				}
			}
		}
	}
}

// envEntry is an item of environment.
type envEntry struct {
	node        *yaml.Node
	index       int
	name, value tmpl
}

// environment are the valid items of environment.
func (s *source) environment() []envEntry {
	_, n := s.job.get("environment")
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	var out []envEntry
	for i, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			continue
		}
		if parts := s.cut(s.job, item).split("=", 2); len(parts) == 2 && len(parts[0]) > 0 {
			out = append(out, envEntry{item, i, parts[0], parts[1]})
		}
	}
	return out
}

// asWritten is the text of an entry before any variable was set.
func (s *source) asWritten(e envEntry) string {
	parts := s.cutOpen(s.job, e.node).split("=", 2)
	return parts[len(parts)-1].String()
}

// rangeOf is where an entry stands.
func (s *source) rangeOf(n *yaml.Node) ir.Range { return s.job.at(n) }
