// Package compose reads docker-compose projects into the intermediate
// representation. compose-go decides what a project means; this package adds
// what compose-go does not keep: positions, comments, the order of keys, and
// which variable a string came from.
package compose

// ValuePolicy says what becomes a value or a secret.
type ValuePolicy string

// The policies of mapping.md, "Values and secrets". The zero value is
// ValuesAll.
const (
	ValuesAll          ValuePolicy = "all"
	ValuesInterpolated ValuePolicy = "interpolated"
	ValuesNone         ValuePolicy = "none"
)

// Options says what to read, and how. Its zero value reads the compose file of
// the working directory with the default policies.
type Options struct {
	// Files are the compose files, later ones overriding earlier ones; "-" is
	// Stdin. Empty: found in ProjectDir as docker compose finds them.
	Files []string
	Stdin []byte
	// ProjectDir is where relative paths of the model start. Empty: the folder
	// of the first file.
	ProjectDir string
	// ProjectName overrides the model's name.
	ProjectName string
	// EnvFiles hold the variables; nil: ".env" of ProjectDir where there is one.
	EnvFiles []string
	// Profiles are active besides the services without profiles.
	Profiles []string
	// Root confines every read, symbolic links included. Empty: ProjectDir.
	Root string
	// OutDir is the folder of the Polytope file that host paths are relative
	// to. Empty: ProjectDir.
	OutDir string

	Values ValuePolicy
	// SkipBuild leaves `build` out and keeps the image's name.
	SkipBuild bool
	// NoPersist adds no volume to stateful services that have none.
	NoPersist bool
}
