// Package convert is the front door of the readers: the table of source
// formats, how each is told from the others, and Read.
package convert

import (
	"cmp"
	"context"
	"slices"

	"hull/convert/compose"
	"hull/convert/jsonnet"
	"hull/convert/knot"
	"hull/convert/polytope"
	"hull/ir"
	"hull/ir/diag"
)

// Format is a language that hull reads.
type Format struct {
	// Name is how options and messages call it.
	Name string
	// Discover finds the format's files in a folder; the result is empty where
	// there are none.
	Discover func(dir string) []string
	// Names are the patterns (path.Match) of file names that can be nothing
	// else, Extensions the endings that are taken for the format where neither
	// name nor content decides.
	Names, Extensions []string
	// Entries are patterns (path.Match) of file names that are projects by
	// themselves where projects are searched for; nil where a file of the
	// format is no project.
	Entries []string
	// Keys are top-level keys that tell the format by its content.
	Keys []string
	// Read reads a located source of the format.
	Read func(context.Context, Source, Options) (*ir.File, *diag.Report)
	// Codes documents the diagnostics of its reader.
	Codes func() []diag.Info
}

// Formats returns the table of source formats; where detection is undecided,
// earlier ones win.
func Formats() []Format {
	return []Format{{
		Name:       "compose",
		Discover:   compose.Discover,
		Names:      []string{"compose.y*ml", "compose.*.y*ml", "docker-compose.y*ml", "docker-compose.*.y*ml"},
		Extensions: []string{".yaml", ".yml", ".json", ""},
		Entries:    []string{},
		Keys:       []string{"services"},
		Read:       readCompose,
		Codes:      compose.Codes,
	}, {
		Name:       "polytope",
		Discover:   discoverPolytope,
		Names:      polytopeNames,
		Extensions: []string{".edn"},
		Keys:       []string{"modules", "templates", "tools"},
		Read:       readPolytope,
		Codes:      polytope.Codes,
	}, {
		Name:       knotName,
		Discover:   discoverKnot,
		Names:      []string{"*.knot.y*ml"},
		Extensions: nil,
		Entries:    []string{},
		Keys:       []string{"container_name", "image"},
		Read:       readKnot,
		Codes:      knot.Codes,
	}, {
		Name:       jsonnetName,
		Discover:   discoverJsonnet,
		Names:      []string{"*.jsonnet"},
		Extensions: []string{".jsonnet"},
		Entries:    []string{"*.hull.jsonnet"},
		Read:       readJsonnet,
		Codes:      jsonnet.Codes,
	}}
}

// Options holds what each reader may be told; a reader sees its own part.
type Options struct {
	// Compose is for docker-compose projects. Its Files are those of the
	// source that is read.
	Compose compose.Options
	// Jsonnet is for Jsonnet programs. Its File, Text, Dir and Root are those of
	// the source that is read.
	Jsonnet jsonnet.Options
	// Knot is for knot's templates. Its Files are those of the source.
	Knot knot.Options
}

// Read reads a source. The file is nil where the report has errors that leave
// nothing to convert.
func Read(ctx context.Context, src Source, opts Options) (*ir.File, *diag.Report) {
	for _, f := range Formats() {
		if f.Name == src.Format {
			return f.Read(ctx, src, opts)
		}
	}
	r := &diag.Report{}
	r.Add(unknownFormat(src.Format))
	return nil, r
}

func readCompose(ctx context.Context, src Source, opts Options) (*ir.File, *diag.Report) {
	opts.Compose.Files = src.Files
	return compose.Read(ctx, opts.Compose)
}

// Codes documents every diagnostic of the readers, in the order of the codes.
func Codes() []diag.Info {
	infos := append(slices.Clone(inputCodes), ir.TypeCodes...)
	for _, f := range Formats() {
		infos = append(infos, f.Codes()...)
	}
	slices.SortFunc(infos, func(a, b diag.Info) int { return cmp.Compare(a.Code, b.Code) })
	return infos
}
