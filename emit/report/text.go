package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"

	"hull/ir/diag"
)

// TextOptions says how Text renders. The zero value is plain text with quoted
// source lines.
type TextOptions struct {
	// Color marks up with ANSI escape sequences.
	Color bool
	// Prefix is the folder that the diagnostics' files are relative to, as the
	// reader of the text names it.
	Prefix string
	// Brief leaves out the quoted lines and the help: one line a diagnostic.
	Brief bool
}

// Text writes the diagnostics one after the other, each with the source line
// that it is about, a caret under its subject, and what to do:
//
//	compose.yaml:14:7: warning: a healthcheck has no counterpart; dropped  [compose/healthcheck]
//	   14 |       healthcheck:
//	      |       ^^^^^^^^^^^
//	   help: services that need db must retry; see hull explain compose/healthcheck
//
// The pointer to explain is given once a code.
func Text(w io.Writer, r *diag.Report, opts TextOptions) error {
	out := bufio.NewWriter(w)
	t := &textWriter{out, opts, map[string][]string{}, map[string]bool{}}
	for _, d := range r.Diagnostics {
		t.headline(d)
		if opts.Brief {
			continue
		}
		if line, ok := t.sourceLine(r, d.Subject); ok {
			t.quote(line, d)
		}
		t.help(d)
	}
	return out.Flush()
}

type textWriter struct {
	*bufio.Writer
	opts      TextOptions
	lines     map[string][]string // of each source, split
	explained map[string]bool     // the codes that were pointed to
}

const (
	styleBold  = "1"
	styleFaint = "2"
)

var severityStyles = map[diag.Severity]string{
	diag.Error: "1;31", diag.Warning: "1;33", diag.Note: "1;36",
}

func (t *textWriter) styled(style, s string) string {
	if !t.opts.Color || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

func (t *textWriter) headline(d diag.Diagnostic) {
	if at := t.place(d.Subject); at != "" {
		fmt.Fprintf(t, "%s ", t.styled(styleBold, at+":"))
	}
	severity := t.styled(severityStyles[d.Severity], d.Severity.String()+":")
	fmt.Fprintf(t, "%s %s  %s\n", severity, printable(d.Message), t.styled(styleFaint, "["+d.Code+"]"))
}

// place is "file:line:column", as much of it as is known.
func (t *textWriter) place(r diag.Range) string {
	file := printable(t.file(r.File))
	if !r.IsValid() {
		return file
	}
	return file + ":" + strconv.Itoa(r.Start.Line) + ":" + strconv.Itoa(max(r.Start.Column, 1))
}

// file is the path of a source for the reader of the text. What is no relative
// path ("-", absolute ones) stays as it is.
func (t *textWriter) file(name string) string {
	if name == "" || name == "-" || strings.HasPrefix(name, "<") || path.IsAbs(name) || t.opts.Prefix == "" {
		return name
	}
	return path.Join(t.opts.Prefix, name)
}

func (t *textWriter) sourceLine(r *diag.Report, at diag.Range) (string, bool) {
	if !at.IsValid() {
		return "", false
	}
	lines, ok := t.lines[at.File]
	if !ok {
		lines = strings.Split(string(r.Sources[at.File]), "\n")
		t.lines[at.File] = lines
	}
	if at.Start.Line > len(lines) || len(r.Sources[at.File]) == 0 {
		return "", false
	}
	return strings.TrimSuffix(lines[at.Start.Line-1], "\r"), true
}

func (t *textWriter) quote(line string, d diag.Diagnostic) {
	text, indent, carets := underline(line, d.Subject)
	number := strconv.Itoa(d.Subject.Start.Line)
	gutter := strings.Repeat(" ", len(number))
	marks := t.styled(severityStyles[d.Severity], strings.Repeat("^", carets))
	fmt.Fprintf(t, "   %s %s\n", t.styled(styleFaint, number+" |"), strings.TrimRight(text, " "))
	fmt.Fprintf(t, "   %s %s%s\n", t.styled(styleFaint, gutter+" |"), strings.Repeat(" ", indent), marks)
}

func (t *textWriter) help(d diag.Diagnostic) {
	if d.Help == "" {
		return
	}
	text := printable(d.Help)
	if explain := "hull explain " + d.Code; !t.explained[d.Code] && !strings.Contains(text, explain) {
		text += "; see " + explain
	}
	t.explained[d.Code] = true
	fmt.Fprintf(t, "   %s %s\n", t.styled(styleBold, "help:"), text)
}

// printable is text without anything that could break the line or steer the
// terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return printableRune(r)
	}, s)
}

func printableRune(r rune) rune {
	if r == ' ' || unicode.IsPrint(r) {
		return r
	}
	return cmp.Or(controlPictures[r], unicode.ReplacementChar)
}

// controlPictures show what is worth telling apart.
var controlPictures = map[rune]rune{0: '␀', 0x1b: '␛', 0xa0: ' ', 0x3000: '　', 0xfeff: '·'}
