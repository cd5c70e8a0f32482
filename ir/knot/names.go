package knot

import (
	"regexp"
	"slices"
	"strings"
)

// A variable of knot becomes a value or a secret, and a value may become a
// variable again. Its name says which one where it is one of the system's; its
// documentation says it of all, as names may have to change.

// ValueName is what the value or secret of a variable is called: a user's
// variable keeps its name unless that is one of the system's, others are
// joined: "user_timezone" for "user.timezone".
func ValueName(variable string) string {
	name, isUsers := strings.CutPrefix(variable, UserGroup+".")
	if isUsers && !isReserved(name) && !strings.Contains(name, ".") {
		return name
	}
	return strings.ReplaceAll(variable, ".", "_")
}

// isReserved tells whether a value of the name would be taken for another
// variable's.
func isReserved(name string) bool {
	return slices.ContainsFunc(Variables, func(v Variable) bool { return ValueName(v.Name) == name }) ||
		slices.ContainsFunc(OpenGroups, func(g string) bool { return strings.HasPrefix(name, g+"_") })
}

// SystemVariable is the variable of the system that a value of the name stands
// for by ValueName, and whether there is one.
func SystemVariable(value string) (Variable, bool) {
	i := slices.IndexFunc(Variables, func(v Variable) bool { return ValueName(v.Name) == value })
	if i < 0 {
		return Variable{}, false
	}
	return Variables[i], true
}

// ValueInfo documents the value of a variable, so that VariableOf knows it
// again.
func ValueInfo(variable string) string {
	info := Action(variable) + " of knot"
	if v, ok := Lookup(variable); ok {
		info += ": " + v.Info
	}
	return info
}

var valueInfo = regexp.MustCompile(`^\$\{\{\.([A-Za-z0-9_.]+)\}\} of knot(?::|$)`)

// VariableOf is the variable of knot that a value's documentation names, and
// whether it names one: values that came from knot have it.
func VariableOf(info string) (string, bool) {
	m := valueInfo.FindStringSubmatch(info)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Action is the template action that writes out a variable.
func Action(variable string) string { return OpenAction + "." + variable + CloseAction }
