package random

import (
	"bytes"
	"fmt"
	"reflect"

	"gopkg.in/yaml.v3"
)

// object is a map of YAML with its order.
type object []entry

type entry struct {
	key   string
	value any
}

// set adds a key, or replaces its value.
func (o *object) set(key string, value any) {
	for i := range *o {
		if (*o)[i].key == key {
			(*o)[i].value = value
			return
		}
	}
	*o = append(*o, entry{key, value})
}

func (o object) get(key string) any {
	for _, e := range o {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// list is a sequence of YAML. All else in a tree is a scalar, nil included, or
// one of the types below.
type list []any

// styled is a text, and how it is to be written where it can be.
type styled struct {
	text  string
	style yaml.Style
}

// flow writes a map or list in one line.
type flow struct{ value any }

// tagged is a value under a tag such as !override.
type tagged struct {
	tag   string
	value any
}

// anchored is a value that aliases stand for, from there on.
type anchored struct {
	name  string
	value any
}

type alias string

// mergeKey is the key of YAML's merges.
const mergeKey = "<<"

// encode writes a tree as YAML. Styles that the encoder does not manage for a
// text are left to it.
func encode(tree object) string {
	text, err := printer{anchors: map[string]*yaml.Node{}}.text(tree)
	if err == nil {
		return text
	}
	text, err = printer{anchors: map[string]*yaml.Node{}, isQuoted: true}.text(tree)
	if err != nil {
		panic(fmt.Sprintf("the YAML encoder cannot write this: %v\n%s", err, text))
	}
	return text
}

type printer struct {
	anchors map[string]*yaml.Node
	// isQuoted writes every text in double quotes.
	isQuoted bool
}

// text is the encoded tree; the error says that it does not read back.
func (p printer) text(tree object) (string, error) {
	var b bytes.Buffer
	root := p.node(tree)
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return "", err
	}
	var back yaml.Node
	if err := yaml.Unmarshal(b.Bytes(), &back); err != nil {
		return b.String(), err
	}
	if got, want := values(back.Content[0]), values(root); !reflect.DeepEqual(got, want) {
		return b.String(), fmt.Errorf("%v comes back as %v", want, got)
	}
	return b.String(), nil
}

// values are the scalars of a tree, in its order.
func values(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{n.ShortTag() + " " + n.Value}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, values(c)...)
	}
	return all
}

func (p printer) node(v any) *yaml.Node {
	switch v := v.(type) {
	case object:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, e := range v {
			n.Content = append(n.Content, p.key(e.key), p.node(e.value))
		}
		return n
	case list:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, item := range v {
			n.Content = append(n.Content, p.node(item))
		}
		return n
	case flow:
		n := p.node(v.value)
		n.Style |= yaml.FlowStyle
		return n
	case tagged:
		n := p.node(v.value)
		n.Tag, n.Style = v.tag, n.Style|yaml.TaggedStyle
		return n
	case anchored:
		n := p.node(v.value)
		n.Anchor, p.anchors[v.name] = v.name, n
		return n
	case alias:
		return &yaml.Node{Kind: yaml.AliasNode, Value: string(v), Alias: p.anchors[string(v)]}
	}
	return p.scalar(v)
}

func (p printer) key(name string) *yaml.Node {
	if name == mergeKey {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!merge", Value: name}
	}
	return p.scalar(name)
}

func (p printer) scalar(v any) *yaml.Node {
	style := yaml.Style(0)
	if s, ok := v.(styled); ok {
		v, style = s.text, s.style
	}
	text, isText := v.(string)
	if !isText {
		n := &yaml.Node{}
		if err := n.Encode(v); err != nil {
			panic(err)
		}
		return n
	}
	if p.isQuoted {
		style = yaml.DoubleQuotedStyle
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: style}
}
