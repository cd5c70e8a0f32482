package jsonnet

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"hull/ir/diag"
)

// staticError is go-jsonnet's error in a text, whose type is not exported.
type staticError interface {
	error
	Loc() ast.LocationRange
}

// maxFrames is how many calls a diagnostic names.
const maxFrames = 6

// diagnostic is an error of go-jsonnet's.
func (e *evaluation) diagnostic(err error) diag.Diagnostic {
	var own fault
	var static staticError
	var runtime jsonnet.RuntimeError
	switch {
	case errors.As(err, &own):
		return problem(own.code, diag.Range{File: e.files.main}, own.message)
	case errors.As(err, &static):
		return syntaxError(static)
	case errors.As(err, &runtime):
		return e.runtimeError(runtime)
	}
	message, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "(CRASH) "), "\n")
	return problem("jsonnet/internal", diag.Range{File: e.files.main}, "go-jsonnet fails: "+message)
}

func syntaxError(err staticError) diag.Diagnostic {
	at := err.Loc()
	message := strings.TrimSpace(strings.TrimPrefix(err.Error(), at.String()))
	return problem("jsonnet/syntax", rangeOf(at), oneLine(message))
}

func (e *evaluation) runtimeError(err jsonnet.RuntimeError) diag.Diagnostic {
	at, trace := calls(err.StackTrace)
	if at.File == "" {
		at.File = e.files.main
	}
	var static staticError
	if errors.As(e.broken[err.Msg], &static) {
		d := syntaxError(static)
		d.Help = traceText(append([]string{place(at)}, trace...))
		return d
	}
	if why := e.stop.why.Load(); why != nil && why.message == err.Msg {
		return problem(why.code, outermost(err.StackTrace, at), why.message)
	}
	message := err.Msg
	if steps := written(err.StackTrace); len(steps) > 0 && !at.IsValid() {
		at = (&locator{vm: e.vm, root: e.root}).find(steps, at)
		message = pathText(steps) + ": " + message
	}
	d := problem(e.code(err.Msg), at, oneLine(strings.TrimPrefix(message, guardMark)))
	d.Help = traceText(trace)
	if err.Msg == stackMessage {
		d.Message = fmt.Sprintf("calls are nested deeper than %d levels", e.opts.MaxStack)
	}
	return d
}

const (
	stackMessage = "max stack frames exceeded." // interpreter.go, newCall
	multiMark    = "multi mode: "               // interpreter.go, evaluateMulti
	guardMark    = "hull: "                     // guard.libsonnet
)

func (e *evaluation) code(message string) string {
	switch {
	case message == stackMessage, strings.HasPrefix(message, guardMark):
		return "jsonnet/limit"
	case strings.HasPrefix(message, multiMark):
		return "jsonnet/multi"
	}
	e.files.mu.Lock()
	defer e.files.mu.Unlock()
	if code := e.files.faults[message]; code != "" {
		return code
	}
	return "jsonnet/runtime"
}

// calls is where an error occurred, in what the user has written, and the calls
// that led there, the last one first.
func calls(frames []jsonnet.TraceFrame) (at diag.Range, trace []string) {
	last := ""
	for i := len(frames) - 1; i >= 0; i-- {
		loc := frames[i].Loc
		if !loc.IsSet() || loc.File == nil || isInternal(string(loc.File.DiagnosticFileName)) {
			continue
		}
		switch here := place(rangeOf(loc)); {
		case at.File == "":
			at, last = rangeOf(loc), here
		case here != last:
			trace, last = append(trace, here), here
		}
	}
	return at, trace
}

// outermost is where what a program was doing began; where it was when it was told
// to end is another place each time.
func outermost(frames []jsonnet.TraceFrame, otherwise diag.Range) diag.Range {
	for _, f := range frames {
		if f.Loc.IsSet() && f.Loc.File != nil && !isInternal(string(f.Loc.File.DiagnosticFileName)) {
			return rangeOf(f.Loc)
		}
	}
	return otherwise
}

var manifestation = regexp.MustCompile(`^(?:Field (".*")|Array element (\d+))$`)

// written is the path of what was being written down as an error occurred.
//
// Source: go-jsonnet, interpreter.go, manifestJSON.
func written(frames []jsonnet.TraceFrame) []step {
	var steps []step
	for _, f := range frames {
		m := manifestation.FindStringSubmatch(f.Loc.FileName)
		if m == nil || f.Loc.IsSet() {
			continue
		}
		if key, err := strconv.Unquote(m[1]); err == nil {
			steps = append(steps, step{key: key, isKey: true})
		} else if i, err := strconv.Atoi(m[2]); err == nil {
			steps = append(steps, step{index: i})
		}
	}
	return steps
}

func traceText(trace []string) string {
	if len(trace) == 0 {
		return ""
	}
	rest := ""
	if n := len(trace) - maxFrames; n > 0 {
		trace, rest = trace[:maxFrames], fmt.Sprintf(", and %d more", n)
	}
	return "evaluated for " + strings.Join(trace, ", ") + rest
}

func place(r diag.Range) string {
	return fmt.Sprintf("%s:%d:%d", r.File, r.Start.Line, r.Start.Column)
}

// rangeOf is a range of go-jsonnet's. Its columns count bytes, and the end is
// the character behind the last; where the two are the same, it is of one
// character.
func rangeOf(loc ast.LocationRange) diag.Range {
	r := diag.Range{File: loc.FileName}
	if loc.File == nil || !loc.IsSet() {
		return r
	}
	r.File = string(loc.File.DiagnosticFileName)
	r.Start, r.End = pos(loc.File, loc.Begin), pos(loc.File, loc.End)
	if !r.Start.Before(r.End) {
		r.End = diag.Pos{Line: r.Start.Line, Column: r.Start.Column + 1}
	}
	return r
}

func pos(file *ast.Source, l ast.Location) diag.Pos {
	column := l.Column
	if l.Line >= 1 && l.Line <= len(file.Lines) {
		line := file.Lines[l.Line-1]
		column = utf8.RuneCountInString(line[:min(max(l.Column-1, 0), len(line))]) + 1
	}
	return diag.Pos{Line: l.Line, Column: column}
}

// maxMessage bounds a message, in code points; programs can make them as long
// as they like.
const maxMessage = 400

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxMessage {
		return string(r[:maxMessage]) + "…"
	}
	return s
}

// traces collects what std.trace writes: one message a call.
type traces struct {
	mu    sync.Mutex
	texts []string
	more  int
}

// maxTraces is how many messages of std.trace are kept.
const maxTraces = 100

func (t *traces) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.texts) < maxTraces {
		t.texts = append(t.texts, string(b))
	} else {
		t.more++
	}
	return len(b), nil
}

var traceLine = regexp.MustCompile(`(?s)^TRACE: (.*?):(\d+) (.*)$`)

func (t *traces) diagnostics() []diag.Diagnostic {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ds []diag.Diagnostic
	for _, text := range t.texts {
		m := traceLine.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		line, _ := strconv.Atoi(m[2])
		at := diag.Range{File: m[1], Start: diag.Pos{Line: line, Column: 1}, End: diag.Pos{Line: line, Column: 1}}
		ds = append(ds, diag.Diagnostic{Severity: diag.Note, Code: "jsonnet/trace", Subject: at, Message: oneLine(m[3])})
	}
	if t.more > 0 {
		ds = append(ds, diag.Diagnostic{
			Severity: diag.Note, Code: "jsonnet/trace",
			Message: fmt.Sprintf("%d more messages of std.trace are left out", t.more),
		})
	}
	return ds
}
