package compose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"hull/ir"
)

// A tmpl is a compose string with variables in it: its parts are joined. The
// syntax is compose's ("Interpolation" of the compose specification), which is
// nearly the shell's, so a tmpl becomes an ir.Word as it stands.
type tmpl []part

// part is literal text, or a variable where v is set.
type part struct {
	text string
	v    *variable
}

// variable is ${name op arg}; op is empty for $name and ${name}.
type variable struct {
	name string
	op   string // "", ":-", "-", ":?", "?", ":+", "+"
	arg  tmpl
}

var errTemplate = errors.New("invalid variable syntax")

// parseTemplate reads a string; "$$" is a dollar sign. The error, where there
// is one, is errTemplate: compose-go's own says the rest.
func parseTemplate(s string) (tmpl, error) { return parseTemplateIn(s, 0) }

// maxNesting bounds defaults within defaults.
const maxNesting = 64

func parseTemplateIn(s string, depth int) (tmpl, error) {
	if depth > maxNesting {
		return nil, errTemplate
	}
	var t tmpl
	for s != "" {
		i := strings.IndexByte(s, '$')
		if i < 0 || i == len(s)-1 {
			return t.appendText(s), nil
		}
		t = t.appendText(s[:i])
		p, n, err := parseDollar(s[i:], depth)
		if err != nil {
			return nil, err
		}
		if p.v == nil {
			t = t.appendText(p.text)
		} else {
			t = append(t, p)
		}
		s = s[i+n:]
	}
	return t, nil
}

func (t tmpl) appendText(s string) tmpl {
	if s == "" {
		return t
	}
	if n := len(t); n > 0 && t[n-1].v == nil {
		t[n-1].text += s
		return t
	}
	return append(t, part{text: s})
}

// parseDollar reads what a dollar sign begins, and says how long it is.
func parseDollar(s string, depth int) (part, int, error) {
	switch next := s[1]; {
	case next == '$':
		return part{text: "$"}, 2, nil
	case next == '{':
		return parseBraced(s, depth)
	case isNameStart(next):
		n := nameLen(s[1:])
		return part{v: &variable{name: s[1 : 1+n]}}, 1 + n, nil
	}
	return part{text: "$"}, 1, nil
}

func parseBraced(s string, depth int) (part, int, error) {
	end := closingBrace(s)
	if end < 0 || len(s) < 3 || !isNameStart(s[2]) {
		return part{}, 0, errTemplate
	}
	body := s[2:end]
	v := &variable{name: body[:nameLen(body)]}
	rest := body[len(v.name):]
	if rest == "" {
		return part{v: v}, end + 1, nil
	}
	v.op = operator(rest)
	if v.op == "" || strings.Contains(rest, "\n") {
		return part{}, 0, errTemplate
	}
	arg, err := parseTemplateIn(rest[len(v.op):], depth+1)
	v.arg = arg
	return part{v: v}, end + 1, err
}

// closingBrace finds the brace that closes the one at s[1], counting every
// brace between as compose-go does: a character right behind an opening brace
// is passed over.
func closingBrace(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '}':
			depth--
			if depth == 0 {
				return i
			}
		case '{':
			depth++
			i++
		}
	}
	return -1
}

func operator(s string) string {
	for _, op := range []string{":-", ":?", ":+", "-", "?", "+"} {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

func isNameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func nameLen(s string) int {
	n := 0
	for n < len(s) && (isNameStart(s[n]) || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

func (t tmpl) hasVars() bool {
	for _, p := range t {
		if p.v != nil {
			return true
		}
	}
	return false
}

// variables lists every variable that evaluating may read, nested ones
// included.
func (t tmpl) variables() []*variable {
	var vs []*variable
	for _, p := range t {
		if p.v != nil {
			vs = append(vs, p.v)
			vs = append(vs, p.v.arg.variables()...)
		}
	}
	return vs
}

type lookup func(name string) (string, bool)

// requiredError says that a variable with "?" is missing.
type requiredError struct {
	name   string
	reason string
}

func (e *requiredError) Error() string {
	if e.reason == "" {
		return fmt.Sprintf("required variable %s is not set", e.name)
	}
	return fmt.Sprintf("required variable %s is not set: %s", e.name, e.reason)
}

func (t tmpl) eval(env lookup) (string, error) {
	var b strings.Builder
	for _, p := range t {
		if p.v == nil {
			b.WriteString(p.text)
			continue
		}
		s, err := p.v.eval(env)
		if err != nil {
			return "", err
		}
		if b.Len()+len(s) > maxGrowth {
			return "", errGrowth
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (v *variable) eval(env lookup) (string, error) {
	value, set := env(v.name)
	if strings.HasPrefix(v.op, ":") {
		set = set && value != ""
	}
	switch strings.TrimPrefix(v.op, ":") {
	case "-":
		if !set {
			return v.arg.eval(env)
		}
	case "?":
		if !set {
			reason, err := v.arg.eval(env)
			return "", errors.Join(err, &requiredError{v.name, reason})
		}
	case "+":
		if set {
			return v.arg.eval(env)
		}
	}
	return value, nil
}

// splitTop cuts the template at a separator outside of variables.
func (t tmpl) splitTop(sep string) []tmpl {
	out := []tmpl{nil}
	last := func() *tmpl { return &out[len(out)-1] }
	for _, p := range t {
		if p.v != nil {
			*last() = append(*last(), p)
			continue
		}
		for i, s := range strings.Split(p.text, sep) {
			if i > 0 {
				out = append(out, nil)
			}
			*last() = last().appendText(s)
		}
	}
	return out
}

// tested puts the argument in the place of ${NAME:+arg} where env sets the
// variable: there it is that whatever else the caller sets the variable to. Only
// an empty text would turn it off, which no default of a shell can tell from
// none.
func (t tmpl) tested(env lookup) tmpl {
	var out tmpl
	for _, p := range t {
		switch {
		case p.v == nil:
			out = out.appendText(p.text)
		case p.v.isOn(env):
			for _, q := range p.v.arg.tested(env) {
				if q.v == nil {
					out = out.appendText(q.text)
				} else {
					out = append(out, q)
				}
			}
		default:
			v := *p.v
			v.arg = v.arg.tested(env)
			out = append(out, part{v: &v})
		}
	}
	return out
}

func (v *variable) isOn(env lookup) bool {
	value, known := env(v.name)
	return known && (v.op == "+" || v.op == ":+" && value != "")
}

// word is the template in the shell's terms. What env knows takes the place of
// a variable's own default: it is what compose would have used.
func (t tmpl) word(env lookup) ir.Word {
	w := ir.Word{}
	for _, p := range t {
		if p.v == nil {
			w = append(w, ir.Text(p.text))
			continue
		}
		w = append(w, p.v.wordPart(env))
	}
	return w
}

func (v *variable) wordPart(env lookup) ir.Variable {
	value, known := env(v.name)
	switch {
	case strings.HasSuffix(v.op, "+"):
		return ir.Variable{Name: v.name, Op: v.op, Arg: v.arg.word(env)}
	case known && (value != "" || !strings.HasPrefix(v.op, ":")):
		op := v.op
		if op == "" {
			op = "-"
		}
		return ir.Variable{Name: v.name, Op: strings.Replace(op, "?", "-", 1), Arg: ir.Literal(value)}
	case v.op == "":
		return ir.Variable{Name: v.name, Op: "-"}
	}
	return ir.Variable{Name: v.name, Op: v.op, Arg: v.arg.word(env)}
}

// String writes the template back in compose's syntax.
func (t tmpl) String() string {
	var b strings.Builder
	for _, p := range t {
		if p.v == nil {
			b.WriteString(strings.ReplaceAll(p.text, "$", "$$"))
			continue
		}
		fmt.Fprintf(&b, "${%s%s%s}", p.v.name, p.v.op, p.v.arg)
	}
	return b.String()
}

// substitute is compose-go's substitution without its logging: an unset
// variable is hull's to report.
func substitute(s string, env template.Mapping) (string, error) {
	if !strings.Contains(s, "$") {
		return s, nil
	}
	t, err := parseTemplate(s)
	if err != nil {
		return "", &template.InvalidTemplateError{Template: s}
	}
	return t.eval(lookup(env))
}
