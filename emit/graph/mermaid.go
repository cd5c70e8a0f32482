package graph

import (
	"fmt"
	"slices"
	"strings"
)

// mermaidShapes are what stands before and behind the label of a node.
var mermaidShapes = map[NodeKind][2]string{
	Outside:   {"([", "])"},
	Build:     {"[[", "]]"},
	Container: {"[", "]"},
	Opaque:    {"{{", "}}"},
	Volume:    {"[(", ")]"},
}

// mermaidLinks are the lines of the edges.
var mermaidLinks = map[EdgeKind]string{
	Exposes: "-->",
	Builds:  "==>",
	Talks:   "-->",
	Waits:   "-.->",
	Mounts:  "--o",
}

// Mermaid writes the graph as a flowchart.
//
// Source: the Mermaid documentation, "Flowcharts - Basic Syntax".
func (g *Graph) Mermaid() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\n---\nflowchart LR\n", yamlString(g.Title))
	for _, k := range g.edgeKinds() {
		fmt.Fprintf(&b, "  %%%% %s %s\n", mermaidLinks[k], verbs[k])
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		shape := mermaidShapes[n.Kind]
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s:::%s\n", i, shape[0], mermaidLabel(n), shape[1], cssClasses[n.Kind])
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		label := ""
		if e.Label() != "" {
			label = `|"` + mermaidText(e.Label()) + `"|`
		}
		fmt.Fprintf(&b, "  n%d %s%s n%d\n", e.From, mermaidLinks[e.Kind], label, e.To)
	}
	for _, k := range g.nodeKinds() {
		s := nodeStyles[k]
		fmt.Fprintf(&b, "  classDef %s fill:%s,stroke:%s,color:%s\n", cssClasses[k], s.fill, s.stroke, inkColor)
	}
	return []byte(b.String())
}

// cssClasses name the kinds of nodes.
var cssClasses = map[NodeKind]string{
	Outside: "outside", Build: "build", Container: "container", Opaque: "opaque", Volume: "volume",
}

func mermaidLabel(n *Node) string {
	lines := []string{"<b>" + mermaidText(n.Name) + "</b>"}
	for _, d := range n.Shown() {
		lines = append(lines, mermaidText(d.Text))
	}
	if n.Only != "" {
		lines = append(lines, "<i>"+mermaidText(n.Only)+"</i>")
	}
	return strings.Join(lines, "<br/>")
}

// mermaidText writes a text by numbers where Mermaid could take it for
// something else: quotes end a label, a backquote begins Markdown, "%%" begins
// a comment or a directive even within quotes, and labels are HTML.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if strings.ContainsRune("\"#&<>%`\\{}[]()|;$*_~@", r) || r == ':' && mentionsStyle(s) {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mentionsStyle holds for texts that Mermaid, before it reads a diagram, takes
// for style definitions: it drops the semicolons of those.
func mentionsStyle(s string) bool {
	return strings.Contains(s, "style") || strings.Contains(s, "classDef")
}

// yamlString writes a text in double quotes, as the heading of a diagram,
// which is YAML, has it.
func yamlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range clean(s) {
		switch {
		case strings.ContainsRune("\"\\%<>&{}", r) || r == '\ufeff':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// edgeKinds are the kinds that the graph has edges of, in order.
func (g *Graph) edgeKinds() []EdgeKind {
	return kindsOf(g.Edges, func(e Edge) EdgeKind { return e.Kind })
}

// nodeKinds are the kinds that the graph has nodes of, in order.
func (g *Graph) nodeKinds() []NodeKind {
	return kindsOf(g.Nodes, func(n Node) NodeKind { return n.Kind })
}

func kindsOf[T any, K ~int](all []T, kind func(T) K) []K {
	var kinds []K
	for _, x := range all {
		kinds = append(kinds, kind(x))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
