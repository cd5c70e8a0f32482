package polytope

import (
	"fmt"
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/diag"
)

// ednReader is the EDN front end. Forms of Clojure that are no data, such as
// (f x), are kept as their text: in a Polytope file they are code.
//
// Source: the EDN format specification, and the Clojure reader's reference for
// what code can hold.
type ednReader struct {
	*source
	cursor
	comments []comment
	lastLine int // where the last token ended
	gaveUp   bool
}

func readEDN(s *source) *node {
	r := &ednReader{source: s, cursor: newCursor(s.name, string(s.input))}
	r.skip(len(byteOrderMark(s.input)))
	if r.skipBlank(); r.atEnd() && !r.gaveUp {
		root := s.nothing()
		attach(root, r.comments)
		return root
	}
	root := r.form(r.pos, 0)
	if r.skipBlank(); !r.atEnd() && !r.gaveUp {
		r.error("something follows the first form")
	}
	if r.gaveUp {
		return nil
	}
	attach(root, r.comments)
	return root
}

func byteOrderMark(text []byte) string {
	if strings.HasPrefix(string(text[:min(len(text), 3)]), "\ufeff") {
		return "\ufeff"
	}
	return ""
}

// error reports what cannot be read on from.
func (r *ednReader) error(message string) {
	if !r.gaveUp {
		r.syntaxError(r.here(), "this is not EDN: "+message)
	}
	r.gaveUp = true
}

// skipBlank skips space, commas, comments and discarded forms. The latter are
// comments by another name, and kept as such.
func (r *ednReader) skipBlank() {
	for !r.atEnd() && !r.gaveUp {
		start := r.pos
		switch {
		case isEDNSpace(r.peek(0)):
			r.next()
			continue
		case r.peek(0) == ';', r.hasPrefix("#!"):
			text := commentText(strings.TrimLeft(r.skipLine(), ";"), "#!")
			r.comments = append(r.comments, comment{text, start, r.pos, start.Line != r.lastLine})
		case r.hasPrefix("#_"):
			isAlone := start.Line != r.lastLine
			text := r.discarded()
			r.comments = append(r.comments, comment{text, start, r.pos, isAlone})
			r.lastLine = r.pos.Line
		default:
			return
		}
	}
}

func isEDNSpace(b byte) bool { return strings.IndexByte(" \t\r\n\f\v,", b) >= 0 }

// discarded skips "#_" and the form behind it.
func (r *ednReader) discarded() string {
	start := r.off
	r.skip(len("#_"))
	r.skipCode(0)
	return r.text[start:r.off]
}

// form reads one form. Begin is where it begins, or the entry around it.
func (r *ednReader) form(begin ir.Pos, depth int) *node {
	if depth > maxDepth && !r.gaveUp {
		r.limit(r.here(), "this is nested too deep")
		r.gaveUp = true
	}
	n := &node{begin: begin, rng: r.here()}
	if r.gaveUp {
		return n
	}
	start := r.pos
	switch b := r.peek(0); {
	case r.atEnd():
		r.error("it ends too early")
	case b == '{':
		r.next()
		r.mapUntil(n, "", depth)
	case b == '[':
		r.next()
		r.listUntil(n, ']', depth)
	case b == '#':
		n = r.dispatch(n, depth)
	case b == '"':
		n.value = r.string()
	case b == '\\':
		n.value = r.character()
	case b == ')' || b == ']' || b == '}':
		r.error("a closing bracket without its opening one")
	case strings.IndexByte("('`@~^", b) >= 0:
		r.code(n)
	default:
		r.word(n)
	}
	n.begin, n.rng = begin, r.from(start)
	r.lastLine = r.pos.Line
	return n
}

// code keeps a form of Clojure as its text.
func (r *ednReader) code(n *node) {
	start := r.off
	r.skipCode(0)
	n.kind, n.text, n.isDelimited = raw, r.text[start:r.off], true
}

// dispatch reads what begins with "#".
func (r *ednReader) dispatch(n *node, depth int) *node {
	switch b := r.peek(1); {
	case b == '{':
		r.skip(2)
		r.listUntil(n, '}', depth)
		r.report.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "polytope/set", Fate: diag.Approximated, Subject: r.from(n.rng.Start),
			Message: "a set is read as a list in the order of the text",
		})
	case b == ':':
		r.namespacedMap(n, depth)
	case b == '#':
		r.skip(2)
		text := "##" + r.token()
		r.badNumber(r.from(n.rng.Start), text)
		n.value = text
	case isLetter(b):
		return r.tagged(n, depth)
	default: // #"regex" #(fn) #'var #?(reader conditional)
		r.code(n)
	}
	return n
}

// namespacedMap reads #:ns{…}, which puts its namespace before plain keys.
func (r *ednReader) namespacedMap(n *node, depth int) {
	r.skip(2)
	namespace := r.token()
	r.skipBlank()
	if namespace == "" || r.peek(0) != '{' {
		r.error("#: is followed by a namespace and a map")
		return
	}
	r.next()
	r.mapUntil(n, namespace+"/", depth)
}

// tagged reads "#tag form" without the tag, whose meaning is its reader's.
func (r *ednReader) tagged(n *node, depth int) *node {
	start := r.pos
	r.next()
	tag := "#" + r.token()
	at := r.from(start)
	if r.skipBlank(); r.atEnd() {
		r.error("a tag without what it stands before")
		return n
	}
	if kind, ok := strings.CutPrefix(tag, "#pt-"); ok && slices.Contains([]string{"param", "value", "secret"}, kind) {
		if r.peek(0) == ':' {
			r.next()
		}
		n.value = tag + " " + r.token() // the older dialect's spelling, as a tag
		return n
	}
	r.unknownTag(at, tag)
	return r.form(r.pos, depth+1)
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func (r *ednReader) listUntil(n *node, end byte, depth int) {
	n.kind, n.isDelimited = list, true
	for r.more(n, end) {
		n.items = append(n.items, r.form(r.pos, depth+1))
	}
}

// more tells whether another form stands before the bracket that ends n, which
// it skips.
func (r *ednReader) more(n *node, end byte) bool {
	r.lastLine = r.pos.Line
	r.skipBlank()
	switch {
	case r.gaveUp:
		return false
	case r.atEnd():
		r.error(fmt.Sprintf("the bracket of line %d is not closed", n.rng.Start.Line))
		return false
	case r.peek(0) != end:
		return true
	}
	r.next()
	return false
}

// mapUntil reads a map behind its opening bracket. Prefix is the namespace of
// its keys.
func (r *ednReader) mapUntil(n *node, prefix string, depth int) {
	n.kind, n.isDelimited = record, true
	for r.more(n, '}') {
		begin := r.pos
		k := r.form(begin, depth+1)
		r.skipBlank()
		if r.peek(0) == '}' || r.atEnd() {
			r.error("a map has a key without a value")
			return
		}
		v := r.form(begin, depth+1)
		v.begin = begin
		if key, ok := r.key(k); ok && n.put(entry{prefixed(prefix, key), k.rng, v}) {
			r.duplicateKey(key, k.rng)
		}
	}
}

func prefixed(prefix, key string) string {
	if strings.Contains(key, "/") {
		return key
	}
	return prefix + key
}

// key is the text of a map's key: that of a keyword, without its colon.
func (r *ednReader) key(k *node) (string, bool) {
	text, ok := k.scalarText()
	if r.gaveUp {
		return "", false
	}
	if k.isNull() {
		text, ok = "nil", true
	}
	if !ok {
		if !r.isScaffold(k.rng.Start) {
			r.shape(k, "a key is a name, not "+k.describe())
		}
		return "", false
	}
	if _, isString := k.value.(string); !isString && k.kind != symbol {
		r.textKey(k.rng, text)
	}
	return text, true
}

// skipCode skips one form of Clojure, by its brackets and quotes.
func (r *ednReader) skipCode(depth int) {
	r.skipCodeBlank()
	if depth > maxDepth && !r.gaveUp {
		r.limit(r.here(), "this is nested too deep")
		r.gaveUp = true
	}
	if r.gaveUp {
		return
	}
	switch b := r.peek(0); {
	case r.atEnd():
		r.error("it ends too early")
	case b == '(' || b == '[' || b == '{':
		r.skipBrackets(closers[b], depth)
	case b == ')' || b == ']' || b == '}':
		r.error("a closing bracket without its opening one")
	case b == '"':
		r.skipString()
	case b == '\\':
		r.skip(1)
		r.next()
		r.token()
	case r.hasPrefix("##"):
		r.skip(len("##"))
		r.token()
	case b == '^', b == '#' && isLetter(r.peek(1)), r.hasPrefix("#:"), r.hasPrefix("#^"), r.hasPrefix("#_"):
		r.skipPrefixed(depth)
	case r.hasPrefix("#?"), r.hasPrefix("#="):
		r.skip(len("#?"))
		r.skipCode(depth + 1)
	case strings.IndexByte("'`~@#", b) >= 0:
		r.next()
		r.skipCode(depth + 1)
	default:
		if r.token() == "" {
			r.next()
		}
	}
}

var closers = map[byte]byte{'(': ')', '[': ']', '{': '}'}

// skipPrefixed skips what stands before a form, such as a tag or metadata, and
// the form.
func (r *ednReader) skipPrefixed(depth int) {
	switch {
	case r.peek(0) == '^':
		r.next()
		r.skipCode(depth + 1)
	case r.hasPrefix("#_"), r.hasPrefix("#^"):
		r.skip(2)
		r.skipCode(depth + 1)
	default:
		r.next()
		r.token()
	}
	r.skipCode(depth + 1)
}

func (r *ednReader) skipBrackets(end byte, depth int) {
	open := r.pos
	r.next()
	for {
		r.skipCodeBlank()
		switch {
		case r.gaveUp:
			return
		case r.atEnd():
			r.error(fmt.Sprintf("the bracket of line %d is not closed", open.Line))
			return
		case r.peek(0) == end:
			r.next()
			return
		case r.hasPrefix("#_"):
			r.skip(2)
		}
		r.skipCode(depth + 1)
	}
}

// skipCodeBlank skips space and comments inside of code, which keeps them.
func (r *ednReader) skipCodeBlank() {
	for !r.atEnd() {
		switch {
		case isEDNSpace(r.peek(0)):
			r.next()
		case r.peek(0) == ';':
			r.skipLine()
		default:
			return
		}
	}
}

func (r *ednReader) skipString() {
	open := r.pos
	for r.next(); !r.atEnd(); {
		switch r.next() {
		case '\\':
			r.next()
		case '"':
			return
		}
	}
	r.error(fmt.Sprintf("the text of line %d does not end", open.Line))
}
