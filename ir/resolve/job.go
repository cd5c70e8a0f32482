package resolve

import "hull/ir"

// Job is what a template, or a module by itself, starts: plain data, without
// references. Each list is in start order: a task stands behind those it waits
// for, and otherwise in the order of the template.
type Job struct {
	// Name is the id of the template or module.
	Name       string      `json:"name" yaml:"name"`
	Builds     []Build     `json:"builds,omitempty" yaml:"builds,omitempty"`
	Containers []Container `json:"containers" yaml:"containers"`
	// Opaque are the tasks that run something which cannot be evaluated.
	Opaque []Opaque `json:"opaque,omitempty" yaml:"opaque,omitempty"`
}

// Task is what every part of a job has.
type Task struct {
	// Rng is the step that starts it, or the module where there is no step.
	Rng ir.Range `json:"-" yaml:"-"`
	// Step is the id of the step that starts it: what others wait for.
	Step string `json:"step" yaml:"step"`
	// Module is the reference that the step calls; Via are the modules that
	// it went through from there, the last being the one that runs.
	Module string   `json:"module" yaml:"module"`
	Via    []string `json:"via,omitempty" yaml:"via,omitempty"`
	// After is what has to have ended first.
	After []Wait `json:"after,omitempty" yaml:"after,omitempty"`
}

// Wait is a step that has to have ended, and how: success, always, failed, or
// empty where the file does not say.
type Wait struct {
	Step      string `json:"step" yaml:"step"`
	Condition string `json:"condition,omitempty" yaml:"condition,omitempty"`
}

// Container is a call of polytope/container with plain arguments. Arguments
// that are absent, or null, are zero.
//
// Source: the Polytope reference, "polytope/container".
type Container struct {
	Task       `yaml:",inline"`
	ID         string    `json:"id,omitempty" yaml:"id,omitempty"`
	Image      string    `json:"image" yaml:"image"`
	Entrypoint *Command  `json:"entrypoint,omitempty" yaml:"entrypoint,omitempty"`
	Cmd        *Command  `json:"cmd,omitempty" yaml:"cmd,omitempty"`
	Env        []EnvVar  `json:"env,omitempty" yaml:"env,omitempty"`
	Mounts     []Mount   `json:"mounts,omitempty" yaml:"mounts,omitempty"`
	Services   []Service `json:"services,omitempty" yaml:"services,omitempty"`
	Datasets   []Dataset `json:"datasets,omitempty" yaml:"datasets,omitempty"`
	Workdir    string    `json:"workdir,omitempty" yaml:"workdir,omitempty"`
	// User is a name, or a number in digits.
	User    string `json:"user,omitempty" yaml:"user,omitempty"`
	TTY     bool   `json:"tty" yaml:"tty"`
	NoStdin bool   `json:"no-stdin" yaml:"no-stdin"`
	// Restart is nil where containers that end stay as they are.
	Restart *Restart `json:"restart,omitempty" yaml:"restart,omitempty"`
	// Scaling is the number of replicas; nil for one.
	Scaling      *int       `json:"scaling,omitempty" yaml:"scaling,omitempty"`
	UpdateImage  bool       `json:"update-image" yaml:"update-image"`
	InstanceType string     `json:"instance-type,omitempty" yaml:"instance-type,omitempty"`
	Resources    *Resources `json:"resources,omitempty" yaml:"resources,omitempty"`
}

// Command is a command line: one text that a shell's rules split, or words.
type Command struct {
	// Line is set where Words is nil.
	Line string `json:"line,omitempty" yaml:"line,omitempty"`
	// Words may be empty, which overrides the image's own with nothing.
	Words []string `json:"words,omitzero" yaml:"words,omitempty"`
}

// EnvVar is an environment variable; Value is nil where it is null.
type EnvVar struct {
	Name  string  `json:"name" yaml:"name"`
	Value *string `json:"value" yaml:"value"`
}

// Mount puts a source at a path.
type Mount struct {
	Path   string `json:"path" yaml:"path"`
	Source Source `json:"source" yaml:"source"`
}

// Source is what is mounted: the fields that a Type has are those of the
// reference's MountSourceSpec.
type Source struct {
	// Type is host, string, volume, dataset or repo.
	Type string `json:"type" yaml:"type"`
	// Path is that of a host, dataset or repo source, as it is written: hosts'
	// are relative to the Polytope file, and to the working directory where
	// they begin with "./".
	Path string `json:"path,omitempty" yaml:"path,omitempty"`
	// Data is the text of a string source.
	Data string `json:"data,omitempty" yaml:"data,omitempty"`
	// Scope, ID, Create and From are of a volume; From is what it is filled
	// with, or nil.
	Scope  string  `json:"scope,omitempty" yaml:"scope,omitempty"`
	ID     string  `json:"id,omitempty" yaml:"id,omitempty"`
	Create string  `json:"create,omitempty" yaml:"create,omitempty"`
	From   *Source `json:"source,omitempty" yaml:"source,omitempty"`
	// Dataset and Version are of a dataset, Repo and Revision of a repo.
	Dataset  string `json:"dataset,omitempty" yaml:"dataset,omitempty"`
	Version  int    `json:"version,omitempty" yaml:"version,omitempty"`
	Repo     string `json:"repo,omitempty" yaml:"repo,omitempty"`
	Revision string `json:"revision,omitempty" yaml:"revision,omitempty"`
}

// Service is a name under which ports of a container are reached.
type Service struct {
	ID    string `json:"id" yaml:"id"`
	Ports []Port `json:"ports" yaml:"ports"`
}

// Port is a port, or a range of ports, of a service. Exactly one of Port and
// Range is set.
type Port struct {
	// Port is a port of the container, 1 to 65535 in a valid file.
	Port int `json:"port,omitempty" yaml:"port,omitempty"`
	// Range is a list such as "80,443,8000-8100".
	Range string `json:"range,omitempty" yaml:"range,omitempty"`
	// Protocol is tcp, udp, http or https.
	Protocol string `json:"protocol" yaml:"protocol"`
	Label    string `json:"label,omitempty" yaml:"label,omitempty"`
	// ExposeAs is the host's port, or list of ports, in digits; empty for the
	// same as the container's.
	ExposeAs string `json:"expose-as,omitempty" yaml:"expose-as,omitempty"`
	// Internal ports are not exposed on the host.
	Internal bool `json:"internal,omitempty" yaml:"internal,omitempty"`
}

// Dataset is a path whose content is stored when the container ends. Sink is
// written as JSON.
type Dataset struct {
	Path string `json:"path" yaml:"path"`
	Sink string `json:"sink" yaml:"sink"`
}

// Restart is a restart policy: never, always or on-failure.
type Restart struct {
	Policy string `json:"policy,omitempty" yaml:"policy,omitempty"`
	// MaxRestarts is nil for no limit.
	MaxRestarts *int `json:"max-restarts,omitempty" yaml:"max-restarts,omitempty"`
}

// Resources are what is asked for, and what is allowed.
type Resources struct {
	CPU    CPU    `json:"cpu" yaml:"cpu"`
	Memory Memory `json:"memory" yaml:"memory"`
}

// CPU is in cores; nil where it is absent.
type CPU struct {
	Request *float64 `json:"request,omitempty" yaml:"request,omitempty"`
	Limit   *float64 `json:"limit,omitempty" yaml:"limit,omitempty"`
}

// Memory is in data sizes, such as "512MB"; empty where it is absent.
type Memory struct {
	Request string `json:"request,omitempty" yaml:"request,omitempty"`
	Limit   string `json:"limit,omitempty" yaml:"limit,omitempty"`
}

// Build is a call of polytope/build-image with plain arguments.
//
// Source: notes.md, "Built-in modules outside the reference".
type Build struct {
	Task       `yaml:",inline"`
	Tags       []string `json:"tags" yaml:"tags"`
	Sources    []Mount  `json:"sources" yaml:"sources"`
	Dockerfile string   `json:"dockerfile" yaml:"dockerfile"`
	Target     string   `json:"target,omitempty" yaml:"target,omitempty"`
	Labels     []Label  `json:"labels,omitempty" yaml:"labels,omitempty"`
}

// Label is a label of an image.
type Label struct {
	Name  string `json:"name" yaml:"name"`
	Value string `json:"value" yaml:"value"`
}

// Opaque is a task that cannot be evaluated: its module is not known, or runs
// code that acts.
type Opaque struct {
	Task `yaml:",inline"`
	// Why is one line for people.
	Why string `json:"why" yaml:"why"`
}
