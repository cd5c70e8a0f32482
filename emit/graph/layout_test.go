package graph

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// someGraph draws graphs of all shapes, with cycles and several parts.
func someGraph() *rapid.Generator[*Graph] {
	return rapid.Custom(func(t *rapid.T) *Graph {
		g := &Graph{Title: rapid.String().Draw(t, "title")}
		text := rapid.OneOf(rapid.StringMatching(`[a-z0-9_/:.-]{0,60}`), rapid.String(), rapid.SampledFrom(hostileTexts))
		for range rapid.IntRange(0, 25).Draw(t, "nodes") {
			n := Node{Kind: NodeKind(rapid.IntRange(0, 4).Draw(t, "kind")), Name: text.Draw(t, "name")}
			for range rapid.IntRange(0, 6).Draw(t, "details") {
				n.Details = append(n.Details, Detail{DetailKind(rapid.IntRange(0, 7).Draw(t, "about")), text.Draw(t, "detail")})
			}
			if rapid.Bool().Draw(t, "tagged") {
				n.Only = text.Draw(t, "only")
			}
			g.Nodes = append(g.Nodes, n)
		}
		if len(g.Nodes) < 2 {
			return g
		}
		node := rapid.IntRange(0, len(g.Nodes)-1)
		for range rapid.IntRange(0, 50).Draw(t, "edges") {
			e := Edge{From: node.Draw(t, "from"), To: node.Draw(t, "to"), Kind: EdgeKind(rapid.IntRange(0, 4).Draw(t, "edge"))}
			e.Labels = rapid.SliceOfN(text, 0, 3).Draw(t, "labels")
			isSame := func(o Edge) bool { return o.From == e.From && o.To == e.To && o.Kind == e.Kind }
			if e.From != e.To && !slices.ContainsFunc(g.Edges, isSame) {
				g.Edges = append(g.Edges, e)
			}
		}
		return g
	})
}

const slack = 0.01

func overlap(a, b rect) bool {
	return a.x < b.right()-slack && b.x < a.right()-slack && a.y < b.bottom()-slack && b.y < a.bottom()-slack
}

func within(inner, outer rect) bool {
	return inner.x >= outer.x-slack && inner.right() <= outer.right()+slack && inner.y >= outer.y-slack && inner.bottom() <= outer.bottom()+slack
}

// checkSheet reports what overlaps, sticks out or is run through.
func checkSheet(g *Graph, s *sheet, errorf func(string, ...any)) {
	page := rect{0, 0, s.size.x, s.size.y}
	solid := slices.Clone(s.boxes) // no two of these may overlap
	solid = append(solid, rect{s.legend.frame.x, s.legend.frame.y, s.legend.frame.w, s.legend.frame.h})
	for _, r := range s.routes {
		if r.label.w > 0 {
			solid = append(solid, r.label)
		}
	}
	for _, t := range s.head {
		solid = append(solid, t.rect())
	}
	for i, a := range solid {
		if !within(a, page) {
			errorf("%v is not on the page, %v", a, page)
		}
		for _, b := range solid[:i] {
			if overlap(a, b) {
				errorf("%v overlaps %v", a, b)
			}
		}
	}
	for i, texts := range s.texts {
		for k, t := range texts {
			room := s.boxes[i]
			room.y += nodeStyles[g.Nodes[i].Kind].above // the lid of a cylinder
			room.h -= nodeStyles[g.Nodes[i].Kind].above
			if !within(t.rect(), room) {
				errorf("text %q at %v is not in its box, %v", t.text, t.rect(), s.boxes[i])
			}
			if k > 0 && texts[k-1].at.y+2 > t.at.y-0.7*t.style.size {
				errorf("text %q is on %q", t.text, texts[k-1].text)
			}
		}
	}
	for i := range g.Edges {
		checkRoute(g, s, i, errorf)
	}
	for i, e := range s.legend.entries {
		if !within(e.text.rect(), s.legend.frame) || !within(e.sample, s.legend.frame) {
			errorf("legend %q is cut off", e.text.text)
		}
		for _, o := range s.legend.entries[:i] {
			if overlap(e.text.rect(), o.text.rect()) || overlap(e.sample, o.text.rect()) || overlap(e.text.rect(), o.sample) {
				errorf("legend %q overlaps %q", e.text.text, o.text.text)
			}
		}
	}
}

// checkRoute wants an edge to begin and end at its boxes, and to run through
// no box and no label of another edge.
func checkRoute(g *Graph, s *sheet, i int, errorf func(string, ...any)) {
	points := s.routes[i].points
	ends := []int{g.Edges[i].From, g.Edges[i].To}
	for k, p := range []point{points[0], points[len(points)-1]} {
		b := s.boxes[ends[k]]
		if onSide := near(p.x, b.x) || near(p.x, b.right()); !onSide || p.y < b.y || p.y > b.bottom() {
			errorf("edge %d ends at %v, and not at %v", i, p, b)
		}
	}
	for _, p := range samples(points) {
		for k, b := range s.boxes {
			if p.x > b.x+slack && p.x < b.right()-slack && p.y > b.y && p.y < b.bottom() {
				errorf("edge %d runs through box %d at %v", i, k, p)
			}
		}
		for k, r := range s.routes {
			if l := r.label; k != i && p.x > l.x && p.x < l.right() && p.y > l.y && p.y < l.bottom() {
				errorf("edge %d runs through the label of edge %d", i, k)
			}
		}
	}
}

// TestEndsAreApart wants the ends of edges at a box to be told apart.
func TestEndsAreApart(t *testing.T) {
	for name, jobs := range cases {
		g := New(jobs())
		seen := map[point]int{}
		for i, r := range newSheet(g).routes {
			for _, p := range []point{r.points[0], r.points[len(r.points)-1]} {
				for o, k := range seen {
					if near(o.x, p.x) && math.Abs(o.y-p.y) < 8 {
						t.Errorf("%s: edges %d and %d both end at %v", name, k, i, p)
					}
				}
				seen[p] = i
			}
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < slack }

// samples are points on a way; the curves are the cubic ones of routePath.
func samples(points []point) []point {
	var all []point
	for k := 1; k < len(points); k++ {
		a, b := points[k-1], points[k]
		for step := range 21 {
			t := float64(step) / 20
			if k%2 == 0 {
				all = append(all, point{a.x + t*(b.x-a.x), a.y})
				continue
			}
			mid := (a.x + b.x) / 2
			u := 1 - t
			all = append(all, point{
				u*u*u*a.x + 3*u*u*t*mid + 3*u*t*t*mid + t*t*t*b.x,
				(u*u*u+3*u*u*t)*a.y + (3*u*t*t+t*t*t)*b.y,
			})
		}
	}
	return all
}

func TestNothingOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := someGraph().Draw(t, "graph")
		checkSheet(g, newSheet(g), t.Errorf)
	})
}

func TestCasesDoNotOverlap(t *testing.T) {
	for name, jobs := range cases {
		g := New(jobs())
		checkSheet(g, newSheet(g), func(format string, args ...any) {
			t.Errorf(name+": "+format, args...)
		})
	}
}

func TestEveryGraphIsWellFormed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := someGraph().Draw(rt, "graph")
		svg := g.SVG()
		elements(t, svg)
		if string(svg) != string(g.SVG()) {
			rt.Error("not the same the second time")
		}
	})
}

// TestFewCrossings wants an order without crossings where there is one, and
// holds the large case to what was reached.
func TestFewCrossings(t *testing.T) {
	for name, most := range map[string]int{"small": 0, "guestbook": 0, "shop": 95} {
		g := New(cases[name]())
		l := &layout{graph: g, sizes: make([]point, len(g.Nodes))}
		l.rank()
		l.makeSlots()
		l.order()
		if n := l.crossings(l.positions()); n > most {
			t.Errorf("%s has %d crossings, want at most %d", name, n, most)
		}
	}
}

func TestRanksPointRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := someGraph().Draw(t, "graph")
		l := &layout{graph: g, sizes: make([]point, len(g.Nodes))}
		l.rank()
		for i, e := range g.Edges {
			if left, right := l.ends(i, e); l.ranks[left] >= l.ranks[right] || l.ranks[left] < 0 {
				t.Errorf("edge %d goes from column %d to %d", i, l.ranks[left], l.ranks[right])
			}
		}
	})
}

func TestInversions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.IntRange(0, 9), 0, 30).Draw(t, "a")
		want := 0
		for i := range a {
			for _, before := range a[:i] {
				if before > a[i] {
					want++
				}
			}
		}
		if got := inversions(a); got != want {
			t.Errorf("%d inversions, want %d", got, want)
		}
	})
}

func TestIsotonic(t *testing.T) {
	for _, c := range []struct{ values, weights, want []float64 }{
		{[]float64{1, 2, 3}, []float64{1, 1, 1}, []float64{1, 2, 3}},
		{[]float64{3, 1}, []float64{1, 1}, []float64{2, 2}},
		{[]float64{4, 1, 9}, []float64{2, 1, 1}, []float64{3, 3, 9}},
		{[]float64{5, 4, 3, 0}, []float64{1, 1, 1, 1}, []float64{3, 3, 3, 3}},
		{nil, nil, nil},
	} {
		got := slices.Clone(c.values)
		isotonic(got, c.weights)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v becomes %v, want %v", c.values, got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in    string
		width float64
		want  string
	}{
		{"short", 100, "short"},
		{"registry.example/group/name:1.2.3", 100, "registry…e:1.2.3"},
		{"abc", 1, "…"},
		{"", 10, ""},
	} {
		if got := fit(c.in, regular, 11, c.width); got != c.want {
			t.Errorf("%s fits as %s, want %s", c.in, got, c.want)
		}
	}
}

func TestFitFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.Float64Range(20, 300).Draw(t, "width")
		s := fit(rapid.String().Draw(t, "text"), bold, 13, width)
		if w := textWidth(s, bold, 13); w > width {
			t.Errorf("%q is %v wide, want at most %v", s, w, width)
		}
	})
}

// luminance is that of WCAG 2.2, "relative luminance".
func luminance(color string) float64 {
	sum := 0.0
	for i, factor := range []float64{0.2126, 0.7152, 0.0722} {
		v, _ := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		c := float64(v) / 255
		if c <= 0.04045 {
			sum += factor * c / 12.92
		} else {
			sum += factor * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrast(t *testing.T) {
	behind := map[string]string{}
	for kind, s := range nodeStyles {
		behind[fmt.Sprint("node ", kind)] = s.fill
		if c := contrast(s.stroke, paperColor); c < 3 {
			t.Errorf("the outline of %d has a contrast of %.1f", kind, c)
		}
	}
	behind["page"] = paperColor
	for _, ink := range []string{inkColor, faintColor} {
		for name, color := range behind {
			if c := contrast(ink, color); c < 4.5 {
				t.Errorf("%s on the %s has a contrast of %.1f", ink, name, c)
			}
		}
	}
	for kind, s := range edgeStyles {
		if c := contrast(s.color, paperColor); c < 4.5 {
			t.Errorf("edge %d has a contrast of %.1f", kind, c)
		}
	}
}

// TestLargeGraph wants the work to stay bounded: every node joined to many.
func TestLargeGraph(t *testing.T) {
	g := &Graph{Title: "large"}
	for i := range 150 {
		g.Nodes = append(g.Nodes, Node{Kind: Container, Name: "c" + strconv.Itoa(i)})
		for step := 1; step <= 5 && i >= step*7; step++ {
			g.Edges = append(g.Edges, Edge{From: i - step*7, To: i, Kind: Talks, Labels: []string{":80"}})
		}
	}
	if n := strings.Count(string(g.SVG()), "<text"); n < 150+len(g.Edges) {
		t.Errorf("there are %d texts", n)
	}
}
