package knot

import (
	"hull/ir/diag"
)

// field says what knot wants of a key of the job specification, and what
// becomes of it. The table of them drives validation, conversion and
// documentation.
type field struct {
	key   string
	shape shape
	// invalid says what is wrong with the text of the field, or of an item of
	// a list; empty where nothing is. nil: everything will do.
	invalid func(text string) string

	fate fate
	// becomes says in a few words where the field goes, or what is missing
	// without it.
	becomes string
	// codes are the diagnostics that the conversion may give; the first is the
	// one that the mere presence of a dropped field gives.
	codes []string

	// The rest is for fields that are dropped.
	severity diag.Severity
	noun     string // "a network"
	help     string
	silent   []string // texts that ask for nothing
}

// fate is a diag.Fate, or that all is well.
type fate string

const (
	kept         fate = "kept"
	approximated      = fate(diag.Approximated)
	dropped           = fate(diag.Dropped)
)

// shape is what YAML a field is made of.
type shape int

const (
	textShape shape = iota // any text; also what knot does not look at
	textsShape
	listShape  // of anything, and never empty
	scalarOnly // a text that is looked at
	authShape  // a map, which knot does not look at
)

// warn is a field without counterpart whose loss behaviour can show.
func warn(key string, s shape, code, noun, becomes, help string) field {
	return field{key: key, shape: s, fate: dropped, codes: []string{code}, severity: diag.Warning, noun: noun, becomes: becomes, help: help}
}

// holding adds what knot wants of the texts.
func (f field) holding(invalid func(string) string) field {
	f.invalid = invalid
	return f
}

// unless lists texts that ask for nothing.
func (f field) unless(texts ...string) field {
	f.silent = texts
	return f
}

// fields is the table, in the order of knot.Keys.
var fields = []field{
	{key: "container_name", fate: kept, becomes: "id of the container; its literal part names the module", codes: []string{"knot/name-changed"}},
	{key: "hostname", fate: approximated, becomes: "id of the service, where there are ports", codes: []string{"knot/name-changed", "knot/hostname"}},
	{key: "image", shape: scalarOnly, invalid: invalidImage, fate: kept, becomes: "image; its variables become values"},
	warn("auth", authShape, "knot/auth", "a login to the registry", "images are pulled as whoever runs Polytope", "log in to the registry before"),
	{key: "ports", shape: textsShape, invalid: invalidPort, fate: kept, becomes: "ports of a service; the host's port is a value"},
	{key: "volumes", shape: textsShape, invalid: invalidVolume, fate: kept, becomes: "mounts: volumes of scope project without the space's id in their names, and paths of the host", codes: []string{"knot/mount-mode", "knot/volume-changed", "knot/volume-undeclared", "knot/no-definitions"}},
	{key: "command", shape: listShape, fate: kept, becomes: "cmd"},
	warn("privileged", scalarOnly, "knot/privileged", "a privileged container", "the container has the usual rights", "").holding(invalidBool).unless("false", "False", "FALSE", "f", "F", "0"),
	warn("network", textShape, "knot/network", "a network mode", "the container is in Polytope's network", "").unless("bridge"),
	{key: "environment", shape: textsShape, invalid: invalidEnv, fate: kept, becomes: "env, in order; variables that name ports become labels, and those of knot's agent go", codes: []string{"knot/agent-env", "knot/port-name", "knot/port-proxied"}},
	warn("cap_add", textsShape, "knot/capabilities", "an added capability", "the container has the usual rights", "").holding(invalidCapability),
	warn("cap_drop", textsShape, "knot/capabilities", "a dropped capability", "the container has the usual rights", "").holding(invalidCapability),
	warn("devices", textsShape, "knot/devices", "a device", "the container does not see it", "").holding(invalidDevice),
	warn("dns", textsShape, "knot/dns", "a name server", "names are resolved as Polytope does", "").holding(invalidDNS),
	warn("add_host", textsShape, "knot/add-host", "an entry of /etc/hosts", "the name does not resolve", "use the address, or a service").holding(invalidHost),
	warn("dns_search", textsShape, "knot/dns", "a search domain", "names are resolved as Polytope does", "write names in full").holding(invalidDomain),
	{key: "memory", shape: scalarOnly, invalid: invalidMemory, fate: kept, becomes: "resources, as the limit of memory"},
	{key: "cpus", shape: scalarOnly, invalid: invalidCPUs, fate: kept, becomes: "resources, as the limit of cpu"},
	{key: "shell", fate: dropped, codes: []string{"knot/shell"}, severity: diag.Note, noun: "a shell for terminals", becomes: "it only matters to knot's terminal"},
}

// fieldOf finds a field by its key; nil where knot has none.
func fieldOf(key string) *field {
	for i := range fields {
		if fields[i].key == key {
			return &fields[i]
		}
	}
	return nil
}
