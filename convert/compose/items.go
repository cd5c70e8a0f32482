package compose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"
	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir"
)

// itemPlace is the place of a list's item: that of the same index where the
// source has as many items as the model.
func (r *reader) itemPlace(keys []string) (ir.Range, bool) {
	o, ok := r.item(keys)
	return o.rng(), ok
}

// withinItem is the place of an attribute of a list's item.
func (r *reader) withinItem(keys []string) (ir.Range, bool) {
	at := slices.IndexFunc(keys, isIndex)
	o, ok := r.item(keys[:at+1])
	if !ok {
		return ir.Range{}, false
	}
	for _, k := range keys[at+1:] {
		if o, ok = o.child(k); !ok {
			return ir.Range{}, false
		}
	}
	return o.rng(), true
}

// item is the origin of a list's item.
func (r *reader) item(keys []string) (origin, bool) {
	at := slices.IndexFunc(keys, isIndex)
	attribute := keys[at-1]
	items := r.src.items(keys[:at]...)
	if attribute == "ports" {
		items = r.portOrigins(items)
	}
	model, _ := modelAt(r.model, keys[:at]).([]any)
	if len(items) > len(model) {
		items = r.unique(attribute, items)
	}
	i, err := strconv.Atoi(strings.Trim(keys[at], "[]"))
	if err != nil || len(items) != len(model) || i >= len(items) {
		return origin{}, false
	}
	return items[i], true
}

// portOrigins repeats an item that stands for a range of ports, as the model
// does.
func (r *reader) portOrigins(items []origin) []origin {
	var out []origin
	for _, o := range items {
		n := 1
		if ports, err := types.ParsePortConfig(r.sourceText(o)); err == nil && len(ports) > 0 {
			n = len(ports)
		}
		for range n {
			out = append(out, o)
		}
	}
	return out
}

// unique leaves one of the items that say the same thing, where layers are
// merged: the last one, in the place of the first (Compose Specification,
// "Merge and override", "Unique resources").
func (r *reader) unique(attribute string, items []origin) []origin {
	var out []origin
	places := map[string]int{}
	for _, o := range items {
		key := r.itemKey(attribute, o)
		i, seen := places[key]
		if isRepeated := seen && (attribute != "ports" || o.layer != out[i].layer); isRepeated {
			out[i] = o
			continue
		}
		places[key] = len(out)
		out = append(out, o)
	}
	return out
}

// itemKey is what an item is told from others by: where it is in the container,
// and else its text.
func (r *reader) itemKey(attribute string, o origin) string {
	text := r.sourceText(o)
	if target, ok := o.child("target"); ok {
		text = r.sourceText(target)
		if attribute == "ports" {
			published, _ := o.child("published")
			text = r.sourceText(published) + ":" + text
		}
	} else if source, ok := o.child("source"); ok {
		text = r.sourceText(source)
	}
	if v, err := format.ParseVolume(text); attribute == "volumes" && err == nil {
		return v.Target
	}
	return text
}

// sourceText is the text of an item that is one, as compose reads it.
func (r *reader) sourceText(o origin) string {
	t, ok := o.template()
	if !ok {
		return ""
	}
	text, _ := t.eval(r.stand(o.layer.env))
	return text
}
