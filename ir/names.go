package ir

import (
	"regexp"
	"strings"
	"unicode"
)

// Ids have the characters 0–9, a–z, _ and - (Polytope reference, "modules").
var (
	validID   = regexp.MustCompile(`^[a-z0-9_-]+$`)
	badIDChar = regexp.MustCompile(`[^a-z0-9_-]+`)
)

// IsID tells whether a text is an id.
func IsID(s string) bool { return validID.MatchString(s) }

// CleanID is a text in lower case, with "-" in place of each run of what no id
// has.
func CleanID(s string) string { return badIDChar.ReplaceAllString(strings.ToLower(s), "-") }

// ToID makes an id of a name. The result is empty where nothing of the name can
// stand.
func ToID(name string) string { return strings.Trim(CleanID(name), "-") }

// SnakeCase is a name in lower snake case, as values and secrets are named.
func SnakeCase(name string) string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			if unicode.IsLower(last) {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
		last = r
	}
	s := strings.Trim(b.String(), "_")
	for strings.Contains(s, "__") {
		s = strings.ReplaceAll(s, "__", "_")
	}
	return s
}

// CamelCase is the id of a param as code in JavaScript sees it: kebab and snake
// case become camel case (Polytope reference, "Polytope values and secrets are
// stored as strings").
func CamelCase(id string) string {
	words := strings.FieldsFunc(id, func(r rune) bool { return r == '-' || r == '_' })
	for i, w := range words {
		if i > 0 {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

// ValueName is what a value is called that has no name of its own: the
// service's and what it is of that, in snake case, without saying the same
// twice (mapping.md, "Values and secrets").
func ValueName(service, what string) string {
	service = SnakeCase(service)
	if what == service || strings.HasPrefix(what, service+"_") {
		return what
	}
	return service + "_" + what
}
