package polytope

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"hull/ir"
)

// lineWidth is how many columns a line may have before lists and records
// spread over several; a text is never broken.
const lineWidth = 100

// WriteYAML writes a file that Split has made expressible. It fails where a
// text is not UTF-8 or a number is not finite.
func WriteYAML(f *ir.File, opts Options) ([]byte, error) {
	root, err := tree(f, opts)
	if err != nil {
		return nil, err
	}
	parts := []string{yamlComment(opts.Header), paragraphs(yamlComment, root.comments.Head)}
	for _, section := range root.fields {
		items, err := yamlItems(section.value.items)
		if err != nil {
			return nil, err
		}
		parts = append(parts, section.key+":\n"+strings.Join(items, "\n"))
	}
	if len(root.fields) == 0 {
		parts = append(parts, "{}\n")
	}
	parts = append(parts, yamlComment(joinLines(root.comments.Line, root.comments.Foot)))
	return []byte(joinParagraphs(parts)), nil
}

// paragraphs makes comments of a text whose paragraphs stay apart.
func paragraphs(comment func(string) string, text string) string {
	var parts []string
	for p := range strings.SplitSeq(text, "\n\n") {
		parts = append(parts, comment(strings.Trim(p, "\n")))
	}
	return joinParagraphs(parts)
}

// joinParagraphs puts an empty line between texts that are not empty and end
// their line.
func joinParagraphs(parts []string) string {
	var all strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if all.Len() > 0 {
			all.WriteByte('\n')
		}
		all.WriteString(strings.TrimSuffix(p, "\n") + "\n")
	}
	return all.String()
}

// yamlItems writes each item of a section, indented. They are encoded together
// and parted again because yaml.v3 cannot put empty lines between them.
func yamlItems(items []*node) ([]string, error) {
	section := &yaml.Node{Kind: yaml.SequenceNode}
	for _, n := range items {
		section.Content = append(section.Content, yamlNode(n, len("  - "), len("  - ")))
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(section); err != nil {
		return nil, err
	}
	texts := partItems(b.String())
	for i, n := range items {
		own := yamlComment(joinLines(n.comments.Head, n.comments.Line)) + texts[i] + yamlComment(n.comments.Foot)
		texts[i] = indentLines(own)
	}
	return texts, nil
}

// partItems parts a list that is spread over lines: what is inside of an item
// is indented, its dash is not.
func partItems(list string) []string {
	var texts []string
	for start := 0; start < len(list); {
		end := len(list)
		if i := strings.Index(list[start:], "\n- "); i >= 0 {
			end = start + i + 1
		}
		texts = append(texts, list[start:end])
		start = end
	}
	return texts
}

// indentLines moves every line that is not empty to the right. In a literal
// block this changes the indentation, not the text.
func indentLines(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		if line != "\n" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// yamlNode is the node as yaml.v3 has it, without its own comments. Start is
// the column where it begins if it stands on one line, indent the one where
// its entries begin if it does not.
func yamlNode(n *node, start, indent int) *yaml.Node {
	isFlow := n.isLeaf() || n.isOneLine() && start+yamlWidth(n) <= lineWidth
	y := &yaml.Node{Kind: yaml.SequenceNode}
	switch {
	case n.kind == textNode, n.kind == nameNode:
		return yamlText(n.text, false)
	case isFlow:
		return yamlFlow(n)
	case n.kind == recordNode:
		y.Kind = yaml.MappingNode
	}
	for _, item := range n.items {
		y.Content = append(y.Content, yamlItem(item, indent+len("- ")))
	}
	for _, f := range n.fields {
		y.Content = append(y.Content, yamlEntry(f, indent)...)
	}
	return y
}

func yamlItem(n *node, column int) *yaml.Node {
	y := yamlNode(n, column, column)
	placeComments(n, y, y)
	return y
}

func yamlEntry(f field, indent int) []*yaml.Node {
	key := yamlText(f.key, true)
	value := yamlNode(f.value, indent+utf8.RuneCountInString(f.key)+len(": "), indent+len("  "))
	placeComments(f.value, key, value)
	return []*yaml.Node{key, value}
}

// placeComments puts a node's comments above what starts with head, or behind
// a text that ends its line. None goes below: yaml.v3 writes broken YAML for a
// list or record on one line that has such a comment.
func placeComments(n *node, head, value *yaml.Node) {
	c := n.comments
	isLine := value.Kind == yaml.ScalarNode && value.Style != yaml.LiteralStyle && !strings.Contains(c.Line, "\n")
	if isLine {
		value.LineComment, c.Line = yamlComment(c.Line), ""
	}
	head.HeadComment = yamlComment(joinLines(c.Head, c.Line, c.Foot))
}

// yamlFlow is the node on one line.
func yamlFlow(n *node) *yaml.Node {
	y := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	switch n.kind {
	case textNode, nameNode:
		return yamlText(n.text, true)
	case nullNode, numberNode:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: n.text}
	case recordNode:
		y.Kind = yaml.MappingNode
	}
	for _, item := range n.items {
		y.Content = append(y.Content, yamlFlow(item))
	}
	for _, f := range n.fields {
		y.Content = append(y.Content, yamlText(f.key, true), yamlFlow(f.value))
	}
	return y
}

// yamlWidth is the number of columns that the node takes on one line, or some
// that is as well more than a line has.
func yamlWidth(n *node) int {
	width := len("[]")
	switch n.kind {
	case textNode, nameNode:
		width = utf8.RuneCountInString(n.text)
		if width <= lineWidth && !isPlainSafe(n.text, true) {
			width = utf8.RuneCountInString(jsonString(n.text))
		}
	case nullNode, numberNode:
		width = len(n.text)
	}
	for c := range n.children() {
		width += yamlWidth(c) + len(", ")
	}
	for _, f := range n.fields {
		width += utf8.RuneCountInString(f.key) + len(": ")
	}
	if !n.isLeaf() {
		width -= len(", ")
	}
	return width
}

// yamlText is a text in the first of these styles that is exact: plain,
// literal block, double quotes. A key is inside flow as far as that matters.
func yamlText(s string, inFlow bool) *yaml.Node {
	y := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case isPlainSafe(s, inFlow):
	case !inFlow && isLiteralSafe(s):
		y.Style = yaml.LiteralStyle
	default:
		y.Style = yaml.DoubleQuotedStyle
	}
	return y
}

// yamlComment makes comment lines of a text; it is empty where the text is.
func yamlComment(s string) string { return commentLines("#", s) }

// commentLines puts a marker in front of every line.
func commentLines(marker, s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		line = strings.TrimRight(strings.Map(commentRune, line), " ")
		if !strings.HasPrefix(line, marker) { // or it is a rule, such as "#####"
			line = " " + line
		}
		b.WriteString(strings.TrimRight(marker+line, " ") + "\n")
	}
	return b.String()
}

// commentRune replaces what could end a comment or is not allowed in one.
func commentRune(r rune) rune {
	if isPrintable(r) {
		return r
	}
	return ' '
}
