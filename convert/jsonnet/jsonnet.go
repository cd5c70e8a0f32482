// Package jsonnet evaluates Jsonnet programs, and says which reader is for what
// they yield: docker-compose, Polytope or knot. go-jsonnet decides what a
// program means; this package bounds what it may read and use, and turns its
// errors into diagnostics.
//
// Jsonnet has no order of fields: they come out sorted by name.
//
// Source: the Jsonnet language specification (jsonnet.org/ref/spec.html), and
// go-jsonnet v0.22.0 for what it leaves to implementations.
package jsonnet

import (
	"cmp"
	"context"
	"path/filepath"
	"time"

	"hull/ir/diag"
)

// Options says what to evaluate, and how.
type Options struct {
	// File is the path of the program. With Text, it is only its name.
	File string
	// Text is the program; nil: what is in File.
	Text []byte
	// Dir is the folder that names in diagnostics are relative to, and that the
	// imports of a Text start in. Empty: the folder of File.
	Dir string
	// Root confines every read, symbolic links included. Empty: Dir.
	Root string
	// JPaths are folders to search for imports, the last one first. They may
	// lie outside of Root, and confine what is read below them likewise.
	JPaths []string
	// Ext are the external variables, TLA the top-level arguments.
	Ext, TLA Variables
	// Multi takes each field of the result for a file.
	Multi bool

	// MaxStack is how many calls may be open at once. Zero: 500, as in
	// go-jsonnet.
	MaxStack int
	// Timeout bounds the evaluation. Zero: 30 seconds. The context may end it
	// earlier.
	Timeout time.Duration
	// MaxMemory is by how many bytes the heap of this process may grow. Zero:
	// 1 GiB.
	MaxMemory uint64
}

// Variables are values by name: texts, Jsonnet code, and files of either.
type Variables struct {
	Str, Code, StrFile, CodeFile map[string]string
}

// The defaults of Options.
const (
	defaultMaxStack  = 500
	defaultTimeout   = 30 * time.Second
	defaultMaxMemory = 1 << 30
)

// Evaluate runs a program. There is one document, or with Multi one for each
// field, in the order of their names; none where the program fails.
func Evaluate(ctx context.Context, opts Options) ([]Document, *diag.Report) {
	opts = opts.withDefaults()
	files, err := openFiles(opts)
	if err != nil {
		report := &diag.Report{}
		report.Add(problem("jsonnet/file", diag.Range{File: filepath.ToSlash(opts.File)}, err.Error()))
		return nil, report
	}
	defer files.close()
	e := newEvaluation(opts, files)
	docs, ds := e.run(ctx)
	report := e.files.report()
	report.Add(ds...)
	report.Add(e.traces.diagnostics()...)
	for i := range docs {
		report.Add(docs[i].check(files.main)...)
	}
	return docs, report
}

func (o Options) withDefaults() Options {
	o.Dir = cmp.Or(o.Dir, filepath.Dir(o.File))
	o.Root = cmp.Or(o.Root, o.Dir)
	o.MaxStack = cmp.Or(o.MaxStack, defaultMaxStack)
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.MaxMemory = cmp.Or(o.MaxMemory, defaultMaxMemory)
	return o
}

func problem(code string, at diag.Range, message string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: code, Subject: at, Message: message}
}
