package check

import (
	"strings"

	"hull/ir"
	"hull/ir/describe"
	"hull/ir/known"
)

// spot is a map among the arguments, with the record type that it is held
// against; that has no fields where the type is not known.
type spot struct {
	m    *ir.Map
	want ir.RecordType
	at   place
}

// spots visits every map among the arguments, with what its type is. Types, not
// the names of arguments, say what is an environment variable or a port.
func (p *pass) spots(visit func(spot)) {
	for _, s := range p.sites {
		if s.call.Args == nil {
			continue
		}
		params, _ := p.signature(s.call.Module)
		declared := ir.RecordType{}
		for _, param := range params {
			declared.Fields = append(declared.Fields, ir.Field{Key: param.ID, Type: param.Type})
		}
		at := s.at
		at.path += ".args"
		visitSpots(s.call.Args, declared, at, visit)
	}
}

func visitSpots(x ir.Expr, want ir.Type, at place, visit func(spot)) {
	switch x := x.(type) {
	case *ir.List:
		elem, _ := bestFit(ir.Alternatives(want), x).(ir.ListType)
		for i, item := range x.Items {
			visitSpots(item, elem.Elem, at.index(rangeOf(item), i), visit)
		}
	case *ir.Map:
		best := bestFit(ir.Alternatives(want), x)
		record, _ := best.(ir.RecordType)
		dictionary, _ := best.(ir.MapType)
		visit(spot{x, record, at})
		for _, e := range x.Entries {
			field := record.Field(e.Key)
			if field == nil {
				field = dictionary.Value
			}
			visitSpots(e.Value, field, at.key(rangeOf(e.Value), e.Key), visit)
		}
	}
}

// isEnvVar tells whether the spot is an environment variable: a record of a
// name and a value.
func (s spot) isEnvVar() bool {
	return len(s.want.Fields) == 2 && s.want.Field("name") != nil && s.want.Field("value") != nil
}

// isPort tells whether the spot is a port of a service.
func (s spot) isPort() bool {
	return s.want.Field("expose-as") != nil && s.want.Field("protocol") != nil
}

// isLiteral tells whether an expression is a literal that stands for something:
// not null, and not empty.
func isLiteral(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.String:
		return x.Value != ""
	case *ir.Int, *ir.Float, *ir.Bool:
		return true
	}
	return false
}

func checkLiteralEnv(p *pass) {
	p.spots(func(s spot) {
		if !s.isEnvVar() {
			return
		}
		name, value := textOf(s.m.Get("name")), s.m.Get("value")
		isOption := strings.HasPrefix(textOf(value), "-") // pt values set would take it for one of its own
		if !isLiteral(value) || isOption || secretIn(name, value) != "" {
			return // check/literal-secret says more
		}
		p.report(finding{
			at:      s.at.key(rangeOf(value), "value"),
			message: name + " is " + describe.Text(value) + " in every environment",
			help:    "make it a value: pt.value " + ir.SnakeCase(name),
		})
	})
}

func checkLiteralPort(p *pass) {
	p.spots(func(s spot) {
		value := s.m.Get("expose-as")
		if !isLiteral(value) || !s.isPort() {
			return
		}
		p.report(finding{
			at:      s.at.key(rangeOf(value), "expose-as"),
			message: "the port is exposed as " + describe.Text(value) + " in every environment",
			help:    "make it a value, which takes a base module; see hull explain " + codeSplit,
		})
	})
}

func checkLiteralSecrets(p *pass) {
	report := func(what string, at place) {
		p.report(finding{
			at: at, message: what + " is in the file as plain text",
			help: "make it a secret: pt.secret …, and set it in a script that is not committed",
		})
	}
	p.spots(func(s spot) {
		for _, e := range s.m.Entries {
			name := e.Key
			if n := textOf(s.m.Get("name")); e.Key == "value" && n != "" {
				name = n
			}
			if what := secretIn(name, e.Value); what != "" {
				report(what, s.at.key(rangeOf(e.Value), e.Key))
			}
		}
	})
	for _, b := range p.bodies() {
		for i, n := range namedParams(b.params, b.at) {
			if d, ok := b.params[i].Type.(*ir.DefaultType); ok {
				if what := secretIn(n.id, d.Value); what != "" {
					report(what, n.at.or(rangeOf(d.Value)))
				}
			}
		}
	}
}

// secretIn says what secret an expression holds literally, under a name; empty
// where it holds none.
func secretIn(name string, x ir.Expr) string {
	switch x := x.(type) {
	case *ir.String:
		if known.IsSecretName(name) && !isTrivial(x.Value) {
			return "the secret " + name
		}
		return secretText(x.Value)
	case *ir.Interp:
		for _, p := range x.Parts {
			if what := secretText(textOf(p)); what != "" {
				return what
			}
		}
	case *ir.List:
		for _, item := range x.Items {
			if s, ok := item.(*ir.String); ok {
				if what := secretText(s.Value); what != "" {
					return what
				}
			}
		}
	}
	return ""
}

// isTrivial holds for texts that are no secrets under any name: nothing, a
// switch, a number of some kind, a path to the secret, a name of another
// variable.
func isTrivial(s string) bool {
	switch strings.ToLower(s) {
	case "", "true", "false", "yes", "no", "on", "off", "0", "1", "none", "null":
		return true
	}
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "$")
}

// secretText says what secret a text holds by its shape.
func secretText(s string) string {
	if m := known.URLPassword.FindStringSubmatch(s); m != nil && !strings.ContainsAny(m[1], "{}$") {
		return "a password in a URL"
	}
	return known.SecretText(s)
}
