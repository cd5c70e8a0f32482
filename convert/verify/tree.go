package verify

import (
	"fmt"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
)

// tree is what compose-go would write down of one of its types. It goes by the
// same tags and methods as yaml.v3, but makes no text of it: some texts (a line
// break and then blanks, among others) do not come back from one.
func tree(v any) map[string]any {
	out, _ := plain(reflect.ValueOf(v)).(map[string]any)
	if out == nil {
		out = map[string]any{}
	}
	return out
}

// plain makes maps by names, lists, texts and numbers of a value.
func plain(v reflect.Value) any {
	if !v.IsValid() || isNil(v) {
		return nil
	}
	if m, ok := v.Interface().(yaml.Marshaler); ok {
		written, err := m.MarshalYAML()
		if err != nil { // it differs from all else then
			return fmt.Sprintf("%T that cannot be written: %v", m, err)
		}
		return plain(reflect.ValueOf(written))
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return plain(v.Elem())
	case reflect.Struct:
		out := map[string]any{}
		fields(v, out)
		return out
	case reflect.Map:
		out := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			out[fmt.Sprint(it.Key().Interface())] = plain(it.Value())
		}
		return out
	case reflect.Slice, reflect.Array:
		out := []any{}
		for i := range v.Len() {
			out = append(out, plain(v.Index(i)))
		}
		return out
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}

// fields adds those of a struct that are written.
func fields(v reflect.Value, out map[string]any) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		value := v.Field(i)
		switch {
		case !f.IsExported() || name == "-" || strings.Contains(options, "omitempty") && isEmpty(value):
		case !strings.Contains(options, "inline"):
			if name == "" {
				name = strings.ToLower(f.Name)
			}
			out[name] = plain(value)
		default:
			inner, _ := plain(value).(map[string]any)
			for k, e := range inner {
				out[k] = e
			}
		}
	}
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice:
		return v.IsNil()
	}
	return false
}

// isEmpty tells whether omitempty leaves a value out.
func isEmpty(v reflect.Value) bool {
	if z, ok := v.Interface().(yaml.IsZeroer); ok && !isNil(v) {
		return z.IsZero()
	}
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	}
	return v.IsZero()
}
