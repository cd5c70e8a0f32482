package verify

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"hull/ir/diag"
)

// Difference is an attribute that two projects do not agree on.
type Difference struct {
	// Path names the attribute: "services.web.ports.80/tcp".
	Path string `json:"path"`
	// Source and Target are what the two say, in one line; nil where one says
	// nothing.
	Source *string `json:"source"`
	Target *string `json:"target"`
	// Range is where the source says it, or the nearest thing around it;
	// Output is where the converted file does.
	Range  diag.Range `json:"range"`
	Output diag.Range `json:"output"`
	// Code is that of the report's entry that explains it; empty where none
	// does.
	Code string `json:"code,omitempty"`
	// IsVaried holds where the two only differ with other texts for their
	// variables, which Source and Target have then.
	IsVaried bool `json:"varied,omitempty"`

	elements path
	at       []path
	// elsewhere are further places, where the source does not write down the
	// attribute itself.
	elsewhere []path
	// isWritten holds where the source says it in so many words.
	isWritten bool
	// content is the source's text by which it is the same as another; isOwn
	// and isData are what the target's fact has.
	content string
	// isWithin holds for a part of what the target lacks as a whole.
	isWithin      bool
	isOwn, isData bool
}

// places are the paths that an entry about the difference may name.
func (d *Difference) places() []string {
	f := fact{path: d.elements, at: d.at}
	return f.places()
}

// Comparison is what comes of comparing two projects.
type Comparison struct {
	// Attributes holds each attribute that was compared, by its path, and
	// whether it is equal.
	Attributes  map[string]bool
	Differences []Difference
	// Within are differences that need no entry, and that one may be about: the
	// attributes of what the target lacks as a whole, which is the difference,
	// and names that nothing is seen to use.
	Within []Difference
	// idle are the services of the source that have no containers, what only
	// they use, and dependencies on what does not run: nothing of them shows.
	idle []path
	// varied is the comparison with other texts for the variables.
	varied variation
	// madeUp are the variables that have made-up texts.
	madeUp map[string]bool
}

// CompareOptions says how to compare.
type CompareOptions struct {
	// Root is the folder that relative paths of both projects are shown from;
	// empty: the source's own folder.
	Root string
	// ReadFile gives the text of a file that a config or secret of the source
	// names; nil: none can be read, and their names are compared.
	ReadFile func(name string) (text string, ok bool)
	// isWritten tells whether the source's files have an attribute that
	// compose-go may have put there itself; nil: they have none.
	isWritten func(path) bool
}

// Compare compares what two projects do, attribute by attribute. The target
// may call a service or volume of the source by another name, as an id of
// Polytope needs it (mapping.md, "service name").
func Compare(source, target *types.Project, opts CompareOptions) Comparison {
	if opts.Root == "" {
		opts.Root = source.WorkingDir
	}
	if opts.ReadFile == nil {
		opts.ReadFile = func(string) (string, bool) { return "", false }
	}
	services := renamed(slices.Collect(maps.Keys(source.Services)), slices.Collect(maps.Keys(target.Services)))
	volumes := renamed(slices.Collect(maps.Keys(source.Volumes)), slices.Collect(maps.Keys(target.Volumes)))
	s := side{Project: source, opts: opts, facts: facts{}}
	t := side{Project: target, opts: opts, facts: facts{}, services: services, volumes: volumes}
	c := compareFacts(s.collect(), t.collect())
	c.idle = s.idle()
	return c
}

// renamed finds, for each name of the target that is none of the source's, the
// one of the source that it stands for.
func renamed(source, target []string) map[string]string {
	of := map[string]string{}
	for _, name := range source {
		if id := idOf(name); id != name && !slices.Contains(target, name) && !slices.Contains(source, id) {
			of[id] = name
		}
	}
	return of
}

// idOf is the id that a name becomes: capitals become small, all else that an
// id cannot hold a hyphen, of which none is at an end (explain
// compose/name-changed).
func idOf(name string) string {
	return strings.Trim(noID.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

var noID = regexp.MustCompile(`[^a-z0-9_-]+`)

func compareFacts(source, target facts) Comparison {
	c := Comparison{Attributes: map[string]bool{}}
	keys := slices.Sorted(maps.Keys(source))
	for key := range target {
		if source[key] == nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		s, t := source[key], target[key]
		if !isComparable(s, t) {
			continue
		}
		d := difference(s, t)
		if isDetail(s, t, source, target) {
			if t == nil {
				d.isWithin = true
				c.Within = append(c.Within, d)
			}
			continue
		}
		isEqual := s != nil && t != nil && s.isSame(t)
		_, seen := c.Attributes[d.Path]
		c.Attributes[d.Path] = isEqual && (!seen || c.Attributes[d.Path])
		if !isEqual {
			c.Differences = append(c.Differences, d)
		}
	}
	return c
}

// isComparable tells whether a fact that one side has, or both, is to be
// looked at.
func isComparable(s, t *fact) bool {
	switch {
	case s == nil:
		return t.role == normal
	case t == nil:
		return s.role == normal || s.role == promise
	}
	return s.role != offer || t.role == normal
}

// isDetail tells whether a fact belongs to something that a side does not
// have, which is the difference then.
func isDetail(s, t *fact, source, target facts) bool {
	for _, f := range []*fact{s, t} {
		if f == nil || f.under == "" {
			continue
		}
		a, b := source[f.under], target[f.under]
		if a == nil || b == nil || isDetail(a, b, source, target) {
			return true
		}
	}
	return false
}

func difference(s, t *fact) Difference {
	var d Difference
	if t != nil {
		d.elements, d.elsewhere, d.Target = t.path, t.elsewhere, &t.value
		d.isOwn, d.isData = t.isOwn, t.isData
	}
	if s != nil { // an item's number is the source's, never the target's
		d.elements, d.at, d.Source, d.content = s.path, s.at, &s.value, s.alt
		d.elsewhere = append(slices.Clone(d.elsewhere), s.elsewhere...)
	}
	d.Path = d.elements.String()
	return d
}

// merge adds another comparison of the same project: what differs in one
// differs, and is said once.
func (c *Comparison) merge(other Comparison) {
	if c.Attributes == nil {
		c.Attributes = map[string]bool{}
	}
	for name, isEqual := range other.Attributes {
		if was, seen := c.Attributes[name]; seen {
			isEqual = isEqual && was
		}
		c.Attributes[name] = isEqual
	}
	c.Within = append(c.Within, other.Within...)
	c.idle = append(c.idle, other.idle...)
	for _, d := range other.Differences {
		i := slices.IndexFunc(c.Differences, func(e Difference) bool { return e.isSame(d) })
		if i < 0 {
			c.Differences = append(c.Differences, d)
		} else {
			c.Differences[i].at = append(c.Differences[i].at, d.at...)
		}
	}
}

func (d *Difference) isSame(other Difference) bool {
	same := func(a, b *string) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return d.Path == other.Path && same(d.Source, other.Source) && same(d.Target, other.Target)
}
