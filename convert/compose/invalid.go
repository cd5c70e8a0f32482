package compose

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"hull/ir"
	"hull/ir/diag"
	"hull/ir/known"
)

// explain turns compose-go's refusal into diagnostics. compose-go stops at its
// first objection, and which one that is may depend on the order of a map; so
// the usual mistakes are looked for again, all of them, and compose-go's own
// words are the last resort.
func (p *project) explain(err error) {
	before := len(p.src.report.Diagnostics)
	switch {
	case strings.HasPrefix(err.Error(), "validating "):
		p.explainSchema()
	case p.Project != nil && p.Services != nil:
		p.explainConsistency()
	}
	if len(p.src.report.Diagnostics) > before {
		return
	}
	p.explainRequired()
	for _, e := range flatten(err) {
		if len(p.required) > 0 && strings.Contains(e.Error(), standIn) {
			continue // said above, by the variable's name
		}
		p.invalid(p.locate(e.Error()), p.clean(e.Error()), "")
	}
}

func (p *project) invalid(rng ir.Range, text, help string) {
	const enough = 300 // compose-go repeats keys, and errors, of any length
	if runes := []rune(text); len(runes) > enough {
		text = string(runes[:enough]) + "…"
	}
	p.src.fail(rng, "compose/invalid", text, help)
}

func flatten(err error) []error {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		if list := many.Unwrap(); strings.Count(err.Error(), "\n") >= len(list)-1 {
			return list
		}
	}
	return []error{err}
}

// explainRequired names the missing variables, where what stands in for them
// may be what compose-go stumbled over.
func (p *project) explainRequired() {
	for _, name := range slices.Sorted(maps.Keys(p.required)) {
		p.src.fail(p.requiredAt[name], "compose/variable-required",
			fmt.Sprintf("variable %s is required and not set, and the project cannot be read without it", name),
			"set it in .env, or in a file given with --env-file")
	}
}

var composeSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema.Schema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("compose-spec.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("compose-spec.json")
})

// explainSchema validates each document by itself, and reports everything that
// the schema objects to.
func (p *project) explainSchema() {
	sch, err := composeSchema()
	if err != nil {
		return
	}
	for _, l := range p.src.layers {
		var verr *jsonschema.ValidationError
		doc := p.plain(l)
		if doc == nil {
			continue
		}
		if !errors.As(sch.Validate(doc), &verr) {
			continue
		}
		for _, leaf := range deepestErrors(verr) {
			p.schemaError(l, leaf)
		}
	}
}

// plain is a document as the schema's validator takes it: interpolated, and of
// JSON's types. It is nil where the document cannot be made so, which the
// validator objects to in no way worth reporting.
func (p *project) plain(l *layer) any {
	var doc map[string]any
	if l.root.Decode(&doc) != nil {
		return nil
	}
	opts := loader.ToOptions(&types.ConfigDetails{}, nil).Interpolate
	doc, err := interpolation.Interpolate(doc, interpolation.Options{
		TypeCastMapping: opts.TypeCastMapping,
		LookupValue:     interpolation.LookupValue(l.env),
		Substitute:      func(s string, m template.Mapping) (string, error) { return p.substitute(s, m) },
	})
	if err != nil {
		return nil
	}
	delete(doc, "include")
	text, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	v, _ := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	return v
}

// deepestErrors are the objections that name a place, the deepest ones of each
// alternative.
func deepestErrors(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return []*jsonschema.ValidationError{err}
	}
	var all []*jsonschema.ValidationError
	for _, c := range err.Causes {
		all = append(all, deepestErrors(c)...)
	}
	if _, alternatives := err.ErrorKind.(*kind.OneOf); !alternatives {
		return all
	}
	deepest := 0
	for _, e := range all {
		deepest = max(deepest, len(e.InstanceLocation))
	}
	if deepest == len(err.InstanceLocation) {
		return []*jsonschema.ValidationError{mergeTypes(err, all)}
	}
	return slices.DeleteFunc(all, func(e *jsonschema.ValidationError) bool { return len(e.InstanceLocation) < deepest })
}

// mergeTypes says once what types the alternatives want.
func mergeTypes(err *jsonschema.ValidationError, all []*jsonschema.ValidationError) *jsonschema.ValidationError {
	merged := &kind.Type{}
	for _, e := range all {
		k, ok := e.ErrorKind.(*kind.Type)
		if !ok {
			return e
		}
		merged.Got = k.Got
		merged.Want = append(merged.Want, k.Want...)
	}
	slices.Sort(merged.Want)
	merged.Want = slices.Compact(merged.Want)
	return &jsonschema.ValidationError{InstanceLocation: err.InstanceLocation, ErrorKind: merged}
}

func (p *project) schemaError(l *layer, err *jsonschema.ValidationError) {
	path := err.InstanceLocation
	switch k := err.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		slices.Sort(k.Properties)
		for _, prop := range k.Properties {
			keys := append(slices.Clone(path), prop)
			p.invalid(p.within(l, keys), fmt.Sprintf("%s is not an attribute of compose", dotted(keys)), suggest(keys))
		}
	case *kind.FalseSchema:
		// The schema's way to say that an attribute is unknown, but also what
		// it says of every other attribute once one is wrong.
		if tableEntry(path) == nil {
			p.invalid(p.within(l, path), fmt.Sprintf("%s is not an attribute of compose", dotted(path)), suggest(path))
		}
	case *kind.Type:
		p.invalid(p.within(l, path), fmt.Sprintf("%s must be %s, not %s", dotted(path), humanTypes(k.Want), humanTypes([]string{k.Got})), "")
	default:
		text := err.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		p.invalid(p.within(l, path), fmt.Sprintf("%s: %s", dotted(path), text), "")
	}
}

func dotted(keys []string) string {
	if len(keys) == 0 {
		return "the file"
	}
	return strings.Join(keys, ".")
}

var typeNames = map[string]string{
	"object": "a mapping", "array": "a list", "string": "a text", "number": "a number", "integer": "an integer",
	"boolean": "true or false", "null": "empty",
}

func humanTypes(types []string) string {
	var out []string
	for _, t := range types {
		out = append(out, cmp.Or(typeNames[t], t))
	}
	return strings.Join(out, " or ")
}

// within is the place in one document that a path of the schema's validator
// leads to, or the nearest one.
func (p *project) within(l *layer, keys []string) ir.Range {
	o := origin{node: l.root, layer: l}
	for _, k := range keys {
		next, ok := o.child(k)
		if i, isItem := itemIndex(k); !ok && isItem && i < len(o.node.Content) {
			next, ok = origin{node: deref(o.node.Content[i]), layer: l}, true
		}
		if !ok {
			break
		}
		o = next
	}
	return o.rng()
}

func itemIndex(k string) (int, bool) {
	var i int
	n, err := fmt.Sscanf(k, "%d", &i)
	return i, n == 1 && err == nil && i >= 0
}

// suggest names the attribute that was probably meant.
func suggest(keys []string) string {
	t := tableEntry(keys[:len(keys)-1])
	if t == nil {
		return ""
	}
	if best := diag.Nearest(keys[len(keys)-1], slices.Sorted(maps.Keys(t.children))); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return ""
}

// tableEntry is what the table has for a path of the schema's validator; nil
// where it has nothing.
func tableEntry(keys []string) *tableTree {
	t := tableRoot
	for _, k := range keys {
		if _, isItem := itemIndex(k); isItem && t.children["[]"] != nil {
			k = "[]"
		}
		if t = t.child(k); t == nil {
			return nil
		}
	}
	return t
}

// explainConsistency looks for what compose-go's consistency check refuses
// most: references to what is not there.
func (p *project) explainConsistency() {
	for _, name := range p.src.keys("services") {
		s, ok := p.Services[name]
		if !ok {
			continue
		}
		if s.Image == "" && s.Build == nil && s.Provider == nil {
			p.inconsistent(name, nil, "has neither an image nor a build")
		}
		p.undefined(name, "networks", slices.Sorted(maps.Keys(s.Networks)), has(p.Networks))
		p.undefined(name, "depends_on", slices.Sorted(maps.Keys(s.DependsOn)), func(dep string) bool {
			_, enabled := p.Services[dep]
			return enabled || !s.DependsOn[dep].Required
		})
		var volumes, configs, secrets []string
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeVolume && v.Source != "" {
				volumes = append(volumes, v.Source)
			}
		}
		for _, c := range s.Configs {
			configs = append(configs, c.Source)
		}
		for _, c := range s.Secrets {
			secrets = append(secrets, c.Source)
		}
		p.undefined(name, "volumes", volumes, has(p.Volumes))
		p.undefined(name, "configs", configs, has(p.Configs))
		p.undefined(name, "secrets", secrets, has(p.Secrets))
	}
}

func has[V any, M ~map[string]V](m M) func(string) bool {
	return func(k string) bool { _, ok := m[k]; return ok }
}

func (p *project) undefined(service, attr string, names []string, known func(string) bool) {
	for _, n := range names {
		if known(n) || attr == "networks" && n == "default" { // which needs no definition
			continue
		}
		text := fmt.Sprintf("refers to the %s %q, which the project does not define", strings.TrimSuffix(attr, "s"), n)
		if attr == "depends_on" {
			text = fmt.Sprintf("depends on %q, which is not a service of the project", n)
			if _, disabled := p.DisabledServices[n]; disabled {
				text = fmt.Sprintf("depends on %q, whose profile is not active", n)
			}
		}
		p.inconsistent(service, []string{attr, n}, text)
	}
}

func (p *project) inconsistent(service string, attr []string, text string) {
	keys := append([]string{"services", service}, attr...)
	rng, _ := p.deepest(keys)
	if o, ok := p.itemNaming(keys); ok {
		rng = o.rng()
	}
	p.invalid(rng, service+": "+text, "")
}

// itemNaming is the list item that begins with the last key: "data:/var/lib".
func (p *project) itemNaming(keys []string) (origin, bool) {
	name := keys[len(keys)-1]
	for _, o := range p.src.items(keys[:len(keys)-1]...) {
		if t, ok := o.template(); ok {
			if s, err := t.eval(p.stand(o.layer.env)); err == nil && (s == name || strings.HasPrefix(s, name+":")) {
				return o, true
			}
		}
		if child, ok := o.child("source"); ok && child.node.Value == name {
			return child, true
		}
	}
	return origin{}, false
}

// clean makes compose-go's message one line without paths of this machine.
func (p *project) clean(text string) string {
	text = strings.TrimPrefix(text, "validating ")
	text = strings.ReplaceAll(text, p.src.files.dir+"/", "")
	for _, l := range p.src.layers {
		text = strings.TrimPrefix(text, l.file+": ")
	}
	text = strings.TrimSuffix(text, ": invalid compose project")
	for _, name := range slices.Sorted(maps.Keys(p.vars)) {
		if v := p.vars[name]; v != "" && known.IsSecret(name, v) {
			text = strings.ReplaceAll(text, v, "${"+name+"}")
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

var (
	attributePath = regexp.MustCompile(`\b(?:services|networks|volumes|configs|secrets|include|models|jobs)\.[^\s:,]+`)
	serviceName   = regexp.MustCompile(`(?:service|job) "?([^\s":]+)"?`)
)

// locate finds the place that a message of compose-go speaks of.
func (p *project) locate(text string) ir.Range {
	if m := attributePath.FindString(text); m != "" {
		if rng, ok := p.deepest(splitPath(strings.TrimRight(m, "."))); ok {
			return rng
		}
	}
	if m := serviceName.FindStringSubmatch(text); m != nil {
		if rng, ok := p.deepest(p.mentioned([]string{"services", m[1]}, text)); ok {
			return rng
		}
	}
	if first, _, _ := strings.Cut(text, " "); first != "" {
		if o, ok := p.src.find(first); ok {
			return o.rng()
		}
	}
	file := ir.Range{}
	if len(p.src.layers) > 0 {
		file.File = p.src.layers[0].file
	}
	return lineOf(errors.New(text), file.File)
}

var attributeHints = []struct{ word, attribute string }{
	{"depends on", "depends_on"},
	{"extend", "extends"},
	{"env file", "env_file"},
	{"network", "networks"},
	{"volume", "volumes"},
	{"config", "configs"},
	{"secret", "secrets"},
}

// mentioned goes one attribute further where the message names one of the
// service's.
func (p *project) mentioned(keys []string, text string) []string {
	for _, h := range attributeHints {
		if strings.Contains(text, h.word) {
			if _, ok := p.src.find(append(slices.Clone(keys), h.attribute)...); ok {
				return append(keys, h.attribute)
			}
		}
	}
	return keys
}

var index = regexp.MustCompile(`\[(\d*)\]`)

func splitPath(s string) []string {
	return strings.Split(index.ReplaceAllString(s, ".[$1]"), ".")
}

// deepest is the position of the longest part of the path that the source has.
func (p *project) deepest(keys []string) (ir.Range, bool) {
	for n := len(keys); n > 0; n-- {
		if o, ok := p.src.find(keys[:n]...); ok {
			return o.rng(), true
		}
	}
	return ir.Range{}, false
}
