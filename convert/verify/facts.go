package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/consts"
)

// role says what it means that only one of the two projects has a fact.
type role int

const (
	// normal facts hold on both sides, or differ.
	normal role = iota
	// promise is a fact that the target must keep; more than the source
	// promises is no difference.
	promise
	// offer is a fact that only serves to keep another's promise.
	offer
	// shared is a fact that says nothing unless both have it.
	shared
)

// fact is something that a project says of itself.
type fact struct {
	// path is where people look for it.
	path path
	// at is where else a compose file may write it down, or what else may be
	// said to be about it.
	at []path
	// elsewhere is where others say it for this one, which then need not.
	elsewhere []path
	value     string
	// alt is another text for the value: facts with one are the same where
	// either text is.
	alt string
	// isAny is the same as every value.
	isAny bool
	role  role
	// under is the fact that this one is a detail of: where that is missing
	// on a side, this one says nothing.
	under string
	// isOwn holds for a volume that nothing else mounts, and isData for a mount
	// at the path where the image is known to keep its data.
	isOwn, isData bool
}

// places are all the places of a fact, as reports name them.
func (f *fact) places() []string {
	places := []string{f.path.String()}
	for _, p := range f.at {
		places = append(places, p.String())
	}
	return places
}

// isSame tells whether two facts say the same.
func (f *fact) isSame(g *fact) bool {
	return f.value == g.value || f.isAny || g.isAny || f.alt != "" && f.alt == g.alt
}

// facts are a project's, by what tells them apart.
type facts map[string]*fact

// add takes in a fact. One that is more than an offer stays.
func (fs facts) add(key string, f *fact) {
	if old := fs[key]; old == nil || old.role == offer {
		fs[key] = f
	}
}

// flatten makes facts of a tree of attributes: one of each leaf. Lists are
// leaves, as are empty ones.
func (fs facts) flatten(at path, value any, under string) {
	m, isMap := value.(map[string]any)
	if !isMap {
		fs.leaf(at, value, under)
		return
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if k != consts.Extensions { // where compose-go leaves a label that begins with "x-"
			fs.flatten(at.with(k), m[k], under)
		}
	}
}

func (fs facts) leaf(at path, value any, under string) {
	text := valueText(value)
	if value == nil || isDefault(at, text) {
		return
	}
	fs.add(at.String(), &fact{path: at, value: text, under: under})
}

// valueText is a value in one line.
func valueText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	if text, err := json.Marshal(v); err == nil {
		return string(text)
	}
	return fmt.Sprint(v)
}

// defaults are compose's own, for attributes that compose-go leaves absent
// where the file is silent: writing them down changes nothing.
//
// Source: the Compose Specification, by attribute.
var defaults = map[string][]string{
	"services.*.pull_policy":                       {"missing", "if_not_present"},
	"services.*.attach":                            {"true"},
	"services.*.init":                              {"false"},
	"services.*.deploy.mode":                       {"replicated"},
	"services.*.networks.*.use_service_name_alias": {"true"},
	"services.*.build.dockerfile":                  {"Dockerfile"},
	"networks.*.driver":                            {"bridge"},
	"volumes.*.driver":                             {"local"},
}

func isDefault(at path, text string) bool {
	for pattern, values := range defaults {
		if len(at) == strings.Count(pattern, ".")+1 && at.matches(pattern) {
			return slices.Contains(values, text)
		}
	}
	return false
}

// take removes a value from a tree of attributes and returns it; nil where
// there is none. Maps that hold nothing else go with it.
func take(tree map[string]any, keys ...string) any {
	if len(keys) == 1 {
		v := tree[keys[0]]
		delete(tree, keys[0])
		return v
	}
	inner, ok := tree[keys[0]].(map[string]any)
	if !ok {
		return nil
	}
	v := take(inner, keys[1:]...)
	if len(inner) == 0 {
		delete(tree, keys[0])
	}
	return v
}
