package graph

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hull/ir/resolve"
)

var update = flag.Bool("update", false, "rewrite the expectations")

// cases are the jobs that are drawn in testdata.
var cases = map[string]func() []*resolve.Job{
	"empty":     func() []*resolve.Job { return nil },
	"small":     small,
	"guestbook": guestbook,
	"shop":      shop,
	"hostile":   hostile,
}

// hostileTexts are what languages could take for something else.
var hostileTexts = []string{
	`"quoted"`, `it's`, `<b>bold</b>`, `a & b &amp; &lt;`, "line\nbreak\r\n", "]]>", "<![CDATA[", "-->", "%% comment",
	`%%{init: {"theme":"dark"}}%%`, "end", `back\slash\n\N`, "`markdown`", "#35;#quot;", "]] }} ) |", "graph TD;A-->B",
	"styled: my style:x#1;", "classDef a:b#c;", "nul\x00bell\a", "\xff\xfe", "\u202eright to left", "zażółć 日本語 🐳",
	"\u2028", "\ufffe", "${VAR}", "$$x$$", "onload=alert(1)", "javascript:alert(1)", "@{shape: x}", "fa:fa-car", "---", "",
	strings.Repeat("very-long-", 12), strings.Repeat("W", 60), "A\t\tB", "1. list", "- item", "&#x0;", "/* x */", "//", "\\",
}

// hostile is a job in which everything is called something hostile.
func hostile() []*resolve.Job {
	job := &resolve.Job{Name: `"<&]]>` + "\n" + `%%{init}%%`}
	for i, s := range hostileTexts {
		next := hostileTexts[(i+1)%len(hostileTexts)]
		c := resolve.Container{
			Task: resolve.Task{Step: s, Module: next, After: []resolve.Wait{{Step: next, Condition: s}}},
			ID:   s, Image: next, Mounts: []resolve.Mount{volume(s, next), host(next, s)},
			Services: []resolve.Service{service(next, resolve.Port{Range: s, Protocol: s, Label: next, ExposeAs: next})},
		}
		job.Containers = append(job.Containers, c)
		if i%5 == 0 {
			build := resolve.Build{Task: call("build " + s), Tags: []string{next, s}, Dockerfile: s, Target: next}
			job.Builds = append(job.Builds, build)
			job.Opaque = append(job.Opaque, resolve.Opaque{Task: call(s + "?"), Why: next})
		}
	}
	return []*resolve.Job{job, {Name: "other"}}
}

func TestGolden(t *testing.T) {
	for name, jobs := range cases {
		for _, f := range Formats {
			path := filepath.Join("testdata", name+f.Extension)
			got := f.Write(New(jobs()))
			if again := f.Write(New(jobs())); !bytes.Equal(got, again) {
				t.Errorf("%s: not the same the second time", path)
			}
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; -update rewrites it", path)
			}
		}
	}
}

// elements reads an XML document to its end, and returns the texts of its
// elements by their names.
func elements(t *testing.T, doc []byte) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	var open []string
	for dec := xml.NewDecoder(bytes.NewReader(doc)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
			found[token.Name.Local] = append(found[token.Name.Local], "")
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				texts := found[open[len(open)-1]]
				texts[len(texts)-1] += string(token)
			}
		}
	}
}

func TestSVGIsWellFormed(t *testing.T) {
	allowed := map[string]bool{
		"svg": true, "title": true, "desc": true, "g": true, "rect": true, "path": true, "line": true, "circle": true, "text": true,
	}
	for name, jobs := range cases {
		for element := range elements(t, New(jobs()).SVG()) {
			if !allowed[element] {
				t.Errorf("%s: element %s", name, element)
			}
		}
	}
}

// TestSVGKeepsFullText wants what was shortened to be in a title.
func TestSVGKeepsFullText(t *testing.T) {
	long := strings.Repeat("very-long-", 60)
	jobs := []*resolve.Job{{Name: "x", Containers: []resolve.Container{{Task: call(long), ID: long, Image: "<" + long + ">"}}}}
	found := elements(t, New(jobs).SVG())
	if all := strings.Join(found["title"], "\n"); !strings.Contains(all, "container "+long+"\n<"+long+">") {
		t.Errorf("titles are %s", all)
	}
	for _, text := range found["text"] {
		if len(text) > 100 {
			t.Errorf("the text %s is not shortened", text)
		}
	}
	if all := strings.Join(found["text"], "\n"); strings.Count(all, "…") != 2 {
		t.Errorf("the texts %s have no ellipsis", all)
	}
}

func TestMermaidText(t *testing.T) {
	for in, want := range map[string]string{
		`say "hi"`:        "say #34;hi#34;",
		"<b>":             "#60;b#62;",
		"a#b;":            "a#35;b#59;",
		"%%{x}":           "#37;#37;#123;x#125;",
		"[end]":           "#91;end#93;",
		"a\nb":            "a b",
		"nginx:1.27":      "nginx:1.27",
		"my style: x":     "my style#58; x",
		"\u202e\x00":      "\ufffd\ufffd",
		"日本語 → x":         "日本語 → x",
		"a\\nb`c`":        "a#92;nb#96;c#96;",
		"/var/lib/x-y_z.": "/var/lib/x-y#95;z.",
	} {
		if got := mermaidText(in); got != want {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
}

func TestDOTString(t *testing.T) {
	for in, want := range map[string]string{
		`say "hi"`: `"say \"hi\""`,
		`a\nb\N\`:  `"a\\nb\\N\\"`,
		"a\nb":     `"a\nb"`,
		"a\r\x00b": "\"a \ufffdb\"",
		"&lt;<b>":  `"&amp;lt;<b>"`,
	} {
		if got := dotString(in); got != want {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
}

// TestMermaidLines wants each statement to stay on a line of its own, whatever
// things are called.
func TestMermaidLines(t *testing.T) {
	g := New(hostile())
	lines := strings.Count(string(g.Mermaid()), "\n")
	if want := 4 + len(g.edgeKinds()) + len(g.Nodes) + len(g.Edges) + len(g.nodeKinds()); lines != want {
		t.Errorf("there are %d lines, want %d", lines, want)
	}
}
