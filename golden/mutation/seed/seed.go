// Package seed says which fault a program was given. Nothing imports it but the
// program that the mutation test builds, and what that test puts into hull's
// sources for it: hull itself has no faults to choose from.
package seed

import "os"

// Fault is the id of the fault, which is the program's first argument; empty:
// there is none. It is known before any other package's variables are, as
// tables may have faults too.
var Fault = first(os.Args)

func first(args []string) string {
	if len(args) < 2 {
		return ""
	}
	return args[1]
}

// Is tells whether the fault is the one with that id.
func Is(id string) bool { return Fault == id }

// Pick is the value that a variable has with a fault, or without it.
func Pick[T any](id string, faulty, sound T) T {
	if Is(id) {
		return faulty
	}
	return sound
}
