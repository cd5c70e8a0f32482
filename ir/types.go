package ir

// Type is a parameter type. The family is sealed: Basic, ListType, RecordType,
// MapType, EitherType, DefaultType, EnumType, MaybeType, RegexType and
// AliasType are all there is.
//
// Source: the Polytope reference, "Param type DSL", and notes.md for the basic
// types seen in public files.
type Type interface{ isType() }

// Basic is a type without structure.
type Basic string

// The basic types of the reference, then those seen in public files.
const (
	StrType           Basic = "str"
	BoolType          Basic = "bool"
	IntType           Basic = "int"
	NumType           Basic = "num"
	IDType            Basic = "id"
	AnyType           Basic = "any"
	CodeType          Basic = "code"
	DockerImageType   Basic = "docker-image"
	AbsolutePathType  Basic = "absolute-path"
	URLPathType       Basic = "url-path"
	DurationType      Basic = "duration"
	HTTPMethodType    Basic = "http-method"
	DatasetSinkType   Basic = "dataset-sink"
	InstanceTypeType  Basic = "instance-type"
	DataSizeType      Basic = "data-size"
	ServiceRefType    Basic = "service-ref"
	ModuleRefType     Basic = "module-ref" // hull's own: where a module is named
	DatasetRefType    Basic = "dataset-ref"
	RepositoryRefType Basic = "repo-ref"
)

// ListType is a list of elements of one type: [T].
type ListType struct{ Elem Type }

// RecordType is a map of named keys: {a: T, b: U}.
type RecordType struct{ Fields []Field }

// Field is a key of a RecordType with its type.
type Field struct {
	Key  string
	Type Type
}

// MapType is a map of any keys: [map, K, V].
type MapType struct{ Key, Value Type }

// EitherType is a union: [either, T, U].
type EitherType struct{ Types []Type }

// DefaultType is a type with the value it takes when absent: [default, T, x].
type DefaultType struct {
	Type  Type
	Value Expr
}

// EnumType is one of some values: [enum, a, b].
type EnumType struct{ Values []Expr }

// MaybeType is an optional value: [maybe, T].
type MaybeType struct{ Type Type }

// RegexType is a string that matches a pattern: [regex, p].
type RegexType struct{ Pattern string }

// AliasType is a named type that stands for another.
type AliasType struct {
	Name string
	// Type is what the name stands for.
	Type Type
}

func (Basic) isType()        {}
func (ListType) isType()     {}
func (RecordType) isType()   {}
func (MapType) isType()      {}
func (EitherType) isType()   {}
func (*DefaultType) isType() {}
func (EnumType) isType()     {}
func (MaybeType) isType()    {}
func (RegexType) isType()    {}
func (AliasType) isType()    {}

// Field returns the type of a key, or nil.
func (t RecordType) Field(key string) Type {
	for _, f := range t.Fields {
		if f.Key == key {
			return f.Type
		}
	}
	return nil
}

// Unwrap removes what does not change the shape of a present value: maybe,
// default and alias.
func Unwrap(t Type) Type {
	for {
		switch u := t.(type) {
		case MaybeType:
			t = u.Type
		case *DefaultType:
			t = u.Type
		case AliasType:
			t = u.Type
		default:
			return t
		}
	}
}

// Alternatives are the types that a present value may have, without what does
// not change its shape. A type that is not known has none.
func Alternatives(t Type) []Type {
	if t == nil {
		return nil
	}
	t = Unwrap(t)
	either, ok := t.(EitherType)
	if !ok {
		return []Type{t}
	}
	var all []Type
	for _, u := range either.Types {
		all = append(all, Alternatives(u)...)
	}
	return all
}

// IsOptional tells whether an argument of the type may be left out.
func IsOptional(t Type) bool {
	switch t := t.(type) {
	case MaybeType, *DefaultType:
		return true
	case AliasType:
		return IsOptional(t.Type)
	}
	return false
}

var aliases = buildAliases()

func buildAliases() map[string]Type {
	aliases := map[string]Type{}
	protocol := enumOf("tcp", "udp", "http", "https")
	aliases["env-var"] = RecordType{[]Field{
		{"name", StrType},
		// EnvVarSpec (data types): string, boolean or integer; null occurs in
		// public files.
		{"value", MaybeType{EitherType{[]Type{StrType, BoolType, IntType}}}},
	}}
	port := RecordType{[]Field{
		{"port", IntType},
		{"protocol", protocol},
		{"label", MaybeType{IDType}},
		{"expose-as", MaybeType{IntType}},
		{"internal", MaybeType{BoolType}},
	}}
	portRange := RecordType{[]Field{
		{"range", StrType},
		{"protocol", protocol},
		{"label", MaybeType{IDType}},
		{"expose-as", MaybeType{StrType}},
		{"internal", MaybeType{BoolType}},
	}}
	aliases["service-spec"] = RecordType{[]Field{
		{"id", IDType},
		{"ports", ListType{EitherType{[]Type{port, portRange}}}},
	}}
	source := func(kind string, fields ...Field) Type {
		return RecordType{append([]Field{{"type", enumOf(kind)}}, fields...)}
	}
	plainSources := []Type{
		source("dataset", Field{"dataset", DatasetRefType}, Field{"path", MaybeType{StrType}}, Field{"version", MaybeType{IntType}}),
		source("host", Field{"path", StrType}),
		source("repo", Field{"repo", MaybeType{RepositoryRefType}}, Field{"path", MaybeType{StrType}}, Field{"revision", MaybeType{StrType}}),
		source("string", Field{"data", StrType}),
	}
	volume := func(inner Type) Type {
		return source("volume",
			Field{"scope", MaybeType{enumOf("project", "job")}},
			Field{"id", MaybeType{IDType}},
			Field{"create", MaybeType{enumOf("never", "when-missing", "always")}},
			Field{"source", MaybeType{inner}})
	}
	// A volume's source is a mount source again. The type is unfolded once: a
	// volume whose source is a volume has no use.
	aliases["mount-source"] = EitherType{append(plainSources[:len(plainSources):len(plainSources)], volume(EitherType{plainSources}))}
	return aliases
}

func enumOf(values ...string) EnumType {
	t := EnumType{}
	for _, v := range values {
		t.Values = append(t.Values, Str(v))
	}
	return t
}

// Alias returns the named alias (env-var, mount-source, service-spec) and
// whether there is one.
//
// Source: the Polytope reference, "type aliases", EnvVarSpec, MountSourceSpec
// and ServicePortsSpec of the data types.
func Alias(name string) (AliasType, bool) {
	t, ok := aliases[name]
	return AliasType{Name: name, Type: t}, ok
}
