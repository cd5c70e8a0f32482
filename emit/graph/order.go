package graph

import (
	"cmp"
	"math"
	"slices"
)

// maxSweeps bounds the search for an order with few crossings, and maxVisits
// the slots that it looks at, so that graphs which nobody can read anyway do
// not take long.
const (
	maxSweeps = 24
	maxVisits = 100_000
)

// starts is how many orders are tried to begin with, and maxTried the number of
// slots above which it is one.
const (
	starts   = 6
	maxTried = 1500
)

// order sorts the columns so that few edges cross: over and over, each by
// where the neighbours of its slots stand, to the right and back. The best
// order that comes up is taken.
func (l *layout) order() {
	var best [][]int
	fewest := math.MaxInt
	for start := range starts {
		if fewest == 0 || start > 0 && len(l.slots) > maxTried {
			break
		}
		l.depthFirst(start)
		if layers, n := l.improve(fewest); n < fewest {
			best, fewest = layers, n
		}
	}
	l.layers = best
	l.sortEnds(l.positions())
}

// improve looks for an order with fewer crossings than what was reached, and
// returns the best of those that it comes by.
func (l *layout) improve(reached int) (best [][]int, fewest int) {
	pos := l.positions()
	best, fewest = cloneLayers(l.layers), l.crossings(pos)
	sweeps := min(maxSweeps, 2+maxVisits/max(len(l.slots), 1))
	for sweep := 0; sweep < sweeps && min(fewest, reached) > 0; sweep++ {
		l.sweep(pos, sweep)
		l.exchange(pos)
		if n := l.crossings(pos); n < fewest {
			best, fewest = cloneLayers(l.layers), n
		}
	}
	return best, fewest
}

// depthFirst puts what hangs together next to one another, to begin with. The
// start says at which slot it begins, and whether the last edges come first.
func (l *layout) depthFirst(start int) {
	seen := make([]bool, len(l.slots))
	for i := range l.layers {
		l.layers[i] = l.layers[i][:0]
	}
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		s := &l.slots[i]
		l.layers[s.layer] = append(l.layers[s.layer], i)
		for at := range s.out {
			if start%2 == 1 {
				at = len(s.out) - 1 - at
			}
			visit(l.segments[s.out[at]].to)
		}
		for _, k := range s.in {
			visit(l.segments[k].from)
		}
	}
	for i := range l.slots {
		visit((i + start*len(l.slots)/starts) % len(l.slots))
	}
}

func cloneLayers(layers [][]int) [][]int {
	c := make([][]int, len(layers))
	for i := range layers {
		c[i] = slices.Clone(layers[i])
	}
	return c
}

// positions are the places of the slots in their columns.
func (l *layout) positions() []int {
	pos := make([]int, len(l.slots))
	for _, layer := range l.layers {
		for at, i := range layer {
			pos[i] = at
		}
	}
	return pos
}

// sweep sorts each column by the one before it in the direction of the sweep,
// which is to the right in every second one. Slots of equal weight change
// places now and then, lest the search get stuck.
func (l *layout) sweep(pos []int, round int) {
	for k := range l.layers {
		if round%2 == 1 {
			k = len(l.layers) - 1 - k
		}
		if round%4 >= 2 {
			slices.Reverse(l.layers[k])
		}
		l.sortLayer(k, pos, round%2 == 0)
	}
}

func (l *layout) sortLayer(k int, pos []int, byLeft bool) {
	weight := make(map[int]float64, len(l.layers[k]))
	for _, i := range l.layers[k] {
		weight[i] = l.barycenter(i, pos, byLeft)
	}
	slices.SortStableFunc(l.layers[k], func(a, b int) int { return cmp.Compare(weight[a], weight[b]) })
	for at, i := range l.layers[k] {
		pos[i] = at
	}
}

// barycenter is the mean place of a slot's neighbours at a side; its own where
// there are none.
func (l *layout) barycenter(i int, pos []int, left bool) float64 {
	s := &l.slots[i]
	sum, side := 0, s.out
	if left {
		side = s.in
	}
	for _, k := range side {
		sum += pos[l.segments[k].other(i)]
	}
	if len(side) == 0 {
		return float64(pos[i])
	}
	return float64(sum) / float64(len(side))
}

func (s segment) other(slot int) int {
	if s.from == slot {
		return s.to
	}
	return s.from
}

// exchange swaps neighbours as long as that takes crossings away.
func (l *layout) exchange(pos []int) {
	for range 4 {
		better := false
		for _, layer := range l.layers {
			for at := range max(len(layer)-1, 0) {
				a, b := layer[at], layer[at+1]
				if l.pairCrossings(a, b, pos) > l.pairCrossings(b, a, pos) {
					layer[at], layer[at+1] = b, a
					pos[a], pos[b] = at+1, at
					better = true
				}
			}
		}
		if !better {
			return
		}
	}
}

// pairCrossings are the crossings of the edges of two slots, a above b.
func (l *layout) pairCrossings(a, b int, pos []int) int {
	n := 0
	count := func(upper, lower []int) {
		for _, i := range upper {
			for _, k := range lower {
				if pos[l.segments[i].other(a)] > pos[l.segments[k].other(b)] {
					n++
				}
			}
		}
	}
	count(l.slots[a].in, l.slots[b].in)
	count(l.slots[a].out, l.slots[b].out)
	return n
}

// crossings counts those of all edges.
func (l *layout) crossings(pos []int) int {
	n := 0
	for _, layer := range l.layers {
		var ends []int // the right ends, by their left ones
		for _, i := range layer {
			from := len(ends)
			for _, k := range l.slots[i].out {
				ends = append(ends, pos[l.segments[k].to])
			}
			slices.Sort(ends[from:])
		}
		n += inversions(ends)
	}
	return n
}

// inversions counts the pairs that stand in the wrong order. It sorts its
// argument.
func inversions(a []int) int {
	if len(a) < 2 {
		return 0
	}
	left, right := slices.Clone(a[:len(a)/2]), slices.Clone(a[len(a)/2:])
	n := inversions(left) + inversions(right)
	for i := range a {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			a[i], left = left[0], left[1:]
			continue
		}
		n += len(left)
		a[i], right = right[0], right[1:]
	}
	return n
}

// sortEnds puts the edges at the sides of each slot in the order of their
// other ends.
func (l *layout) sortEnds(pos []int) {
	for i := range l.slots {
		by := func(a, b int) int {
			x, y := l.segments[a], l.segments[b]
			return cmp.Or(cmp.Compare(pos[x.other(i)], pos[y.other(i)]), cmp.Compare(x.edge, y.edge))
		}
		slices.SortFunc(l.slots[i].in, by)
		slices.SortFunc(l.slots[i].out, by)
	}
}
