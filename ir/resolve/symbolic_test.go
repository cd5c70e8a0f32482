package resolve_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hull/ir"
	"hull/ir/resolve"
)

// partsText writes the parts of a text as "text" and "kind name=text".
func partsText(parts ...resolve.Part) string {
	var all []string
	for _, p := range parts {
		if p.Ref == nil {
			all = append(all, fmt.Sprintf("%q", p.Text))
		} else {
			all = append(all, fmt.Sprintf("%s %s=%s", p.Ref.Kind, p.Ref.Name, p.Text))
		}
	}
	return strings.Join(all, " ")
}

func TestSymbolic(t *testing.T) {
	f := read(t, wrapped)
	s, ds := resolve.ResolveSymbolic(f, resolve.Options{})
	if got := found(ds); len(got) != 1 {
		t.Errorf("%q", got)
	}
	web := s.Containers[0]
	for _, c := range []struct {
		got  []resolve.Part
		want string
	}{
		{s.Parts(web.Image), `"web:" value tag=`},
		{s.Parts(*web.Env[0].Value), `"http://" value host=db ":" value web_port=8080`},
		{s.Parts(*web.Env[1].Value), `secret password=s3cret`},
		{s.Parts(*web.Env[2].Value), `"true"`},           // code compares the value
		{s.Parts(*web.Env[3].Value), `"HTTP://DB:8080"`}, // code changes it
		{s.Parts(*web.Env[4].Value), `"8081"`},           // and is not the next value
		{s.Parts(web.Services[0].Ports[0].ExposeAs), `value web_port=8080`},
		{[]resolve.Part{s.Number(web.Services[0].Ports[0].Port)}, `"80"`},
		{[]resolve.Part{s.Number(web.Services[1].Ports[0].Port)}, `value web_port=8080`},
		{s.Parts(web.Services[1].ID), `value host=db "-2"`},
		{s.Parts(s.Containers[1].Image), `"job:latest"`},
		{s.Parts(""), ``},
	} {
		if got := partsText(c.got...); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// With its marks replaced, the symbolic job is the real one.
func TestSymbolicIsReal(t *testing.T) {
	f := read(t, wrapped)
	s, found := resolve.ResolveSymbolic(f, resolve.Options{})
	job, want := resolve.Resolve(f, resolve.Options{})
	unmark(s, reflect.ValueOf(s.Job).Elem())
	if got, want := toYAML(t, s.Job), toYAML(t, job); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("%v, want %v", found, want)
	}
}

func unmark(s *resolve.Symbolic, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			unmark(s, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			unmark(s, v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			unmark(s, v.Elem())
		}
	case reflect.String:
		text := ""
		for _, p := range s.Parts(v.String()) {
			text += p.Text
		}
		v.SetString(text)
	case reflect.Int:
		var n int64
		_, _ = fmt.Sscan(s.Number(int(v.Int())).Text, &n)
		v.SetInt(n)
	}
}

// Where code makes another structure of a value, the real one stands.
func TestSymbolicStructure(t *testing.T) {
	text := `modules:
- id: a
  module: b
  args: {words: pt.value words, mode: pt.value mode, n: pt.value n, name: pt.value name}
- id: b
  module: polytope/container
  params: [{id: words, type: str}, {id: mode, type: str}, {id: n, type: str}, {id: name, type: str}]
  args:
    image: "{pt.param name}:{pt.param n}{pt.param n}9"
    cmd: "#pt-js params.words.split(',')"
    entrypoint: "#pt-js params.mode === 'dev' ? [params.name] : null"
    scaling: "#pt-js parseInt(params.n)"
    resources: "#pt-js ({cpu: {limit: parseFloat(params.n)}, memory: {limit: params.n + 'MB'}})"
---
pt values set words "a,b"
pt values set mode dev
pt values set n 3
pt values set name x
`
	s, ds := resolve.ResolveSymbolic(read(t, text), resolve.Options{Module: "a"})
	if len(ds) > 0 {
		t.Error(found(ds))
	}
	c := s.Containers[0]
	if !slices.Equal(c.Cmd.Words, []string{"a", "b"}) || !slices.Equal(c.Entrypoint.Words, []string{"x"}) {
		t.Errorf("%+v %+v", c.Cmd, c.Entrypoint)
	}
	if got := partsText(s.Parts(c.Image)...); got != `value name=x ":" value n=3 value n=3 "9"` {
		t.Error(got)
	}
	if got := partsText(s.Number(*c.Scaling)); got != "value n=3" {
		t.Error(got)
	}
	if got := partsText(s.Parts(c.Resources.Memory.Limit)...); got != `value n=3 "MB"` || *c.Resources.CPU.Limit != 3 {
		t.Errorf("%s, %v", got, *c.Resources.CPU.Limit)
	}
}

// A file that holds the text of a mark is read as it is.
func TestSymbolicMarksInFile(t *testing.T) {
	text := "modules:\n- id: a\n  module: polytope/container\n  args: {image: pt.value i, cmd: [%s, pt.value i, pt.value n]}\n---\npt values set i x\npt values set n 7\n"
	s, _ := resolve.ResolveSymbolic(read(t, fmt.Sprintf(text, "x")), resolve.Options{})
	marks := s.Containers[0].Cmd.Words[1:]
	s, _ = resolve.ResolveSymbolic(read(t, fmt.Sprintf(text, strings.Join(marks, ""))), resolve.Options{})
	words := s.Containers[0].Cmd.Words
	if got := partsText(s.Parts(words[0])...); got != fmt.Sprintf("%q", strings.Join(marks, "")) {
		t.Error(got)
	}
	if got := partsText(s.Parts(words[1] + words[2])...); got != "value i=x value n=7" {
		t.Error(got)
	}
}

func TestSymbolicNothing(t *testing.T) {
	s, ds := resolve.ResolveSymbolic(&ir.File{}, resolve.Options{})
	if s != nil || len(ds) != 1 {
		t.Errorf("%v, %v", s, ds)
	}
}
