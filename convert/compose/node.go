package compose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	yamlv4 "go.yaml.in/yaml/v4"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
)

// parseYAML parses the documents of a file. An empty document is left out.
func parseYAML(file string, text []byte) ([]*yaml.Node, *diag.Diagnostic) {
	if d := notText(file, text); d != nil {
		return nil, d
	}
	var docs []*yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, syntaxError(file, text, err)
		}
		if d := duplicateKey(file, &doc, 0); d != nil {
			return nil, d
		}
		if len(doc.Content) == 1 && doc.Content[0].Kind == yaml.MappingNode {
			docs = append(docs, withComments(&doc))
		} else if len(doc.Content) == 1 && doc.Content[0].Tag != "!!null" {
			return nil, &diag.Diagnostic{
				Severity: diag.Error, Code: "compose/invalid", Subject: nodeRange(file, doc.Content[0]),
				Message: "a compose file is a mapping at its top",
			}
		}
	}
}

// maxLevels bounds how deep a document is nested: the time that compose-go
// takes grows with the third power of it.
const maxLevels = 200

// duplicateKey finds a key that a mapping has twice, which YAML forbids, or
// what is nested too deep.
func duplicateKey(file string, n *yaml.Node, depth int) *diag.Diagnostic {
	if depth > maxLevels {
		return &diag.Diagnostic{
			Severity: diag.Error, Code: "compose/invalid", Subject: nodeRange(file, n),
			Message: fmt.Sprintf("this is nested deeper than %d levels", maxLevels),
		}
	}
	first := map[string]int{}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && c.Kind == yaml.ScalarNode {
			if line, twice := first[c.Value]; twice {
				return &diag.Diagnostic{
					Severity: diag.Error, Code: "compose/syntax", Subject: nodeRange(file, c),
					Message: fmt.Sprintf("the key %q stands at line %d already", clip(c.Value), line),
				}
			}
			first[c.Value] = c.Line
		}
		if d := duplicateKey(file, c, depth+1); d != nil {
			return d
		}
	}
	return nil
}

func notText(file string, text []byte) *diag.Diagnostic {
	if !bytes.ContainsRune(text, 0) && utf8.Valid(text) {
		return nil
	}
	line := 1
	rest := text
	for len(rest) > 0 {
		r, size := utf8.DecodeRune(rest)
		if r == 0 || r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		rest = rest[size:]
	}
	return &diag.Diagnostic{
		Severity: diag.Error, Code: "compose/syntax",
		Subject: ir.Range{File: file, Start: ir.Pos{Line: line, Column: 1}, End: ir.Pos{Line: line, Column: 1}},
		Message: "this is not text in UTF-8; is it a binary file?",
	}
}

var yamlPlace = regexp.MustCompile(`line (\d+)(?:, column (\d+))?: ([^:]*)$`)

// syntaxError says what is wrong in a file, and where. yaml.v3 tells the line
// at which the construct around the mistake began; the parser that compose-go
// uses tells the mistake's own. The lines of its parser errors count from 0.
func syntaxError(file string, text []byte, err error) *diag.Diagnostic {
	var doc any
	if better := yamlv4.Unmarshal(text, &doc); better != nil {
		err = better
	}
	d := &diag.Diagnostic{Severity: diag.Error, Code: "compose/syntax", Message: err.Error(), Subject: ir.Range{File: file}}
	if m := yamlPlace.FindStringSubmatch(d.Message); m != nil {
		line, _ := strconv.Atoi(m[1])
		column, _ := strconv.Atoi(m[2])
		if strings.HasSuffix(fmt.Sprintf("%T", err), "ParserError") {
			line++
		}
		d.Subject.Start = ir.Pos{Line: line, Column: max(column, 1)}
		d.Subject.End = d.Subject.Start
		d.Message = m[3]
	}
	d.Message = "this is not YAML: " + strings.TrimPrefix(d.Message, "yaml: ")
	return d
}

// nodeRange is the first line of a scalar, or the place where a collection
// begins.
func nodeRange(file string, n *yaml.Node) ir.Range {
	if n == nil {
		return ir.Range{File: file}
	}
	start := ir.Pos{Line: n.Line, Column: n.Column}
	end := start
	if n.Kind == yaml.ScalarNode {
		first, _, _ := strings.Cut(n.Value, "\n")
		end.Column += utf8.RuneCountInString(first)
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			end.Column += 2
		}
	}
	return ir.Range{File: file, Start: start, End: end}
}

// deref follows an alias.
func deref(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// mapGet is a key of a mapping with its value, merged mappings ("<<")
// included; the values are nil where there is none.
func mapGet(n *yaml.Node, key string) (k, v *yaml.Node) {
	return mapGetDepth(n, key, 0)
}

// maxMerge bounds "<<" within "<<".
const maxMerge = 32

func mapGetDepth(n *yaml.Node, key string, depth int) (k, v *yaml.Node) {
	n = deref(n)
	if n == nil || n.Kind != yaml.MappingNode || depth > maxMerge {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key && !isMerge(n.Content[i]) {
			return n.Content[i], deref(n.Content[i+1])
		}
	}
	for _, m := range merged(n) {
		if k, v := mapGetDepth(m, key, depth+1); v != nil {
			return k, v
		}
	}
	return nil, nil
}

func isMerge(key *yaml.Node) bool { return key.Tag == "!!merge" || key.Value == "<<" && key.Style == 0 }

// merged are the mappings that a mapping merges, strongest first.
func merged(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		v := deref(n.Content[i+1])
		if v.Kind == yaml.SequenceNode {
			out = append(out, v.Content...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// nodeKeys are the keys of a mapping, or of a list of "KEY=value" items, in
// order; merged keys stand where the merge does.
func nodeKeys(n *yaml.Node) []string { return nodeKeysDepth(n, 0) }

func nodeKeysDepth(n *yaml.Node, depth int) []string {
	n = deref(n)
	var out []string
	if n == nil || depth > maxMerge {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !isMerge(n.Content[i]) {
				out = append(out, n.Content[i].Value)
				continue
			}
			for _, m := range merged(&yaml.Node{Kind: yaml.MappingNode, Content: n.Content[i : i+2]}) {
				out = append(out, nodeKeysDepth(m, depth+1)...)
			}
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			if item = deref(item); item.Kind == yaml.ScalarNode {
				name, _, _ := strings.Cut(item.Value, "=")
				out = append(out, name)
			}
		}
	}
	return out
}

// scalars are a scalar, or the scalars of a list.
func scalars(n *yaml.Node) []*yaml.Node {
	n = deref(n)
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		var out []*yaml.Node
		for _, c := range n.Content {
			out = append(out, scalars(c)...)
		}
		return out
	case n.Kind == yaml.ScalarNode:
		return []*yaml.Node{n}
	}
	return nil
}

// stripComment removes the markers from a YAML comment.
func stripComment(c string) string {
	if c == "" {
		return ""
	}
	lines := strings.Split(c, "\n")
	for i, l := range lines {
		l = strings.TrimPrefix(strings.TrimSpace(l), "#")
		lines[i] = strings.TrimPrefix(l, " ")
	}
	return strings.TrimSpace(strings.Join(dedent(lines), "\n"))
}

// hasAnchor tells whether anything in the node is there to be aliased.
func hasAnchor(n *yaml.Node, depth int) bool {
	if n == nil || depth > maxMerge {
		return false
	}
	if n.Anchor != "" {
		return true
	}
	for _, c := range n.Content {
		if hasAnchor(c, depth+1) {
			return true
		}
	}
	return false
}
