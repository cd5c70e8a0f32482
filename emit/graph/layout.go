package graph

import (
	"math"
	"slices"
)

// The layout is the one of Sugiyama, Tagawa and Toda ("Methods for Visual
// Understanding of Hierarchical System Structures", 1981), from left to right,
// for boxes of text are wide: nodes are put into columns so that edges point to
// the right, edges that pass columns get a place in each of them, columns are
// ordered so that few edges cross, and then everything is moved to where edges
// are straight. There is no well-kept library for it in plain Go.
//
// Within a column, an edge is a horizontal line at a place of its own; it only
// bends between columns, where nothing else is. So no edge runs through a box
// or a label.

// Distances in pixels.
const (
	nodeGap    = 18.0 // between boxes of a column
	laneGap    = 9.0  // between an edge and what is next to it
	columnGap  = 28.0 // between columns, at least
	maxGap     = 110.0
	portPitch  = 11.0 // between the ends of edges at a box
	labelSize  = 10.5
	labelPad   = 4.0
	labelLine  = 15.0
	labelWidth = 136.0
)

// rect is a rectangle by its upper left corner.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64  { return r.x + r.w }
func (r rect) bottom() float64 { return r.y + r.h }

// point is a place in the picture.
type point struct{ x, y float64 }

// picture is where everything goes.
type picture struct {
	boxes  []rect // of the nodes
	routes []route
	size   point
}

// route is the way of an edge: horizontal lines, one a column, that are joined
// by curves. It goes from the edge's first node to its second.
type route struct {
	points []point // two for each horizontal line
	label  rect    // zero where there is none
}

// slot is what stands in a column: a node, or an edge that passes.
type slot struct {
	node int // -1 for an edge
	edge int
	text string // the label that an edge has here

	layer   int
	height  float64
	width   float64
	y       float64 // the center
	in, out []int   // the segments at its sides
}

// segment is the part of an edge between two columns that are neighbours.
type segment struct {
	from, to int // slots
	edge     int
}

// layout places the slots of a graph.
type layout struct {
	graph    *Graph
	sizes    []point // of the nodes' boxes
	ranks    []int
	reversed []bool // the edges that point to the left

	slots    []slot
	segments []segment
	layers   [][]int   // slots in order
	chains   [][]int   // of each edge: its slots from left to right
	levels   []float64 // of each edge: where it would like to pass
	columns  []rect
}

// newPicture lays a graph out. The sizes are those that the boxes need.
func newPicture(g *Graph, sizes []point) *picture {
	l := &layout{graph: g, sizes: sizes}
	l.rank()
	l.makeSlots()
	l.order()
	l.place()
	p := l.picture()
	p.addLoose(g, sizes)
	return p
}

// joined tells of each node whether it has an edge.
func (g *Graph) joined() []bool {
	joined := make([]bool, len(g.Nodes))
	for _, e := range g.Edges {
		joined[e.From], joined[e.To] = true, true
	}
	return joined
}

// rank gives each node a column: behind all that point to it, but no further
// left than what it points to needs.
func (l *layout) rank() {
	g := l.graph
	order := l.breakCycles()
	l.ranks = make([]int, len(g.Nodes))
	_, outs := l.neighbours()
	for _, n := range order {
		for _, to := range outs[n] {
			l.ranks[to] = max(l.ranks[to], l.ranks[n]+1)
		}
	}
	ins, _ := l.neighbours()
	for _, n := range slices.Backward(order) {
		if len(outs[n]) <= len(ins[n]) || g.Nodes[n].Kind == Outside {
			continue
		}
		nearest := math.MaxInt
		for _, to := range outs[n] {
			nearest = min(nearest, l.ranks[to])
		}
		l.ranks[n] = nearest - 1
	}
}

// neighbours are the nodes at both sides, with reversed edges turned.
func (l *layout) neighbours() (ins, outs [][]int) {
	ins, outs = make([][]int, len(l.graph.Nodes)), make([][]int, len(l.graph.Nodes))
	for i, e := range l.graph.Edges {
		from, to := l.ends(i, e)
		outs[from] = append(outs[from], to)
		ins[to] = append(ins[to], from)
	}
	return ins, outs
}

func (l *layout) ends(i int, e Edge) (left, right int) {
	if l.reversed[i] {
		return e.To, e.From
	}
	return e.From, e.To
}

// breakCycles marks edges so that the others make no cycle, and returns the
// nodes in an order in which these point forward.
func (l *layout) breakCycles() []int {
	g := l.graph
	l.reversed = make([]bool, len(g.Edges))
	outs := make([][]int, len(g.Nodes))
	for i, e := range g.Edges {
		outs[e.From] = append(outs[e.From], i)
	}
	const unseen, open, done = 0, 1, 2
	state := make([]int, len(g.Nodes))
	var order []int
	var visit func(n int)
	visit = func(n int) {
		state[n] = open
		for _, i := range outs[n] {
			switch to := g.Edges[i].To; state[to] {
			case unseen:
				visit(to)
			case open:
				l.reversed[i] = true
			}
		}
		state[n] = done
		order = append(order, n)
	}
	for n := range g.Nodes {
		if state[n] == unseen {
			visit(n)
		}
	}
	slices.Reverse(order)
	return order
}

// makeSlots makes the columns: two for each rank, the second for the labels of
// edges. Those that stay empty have no width.
func (l *layout) makeSlots() {
	g := l.graph
	at := make([]int, len(g.Nodes)) // the slot of each node
	joined := g.joined()
	last := 0
	for n := range g.Nodes {
		if joined[n] {
			last = max(last, l.ranks[n])
			at[n] = l.addSlot(slot{node: n, edge: -1, layer: 2 * l.ranks[n], width: l.sizes[n].x, height: l.sizes[n].y})
		}
	}
	degree := l.degrees()
	for i, e := range g.Edges {
		left, right := l.ends(i, e)
		first, end := 2*l.ranks[left], 2*l.ranks[right]
		labelAt := first + 1
		if degree[left] > degree[right] {
			labelAt = end - 1 // where there are fewer of them
		}
		chain := []int{at[left]}
		for layer := first + 1; layer < end; layer++ {
			s := slot{node: -1, edge: i, layer: layer}
			if layer == labelAt && e.Label() != "" {
				s.text = fit(clean(e.Label()), regular, labelSize, labelWidth)
				s.width = textWidth(s.text, regular, labelSize) + 2*labelPad
				s.height = labelLine
			}
			chain = append(chain, l.addSlot(s))
		}
		l.chains = append(l.chains, append(chain, at[right]))
	}
	l.addSegments()
	l.layers = make([][]int, 2*last+1)
	for i, s := range l.slots {
		l.layers[s.layer] = append(l.layers[s.layer], i)
	}
}

func (l *layout) addSlot(s slot) int {
	l.slots = append(l.slots, s)
	return len(l.slots) - 1
}

func (l *layout) degrees() []int {
	degree := make([]int, len(l.graph.Nodes))
	for _, e := range l.graph.Edges {
		degree[e.From]++
		degree[e.To]++
	}
	return degree
}

// addSegments joins the slots of each edge, and makes boxes high enough for
// the edges that end at them.
func (l *layout) addSegments() {
	for edge, chain := range l.chains {
		for k := range chain[1:] {
			from, to := chain[k], chain[k+1]
			l.slots[from].out = append(l.slots[from].out, len(l.segments))
			l.slots[to].in = append(l.slots[to].in, len(l.segments))
			l.segments = append(l.segments, segment{from, to, edge})
		}
	}
	for i := range l.slots {
		if s := &l.slots[i]; s.node >= 0 {
			s.height = max(s.height, portPitch*float64(max(len(s.in), len(s.out))+1))
		}
	}
}

// picture makes rectangles and ways of the places.
func (l *layout) picture() *picture {
	p := &picture{boxes: make([]rect, len(l.graph.Nodes)), routes: make([]route, len(l.graph.Edges))}
	for _, s := range l.slots {
		if s.node >= 0 {
			column := l.columns[s.layer]
			p.boxes[s.node] = rect{column.x, s.y - s.height/2, column.w, s.height}
			if len(s.out) == 0 && l.graph.Nodes[s.node].Kind == Volume {
				p.boxes[s.node].w = s.width // a cylinder that is wide looks like none
			}
			p.size.x = max(p.size.x, column.right())
			p.size.y = max(p.size.y, s.y+s.height/2)
		} else {
			p.size.y = max(p.size.y, s.y+s.height/2)
		}
	}
	for i, chain := range l.chains {
		p.routes[i] = l.route(i, chain)
	}
	return p
}

func (l *layout) route(edge int, chain []int) route {
	var r route
	for k, i := range chain {
		s := &l.slots[i]
		column := l.columns[s.layer]
		switch {
		case k == 0:
			r.points = append(r.points, point{column.right(), l.endY(i, s.out, edge)})
		case k == len(chain)-1:
			r.points = append(r.points, point{column.x, l.endY(i, s.in, edge)})
		case column.w > 0:
			r.points = append(r.points, point{column.x, s.y}, point{column.right(), s.y})
		}
		if s.text != "" {
			r.label = rect{column.x + (column.w-s.width)/2, s.y - s.height/2, s.width, s.height}
		}
	}
	if l.reversed[edge] {
		slices.Reverse(r.points)
	}
	return r
}

// endY is where an edge ends at a box: the ends at a side are spread over it,
// in the order in which their other ends stand.
func (l *layout) endY(slotIndex int, side []int, edge int) float64 {
	s := &l.slots[slotIndex]
	return s.y + l.offset(s, side, edge)
}

func (l *layout) offset(s *slot, side []int, edge int) float64 {
	at := slices.IndexFunc(side, func(i int) bool { return l.segments[i].edge == edge })
	return endOffset(at, len(side), s.height)
}

func endOffset(at, of int, height float64) float64 {
	pitch := min(portPitch*2, height/float64(of+1))
	return (float64(at) - float64(of-1)/2) * pitch
}

// addLoose puts the nodes without edges below, in rows.
func (p *picture) addLoose(g *Graph, sizes []point) {
	x, y, rowHeight := 0.0, p.size.y, 0.0
	if y > 0 {
		y += 2 * nodeGap
	}
	width := max(p.size.x, 900)
	for n, joined := range g.joined() {
		if joined {
			continue
		}
		if size := sizes[n]; x > 0 && x+size.x > width {
			x, y, rowHeight = 0, y+rowHeight+nodeGap, 0
		}
		p.boxes[n] = rect{x, y, sizes[n].x, sizes[n].y}
		x += sizes[n].x + nodeGap
		rowHeight = max(rowHeight, sizes[n].y)
		p.size.x, p.size.y = max(p.size.x, x-nodeGap), max(p.size.y, y+rowHeight)
	}
}
