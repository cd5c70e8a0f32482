package convert

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"hull/convert/knot"
	"hull/ir"
	"hull/ir/diag"
)

const knotName = "knot"

// The ends of the names of knot's files, as the writer names them: a job
// specification, and the definitions of its volumes.
var (
	jobEnd         = regexp.MustCompile(`\.knot\.ya?ml$`)
	definitionsEnd = regexp.MustCompile(`\.volumes\.knot\.ya?ml$`)
)

// holdsBoth tells whether a file has a document of each kind.
func holdsBoth(file string) bool {
	keys, _ := topLevelKeys(file)
	i := slices.Index(keys, "volumes")
	return i >= 0 && slices.Contains(keys[i+1:], "volumes")
}

// discoverKnot finds the only template of a folder, with its volumes where
// they have a file of their own.
func discoverKnot(dir string) []string {
	templates := KnotTemplates(KnotFiles(dir))
	if len(templates) != 1 {
		return nil
	}
	return templates[0].Files
}

// KnotFiles are the files of a folder that are knot's by their names.
func KnotFiles(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var files []string
	for _, e := range entries {
		if jobEnd.MatchString(e.Name()) && !e.IsDir() {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files
}

// IsKnot tells whether a file is one of knot's: by its name, or by its
// top-level keys, if the name is not another format's. Volume definitions have
// no key of their own; they are known by having no others.
func IsKnot(file string) bool {
	if file == Stdin {
		return false
	}
	if f, ok := formatByName(filepath.Base(file)); ok {
		return f.Name == knotName
	}
	keys, err := topLevelKeys(file)
	if f, ok := formatByKeys(keys); err != nil || ok {
		return ok && f.Name == knotName
	}
	return knot.IsTemplate(keys)
}

// KnotTemplates puts together the files that are one template: a job
// specification, and the volume definitions that have its name or, where there
// is one job specification alone, whatever name. Definitions without a job
// stand by themselves.
func KnotTemplates(files []string) []Source {
	var templates []Source
	var definitions []string
	for _, file := range files {
		if isDefinitionsFile(file) {
			definitions = append(definitions, file)
			continue
		}
		templates = append(templates, Source{Format: knotName, Files: withDefinitions([]string{file}), Dir: filepath.Dir(file)})
	}
	isTaken := func(file string) bool {
		return slices.ContainsFunc(templates, func(t Source) bool { return slices.Contains(t.Files, file) })
	}
	jobs := len(templates)
	for _, file := range definitions {
		switch {
		case isTaken(file):
		case jobs == 1:
			templates[0].Files = append(templates[0].Files, file)
		default:
			templates = append(templates, Source{Format: knotName, Files: []string{file}, Dir: filepath.Dir(file)})
		}
	}
	return templates
}

// isDefinitionsFile tells volume definitions from a job specification, which
// may stand in one file with them.
func isDefinitionsFile(file string) bool {
	if definitionsEnd.MatchString(file) {
		return true
	}
	keys, err := topLevelKeys(file)
	return err == nil && len(keys) > 0 && !slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(knot.DefinitionKeys, key) })
}

// withDefinitions adds to the only file of a job specification that of its
// volume definitions, where there is one of its name.
func withDefinitions(files []string) []string {
	if len(files) != 1 || definitionsEnd.MatchString(files[0]) || !jobEnd.MatchString(files[0]) || holdsBoth(files[0]) {
		return files
	}
	for _, end := range []string{".volumes.knot.yml", ".volumes.knot.yaml"} {
		volumes := jobEnd.ReplaceAllLiteralString(files[0], end)
		if info, err := os.Stat(volumes); err == nil && info.Mode().IsRegular() {
			return []string{files[0], volumes}
		}
	}
	return files
}

// readKnot reads the one or two files of a template.
func readKnot(_ context.Context, src Source, opts Options) (*ir.File, *diag.Report) {
	o, report := OpenKnot(src, opts)
	if report.HasErrors() {
		return nil, report
	}
	return knot.Read(o)
}

// OpenKnot gets the texts of a template. Names are relative to the project
// directory. Where one cannot be had, the report says why.
func OpenKnot(src Source, opts Options) (knot.Options, *diag.Report) {
	o, report := opts.Knot, &diag.Report{}
	o.Files = nil
	for _, file := range src.Files {
		shown, text, err := readNamed(file, src, opts)
		if err != nil {
			report.Add(diag.Diagnostic{Severity: diag.Error, Code: "knot/file", Subject: diag.Range{File: shown}, Message: err.Error()})
			continue
		}
		o.Files = append(o.Files, knot.NamedText{Name: shown, Text: text})
	}
	return o, report
}

// shownName is a file as diagnostics show it: relative to the project
// directory.
func shownName(file string, src Source, opts Options) string {
	if file == Stdin {
		return "<stdin>"
	}
	if rel, err := filepath.Rel(cmp.Or(opts.Compose.ProjectDir, src.Dir), file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}

// readNamed is a file's text, and its name as diagnostics show it.
func readNamed(file string, src Source, opts Options) (shown string, text []byte, err error) {
	shown = shownName(file, src, opts)
	if file == Stdin {
		return shown, opts.Compose.Stdin, nil
	}
	dir := cmp.Or(opts.Compose.Root, filepath.Dir(file))
	root, err := os.OpenRoot(dir)
	if err != nil {
		return shown, nil, missingFile(shown)
	}
	defer root.Close()
	name, err := filepath.Rel(dir, file)
	if err != nil {
		return shown, nil, err
	}
	text, err = readBounded(root, name)
	return shown, text, err
}
