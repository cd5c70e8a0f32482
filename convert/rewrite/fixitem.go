package rewrite

import (
	"bytes"
	"slices"
	"strings"

	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/diag"
)

// fixSplit makes wrapper and base of the module or of the step in which a value
// stands where it must be converted.
func (s *state) fixSplit(d diag.Diagnostic) [][]edit {
	split := s.split()
	if m := itemAt(s.file.Modules, d.Subject); m != nil {
		return s.rewriteItem(m, nodes(withRange(split.Modules, m.Rng))...)
	}
	t := itemAt(s.file.Templates, d.Subject)
	if t == nil || len(s.file.Modules) == 0 {
		return nil
	}
	var bases []ir.Node
	for _, step := range t.Run {
		bases = append(bases, nodes(withRange(split.Modules, step.Rng))...)
	}
	var all [][]edit
	for _, steps := range s.rewriteItem(t, nodes(withRange(split.Templates, t.Rng))...) {
		for _, modules := range s.insertBehind(s.file.Modules[len(s.file.Modules)-1], bases) {
			all = append(all, slices.Concat(steps, modules))
		}
	}
	return all
}

func withRange[T ir.Node](all []T, r ir.Range) []T {
	return slices.DeleteFunc(slices.Clone(all), func(x T) bool { return x.GetMeta().Rng != r })
}

func nodes[T ir.Node](all []T) []ir.Node {
	var out []ir.Node
	for _, x := range all {
		out = append(out, x)
	}
	return out
}

// rewriteItem proposes to write modules or templates in the place of one, in
// house style. Comments have no positions; which of those around the item
// belong to it is tried out, and what does not come out right is not done.
func (s *state) rewriteItem(item ir.Node, instead ...ir.Node) [][]edit {
	start, end, ok := s.span(item.GetMeta().Rng)
	if !ok || len(instead) == 0 {
		return nil
	}
	if syntaxOf(s.in.Name, s.in.Text) != yamlSyntax {
		text, err := s.inBrackets(start, s.withoutAbove(start, instead))
		if err != nil {
			return nil
		}
		return one(edit{start, end, text})
	}
	from, column := s.dash(start)
	text, err := s.inBlock(column, s.withoutAbove(from, instead))
	if err != nil || column < 0 {
		return nil
	}
	var all [][]edit
	for _, to := range s.itemEnds(end, column) {
		all = append(all, []edit{{from, to, text}})
	}
	return all
}

// insertBehind proposes to put modules behind one.
func (s *state) insertBehind(item ir.Node, added []ir.Node) [][]edit {
	start, end, ok := s.span(item.GetMeta().Rng)
	if !ok || len(added) == 0 {
		return nil
	}
	if syntaxOf(s.in.Name, s.in.Text) != yamlSyntax {
		text, err := s.inBrackets(start, added)
		if err != nil {
			return nil
		}
		return one(edit{end, end, s.between(start) + text})
	}
	_, column := s.dash(start)
	text, err := s.inBlock(column, added)
	if err != nil || column < 0 {
		return nil
	}
	var all [][]edit
	for _, to := range s.itemEnds(end, column) {
		behind := s.newline() + text
		if s.text[to-1] != '\n' {
			behind = s.newline() + behind
		}
		all = append(all, []edit{{to, to, behind}})
	}
	return all
}

// dash is where the line of an item begins, and the column of its dash, from 0;
// it is -1 where the item does not stand behind a dash alone.
func (s *state) dash(start int) (line, column int) {
	line = s.lineStart(start)
	before := string(s.text[line:start])
	if strings.TrimSpace(before) != "-" {
		return line, -1
	}
	return line, strings.IndexByte(before, '-')
}

// itemEnds are the ends that an item may have: of its last line, behind the
// comments below it that are indented, behind all comments below it.
func (s *state) itemEnds(end, column int) []int {
	line := s.lineEnd(end)
	ends := []int{line}
	for isIndented := true; line < len(s.text); {
		next := s.lineEnd(line)
		text := s.text[line:next]
		trimmed := bytes.TrimSpace(text)
		if len(trimmed) > 0 && trimmed[0] != '#' {
			break
		}
		if len(trimmed) > 0 {
			depth := len(text) - len(bytes.TrimLeft(text, " "))
			if depth <= column && isIndented {
				isIndented = false
				ends = append(ends, line)
			}
			ends = append(ends, next)
		}
		line = next
	}
	return slices.Compact(ends)
}

// inBlock is the text of items in a block list of YAML.
func (s *state) inBlock(column int, items []ir.Node) (string, error) {
	text, err := s.layOut(items, "\n", func(i writer.Item) (string, error) { return i.YAML(max(column, 0)) })
	return s.withBreaks(text), err
}

// inBrackets is the text of items of JSON or EDN, the first of which begins at
// an offset.
func (s *state) inBrackets(start int, items []ir.Node) (string, error) {
	column := s.column(start)
	return s.layOut(items, s.between(start), func(i writer.Item) (string, error) {
		text, err := i.EDN(column)
		if syntaxOf(s.in.Name, s.in.Text) == jsonSyntax {
			text, err = i.JSON(column)
		}
		return s.withBreaks(text), err
	})
}

// column is where the items of a list in brackets stand: in JSON they are
// indented as their line is, in EDN they stand below one another.
func (s *state) column(start int) int {
	line := s.text[s.lineStart(start):start]
	if syntaxOf(s.in.Name, s.in.Text) == jsonSyntax {
		return len(line) - len(bytes.TrimLeft(line, " "))
	}
	return len([]rune(string(line)))
}

// between is what stands between two items in brackets.
func (s *state) between(start int) string {
	space := s.newline() + strings.Repeat(" ", s.column(start))
	if syntaxOf(s.in.Name, s.in.Text) == jsonSyntax {
		return "," + space
	}
	return space
}

func (s *state) layOut(items []ir.Node, between string, encode func(writer.Item) (string, error)) (string, error) {
	var texts []string
	for _, x := range items {
		item, err := writer.NewItem(s.file, x, writerOptions)
		if err != nil {
			return "", err
		}
		text, err := encode(item)
		if err != nil {
			return "", err
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, between), nil
}

// withoutAbove are items of which the first does without the comments that
// stand above it already.
func (s *state) withoutAbove(at int, items []ir.Node) []ir.Node {
	above := s.commentsAbove(s.lineStart(at))
	items = slices.Clone(items)
	switch n := items[0].(type) {
	case *ir.Module:
		bare := *n
		bare.Comments.Head = below(n.Comments.Head, above)
		items[0] = &bare
	case *ir.Template:
		bare := *n
		bare.Comments.Head = below(n.Comments.Head, above)
		items[0] = &bare
	}
	return items
}

// commentsAbove are the comments on the lines above an offset, without marks.
func (s *state) commentsAbove(at int) []string {
	var lines []string
	for at > 0 {
		from := s.lineStart(at - 1)
		line := strings.TrimSpace(string(s.text[from:at]))
		if line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, ";") {
			// In EDN the first item can begin below the comment behind its bracket.
			if _, behind, ok := strings.Cut(line, ";"); ok {
				lines = append(lines, plainRemark(behind))
			}
			break
		}
		if line != "" {
			lines = append(lines, plainRemark(line))
		}
		at = from
	}
	slices.Reverse(lines)
	return lines
}

func plainRemark(line string) string { return strings.Trim(line, "#; \t\r\n") }

// below is what is left of a node's comments without those that stand above it.
func below(head string, above []string) string {
	lines := strings.Split(head, "\n")
	for n := min(len(lines), len(above)); n > 0; n-- {
		stands := above[len(above)-n:]
		if slices.EqualFunc(lines[:n], stands, func(a, b string) bool { return plainRemark(a) == b }) {
			return strings.Join(lines[n:], "\n")
		}
	}
	return head
}
