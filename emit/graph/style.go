package graph

// The colours: boxes are light, on a painted page, with dark type, so that a
// picture reads the same wherever it is put. All types have a contrast of at
// least 4.5 to what is behind them (WCAG 2.2, 1.4.3); a test holds that.
const (
	paperColor = "#ffffff"
	inkColor   = "#1b1f24"
	faintColor = "#4a525c" // of what is below a name
	ruleColor  = "#d0d5db"
)

// nodeStyle is how the nodes of a kind look.
type nodeStyle struct {
	fill, stroke string
	// shape draws the outline.
	shape func(p *pen, r rect, s nodeStyle)
	// above is the room that the shape needs over the text, in pixels.
	above float64
}

var nodeStyles = map[NodeKind]nodeStyle{
	Outside:   {"#f1f3f5", "#59636e", drawPill, 0},
	Build:     {"#fdf0dc", "#9a5b00", drawBarred, 0},
	Container: {"#e7f0fb", "#2b66a8", drawBox, 0},
	Opaque:    {"#f3ecfb", "#7442b0", drawDashed, 0},
	Volume:    {"#e4f5e9", "#27754a", drawCylinder, 2 * lidHeight},
}

// edgeStyle is how the edges of a kind look. They differ in more than colour.
type edgeStyle struct {
	color string
	width float64
	dash  string
	// tip draws the end; dir is 1 where the edge points to the right, else -1.
	tip func(p *pen, at point, dir float64, color string)
}

var edgeStyles = map[EdgeKind]edgeStyle{
	Exposes: {"#59636e", 1.2, "", drawArrow},
	Builds:  {"#9a5b00", 2.8, "", drawArrow},
	Talks:   {"#2b66a8", 1.6, "", drawArrow},
	Waits:   {"#a3266b", 1.5, "6 4", drawOpenArrow},
	Mounts:  {"#27754a", 1.4, "", drawDot},
}

// lineStyle is how a line of text in a box looks.
type lineStyle struct {
	face   face
	size   float64
	height float64
	color  string
	italic bool
}

var (
	nameLine  = lineStyle{bold, 13, 18, inkColor, false}
	plainLine = lineStyle{regular, 11, 15, faintColor, false}
	portLine  = lineStyle{bold, 11, 15, inkColor, false}
	onlyLine  = lineStyle{regular, 11, 17, faintColor, true}
	titleLine = lineStyle{bold, 18, 24, inkColor, false}
	headLine  = lineStyle{regular, 12, 18, faintColor, false}
	edgeLine  = lineStyle{regular, labelSize, labelLine, inkColor, false}
)

// detailLines are the styles of details; others are plain.
var detailLines = map[DetailKind]lineStyle{ExposedDetail: portLine}
