// Package knot writes the containers of a job as templates of knot: for each
// container a job specification, and a volume definition for its volumes. A
// container "web" becomes the file web.knot.yml, which holds both documents, or
// with Options.Split web.knot.yml and web.volumes.knot.yml. knot itself takes
// the two separately.
//
// Everything is laid out as texts of literals and actions before it is printed,
// by one quoting function, so that what knot reads after it has executed the
// actions is what the job says: a literal "${{" never becomes an action.
//
// Source: the knot job template specification (knot.md), notes.md "knot", and
// mapping.md, "anything → knot".
package knot

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/knot"
	"hull/ir/resolve"
)

// Platform is what runs the containers of a template. The specification wants
// it asked for; there is no default.
type Platform string

// The platforms (knot.md, "Handle Docker vs. Podman Platform").
const (
	Docker Platform = "docker"
	Podman Platform = "podman"
)

// ErrPlatform is in every error about a platform that is missing or unknown.
var ErrPlatform = errors.New("--platform docker or --platform podman has to say what a knot template is for")

// Options says how templates are written.
type Options struct {
	Platform Platform
	// Header is a comment at the top of every file, without its marker. The
	// documents stand behind it as they would without.
	Header string
	// Split writes one document a file; otherwise a file holds both documents
	// of a template.
	Split bool
	// Name is what the files of the only container are called by, instead of
	// by the container; where there are several, it stands before their names.
	Name string
	// File is what the job was made from: where things stand in it, and the
	// defaults of its values. It may be nil.
	File *ir.File
}

// Output is a file to be written into the output folder.
type Output struct {
	Name string
	Data []byte
}

// The ends of the names of files. Names of containers have no dot here, so that
// no two of these are the same.
const (
	fileEnd       = ".knot.yml"
	volumeFileEnd = ".volumes.knot.yml"
)

// Write writes a template for each container of a job. What knot cannot hold is
// reported; where there is no container, that is an error among the diagnostics
// and there are no outputs. The error wraps ErrPlatform, or says that a text is
// not UTF-8.
func Write(job *resolve.Symbolic, o Options) ([]Output, []diag.Diagnostic, error) {
	if job == nil {
		return write(nil, job, o)
	}
	return write(job.Job, job, o)
}

// symbols takes the marked texts and numbers of a job apart, as
// *resolve.Symbolic does.
type symbols interface {
	Parts(text string) []resolve.Part
	Number(n int) resolve.Part
}

func write(job *resolve.Job, s symbols, o Options) ([]Output, []diag.Diagnostic, error) {
	if err := o.Platform.check(); err != nil {
		return nil, nil, err
	}
	w := &writer{symbols: s, opts: o, names: variableNames{}}
	if job == nil || len(job.Containers) == 0 {
		w.reportTasks(job)
		w.reportNothing(job)
		return nil, w.diags, nil
	}
	w.several = len(job.Containers) > 1
	w.reportTasks(job)
	templates := w.templates(job.Containers)
	w.reportSeveral(job)
	w.reportVariables(templates)
	outputs, err := w.files(templates)
	return outputs, w.diags, err
}

func (p Platform) check() error {
	switch {
	case p == "":
		return ErrPlatform
	case !slices.Contains(knot.Platforms, string(p)):
		return fmt.Errorf("%q is no platform: %w", string(p), ErrPlatform)
	}
	return nil
}

// spec is a template: what knot needs for a container.
type spec struct {
	name    string // as files are called
	job     document
	volumes document // empty where there are none
}

// writer writes the templates of one job.
type writer struct {
	symbols
	opts    Options
	several bool
	// names are the variables in use, by what they stand for; variables are
	// they in the order of their use.
	names     variableNames
	variables []variable
	diags     []diag.Diagnostic
}

func (w *writer) templates(cs []resolve.Container) []spec {
	files := fileNames{}
	var all []spec
	for i := range cs {
		c := &container{writer: w, Container: &cs[i]}
		t := c.template()
		t.name = files.unique(w.fileName(c))
		all = append(all, t)
	}
	w.reportShared(cs)
	return all
}

// files puts the documents into files.
func (w *writer) files(ts []spec) ([]Output, error) {
	var outputs []Output
	for _, t := range ts {
		job, err := t.job.yaml()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		volumes, err := t.volumes.yaml()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		outputs = append(outputs, w.outputs(t.name, job, volumes)...)
	}
	return outputs, nil
}

func (w *writer) outputs(name, job, volumes string) []Output {
	header := comment(w.opts.Header)
	switch {
	case volumes == "":
		return []Output{{name + fileEnd, []byte(header + job)}}
	case w.opts.Split:
		return []Output{{name + fileEnd, []byte(header + job)}, {name + volumeFileEnd, []byte(header + volumes)}}
	}
	return []Output{{name + fileEnd, []byte(header + job + documentEnd + volumes)}}
}

// container is a container that is being written.
type container struct {
	*writer
	*resolve.Container
	// published are the ports on the host, named those that knot forwards.
	published, named []port
	volumes          volumeNames
}

// template builds the documents, with the keys in the specification's order.
func (c *container) template() spec {
	c.checkImage()
	c.reportNames()
	c.reportLosses()
	c.readPorts()
	mounts, volumes := c.mounts()
	d := document{}
	d.text("container_name", c.containerName())
	d.text("hostname", c.hostname())
	d.quoted("image", c.text(c.Image))
	d.list("ports", c.portEntries())
	d.list("volumes", mounts)
	d.words("command", c.command())
	d.list("environment", c.environment())
	if c.opts.Platform == Podman {
		d.list("cap_add", []text{literal(knot.PingCapability)})
	}
	c.addResources(&d)
	t := spec{job: d}
	if len(volumes) > 0 {
		t.volumes.declare("volumes", volumes)
	}
	return t
}

// label is how messages call the container.
func (c *container) label() string {
	if id := c.plain(c.ID); id != "" && !c.hasRefs(c.ID) {
		return id
	}
	return c.Step
}

func (c *container) checkImage() {
	if strings.TrimSpace(c.plain(c.Image)) == "" && !c.hasRefs(c.Image) {
		c.report(codeImage, diag.Error, diag.NoFate, "image", "knot needs an image", "name an image")
	}
}
