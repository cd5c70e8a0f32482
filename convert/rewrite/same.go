package rewrite

import (
	"reflect"
	"strings"

	"hull/ir"
)

var (
	metaType  = reflect.TypeFor[ir.Meta]()
	rangeType = reflect.TypeFor[ir.Range]()
	aliasType = reflect.TypeFor[ir.AliasType]()
	argsType  = reflect.TypeFor[*ir.Map]()
)

// same tells whether two files say the same: all of them but their positions
// and comments is equal, and in the same order. Both files lose their positions
// and comments.
func same(a, b *ir.File) bool {
	reduce(reflect.ValueOf(a))
	reduce(reflect.ValueOf(b))
	return reflect.DeepEqual(a, b)
}

// reduce takes off what does not count: where things stand, comments, and
// whether what is empty is there.
func reduce(v reflect.Value) {
	switch {
	case v.Type() == metaType || v.Type() == rangeType:
		if v.CanSet() && !v.IsZero() {
			v.SetZero()
		}
		return
	case v.Type() == aliasType: // its name says it all; the rest is shared
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if m, ok := v.Interface().(*ir.Map); ok && m != nil && len(m.Entries) == 0 && v.CanSet() && v.Type() == argsType {
			v.SetZero()
			return
		}
		fallthrough
	case reflect.Interface:
		if !v.IsNil() {
			reduce(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reduce(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			reduce(v.Index(i))
		}
		if v.Len() == 0 && v.CanSet() {
			v.SetZero()
		}
	}
}

// remarks are the lines of all comments of a file, and how often each is there.
// Marks and spaces at the ends do not count.
func remarks(f *ir.File) map[string]int {
	all := map[string]int{}
	visitMeta(reflect.ValueOf(f), func(m ir.Meta) {
		for _, text := range []string{m.Comments.Head, m.Comments.Line, m.Comments.Foot} {
			for line := range strings.Lines(text) {
				if line = strings.Trim(line, "#; \t\r\n"); line != "" {
					all[line]++
				}
			}
		}
	})
	return all
}

func visitMeta(v reflect.Value, visit func(ir.Meta)) {
	switch {
	case v.Type() == metaType:
		visit(v.Interface().(ir.Meta))
		return
	case v.Type() == aliasType:
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			visitMeta(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			visitMeta(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visitMeta(v.Index(i), visit)
		}
	}
}

// lost is a comment of the one file that the other does not have as often, or
// empty.
func lost(before, after map[string]int) string {
	first := ""
	for line, n := range before {
		if after[line] < n && (first == "" || line < first) {
			first = line
		}
	}
	return first
}
