package verify

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
)

// input is what one load of a compose project reads.
type input struct {
	dir   string
	files []types.ConfigFile
	// name is the project's, where the files do not say another or isNamed
	// holds.
	name     string
	isNamed  bool
	env      map[string]string
	profiles []string
	// isLenient loads what depends on services that are not there.
	isLenient bool
}

// load has compose-go load a project, as docker compose would.
func (in input) load(ctx context.Context) (p *types.Project, err error) {
	defer func() { // compose-go panics on some malformed input
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("compose-go cannot read the project: %v", r)
		}
	}()
	registerRaw()
	details := types.ConfigDetails{WorkingDir: in.dir, ConfigFiles: slices.Clone(in.files), Environment: maps.Clone(in.env)}
	return loader.LoadWithContext(ctx, details, func(o *loader.Options) {
		o.SetProjectName(in.name, in.isNamed)
		o.Profiles = in.profiles
		o.SkipConsistencyCheck = in.isLenient
	})
}

// registerRaw makes compose-go read env files of the format "raw", which
// docker compose adds to it: lines as they stand.
var registerRaw = sync.OnceFunc(func() { dotenv.RegisterFormat("raw", readRaw) })

func readRaw(r io.Reader, _ string, vars map[string]string, lookup func(string) (string, bool)) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimLeft(strings.TrimPrefix(lines.Text(), "\ufeff"), " \t")
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok && lookup != nil {
			value, ok = lookup(name)
		}
		if ok {
			vars[name] = value
		}
	}
	return lines.Err()
}

// environment is what the env files set: those that are named, or .env where
// there is one.
func environment(dir string, names []string, exists func(string) bool) (map[string]string, error) {
	if names == nil && exists(filepath.Join(dir, dotenv.DotEnv)) {
		names = []string{filepath.Join(dir, dotenv.DotEnv)}
	}
	return dotenv.GetEnvFromFile(map[string]string{}, names)
}

// maxRequired bounds how often a load is tried again with one more variable.
const maxRequired = 1000

// loadSource loads the source, and sets the variables that it requires to
// made-up texts.
func (v *verification) loadSource(ctx context.Context, in input) (*types.Project, error) {
	for range maxRequired {
		p, err := in.load(ctx)
		var missing *template.MissingRequiredError
		if !errors.As(err, &missing) || !v.makeUp(missing.Variable) {
			return p, err
		}
		in.env = v.env
	}
	return nil, errors.New("too many required variables")
}
