package knot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	yamlv4 "go.yaml.in/yaml/v4"
	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
)

// maxSize bounds a file, in bytes: knot's templates are written by hand.
const maxSize = 256 << 10

// DefinitionKeys are the keys of volume definitions (knot.md, "Volume
// Definition Structure"; knot itself also takes paths).
var DefinitionKeys = []string{"volumes", "paths"}

// source is what is read: the documents, and what is to be said of them.
type source struct {
	opts   Options
	report *diag.Report
	// job is the job specification, definitions the volumes'; nil where there
	// is none.
	job, definitions *document
	marks            marks
	// cuts are the texts that were cut already.
	cuts map[*yaml.Node]tmpl
	// reported are the variables whose absence from knot was reported.
	reported map[string]bool
}

// document is one YAML document of a file.
type document struct {
	file *file
	root *yaml.Node
	head string // the comment above it
}

// file is a text, and where its parts come from.
type file struct {
	name string
	text string
	// rendered is the text whose YAML is read: the same, or with its logic
	// evaluated. Then origins tells where each of its parts was.
	rendered string
	origins  origins
	// given and lines are where the lines of the two begin.
	given, lines *textIndex
	// cuts are the texts with open variables; nil where the text was not
	// rendered.
	cuts map[*yaml.Node]tmpl
}

func newSource(o Options) *source {
	s := &source{opts: o, report: &diag.Report{}, reported: map[string]bool{}, cuts: map[*yaml.Node]tmpl{}}
	s.marks = newMarks(o)
	return s
}

// open reads the files. Where isRaw, logic is left alone.
func (s *source) open(isRaw bool) {
	for _, f := range s.opts.Files {
		s.report.AddSource(f.Name, f.Text)
		if s.isText(f) {
			text := string(f.Text)
			s.openFile(&file{name: f.Name, text: text, rendered: text, given: newTextIndex(text)}, isRaw)
		}
	}
}

func (s *source) openFile(f *file, isRaw bool) {
	whole := s.parseWhole(f)
	docs, err := parseYAML(f)
	if !isRaw && whole != nil && spansLines(f, whole, docs) {
		if err != nil {
			s.syntaxError(f, err, diag.Warning)
		}
		docs, err = s.render(f, whole)
	}
	if err != nil {
		s.syntaxError(f, err, diag.Error)
	}
	for _, d := range docs {
		s.take(d)
	}
}

// isText refuses what is no text, or too much.
func (s *source) isText(f NamedText) bool {
	message := ""
	switch {
	case len(f.Text) > maxSize:
		message = fmt.Sprintf("the file is larger than %d KB", maxSize>>10)
	case !utf8.Valid(f.Text) || bytes.ContainsRune(f.Text, 0):
		message = "this is not text in UTF-8; is it a binary file?"
	default:
		return true
	}
	s.addAt(ir.Range{File: f.Name}, diag.Error, "knot/file", message, "")
	return false
}

// parseYAML parses the documents of a file, as far as they are YAML.
func parseYAML(f *file) (docs []*document, err error) {
	dec := yaml.NewDecoder(strings.NewReader(f.rendered))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		switch {
		case errors.Is(err, io.EOF) && len(docs) == 0:
			return []*document{{file: f, root: &yaml.Node{Line: 1, Column: 1}}}, nil
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return nil, err
		}
		if len(doc.Content) == 1 && (doc.Content[0].Tag != "!!null" || doc.Content[0].Value != "") {
			docs = append(docs, &document{f, doc.Content[0], commentText(doc.HeadComment)})
		}
	}
}

var yamlMessage = regexp.MustCompile(`^(?:yaml: )?(?:.* at (?:line \d+(?:, column \d+)?|<unknown position>): )?(?:line (\d+)(?:, column (\d+))?: )?(.*)$`)

// syntaxError says what is wrong in a file, and where. Of a list or map that is
// not finished, the parser that knot uses tells where it begins; the other one
// tells where it should end, and counts lines from 0 there.
func (s *source) syntaxError(f *file, err error, severity diag.Severity) {
	var ignored any
	isUnfinished := false
	if better := yamlv4.Unmarshal([]byte(f.rendered), &ignored); better != nil {
		isUnfinished = strings.HasSuffix(fmt.Sprintf("%T", better), "ParserError")
		if isUnfinished {
			err = better
		}
	}
	m := yamlMessage.FindStringSubmatch(strings.ReplaceAll(err.Error(), "\n", " "))
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	if isUnfinished {
		line++
	}
	at := f.at(f.lastText(max(line, 1)), max(column, 1))
	help := ""
	if strings.Contains(f.line(at.Start.Line), knot.OpenAction) {
		help = "put the text in quotes: knot reads the YAML before it expands what stands in ${{ }}"
	}
	s.addAt(at, severity, "knot/syntax", "this is not YAML: "+m[3], help)
}

// lastText is the line, or the last one before it that is not empty: what is
// not finished is at the end of it.
func (f *file) lastText(line int) int {
	lines := strings.Split(f.rendered, "\n")
	line = min(line, len(lines))
	for line > 1 && strings.TrimSpace(lines[line-1]) == "" {
		line--
	}
	return line
}

// take finds out what a document is. One whose keys are those of volume
// definitions is that, unless its volumes are the mounts of a container.
func (s *source) take(d *document) {
	kind, place := "job specification", &s.job
	if isDefinitions(d.root) {
		kind, place = "volume definitions document", &s.definitions
	}
	if *place != nil {
		s.add(d, d.root, diag.Error, "knot/documents", fmt.Sprintf("there is more than one %s; the first is at %s", kind, where((*place).at((*place).root))),
			"a template has one job specification and one document with all its volumes")
		return
	}
	*place = d
}

func isDefinitions(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !slices.Contains(DefinitionKeys, n.Content[i].Value) || isMounts(n.Content[i+1]) {
			return false
		}
	}
	return true
}

// isMounts tells a list of "volume:/path", which a container has, from a map
// or list of definitions.
func isMounts(n *yaml.Node) bool {
	return n.Kind == yaml.SequenceNode && slices.ContainsFunc(n.Content, func(c *yaml.Node) bool {
		return c.Kind == yaml.ScalarNode && strings.Contains(c.Value, ":")
	})
}

func where(r ir.Range) string { return fmt.Sprintf("%s:%d", r.File, r.Start.Line) }

// at is the range of a node in the text that was given.
func (d *document) at(n *yaml.Node) ir.Range {
	r := d.file.at(n.Line, n.Column)
	if n.Kind != yaml.ScalarNode {
		return r
	}
	first, _, _ := strings.Cut(n.Value, "\n")
	r.End.Column += utf8.RuneCountInString(first)
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		r.End.Column += 2
	}
	return r
}

// get is a key of the document with its value; nil where there is none.
func (d *document) get(key string) (k, v *yaml.Node) {
	if d == nil || d.root.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if d.root.Content[i].Value == key {
			return d.root.Content[i], d.root.Content[i+1]
		}
	}
	return nil, nil
}

// at is a place of the rendered text in the text that was given.
func (f *file) at(line, column int) ir.Range {
	p := ir.Pos{Line: max(line, 1), Column: max(column, 1)}
	if f.origins != nil {
		p = f.origins.pos(f, p)
	}
	return ir.Range{File: f.name, Start: p, End: p}
}

// line is a line of the given text, counted from 1.
func (f *file) line(n int) string {
	if n < 1 || n > len(f.given.lines) {
		return ""
	}
	line, _, _ := strings.Cut(f.text[f.given.lines[n-1].offset:], "\n")
	return strings.TrimSuffix(line, "\r")
}

// add reports something about a node.
func (s *source) add(d *document, n *yaml.Node, severity diag.Severity, code, message, help string) {
	s.addAt(d.at(n), severity, code, message, help)
}

func (s *source) addAt(at ir.Range, severity diag.Severity, code, message, help string) {
	s.report.Add(diag.Diagnostic{Severity: severity, Code: code, Subject: at, Message: message, Help: help})
}

// commentText is a comment of YAML without its markers.
func commentText(c string) string {
	var lines []string
	for line := range strings.Lines(c) {
		line = strings.TrimSpace(line)
		lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(line, "#"), " "))
	}
	return strings.Join(lines, "\n")
}

// commentsOf are the comments of a key and its value, or of an item.
func commentsOf(nodes ...*yaml.Node) ir.Comments {
	var c ir.Comments
	for _, n := range nodes {
		if n == nil {
			continue
		}
		c.Head = joinComments(c.Head, n.HeadComment)
		c.Line = joinComments(c.Line, n.LineComment)
		c.Foot = joinComments(c.Foot, n.FootComment)
	}
	return c
}

func joinComments(text, comment string) string {
	return strings.Trim(text+"\n"+commentText(comment), "\n")
}
