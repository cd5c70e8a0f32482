package knot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	polyreader "hull/convert/polytope"
	"hull/emit/knot"
	"hull/ir"
)

const severalTemplates = `templates:
  - {id: stack, params: [{id: p, type: [default, str, x]}], run: [web, {id: b, module: two, run-when: {after: web}}]}
  - id: other
    params: [{id: q, type: [default, str, y]}]
    run: [web, {id: b, module: three}, {id: c, module: two, args: {x: 1}, run-when: {after: b}}]
modules:
  - {id: web, module: web-base}
  - {id: web-base, module: polytope/container, args: {image: x}}
  - {id: two, module: polytope/container, args: {image: x}}
  - {id: three, module: polytope/container, args: {image: x}}
  - {id: idle, module: idle-base}
  - {id: idle-base, module: polytope/container, args: {image: x}}
`

func readText(t *testing.T, text string) *ir.File {
	t.Helper()
	f, report := polyreader.Read(polyreader.Options{Name: "polytope.yml", Text: []byte(text)})
	if f == nil || report.HasErrors() {
		t.Fatalf("%+v", report.Diagnostics)
	}
	return f
}

func TestTogether(t *testing.T) {
	f := readText(t, severalTemplates)
	all := knot.Together(f).Templates
	var steps []string
	for _, s := range all[0].Run {
		steps = append(steps, strings.TrimSuffix(s.StepID()+"="+s.Call.Module+">"+s.After, ">"))
	}
	if got := strings.Join(steps, " "); len(all) != 1 || got != "web=web b=two>web b-other=three c=two>b-other" {
		t.Errorf("the steps are %s", got)
	}
	if got := ir.ParamIDs(all[0].Params); !slices.Equal(got, []string{"p", "q"}) {
		t.Errorf("the params are %s", got)
	}
	if f.Templates[1].Run[1].ID != "b" {
		t.Error("the file has been changed")
	}
}

func TestLosses(t *testing.T) {
	var got []string
	for _, d := range knot.Losses(readText(t, severalTemplates)) {
		got = append(got, fmt.Sprintf("%d %s %s %s", d.Subject.Start.Line, d.Severity, d.Code, d.Path))
	}
	want := []string{
		"3 note to-knot/templates templates", "2 warning to-knot/template-params templates.stack.params",
		"4 warning to-knot/template-params templates.other.params", "11 note to-knot/module-unused modules.idle",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if ds := knot.Losses(readText(t, "modules: [{id: a, module: polytope/container, args: {image: x}}]")); len(ds) > 0 {
		t.Errorf("a file of one module: %+v", ds)
	}
}
