package knot

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir/diag"
	"hull/ir/knot"
)

// validate holds the documents against what knot itself checks (notes.md,
// "knot's own validation"). Actions are texts to it.
func (s *source) validate() {
	if s.job != nil {
		s.validateJob()
	}
	if s.definitions != nil {
		s.validateDefinitions()
	}
	s.undeclared()
}

func (s *source) validateJob() {
	if s.job.root.Kind != yaml.MappingNode {
		s.invalid(s.job, s.job.root, "a job specification is a YAML mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(s.job.root.Content); i += 2 {
		key, value := s.job.root.Content[i], s.job.root.Content[i+1]
		f := fieldOf(key.Value)
		switch {
		case f == nil:
			s.unknownField(key)
		case seen[key.Value]:
			s.invalid(s.job, key, fmt.Sprintf("%s stands here for the second time", key.Value))
		default:
			s.validateField(f, value)
		}
		seen[key.Value] = true
	}
	if !seen["image"] {
		s.invalid(s.job, s.job.root, "there is no image; it has to be set")
	}
}

func (s *source) invalid(d *document, n *yaml.Node, message string) {
	s.add(d, n, diag.Error, "knot/invalid", message, "")
}

func (s *source) unknownField(key *yaml.Node) {
	help := "the fields are " + strings.Join(knot.Keys, ", ")
	if near := diag.Nearest(key.Value, knot.Keys); near != "" {
		help = "is it " + near + "?"
	}
	s.add(s.job, key, diag.Error, "knot/unknown-field", fmt.Sprintf("knot has no field %q", clip(key.Value)), help)
}

// clip shortens a text for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

func (s *source) validateField(f *field, n *yaml.Node) {
	switch f.shape {
	case scalarOnly:
		if message := f.invalid(scalar(n)); message != "" {
			s.invalid(s.job, n, message)
		}
	case textsShape:
		s.validateTexts(f, n)
	case listShape:
		if n.Kind != yaml.SequenceNode {
			s.invalid(s.job, n, f.key+" must be a list, such as [sleep, infinity]")
		}
	}
}

// validateTexts holds a list against what each of its items must be. knot does
// not follow aliases.
func (s *source) validateTexts(f *field, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Value == "" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		s.invalid(s.job, n, f.key+" must be a list")
		return
	}
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			s.invalid(s.job, item, "an item of "+f.key+" must be a text; is a colon without quotes in it?")
		} else if message := f.invalid(item.Value); message != "" {
			s.invalid(s.job, item, message)
		}
	}
}

// scalar is the text of a scalar; of anything else it is empty.
func scalar(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

func invalidImage(text string) string {
	if strings.TrimSpace(text) == "" {
		return "the image is empty; it has to be set"
	}
	return ""
}

func invalidPort(text string) string {
	host, container, ok := strings.Cut(text, ":")
	container, protocol, hasProtocol := strings.Cut(container, "/")
	if !ok || strings.ContainsAny(container+protocol, ":/") {
		return fmt.Sprintf("port %q is not of the form host:container, with /tcp or /udp behind it or nothing", clip(text))
	}
	if hasProtocol && !slices.Contains([]string{"tcp", "udp"}, strings.ToLower(protocol)) {
		return fmt.Sprintf("port %q: the protocol is tcp or udp, not %q", clip(text), clip(protocol))
	}
	for _, side := range [][2]string{{"host", host}, {"container", container}} {
		if n, err := strconv.Atoi(side[1]); err != nil || n < 1 || n > 65535 {
			message := fmt.Sprintf("port %q: %q, on the side of the %s, is no number from 1 to 65535", clip(text), clip(side[1]), side[0])
			if strings.Contains(side[1], knot.OpenAction) {
				message += "; knot checks it before it expands ${{ }}"
			}
			return message
		}
	}
	return ""
}

func invalidVolume(text string) string {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 || strings.TrimSpace(parts[0]) == "" || strings.TrimSpace(parts[1]) == "" {
		return fmt.Sprintf("volume %q is not of the form volume:/path or /host/path:/path, with :mode behind it or nothing", clip(text))
	}
	if len(parts) == 2 {
		return ""
	}
	for mode := range strings.SplitSeq(parts[2], ",") {
		if !slices.Contains(knot.MountModes, mode) {
			return fmt.Sprintf("volume %q: the mode %q is none of %s", clip(text), clip(mode), strings.Join(knot.MountModes, ", "))
		}
	}
	return ""
}

func invalidEnv(text string) string {
	name, _, ok := strings.Cut(text, "=")
	switch {
	case !ok:
		return fmt.Sprintf("environment: %q is not of the form NAME=text", clip(text))
	case strings.TrimSpace(name) == "":
		return fmt.Sprintf("environment: %q names no variable", clip(text))
	}
	return ""
}

func invalidCapability(text string) string {
	text = strings.TrimSpace(text)
	name, ok := strings.CutPrefix(text, "CAP_")
	isBad := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' }
	switch {
	case text == "":
		return "the capability is empty"
	case !ok:
		return fmt.Sprintf("capability %q does not begin with CAP_, as CAP_NET_ADMIN does", clip(text))
	case name == "":
		return fmt.Sprintf("capability %q lacks what follows CAP_", text)
	case strings.ContainsFunc(name, isBad):
		return fmt.Sprintf("capability %q: upper case letters, digits and _ can follow CAP_", clip(text))
	}
	return ""
}

func invalidDevice(text string) string {
	host, container, ok := strings.Cut(text, ":")
	if !ok || strings.Contains(container, ":") || strings.TrimSpace(host) == "" || strings.TrimSpace(container) == "" {
		return fmt.Sprintf("device %q is not of the form /host/path:/path", clip(text))
	}
	return ""
}

func invalidHost(text string) string {
	host, address, ok := strings.Cut(text, ":")
	switch {
	case !ok || strings.Contains(address, ":") || strings.TrimSpace(host) == "":
		return fmt.Sprintf("add_host: %q is not of the form name:address", clip(text))
	case !isIP(address):
		return fmt.Sprintf("add_host: %q has no IP address behind the colon", clip(text))
	}
	return ""
}

func isIP(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && a.Zone() == ""
}

func invalidDNS(text string) string {
	if !isIP(text) {
		return fmt.Sprintf("dns: %q is no IP address", clip(text))
	}
	return ""
}

func invalidDomain(text string) string {
	if strings.TrimSpace(text) == "" {
		return "dns_search: the domain is empty"
	}
	return ""
}

func invalidBool(text string) string {
	if _, err := strconv.ParseBool(text); text != "" && err != nil {
		return "privileged is true or false"
	}
	return ""
}

func invalidCPUs(text string) string {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); text != "" && (err != nil || !(n > 0)) {
		return fmt.Sprintf("cpus: %q is no positive number such as 1.5", clip(text))
	}
	return ""
}

func invalidMemory(text string) string {
	text = strings.TrimSpace(text)
	if _, _, ok := size(text); text != "" && !ok {
		return fmt.Sprintf("memory: %q is no whole number with B, K, M or G behind it, such as 512M", clip(text))
	}
	return ""
}

// size reads a size as knot does: a whole number, and a unit where it is not
// bytes.
func size(text string) (n int64, unit string, ok bool) {
	text = strings.ToUpper(text)
	number := strings.TrimRight(text, "BKMG")
	unit = text[len(number):]
	n, err := strconv.ParseInt(number, 10, 64)
	return n, unit, err == nil && len(unit) <= 1
}

// validateDefinitions holds the volume definitions against what knot checks.
func (s *source) validateDefinitions() {
	d := s.definitions
	_, volumes := d.get("volumes")
	_, paths := d.get("paths")
	count := 0
	switch {
	case volumes == nil:
	case volumes.Kind == yaml.MappingNode:
		count = len(volumes.Content) / 2
		s.validateVolumes(volumes)
	case volumes.Kind == yaml.SequenceNode:
		count = len(volumes.Content)
		s.validateNomadVolumes(volumes)
	case scalar(volumes) != "" && volumes.Tag != "!!null":
		s.invalid(d, volumes, "volumes must be a map of names")
		return
	}
	s.validateCount(count, paths)
}

func (s *source) validateCount(volumes int, paths *yaml.Node) {
	d, n := s.definitions, 0
	if paths != nil {
		n = len(paths.Content)
		if scalar(paths) != "" && paths.Tag != "!!null" {
			n = 1
		}
	}
	switch {
	case s.opts.SingleVolume && volumes != 1:
		s.invalid(d, d.root, fmt.Sprintf("the definition of a volume has exactly 1 volume, not %d", volumes))
	case s.opts.SingleVolume && n > 0:
		s.invalid(d, d.root, "the definition of a volume has no paths")
	case volumes+n == 0:
		s.invalid(d, d.root, "the definitions have neither volumes nor paths")
	}
}

// volumeKeys are what a volume's definition may say.
var volumeKeys = []string{"size"}

func (s *source) validateVolumes(volumes *yaml.Node) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(volumes.Content); i += 2 {
		key, value := volumes.Content[i], volumes.Content[i+1]
		if seen[key.Value] {
			s.invalid(s.definitions, key, fmt.Sprintf("volume %q stands here for the second time", clip(key.Value)))
		}
		seen[key.Value] = true
		if value.Kind == yaml.ScalarNode && value.Tag != "!!null" || value.Kind == yaml.SequenceNode {
			s.invalid(s.definitions, value, fmt.Sprintf("volume %q: a definition is empty, or a map with a size", clip(key.Value)))
		}
		for j := 0; value.Kind == yaml.MappingNode && j+1 < len(value.Content); j += 2 {
			if k := value.Content[j]; !slices.Contains(volumeKeys, k.Value) {
				s.add(s.definitions, k, diag.Error, "knot/unknown-field", fmt.Sprintf("a volume has no field %q", clip(k.Value)), "all it may have is a size")
			}
		}
	}
}

// validateNomadVolumes is for the definitions of spaces on Nomad, which are a
// list.
func (s *source) validateNomadVolumes(volumes *yaml.Node) {
	for _, v := range volumes.Content {
		if v.Kind != yaml.MappingNode {
			s.invalid(s.definitions, v, "an item of volumes is a map with name, type and plugin_id")
			continue
		}
		item := &document{file: s.definitions.file, root: v}
		for _, key := range []string{"name", "plugin_id"} {
			if _, n := item.get(key); strings.TrimSpace(scalar(n)) == "" {
				s.invalid(s.definitions, v, "the volume has no "+key)
			}
		}
		if _, n := item.get("type"); scalar(n) != "csi" && scalar(n) != "host" {
			s.invalid(s.definitions, v, "the type of the volume is csi or host")
		}
	}
}

// declared are the names of the volumes that are defined, as they are written
// without blanks in actions, each with its place.
func (s *source) declared() map[string]*yaml.Node {
	out := map[string]*yaml.Node{}
	_, volumes := s.definitions.get("volumes")
	for i := 0; volumes != nil && i < len(volumes.Content); i++ {
		n := volumes.Content[i]
		switch {
		case volumes.Kind == yaml.MappingNode && i%2 == 0:
			out[s.nameOf(s.definitions, n)] = n
		case volumes.Kind == yaml.SequenceNode:
			if _, name := (&document{file: s.definitions.file, root: n}).get("name"); name != nil {
				out[s.nameOf(s.definitions, name)] = name
			}
		}
	}
	return out
}

// nameOf writes a text in one way, however its actions are spaced.
func (s *source) nameOf(d *document, n *yaml.Node) string { return s.cutOpen(d, n).String() }

// undeclared reports volumes that are mounted and not defined. Where there are
// no definitions at all, they may not have been given.
func (s *source) undeclared() {
	declared := s.declared()
	for _, m := range s.mounts() {
		if m.isHost() || declared[m.name()] != nil {
			continue
		}
		severity, message := diag.Error, fmt.Sprintf("volume %s is not among the volume definitions", clip(m.name()))
		code, help := "knot/volume-undeclared", "add it to volumes there, or begin the path of a host with /"
		if s.definitions == nil {
			severity, code = diag.Warning, "knot/no-definitions"
			message = fmt.Sprintf("volume %s has no definition here", clip(m.name()))
			help = "give the file of the volume definitions as well"
		}
		s.add(s.job, m.node, severity, code, message, help)
	}
}

// mounted is an item of volumes.
type mounted struct {
	node  *yaml.Node
	index int
	// source is as it was written: no variable of it is set.
	source, target tmpl
	modes          []string
}

// name is the volume's, or the path of the host.
func (m mounted) name() string { return m.source.String() }

// mounts are the valid items of volumes.
func (s *source) mounts() []mounted {
	_, n := s.job.get("volumes")
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	var out []mounted
	for i, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			continue
		}
		parts := s.cutOpen(s.job, item).split(":", 0)
		if len(parts) < 2 || len(parts[0]) == 0 || len(parts[1]) == 0 {
			continue
		}
		m := mounted{node: item, index: i, source: parts[0], target: s.applySet(parts[1])}
		if len(parts) > 2 {
			m.modes = strings.Split(parts[2].String(), ",")
		}
		out = append(out, m)
	}
	return out
}

// isHost tells whether a path of the host is mounted: knot takes what begins
// with "/", "." or "~" for one.
func (m mounted) isHost() bool {
	return m.source[0].isText() && strings.ContainsAny(m.source[0].text[:1], "/.~")
}
