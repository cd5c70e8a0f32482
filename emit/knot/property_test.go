package knot

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"hull/ir"
	"hull/ir/resolve"
)

// awkward are texts that meet each other in random ones.
var awkward = []string{
	"${{", "}}", "{{", "$", "{", "}", ".space.id", "${{.var.x}}", "`", "\"", "'", "\\", ": ", " #", "#", "\n", "\t", "- ", "a", "é", "\U0001F600",
	"\x00", "\x7f", "\u2028", "\uFEFF", "---", "true", "0x1f", "12:30", "~", "%", "@", "!", "&", "*", "|", ">", " ", "80", "=", ",", "x1", "/", "<no value>",
}

// gen draws the parts of a job, and collects its references.
type gen struct {
	*rapid.T
	marks marks
}

func (g *gen) text() string {
	var b strings.Builder
	for range g.n(6) {
		if rapid.Bool().Draw(g.T, "isReference") {
			kind := rapid.SampledFrom([]ir.RefKind{ir.ValueRef, ir.SecretRef}).Draw(g.T, "kind")
			name := rapid.SampledFrom([]string{"web_port", "a-b", "a_b", "user_timezone", "server_url", "1x", "é"}).Draw(g.T, "name")
			text := rapid.SampledFrom([]string{"", "8080", "/srv", "512MB", "x y"}).Draw(g.T, "text")
			g.marks = append(g.marks, resolve.Part{Text: text, Ref: &ir.Ref{Kind: kind, Name: name}})
			b.WriteRune(rune(firstMark + len(g.marks) - 1))
			continue
		}
		b.WriteString(rapid.SampledFrom(awkward).Draw(g.T, "piece"))
	}
	return b.String()
}

func (g *gen) n(most int) int { return rapid.IntRange(0, most).Draw(g.T, "n") }

func (g *gen) either(texts ...string) string {
	if g.n(2) == 0 {
		return g.text()
	}
	return rapid.SampledFrom(texts).Draw(g.T, "text")
}

func (g *gen) job() *resolve.Job {
	job := &resolve.Job{Name: "stack"}
	for i := range 1 + g.n(2) {
		job.Containers = append(job.Containers, g.container(fmt.Sprintf("c%d", i)))
	}
	return job
}

func (g *gen) container(step string) resolve.Container {
	c := resolve.Container{Task: resolve.Task{Step: step, Module: step}, ID: g.either(step, ""), Image: "x" + g.text(), TTY: true}
	for range g.n(4) {
		value := g.text()
		c.Env = append(c.Env, resolve.EnvVar{Name: g.either("A", "KNOT_USER", "KNOT_HTTP_PORT"), Value: &value})
	}
	for range g.n(4) {
		source := resolve.Source{Type: g.either("host", "volume", "string"), Path: g.either("/srv", "x", "~"), ID: g.either("home", "", "home")}
		c.Mounts = append(c.Mounts, resolve.Mount{Path: g.either("/home", "/etc/x.conf"), Source: source})
	}
	for range g.n(2) {
		c.Services = append(c.Services, resolve.Service{ID: g.either(step, "web"), Ports: g.ports()})
	}
	switch g.n(2) {
	case 0:
		c.Cmd = &resolve.Command{Line: g.text()}
	case 1:
		c.Cmd = &resolve.Command{Words: []string{g.text(), g.text()}}
	}
	return c
}

func (g *gen) ports() []resolve.Port {
	var ports []resolve.Port
	for range g.n(3) {
		p := resolve.Port{
			Port: rapid.SampledFrom([]int{80, 443, 70000, 0, 5432}).Draw(g.T, "port"), Protocol: g.either("tcp", "udp", "http", "https"),
			Label: g.either("", "web"), ExposeAs: g.either("", "8080", "8080-8081"), Internal: rapid.Bool().Draw(g.T, "internal"),
		}
		if g.n(2) == 0 {
			p.Port, p.Range = 0, g.either("80-82", "1,2")
		}
		ports = append(ports, p)
	}
	return ports
}

// TestRandomJobs holds random jobs against the rules, and the texts that come
// out of knot against those that went in. Two runs give the same bytes.
func TestRandomJobs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &gen{T: rt}
		job := g.job()
		p := rapid.SampledFrom([]Platform{Docker, Podman}).Draw(rt, "platform")
		o := Options{Platform: p, Split: rapid.Bool().Draw(rt, "split"), Header: g.text()}
		o.Header = strings.Map(func(r rune) rune { return min(r, firstMark-1) }, o.Header)
		outputs, ds, err := write(job, g.marks, o)
		if err != nil {
			rt.Fatal(err)
		}
		again, dsAgain, _ := write(job, g.marks, o)
		if !slices.EqualFunc(outputs, again, func(a, b Output) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }) || !reflect.DeepEqual(ds, dsAgain) {
			rt.Fatal("two runs differ")
		}
		checkRules(rt, p, outputs)
		checkDiagnostics(rt, ds)
		checkTexts(rt, job, g.marks, outputs)
	})
}

// checkTexts holds the texts of a job against what knot makes of the outputs:
// images, variables and words come out as they went in, with samples in the
// place of references.
func checkTexts(t rapid.TB, job *resolve.Job, m marks, outputs []Output) {
	t.Helper()
	i := 0
	for _, o := range outputs {
		if strings.HasSuffix(o.Name, volumeFileEnd) {
			continue
		}
		var got struct {
			Image       string
			Command     []string
			Environment []string
		}
		if err := yaml.NewDecoder(strings.NewReader(render(t, string(o.Data)))).Decode(&got); err != nil {
			t.Fatal(err)
		}
		c := job.Containers[i]
		i++
		if want := expand(m, c.Image); !matches(got.Image, want) {
			t.Errorf("the image is %q, want %q", got.Image, want)
		}
		if c.Cmd != nil && c.Cmd.Words != nil {
			for j, word := range c.Cmd.Words {
				if want := expand(m, word); !matches(got.Command[j], want) {
					t.Errorf("word %d is %q, want %q", j, got.Command[j], want)
				}
			}
		}
		for _, v := range c.Env {
			want := expand(m, v.Name+"="+*v.Value)
			if name := expand(m, v.Name); name[0] == "" && len(name) == 1 || strings.Contains(strings.Join(name, ""), "=") || name[0] == "KNOT_USER" {
				continue
			}
			if !slices.ContainsFunc(got.Environment, func(e string) bool { return matches(e, want) }) {
				t.Errorf("the environment is %q, and has no %q", got.Environment, want)
			}
		}
	}
}

// expand is a marked text as the literals between its references.
func expand(m marks, text string) []string {
	literals := []string{""}
	for _, p := range m.Parts(text) {
		if p.Ref != nil {
			literals = append(literals, "")
		} else {
			literals[len(literals)-1] += p.Text
		}
	}
	return literals
}

// matches tells whether a text is made of the literals with samples of
// variables between them.
func matches(text string, literals []string) bool {
	rest, ok := strings.CutPrefix(text, literals[0])
	for _, l := range literals[1:] {
		if !ok {
			return false
		}
		_, rest, ok = strings.Cut(rest, samplePrefix)
		// Samples end where the next literal begins; names hold none of it.
		at := strings.Index(rest, sampleEnd)
		if !ok || at < 0 {
			return false
		}
		rest, ok = strings.CutPrefix(rest[at+len(sampleEnd):], l)
	}
	return ok && rest == ""
}
