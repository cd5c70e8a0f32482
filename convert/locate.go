package convert

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hull/ir/diag"
)

// Stdin is the name of standard input among the inputs.
const Stdin = "-"

// Source is an input that was found: its format, its files and their folder.
type Source struct {
	Format string
	// Files are paths as the system opens them, or Stdin.
	Files []string
	// Dir is the folder of the first file; the working directory for Stdin.
	Dir string
}

var inputCodes = []diag.Info{
	{
		Code: "input/none", Severity: diag.Error,
		Summary: "There is nothing that hull reads in the folder.",
		Detail: "A folder is searched for compose.yaml, compose.yml, docker-compose.yml and docker-compose.yaml, " +
			"in this order, and for the override file beside the one that is found; then for polytope.yml, polytope.yaml, " +
			"polytope.json and polytope.edn; then for a template of knot, x.knot.yml, and a program, x.hull.jsonnet, if there is one of these and no more. " +
			"hull resolve and hull graph look for a Polytope file first. Name the files where they are called otherwise.",
	},
	{
		Code: "input/several", Severity: diag.Error,
		Summary: "A folder was named together with other inputs.",
		Detail: "Inputs are either the files of one project, later ones overriding earlier ones, or one folder. " +
			"Convert projects one at a time, and name the files of a folder to combine them with others.",
	},
	{
		Code: "input/folder", Severity: diag.Error,
		Summary: "A folder cannot be searched for projects.",
		Detail:  "It does not exist, is not a folder, or may not be read.",
	},
	{
		Code: "input/format", Severity: diag.Error,
		Summary: "The format of an input cannot be told.",
		Detail: "A format is told by the name of the file, then by its top-level keys (services for docker-compose), " +
			"then by the file's extension. Rename the file, or pass it on standard input.",
	},
}

// Locate finds what to read: the named files, the files of one named folder,
// or those of the working directory. It looks no further into them than it
// takes to tell their format; a file that cannot be read is the reader's to
// report.
func Locate(inputs []string) (Source, []diag.Diagnostic) {
	if len(inputs) == 0 {
		return discover(".")
	}
	for _, in := range inputs {
		if !isDir(in) {
			continue
		}
		if len(inputs) > 1 {
			return Source{}, []diag.Diagnostic{inputError("input/several",
				fmt.Sprintf("%s is a folder, and not the only input", in), "name either files or one folder")}
		}
		return discover(in)
	}
	format, ok := detect(inputs[0])
	if !ok {
		return Source{}, []diag.Diagnostic{unknownFormat(inputs[0])}
	}
	if format == knotName {
		inputs = withDefinitions(inputs)
	}
	return Source{Format: format, Files: inputs, Dir: filepath.Dir(inputs[0])}, nil
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return name != Stdin && err == nil && info.IsDir()
}

func discover(dir string) (Source, []diag.Diagnostic) {
	for _, f := range Formats() {
		if files := f.Discover(dir); len(files) > 0 {
			return Source{Format: f.Name, Files: files, Dir: filepath.Clean(dir)}, nil
		}
	}
	where := "the current folder"
	if dir != "." {
		where = dir
	}
	return Source{}, []diag.Diagnostic{inputError("input/none",
		"there is nothing that hull reads in "+where,
		"it looks for compose.yaml, docker-compose.yml, polytope.yml, .json or .edn, one x.knot.yml, and one x.hull.jsonnet; name the file where it is called otherwise")}
}

// detect tells the format of a file: by a name that only one format has, by
// its content, by its extension. One that cannot be opened is left to the first
// format's reader, which says why.
func detect(file string) (string, bool) {
	name := filepath.Base(file)
	if f, ok := formatByName(name); ok {
		return f.Name, true
	}
	keys, err := topLevelKeys(file)
	if err != nil {
		return Formats()[0].Name, true
	}
	if f, ok := formatByKeys(keys); ok {
		return f.Name, true
	}
	for _, f := range Formats() {
		if file == Stdin || slices.Contains(f.Extensions, strings.ToLower(filepath.Ext(name))) {
			return f.Name, true
		}
	}
	return "", false
}

// formatByName is the format that has files of a name alone.
func formatByName(name string) (Format, bool) {
	for _, f := range Formats() {
		isNamed := func(pattern string) bool { ok, _ := filepath.Match(pattern, name); return ok }
		if slices.ContainsFunc(f.Names, isNamed) {
			return f, true
		}
	}
	return Format{}, false
}

// FormatOf tells the format of a text by its top-level keys; where they tell
// nothing, it is the first format.
func FormatOf(text []byte) string {
	if isEDN.Match(text) {
		return "polytope"
	}
	if f, ok := formatByKeys(keysIn(text)); ok {
		return f.Name
	}
	return Formats()[0].Name
}

func formatByKeys(keys []string) (Format, bool) {
	for _, f := range Formats() {
		isKey := func(key string) bool { return slices.Contains(f.Keys, key) }
		if slices.ContainsFunc(keys, isKey) {
			return f, true
		}
	}
	return Format{}, false
}

// isEDN tells a map in EDN, which Polytope alone of the formats can be in.
var isEDN = regexp.MustCompile(`^\s*(?:;[^\n]*\n\s*)*\{\s*(?:;[^\n]*\n\s*)*:[a-z]`)

var topLevelKey = regexp.MustCompile(`(?m)^(?:\{?\s*")?([A-Za-z][\w-]*)"?\s*:`)

// topLevelKeys are the keys at the left margin in the first part of a file.
func topLevelKeys(file string) ([]string, error) {
	if file == Stdin {
		return nil, nil
	}
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 64<<10))
	return keysIn(head), err
}

func keysIn(text []byte) []string {
	keys := jsonKeys(text)
	if keys != nil {
		return keys
	}
	for _, m := range topLevelKey.FindAllSubmatch(text, -1) {
		keys = append(keys, string(m[1]))
	}
	return keys
}

// jsonKeys are the keys of a JSON object, as far as the text goes; nil where it
// is none.
func jsonKeys(text []byte) []string {
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	var keys []string
	for dec.More() {
		key, err := dec.Token()
		name, isText := key.(string)
		if err != nil || !isText {
			break
		}
		keys = append(keys, name)
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
	}
	return keys
}

func unknownFormat(name string) diag.Diagnostic {
	return inputError("input/format", "cannot tell what "+name+" is",
		"hull reads docker-compose files (.yaml, .yml, .json), Polytope files (.yml, .json, .edn), knot templates and Jsonnet programs (.jsonnet)")
}

func inputError(code, message, help string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: code, Message: message, Help: help}
}
