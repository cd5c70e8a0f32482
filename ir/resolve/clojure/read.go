package clojure

import (
	"slices"
	"strings"
	"unicode"
)

// The reader is hull's own: the EDN library knows no positions, loses the
// order of maps, and cannot read what only code has (#(), #"", ').

type nodeKind int

const (
	atomNode   nodeKind = iota // a value that evaluates to itself
	symbolNode                 // val is a Symbol
	listNode
	vectorNode
	mapNode // keys and values alternate
	setNode
)

// node is a form with its position.
type node struct {
	kind  nodeKind
	at    position
	val   Value
	items []*node
}

func (n *node) isSymbol(name string) bool { return n.kind == symbolNode && n.val == Symbol(name) }

func symbolAt(at position, name string) *node {
	return &node{kind: symbolNode, at: at, val: Symbol(name)}
}

func listAt(at position, items ...*node) *node {
	return &node{kind: listNode, at: at, items: items}
}

type reader struct {
	src   []rune
	i     int
	pos   position
	depth int
	fn    *fnLiteral // nil outside of #()
}

// fnLiteral is what is known of the arguments of #().
type fnLiteral struct {
	args int
	rest bool
}

const eof = rune(-1)

func newReader(source string) *reader {
	return &reader{src: []rune(source), pos: position{1, 1}}
}

func (r *reader) peek() rune { return r.peekAt(0) }

func (r *reader) peekAt(k int) rune {
	if r.i+k < len(r.src) {
		return r.src[r.i+k]
	}
	return eof
}

func (r *reader) next() rune {
	c := r.peek()
	if c == eof {
		return eof
	}
	r.i++
	r.pos.column++
	if c == '\n' {
		r.pos = position{r.pos.line + 1, 1}
	}
	return c
}

func isSpace(c rune) bool { return c == ',' || c != eof && unicode.IsSpace(c) }

// isTerminating tells whether a character ends a token before it.
func isTerminating(c rune) bool {
	return c == eof || isSpace(c) || strings.ContainsRune("\";@^`~()[]{}\\", c)
}

// form reads the next form; nil at the end of the source.
func (r *reader) form() (*node, error) {
	for {
		if err := r.space(); err != nil {
			return nil, err
		}
		at := r.pos
		if r.peek() == eof {
			return nil, nil
		}
		n, err := r.nested(at)
		if n != nil || err != nil {
			return n, locate(err, at)
		}
	}
}

// need reads a form that has to be there.
func (r *reader) need() (*node, error) {
	n, err := r.form()
	if n == nil && err == nil {
		err = locate(fail("the code ends within a form"), r.pos)
	}
	return n, err
}

// space skips blanks and comments.
func (r *reader) space() error {
	for {
		switch c := r.peek(); {
		case isSpace(c):
			r.next()
		case c == ';', c == '#' && r.peekAt(1) == '!':
			for r.peek() != '\n' && r.peek() != eof {
				r.next()
			}
		default:
			return nil
		}
	}
}

// nested reads one form at its first character; nil for a form that is left
// out.
func (r *reader) nested(at position) (*node, error) {
	if r.depth++; r.depth > maxNesting {
		return nil, unsupported("more than %d forms are nested", maxNesting)
	}
	defer func() { r.depth-- }()
	switch c := r.peek(); c {
	case '(', '[', '{':
		r.next()
		return r.collection(at, c)
	case ')', ']', '}':
		return nil, fail("there is nothing for %c to close", c)
	case '"':
		r.next()
		return r.str(at)
	case '\\':
		r.next()
		return r.char(at)
	case '\'':
		r.next()
		return r.wrapped(at, "quote")
	case '^':
		r.next()
		return r.meta()
	case '@', '`', '~':
		return nil, unsupported("%c is not supported", c)
	case '#':
		return r.dispatch(at)
	}
	return r.token(at)
}

var closers = map[rune]rune{'(': ')', '[': ']', '{': '}'}

func (r *reader) collection(at position, open rune) (*node, error) {
	items, err := r.until(closers[open])
	if err != nil {
		return nil, err
	}
	switch open {
	case '[':
		return &node{kind: vectorNode, at: at, items: items}, nil
	case '{':
		n := &node{kind: mapNode, at: at, items: items}
		return n, checkMap(n)
	}
	return listAt(at, items...), nil
}

func (r *reader) until(closer rune) ([]*node, error) {
	var items []*node
	for {
		if err := r.space(); err != nil {
			return nil, err
		}
		at := r.pos
		switch r.peek() {
		case eof:
			return nil, locate(fail("the code ends before %c", closer), at)
		case closer:
			r.next()
			return items, nil
		}
		n, err := r.nested(at)
		if err != nil {
			return nil, locate(err, at)
		}
		if n != nil {
			items = append(items, n)
		}
	}
}

func checkMap(n *node) error {
	if len(n.items)%2 != 0 {
		return fail("a map has a key without a value")
	}
	var keys []*node
	for i := 0; i < len(n.items); i += 2 {
		keys = append(keys, n.items[i])
	}
	return checkUnique(keys)
}

// checkUnique looks for forms that are written twice in a map or set.
func checkUnique(nodes []*node) error {
	seen := map[any]bool{}
	for _, n := range nodes {
		v := n.quoted()
		if id := identity(v); seen[id] {
			return locate(fail("duplicate key: %s", Print(v)), n.at)
		} else {
			seen[id] = true
		}
	}
	return nil
}

// wrapped reads a form into (NAME form).
func (r *reader) wrapped(at position, name string) (*node, error) {
	n, err := r.need()
	if err != nil {
		return nil, err
	}
	return listAt(at, symbolAt(at, name), n), nil
}

// meta reads metadata, which nothing depends on, and the form it belongs to.
func (r *reader) meta() (*node, error) {
	hint, err := r.need()
	if err != nil {
		return nil, err
	}
	isMeta := hint.kind == symbolNode || hint.kind == mapNode
	switch hint.val.(type) {
	case Keyword, string:
		isMeta = true
	}
	if !isMeta {
		return nil, fail("metadata must be a symbol, keyword, string or map")
	}
	n, err := r.need()
	if err == nil && n.kind == atomNode {
		err = fail("%s cannot have metadata", typeName(n.val))
	}
	return n, err
}

func (r *reader) dispatch(at position) (*node, error) {
	r.next()
	switch c := r.next(); c {
	case '(':
		return r.fnLit(at)
	case '{':
		items, err := r.until('}')
		if err == nil {
			err = checkUnique(items)
		}
		return &node{kind: setNode, at: at, items: items}, err
	case '"':
		return r.regex(at)
	case '_':
		_, err := r.need()
		return nil, err
	case '^':
		return r.meta()
	case '#':
		return r.special(at)
	case eof:
		return nil, fail("the code ends behind #")
	default:
		return nil, unsupported("#%c is not supported", c)
	}
}

func (r *reader) special(at position) (*node, error) {
	name := r.word()
	f, ok := map[string]float64{"Inf": inf, "-Inf": -inf, "NaN": nan}[name]
	if !ok {
		return nil, fail("##%s is unknown", name)
	}
	return &node{at: at, val: f}, nil
}

// The names of the arguments of #(), which no source can write outside of it:
// there they are read as other symbols.
func argName(i int) string { return "%" + Print(int64(i)) }

const restName = "%&"

func (r *reader) fnLit(at position) (*node, error) {
	if r.fn != nil {
		return nil, fail("#() within #() is not allowed")
	}
	r.fn = &fnLiteral{}
	body, err := r.until(')')
	lit := r.fn
	r.fn = nil
	if err != nil {
		return nil, err
	}
	params := &node{kind: vectorNode, at: at}
	for i := range lit.args {
		params.items = append(params.items, symbolAt(at, argName(i+1)))
	}
	if lit.rest {
		params.items = append(params.items, symbolAt(at, "&"), symbolAt(at, restName))
	}
	return listAt(at, symbolAt(at, "fn*"), params, listAt(at, body...)), nil
}

// fnArg makes the symbol of an argument of #().
func (r *reader) fnArg(at position, word string) (*node, error) {
	switch word {
	case "%":
		word = "%1"
	case restName:
		r.fn.rest = true
		return symbolAt(at, restName), nil
	}
	v, err := readNumber(word[1:])
	if err != nil || v == nil {
		return nil, fail("%s is no argument: they are %%, %%1, %%2, … and %%&", word)
	}
	i, ok := v.(int64)
	if !ok || i < 1 || i > 20 {
		return nil, fail("%s is no argument: they are numbered from 1 to 20", word)
	}
	r.fn.args = max(r.fn.args, int(i))
	return symbolAt(at, argName(int(i))), nil
}

func (r *reader) word() string {
	start := r.i
	for !isTerminating(r.peek()) {
		r.next()
	}
	return string(r.src[start:r.i])
}

var literals = map[string]Value{"nil": nil, "true": true, "false": false}

func (r *reader) token(at position) (*node, error) {
	word := r.word()
	if r.fn != nil && strings.HasPrefix(word, "%") {
		return r.fnArg(at, word)
	}
	if v, ok := literals[word]; ok {
		return &node{at: at, val: v}, nil
	}
	if v, err := readNumber(word); v != nil || err != nil {
		return &node{at: at, val: v}, err
	}
	if name, ok := strings.CutPrefix(word, ":"); ok {
		if strings.HasPrefix(name, ":") {
			return nil, unsupported("%s is not supported: there is no current namespace", word)
		}
		return &node{at: at, val: Keyword(name)}, checkName(word, name, true)
	}
	return symbolAt(at, word), checkName(word, word, false)
}

// checkName tells whether a symbol or keyword is written right.
//
// Source: the Clojure reader's pattern, "symbols" in the reference of the
// reader.
func checkName(word, name string, isKeyword bool) error {
	if name == "/" && !isKeyword {
		return nil
	}
	ns, local := "", name
	if i := strings.LastIndex(name, "/"); i > 0 && i < len(name)-1 {
		ns, local = name[:i], name[i+1:]
		if local[0] >= '0' && local[0] <= '9' || strings.HasSuffix(ns, ":") {
			return fail("invalid token: %s", word)
		}
	} else if i == len(name)-2 && i > 0 && name[i:] == "//" {
		local = "/"
	}
	bad := local == "" || strings.HasSuffix(local, ":") || strings.Contains(name, "::") || local != "/" && strings.Contains(local, "/")
	if bad {
		return fail("invalid token: %s", word)
	}
	return nil
}

// quoted is the form as data.
func (n *node) quoted() Value {
	switch n.kind {
	case listNode:
		return List(quotedAll(n.items))
	case vectorNode:
		return Vector(quotedAll(n.items))
	case mapNode:
		return NewMap(quotedAll(n.items)...)
	case setNode:
		return NewSet(quotedAll(n.items)...)
	}
	return n.val
}

func quotedAll(nodes []*node) []Value {
	vs := make([]Value, 0, len(nodes))
	for _, n := range nodes {
		vs = append(vs, n.quoted())
	}
	return vs
}

// splitName takes the namespace off a name; it is empty where there is none.
func splitName(name string) (ns, local string) {
	if i := strings.Index(name, "/"); i > 0 && i < len(name)-1 {
		return name[:i], name[i+1:]
	}
	return "", name
}

var charNames = map[string]rune{
	"newline": '\n', "space": ' ', "tab": '\t', "backspace": '\b', "formfeed": '\f', "return": '\r',
}

func (r *reader) char(at position) (*node, error) {
	first := r.next()
	if first == eof {
		return nil, fail("the code ends behind \\")
	}
	word := string(first)
	if !isTerminating(r.peek()) {
		word += r.word()
	}
	c, ok := charNames[word]
	runes := []rune(word)
	switch {
	case ok:
	case len(runes) == 1 && first <= 0xFFFF:
		c = first
	case first == 'u' && len(runes) == 5:
		c, ok = parseDigits(runes[1:], 16)
	case first == 'o' && len(runes) <= 4:
		c, ok = parseDigits(runes[1:], 8)
		ok = ok && c <= 0o377
	}
	if !ok && len(runes) > 1 || c == 0 && len(runes) == 1 && first != 0 {
		return nil, fail("unknown character: \\%s", word)
	}
	if isSurrogate(c) {
		return nil, fail("\\%s is half a character", word)
	}
	return &node{at: at, val: Char(c)}, nil
}

func isSurrogate(c rune) bool { return c >= 0xD800 && c <= 0xDFFF }

func parseDigits(digits []rune, base rune) (rune, bool) {
	var n rune
	for _, d := range digits {
		v := slices.Index([]rune("0123456789abcdef"), unicode.ToLower(d))
		if v < 0 || rune(v) >= base {
			return 0, false
		}
		n = n*base + rune(v)
	}
	return n, len(digits) > 0
}
