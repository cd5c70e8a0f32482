// Command polycorpus reads and checks every Polytope file below the given
// folders and counts the diagnostics by code. A file that can be read must come back the
// same from each format in turn, and what it has behind comment marks must be
// there in two of them.
//
//	go run ./golden/polycorpus [-v] FOLDER…
//
// It exits 1 where a file does not come back.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	reader "hull/convert/polytope"
	"hull/emit"
	writer "hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/check"
	"hull/ir/diag"
)

func main() {
	verbose := flag.Bool("v", false, "print every diagnostic")
	flag.Parse()
	t := tally{verbose: *verbose, codes: map[string]int{}}
	for _, folder := range flag.Args() {
		if err := filepath.WalkDir(folder, t.visit); err != nil {
			fmt.Fprintln(os.Stderr, "polycorpus:", err)
			os.Exit(2)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(t.codes)) {
		fmt.Printf("%6d  %s\n", t.codes[code], code)
	}
	fmt.Printf("%6d  files, %d without errors, %d unreadable, %d that do not come back\n", t.files, t.clean, t.unreadable, t.bad)
	if t.bad > 0 {
		os.Exit(1)
	}
}

type tally struct {
	verbose                       bool
	codes                         map[string]int
	files, clean, unreadable, bad int
}

func (t *tally) visit(path string, e fs.DirEntry, err error) error {
	isPolytope, _ := filepath.Match("polytope.*", filepath.Base(path))
	if err != nil || e.IsDir() || !isPolytope {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	t.try(path, text)
	return nil
}

func (t *tally) try(path string, text []byte) {
	t.files++
	opts := reader.Options{Name: path, Text: text, ScriptName: emit.ScriptName}
	opts.Script, _ = os.ReadFile(filepath.Join(filepath.Dir(path), emit.ScriptName))
	f, report := reader.Read(opts)
	if f != nil {
		report.Add(check.Check(f, check.Options{HasScript: opts.Script != nil})...)
	}
	for _, d := range report.Diagnostics {
		t.codes[d.Severity.String()+" "+d.Code]++
		if t.verbose {
			fmt.Printf("%s:%d:%d: %s: %s [%s]\n", path, d.Subject.Start.Line, d.Subject.Start.Column, d.Severity, d.Message, d.Code)
		}
	}
	if f == nil {
		t.unreadable++
		return
	}
	if !report.HasErrors() {
		t.clean++
	}
	if err := errors.Join(returns(f), keepsComments(f, text)); err != nil {
		t.bad++
		fmt.Printf("%s: %v\n", path, err)
	}
}

var formats = []struct {
	name  string
	write func(*ir.File, writer.Options) ([]byte, error)
}{{"edn", writer.WriteEDN}, {"json", writer.WriteJSON}, {"yaml", writer.WriteYAML}}

// returns takes a file through the formats and compares what comes back, which
// JSON shows: it has neither comments nor a choice of layout.
func returns(f *ir.File) error {
	opts := writer.Options{Signatures: builtin.Signature}
	want, err := writer.WriteJSON(f, opts)
	if err != nil {
		return err
	}
	for _, format := range formats {
		text, err := format.write(f, opts)
		if err != nil {
			return err
		}
		var report *diag.Report
		if f, report = reader.Read(reader.Options{Name: "polytope." + format.name, Text: text}); f == nil {
			return fmt.Errorf("%s cannot be read back: %v", format.name, report.Diagnostics)
		}
		if got, err := writer.WriteJSON(f, opts); err != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("%s is not the same: %v", format.name, err)
		}
	}
	return nil
}

var (
	commentMark = regexp.MustCompile(`(?m)(?:^|[ \t])(?:#|;+)[ ]?(.*)$`)
	spaces      = regexp.MustCompile(`\s+`)
)

// keepsComments looks for all that stands behind a comment mark, in comments and
// in texts alike, in what is written of the file.
func keepsComments(f *ir.File, text []byte) error {
	for _, format := range formats {
		if format.name == "json" {
			continue
		}
		out, err := format.write(f, writer.Options{Signatures: builtin.Signature})
		if err != nil {
			return err
		}
		written := plain(string(out))
		for _, m := range commentMark.FindAllSubmatch(text, -1) {
			isDiscard := bytes.HasPrefix(m[1], []byte("_")) // the rest of the line is none
			if remark := plain(string(m[1])); !isDiscard && !strings.Contains(written, remark) {
				return fmt.Errorf("%s has lost %q", format.name, m[1])
			}
		}
	}
	return nil
}

// plain is a text without escapes and marks, and with single spaces.
func plain(s string) string {
	s = strings.NewReplacer(`\n`, " ", `\"`, `"`, `\\`, `\`, "#", " ", ";", " ").Replace(s)
	return strings.TrimSpace(spaces.ReplaceAllString(s, " "))
}
