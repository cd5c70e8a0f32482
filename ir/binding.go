package ir

import "strings"

// Binding is a value or a secret: its name, how its default is obtained, and
// what it is for.
type Binding struct {
	Meta
	Kind    RefKind // ValueRef or SecretRef
	Name    string
	Default Word
	Info    string
}

// Word is text that a shell can make: its parts are joined. It is how defaults
// stay live in the values script: compose's variable syntax is the shell's.
type Word []WordPart

// WordPart is a part of a Word. The family is sealed: Text, Variable and
// FileContent are all there is.
type WordPart interface{ isWordPart() }

// Text is literal text.
type Text string

// Variable is an environment variable with an optional operator.
type Variable struct {
	Name string
	// Op is "", ":-", "-", ":?", "?", ":+" or "+", with the shell's meaning
	// (POSIX.1-2017, Shell Command Language, 2.6.2).
	Op string
	// Arg is the operator's word: the default, the message, the alternative.
	Arg Word
}

// FileContent is the content of a file, by its path relative to the Polytope
// file.
type FileContent struct{ Path string }

func (Text) isWordPart()        {}
func (Variable) isWordPart()    {}
func (FileContent) isWordPart() {}

// Literal is a Word of one text.
func Literal(s string) Word { return Word{Text(s)} }

// Eval is the text that the word yields where lookup knows no more than it
// says, and whether there is one: a required variable that is missing, or a
// file's content, yields none.
func (w Word) Eval(lookup func(name string) (string, bool)) (string, bool) {
	var b strings.Builder
	for _, p := range w {
		s, ok := evalPart(p, lookup)
		if !ok {
			return "", false
		}
		b.WriteString(s)
	}
	return b.String(), true
}

func evalPart(p WordPart, lookup func(string) (string, bool)) (string, bool) {
	switch p := p.(type) {
	case Text:
		return string(p), true
	case Variable:
		return p.eval(lookup)
	}
	return "", false
}

func (v Variable) eval(lookup func(string) (string, bool)) (string, bool) {
	value, set := lookup(v.Name)
	if strings.HasPrefix(v.Op, ":") && value == "" {
		set = false
	}
	switch strings.TrimPrefix(v.Op, ":") {
	case "-":
		if !set {
			return v.Arg.Eval(lookup)
		}
	case "?":
		return value, set
	case "+":
		if set {
			return v.Arg.Eval(lookup)
		}
		return "", true
	}
	return value, true
}

// Unset is the lookup that knows no variable.
func Unset(string) (string, bool) { return "", false }
