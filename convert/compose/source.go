package compose

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// source is the text that a project was written in: the same files that
// compose-go merges, kept apart and in their order, so that any attribute of
// the merged model can be found again with its position, comments and
// variables. It decides nothing: where compose-go's model says otherwise, the
// model holds.
type source struct {
	files  *files
	report *diag.Report
	// layers are the documents, from the weakest to the strongest.
	layers   []*layer
	visits   int
	circular bool
	// services caches where each service is defined.
	services map[string][]origin
}

// layer is one YAML document.
type layer struct {
	file string // as shown
	path string // relative to the root, with slashes
	dir  string // where its relative paths start
	root *yaml.Node
	env  lookup
}

// origin is where an attribute was written.
type origin struct {
	key, node *yaml.Node // key is nil in a list
	layer     *layer
	// text, where set, is the part of node's scalar that is meant: the value
	// of a "KEY=value" item.
	text *string
}

// maxVisits bounds the work on files that alias the same node over and over.
const maxVisits = 2_000_000

// load parses a file and everything it includes, weakest first.
func (s *source) load(name, dir string, env lookup, including []string) {
	text, shown, err := s.files.read(name)
	if err != nil {
		s.fail(ir.Range{File: shown}, "compose/file", err.Error(), "")
		return
	}
	s.report.AddSource(shown, text)
	docs, d := parseYAML(shown, text)
	if d != nil {
		s.report.Add(*d)
		return
	}
	for _, doc := range docs {
		l := &layer{file: shown, path: name, dir: dir, root: doc, env: env}
		s.include(l, append(including, name))
		s.layers = append(s.layers, l)
	}
}

func (s *source) fail(rng ir.Range, code, message, help string) {
	s.report.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Message: message, Subject: rng, Help: help})
}

// include loads the files that a document includes, ahead of it.
func (s *source) include(l *layer, including []string) {
	_, list := mapGet(l.root, "include")
	if list == nil || list.Kind != yaml.SequenceNode {
		return // compose-go words the error
	}
	for _, item := range list.Content {
		s.includeOne(l, deref(item), including)
	}
}

func (s *source) includeOne(l *layer, item *yaml.Node, including []string) {
	paths := []*yaml.Node{item}
	var projectDir, envFile *yaml.Node
	if item.Kind == yaml.MappingNode {
		_, p := mapGet(item, "path")
		paths = scalars(p)
		_, projectDir = mapGet(item, "project_directory")
		_, envFile = mapGet(item, "env_file")
	}
	var dir string
	for i, p := range paths {
		name, ok := l.evalScalar(p)
		if !ok {
			continue
		}
		name = l.at(name)
		if slices.Contains(including, name) {
			s.fail(nodeRange(l.file, p), "compose/include-cycle", fmt.Sprintf("%s includes itself", name), "")
			return
		}
		if i == 0 {
			dir = path.Dir(name)
			if pd, ok := l.evalScalar(projectDir); ok && pd != "" {
				dir = l.at(pd)
			}
		}
		if !s.files.exists(name) {
			s.fail(nodeRange(l.file, p), "compose/file", s.files.missing(name), "")
			continue
		}
		s.load(name, dir, s.includeEnv(l, dir, scalars(envFile)), including)
	}
}

// includeEnv is the variables of an included file: the including file's, then
// those of its own env files.
func (s *source) includeEnv(l *layer, dir string, envFiles []*yaml.Node) lookup {
	var names []string
	for _, n := range envFiles {
		if v, ok := l.evalScalar(n); ok && v != "/dev/null" {
			names = append(names, l.at(v))
		}
	}
	if len(envFiles) == 0 && s.files.isPresent(path.Join(dir, ".env")) {
		names = []string{path.Join(dir, ".env")}
	}
	own := map[string]string{}
	for _, name := range names {
		text, shown, err := s.files.read(name)
		if err != nil {
			s.fail(ir.Range{File: shown}, "compose/file", err.Error(), "")
			continue
		}
		vars, err := parseDotenv(text, l.env)
		if err != nil {
			s.fail(ir.Range{File: shown}, "compose/env-file", err.Error(), "")
		}
		maps.Copy(own, vars)
	}
	return func(name string) (string, bool) {
		if v, ok := l.env(name); ok {
			return v, true
		}
		v, ok := own[name]
		return v, ok
	}
}

// at is a path that a document names, as compose-go takes it: what hull looks
// at, and finds to lie within the root, must be what compose-go then opens.
func (l *layer) at(name string) string {
	name = filepath.ToSlash(name)
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(l.dir, name)
}

// evalScalar is a scalar's text with its variables replaced.
func (l *layer) evalScalar(n *yaml.Node) (string, bool) {
	n = deref(n)
	if n == nil || n.Kind != yaml.ScalarNode {
		return "", false
	}
	v, err := substitute(n.Value, func(name string) (string, bool) { return l.env(name) })
	return v, err == nil
}

// find is where the attribute at the path was decided: in the strongest layer
// that has it. A path starts at the document's root ("services", "web", …).
func (s *source) find(keys ...string) (origin, bool) {
	depth, starts := s.starts(keys)
	for _, start := range slices.Backward(starts) {
		o, verdict := s.descend(start, keys[depth:])
		switch verdict {
		case found:
			return o, true
		case hidden:
			return origin{}, false
		}
	}
	return origin{}, false
}

// all are the places that contribute to the attribute, weakest first.
func (s *source) all(keys ...string) []origin {
	var out []origin
	depth, starts := s.starts(keys)
	for _, start := range starts {
		o, verdict := s.descend(start, keys[depth:])
		if verdict == hidden || verdict == found && isOverride(o.node) {
			out = nil
		}
		if verdict == found {
			out = append(out, o)
		}
	}
	return out
}

// starts are the nodes from which a path goes on, and how many keys in they
// are: the documents, or where the path leads into a service, the definitions
// that the service is merged from.
func (s *source) starts(keys []string) (depth int, from []origin) {
	if len(keys) >= 2 && keys[0] == "services" {
		if from = s.service(keys[1]); from != nil {
			return 2, from
		}
	}
	for _, l := range s.layers {
		from = append(from, origin{node: l.root, layer: l})
	}
	return 0, from
}

type verdict int

const (
	absent verdict = iota
	found
	hidden // reset here: weaker layers do not count
)

func (s *source) descend(o origin, keys []string) (origin, verdict) {
	for _, k := range keys {
		s.visits++
		if s.visits > maxVisits {
			return origin{}, absent
		}
		next, ok := o.child(k)
		switch {
		case !ok && isOverride(o.node):
			return origin{}, hidden
		case !ok:
			return origin{}, absent
		case next.node.Tag == "!reset":
			return origin{}, hidden
		}
		o = next
	}
	return o, found
}

func isOverride(n *yaml.Node) bool { return n != nil && n.Tag == "!override" }

// child is one key down: a key of a mapping, or the item of a list that stands
// for it ("KEY=value", or the bare name).
func (o origin) child(key string) (origin, bool) {
	switch n := deref(o.node); n.Kind {
	case yaml.MappingNode:
		k, v := mapGet(n, key)
		if v == nil {
			return origin{}, false
		}
		return origin{key: k, node: deref(v), layer: o.layer}, true
	case yaml.SequenceNode:
		for _, item := range slices.Backward(n.Content) {
			item = deref(item)
			if item.Kind != yaml.ScalarNode {
				continue
			}
			name, value, hasValue := strings.Cut(item.Value, "=")
			if name == key {
				c := origin{node: item, layer: o.layer}
				if hasValue {
					c.text = &value
				}
				return c, true
			}
		}
	}
	return origin{}, false
}

// service is where a service is defined, weakest first, through extends.
func (s *source) service(name string) []origin {
	if out, ok := s.services[name]; ok {
		return out
	}
	var out []origin
	for _, l := range s.layers {
		out = append(out, s.serviceIn(l, name, 0)...)
	}
	s.services[name] = out
	return out
}

// maxExtends bounds a chain of extends; a longer one is a circle.
const maxExtends = 64

// endless reports a circle of extends, once.
func (s *source) endless(o origin, name string) {
	if !s.circular {
		s.circular = true
		s.fail(o.rng(), "compose/extends-cycle", fmt.Sprintf("%s extends itself, directly or through others", name), "")
	}
}

func (s *source) serviceIn(l *layer, name string, depth int) []origin {
	s.visits++
	key, services := mapGet(l.root, "services")
	if services == nil || s.visits > maxVisits {
		return nil
	}
	o, ok := origin{key: key, node: services, layer: l}.child(name)
	if !ok || o.node.Kind != yaml.MappingNode {
		return nil
	}
	if depth > maxExtends {
		s.endless(o, name)
		return nil
	}
	return append(s.extended(l, o, depth), o)
}

// extended is what a service extends, weakest first.
func (s *source) extended(l *layer, o origin, depth int) []origin {
	_, ext := mapGet(o.node, "extends")
	if ext == nil {
		return nil
	}
	serviceNode, fileNode := ext, (*yaml.Node)(nil)
	if ext.Kind == yaml.MappingNode {
		_, serviceNode = mapGet(ext, "service")
		_, fileNode = mapGet(ext, "file")
	}
	name, ok := l.evalScalar(serviceNode)
	if !ok {
		return nil
	}
	if fileNode == nil {
		if own := s.serviceIn(l, name, depth+1); own != nil {
			return own
		}
		return s.serviceElsewhere(l, name, depth+1)
	}
	file, _ := l.evalScalar(fileNode)
	var out []origin
	for _, base := range s.extendedFile(l, file, fileNode) {
		out = append(out, s.serviceIn(base, name, depth+1)...)
	}
	return out
}

func (s *source) serviceElsewhere(not *layer, name string, depth int) []origin {
	for _, l := range slices.Backward(s.layers) {
		if l == not {
			continue
		}
		if os := s.serviceIn(l, name, depth); os != nil {
			return os
		}
	}
	return nil
}

// extendedFile is the documents of a file named by extends, parsed once.
func (s *source) extendedFile(l *layer, name string, at *yaml.Node) []*layer {
	full := l.at(name)
	if ls, ok := s.files.extended[full]; ok {
		return ls
	}
	s.files.extended[full] = nil
	if !s.files.exists(full) {
		s.fail(nodeRange(l.file, at), "compose/file", s.files.missing(full), "")
		return nil
	}
	text, shown, err := s.files.read(full)
	if err != nil {
		s.fail(nodeRange(l.file, at), "compose/file", err.Error(), "")
		return nil
	}
	s.report.AddSource(shown, text)
	docs, d := parseYAML(shown, text)
	if d != nil {
		s.report.Add(*d)
		return nil
	}
	var ls []*layer
	for _, doc := range docs {
		ls = append(ls, &layer{file: shown, path: full, dir: path.Dir(full), root: doc, env: l.env})
	}
	s.files.extended[full] = ls
	return ls
}

// keys are the keys of the mapping at a path, in the order of the source:
// weaker layers first, a key where it was first written.
func (s *source) keys(path ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, o := range s.all(path...) {
		for _, k := range nodeKeys(o.node) {
			if !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
	}
	return out
}

// allLayers are the layers, weaker ones first, and then those of the files that
// are only extended from.
func (s *source) allLayers() []*layer {
	layers := slices.Clone(s.layers)
	for _, name := range slices.Sorted(maps.Keys(s.files.extended)) {
		layers = append(layers, s.files.extended[name]...)
	}
	return layers
}

// items are the items of the list at a path, over all layers.
func (s *source) items(path ...string) []origin {
	var out []origin
	for _, o := range s.all(path...) {
		if o.node.Kind != yaml.SequenceNode {
			out = append(out, o)
			continue
		}
		for _, n := range o.node.Content {
			out = append(out, origin{node: deref(n), layer: o.layer})
		}
	}
	return out
}

// rng is what a diagnostic about the attribute points at: its key, or its item.
func (o origin) rng() ir.Range {
	if o.layer == nil {
		return ir.Range{}
	}
	if o.key != nil {
		return nodeRange(o.layer.file, o.key)
	}
	return nodeRange(o.layer.file, o.node)
}

// template is the attribute's text before interpolation, where it is a scalar;
// what env files decide is.
func (o origin) template() (tmpl, bool) {
	n := o.node
	if n == nil || n.Kind != yaml.ScalarNode {
		return nil, false
	}
	text := n.Value
	if o.text != nil {
		text = *o.text
	}
	t, err := parseTemplate(text)
	if o.layer != nil && o.layer.env != nil && strings.Contains(text, "+") {
		t = t.tested(o.layer.env)
	}
	return t, err == nil
}

// comments are those of the attribute: a key's stand with its key.
func (o origin) comments() ir.Comments {
	var c ir.Comments
	for _, n := range []*yaml.Node{o.key, o.node} {
		if n == nil {
			continue
		}
		c.Head = cmp.Or(c.Head, stripComment(n.HeadComment))
		c.Foot = cmp.Or(c.Foot, stripComment(n.FootComment))
		if n.Kind == yaml.ScalarNode || n.Style&yaml.FlowStyle != 0 {
			c.Line = cmp.Or(c.Line, stripComment(n.LineComment))
		}
	}
	return c
}
