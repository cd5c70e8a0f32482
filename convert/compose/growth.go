package compose

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

// maxVariables bounds the text of all variables of an env file, and
// maxGrowth what variables add to the text of a project, in bytes. Variables
// that name others twice each double at every line.
const (
	maxVariables = 4 << 20
	maxGrowth    = 64 << 20
)

var errGrowth = fmt.Errorf("variables make the text larger by more than %d MB", maxGrowth>>20)

// parseDotenv parses an env file whose entries may refer to those before them
// and to what env holds.
func parseDotenv(text []byte, env lookup) (map[string]string, error) {
	if largest(string(text), env) > maxVariables {
		return nil, fmt.Errorf("its variables refer to one another until they have more than %d MB", maxVariables>>20)
	}
	return dotenv.UnmarshalBytesWithLookup(text, dotenv.LookupFn(env))
}

var (
	envEntry     = regexp.MustCompile(`^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*[=:]`)
	envMentioned = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)
)

// largest is no less than the text of all variables of an env file, up to the
// point where it is too large: quotes that keep a reference from counting are
// not looked at.
func largest(text string, env lookup) int {
	if !strings.Contains(text, "$") {
		return 0
	}
	sizes := map[string]int{}
	name, total := "", 0
	for line := range strings.Lines(text) {
		if m := envEntry.FindStringSubmatch(line); m != nil {
			name = m[1]
			sizes[name] = 0 // what it names of itself is what it was before, which counted
		}
		size := len(line)
		for _, m := range envMentioned.FindAllStringSubmatch(line, -1) {
			if n, ok := sizes[m[1]]; ok {
				size += n
			} else if outer, ok := env(m[1]); ok {
				size += len(outer)
			}
		}
		sizes[name] += size
		if total += size; total > maxVariables {
			return total
		}
	}
	return total
}

// isPresent tells of a file that need not be there whether to read it: one that
// is there and cannot be read is reported.
func (f *files) isPresent(name string) bool {
	_, err := f.root.Lstat(f.rooted(name))
	return err == nil
}

// maxSteps bounds how far compose-go goes when it looks for circles: it follows
// every path from every service, of which a few services that all depend on a
// few others have millions, and looks back at each step. It takes a second or
// two for that many.
const maxSteps = 1e8

// checkPaths refuses services whose dependencies have too many paths. Circles
// are left to compose-go.
func checkPaths(model map[string]any) error {
	services, _ := model["services"].(map[string]any)
	w := walks{services, map[string]walk{}}
	var total float64
	for name := range services {
		if total += w.from(name).steps; total > maxSteps {
			return errors.New("the dependencies of the services have too many paths")
		}
	}
	return nil
}

// walk is what following all paths from a service takes: how many services are
// come by, and how far each is, added up.
type walk struct{ visits, steps float64 }

type walks struct {
	services map[string]any
	known    map[string]walk
}

func (w walks) from(name string) walk {
	if known, ok := w.known[name]; ok {
		return known
	}
	w.known[name] = walk{} // for a circle
	all := walk{visits: 1}
	service, _ := w.services[name].(map[string]any)
	after, _ := service["depends_on"].(map[string]any)
	for next := range after {
		below := w.from(next)
		all.visits += below.visits
		all.steps += below.steps + below.visits
	}
	w.known[name] = all
	return all
}
