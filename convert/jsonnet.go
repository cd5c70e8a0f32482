package convert

import (
	"cmp"
	"context"
	"path"
	"path/filepath"

	"hull/convert/compose"
	"hull/convert/jsonnet"
	"hull/convert/knot"
	"hull/convert/polytope"
	"hull/ir"
	"hull/ir/diag"
)

// Part is one of the files that a source stands for.
type Part struct {
	// Name is what a Jsonnet program calls it, with slashes; empty where the
	// source is one file.
	Name string
	// Format is the name of the one that it is in: that of a program's result.
	Format string
	File   *ir.File
}

// ReadAll reads a source of which there may be several files: what a Jsonnet
// program yields with Multi. There are no parts where the report has errors
// that leave nothing to convert.
func ReadAll(ctx context.Context, src Source, opts Options) ([]Part, *diag.Report) {
	if src.Format != jsonnetName {
		f, report := Read(ctx, src, opts)
		if f == nil {
			return nil, report
		}
		return []Part{{Format: src.Format, File: f}}, report
	}
	docs, report := Evaluate(ctx, src, opts)
	if len(docs) > 0 {
		report.Add(jsonnet.Comments(report, opts.Jsonnet)...)
	}
	var parts []Part
	for _, d := range docs {
		if f := readDocument(ctx, d, src, opts, report); f != nil {
			parts = append(parts, Part{d.Name, d.Shape, f})
		}
	}
	return parts, report
}

const jsonnetName = "jsonnet"

// discoverJsonnet finds the program of a folder that has nothing else: the one
// that is named for it.
func discoverJsonnet(dir string) []string {
	files, _ := filepath.Glob(filepath.Join(dir, "*.hull.jsonnet"))
	if len(files) != 1 {
		return nil
	}
	return files
}

// readJsonnet reads the one result of a program.
func readJsonnet(ctx context.Context, src Source, opts Options) (*ir.File, *diag.Report) {
	opts.Jsonnet.Multi = false
	parts, report := ReadAll(ctx, src, opts)
	if len(parts) == 0 {
		return nil, report
	}
	return parts[0].File, report
}

// Evaluate runs a Jsonnet program without reading what it yields.
func Evaluate(ctx context.Context, src Source, opts Options) ([]jsonnet.Document, *diag.Report) {
	o := opts.Jsonnet
	o.File, o.Dir, o.Root = src.Files[0], cmp.Or(opts.Compose.ProjectDir, src.Dir), cmp.Or(opts.Compose.Root, opts.Compose.ProjectDir, src.Dir)
	if o.File == Stdin {
		o.File, o.Text = "<stdin>", append([]byte{}, opts.Compose.Stdin...)
	}
	if len(src.Files) > 1 {
		r := &diag.Report{}
		r.Add(inputError("input/several", "a Jsonnet program is read by itself; name one", "import the others from it"))
		return nil, r
	}
	return jsonnet.Evaluate(ctx, o)
}

// readDocument has the reader of its shape read a result, and adds what that
// says of it to the report, as being about the program.
func readDocument(ctx context.Context, d jsonnet.Document, src Source, opts Options, report *diag.Report) *ir.File {
	var f *ir.File
	var found *diag.Report
	switch d.Shape {
	case jsonnet.Compose:
		o := opts.Compose
		o.Files, o.Stdin, o.ProjectDir = []string{Stdin}, d.Text, cmp.Or(o.ProjectDir, src.Dir)
		f, found = compose.Read(ctx, o)
		renameSource(found, "<stdin>", d.File)
	case jsonnet.Polytope:
		f, found = polytope.Read(withScript(polytope.Options{Name: d.File, Text: d.Text}, d, src, opts))
	case jsonnet.Knot:
		o := opts.Knot
		o.Files = []knot.NamedText{{Name: d.File, Text: d.Text}}
		f, found = knot.Read(o)
	default:
		return nil
	}
	jsonnet.Relocate(found, d, shownName(src.Files[0], src, opts))
	report.Merge(found)
	return f
}

// withScript adds the values script that stands beside a result, where the
// program has been converted before: the defaults are in it.
func withScript(in polytope.Options, d jsonnet.Document, src Source, opts Options) polytope.Options {
	if src.Files[0] == Stdin {
		return in
	}
	file := filepath.Join(filepath.Dir(src.Files[0]), filepath.FromSlash(path.Dir(d.Name)), valuesScript)
	if shown, text, err := readNamed(file, src, opts); err == nil {
		in.Script, in.ScriptName = text, shown
	}
	return in
}

// renameSource gives a file another name throughout a report.
func renameSource(r *diag.Report, from, to string) {
	for i := range r.Diagnostics {
		if r.Diagnostics[i].Subject.File == from {
			r.Diagnostics[i].Subject.File = to
		}
	}
	if text, ok := r.Sources[from]; ok {
		delete(r.Sources, from)
		r.AddSource(to, text)
	}
}
