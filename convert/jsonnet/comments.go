package jsonnet

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"hull/ir/diag"
)

// Comments reports the comments of a program that was evaluated, and of the
// files that it imports: what they yield has none. Files of the search paths
// are libraries, whose comments are about themselves.
func Comments(evaluated *diag.Report, opts Options) []diag.Diagnostic {
	var first diag.Range
	n := 0
	for _, name := range slices.Sorted(maps.Keys(evaluated.Sources)) {
		if !isProgram(name) || opts.isSearched(name) {
			continue
		}
		found := comments(name, string(evaluated.Sources[name]))
		if len(found) > 0 && n == 0 {
			first = found[0]
		}
		n += len(found)
	}
	if n == 0 {
		return nil
	}
	message := fmt.Sprintf("%d comments of the program are not kept", n)
	if n == 1 {
		message = "a comment of the program is not kept"
	}
	return []diag.Diagnostic{{
		Severity: diag.Note, Code: "jsonnet/comments", Fate: diag.Dropped, Subject: first, Path: fmt.Sprintf("line %d", first.Start.Line),
		Message: message + ": what it yields is data, without comments", Help: "keep the program, and change it rather than what is made of it",
	}}
}

// isProgram tells programs from texts that are imported as such.
func isProgram(name string) bool {
	return slices.Contains([]string{".jsonnet", ".libsonnet"}, path.Ext(name)) || name == "<stdin>"
}

// isSearched tells whether a file was found in a search path.
func (o Options) isSearched(name string) bool {
	return slices.ContainsFunc(o.JPaths, func(dir string) bool { return strings.HasPrefix(name, shownFolder(dir)+"/") })
}

// generatedMark is the comment of a generated file (go.dev/s/generatedcode),
// which was never its author's.
var generatedMark = regexp.MustCompile(`^(?://|#) Code generated .* DO NOT EDIT\.$`)

// comments are the ranges of the comments in a text; those on lines that
// follow one another, with nothing between, are one.
func comments(file, text string) []diag.Range {
	var found []diag.Range
	at := diag.Pos{Line: 1, Column: 1}
	last := 0 // the line on which the comment before ends, if nothing followed
	for text != "" {
		part := text[:token(text)]
		end := behind(at, part)
		switch {
		case isBlank(part[0]):
		case !isComment(part):
			last = 0
		case last > 0 && at.Line == last+1:
			last = end.Line
		case !generatedMark.MatchString(strings.TrimRight(part, "\r")):
			found = append(found, diag.Range{File: file, Start: at, End: end})
			last = end.Line
		}
		text, at = text[len(part):], end
	}
	return found
}

func isComment(token string) bool {
	return token[0] == '#' || strings.HasPrefix(token, "//") || strings.HasPrefix(token, "/*")
}

// behind is the place behind a text that begins at a place.
func behind(at diag.Pos, text string) diag.Pos {
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		at.Line += strings.Count(text, "\n")
		at.Column, text = 1, text[i+1:]
	}
	at.Column += utf8.RuneCountInString(text)
	return at
}
