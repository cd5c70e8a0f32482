// Package compose writes compose files: what resolve makes of a Polytope file
// becomes services that docker compose runs and compose-go loads.
//
// Source: the compose specification; mapping.md, "Polytope → compose"; laws 1,
// 3, 4 and 5 of design.md.
package compose

import (
	"fmt"
	"regexp"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// Options says how a compose file is written. Its zero value is usable.
type Options struct {
	// Header is a comment at the top, without its marker.
	Header string
	// Name is the project's; empty leaves it to docker compose, which takes the
	// folder's. It has lower-case letters, digits, "-" and "_", and does not
	// begin with a sign.
	Name string
	// Base is the template whose services run without a profile; empty: the
	// first. Where no template is called so, every service has profiles, which
	// makes of the file of a project without plain services that project again.
	Base string
	// File is what the jobs are made of. Where it is nil, comments are neither
	// kept nor missed, nor are values that code computes with.
	File *ir.File
	// Bindings are the file's values and secrets: what their defaults are.
	Bindings []*ir.Binding
	// FileDir is the folder of the Polytope file, WorkDir the one that host
	// paths with a leading "./" are relative to, and OutDir that of the compose
	// file. All are absolute, or relative to the same folder; empty is ".".
	FileDir, WorkDir, OutDir string
}

// projectName is what compose takes for the name of a project.
var projectName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// Write writes the compose file of one job; its services have no profiles. It
// fails where a text is not UTF-8, and where opts.Name is none.
func Write(job *resolve.Symbolic, opts Options) ([]byte, []diag.Diagnostic, error) {
	opts.Base = ""
	return WriteAll([]*resolve.Symbolic{job}, opts)
}

// WriteAll writes one compose file for several templates of a file. Services
// of the base run always; each that only other templates run has their names
// as profiles. A service is what the same step runs with equal arguments.
func WriteAll(jobs []*resolve.Symbolic, opts Options) ([]byte, []diag.Diagnostic, error) {
	var all []job
	for _, j := range jobs {
		if j != nil && j.Job != nil {
			all = append(all, job{Job: j.Job, texts: j})
		}
	}
	return write(all, opts)
}

// texts takes the texts and numbers of a job apart.
type texts interface {
	Parts(text string) []resolve.Part
	Number(n int) resolve.Part
}

// job is a job and what its texts are made of.
type job struct {
	*resolve.Job
	texts texts
}

func write(jobs []job, opts Options) ([]byte, []diag.Diagnostic, error) {
	if opts.Name != "" && !projectName.MatchString(opts.Name) {
		return nil, nil, fmt.Errorf("compose: %q is not a project name", opts.Name)
	}
	s := &stack{
		opts: opts, report: &diag.Report{}, vars: newVariables(opts.Bindings), sharedVolumes: sharedVolumes(jobs), volumes: newNames(),
		remarks: remarks{file: opts.File, taken: map[*string]bool{}}, seen: map[refKey]bool{},
	}
	s.add(jobs)
	s.name()
	s.arrange()
	s.profiles()
	s.depend()
	data, err := s.encode()
	s.report.Add(s.remarks.lost()...)
	s.computed()
	s.report.Sort()
	return data, s.report.Diagnostics, err
}
