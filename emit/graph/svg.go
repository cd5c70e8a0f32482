package graph

import (
	"math"
	"strings"
)

// Distances in pixels.
const (
	pageMargin = 24.0
	boxPadX    = 12.0
	boxPadY    = 8.0
	minBox     = 84.0
	maxText    = 210.0 // what is wider is shortened
	headGap    = 20.0
)

// SVG draws the graph. The picture needs no other file, script or style sheet,
// and paints its own background.
//
// Source: SVG 1.1, and its "Accessibility Support" for titles and
// descriptions.
func (g *Graph) SVG() []byte {
	s := newSheet(g)
	p := &pen{}
	p.f(`<svg xmlns="http://www.w3.org/2000/svg" width="%v" height="%v" viewBox="0 0 %v %v" role="img" `+
		`aria-labelledby="hull-graph-title hull-graph-desc" font-family="%s">`+"\n",
		s.size.x, s.size.y, s.size.x, s.size.y, fontFamily)
	p.f("<title id=\"hull-graph-title\">%s</title>\n", escape(clean(g.Title)))
	p.f("<desc id=\"hull-graph-desc\">%s</desc>\n", escape(g.description()))
	p.f(`<rect width="%v" height="%v" fill="%s"/>`+"\n", s.size.x, s.size.y, paperColor)
	for _, t := range s.head {
		p.text(t)
	}
	for i := range g.Edges {
		p.edge(g, i, s)
	}
	for i := range g.Edges {
		p.label(g, i, s)
	}
	for i := range g.Nodes {
		p.node(&g.Nodes[i], s.boxes[i], s.texts[i])
	}
	s.legend.draw(p)
	p.f("</svg>\n")
	return []byte(p.String())
}

// fontFamily begins with fonts whose widths are in the table of widths.
const fontFamily = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

// description is the picture in words.
func (g *Graph) description() string {
	parts := []string{g.Summary() + "."}
	for i := range g.Edges {
		parts = append(parts, g.sentence(&g.Edges[i])+".")
	}
	return clean(strings.Join(parts, " "))
}

// placedText is a line of text; at is the left end of its base line, or the
// middle of one that is centered.
type placedText struct {
	text     string
	at       point
	style    lineStyle
	centered bool
}

// rect is the room that the text can take.
func (t placedText) rect() rect {
	r := rect{t.at.x, t.at.y - 0.95*t.style.size, textWidth(t.text, t.style.face, t.style.size), 1.25 * t.style.size}
	if t.centered {
		r.x -= r.w / 2
	}
	return r
}

// sheet is the page with everything on it.
type sheet struct {
	*picture
	head   []placedText
	texts  [][]placedText // of each node
	legend legend
	size   point
}

func newSheet(g *Graph) *sheet {
	sizes := make([]point, len(g.Nodes))
	for i := range g.Nodes {
		sizes[i] = boxSize(&g.Nodes[i])
	}
	s := &sheet{picture: newPicture(g, sizes)}
	width := max(s.picture.size.x, 480)
	y := s.setHead(g, width)
	s.move(pageMargin, y+headGap)
	for i := range g.Nodes {
		s.texts = append(s.texts, boxTexts(&g.Nodes[i], s.boxes[i]))
	}
	s.legend = newLegend(g, rect{pageMargin, y + s.picture.size.y + 2*headGap, width, 0})
	s.size = point{width + 2*pageMargin, math.Ceil(s.legend.frame.bottom() + pageMargin)}
	s.size.x = math.Ceil(s.size.x)
	return s
}

// setHead sets the title and the summary, and returns where they end.
func (s *sheet) setHead(g *Graph, width float64) float64 {
	y := pageMargin
	for _, l := range []struct {
		text  string
		style lineStyle
	}{{g.Title, titleLine}, {g.Summary(), headLine}} {
		y += l.style.height
		text := fit(clean(l.text), l.style.face, l.style.size, width)
		s.head = append(s.head, placedText{text: text, at: point{pageMargin, y - 5}, style: l.style})
	}
	return y
}

// move moves the picture on the page.
func (p *picture) move(dx, dy float64) {
	for i := range p.boxes {
		p.boxes[i].x += dx
		p.boxes[i].y += dy
	}
	for i := range p.routes {
		r := &p.routes[i]
		r.label.x += dx
		r.label.y += dy
		for k := range r.points {
			r.points[k].x += dx
			r.points[k].y += dy
		}
	}
}

// boxLines are the lines of a node, shortened to what fits.
func boxLines(n *Node) []placedText {
	var lines []placedText
	add := func(text string, style lineStyle) {
		lines = append(lines, placedText{text: fit(clean(text), style.face, style.size, maxText), style: style})
	}
	add(n.Name, nameLine)
	for _, d := range n.Shown() {
		style, ok := detailLines[d.Kind]
		if !ok {
			style = plainLine
		}
		add(d.Text, style)
	}
	if n.Only != "" {
		add(n.Only, onlyLine)
	}
	return lines
}

// boxSize is the room that a node's text needs.
func boxSize(n *Node) point {
	size := point{minBox, 2*boxPadY + nodeStyles[n.Kind].above}
	for _, l := range boxLines(n) {
		size.x = max(size.x, textWidth(l.text, l.style.face, l.style.size)+2*boxPadX)
		size.y += l.style.height
	}
	return size
}

// boxTexts sets the lines of a node into its box, which can be larger than it
// has to be.
func boxTexts(n *Node, box rect) []placedText {
	lines := boxLines(n)
	above := nodeStyles[n.Kind].above
	y := box.y + above + (box.h-above)/2
	for _, l := range lines {
		y -= l.style.height / 2
	}
	for i := range lines {
		style := lines[i].style
		y += style.height
		lines[i].at = point{box.x + boxPadX, y - (style.height-style.size)/2 - 0.15*style.size}
	}
	return lines
}

// legend explains the lines that are in the picture.
type legend struct {
	frame   rect
	entries []legendEntry
}

// legendEntry is a sample and what it means.
type legendEntry struct {
	sample rect
	draw   func(p *pen, at rect)
	text   placedText
}

const (
	legendSample = 42.0
	legendLine   = 22.0
	legendGap    = 24.0
)

// newLegend lays the legend out below the upper edge of the frame: nodes, and
// edges below them, in as many lines as the width makes necessary.
func newLegend(g *Graph, frame rect) legend {
	l := legend{frame: frame}
	at := point{frame.x, frame.y + legendLine}
	for _, k := range g.nodeKinds() {
		style := nodeStyles[k]
		l.add(&at, nodeTexts[k], func(p *pen, r rect) {
			style.shape(p, r, style)
		})
	}
	if edges := g.edgeKinds(); len(edges) > 0 {
		at = point{frame.x, at.y + legendLine}
		for _, k := range edges {
			style := edgeStyles[k]
			l.add(&at, legendTexts[k], func(p *pen, r rect) { p.sample(style, r) })
		}
	}
	if len(l.entries) > 0 {
		l.frame.h = at.y + legendLine/2 - frame.y
	}
	return l
}

// add puts an entry at a place, and moves that on.
func (l *legend) add(at *point, text string, draw func(*pen, rect)) {
	width := legendSample + 8 + textWidth(text, regular, plainLine.size)
	if at.x > l.frame.x && at.x+width > l.frame.right() {
		*at = point{l.frame.x, at.y + legendLine}
	}
	l.entries = append(l.entries, legendEntry{
		rect{at.x, at.y - 7, legendSample, 14},
		draw,
		placedText{text: text, at: point{at.x + legendSample + 8, at.y + 4}, style: plainLine},
	})
	at.x += width + legendGap
}

// nodeTexts say what the boxes mean.
var nodeTexts = map[NodeKind]string{
	Outside:   "the host and beyond",
	Build:     "image that is built",
	Container: "container",
	Opaque:    "task that cannot be evaluated",
	Volume:    "volume",
}

// legendTexts say what the lines mean, from their beginning to their end.
var legendTexts = map[EdgeKind]string{
	Exposes: "reaches, at the host's port",
	Builds:  "builds the image of",
	Talks:   "has the address of",
	Waits:   "waits for the end of",
	Mounts:  "mounts, at a path",
}

func (l *legend) draw(p *pen) {
	if len(l.entries) == 0 {
		return
	}
	p.f(`<line x1="%v" y1="%v" x2="%v" y2="%v" stroke="%s"/>`+"\n", n(l.frame.x), n(l.frame.y), n(l.frame.right()), n(l.frame.y), ruleColor)
	for _, e := range l.entries {
		e.draw(p, e.sample)
		p.text(e.text)
	}
}

// sample draws an edge by itself.
func (p *pen) sample(style edgeStyle, r rect) {
	y := r.y + r.h/2
	p.f(`<path d="M%s %sH%s" fill="none" stroke="%s" stroke-width="%v"%s/>`+"\n",
		n(r.x), n(y), n(r.right()-tipRoom), style.color, style.width, dashes(style.dash))
	style.tip(p, point{r.right(), y}, 1, style.color)
}
