package verify

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"

	"hull/convert/compose"
)

// A conversion has to hold whatever its variables are. So all is compared once
// more with other texts for them: who has frozen one is found by that.

// variation is the comparison with other texts for the source's variables.
type variation struct {
	// texts are those of the variables that have others; nil: nothing was
	// compared.
	texts       map[string]string
	differences []Difference
}

// vary compares with other texts for all variables with which the source still
// loads. Where literals are asked for, or the other texts make another set of
// services, nothing can be said.
func (v *verification) vary(ctx context.Context) variation {
	if v.opts.Compose.Values == compose.ValuesNone {
		return variation{}
	}
	texts := v.otherTexts()
	if _, loads := v.loadWith(ctx, texts); !loads {
		maps.DeleteFunc(texts, func(name, text string) bool {
			_, loads := v.loadWith(ctx, map[string]string{name: text})
			return !loads
		})
	}
	varied, loads := v.loadWith(ctx, texts)
	if len(texts) == 0 || !loads {
		return variation{}
	}
	c, err := varied.compareAll(ctx)
	if err != nil {
		return variation{}
	}
	varied.settle(&c)
	return variation{texts, c.Differences}
}

// loadWith is the verification with other texts for some variables, on both
// sides, and whether it has the same services.
func (v *verification) loadWith(ctx context.Context, texts map[string]string) (*verification, bool) {
	varied := *v
	varied.isVaried = true
	varied.env, varied.given = maps.Clone(v.env), maps.Clone(v.given)
	maps.Copy(varied.env, texts)
	maps.Copy(varied.given, texts)
	varied.in.env = varied.env
	var err error
	if varied.source, err = varied.loadSource(ctx, varied.in); err != nil {
		return nil, false
	}
	return &varied, slices.Equal(shape(v.source), shape(varied.source))
}

// shape is which services there are, and in which profiles.
func shape(p *types.Project) []string {
	var out []string
	services := p.AllServices()
	for _, name := range slices.Sorted(maps.Keys(services)) {
		s := services[name]
		out = append(out, name, strings.Join(s.Profiles, " "), strconv.FormatBool(s.GetScale() == 0))
	}
	return out
}

// isFixed are the variables that say how docker compose itself runs, or that
// every shell sets.
func isFixed(name string) bool {
	return strings.HasPrefix(name, "COMPOSE_") || name == "HOME" || name == "PWD"
}

// reference is a variable, with its default where that is plain text; or an
// escaped dollar sign.
var reference = regexp.MustCompile(`\$(?:\$|\{?([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}$]*))?)`)

// otherTexts makes another text for each variable that the source or its env
// files refer to.
func (v *verification) otherTexts() map[string]string {
	now := map[string]string{}
	note := func(text string) {
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			if name := m[1]; name != "" && !isFixed(name) && now[name] == "" {
				now[name] = m[2]
			}
		}
	}
	for _, f := range v.sources.files {
		scalars(f.root, note)
	}
	for _, s := range v.source.Services {
		for _, f := range s.EnvFiles {
			text, _ := v.read(f.Path)
			note(text)
		}
		for name, value := range s.Environment {
			if value == nil && isShellName.MatchString(name) && !isFixed(name) && now[name] == "" {
				now[name] = ""
			}
		}
	}
	maps.DeleteFunc(now, func(name, _ string) bool { return v.isInEnvFile(name) })
	for i, name := range slices.Sorted(maps.Keys(now)) {
		if text, isSet := v.env[name]; isSet {
			now[name] = text
		}
		now[name] = other(now[name], i, v.sources.usedIn(name, "volumes"))
		if v.sources.usedIn(name, "command") || v.sources.usedIn(name, "entrypoint") {
			now[name] = notOfWords.ReplaceAllString(now[name], "-")
		}
	}
	return now
}

// notOfWords are the characters by which a shell cuts a command into words. A
// variable in one is a word of it in Polytope, whatever it holds.
var notOfWords = regexp.MustCompile(`[\s"'\\` + "`" + `]`)

// isInEnvFile tells whether a service has a variable from an env file that the
// project has it from too. To set it in the environment changes the one and not
// the other, to write another text in the file changes both.
func (v *verification) isInEnvFile(name string) bool {
	for _, s := range v.source.Services {
		if text := s.Environment[name]; text != nil && len(s.EnvFiles) > 0 && *text == v.env[name] {
			return true
		}
	}
	return false
}

func scalars(n *yaml.Node, visit func(string)) {
	if n.Kind == yaml.ScalarNode {
		visit(n.Value)
	}
	for _, c := range n.Content {
		scalars(c, visit)
	}
}

// opposites are the other texts of booleans.
var opposites = map[string]string{"true": "false", "false": "true", "yes": "no", "no": "yes", "on": "off", "off": "on"}

var quantity = regexp.MustCompile(`^([0-9]+)((?:\.[0-9]+)?[A-Za-z]*)$`)

// other is another text of the same kind as one: the i-th, as no two should be
// the same.
func other(text string, i int, isPath bool) string {
	const first = 30001 // a port that can be had
	number := quantity.FindStringSubmatch(text)
	switch {
	case opposites[text] != "":
		return opposites[text]
	case text == "" && isPath, strings.HasPrefix(text, "."), strings.HasPrefix(text, "/"): // wherever the files are
		return "/" + strconv.Itoa(first+i)
	case text == "", number != nil && number[2] == "":
		return strconv.Itoa(first + i)
	case number != nil:
		n, _ := strconv.Atoi(number[1])
		return strconv.Itoa(n+1) + number[2]
	}
	return text + "-other"
}
