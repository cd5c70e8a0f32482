package polytope

import (
	"strconv"
	"strings"

	"hull/ir"
)

// place is where an expression stands among the arguments.
type place struct {
	key      string  // the nearest key
	parent   string  // the key above it
	siblings *ir.Map // the map that holds the key
}

func (p place) entry(key string, m *ir.Map) place {
	return place{key: key, parent: p.key, siblings: m}
}

// paramID chooses the id of a param for what stands at the place: "port" if it
// is free, then "port9090" after the container port beside it, then "port2"
// and so on. It differs from those taken even when camel-cased.
func (p place) paramID(taken map[string]bool) string {
	name := p.name()
	if !taken[ir.CamelCase(name)] {
		return name
	}
	if port, ok := p.siblings.Get("port").(*ir.Int); ok {
		if id := name + strconv.FormatInt(port.Value, 10); !taken[ir.CamelCase(id)] {
			return id
		}
	}
	for n := 2; ; n++ {
		if id := name + strconv.Itoa(n); !taken[ir.CamelCase(id)] {
			return id
		}
	}
}

// name says what stands at the place in one word, or in two where the key
// alone says little: "cpu-limit".
func (p place) name() string {
	switch p.key {
	case "expose-as":
		return "port"
	case "limit", "request":
		return identifier(p.parent + "-" + p.key)
	case "value":
		if name, ok := p.siblings.Get("name").(*ir.String); ok {
			return identifier(name.Value)
		}
	}
	return identifier(p.key)
}

// identifier makes an id of a text: lower case letters, digits and hyphens,
// beginning with a letter.
func identifier(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	id := strings.Join(words, "-")
	if id == "" || id[0] < 'a' {
		id = "arg" + id
	}
	return id
}
