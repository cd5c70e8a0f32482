package graph

import (
	"fmt"
	"strings"
)

// dotShapes are the attributes of the nodes of each kind.
var dotShapes = map[NodeKind]string{
	Outside:   `shape=box, style="rounded,filled"`,
	Build:     `shape=component, style=filled`,
	Container: `shape=box, style=filled`,
	Opaque:    `shape=hexagon, style="filled,dashed"`,
	Volume:    `shape=cylinder, style=filled`,
}

// dotLines are the attributes of the edges of each kind.
var dotLines = map[EdgeKind]string{
	Exposes: ``,
	Builds:  `, style=bold`,
	Talks:   ``,
	Waits:   `, style=dashed, arrowhead=vee`,
	Mounts:  `, arrowhead=dot`,
}

// DOT writes the graph in the language of Graphviz.
//
// Source: the Graphviz documentation, "DOT Language" and "escString".
func (g *Graph) DOT() []byte {
	var b strings.Builder
	b.WriteString("digraph {\n")
	fmt.Fprintf(&b, "  graph [label=%s, labelloc=t, rankdir=LR, bgcolor=\"%s\", fontname=\"sans-serif\"]\n", dotString(g.Title), paperColor)
	fmt.Fprintf(&b, "  node [fontname=\"sans-serif\", fontsize=11, fontcolor=\"%s\"]\n", inkColor)
	b.WriteString("  edge [fontname=\"sans-serif\", fontsize=10]\n")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		s := nodeStyles[n.Kind]
		fmt.Fprintf(&b, "  n%d [%s, fillcolor=\"%s\", color=\"%s\", label=%s, tooltip=%s]\n",
			i, dotShapes[n.Kind], s.fill, s.stroke, dotString(dotLabel(n)), dotString(n.Text()))
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		color := edgeStyles[e.Kind].color
		label := ""
		if e.Label() != "" {
			label = ", label=" + dotString(e.Label())
		}
		fmt.Fprintf(&b, "  n%d -> n%d [color=\"%s\", fontcolor=\"%s\"%s%s, tooltip=%s]\n",
			e.From, e.To, color, color, dotLines[e.Kind], label, dotString(g.sentence(e)))
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

func dotLabel(n *Node) string {
	lines := []string{clean(n.Name)}
	for _, d := range n.Shown() {
		lines = append(lines, clean(d.Text))
	}
	if n.Only != "" {
		lines = append(lines, clean(n.Only))
	}
	return strings.Join(lines, "\n")
}

// dotEscapes are for labels, in which backslashes begin escapes of their own
// and ampersands entities.
var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\n", `\n`)

func dotString(s string) string { return `"` + dotEscapes.Replace(cleanLines(s)) + `"` }
