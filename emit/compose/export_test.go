package compose

// What the tests of the whole chain, which are outside of the package, share
// with those inside.
var (
	MustLoad = mustLoad
	Report   = report
	Compare  = compare
	Awkward  = awkward
)
