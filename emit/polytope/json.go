package polytope

import (
	"bytes"
	"encoding/json"

	"hull/ir"
)

// WriteJSON writes a file that Split has made expressible. JSON has no
// comments: they are left out. It fails where a text is not UTF-8 or a number
// is not finite.
func WriteJSON(f *ir.File, opts Options) ([]byte, error) {
	root, err := tree(f, opts)
	if err != nil {
		return nil, err
	}
	var compact, b bytes.Buffer
	writeJSON(&compact, root)
	if err := json.Indent(&b, compact.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// writeJSON writes a node without spaces. encoding/json would not keep the
// order of the keys.
func writeJSON(b *bytes.Buffer, n *node) {
	switch n.kind {
	case nullNode, numberNode:
		b.WriteString(n.text)
	case textNode, nameNode:
		b.WriteString(jsonString(n.text))
	case listNode:
		for i, item := range n.items {
			b.WriteByte("[,"[min(i, 1)])
			writeJSON(b, item)
		}
		b.WriteString(closing(n, "[", "]"))
	case recordNode:
		for i, f := range n.fields {
			b.WriteByte("{,"[min(i, 1)])
			b.WriteString(jsonString(f.key) + ":")
			writeJSON(b, f.value)
		}
		b.WriteString(closing(n, "{", "}"))
	}
}

// closing is the bracket that ends a list or record, or both if it is empty.
func closing(n *node, open, end string) string {
	if n.isLeaf() {
		return open + end
	}
	return end
}
