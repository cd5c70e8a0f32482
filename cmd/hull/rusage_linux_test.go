package main

// maxrssUnit is what Rusage.Maxrss counts in, in bytes (getrusage(2)).
const maxrssUnit = 1024
