package verify

import (
	"cmp"
	"slices"
	"strings"

	"hull/ir/diag"
)

// Result is what a verification finds.
type Result struct {
	// Compared counts the attributes that were compared, Equal those of them
	// that are the same.
	Compared int `json:"compared"`
	Equal    int `json:"equal"`
	// Explained are the differences that the report has an entry for,
	// Unexplained the others.
	Explained   []Difference `json:"explained"`
	Unexplained []Difference `json:"unexplained"`
	// Unfounded are the report's losses that make no difference.
	Unfounded []diag.Diagnostic `json:"unfounded"`
	// Limits are what evaluating the Polytope file, and writing compose again,
	// had to say: a difference may be theirs.
	Limits []diag.Diagnostic `json:"limits,omitempty"`
	// Report is the conversion's. Where it has errors, nothing was compared.
	Report *diag.Report `json:"-"`
}

// Holds tells whether the conversion is proved.
func (r *Result) Holds() bool {
	return r.Compared > 0 && len(r.Unexplained) == 0 && len(r.Unfounded) == 0
}

// Explain finds, for each difference, the entry of a conversion's report that
// says it, and the entries that are said in vain.
func Explain(c Comparison, report []diag.Diagnostic) Result { return explain(c, report, nil) }

// explain is Explain, where the texts of the source's files are known.
func explain(c Comparison, report []diag.Diagnostic, files map[string][]byte) Result {
	e := explanation{founded: map[place]bool{}}
	r := Result{Compared: len(c.Attributes)}
	for _, isEqual := range c.Attributes {
		if isEqual {
			r.Equal++
		}
	}
	for _, d := range c.Differences {
		if d.Code = e.explain(&d, report); d.Code != "" {
			r.Explained = append(r.Explained, d)
		} else {
			r.Unexplained = append(r.Unexplained, d)
		}
	}
	for _, d := range c.Within {
		e.explain(&d, report)
	}
	r.Unexplained = append(r.Unexplained, e.varied(c, report)...)
	r.Unfounded = e.unfounded(&c, report, files)
	return r
}

// explanation is what is known of a report's entries.
type explanation struct {
	founded map[place]bool
}

// place is one of the paths of an entry, which is given by its number.
type place struct {
	entry int
	path  string
}

// explain is the code of the first entry that explains a difference. All that
// do are founded.
func (e *explanation) explain(d *Difference, report []diag.Diagnostic) string {
	code := ""
	for i, entry := range report {
		if entry.Fate == diag.NoFate {
			continue
		}
		for _, p := range paths(entry) {
			if explains(entry, p, d) {
				e.founded[place{i, p}] = true
				code = cmp.Or(code, entry.Code)
			}
		}
	}
	return code
}

// unfounded are the entries that say nothing by one of their paths, which is
// then their first.
func (e *explanation) unfounded(c *Comparison, report []diag.Diagnostic, files map[string][]byte) []diag.Diagnostic {
	var out []diag.Diagnostic
	for i, entry := range report {
		if entry.Fate == diag.NoFate || isUnseen(entry) || c.isUnseen(entry, files) {
			continue
		}
		for _, p := range paths(entry) {
			if !e.founded[place{i, p}] && !c.isGiven(entry.Code, p) && !c.isIdle(entry, p) {
				entry.Path, entry.Paths = p, nil
				out = append(out, entry)
				break
			}
		}
	}
	return out
}

// isIdle tells whether an entry is about something that does not run, and says
// of it what only running it would show; of what only such a thing uses,
// anything.
func (c *Comparison) isIdle(entry diag.Diagnostic, p string) bool {
	return slices.ContainsFunc(c.idle, func(owner path) bool {
		isService := owner[0] == "services" && len(owner) == 2
		isAbout := covers(owner.String(), p) || isService && covers("modules."+idOf(owner[1]), p)
		return isAbout && (!isService || slices.Contains(ofRunning, entry.Code))
	})
}

func paths(entry diag.Diagnostic) []string { return append([]string{entry.Path}, entry.Paths...) }

// explains tells whether an entry says a difference by one of its paths: that
// names the attribute or something around it, the entry's code can be about it,
// and its fate fits.
func explains(entry diag.Diagnostic, p string, d *Difference) bool {
	if entry.Fate == diag.Dropped && d.Target != nil || entry.Fate == diag.Added && d.Source != nil {
		return false
	}
	s, isLimited := scopes[entry.Code]
	if !isLimited {
		return p != "" && d.isAt(p)
	}
	return slices.ContainsFunc(s, func(s scope) bool { return s.fits(p, d) })
}

// isAt tells whether a difference is at a path, or below it.
func (d *Difference) isAt(p string) bool {
	return slices.ContainsFunc(d.places(), func(place string) bool { return covers(p, place) })
}

// scope says what the entries of a code can be about.
type scope struct {
	// from is the end of the entry's path that the scope is for; empty: any.
	from string
	// attributes are those that can be explained, as patterns from the owner
	// on: a service, or whatever else the attribute belongs to. The empty one
	// is the owner itself.
	attributes []string
	// isExact holds where nothing below the attributes can be explained.
	isExact bool
	// isWide holds where the entry stands for its owner's attributes, wherever
	// in the owner it points; all else only explains what is at its path.
	isWide bool
	// isSilent holds where the entry is about what the source does not say.
	isSilent bool
	// becomes tells whether the target says what the code promises; nil: it may
	// say anything that the entry's fate allows.
	becomes func(*Difference) bool
}

func (s scope) fits(p string, d *Difference) bool {
	if s.isSilent && (d.Source != nil || d.isWritten) || !s.isAbout(d) || s.becomes != nil && !d.isWithin && !s.becomes(d) {
		return false
	}
	return endsIn(p, s.from) && (d.isAt(p) || s.isWide && d.belongsTo(p))
}

func (s scope) isAbout(d *Difference) bool {
	return slices.ContainsFunc(s.attributes, func(pattern string) bool {
		rest := d.elements[len(d.elements.owner()):]
		if pattern == "" {
			return len(rest) == 0
		}
		return rest.matches(pattern) && (!s.isExact || len(rest) == strings.Count(pattern, ".")+1)
	})
}

// belongsTo tells whether a path is that of the difference's owner, or of
// something in it. Entries about a module name the service as its id.
func (d *Difference) belongsTo(p string) bool {
	owner := d.elements.owner()
	if owner == nil {
		return false
	}
	return covers(owner.String(), p) || owner[0] == "services" && covers("modules."+idOf(owner[1]), p)
}
