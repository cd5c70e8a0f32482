package compose

import (
	"context"
	"fmt"
	"io"
	"maps"
	"regexp"
	"strconv"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"

	"hull/ir"
	"hull/ir/resolve"
)

// marks stands in for resolve's own marks: "<value x>" in a text is a
// reference, and numbers from a million on are.
type marks struct {
	bindings []*ir.Binding
	numbers  map[int]string
}

var mark = regexp.MustCompile(`<(value|secret) ([^<>]+)>`)

func (m marks) Parts(s string) []resolve.Part {
	var out []resolve.Part
	text := func(s string) {
		if s != "" {
			out = append(out, resolve.Part{Text: s})
		}
	}
	at := 0
	for _, i := range mark.FindAllStringSubmatchIndex(s, -1) {
		text(s[at:i[0]])
		out = append(out, m.reference(s[i[2]:i[3]], s[i[4]:i[5]]))
		at = i[1]
	}
	text(s[at:])
	return out
}

func (m marks) reference(kind, name string) resolve.Part {
	ref := &ir.Ref{Kind: kinds[kind], Name: name}
	for _, b := range m.bindings {
		if b.Kind == ref.Kind && b.Name == name {
			text, _ := b.Default.Eval(ir.Unset)
			return resolve.Part{Text: text, Ref: ref}
		}
	}
	return resolve.Part{Ref: ref}
}

var kinds = map[string]ir.RefKind{"value": ir.ValueRef, "secret": ir.SecretRef}

func (m marks) Number(n int) resolve.Part {
	if s, ok := m.numbers[n]; ok {
		return m.Parts(s)[0]
	}
	return resolve.Part{Text: strconv.Itoa(n)}
}

// plainTexts are texts without any references.
type plainTexts struct{}

func (plainTexts) Parts(s string) []resolve.Part {
	if s == "" {
		return nil
	}
	return []resolve.Part{{Text: s}}
}
func (plainTexts) Number(n int) resolve.Part { return resolve.Part{Text: strconv.Itoa(n)} }

// load has compose-go load a file, every profile active.
func load(data []byte, env map[string]string) (p *types.Project, err error) {
	logrus.SetOutput(io.Discard)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("compose-go panics: %v", r)
		}
	}()
	env = maps.Clone(env)
	details := types.ConfigDetails{
		WorkingDir: "/project", Environment: env,
		ConfigFiles: []types.ConfigFile{{Filename: "/project/compose.yaml", Content: data}},
	}
	return loader.LoadWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName("proj", false)
		o.Profiles = []string{"*"}
		o.ResolvePaths = false
		o.SkipResolveEnvironment = true
	})
}

// loadBase loads what runs without a profile.
func loadBase(data []byte, env map[string]string) error {
	details := types.ConfigDetails{
		WorkingDir: "/project", Environment: maps.Clone(env),
		ConfigFiles: []types.ConfigFile{{Filename: "/project/compose.yaml", Content: data}},
	}
	_, err := loader.LoadWithContext(context.Background(), details, func(o *loader.Options) { o.SetProjectName("proj", false) })
	return err
}

var (
	requiredVariable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*):?\?`)
	anyVariable      = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)`)
)

func environment(data []byte, pattern *regexp.Regexp, text string) map[string]string {
	env := map[string]string{}
	for _, m := range pattern.FindAllSubmatch(data, -1) {
		env[string(m[1])] = text
		if string(m[1]) == "RANGE" {
			env["RANGE"] = "7000-7002"
		}
	}
	return env
}

// mustLoad loads a file where only what is required is set, and where
// everything is.
func mustLoad(t testing.TB, data []byte) *types.Project {
	t.Helper()
	all := environment(data, anyVariable, "7777")
	if _, err := load(data, all); err != nil {
		t.Fatalf("with variables: %v\n%s", err, data)
	}
	required := environment(data, requiredVariable, "7778")
	if err := loadBase(data, required); err != nil {
		t.Fatalf("without profiles: %v\n%s", err, data)
	}
	p, err := load(data, required)
	if err != nil {
		t.Fatalf("without variables: %v\n%s", err, data)
	}
	return p
}
