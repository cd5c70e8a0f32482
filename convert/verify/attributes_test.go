package verify

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// exempt are the attributes that no fact is made of, or not of every value,
// each with its reason.
var exempt = map[string]string{
	"services.Name":                        "the key says it",
	"services.Extends.File":                "compose-go has resolved it",
	"services.Extends.Service":             "compose-go has resolved it",
	"services.EnvFiles.Path":               "compose-go has made environment of it",
	"services.EnvFiles.Required":           "compose-go has made environment of it",
	"services.EnvFiles.Format":             "compose-go has made environment of it",
	"services.Profiles":                    "Verify compares the templates that they become",
	"services.HealthCheck.Disable":         "nothing looks at a healthcheck that is switched off",
	"services.Links":                       "an alias is another's name: TestCompare",
	"services.Ulimits.Extensions":          "compose-go does not write it down",
	"services.Build.Ulimits.Extensions":    "compose-go does not write it down",
	"services.PreStart.Ulimits.Extensions": "compose-go does not write it down",
	"jobs.Ulimits.Extensions":              "compose-go does not write it down",
	"jobs.Build.Ulimits.Extensions":        "compose-go does not write it down",
	"configs.Environment":                  "compose-go has made content of it",
	"secrets.Environment":                  "compose-go has made content of it",
}

// isTrueByDefault are the switches whose default is not false.
var isTrueByDefault = map[string]bool{"Attach": true, "UseServiceNameAlias": true}

// TestEveryAttributeCounts changes each attribute that compose-go's types know
// in turn, and requires a difference.
func TestEveryAttributeCounts(t *testing.T) {
	tests := []struct {
		name string
		typ  reflect.Type
		wrap func(reflect.Value) *types.Project
	}{
		{"services", reflect.TypeFor[types.ServiceConfig](), func(v reflect.Value) *types.Project {
			return &types.Project{Services: types.Services{"s": v.Interface().(types.ServiceConfig)}}
		}},
		{"jobs", reflect.TypeFor[types.JobConfig](), func(v reflect.Value) *types.Project {
			return &types.Project{Jobs: types.Jobs{"j": v.Interface().(types.JobConfig)}}
		}},
		{"models", reflect.TypeFor[types.ModelConfig](), func(v reflect.Value) *types.Project {
			return &types.Project{Models: types.Models{"m": v.Interface().(types.ModelConfig)}}
		}},
		{"volumes", reflect.TypeFor[types.VolumeConfig](), func(v reflect.Value) *types.Project {
			p := user(types.ContainerSpec{Volumes: []types.ServiceVolumeConfig{{Type: "volume", Source: "r", Target: "/r"}}})
			p.Volumes = types.Volumes{"r": v.Interface().(types.VolumeConfig)}
			return p
		}},
		{"networks", reflect.TypeFor[types.NetworkConfig](), func(v reflect.Value) *types.Project {
			p := user(types.ContainerSpec{Networks: map[string]*types.ServiceNetworkConfig{"r": nil}})
			p.Networks = types.Networks{"r": v.Interface().(types.NetworkConfig)}
			return p
		}},
		{"configs", reflect.TypeFor[types.ConfigObjConfig](), func(v reflect.Value) *types.Project {
			p := user(types.ContainerSpec{Configs: []types.ServiceConfigObjConfig{{Source: "r"}}})
			p.Configs = types.Configs{"r": v.Interface().(types.ConfigObjConfig)}
			return p
		}},
		{"secrets", reflect.TypeFor[types.SecretConfig](), func(v reflect.Value) *types.Project {
			p := user(types.ContainerSpec{Secrets: []types.ServiceSecretConfig{{Source: "r"}}})
			p.Secrets = types.Secrets{"r": v.Interface().(types.SecretConfig)}
			return p
		}},
	}
	unused := maps.Clone(exempt)
	for _, test := range tests {
		n := 0
		leaves(test.typ, nil, func(fields []string) {
			name := test.name + "." + strings.Join(fields, ".")
			n++
			make := func(variant int) *types.Project {
				v := reflect.New(test.typ).Elem()
				set(v, fields, variant, fields[len(fields)-1])
				return test.wrap(v)
			}
			empty := test.wrap(reflect.New(test.typ).Elem())
			counts := len(Compare(make(1), make(2), CompareOptions{}).Differences) > 0
			if why := exempt[name]; counts == (why != "") {
				t.Errorf("%s: another value makes a difference: %v; exempt: %q", name, counts, why)
			}
			if exempt[name] == "" && len(Compare(make(1), empty, CompareOptions{}).Differences) == 0 {
				t.Errorf("%s: its absence makes no difference", name)
			}
			delete(unused, name)
			if d := Compare(make(1), make(1), CompareOptions{}).Differences; len(d) > 0 {
				t.Errorf("%s: differs from itself: %v", name, d)
			}
		})
		if n == 0 {
			t.Errorf("%s has no attributes", test.name)
		}
	}
	for name := range unused {
		t.Errorf("%s is exempt, and is no attribute", name)
	}
}

func user(s types.ContainerSpec) *types.Project {
	return &types.Project{Services: types.Services{"s": {ContainerSpec: s}}}
}

// leaves visits each attribute of a type by the names of the fields that lead
// there.
func leaves(t reflect.Type, fields []string, visit func([]string)) {
	switch t.Kind() {
	case reflect.Pointer:
		leaves(t.Elem(), fields, visit)
		return
	case reflect.Slice, reflect.Map:
		if t.Elem().Kind() == reflect.Struct || t.Elem().Kind() == reflect.Pointer {
			leaves(t.Elem(), fields, visit)
			return
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() || f.Tag.Get("yaml") == "-" {
				continue
			}
			next := append(fields[:len(fields):len(fields)], f.Name)
			if f.Anonymous {
				next = fields
			}
			leaves(f.Type, next, visit)
		}
		return
	}
	visit(fields)
}

// set gives the attribute that fields lead to one of two values.
func set(v reflect.Value, fields []string, variant int, field string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		set(v.Elem(), fields, variant, field)
	case reflect.Struct:
		set(v.FieldByName(fields[0]), fields[1:], variant, field)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(v.Index(0), fields, variant, field)
	case reflect.Map:
		e := reflect.New(v.Type().Elem()).Elem()
		set(e, fields, variant, field)
		v.Set(reflect.MakeMap(v.Type()))
		key := "k"
		if v.Type() == reflect.TypeFor[types.Extensions]() {
			key = "x-k"
		}
		v.SetMapIndex(reflect.ValueOf(key), e)
	case reflect.Interface, reflect.String:
		v.Set(reflect.ValueOf(fmt.Sprintf("v%d", variant)).Convert(v.Type()))
	case reflect.Bool: // the first is what is not the default
		v.SetBool((variant == 1) != (isTrueByDefault[field] || v.Type() == reflect.TypeFor[types.OptOut]()))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(variant + 1))
	case reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(variant + 1))
	default:
		v.SetInt(int64(variant + 1)) // 1 is the default of scale
	}
}
