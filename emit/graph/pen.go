package graph

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// pen writes the elements of a picture.
type pen struct{ strings.Builder }

func (p *pen) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// n is a number with at most one digit behind the point.
func n(x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	// A Builder returns no error.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func dashes(dash string) string {
	if dash == "" {
		return ""
	}
	return ` stroke-dasharray="` + dash + `"`
}

// text writes a line of text.
func (p *pen) text(t placedText) {
	style := ""
	if t.style.face == bold {
		style = ` font-weight="bold"`
	}
	if t.style.italic {
		style += ` font-style="italic"`
	}
	if t.centered {
		style += ` text-anchor="middle"`
	}
	p.f(`<text x="%s" y="%s" font-size="%v" fill="%s"%s>%s</text>`+"\n",
		n(t.at.x), n(t.at.y), t.style.size, t.style.color, style, escape(t.text))
}

// node draws a box with its text; what was shortened is in its title.
func (p *pen) node(node *Node, box rect, lines []placedText) {
	style := nodeStyles[node.Kind]
	p.f("<g>\n<title>%s</title>\n", escape(kindNames[node.Kind].one+" "+cleanLines(node.Text())))
	style.shape(p, box, style)
	for _, l := range lines {
		p.text(l)
	}
	p.f("</g>\n")
}

// tipRoom is what a line leaves free before its end, for the tip.
const tipRoom = 6.0

// edge draws the line of an edge and its tip.
func (p *pen) edge(g *Graph, i int, s *sheet) {
	e := &g.Edges[i]
	style := edgeStyles[e.Kind]
	points := s.routes[i].points
	last, before := points[len(points)-1], points[len(points)-2]
	dir := math.Copysign(1, last.x-before.x)
	p.f("<g>\n<title>%s</title>\n", escape(clean(g.sentence(e))))
	// A wide line in the colour of the page lets crossings be told from bends.
	path := routePath(points, dir)
	p.f(`<path d="%s" fill="none" stroke="%s" stroke-width="%v"/>`+"\n", path, paperColor, style.width+3)
	p.f(`<path d="%s" fill="none" stroke="%s" stroke-width="%v"%s/>`+"\n", path, style.color, style.width, dashes(style.dash))
	style.tip(p, last, dir, style.color)
	p.f("</g>\n")
}

// routePath is a way as path data: lines within columns, curves between them.
func routePath(points []point, dir float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%s %s", n(points[0].x), n(points[0].y))
	for k := 1; k < len(points); k++ {
		from, to := points[k-1], points[k]
		if k == len(points)-1 {
			to.x -= dir * tipRoom
		}
		if k%2 == 0 {
			fmt.Fprintf(&b, "H%s", n(to.x))
			continue
		}
		bend := (to.x - from.x) / 2
		fmt.Fprintf(&b, "C%s %s %s %s %s %s", n(from.x+bend), n(from.y), n(to.x-bend), n(to.y), n(to.x), n(to.y))
	}
	return b.String()
}

// label writes what an edge is labelled with, on the line itself.
func (p *pen) label(g *Graph, i int, s *sheet) {
	e, r := &g.Edges[i], s.routes[i].label
	if r.w == 0 {
		return
	}
	t := s.labelText(g, i)
	t.style.color = edgeStyles[e.Kind].color
	p.f("<g>\n<title>%s</title>\n", escape(clean(g.sentence(e))))
	p.f(`<rect x="%s" y="%s" width="%s" height="%s" rx="3" fill="%s"/>`+"\n", n(r.x), n(r.y), n(r.w), n(r.h), paperColor)
	p.text(t)
	p.f("</g>\n")
}

func (s *sheet) labelText(g *Graph, i int) placedText {
	r := s.routes[i].label
	text := fit(clean(g.Edges[i].Label()), regular, labelSize, labelWidth)
	return placedText{text: text, at: point{r.x + r.w/2, r.y + 11}, style: edgeLine, centered: true}
}

// drawArrow draws a filled tip.
func drawArrow(p *pen, at point, dir float64, color string) {
	back := at.x - dir*10
	p.f(`<path d="M%s %sL%s %sL%s %sZ" fill="%s"/>`+"\n",
		n(at.x), n(at.y), n(back), n(at.y-4.5), n(back), n(at.y+4.5), color)
}

// drawOpenArrow draws a tip of two strokes.
func drawOpenArrow(p *pen, at point, dir float64, color string) {
	back := at.x - dir*9
	p.f(`<path d="M%s %sL%s %sL%s %sM%s %sH%s" fill="none" stroke="%s" stroke-width="1.6"/>`+"\n",
		n(back), n(at.y-5), n(at.x), n(at.y), n(back), n(at.y+5), n(at.x), n(at.y), n(at.x-dir*tipRoom), color)
}

// drawDot draws a round end.
func drawDot(p *pen, at point, dir float64, color string) {
	p.f(`<circle cx="%s" cy="%s" r="3.4" fill="%s"/>`+"\n", n(at.x-dir*3.4), n(at.y), color)
}

func drawBox(p *pen, r rect, s nodeStyle) { p.rect(r, 5, s, "") }

func drawPill(p *pen, r rect, s nodeStyle) { p.rect(r, min(18, r.h/2), s, "") }

func drawDashed(p *pen, r rect, s nodeStyle) { p.rect(r, 5, s, "5 3") }

// drawBarred draws a box with a bar at its left.
func drawBarred(p *pen, r rect, s nodeStyle) {
	p.rect(r, 0, s, "")
	p.f(`<rect x="%s" y="%s" width="5" height="%s" fill="%s"/>`+"\n", n(r.x), n(r.y), n(r.h), s.stroke)
}

func (p *pen) rect(r rect, radius float64, s nodeStyle, dash string) {
	p.f(`<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s" stroke="%s" stroke-width="1.4"%s/>`+"\n",
		n(r.x), n(r.y), n(r.w), n(r.h), n(radius), s.fill, s.stroke, dashes(dash))
}

// lidHeight is half the height of the lid of a cylinder.
const lidHeight = 5.0

// drawCylinder draws what keeps data. The lid and the round bottom are within
// the rectangle.
func drawCylinder(p *pen, r rect, s nodeStyle) {
	rx, top, bottom := r.w/2, r.y+lidHeight, r.bottom()-lidHeight
	p.f(`<path d="M%s %sA%s %v 0 0 1 %s %sV%sA%s %v 0 0 1 %s %sZ" fill="%s" stroke="%s" stroke-width="1.4"/>`+"\n",
		n(r.x), n(top), n(rx), lidHeight, n(r.right()), n(top), n(bottom), n(rx), lidHeight, n(r.x), n(bottom), s.fill, s.stroke)
	p.f(`<path d="M%s %sA%s %v 0 0 0 %s %s" fill="none" stroke="%s" stroke-width="1.4"/>`+"\n",
		n(r.x), n(top), n(rx), lidHeight, n(r.right()), n(top), s.stroke)
}
