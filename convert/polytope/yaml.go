package polytope

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v4"

	"hull/ir"
	"hull/ir/diag"
)

// yamlReader makes nodes of what yaml/v4 parses.
type yamlReader struct {
	*source
	// copied counts what aliases repeat.
	copied int
	// active are the anchors around the node that is read.
	active map[*yaml.Node]bool
	// nodes are what was made of each, copies aside.
	nodes map[*yaml.Node]*node
}

// readYAML is the YAML front end.
func readYAML(s *source) *node {
	dec := yaml.NewDecoder(bytes.NewReader(s.input))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		root := s.nothing()
		attach(root, locate(nil, root, nil, s))
		return root
	} else if err != nil {
		s.yamlError(err)
		return nil
	}
	r := &yamlReader{source: s, active: map[*yaml.Node]bool{}, nodes: map[*yaml.Node]*node{}}
	root := r.node(doc.Content[0], place{begin: startOf(doc.Content[0])}, 0)
	if root == nil || !r.isLast(dec) {
		return nil
	}
	attach(root, locate(doc.Content[0], root, r.nodes, s))
	s.clampNodes(root)
	return root
}

// isLast reports what follows the document. The result is false where it is
// not even YAML.
func (r *yamlReader) isLast(dec *yaml.Decoder) bool {
	var second yaml.Node
	err := dec.Decode(&second)
	switch {
	case err == nil:
		r.report.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "polytope/documents", Fate: diag.Dropped, Subject: r.rangeOf(&second), Path: "document 2",
			Message: "a Polytope file is one document; what follows the second \"---\" is not read",
		})
	case !errors.Is(err, io.EOF):
		r.yamlError(err)
		return false
	}
	return true
}

// yamlMessage is how the parser reports: what it was reading and from where on,
// where it could not go on, and why. Any but the last may be missing.
var yamlMessage = regexp.MustCompile(`(?s)^(?:yaml: )?(?:(.*) at line (\d+)(?:, column (\d+))?: )?(?:line (\d+)(?:, column (\d+))?: )?(.*)$`)

func (s *source) yamlError(err error) {
	m := yamlMessage.FindStringSubmatch(err.Error())
	number := func(text ...string) int {
		n, _ := strconv.Atoi(cmp.Or(text...))
		return n
	}
	at := ir.Range{File: s.name}
	if line := number(m[4], m[2]); line > 0 {
		at.Start = ir.Pos{Line: line, Column: max(1, number(m[5], m[3]))}
		at.End = at.Start
	}
	message := m[6]
	if m[1] != "" {
		message += " " + m[1]
	}
	s.syntaxError(at, "this is not YAML: "+message)
}

// place is where a node is read: where its item or entry begins, and whether
// an alias repeats it.
type place struct {
	begin  ir.Pos
	isCopy bool
}

func startOf(y *yaml.Node) ir.Pos { return ir.Pos{Line: y.Line, Column: y.Column} }

func (r *yamlReader) rangeOf(y *yaml.Node) ir.Range {
	return ir.Range{File: r.name, Start: startOf(y), End: startOf(y)}
}

// node is nil where a limit is exceeded, which has been reported then.
func (r *yamlReader) node(y *yaml.Node, at place, depth int) *node {
	if depth > maxDepth {
		r.limit(r.rangeOf(y), "this is nested too deep")
		return nil
	}
	if at.isCopy {
		if r.copied++; r.copied > maxCopies {
			r.limit(r.rangeOf(y), "aliases repeat too much")
			return nil
		}
	}
	n := &node{rng: r.rangeOf(y), begin: at.begin, isCopy: at.isCopy}
	if !at.isCopy {
		r.nodes[y] = n
	}
	switch y.Kind {
	case yaml.AliasNode:
		return r.alias(y, at, depth)
	case yaml.SequenceNode:
		n.kind = list
		return r.sequence(n, y, depth)
	case yaml.MappingNode:
		n.kind = record
		return r.mapping(n, y, depth)
	}
	n.value = r.scalar(y)
	return n
}

func (r *yamlReader) alias(y *yaml.Node, at place, depth int) *node {
	if y.Alias == nil || r.active[y.Alias] {
		r.syntaxError(r.rangeOf(y), "the anchor &"+y.Value+" contains itself")
		return nil
	}
	r.active[y.Alias] = true
	defer delete(r.active, y.Alias)
	// What the alias stands for is a copy; the alias itself has a place.
	n := r.node(y.Alias, place{begin: at.begin, isCopy: true}, depth+1)
	if n != nil && !at.isCopy {
		n.isCopy = false
		n.rng = r.rangeOf(y)
		n.rng.End.Column += len("*") + len([]rune(y.Value))
	}
	return n
}

func (r *yamlReader) sequence(n *node, y *yaml.Node, depth int) *node {
	r.active[y] = true
	defer delete(r.active, y)
	for _, c := range y.Content {
		item := r.node(c, place{r.dash(y, c), n.isCopy}, depth+1)
		if item == nil {
			return nil
		}
		n.items = append(n.items, item)
	}
	return n
}

// dash is where an item of a list begins.
func (s *source) dash(y, item *yaml.Node) ir.Pos {
	start := startOf(item)
	if y.Style&yaml.FlowStyle == 0 {
		before := s.runes(start.Line)
		for i := min(start.Column-1, len(before)) - 1; i >= 0; i-- {
			if before[i] == '-' && (i+1 == len(before) || before[i+1] == ' ' || before[i+1] == '\t') {
				start.Column = i + 1
				break
			}
			if before[i] != ' ' && before[i] != '\t' {
				break // the anchor or tag of an item
			}
		}
	}
	return start
}

func (r *yamlReader) mapping(n *node, y *yaml.Node, depth int) *node {
	r.active[y] = true
	defer delete(r.active, y)
	for i := 0; i+1 < len(y.Content); i += 2 {
		if isMerge(y.Content[i]) {
			continue
		}
		key, ok := r.key(y.Content[i])
		value := r.node(y.Content[i+1], place{startOf(y.Content[i]), n.isCopy}, depth+1)
		if value == nil {
			return nil
		}
		if !ok {
			continue
		}
		if n.put(entry{key, r.keyRange(y.Content[i]), value}) {
			r.duplicateKey(key, r.keyRange(y.Content[i]))
		}
	}
	if !r.merge(n, y, depth) {
		return nil
	}
	return n
}

func isMerge(key *yaml.Node) bool { return key.Tag == "!!merge" }

// merge adds what "<<" merges, behind the mapping's own keys, which are
// stronger. It reports whether the limits are kept.
func (r *yamlReader) merge(n *node, y *yaml.Node, depth int) bool {
	for i := 0; i+1 < len(y.Content); i += 2 {
		if !isMerge(y.Content[i]) {
			continue
		}
		m := r.node(y.Content[i+1], place{startOf(y.Content[i]), true}, depth+1)
		if m == nil {
			return false
		}
		parts := []*node{m}
		if m.kind == list {
			parts = m.items
		}
		for _, p := range parts {
			if p.kind != record {
				r.shape(p, "<< merges a map, or a list of maps")
				continue
			}
			for _, e := range p.entries {
				if n.get(e.key) == nil {
					n.put(e)
				}
			}
		}
	}
	return true
}

// key is the text of a mapping's key.
func (r *yamlReader) key(y *yaml.Node) (string, bool) {
	if y.Kind == yaml.AliasNode && y.Alias != nil {
		y = y.Alias
	}
	if y.Kind == yaml.ScalarNode {
		if y.ShortTag() != "!!str" {
			r.textKey(r.keyRange(y), y.Value)
		}
		return y.Value, true
	}
	if r.isScaffold(startOf(y)) {
		return "", false
	}
	r.report.Add(diag.Diagnostic{
		Severity: diag.Error, Code: "polytope/shape", Fate: diag.Dropped, Subject: r.rangeOf(y),
		Message: "a key is a name, not " + map[yaml.Kind]string{yaml.MappingNode: "a map", yaml.SequenceNode: "a list"}[y.Kind],
	})
	return "", false
}

func (r *yamlReader) keyRange(y *yaml.Node) ir.Range {
	at := r.rangeOf(y)
	at.End.Column += len([]rune(y.Value))
	if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		at.End.Column += 2
	}
	return at
}

// scalar is what a scalar stands for by YAML 1.2's core schema, as yaml/v4 has
// it: text and numbers of YAML 1.1 alone stay text.
func (r *yamlReader) scalar(y *yaml.Node) any {
	switch tag := y.ShortTag(); tag {
	case "!!null":
		return nil
	case "!!bool", "!!int", "!!float":
		var v any
		if err := y.Decode(&v); err != nil {
			return y.Value
		}
		return r.number(v, y)
	case "!!str", "!!timestamp":
		if y.Style == 0 && differsIn11.MatchString(y.Value) {
			r.ambiguous(r.keyRange(y), y.Value)
		}
	default:
		r.unknownTag(r.rangeOf(y), y.Tag)
	}
	return y.Value
}

// differsIn11 are plain scalars that YAML 1.1 reads as booleans or as numbers
// to the base of 60 (YAML 1.1, types bool and int). The words y and n are left
// out: hardly a parser reads them so.
var differsIn11 = regexp.MustCompile(`^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)

func (r *yamlReader) number(v any, y *yaml.Node) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64, bool:
		return v
	case uint64:
		r.badNumber(r.keyRange(y), y.Value)
		return y.Value
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			r.badNumber(r.keyRange(y), y.Value)
			return y.Value
		}
		return v
	}
	return y.Value
}
