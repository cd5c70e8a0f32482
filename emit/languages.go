package emit

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"hull/emit/compose"
	"hull/emit/jsonnet"
	"hull/emit/knot"
	"hull/emit/polytope"
	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// stackTemplate is what the template of the services without profiles is
// called (mapping.md, "docker-compose → Polytope").
const stackTemplate = "stack"

// composeName is what docker compose looks for first.
const composeName = "compose.yaml"

// writeCompose writes a compose file: the services of the template "stack", or
// of the first one, and those that only other templates run with their
// profiles. The file's folder is taken for the working directory, to which host
// paths with a leading "./" are relative.
func writeCompose(f *ir.File, opts Options) ([]Output, []diag.Diagnostic, error) {
	f, ds := compose.Runnable(withoutHeader(withBindings(polytope.Split(f, builtin.Signature))))
	found := &diag.Report{Diagnostics: ds}
	var jobs []*resolve.Symbolic
	lookup := withStandIns(f)
	for _, id := range Templates(f) {
		job, ds := resolve.ResolveSymbolic(f, resolve.Options{Template: id, Lookup: lookup})
		found.Add(unresolved(ds)...)
		jobs = append(jobs, job)
	}
	base := ""
	if f.Template(stackTemplate) != nil {
		base = stackTemplate
	}
	text, ds, err := compose.WriteAll(jobs, compose.Options{
		Header: header(opts.Sources), Base: base, File: f, Bindings: f.Bindings, FileDir: opts.FileDir, WorkDir: opts.FileDir, OutDir: opts.OutDir,
	})
	found.Add(ds...)
	found.Add(compose.Losses(f)...)
	found.Sort()
	if err != nil {
		return nil, found.Diagnostics, err
	}
	name := cmp.Or(opts.FileName, composeName)
	return []Output{{name, text, 0o644}}, found.Diagnostics, nil
}

// withBindings is a file in which every value and secret that is used has a
// binding: whoever runs what is written has to set those that had none.
func withBindings(f *ir.File) *ir.File {
	var refs []*ir.Ref
	ir.Walk(f, func(n ir.Node) bool {
		if r, ok := n.(*ir.Ref); ok && r.Kind != ir.ParamRef {
			refs = append(refs, r)
		}
		return true
	})
	bound := *f
	bound.Bindings = compose.Require(f.Bindings, refs)
	return &bound
}

// withStandIns looks up defaults. A value without one gets a number: it stays a
// variable, and where it names a port it has to be evaluated as one.
func withStandIns(f *ir.File) func(ir.RefKind, string) (string, bool) {
	const first = 20001
	standIns := map[string]string{}
	return func(kind ir.RefKind, name string) (string, bool) {
		if b := f.Binding(kind, name); b != nil {
			if text, ok := b.Default.Eval(ir.Unset); ok {
				return text, true
			}
		}
		key := kind.String() + " " + name
		if standIns[key] == "" {
			standIns[key] = strconv.Itoa(first + len(standIns))
		}
		return standIns[key], true
	}
}

// unresolved are what could not be evaluated, as losses: it is not in what is
// written. Values without a text are none; they stay variables, and the writers
// say what has to be set.
func unresolved(ds []diag.Diagnostic) []diag.Diagnostic {
	ds = slices.DeleteFunc(ds, func(d diag.Diagnostic) bool { return d.Code == "resolve/unset" })
	for i := range ds {
		if ds[i].Severity == diag.Warning && ds[i].Fate == diag.NoFate {
			ds[i].Fate = diag.Dropped
		}
	}
	return ds
}

// Templates are the ids of a file's templates; one without any has an empty
// one, which stands for its module.
func Templates(f *ir.File) []string {
	if len(f.Templates) == 0 {
		return []string{""}
	}
	var ids []string
	for _, t := range f.Templates {
		ids = append(ids, t.ID)
	}
	return ids
}

// writeJsonnet writes a program that yields the Polytope file, and the script
// of its values and secrets.
func writeJsonnet(f *ir.File, opts Options) ([]Output, []diag.Diagnostic, error) {
	f, ds := Legalize(f, opts)
	text, err := jsonnet.Write(withoutHeader(f), jsonnet.Options{Header: header(opts.Sources)})
	if err != nil {
		return nil, ds, err
	}
	outputs := []Output{{cmp.Or(opts.FileName, jsonnetName), text, 0o644}}
	if opts.NoScript {
		return outputs, ds, nil
	}
	script, err := Script(f.Bindings, outputs, opts)
	return append(outputs, script), ds, err
}

// jsonnetName is what the program of a Polytope file is called.
const jsonnetName = "polytope.jsonnet"

// writeKnot writes a template of knot's for each container of any template.
func writeKnot(f *ir.File, opts Options) ([]Output, []diag.Diagnostic, error) {
	f = polytope.Split(f, builtin.Signature)
	job, ds := resolve.ResolveSymbolic(knot.Together(f), resolve.Options{})
	made, more, err := knot.Write(job, knot.Options{
		Platform: knot.Platform(opts.Platform), Header: opts.knotHeader(), Split: opts.Split, Name: knotStem(opts.FileName), File: f,
	})
	var outputs []Output
	for _, o := range made {
		outputs = append(outputs, Output{o.Name, o.Data, 0o644})
	}
	if len(outputs) == 1 && opts.FileName != "" {
		outputs[0].Name = opts.FileName
	}
	found := diag.Report{Diagnostics: slices.Concat(unresolved(ds), more, knot.Losses(f))}
	found.Sort()
	return outputs, found.Diagnostics, err
}

// knotHeader is none for what is printed: it is pasted into knot, which keeps
// no files.
func (o Options) knotHeader() string {
	if o.NoHeader {
		return ""
	}
	if o.FileName != "" {
		return header(o.Sources)
	}
	return header(o.Sources) + "\n" + namedByHull
}

// namedByHull tells the files that hull names from those that its user did:
// they go with their containers.
const namedByHull = "The file is named after its container; hull removes it when that is gone."

// KnotHeader is the header of a template that hull named, and so may remove;
// empty where it did not.
func KnotHeader(data []byte) string {
	header, _, found := strings.Cut(string(data[:min(len(data), headerSize)]), "\n\n")
	if !found || !strings.HasPrefix(header, "# "+Mark) || !strings.HasSuffix(header, namedByHull) {
		return ""
	}
	return header
}

// knotStem is a file's name without the ends of names of knot's files.
func knotStem(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	return strings.TrimSuffix(name, ".knot")
}
