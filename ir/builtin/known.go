package builtin

// named are the modules of Polytope's that are known to exist, and whose
// params are not.
//
// Source: notes.md, "Built-in modules outside the reference".
var named = []string{
	"polytope/hello-world",
	"polytope/nginx",
	"polytope/kafka",
	"polytope/kafka!connect",
	"polytope/kafka!schema-registry",
	"polytope/kafka!control-center",
	"polytope/kafka!create-connectors",
	"polytope/kafka!kcat",
	"polytope/couchbase",
	"polytope/couchbase!cli",
	"polytope/couchbase!init-cluster",
	"polytope/couchbase!create-bucket",
	"polytope/couchbase!cbq",
	"polytope/mailpit",
	"polytope/kong",
	"polytope/kong!simple",
	"polytope/curity",
	"polytope/ngrok",
	"polytope/ngrok!http",
	"polytope/jupyter",
	"polytope/tensorboard",
	"polytope/pulumi-cli",
	"polytope/repl",
	"polytope/send-slack-message",
	"polytope/create-project",
}

// Named are the references of the modules of Polytope's that are known to
// exist, but not their params: those that Modules does not have.
func Named() []string {
	var refs []string
	for _, ref := range named {
		if _, ok := Lookup(ref); !ok {
			refs = append(refs, ref)
		}
	}
	return refs
}
