package polytope

import (
	"slices"
	"strconv"

	"hull/ir"
)

// node is a part of a file as its text has it: what the three front ends share,
// and what lowering makes the representation of.
type node struct {
	kind kind
	// value is what a scalar stands for: nil, bool, int64, float64 or string.
	value any
	// isName holds for the keywords of EDN, which are never references.
	isName bool
	// text is the source of a raw form, or a symbol.
	text    string
	items   []*node        // of a list
	entries []entry        // of a record, in order, keys unique
	index   map[string]int // of the entries, where they are many
	rng     ir.Range
	// begin is where the item or entry that holds the node begins: at its dash
	// or its key.
	begin    ir.Pos
	comments remarks
	// home is what the comments go to.
	home *ir.Meta
	// isDelimited holds for what ends with a bracket.
	isDelimited bool
	// isCopy holds for what an alias repeats: it has no place of its own.
	isCopy bool

	up   *node
	step string // how up's path goes on to this node
}

type entry struct {
	key   string
	at    ir.Range
	value *node
}

type kind int

const (
	scalar kind = iota
	symbol      // of EDN: a name, or code of one word; text has it
	raw         // of EDN: code, verbatim in text
	list
	record
)

var kindNames = map[kind]string{scalar: "a scalar", symbol: "a symbol", raw: "code", list: "a list", record: "a map"}

// describe is the node's kind as messages have it.
func (n *node) describe() string {
	if n.isNull() {
		return "nothing"
	}
	if n.kind != scalar {
		return kindNames[n.kind]
	}
	switch n.value.(type) {
	case string:
		return "text"
	case bool:
		return "a boolean"
	}
	return "a number"
}

func (n *node) isNull() bool { return n.kind == scalar && n.value == nil }

// get is the value of a key, or nil.
func (n *node) get(key string) *node {
	if i := n.find(key); i >= 0 {
		return n.entries[i].value
	}
	return nil
}

// manyEntries is from where on an index is faster than looking at each.
const manyEntries = 16

// find is the index of the entry with a key, or -1.
func (n *node) find(key string) int {
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(n.entries, func(e entry) bool { return e.key == key })
}

// put adds an entry. A later entry of the same key replaces the earlier one, as
// most parsers have it, and put reports that there was one.
func (n *node) put(e entry) (isRepeated bool) {
	if i := n.find(e.key); i >= 0 {
		n.entries[i] = e
		return true
	}
	n.entries = append(n.entries, e)
	switch {
	case n.index != nil:
		n.index[e.key] = len(n.entries) - 1
	case len(n.entries) > manyEntries:
		n.index = map[string]int{}
		for i, e := range n.entries {
			n.index[e.key] = i
		}
	}
	return false
}

// children are the nodes directly below, in the order of the text.
func (n *node) children() []*node {
	if n.kind == list {
		return n.items
	}
	cs := make([]*node, 0, len(n.entries))
	for _, e := range n.entries {
		cs = append(cs, e.value)
	}
	return cs
}

// link makes the nodes below know where they are.
func (n *node) link() {
	for i, c := range n.items {
		c.up, c.step = n, "["+strconv.Itoa(i)+"]"
		c.link()
	}
	for _, e := range n.entries {
		e.value.up, e.value.step = n, "."+e.key
		e.value.link()
	}
}

// path names the node as diagnostics do: "modules[2].args.port".
func (n *node) path() string {
	if n == nil || n.up == nil {
		return ""
	}
	above := n.up.path()
	if above == "" && n.step[0] == '.' {
		return n.step[1:]
	}
	return above + n.step
}

// scalarText is the text of a scalar that is not null, and whether it is one.
func (n *node) scalarText() (string, bool) {
	if n.kind == symbol {
		return n.text, true
	}
	if n.kind != scalar {
		return "", false
	}
	switch v := n.value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}
