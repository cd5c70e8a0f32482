package polytope

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"hull/ir"
)

// Item is a module or a template as it stands in the list of a file, for those
// who change a file in one place.
type Item struct{ node *node }

// NewItem lays out a module or a template of a file.
func NewItem(f *ir.File, x ir.Node, opts Options) (Item, error) {
	b := &builder{scope: newScope(f, opts.Signatures)}
	var n *node
	switch x := x.(type) {
	case *ir.Module:
		n = b.module(x)
	case *ir.Template:
		n = b.template(x)
	default:
		return Item{}, fmt.Errorf("polytope: %T is no item of a file", x)
	}
	b.check(n)
	return Item{n}, b.err
}

// YAML is the item with its dash in the given column, which counts from 0.
// There is a line break behind it.
func (i Item) YAML(column int) (string, error) {
	texts, err := yamlItems([]*node{i.node})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for line := range strings.Lines(texts[0]) {
		if line = strings.TrimPrefix(line, "  "); line != "\n" {
			b.WriteString(strings.Repeat(" ", column))
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

// JSON is the item in the given column, which counts from 0.
func (i Item) JSON(column int) (string, error) {
	var compact, b bytes.Buffer
	writeJSON(&compact, i.node)
	err := json.Indent(&b, compact.Bytes(), strings.Repeat(" ", column), "  ")
	return b.String(), err
}

// EDN is the item in the given column, which counts from 0.
func (i Item) EDN(column int) (string, error) {
	return ednHead(i.node, column) + ednText(i.node, column), nil
}
