package compose

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/resolve"
)

// remark is what people wrote about something that becomes a service: a
// comment, or a text of info.
type remark struct {
	// arg is the argument that it is about, empty for all of the module, and
	// item the environment variable, where it is about one.
	arg, item string
	text      string
}

// remarks are those of a file. A job does not carry them: they are looked up
// by the steps and modules that its tasks name.
type remarks struct {
	file *ir.File // may be nil: there are none
	// taken are the texts that are in the compose file, or about something that
	// is left out.
	taken map[*string]bool
}

// take is the texts that say something, one below the other.
func (r *remarks) take(texts ...*string) string {
	said := ""
	for _, p := range texts {
		r.taken[p] = true
		said = appendText(said, forPeople(*p))
	}
	return said
}

// own is what is said of a node itself. What stands below it mostly is
// something that has been taken out; it is left.
func (r *remarks) own(n ir.Node) string {
	c := &n.GetMeta().Comments
	return r.take(&c.Head, &c.Line)
}

// below is what is said of a node and of all that is in it.
func (r *remarks) below(n ir.Node) string {
	said := ""
	ir.Walk(n, func(n ir.Node) bool {
		said = appendText(said, r.own(n))
		return true
	})
	return said
}

// appendText puts lines below others, unless they are there already.
func appendText(lines, more string) string {
	switch {
	case lines == "":
		return more
	case more == "" || strings.Contains("\n"+lines+"\n", "\n"+more+"\n"):
		return lines
	}
	return lines + "\n" + more
}

// directive marks comments that are for hull, and about a line of the source.
const directive = "hull:allow"

// forPeople is a comment without the lines that are for hull.
func forPeople(text string) string {
	lines := strings.Split(text, "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, directive) })
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// ofFile is what is said of a file as a whole: of itself, and of the template
// that runs without a profile.
func (r *remarks) ofFile(base string) string {
	if r.file == nil {
		return ""
	}
	said := r.own(r.file)
	if t := r.file.Template(base); t != nil {
		said = appendText(said, r.take(&t.Info))
		said = appendText(said, r.own(t))
	}
	return said
}

// of is what is said of a task of a template: of every module that it goes
// through, and of its step.
func (r *remarks) of(template string, t resolve.Task) []remark {
	var all []remark
	for _, n := range r.calls(template, t) {
		if m, ok := n.(*ir.Module); ok {
			all = append(all, remark{text: r.take(&m.Info)})
		}
		all = append(all, remark{text: r.own(n)})
		all = append(all, r.ofCall(callOf(n))...)
	}
	return slices.DeleteFunc(all, func(m remark) bool { return m.text == "" })
}

// calls are the modules and the step that make a task.
func (r *remarks) calls(template string, t resolve.Task) []ir.Node {
	if r.file == nil {
		return nil
	}
	var all []ir.Node
	for _, id := range append([]string{t.Module}, t.Via...) {
		if m := r.file.Module(id); m != nil {
			all = append(all, m)
		}
	}
	if in := r.file.Template(template); in != nil {
		if s := in.Step(t.Step); s != nil {
			all = append(all, s)
		}
	}
	return all
}

// callOf is what a module or step calls; nil for a module that runs code.
func callOf(n ir.Node) *ir.Call {
	switch n := n.(type) {
	case *ir.Module:
		return n.Call
	case *ir.Step:
		return &n.Call
	}
	return nil
}

func (r *remarks) ofCall(c *ir.Call) []remark {
	if c == nil {
		return nil
	}
	all := []remark{{text: r.own(c)}}
	if c.Args == nil {
		return all
	}
	all = append(all, remark{text: r.own(c.Args)})
	for _, e := range c.Args.Entries {
		if list, ok := e.Value.(*ir.List); ok && e.Key == "env" {
			all = append(all, r.ofEnv(list)...)
			continue
		}
		all = append(all, remark{arg: e.Key, text: r.below(e.Value)})
	}
	return all
}

func (r *remarks) ofEnv(list *ir.List) []remark {
	all := []remark{{arg: "env", text: r.own(list)}}
	for _, x := range list.Items {
		said := remark{arg: "env", text: r.below(x)}
		if m, ok := x.(*ir.Map); ok {
			if name, ok := m.Get("name").(*ir.String); ok {
				said.item = name.Value
			}
		}
		all = append(all, said)
	}
	return all
}

// about makes remarks be about one argument.
func about(arg string, all []remark) []remark {
	for i := range all {
		all[i].arg, all[i].item = arg, ""
	}
	return all
}

// annotate puts what is said of a service above its attributes. What is about
// something that the service does not have stands above the service.
func (sv *service) annotate(key, attrs *yaml.Node) {
	for _, r := range sv.remarks {
		n := r.place(key, attrs)
		n.HeadComment = appendText(n.HeadComment, strings.TrimSuffix(comment(r.text), "\n"))
	}
}

func (r remark) place(service, attrs *yaml.Node) *yaml.Node {
	for _, path := range placesOf(r.arg) {
		key, value := find(attrs, strings.Split(path, ".")...)
		if key == nil {
			continue
		}
		if item, _ := find(value, r.item); item != nil {
			return item
		}
		return key
	}
	return service
}

// find is an entry of a mapping, or of mappings in it; its key is nil where
// there is none.
func find(m *yaml.Node, path ...string) (key, value *yaml.Node) {
	value = m
	for _, name := range path {
		if key, value = entry(value, name); key == nil {
			break
		}
	}
	return key, value
}

func entry(m *yaml.Node, name string) (key, value *yaml.Node) {
	if m.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(m.Content); i += 2 {
			if m.Content[i].Value == name {
				return m.Content[i], m.Content[i+1]
			}
		}
	}
	return nil, nil
}

// lost reports the comments and the infos that are not in the compose file,
// each kind once. Of modules that nothing runs, which are reported themselves,
// it says nothing.
func (r *remarks) lost() []diag.Diagnostic {
	if r.file == nil {
		return nil
	}
	comments, infos := r.newTally(), r.newTally()
	idle := ir.IdleModules(r.file)
	ir.Walk(r.file, func(n ir.Node) bool {
		c := &n.GetMeta().Comments
		at := n.GetMeta().Rng
		switch n := n.(type) {
		case *ir.Binding:
			return false // the script's, or made by hull
		case *ir.Module:
			if slices.Contains(idle, n) {
				return false
			}
			infos.add(n.IDRange, &n.Info)
		case *ir.Template:
			infos.add(n.IDRange, &n.Info)
		case *ir.Param:
			infos.add(at, &n.Name)
			infos.add(at, &n.Info)
		}
		comments.add(at, &c.Head)
		comments.add(at, &c.Line)
		at.Start = at.End
		comments.add(at, &c.Foot)
		return true
	})
	return append(comments.report("to-compose/comments", "comment", "comments"), infos.report("to-compose/info", "text of info", "texts of info")...)
}

// tally counts texts that are lost.
type tally struct {
	*remarks
	// seen are those that are counted: of a module that is split, both halves
	// have some.
	seen  map[placedText]bool
	first ir.Range
}

type placedText struct {
	at   ir.Range
	text string
}

func (r *remarks) newTally() *tally { return &tally{remarks: r, seen: map[placedText]bool{}} }

func (t *tally) add(at ir.Range, text *string) {
	if t.taken[text] || forPeople(*text) == "" {
		return
	}
	if !t.first.IsValid() || at.File == t.first.File && at.Start.Before(t.first.Start) {
		t.first = at
	}
	t.seen[placedText{at, *text}] = true
}

func (t *tally) report(code, one, many string) []diag.Diagnostic {
	message := ""
	switch n := len(t.seen); n {
	case 0:
		return nil
	case 1:
		message = "a " + one + " is not kept, as it has no place in a compose file"
	default:
		message = fmt.Sprintf("%d %s are not kept, as they have no place in a compose file; this is the first", n, many)
	}
	return []diag.Diagnostic{{Severity: diag.Note, Code: code, Fate: diag.Dropped, Subject: t.first, Message: message}}
}
