package diag

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// policySource has a comment for each way to silence something.
const policySource = `# hull:allow a/top the whole of the key below
first:
  inner: 1
second: 2 # hull:allow a/line not needed

list:
  # hull:allow a/item of this item only
  # and another comment
  - id: x
    more: 1

    most: 2
  - id: y
third: "not # in a comment: hull:allow a/item"
fourth: 4 # hull:allow a/error
# hull:allow a/nothing above a blank line

; hull:allow b/edn as EDN has it
fifth: 5
`

func policyReport() *Report {
	r := &Report{}
	r.AddSource("f.yml", []byte(policySource))
	at := func(severity Severity, code string, line int) {
		r.Add(Diagnostic{Severity: severity, Code: code, Subject: Range{File: "f.yml", Start: Pos{line, 3}}})
	}
	at(Warning, "a/top", 2)
	at(Note, "a/top", 3)
	at(Warning, "a/top", 4) // below the block
	at(Warning, "a/line", 4)
	at(Warning, "a/line", 5)
	at(Warning, "a/item", 9)
	at(Warning, "a/item", 12)
	at(Warning, "a/item", 13) // the next item
	at(Warning, "a/item", 14)
	at(Error, "a/error", 15)
	at(Warning, "b/edn", 19)
	r.Add(Diagnostic{Severity: Warning, Code: "a/top"}, Diagnostic{Severity: Warning, Code: "a/top", Subject: Range{File: "other.yml", Start: Pos{2, 1}}})
	return r
}

func TestPolicy(t *testing.T) {
	const plain = "4 a/top, 5 a/line, 13 a/item, 14 a/item, 15 a/error!, 0 a/top, 2 a/top"
	tests := []struct {
		name   string
		policy Policy
		want   string
	}{
		{"comments", Policy{}, plain},
		{"allow", Policy{Allow: []string{"a/top", "a/error"}}, "5 a/line, 13 a/item, 14 a/item, 15 a/error!"},
		{"allow an area", Policy{Allow: []string{"a/*"}}, "15 a/error!"},
		{"deny wins", Policy{Allow: []string{"all"}, Deny: []string{"a/line", "b/*"}}, "4 a/line!, 5 a/line!, 15 a/error!, 19 b/edn!"},
		{"audit", Policy{Audit: []string{"all"}}, plain + ", 15 check/unused-allow, 16 check/unused-allow"},
		{"audit an area", Policy{Audit: []string{"b/*"}}, plain},
		{"audit denied", Policy{Audit: []string{"all"}, Deny: []string{UnusedAllow}}, plain + ", 15 check/unused-allow!, 16 check/unused-allow!"},
		{"audit allowed", Policy{Audit: []string{"all"}, Allow: []string{UnusedAllow}}, plain},
	}
	for _, test := range tests {
		r := policyReport()
		test.policy.Apply(r)
		var got []string
		for _, d := range r.Diagnostics {
			s := fmt.Sprintf("%d %s", d.Subject.Start.Line, d.Code)
			if d.Severity == Error {
				s += "!"
			}
			got = append(got, s)
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %s, want %s", test.name, strings.Join(got, ", "), test.want)
		}
	}
}

// TestUnusedAllow looks at what is said of a comment without effect, and where.
func TestUnusedAllow(t *testing.T) {
	r := policyReport()
	Policy{Audit: []string{"all"}}.Apply(r)
	i := slices.IndexFunc(r.Diagnostics, func(d Diagnostic) bool { return d.Code == UnusedAllow })
	if i < 0 {
		t.Fatal("there is none")
	}
	isError, unused := r.Diagnostics[i], r.Diagnostics[i+1]
	if want := "the comment has no effect: a/error is an error here, and errors cannot be silenced"; isError.Message != want {
		t.Errorf("%q, want %q", isError.Message, want)
	}
	if want := "the comment has no effect: there is no a/nothing here"; unused.Message != want {
		t.Errorf("%q, want %q", unused.Message, want)
	}
	if want := (Range{"f.yml", Pos{16, 3}, Pos{16, 23}}); unused.Subject != want {
		t.Errorf("%v, want %v", unused.Subject, want)
	}
}

// TestAllowColumns counts characters, not bytes.
func TestAllowColumns(t *testing.T) {
	r := &Report{}
	r.AddSource("ä", []byte(`id: "äöü" # hull:allow x/y`))
	Policy{Audit: []string{"all"}}.Apply(r)
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Subject.Start != (Pos{1, 13}) {
		t.Errorf("%v", r.Diagnostics)
	}
}
