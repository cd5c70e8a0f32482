package polytope_test

import (
	"fmt"
	"strings"
	"testing"

	"hull/ir"
)

// placed lists the comments of a file: "kind name: where text".
func placed(f *ir.File) string {
	var all []string
	ir.Walk(f, func(n ir.Node) bool {
		c := n.GetMeta().Comments
		for _, p := range []struct{ where, text string }{{"head", c.Head}, {"line", c.Line}, {"foot", c.Foot}} {
			if p.text != "" {
				all = append(all, fmt.Sprintf("%s %s %q", nodeName(n), p.where, p.text))
			}
		}
		return true
	})
	return strings.Join(all, "\n")
}

func nodeName(n ir.Node) string {
	switch n := n.(type) {
	case *ir.Template:
		return n.ID
	case *ir.Module:
		return n.ID
	case *ir.Param:
		return n.ID
	case *ir.Step:
		return "step " + n.StepID()
	case *ir.Call:
		return "call " + n.Module
	case *ir.String:
		return strings.TrimSpace(n.Value)
	case *ir.Int:
		return fmt.Sprint(n.Value)
	}
	return strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", n), "*ir."))
}

func TestComments(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a.yml", `# file
# more

## the modules
modules: # m
# first
- id: a # id
  # info
  info: i # info line
  # called
  module: b # call
  args: # args
    # before
    c: x # x
    # after
    d: [1, # one
      # two
      2 # still two
      # end
    ] # list
    # e: commented out

  # belongs to a

# before z
- id: z
  code: |- # literal
    # not a comment
    code # neither
# last
`, `file head "file\nmore\n\n# the modules"
a head "m\nfirst\nid\ninfo\ninfo line"
call b head "called"
call b line "call"
map line "args"
map foot "belongs to a"
x head "before"
x line "x"
list head "after"
list line "list"
list foot "e: commented out"
1 line "one"
2 head "two"
2 line "still two"
2 foot "end"
z head "before z"
z foot "last"
code line "literal"`},
		{"b.yml", `templates:
# t
- id: t # t line
  # params
  params:
  # p
  - {id: p, type: str} # p line
  - id: q
    # type
    type: [default, # in the type
      str, x]
  run: # run
  # a
  - a # a line
  # b
  - id: b
    module: m # call
    # when
    run-when: {after: a} # when line
  # - c
`, `t head "t\nt line"
p head "params\np"
p line "p line"
q head "type\nin the type"
step a head "run\na"
step a line "a line"
step b head "b\nwhen\nwhen line"
step b foot "- c"
call m line "call"`},
		{"c.edn", `;; file
#_(discarded)
{:modules [;; a
           {:id :a ; id
            ;; code
            :code (f) ; line
            } ; a line
           ; foot
           ]
 ;; end
 }
;; last
`, `file head "file\n#_(discarded)"
file foot "end\nlast"
a head "a\nid"
a line "a line"
a foot "foot"
code head "code"
code line "line"`},
		{"d.yml", `modules:
- id: a
  module: b
  args:
    x: 'a '' # b' # x
    y: "a \" # b" # y
    z: a#b # z
    w: &an > # w

      # in
     # out
    v: >2
        # in
    # u
    u: plain
      text # u line
    t: {
      # s
      s: "}", # s line
    }
    r: *an # r
`, `a ' # b line "x"
a " # b line "y"
a#b line "z"
# in line "w"
# in foot "out"
plain text head "u"
plain text line "u line"
} head "s"
} line "s line"
# in line "r"`},
	}
	for _, tt := range tests {
		f, found := read(tt.name, []byte(tt.in))
		if f == nil {
			t.Errorf("%s: %q", tt.name, found)
			continue
		}
		if got := placed(f); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		checkFormats(t, tt.name, f)
		// What has been written once stays where it is.
		for _, ext := range []string{"yml", "edn"} {
			once := write(t, f, ext)
			again, _ := read("polytope."+ext, once)
			if twice := write(t, again, ext); string(twice) != string(once) {
				t.Errorf("%s: written again, it is\n%s\nnot\n%s", tt.name, twice, once)
			}
		}
	}
}
