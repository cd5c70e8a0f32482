package graph

import "math"

// alignRounds is how often the columns are aligned with one another.
const alignRounds = 60

// place gives slots their heights on the page and columns their widths.
func (l *layout) place() {
	for _, layer := range l.layers {
		y := 0.0
		for at, i := range layer {
			if at > 0 {
				y += l.distance(layer[at-1], i)
			}
			l.slots[i].y = y
		}
	}
	for round := range alignRounds {
		l.findLevels()
		for k := range l.layers {
			if round%2 == 1 && round < alignRounds/2 {
				k = len(l.layers) - 1 - k
			}
			l.align(k, round)
		}
	}
	l.moveToTop()
	l.placeColumns()
}

// distance is what the centers of two slots, one below the other, need.
func (l *layout) distance(above, below int) float64 {
	a, b := &l.slots[above], &l.slots[below]
	gap := nodeGap
	if a.node < 0 || b.node < 0 {
		gap = laneGap
	}
	if a.text != "" && b.text != "" {
		gap = laneGap / 2
	}
	return (a.height+b.height)/2 + gap
}

// align moves the slots of a column to where their edges are straight, as near
// as their order and their distances allow. The first rounds go to the
// right and back and look to one side, so that columns follow one another; the
// last ones go to the right and look to both, until nothing moves.
func (l *layout) align(k, round int) {
	layer := l.layers[k]
	wish, weight := make([]float64, len(layer)), make([]float64, len(layer))
	sum := 0.0
	for at, i := range layer {
		if at > 0 {
			sum += l.distance(layer[at-1], i)
		}
		y, w := l.wish(i, round)
		wish[at], weight[at] = y-sum, w
	}
	isotonic(wish, weight)
	sum = 0
	for at, i := range layer {
		if at > 0 {
			sum += l.distance(layer[at-1], i)
		}
		l.slots[i].y = wish[at] + sum
	}
}

// wish is where a slot would like to be, and how much. An edge that passes
// would like to be at the height of its other parts, so that it is one line.
func (l *layout) wish(i, round int) (y, weight float64) {
	s := &l.slots[i]
	if s.node < 0 {
		return l.levels[s.edge], float64(len(l.chains[s.edge]))
	}
	sum, total := s.y*0.01, 0.01
	pull := func(side []int) {
		for _, k := range side {
			seg := l.segments[k]
			other := &l.slots[seg.other(i)]
			// The edge is straight when both of its ends are at one height.
			sum += other.y + l.sideOffset(other, seg) - l.sideOffset(s, seg)
			total++
		}
	}
	both := round >= alignRounds/2
	if both || round%2 == 0 {
		pull(s.in)
	}
	if both || round%2 == 1 {
		pull(s.out)
	}
	return sum / total, total
}

// findLevels finds the levels of all edges, once a round: they change little.
func (l *layout) findLevels() {
	l.levels = make([]float64, len(l.chains))
	for edge := range l.chains {
		l.levels[edge] = l.level(edge)
	}
}

// level is the height that an edge as a whole would like to pass at.
func (l *layout) level(edge int) float64 {
	chain := l.chains[edge]
	first, last := &l.slots[chain[0]], &l.slots[chain[len(chain)-1]]
	sum := first.y + l.offset(first, first.out, edge) + last.y + l.offset(last, last.in, edge)
	for _, i := range chain[1 : len(chain)-1] {
		sum += l.slots[i].y
	}
	return sum / float64(len(chain))
}

func (l *layout) sideOffset(s *slot, seg segment) float64 {
	if s.node < 0 {
		return 0
	}
	if s.layer == l.slots[seg.from].layer {
		return l.offset(s, s.out, seg.edge)
	}
	return l.offset(s, s.in, seg.edge)
}

// isotonic replaces values by those that never fall and are nearest to them,
// by weight: neighbours that fall are pooled, over and over.
//
// Source: Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under
// Order Restrictions" (1972), the pool-adjacent-violators algorithm.
func isotonic(values, weights []float64) {
	type pool struct {
		mean, weight float64
		n            int
	}
	var pools []pool
	for i, v := range values {
		p := pool{v, weights[i], 1}
		for len(pools) > 0 && pools[len(pools)-1].mean > p.mean {
			q := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			sum := q.weight + p.weight
			p = pool{(q.mean*q.weight + p.mean*p.weight) / sum, sum, q.n + p.n}
		}
		pools = append(pools, p)
	}
	i := 0
	for _, p := range pools {
		for range p.n {
			values[i] = p.mean
			i++
		}
	}
}

// moveToTop lets the picture begin at zero, on whole pixels.
func (l *layout) moveToTop() {
	top := math.Inf(1)
	for _, s := range l.slots {
		top = min(top, s.y-s.height/2)
	}
	for i := range l.slots {
		l.slots[i].y -= top
	}
}

// placeColumns gives the columns their places. Columns between which edges
// climb far are further apart, so that these are not too steep.
func (l *layout) placeColumns() {
	l.columns = make([]rect, len(l.layers))
	x := 0.0
	for k, layer := range l.layers {
		width := 0.0
		for _, i := range layer {
			width = max(width, l.slots[i].width)
		}
		if k > 0 && width > 0 {
			x += l.gapBefore(k)
		}
		l.columns[k] = rect{x: x, w: width}
		x += width
	}
}

// gapBefore is the gap between a column and the last one that has a width.
func (l *layout) gapBefore(k int) float64 {
	climb := 0.0
	for _, i := range l.layers[k] {
		for _, s := range l.slots[i].in {
			seg := l.segments[s]
			a, b := &l.slots[seg.from], &l.slots[seg.to]
			climb = max(climb, math.Abs(a.y+l.sideOffset(a, seg)-b.y-l.sideOffset(b, seg)))
		}
	}
	return min(columnGap+climb/7, maxGap)
}
