package main

import (
	"cmp"
	"path/filepath"

	"hull/convert"
	"hull/emit"
	"hull/ir/diag"
)

// claims are the files and folders that the projects of a batch write and read.
// Projects claim them in their order, so the first has what two want, however
// many are converted at a time.
type claims struct {
	// folders are those that are written to, written the files there whose names
	// are known, read the inputs. Each has the project that it belongs to.
	folders, written, read map[string]string
}

func newClaims() claims {
	return claims{folders: map[string]string{}, written: map[string]string{}, read: map[string]string{}}
}

// add claims what a project needs; the diagnostics say what of it another one
// has. Then nothing is claimed.
func (cl claims) add(c *conversion, p convert.Source) []diag.Diagnostic {
	if len(c.inputs) == 0 || c.found.HasErrors() {
		return nil
	}
	src, ds := convert.Locate(c.inputs)
	if len(ds) > 0 {
		return nil // which its conversion reports
	}
	folder := absolute(cmp.Or(c.target.dir, src.Dir))
	var written, read []string
	for _, name := range c.target.fileNames() {
		written = append(written, filepath.Join(folder, name))
	}
	for _, file := range src.Files {
		read = append(read, absolute(file))
	}
	if problem := cl.taken(folder, written, read); problem != "" {
		return []diag.Diagnostic{{
			Severity: diag.Error, Code: "batch/collision", Subject: diag.Range{File: filepath.Base(p.Files[0])},
			Message: problem, Help: "give it another output folder, in a " + configName + ", or leave it out",
		}}
	}
	own := filepath.ToSlash(p.Files[0])
	cl.folders[folder] = own
	for _, file := range written {
		cl.written[file] = own
	}
	for _, file := range read {
		cl.read[file] = cmp.Or(cl.read[file], own)
	}
	return nil
}

// taken says what another project has already.
func (cl claims) taken(folder string, written, read []string) string {
	if other := cl.folders[folder]; other != "" {
		return "its output folder is that of " + other
	}
	for _, file := range written {
		if other := cl.read[file]; other != "" {
			return "it would write an input of " + other + ", " + filepath.Base(file)
		}
	}
	for _, file := range read {
		if other := cl.written[file]; other != "" {
			return "its input " + filepath.Base(file) + " is an output of " + other
		}
	}
	return ""
}

func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}

// fileNames are those that a target has whatever is converted.
func (t target) fileNames() []string {
	if t.name != "" {
		return []string{t.name}
	}
	formats := t.formats
	if len(formats) == 0 {
		formats = emit.Names()[:1]
	}
	var names []string
	for _, name := range formats {
		if f, ok := emit.ByName(name); ok && f.FileName != "" {
			names = append(names, f.FileName)
		}
	}
	return names
}
