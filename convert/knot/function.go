package knot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"text/template"
)

// signatures are the functions that a template may call besides those that
// text/template brings; only their names matter to the parser.
var signatures = map[string]any{
	"quote": strings.ToUpper, "toUpper": strings.ToUpper, "toLower": strings.ToLower, "json": fmt.Sprint, "map": fmt.Sprint,
}

// functions are knot's (notes.md, "knot: facts from its public source"), and
// those of text/template that make text, held to the limits of a run.
func (e *evaluation) functions() map[string]any {
	text := func(make func(string) string) any {
		return func(s string) (string, error) {
			if len(s) > maxText {
				return "", errTooMuch
			}
			return bounded(make(s))
		}
	}
	joined := func(escape func(string) string, print func(...any) string) any {
		return func(args ...any) (string, error) {
			if sizeOf(args...) > maxText {
				return "", errTooMuch
			}
			return bounded(escape(print(args...)))
		}
	}
	same := func(s string) string { return s }
	return map[string]any{
		"hull_step": e.count,
		"quote":     text(e.quote),
		"toUpper":   text(strings.ToUpper),
		"toLower":   text(strings.ToLower),
		"json":      toJSON,
		"map":       makeMap,
		"print":     joined(same, fmt.Sprint),
		"println":   joined(same, fmt.Sprintln),
		"html":      joined(template.HTMLEscapeString, fmt.Sprint),
		"js":        joined(template.JSEscapeString, fmt.Sprint),
		"urlquery":  joined(url.QueryEscape, fmt.Sprint),
		"printf":    printf,
	}
}

// quote escapes double quotes, as knot's does.
func (e *evaluation) quote(s string) string {
	if e.isQuoted {
		return s
	}
	return strings.ReplaceAll(s, `"`, `\"`)
}

func (e *evaluation) count() (string, error) {
	if e.steps++; e.steps > maxSteps {
		return "", errors.New("it repeats itself more often than a template of knot's should")
	}
	return "", nil
}

func bounded(s string) (string, error) {
	if len(s) > maxText {
		return "", errTooMuch
	}
	return s, nil
}

// sizeOf is about how much text values make, in bytes.
func sizeOf(values ...any) int {
	n := 0
	for _, v := range values {
		switch v := v.(type) {
		case string:
			n += len(v)
		case map[string]any:
			for k, inner := range v {
				n += len(k) + sizeOf(inner)
			}
		}
		n += 24
	}
	return n
}

func makeMap(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("map takes keys and values in turns")
	}
	if sizeOf(pairs...) > maxText {
		return nil, errTooMuch
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("a key of map is a text, not %s", kindName(pairs[i]))
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

func kindName(v any) string {
	if v == nil {
		return "nothing"
	}
	return reflect.TypeOf(v).Kind().String()
}

func toJSON(v any) (string, error) {
	if sizeOf(v) > maxText {
		return "", errTooMuch
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", nil // as knot has it
	}
	return bounded(string(b))
}

// directive is a verb of fmt with its flags; wide ones and those that take
// their width from elsewhere are refused.
var (
	directive     = regexp.MustCompile(`%[^a-zA-Z%]*`)
	wideDirective = regexp.MustCompile(`%[^a-zA-Z%]*(?:\d{4}|\*)`)
)

func printf(format string, args ...any) (string, error) {
	perVerb := sizeOf(args...) + 1000
	if wideDirective.MatchString(format) || len(format)+len(directive.FindAllString(format, -1))*perVerb*4 > maxOut {
		return "", errTooMuch
	}
	return bounded(fmt.Sprintf(format, args...))
}
