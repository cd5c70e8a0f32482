package verify

import (
	"maps"
	gopath "path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"hull/ir/diag"
)

// sources finds the attributes of a project in its files, which compose-go
// does not tell.
type sources struct {
	// files are in the order in which they override one another; those that
	// are included or extended come first.
	files []sourceFile
}

type sourceFile struct {
	name string
	root *yaml.Node
}

// parseSources reads the files of a project. Those that main names are laid
// over one another in that order.
func parseSources(texts map[string][]byte, main []string) *sources {
	s := &sources{}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(main, name) {
			names = append(names, name)
		}
	}
	for _, name := range append(names, main...) {
		var doc yaml.Node
		if err := yaml.Unmarshal(texts[name], &doc); err == nil && len(doc.Content) == 1 {
			s.files = append(s.files, sourceFile{name, doc.Content[0]})
		}
	}
	return s
}

// locate says where a difference stands in the source.
func (s *sources) locate(d *Difference) {
	if _, depth := s.find(d.elements); depth < len(d.elements) {
		d.at = append(d.at, d.elsewhere...)
	}
	best := 0
	for _, p := range append([]path{d.elements}, d.at...) {
		rng, depth := s.find(p)
		d.isWritten = d.isWritten || depth == len(p)
		if depth > best && (!d.Range.IsValid() || depth > 2) {
			best, d.Range = depth, rng
		}
	}
}

// has tells whether a path is written down.
func (s *sources) has(p path) bool {
	_, depth := s.find(p)
	return depth == len(p)
}

// find is the place of a path, or of the nearest thing around it, and how many
// elements of the path lead there. What a service takes over from another is
// where that one has it.
func (s *sources) find(p path) (rng diag.Range, depth int) {
	const maxBases = 16
	return s.findIn(s.files, p, maxBases)
}

func (s *sources) findIn(files []sourceFile, p path, bases int) (rng diag.Range, depth int) {
	for _, f := range files {
		if isAnew(f.root, p) {
			rng, depth = diag.Range{}, 0
		}
		if at, n := follow(f.root, p); n > 0 && n >= depth {
			rng, depth = nodeRange(f.name, at), n
		}
	}
	if depth == len(p) || bases == 0 {
		return rng, depth
	}
	for _, f := range files {
		base, file := extended(f.root, p)
		if base == nil {
			continue
		}
		name := f.name
		if file != "" {
			name = gopath.Join(gopath.Dir(name), file)
		}
		isIn := func(other sourceFile) bool { return other.name == name }
		if at, n := s.findIn(filter(s.files, isIn), base, bases-1); n > depth {
			rng, depth = at, n
		}
	}
	return rng, depth
}

func filter[T any](from []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(from), func(x T) bool { return !keep(x) })
}

// extended is the path in the service that the path's extends, and the file that
// it names for it.
func extended(root *yaml.Node, p path) (base path, file string) {
	if len(p) < 3 || p[0] != "services" {
		return nil, ""
	}
	_, services := child(root, p[0])
	_, service := child(services, p[1])
	_, extends := child(service, "extends")
	if extends == nil {
		return nil, ""
	}
	name := extends.Value
	if _, n := child(extends, "service"); n != nil {
		name = n.Value
	}
	if _, n := child(extends, "file"); n != nil {
		file = n.Value
	}
	return append(path{p[0], name}, p[2:]...), file
}

// follow walks down a path as far as it goes.
func follow(n *yaml.Node, p path) (at *yaml.Node, depth int) {
	at = n
	for i, key := range p {
		place, next := child(n, key)
		if next == nil {
			return at, i
		}
		at, n = place, next
	}
	return at, len(p)
}

// isAnew tells whether a file takes the place of what others say at a path, or
// around it (Compose Specification, "Merge and override", "Reset value" and
// "Replace value").
func isAnew(n *yaml.Node, p path) bool {
	for _, key := range p {
		if _, n = child(n, key); n == nil {
			return false
		}
		if n.Tag == "!override" || n.Tag == "!reset" {
			return true
		}
	}
	return false
}

// child is what a key or an index leads to, and where that stands.
func child(n *yaml.Node, key string) (place, value *yaml.Node) {
	n = unalias(n)
	switch {
	case n == nil:
	case n.Kind == yaml.SequenceNode:
		i, err := strconv.Atoi(strings.Trim(key, "[]"))
		if err == nil && key[0] == '[' && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
		for _, item := range n.Content { // NAME=value, or a name by itself
			if name, _, _ := strings.Cut(item.Value, "="); name == key && item.Kind == yaml.ScalarNode {
				return item, item
			}
		}
	case n.Kind == yaml.MappingNode:
		return mapChild(n, key)
	}
	return nil, nil
}

func mapChild(n *yaml.Node, key string) (place, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		merged := unalias(n.Content[i+1])
		parts := []*yaml.Node{merged}
		if merged != nil && merged.Kind == yaml.SequenceNode {
			parts = merged.Content
		}
		for _, part := range parts {
			if part = unalias(part); part != nil && part.Kind == yaml.MappingNode {
				if place, value = mapChild(part, key); value != nil {
					return place, value
				}
			}
		}
	}
	return nil, nil
}

func unalias(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// nodeRange is where a node begins; where it is a text of one line, all of it.
func nodeRange(file string, n *yaml.Node) diag.Range {
	start := diag.Pos{Line: n.Line, Column: n.Column}
	end := start
	if n.Kind == yaml.ScalarNode && !strings.Contains(n.Value, "\n") {
		end.Column += utf8.RuneCountInString(n.Value)
	}
	return diag.Range{File: file, Start: start, End: end}
}

// holdsAnchors tells whether an attribute is there for the anchors in it.
func (s *sources) holdsAnchors(p path) bool {
	for _, f := range s.files {
		n := f.root
		for _, key := range p {
			_, n = child(n, key)
		}
		if n != nil && hasAnchor(n) {
			return true
		}
	}
	return false
}

func hasAnchor(n *yaml.Node) bool {
	return n.Anchor != "" || slices.ContainsFunc(n.Content, hasAnchor)
}
