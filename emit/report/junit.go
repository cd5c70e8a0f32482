package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"hull/ir/diag"
)

// junitSuites is the root of a JUnit report.
//
// Source: the JUnit schema that Jenkins publishes (jenkinsci/xunit-plugin,
// junit-10.xsd); GitLab and others read the same elements.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as test results: a suite for each file, in which a
// diagnostic is a test that failed. Notes fail nothing: they are tests that
// passed, with the note as output. A file without diagnostics is one test that
// passed.
func JUnit(w io.Writer, r *diag.Report, files []string) error {
	all := junitSuites{Name: Generator}
	for _, file := range withSubjects(files, r.Diagnostics) {
		s := junitSuiteOf(file, r.Diagnostics)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// withSubjects are the files, and behind them those that only diagnostics
// name.
func withSubjects(files []string, ds []diag.Diagnostic) []string {
	seen := map[string]bool{}
	var all []string
	add := func(file string) {
		if !seen[file] {
			seen[file] = true
			all = append(all, file)
		}
	}
	for _, file := range files {
		add(file)
	}
	for _, d := range ds {
		add(d.Subject.File)
	}
	return all
}

func junitSuiteOf(file string, ds []diag.Diagnostic) junitSuite {
	s := junitSuite{Name: file}
	for _, d := range ds {
		if d.Subject.File == file {
			s.Cases = append(s.Cases, junitCaseOf(d))
		}
	}
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{{Name: "check", Class: file, File: file}}
	}
	for _, c := range s.Cases {
		s.Tests++
		if c.Failure != nil {
			s.Failures++
		}
	}
	return s
}

func junitCaseOf(d diag.Diagnostic) junitCase {
	c := junitCase{Name: d.Code, Class: d.Subject.File, File: d.Subject.File, Line: d.Subject.Start.Line}
	if d.Subject.IsValid() {
		c.Name = fmt.Sprintf("%s at %d:%d", d.Code, d.Subject.Start.Line, d.Subject.Start.Column)
	}
	text := strings.Join([]string{d.Severity.String() + ": " + d.Message, d.Help}, "\n")
	text = strings.TrimSuffix(text, "\n")
	if d.Severity == diag.Note {
		c.Out = text
		return c
	}
	c.Failure = &junitFailure{Message: d.Message, Type: d.Code, Text: text}
	return c
}
