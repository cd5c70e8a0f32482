package compose

import (
	"slices"
	"strings"
	"testing"
)

// TestWaits holds that every step comes to wait, through one other, for all
// that it has to wait for.
func TestWaits(t *testing.T) {
	for _, c := range []struct{ name, needs, want string }{
		{"one", "b:a", "b:a"},
		{"implied", "b:a c:b,a", "b:a c:b"},
		{"implied, other order", "b:a c:a,b", "b:a c:b"},
		{"independent", "c:a,b", "b:a c:b"},
		{"three", "d:a,b,c", "b:a c:b d:c"},
		{"a chain joins another", "b:a d:c e:b,d", "b:a c:b d:c e:d"},
		{"common root", "b:a c:a d:b,c", "b:a c:b d:c"},
		{"shared by two", "c:a,b d:a,b", "b:a c:b d:b"},
	} {
		w := &waits{after: map[string]string{}, uses: map[string][]string{}}
		for _, need := range strings.Fields(c.needs) {
			step, others, _ := strings.Cut(need, ":")
			w.add(step, strings.Split(others, ","))
		}
		var got []string
		for step, after := range w.after {
			got = append(got, step+":"+after)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
		for _, need := range strings.Fields(c.needs) {
			step, others, _ := strings.Cut(need, ":")
			for _, o := range strings.Split(others, ",") {
				if !slices.Contains(w.chain(step), o) {
					t.Errorf("%s: %s does not wait for %s", c.name, step, o)
				}
			}
		}
	}
}

func TestSplitWords(t *testing.T) {
	for line, want := range map[string]string{
		`sh -c "echo ${A:-x y} b"`:                 `sh | -c | echo ${A:-x y} b`,
		`run --port=${PORT} $$HOME`:                `run | --port=${PORT} | $$HOME`,
		`a 'b c' d\ e`:                             `a | b c | d e`,
		`${CMD:-serve --all}`:                      `${CMD:-serve --all}`,
		`redis-server --requirepass ${PW:?set it}`: `redis-server | --requirepass | ${PW:?set it}`,
	} {
		tm, err := parseTemplate(line)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range splitWords(tm) {
			got = append(got, w.String())
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%q is split into %q, want %q", line, strings.Join(got, " | "), want)
		}
	}
}

// TestWaitsNeverDeadlock holds that chaining does not make a step wait for one
// that needs it.
func TestWaitsNeverDeadlock(t *testing.T) {
	for _, c := range []struct{ name, uses, needs, want, left string }{
		{"the other way round", "a:b", "c:a,b", "a:b c:a", ""},
		{"through a service", "migrate:db db:certs", "db:certs app:migrate,certs", "app:migrate db:certs migrate:certs", ""},
		{"no way", "a:b b:a", "c:a,b", "c:a", "c:b"},
	} {
		w := &waits{after: map[string]string{}, uses: map[string][]string{}}
		for _, use := range strings.Fields(c.uses) {
			step, other, _ := strings.Cut(use, ":")
			w.uses[step] = append(w.uses[step], other)
		}
		for _, need := range strings.Fields(c.needs) {
			step, others, _ := strings.Cut(need, ":")
			w.add(step, strings.Split(others, ","))
		}
		var got, left []string
		for step, after := range w.after {
			got = append(got, step+":"+after)
		}
		for _, l := range w.left {
			left = append(left, l[0]+":"+l[1])
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want || strings.Join(left, " ") != c.left {
			t.Errorf("%s: got %v without %v, want %s without %s", c.name, got, left, c.want, c.left)
		}
	}
}
