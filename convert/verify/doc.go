// Package verify proves conversions. It converts a compose project, reads back
// what was written, evaluates it to plain containers, makes a compose project
// of these, and compares that with the source, attribute by attribute, as
// compose-go loads both. What differs must be in the conversion's report, and
// what the report says was lost must differ. All is done once more with other
// texts for the source's variables, which finds those that were frozen.
//
// The comparison knows what compose's attributes mean and what the codes of a
// report stand for. It knows nothing of how a conversion is made.
//
// Source: design.md, "Laws", 1 and 2; mapping.md, "docker-compose → Polytope".
package verify
