//go:build unix && !linux

package main

// maxrssUnit is what Rusage.Maxrss counts in, in bytes (getrusage(2) of macOS;
// the other BSDs count in 1024, which makes the limit a lower one).
const maxrssUnit = 1
