package compose

import (
	"regexp"
	"strconv"
	"strings"
)

// resourceName is what compose takes for the key of a service, a volume, a
// config or a secret (compose specification, JSON schema).
var (
	resourceName = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)
	badNameChars = regexp.MustCompile(`[^a-zA-Z0-9._-]+`)
)

// toName makes a key of a text; it may be empty.
func toName(s string) string { return strings.Trim(badNameChars.ReplaceAllString(s, "-"), "-.") }

// names are the keys of one section.
type names struct {
	taken map[string]bool
	// of says which key a thing has, where things are told apart by a text.
	of    map[string]string
	order []string
}

func newNames() *names { return &names{taken: map[string]bool{}, of: map[string]string{}} }

func (n *names) has(name string) bool { return n.taken[name] }

// fresh takes the first candidate that is free, or else the last with a number
// behind it.
func (n *names) fresh(candidates []string) string {
	name, last := "", "unnamed"
	for _, c := range candidates {
		if !resourceName.MatchString(c) {
			continue
		}
		last = c
		if !n.taken[c] {
			name = c
			break
		}
	}
	for i := 2; name == ""; i++ {
		if next := last + "-" + strconv.Itoa(i); !n.taken[next] {
			name = next
		}
	}
	n.taken[name] = true
	n.order = append(n.order, name)
	return name
}

// id is the key of a thing, the same each time.
func (n *names) id(thing string, candidates ...string) string {
	if name, ok := n.of[thing]; ok {
		return name
	}
	n.of[thing] = n.fresh(candidates)
	return n.of[thing]
}
