// Package knot holds the two directions of knot's language against each other:
// a template that becomes a Polytope file and a template again, and a compose
// project that becomes templates and a project again, differ only where the
// reports of the way say so; and what they report makes a difference.
package knot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"gopkg.in/yaml.v3"

	"hull/ir/knot"
)

// fact is something that a template says, in a form that does not depend on how
// it is written down.
type fact struct {
	text string
	// at is the path of the field or item that says it, as the reader's
	// diagnostics have it, and line where it stands.
	at   string
	line int
}

// facts are what a template says, by what they are about: "environment.A",
// "ports.80/tcp", "volumes./home", "definitions.<space.id>-home".
type facts map[string]fact

// reference finds the variables that a text reads.
var reference = regexp.MustCompile(`\.((?:space|template|user|server|` + strings.Join(knot.OpenGroups, "|") + `)(?:\.[A-Za-z0-9_]+)+)`)

// functions are knot's (notes.md, "knot: facts from its public source").
var functions = template.FuncMap{
	"quote":   func(s string) string { return strings.ReplaceAll(s, `"`, `\"`) },
	"toUpper": strings.ToUpper, "toLower": strings.ToLower,
	"json": func(x any) (string, error) { b, err := json.Marshal(x); return string(b), err },
	"map": func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			m[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		return m
	},
}

// render does with a text what knot does before it parses it as YAML. What is
// not set stands as its name in angle brackets.
func render(text string, set map[string]string) (string, error) {
	t, err := template.New("").Delims(knot.OpenAction, knot.CloseAction).Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	data := map[string]any{}
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		put(data, strings.Split(m[1], "."), "<"+m[1]+">")
	}
	for name, value := range set {
		var x any = value
		if b, err := strconv.ParseBool(value); err == nil && name == "space.first_boot" {
			x = b
		}
		put(data, strings.Split(name, "."), x)
	}
	var b strings.Builder
	err = t.Execute(&b, data)
	return b.String(), err
}

func put(data map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		inner, ok := data[name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			data[name] = inner
		}
		data = inner
	}
	if _, isGroup := data[path[len(path)-1]].(map[string]any); !isGroup {
		data[path[len(path)-1]] = value
	}
}

// factsOf are what the documents of some files say.
func factsOf(texts []string, set map[string]string) (facts, error) {
	fs := facts{}
	for _, text := range texts {
		rendered, err := render(text, set)
		if err != nil {
			return nil, err
		}
		for dec := yaml.NewDecoder(strings.NewReader(rendered)); ; {
			var doc yaml.Node
			if dec.Decode(&doc) != nil {
				break
			}
			fs.document(doc.Content[0])
		}
	}
	return fs, nil
}

func (fs facts) document(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return
	}
	_, isImage := child(n, "image")
	if _, isName := child(n, "container_name"); !isImage && !isName {
		fs.definitions(n)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		fs.field(n.Content[i].Value, n.Content[i+1])
	}
}

func child(n *yaml.Node, key string) (*yaml.Node, bool) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1], true
		}
	}
	return nil, false
}

func (fs facts) definitions(n *yaml.Node) {
	if paths, ok := child(n, "paths"); ok && len(paths.Content) > 0 {
		fs["paths"] = fact{texts(paths), "paths", paths.Line}
	}
	volumes, ok := child(n, "volumes")
	if !ok {
		return
	}
	for i := 0; i+1 < len(volumes.Content) && volumes.Kind == yaml.MappingNode; i += 2 {
		name, value := volumes.Content[i], volumes.Content[i+1]
		fs["definitions."+name.Value] = fact{"", "volumes." + name.Value, name.Line}
		if len(value.Content) > 0 {
			fs["sizes."+name.Value] = fact{texts(value), "volumes." + name.Value, value.Line}
		}
	}
	for _, v := range volumes.Content {
		if name, ok := child(v, "name"); ok && volumes.Kind == yaml.SequenceNode {
			fs["definitions."+name.Value] = fact{"", "volumes", v.Line}
		}
	}
}

// texts are all the scalars below a node.
func texts(n *yaml.Node) string {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode {
		return strconv.Quote(n.Value)
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, texts(c))
	}
	return strings.Join(all, " ")
}

// listFields are the fields whose items each say something by themselves.
var listFields = map[string]func(fs facts, item, at string, line int){
	"ports": facts.port, "volumes": facts.volume, "environment": facts.env,
	"command": func(fs facts, item, at string, line int) { fs[at] = fact{item, at, line} },
}

func (fs facts) field(key string, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	read := listFields[key]
	switch {
	case key == "privileged" && isFalse(n.Value), key == "network" && n.Value == "bridge": // what it is anyway
	case n.Tag == "!!null" || n.Kind == yaml.ScalarNode && n.Value == "" || n.Kind != yaml.ScalarNode && len(n.Content) == 0:
	case key == "memory" || key == "cpus":
		fs[key] = fact{size(n.Value), key, n.Line}
	case read == nil:
		fs[key] = fact{texts(n), key, n.Line}
	default:
		for i, item := range n.Content {
			read(fs, item.Value, fmt.Sprintf("%s[%d]", key, i), item.Line)
		}
	}
}

func isFalse(text string) bool { b, err := strconv.ParseBool(text); return err == nil && !b }

// size is an amount of memory, in bytes, or of cpus.
func size(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	number := strings.TrimRight(text, "BKMG")
	n, _ := strconv.ParseFloat(number, 64)
	for range max(strings.Index("BKMG", text[len(number):]), 0) * min(len(text)-len(number), 1) {
		n *= 1024
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func (fs facts) port(item, at string, line int) {
	host, inside, _ := strings.Cut(item, ":")
	inside, protocol, _ := strings.Cut(strings.ToLower(inside), "/")
	if protocol == "" {
		protocol = "tcp"
	}
	fs.add("ports."+trimZeros(inside)+"/"+protocol, trimZeros(host), at, line)
}

func trimZeros(digits string) string { return strings.TrimLeft(digits, "0+") }

// add adds a fact; another one of the name gets a number.
func (fs facts) add(name, text, at string, line int) {
	free := name
	for n := 2; ; n++ {
		old, ok := fs[free]
		if !ok {
			break
		}
		if old.text == text {
			return
		}
		free = fmt.Sprintf("%s#%d", name, n)
	}
	fs[free] = fact{text, at, line}
}

func (fs facts) volume(item, at string, line int) {
	parts := strings.SplitN(item, ":", 3)
	if len(parts) < 2 {
		return
	}
	fs.add("volumes."+parts[1], strings.TrimPrefix(parts[0], "./"), at, line)
	if len(parts) > 2 && parts[2] != "rw" {
		fs["modes."+at] = fact{parts[2], at, line}
	}
}

func (fs facts) env(item, at string, line int) {
	name, value, ok := strings.Cut(item, "=")
	if !ok {
		return
	}
	if ports, ok := namesOf(value); ok && slices.ContainsFunc(knot.PortVars, func(v knot.PortVar) bool { return v.Name == name }) {
		for port, label := range ports {
			fs[fmt.Sprintf("names.%s.%s", name, port)] = fact{label, at, line}
		}
		return
	}
	fs.add("environment."+name, value, at, line)
	if slices.ContainsFunc(knot.MandatoryEnv, func(v knot.EnvVar) bool { return v.Name == name }) {
		return // they stand in front where they come back
	}
	order := fs["order.environment"]
	order.text += name + " "
	order.at = "environment"
	fs["order.environment"] = order
}

// namesOf reads "80=Web,8025=Email"; a port without a name is called by its
// number.
func namesOf(text string) (map[string]string, bool) {
	ports := map[string]string{}
	for item := range strings.SplitSeq(text, ",") {
		port, label, _ := strings.Cut(strings.TrimSpace(item), "=")
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return nil, text == ""
		}
		if label == "" {
			label = port
		}
		ports[port] = label
	}
	return ports, true
}
