// Command corpus converts every compose project below the given folders and
// tells how hull and compose-go judge each: a project that compose-go loads
// must convert, one that it refuses must end in a diagnostic, and what was
// converted must be proved.
//
//	go run ./golden/corpus [-v] [-codes] [-bench] FOLDER…
//
// It exits 1 where the two disagree in a way that matters.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/sirupsen/logrus"

	"hull/convert/compose"
	"hull/convert/polytope"
	"hull/convert/verify"
	"hull/emit"
	"hull/ir/check"
	"hull/ir/diag"
)

func main() {
	verbose := flag.Bool("v", false, "print every project with its verdict")
	benchmark := flag.Bool("bench", false, "measure each project's conversion against compose-go's load of it")
	codes := flag.Bool("codes", false, "count the diagnostics by code")
	flag.Parse()
	logrus.SetOutput(io.Discard)
	// docker compose, but not compose-go, knows this format of env files.
	dotenv.RegisterFormat("raw", func(io.Reader, string, map[string]string, func(string) (string, bool)) error { return nil })
	t := tally{verbose: *verbose, verdicts: map[string]int{}, codes: map[string]int{}, findings: map[string]int{}}
	for _, folder := range flag.Args() {
		projects, err := find(folder)
		if err != nil {
			fmt.Fprintln(os.Stderr, "corpus:", err)
			os.Exit(2)
		}
		if *benchmark {
			bench(projects)
			continue
		}
		for _, p := range projects {
			t.try(p)
		}
	}
	if *benchmark {
		return
	}
	t.print(*codes)
	if t.bad > 0 {
		os.Exit(1)
	}
}

// project is a set of compose files that are loaded together.
type project struct {
	root  string
	files []string
}

var hasServices = regexp.MustCompile(`(?m)^services:`)

// find lists the projects below a folder: what docker compose would find in
// each folder, and every other file with services by itself.
func find(root string) ([]project, error) {
	var out []project
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		found := compose.Discover(path)
		if found != nil {
			out = append(out, project{root, found})
		}
		for _, pattern := range []string{"*.yml", "*.yaml"} {
			files, _ := filepath.Glob(filepath.Join(path, pattern))
			for _, f := range files {
				text, _ := os.ReadFile(f)
				if !slices.Contains(found, f) && hasServices.Match(text) {
					out = append(out, project{root, []string{f}})
				}
			}
		}
		return nil
	})
	return out, err
}

type tally struct {
	verbose         bool
	verdicts, codes map[string]int
	findings        map[string]int
	services, bad   int
	proofs          proofs
}

// proofs sums up what was verified.
type proofs struct {
	proved, unproved                                   int
	compared, equal, explained, unexplained, unfounded int
}

func (t *tally) try(p project) {
	loadErr := load(p)
	file, report := compose.Read(context.Background(), compose.Options{Files: p.files, Root: p.root})
	if file != nil && !report.HasErrors() {
		outputs, ds, err := emit.Write(file, emit.Options{Formats: emit.PolytopeNames()})
		report.Add(ds...)
		if err != nil || len(outputs) == 0 {
			report.Add(diag.Diagnostic{Severity: diag.Error, Code: "corpus/write", Message: fmt.Sprint(err)})
		}
		t.services += len(file.Modules)
		t.check(p, outputs)
		t.verify(p)
	}
	for _, d := range report.Diagnostics {
		t.codes[d.Code]++
	}
	verdict := judge(report, loadErr)
	t.verdicts[verdict]++
	bad := strings.HasPrefix(verdict, "DISAGREE")
	if bad {
		t.bad++
	}
	if t.verbose || bad {
		fmt.Printf("%-40s %s\n", verdict, strings.Join(p.files, " "))
		for _, d := range report.Diagnostics {
			if d.Severity == diag.Error {
				fmt.Printf("    hull: %s:%d: %s [%s]\n", d.Subject.File, d.Subject.Start.Line, d.Message, d.Code)
			}
		}
		if loadErr != nil {
			fmt.Printf("    compose-go: %v\n", loadErr)
		}
	}
}

// check reads back what was written, and counts what hull's own rules say of it.
func (t *tally) check(p project, outputs []emit.Output) {
	opts := polytope.Options{Name: "polytope.yml", ScriptName: emit.ScriptName}
	for _, o := range outputs {
		switch o.Name {
		case opts.Name:
			opts.Text = o.Data
		case emit.ScriptName:
			opts.Script = o.Data
		}
	}
	file, report := polytope.Read(opts)
	if file != nil {
		report.Add(check.Check(file, check.Options{HasScript: true})...)
	}
	for _, d := range report.Diagnostics {
		t.findings[d.Code]++
		if t.verbose {
			fmt.Printf("%s: polytope.yml:%d: %s [%s]\n", p.files[0], d.Subject.Start.Line, d.Message, d.Code)
		}
	}
}

// verify proves the conversion of a project.
func (t *tally) verify(p project) {
	r, err := verify.Verify(context.Background(), verify.Options{Compose: compose.Options{Files: p.files, Root: p.root}})
	if err != nil {
		t.proofs.unproved++
		t.bad++
		fmt.Printf("%-40s %s: %v\n", "NOT PROVED", strings.Join(p.files, " "), err)
		return
	}
	t.proofs.compared += r.Compared
	t.proofs.equal += r.Equal
	t.proofs.explained += len(r.Explained)
	t.proofs.unexplained += len(r.Unexplained)
	t.proofs.unfounded += len(r.Unfounded)
	if r.Holds() {
		t.proofs.proved++
		return
	}
	t.proofs.unproved++
	t.bad++
	fmt.Printf("%-40s %s\n", "NOT PROVED", strings.Join(p.files, " "))
	for _, d := range r.Unexplained {
		fmt.Printf("    unexplained: %s\n", d.Path)
	}
	for _, d := range r.Unfounded {
		fmt.Printf("    unfounded: %s [%s]\n", d.Message, d.Code)
	}
}

func load(p project) error {
	opts, err := cli.NewProjectOptions(p.files, cli.WithEnvFiles(), cli.WithDotEnv, cli.WithName("corpus"))
	if err != nil {
		return err
	}
	_, err = opts.LoadProject(context.Background())
	return err
}

func judge(report *diag.Report, loadErr error) string {
	refused := report.HasErrors()
	required := loadErr != nil && strings.Contains(loadErr.Error(), "required variable")
	switch {
	case !refused && loadErr == nil:
		return "converted"
	case refused && loadErr != nil:
		return "refused by both"
	case !refused && required:
		return "converted, variables to be set later"
	case refused && slices.ContainsFunc(report.Diagnostics, func(d diag.Diagnostic) bool { return d.Code == "compose/name-collision" }):
		return "refused, names collide in Polytope"
	case refused:
		return "DISAGREE: compose-go loads it"
	}
	return "DISAGREE: compose-go refuses it"
}

func (t *tally) print(codes bool) {
	total := 0
	for _, v := range sortedKeys(t.verdicts) {
		fmt.Printf("%6d  %s\n", t.verdicts[v], v)
		total += t.verdicts[v]
	}
	fmt.Printf("%6d  projects, %d modules\n", total, t.services)
	f := t.proofs
	fmt.Printf("%6d  proved, %d not: %d attributes compared, %d equal, %d differences explained, %d unexplained, %d losses unfounded\n",
		f.proved, f.unproved, f.compared, f.equal, f.explained, f.unexplained, f.unfounded)
	for _, c := range sortedKeys(t.findings) {
		fmt.Printf("%6d  %s, in what was written\n", t.findings[c], c)
	}
	if codes {
		for _, c := range sortedKeys(t.codes) {
			fmt.Printf("%6d  %s\n", t.codes[c], c)
		}
	}
}

func sortedKeys(m map[string]int) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
