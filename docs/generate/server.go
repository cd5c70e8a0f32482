// Package example is a program whose stack is converted by go generate: hull
// has to be on the PATH. It prints nothing if all is well.
package example

//go:generate hull convert --quiet stack
