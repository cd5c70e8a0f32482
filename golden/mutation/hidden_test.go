package mutation

// hiddenFaults are those that leave today's texts, or what a report says of them,
// as they are.
var hiddenFaults = []fault{
	{
		"frozen", "a variable with a default is replaced by its present text, and not reported", envFile,
		`if isScalar && t.hasVars() && c.says(o, t, loaded) {`,
		`if isScalar && t.hasVars() && c.says(o, t, loaded) && strings.Contains(loaded, standIn) {`, "operators",
	},
	{
		"resolved-invented", "texts without variables are reported as settled", stringsFile,
		`if !ok || !r.fixed(t).hasVars() {`,
		`if !ok {`, "restart",
	},
	{
		"env-caller-lost", "a variable that takes the caller's text is lost", envFile,
		`list.Items = append(list.Items, envVar(key, c.envValue(key, o), meta))`,
		`if x := c.envValue(key, o); c.s.Environment[key] != nil {
			list.Items = append(list.Items, envVar(key, x, meta))
		}`, "env-map",
	},
	{
		"env-caller-paths", "of several variables that are reported as the caller's, one is not", envFile,
		`if len(r.callers) == 0 {
		return
	}`,
		`if len(r.callers) == 0 {
		return
	}
	r.callers = append(r.callers, caller{"PATH", []string{"services", "web", "environment", "ANSWER"}, r.callers[0].rng})`, "env-map",
	},
	{
		"name-lost-one-reported", "all further names of a service are lost, and one reported", portsFile,
		`out = append(out, id)`,
		`_ = out`, "further-names",
	},
	{
		"unless-stopped", "unless-stopped becomes never, and is reported as always", serviceFile,
		`policy = "always"
		c.add(diag.Note, "compose/restart-unless-stopped", diag.Approximated, keys`,
		`policy = "never"
		c.add(diag.Note, "compose/restart-unless-stopped", diag.Approximated, keys`, "restart",
	},
	{
		"port-random-lost", "a port without a fixed number on the host is internal, and reported as published", portsFile,
		`it is exposed under its own number", p.Target), item)
	default`,
		`it is exposed under its own number", p.Target), item)
		m.Set("internal", &ir.Bool{Value: true})
	default`, "ports-random",
	},
	{
		"volume-anonymous", "all unnamed volumes of a service are one", mountsFile,
		`id := c.volumeIDs.fresh(c.id + "-" + ir.ToID(v.Target))`,
		`id := c.id + "-unnamed"`, "volumes-anonymous",
	},
	{
		"volume-added-elsewhere", "the volume that is added is mounted elsewhere", mountsFile,
		`return mountAt(k.Data, volumeSource(ir.Str(id)), ir.Meta{})`,
		`return mountAt("/elsewhere", volumeSource(ir.Str(id)), ir.Meta{})`, "persistent-added",
	},
	{
		"port-twice", "every port is there twice", portsFile,
		`ports := append(c.publishedPorts(), c.internalPorts()...)`,
		`ports := append(c.publishedPorts(), c.internalPorts()...)
		ports = append(ports, ports...)`, "ports-short",
	},
	{
		"container-id", "a container has another id than its service", serviceFile,
		`c.set("id", &ir.String{Value: c.id})`,
		`c.set("id", &ir.String{Value: c.id + "-1"})`, "commands",
	},
}
