package polytope

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hull/ir"
)

// WriteScript writes the shell script that sets the file's values and secrets
// to their defaults, one command each, in their order. It runs under any POSIX
// shell. It fails where a text holds a NUL, which no shell can pass on, and
// where a variable or its operator is none of the shell's.
//
// Source: the Polytope reference, "Sample executable file with default values
// and secrets"; POSIX.1-2017, Shell Command Language, 2.2.3 and 2.6.2.
func WriteScript(f *ir.File, opts Options) ([]byte, error) {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n" + yamlComment(opts.Header) + "\nset -eu\n")
	if slices.ContainsFunc(f.Bindings, func(b *ir.Binding) bool { return readsFile(b.Default) }) {
		b.WriteString("cd \"$(dirname \"$0\")\"\n")
	}
	if len(f.Bindings) > 0 {
		b.WriteByte('\n')
	}
	for _, binding := range f.Bindings {
		command, err := setCommand(binding)
		if err != nil {
			return nil, fmt.Errorf("polytope: %s %q: %w", binding.Kind, binding.Name, err)
		}
		b.WriteString(yamlComment(joinLines(binding.Comments.Head, binding.Info)) + command)
	}
	return []byte(b.String()), nil
}

var (
	plainName    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	operators    = []string{"", ":-", "-", ":?", "?", ":+", "+"}
)

// setCommand sets one value or secret.
func setCommand(b *ir.Binding) (string, error) {
	kind, ok := map[ir.RefKind]string{ir.ValueRef: "values", ir.SecretRef: "secrets"}[b.Kind]
	if !ok {
		return "", fmt.Errorf("neither a value nor a secret")
	}
	if !plainName.MatchString(b.Name) {
		return "", fmt.Errorf("not a name")
	}
	w := shellWriter{}
	data, err := w.word(b.Default, false)
	if readsFile(b.Default) {
		// Only an assignment ends the script when its command fails.
		data = w.assign(data)
	}
	return w.assignments.String() + "pt " + kind + " set " + b.Name + " \"" + data + "\"\n", err
}

func readsFile(w ir.Word) bool {
	return slices.ContainsFunc(w, func(p ir.WordPart) bool {
		v, isVariable := p.(ir.Variable)
		_, isFile := p.(ir.FileContent)
		return isFile || isVariable && readsFile(v.Arg)
	})
}

// shellWriter writes one word for a place between double quotes.
type shellWriter struct {
	assignments strings.Builder // what must come before
	count       int
}

// assign puts text for a place between double quotes into a variable of the
// script's own, and returns what stands for it.
func (w *shellWriter) assign(quoted string) string {
	w.count++
	name := fmt.Sprintf("_hull_%d", w.count)
	w.assignments.WriteString(name + "=\"" + quoted + "\"\n")
	return "${" + name + "}"
}

// word is a word between double quotes, or an operator's word between them.
func (w *shellWriter) word(word ir.Word, isOperand bool) (string, error) {
	var b strings.Builder
	for _, p := range word {
		s, err := w.part(p, isOperand)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (w *shellWriter) part(p ir.WordPart, isOperand bool) (string, error) {
	switch p := p.(type) {
	case ir.Text:
		return w.literal(string(p), isOperand)
	case ir.Variable:
		return w.variable(p)
	case ir.FileContent:
		path, err := w.literal(p.Path, true)
		if strings.HasPrefix(p.Path, "-") {
			path = "./" + path // or it would be an option
		}
		return "$(cat \"" + path + "\")", err
	}
	return "", fmt.Errorf("unknown part %T", p)
}

// escapeQuoted makes text literal between double quotes.
var escapeQuoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`")

// literal writes text. Shells do not agree on quotes, braces and backslashes
// inside "${X:-…}": there, text that has any goes through a variable.
func (w *shellWriter) literal(s string, isOperand bool) (string, error) {
	if strings.Contains(s, "\x00") {
		return "", fmt.Errorf("a shell cannot pass on a NUL")
	}
	quoted := escapeQuoted.Replace(s)
	if isOperand && strings.ContainsAny(s, "'\"`\\${}") {
		return w.assign(quoted), nil
	}
	return quoted, nil
}

// variable writes a variable without an operator so that one which is not set
// is empty, as compose has it, and not an error under "set -u".
func (w *shellWriter) variable(v ir.Variable) (string, error) {
	if !variableName.MatchString(v.Name) || !slices.Contains(operators, v.Op) {
		return "", fmt.Errorf("not a shell variable: ${%s%s}", v.Name, v.Op)
	}
	op := v.Op
	if op == "" {
		op = "-"
	}
	arg, err := w.word(v.Arg, true)
	return "${" + v.Name + op + arg + "}", err
}
