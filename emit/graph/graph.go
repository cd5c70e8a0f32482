// Package graph draws what the templates of a Polytope file run: containers
// with their services and ports, images that are built, volumes, and who waits
// for and talks to whom. It writes Mermaid, DOT and SVG.
package graph

import (
	"cmp"
	"slices"
	"strings"

	"hull/ir/resolve"
)

// Graph is what a file runs, as nodes and edges. Both are in an order that
// follows from the jobs alone.
type Graph struct {
	// Title is the heading; New names the templates in it.
	Title string
	// Jobs are the names of the templates and modules that were given.
	Jobs  []string
	Nodes []Node
	// Edges are sorted by From, To and Kind, and join different nodes.
	Edges []Edge
}

// NodeKind is what a node stands for.
type NodeKind int

// The kinds of nodes. Outside is there once, where ports are exposed.
const (
	Outside NodeKind = iota
	Build
	Container
	Opaque
	Volume
)

// Node is something that is run, built or kept. A container that several
// templates run is one node.
type Node struct {
	Kind NodeKind
	Name string
	// Only says which templates it is part of, "only in a, b" or "not in c",
	// where that is not all of them.
	Only string
	// Details are lines below the name, grouped by kind.
	Details []Detail
}

// DetailKind is what a detail is about.
type DetailKind int

// The kinds of details.
const (
	ImageDetail    DetailKind = iota
	ModuleDetail              // the modules that the step went through
	ReplicaDetail             // how many, where it is not one
	ServiceDetail             // names of services that are not the node's own
	ExposedDetail             // host port → container port
	InternalDetail            // port
	SourceDetail              // what is mounted and no volume, or what is stored
	NoteDetail
)

// Detail is a line below a node's name.
type Detail struct {
	Kind DetailKind
	Text string
}

// maxRun is how many details of a kind are shown one by one.
const maxRun = 4

// Shown are the details with long runs of a kind cut short.
func (n *Node) Shown() []Detail {
	var shown []Detail
	for rest := n.Details; len(rest) > 0; {
		kind := rest[0].Kind
		end := slices.IndexFunc(rest, func(d Detail) bool { return d.Kind != kind })
		if end < 0 {
			end = len(rest)
		}
		shown = append(shown, shorten(rest[:end])...)
		rest = rest[end:]
	}
	return shown
}

func shorten(run []Detail) []Detail {
	if len(run) <= maxRun {
		return run
	}
	more := Detail{run[0].Kind, "and " + count(len(run)-maxRun+1, "more", "more")}
	return append(slices.Clone(run[:maxRun-1]), more)
}

// Text is the node in full: its name and all details, one a line.
func (n *Node) Text() string {
	lines := []string{n.Name}
	for _, d := range n.Details {
		lines = append(lines, d.Text)
	}
	if n.Only != "" {
		lines = append(lines, n.Only)
	}
	return strings.Join(lines, "\n")
}

// EdgeKind is what joins two nodes.
type EdgeKind int

// The kinds of edges, read from the first node to the second.
const (
	Exposes EdgeKind = iota // the outside reaches a container
	Builds                  // an image is that of a container
	Talks                   // a container has another's address
	Waits                   // a task starts when another has ended
	Mounts                  // a container has a volume
)

// verbs say what an edge means, in the words of the legend.
var verbs = map[EdgeKind]string{
	Exposes: "reaches",
	Builds:  "builds",
	Talks:   "talks to",
	Waits:   "waits for",
	Mounts:  "mounts",
}

// Edge joins two nodes, given by their indexes.
type Edge struct {
	From, To int
	Kind     EdgeKind
	// Labels are ports, conditions or paths, in order and without repetition;
	// each with the templates that have it, where these are not all.
	Labels []string
}

// maxLabels is how many labels of an edge are shown.
const maxLabels = 3

// Label is what is written at the edge.
func (e *Edge) Label() string {
	if len(e.Labels) > maxLabels {
		return strings.Join(e.Labels[:maxLabels-1], ", ") + " and " + count(len(e.Labels)-maxLabels+1, "more", "more")
	}
	return strings.Join(e.Labels, ", ")
}

// sentence is the edge in words and in full.
func (g *Graph) sentence(e *Edge) string {
	s := g.Nodes[e.From].Name + " " + verbs[e.Kind] + " " + g.Nodes[e.To].Name
	if len(e.Labels) > 0 {
		s += " (" + strings.Join(e.Labels, ", ") + ")"
	}
	return s
}

// Summary counts the nodes in words.
func (g *Graph) Summary() string {
	var parts []string
	for _, k := range []NodeKind{Container, Build, Opaque, Volume} {
		n := 0
		for _, node := range g.Nodes {
			if node.Kind == k {
				n++
			}
		}
		if n > 0 || k == Container {
			parts = append(parts, count(n, kindNames[k].one, kindNames[k].many))
		}
	}
	return strings.Join(parts, ", ")
}

// kindNames are what the kinds of nodes are called.
var kindNames = map[NodeKind]struct{ one, many string }{
	Outside:   {"outside", "outside"},
	Build:     {"build", "builds"},
	Container: {"container", "containers"},
	Opaque:    {"opaque task", "opaque tasks"},
	Volume:    {"volume", "volumes"},
}

// Format is a language that graphs are written in.
type Format struct {
	// Name is how options call it; Extension is that of its files.
	Name, Extension string
	Write           func(*Graph) []byte
}

// Formats is the table of formats; the first is the default.
var Formats = []Format{
	{"mermaid", ".mmd", (*Graph).Mermaid},
	{"dot", ".dot", (*Graph).DOT},
	{"svg", ".svg", (*Graph).SVG},
}

// New makes the graph of a file: of its jobs, one per template. Jobs that are
// nil are left out.
func New(jobs []*resolve.Job) *Graph {
	b := &builder{nodes: map[string]int{}, edges: map[edgeKey]int{}}
	for _, job := range jobs {
		if job != nil {
			b.jobs = append(b.jobs, job.Name)
			b.addJob(job)
		}
	}
	b.tagMembers()
	b.labelEdges()
	g := &Graph{Title: title(b.jobs), Jobs: b.jobs, Nodes: b.list, Edges: b.edgeList}
	g.sort()
	return g
}

func title(jobs []string) string {
	switch len(jobs) {
	case 0:
		return "Nothing runs"
	case 1:
		return "What " + jobs[0] + " runs"
	}
	return "What " + strings.Join(jobs[:len(jobs)-1], ", ") + " and " + jobs[len(jobs)-1] + " run"
}

// sort puts nodes by kind, and otherwise leaves them as they came: what runs
// first stands first.
func (g *Graph) sort() {
	order := make([]int, len(g.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.Nodes[a].Kind, g.Nodes[b].Kind) })
	nodes, place := make([]Node, len(order)), make([]int, len(order))
	for to, from := range order {
		nodes[to], place[from] = g.Nodes[from], to
	}
	g.Nodes = nodes
	for i := range g.Edges {
		e := &g.Edges[i]
		e.From, e.To = place[e.From], place[e.To]
	}
	slices.SortFunc(g.Edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Kind, b.Kind))
	})
}
