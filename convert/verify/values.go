package verify

import (
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"

	"hull/ir"
)

// makeUp sets a variable that nothing sets: to a number, as it may be a port,
// and to a path where it is the host's half of a mount. It tells whether there
// was anything to do.
func (v *verification) makeUp(name string) bool {
	if v.env[name] != "" {
		return false
	}
	const first = 20001
	text := strconv.Itoa(first + v.madeUp)
	v.madeUp++
	if v.sources.usedIn(name, "volumes") {
		text = "/" + text
	}
	v.env[name] = text
	v.isMadeUp[name] = true
	return true
}

// usedIn tells whether a variable occurs in a section or attribute of that
// name.
func (s *sources) usedIn(variable, section string) bool {
	return slices.ContainsFunc(s.files, func(f sourceFile) bool {
		return occurs(f.root, "${"+variable, section, false) || occurs(f.root, "$"+variable, section, false)
	})
}

func occurs(n *yaml.Node, text, section string, isInside bool) bool {
	if n.Kind == yaml.ScalarNode {
		return isInside && strings.Contains(n.Value, text)
	}
	for i, c := range n.Content {
		inside := isInside || n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == section
		if occurs(c, text, section, inside) {
			return true
		}
	}
	return false
}

// borrow sets the variables that env files of services hold and the Polytope
// file asks for: whoever runs it sets them to what they are. compose-go reads env
// files only for services that run: everything is the source with all of them.
func (v *verification) borrow(everything *types.Project) {
	for _, b := range v.file.Bindings {
		required(b.Default, func(variable string) {
			if v.env[variable] != "" {
				return
			}
			if text, ok := v.inEnvFile(variable, b.Name, everything.AllServices()); ok {
				v.env[variable] = text
			}
		})
	}
}

// inEnvFile is what an env file of a service says of a variable that is asked
// for. Where services differ, it may be called after the service, and have a
// number; of several the one counts that the value or secret is called after.
func (v *verification) inEnvFile(variable, value string, services types.Services) (text string, ok bool) {
	asked := []string{variable, numbered.ReplaceAllString(variable, "")}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		s := services[service]
		for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
			isAsked := slices.Contains(asked, shellName(name)) || slices.Contains(asked, strings.ToUpper(ir.SnakeCase(service+"_"+name)))
			isFromFile := len(s.EnvFiles) > 0 && s.Environment[name] != nil && !v.sources.has(path{"services", service, "environment", name})
			if !isAsked || !isFromFile {
				continue
			}
			if ir.ValueName(idOf(service), ir.SnakeCase(name)) == value {
				return *s.Environment[name], true
			}
			if !ok {
				text, ok = *s.Environment[name], true
			}
		}
	}
	return text, ok
}

var numbered = regexp.MustCompile(`_[0-9]+$`)

// shellName is what a variable is called: where its name is none for a shell,
// something like it.
func shellName(name string) string {
	if isShellName.MatchString(name) {
		return name
	}
	return strings.ToUpper(ir.SnakeCase(name))
}

var isShellName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (v *verification) requireAll(w ir.Word) { required(w, func(name string) { v.makeUp(name) }) }

// required visits the variables that a word insists on.
func required(w ir.Word, visit func(string)) {
	for _, p := range w {
		if p, ok := p.(ir.Variable); ok {
			if strings.HasSuffix(p.Op, "?") {
				visit(p.Name)
			} else {
				required(p.Arg, visit)
			}
		}
	}
}

// give leaves out of what the script is run with what only an env file sets,
// and the script does not insist on.
func (v *verification) give(dotEnv map[string]string) {
	v.given = maps.Clone(v.env)
	asked := v.asked()
	maps.DeleteFunc(v.given, func(name, text string) bool { return !asked[name] && dotEnv[name] != "" && dotEnv[name] == text })
}

// asked are the variables that the script insists on.
func (v *verification) asked() map[string]bool {
	asked := map[string]bool{}
	for _, b := range v.file.Bindings {
		required(b.Default, func(name string) { asked[name] = true })
	}
	return asked
}

// lookup is the text of a value or secret of the Polytope file.
func (v *verification) lookup(kind ir.RefKind, name string) (string, bool) {
	for _, b := range v.file.Bindings {
		if b.Kind == kind && b.Name == name {
			return v.withFiles(b.Default).Eval(func(name string) (string, bool) { s, ok := v.given[name]; return s, ok })
		}
	}
	return "", false
}

// withFiles puts the texts of files into a word, without the line breaks at
// their ends, which a shell's $(…) leaves out.
func (v *verification) withFiles(w ir.Word) ir.Word {
	out := slices.Clone(w)
	for i, p := range out {
		switch p := p.(type) {
		case ir.FileContent:
			text, _ := v.read(filepath.Join(v.opts.Compose.OutDir, filepath.FromSlash(p.Path)))
			out[i] = ir.Text(strings.TrimRight(text, "\n"))
		case ir.Variable:
			p.Arg = v.withFiles(p.Arg)
			out[i] = p
		}
	}
	return out
}

// read reads a file below the root; one that is not there has a text of its
// own.
func (v *verification) read(name string) (string, bool) {
	rel, err := filepath.Rel(v.opts.Compose.Root, name)
	if err != nil {
		return "", false
	}
	text, err := v.readBounded(rel)
	if err != nil {
		return "(content of " + filepath.ToSlash(rel) + ")", true
	}
	return string(text), true
}

// maxFile bounds what is read of a file.
const maxFile = 8 << 20

func (v *verification) readBounded(name string) ([]byte, error) {
	info, err := v.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	f, err := v.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}
