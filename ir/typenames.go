package ir

import (
	"maps"
	"slices"
)

// TypeNames are the words that are types: the basic types, then the aliases.
func TypeNames() []string {
	var names []string
	for _, t := range basicTypes {
		names = append(names, string(t))
	}
	return append(names, AliasNames()...)
}

// TypeOperators are the words that a type of several items begins with.
func TypeOperators() []string {
	return []string{"maybe", "default", "map", "enum", "either", "regex"}
}

// AliasNames are the names that Alias knows, in alphabetical order.
func AliasNames() []string { return slices.Sorted(maps.Keys(aliases)) }
