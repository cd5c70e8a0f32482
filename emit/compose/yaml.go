package compose

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// attributes are those of a service, in the order in which people write them.
var attributes = []string{
	"image", "build", "pull_policy", "profiles", "entrypoint", "command", "working_dir", "user", "environment", "ports", "expose",
	"volumes", "configs", "secrets", "networks", "depends_on", "restart", "deploy", "tty", "stdin_open",
}

// encode writes the file.
func (s *stack) encode() ([]byte, error) {
	parts := []string{comment(s.opts.Header), comment(s.remarks.ofFile(s.opts.Base))}
	if s.opts.Name != "" {
		name := s.opts.Name
		if !isPlain(name) { // a number: its characters need no escapes
			name = `"` + name + `"`
		}
		parts = append(parts, "name: "+name)
	}
	services := &yaml.Node{Kind: yaml.MappingNode}
	for _, sv := range s.services {
		s.complete(sv)
		put(services, sv.key, mapping(sv.attrs, attributes))
		sv.annotate(services.Content[len(services.Content)-2], services.Content[len(services.Content)-1])
	}
	sections := []struct {
		key     string
		entries *yaml.Node
		spaced  bool
	}{
		{"services", services, true},
		{"volumes", namedOnly(s.volumes.order), false},
		{"configs", resources(s.configs), false},
		{"secrets", resources(s.secrets), false},
	}
	for _, section := range sections {
		text, err := encodeSection(section.entries, section.spaced)
		switch {
		case err != nil:
			return nil, err
		case text != "":
			parts = append(parts, section.key+":\n"+text)
		case section.key == "services":
			parts = append(parts, "services: {}")
		}
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	for i, p := range parts {
		parts[i] = strings.TrimSuffix(p, "\n") + "\n"
	}
	return []byte(strings.Join(parts, "\n")), nil
}

// complete adds what a service's key and its peers decide.
func (s *stack) complete(sv *service) {
	if image := sv.attrs["image"]; sv.attrs["build"] != nil && s.opts.Name != "" && image.Value == s.opts.Name+"-"+sv.key {
		delete(sv.attrs, "image") // docker compose calls it so anyway
	}
	for attr, list := range map[string]*yaml.Node{"configs": s.configList(sv), "secrets": s.secretList(sv)} {
		if len(list.Content) > 0 {
			sv.attrs[attr] = list
		}
	}
	if len(sv.profiles) > 0 {
		sv.attrs["profiles"] = sequence(sv.profiles)
	}
	var aliases []string
	for i, id := range sv.hostIDs {
		if id != sv.key {
			aliases = append(aliases, sv.hosts[i])
		}
	}
	if len(aliases) > 0 {
		network := &yaml.Node{Kind: yaml.MappingNode}
		put(network, "aliases", sequence(aliases))
		networks := &yaml.Node{Kind: yaml.MappingNode}
		put(networks, "default", network)
		sv.attrs["networks"] = networks
	}
	if len(sv.waits) > 0 {
		sv.attrs["depends_on"] = dependencies(sv.waits)
	}
}

func dependencies(waits []*wait) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, w := range waits {
		n := &yaml.Node{Kind: yaml.MappingNode}
		put(n, "condition", scalar("service_completed_successfully"))
		if !w.required {
			put(n, "required", boolean(false))
		}
		put(m, w.target.key, n)
	}
	return m
}

// namedOnly are resources of which there is nothing to say.
func namedOnly(names []string) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, name := range names {
		put(m, name, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"})
	}
	return m
}

func resources(all []resource) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, r := range all {
		n := &yaml.Node{Kind: yaml.MappingNode}
		put(n, r.key, scalar(r.text))
		put(m, r.name, n)
	}
	return m
}

// encodeSection writes the entries of a section, indented. They are encoded
// one by one because yaml.v3 cannot put empty lines between them.
func encodeSection(m *yaml.Node, spaced bool) (string, error) {
	var texts []string
	for i := 0; i+1 < len(m.Content); i += 2 {
		entry := &yaml.Node{Kind: yaml.MappingNode, Content: m.Content[i : i+2]}
		if bad := notUTF8(entry); bad != nil {
			return "", fmt.Errorf("compose: a text of %s is not UTF-8: %q", m.Content[i].Value, bad.Value)
		}
		var b bytes.Buffer
		e := yaml.NewEncoder(&b)
		e.SetIndent(2)
		if err := e.Encode(entry); err != nil {
			return "", fmt.Errorf("compose: %w", err)
		}
		texts = append(texts, indent(b.String()))
	}
	if spaced {
		return strings.Join(texts, "\n"), nil
	}
	return strings.Join(texts, ""), nil
}

func notUTF8(n *yaml.Node) *yaml.Node {
	if !utf8.ValidString(n.Value) {
		return n
	}
	for _, c := range n.Content {
		if bad := notUTF8(c); bad != nil {
			return bad
		}
	}
	return nil
}

// indent moves every line that is not empty to the right. In a literal block
// this changes the indentation, not the text.
func indent(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line != "\n" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// mapping is a mapping of what is there, in the given order.
func mapping(attrs map[string]*yaml.Node, order []string) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range order {
		if n := attrs[key]; n != nil {
			put(m, key, n)
		}
	}
	return m
}

func put(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, scalar(key), value)
}

// putSome adds a mapping or list that is not empty.
func putSome(m *yaml.Node, key string, value *yaml.Node) {
	if value != nil && len(value.Content) > 0 {
		put(m, key, value)
	}
}

func boolean(b bool) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(b)}
}

func sequence(items []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	if len(items) == 0 {
		n.Style = yaml.FlowStyle
	}
	for _, s := range items {
		n.Content = append(n.Content, scalar(s))
	}
	return n
}

// scalar is a text in the first of these styles that every YAML parser reads
// exactly: plain, literal block, double quotes. It does not know of variables:
// what it is given is compose's text.
func scalar(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case isPlain(s):
	case isLiteralBlock(s):
		n.Style = yaml.LiteralStyle
	default:
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

var (
	// plainText begins with a letter, an option, a path or a variable, and holds nothing
	// that YAML gives a meaning to within a block.
	plainText = regexp.MustCompile(`^(?:[A-Za-z/_]|--?[A-Za-z]|\$\{|\.\.?/|\.\.?$|~/)[A-Za-z0-9_./$@%+=~,;?!(){}<>|^*& -]*(?::[A-Za-z0-9_./$@%+=~,;?!(){}<>|^*&-][A-Za-z0-9_./$@%+=~,;?!(){}<>|^*& -]*)*$`)
	// ambiguous are the words that YAML 1.1 or 1.2 takes for something else
	// (YAML 1.2.2, 10.3.2; the YAML 1.1 types bool, null and float).
	ambiguous = regexp.MustCompile(`(?i)^(?:y|n|yes|no|on|off|true|false|null|nan|inf|~)$`)
)

// isPlain errs on the side of quotes.
func isPlain(s string) bool {
	return plainText.MatchString(s) && !ambiguous.MatchString(s) && !strings.HasSuffix(s, " ")
}

// isLiteralBlock tells whether a text of several lines can stand in a literal
// block without an indicator of its indentation.
func isLiteralBlock(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if !strings.Contains(s, "\n") || body == "" || strings.ContainsAny(body[:1], " \t\n") || strings.HasSuffix(body, "\n") {
		return false
	}
	if strings.Contains(s, " \n") || strings.Contains(s, "\t\n") || strings.HasSuffix(body, " ") || strings.HasSuffix(body, "\t") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && !isPrintable(r) })
}

// isPrintable holds for what may stand in a YAML file as it is and does not
// end a line (YAML 1.2.2, 5.1; YAML 1.1, 5.4).
func isPrintable(r rune) bool {
	if r == '\u2028' || r == '\u2029' || r == '\uFEFF' || r == utf8.RuneError {
		return false
	}
	return r >= ' ' && r <= '~' || r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD
}

// comment makes comment lines of a text; it is empty where the text is.
func comment(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		line = strings.Map(func(r rune) rune {
			if isPrintable(r) {
				return r
			}
			return ' '
		}, line)
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	return b.String()
}
