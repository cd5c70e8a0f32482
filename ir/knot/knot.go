// Package knot holds what is known of knot's templates as data: the keys of a
// job specification, what every one has to hold, and the variables that knot
// fills in. The reader and the writer of knot share it.
//
// Source: the knot job template specification (knot.md), and notes.md, "knot",
// for what knot's own validator and documents add.
package knot

import "slices"

// The delimiters of template actions: "${{ .space.name }}" (knot.md, "Template
// Variables"; notes.md, "knot: facts from its public source").
const (
	OpenAction  = "${{"
	CloseAction = "}}"
)

// Keys are the keys of a job specification: first those of the specification
// in its order ("Job Specification Structure"), then those beyond it. knot
// takes any other key for an error.
var Keys = []string{
	"container_name", "hostname", "image", "auth", "ports", "volumes", "command", "privileged", "network", "environment",
	"cap_add", "cap_drop", "devices", "dns", "add_host", "dns_search",
	"memory", "cpus", "shell",
}

// IsKey tells whether a job specification may have the key.
func IsKey(key string) bool { return slices.Contains(Keys, key) }

// AuthKeys are the keys of auth.
var AuthKeys = []string{"username", "password"}

// EnvVar is a variable of environment with its text.
type EnvVar struct{ Name, Value string }

// String is the entry of environment that sets the variable.
func (v EnvVar) String() string { return v.Name + "=" + v.Value }

// MandatoryEnv are the variables that every job specification has to set, and
// to what (knot.md, "Best Practices", rule 6).
var MandatoryEnv = []EnvVar{
	{"KNOT_USER", "${{.user.username}}"},
	{"KNOT_SERVER", "${{.server.url}}"},
	{"KNOT_AGENT_ENDPOINT", "${{.server.agent_endpoint}}"},
	{"KNOT_SPACEID", "${{.space.id}}"},
}

// What container_name and hostname are where nothing else is asked for, spaced
// as the examples of the specification are (knot.md, "Scenario B").
const (
	DefaultContainerName = "${{.user.username}}-${{.space.name}}"
	DefaultHostname      = "${{.space.name}}"
)

// SpaceIDPrefix is what the names of volumes begin with (knot.md, "Naming
// Convention (Strict)").
const SpaceIDPrefix = "${{.space.id}}-"

// PingCapability is what containers on podman need to use ping (knot.md,
// "Security & Capabilities").
const PingCapability = "CAP_NET_RAW"

// PortVar is a variable of environment that names ports, as in
// "80=Web,8025=Email", and the protocol that it says they speak.
type PortVar struct{ Name, Protocol string }

// PortVars are the variables that name ports (knot.md, "Naming Ports";
// notes.md for KNOT_HTTPS_PORT).
var PortVars = []PortVar{{"KNOT_HTTP_PORT", "http"}, {"KNOT_HTTPS_PORT", "https"}, {"KNOT_TCP_PORT", "tcp"}}

// PortVarFor is the variable that names ports of a protocol, and whether there
// is one.
func PortVarFor(protocol string) (PortVar, bool) {
	i := slices.IndexFunc(PortVars, func(v PortVar) bool { return v.Protocol == protocol })
	if i < 0 {
		return PortVar{}, false
	}
	return PortVars[i], true
}

// Platforms are what a template can be for.
var Platforms = []string{"docker", "podman"}

// MountModes are what the third part of a volume may say; several are
// separated by commas (notes.md).
var MountModes = []string{"ro", "rw", "z", "Z", "nocopy"}

// Variable is one that knot fills in.
type Variable struct {
	// Name is how templates refer to it, without the leading dot.
	Name string
	Info string
	// Secret holds where its text must not be written down.
	Secret bool
}

// Variables are those of the system (knot.md, "Template Variables"), then those
// beyond the specification (notes.md).
var Variables = []Variable{
	{Name: "space.id", Info: "the UUID of the space"},
	{Name: "space.name", Info: "the name of the space"},
	{Name: "space.first_boot", Info: "whether the space starts for the first time"},
	{Name: "template.id", Info: "the UUID of the template of the space"},
	{Name: "template.name", Info: "the name of the template of the space"},
	{Name: "user.id", Info: "the UUID of the user of the space"},
	{Name: "user.timezone", Info: "the timezone of the user"},
	{Name: "user.username", Info: "the name of the user"},
	{Name: "user.email", Info: "the email address of the user"},
	{Name: "user.service_password", Info: "the service password of the user", Secret: true},
	{Name: "server.url", Info: "the URL of the knot server"},
	{Name: "server.agent_endpoint", Info: "where agents connect to the knot server"},
	{Name: "server.wildcard_domain", Info: "the wildcard domain of the server, without the *"},
	{Name: "server.zone", Info: "the zone of the server"},
	{Name: "server.timezone", Info: "the timezone of the server"},
	{Name: "space.ip_address", Info: "the IP address of the space"},
	{Name: "space.stack", Info: "the stack that the space belongs to"},
	{Name: "space.stack_prefix", Info: "what the names of the stack's spaces begin with"},
	{Name: "server.tunnel_domain", Info: "the domain of tunnels, without the *"},
	{Name: "server.base_image_registry", Info: "the registry of base images"},
	{Name: "server.base_image_registry_user", Info: "the user of the registry of base images"},
	{Name: "server.base_image_registry_password", Info: "the password of the registry of base images", Secret: true},
}

// Lookup finds a variable of the system by its name without the leading dot.
func Lookup(name string) (Variable, bool) {
	i := slices.IndexFunc(Variables, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return Variable{}, false
	}
	return Variables[i], true
}

// OpenGroups are the first words of the names that users and other parts of
// knot choose: "var.my_variable".
var OpenGroups = []string{"var", "custom", "stack", "nomad"}

// UserGroup is the group of the variables that users define.
const UserGroup = "var"
