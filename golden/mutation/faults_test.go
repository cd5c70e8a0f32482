package mutation

import "slices"

// The files that have faults.
const (
	buildFile    = "convert/compose/build.go"
	envFile      = "convert/compose/env.go"
	heardFile    = "convert/compose/listening.go"
	lossesFile   = "convert/compose/losses.go"
	mountsFile   = "convert/compose/mounts.go"
	namesFile    = "convert/compose/names.go"
	portsFile    = "convert/compose/ports.go"
	readFile     = "convert/compose/read.go"
	serviceFile  = "convert/compose/service.go"
	stackFile    = "convert/compose/stack.go"
	stringsFile  = "convert/compose/strings.go"
	tableFile    = "convert/compose/table.go"
	templateFile = "convert/compose/template.go"
	valuesFile   = "convert/compose/values.go"

	legalizeFile = "emit/polytope/legalize.go"
	scriptFile   = "emit/polytope/script.go"
	selectFile   = "emit/polytope/select.go"
	treeFile     = "emit/polytope/tree.go"

	sizesFile = "ir/known/sizes.go"
)

// faults are the mistakes, in the order of the result.
var faults = slices.Concat(portFaults, textFaults, processFaults, mountFaults, stackFaults, writerFaults, reportFaults, hiddenFaults)

var portFaults = []fault{
	{
		"port-dropped", "the last port of a service is lost", portsFile,
		`ports := append(c.publishedPorts(), c.internalPorts()...)`,
		`ports := append(c.publishedPorts(), c.internalPorts()...)
		ports = ports[:max(0, len(ports)-1)]`, "ports-short",
	},
	{
		"port-number", "a container's port is one too high", portsFile,
		`Value: int64(p.Target)}`,
		`Value: int64(p.Target) + 1}`, "ports-short",
	},
	{
		"port-udp", "a port for UDP is one for TCP", portsFile,
		`return known.Protocol(p.Target, p.Protocol, c.s.Image)`,
		`return known.Protocol(p.Target, "tcp", c.s.Image)`, "ports-short",
	},
	{
		"port-range-end", "a range of ports ends one too early", portsFile,
		`numbers := fmt.Sprintf("%d-%d", first.Target, last.Target)`,
		`numbers := fmt.Sprintf("%d-%d", first.Target, last.Target-1)`, "ports-range",
	},
	{
		"port-published", "a port that only other services see is published", portsFile,
		`m.Set("protocol", ir.Str(protocol))
		m.Set("internal", &ir.Bool{Value: true})`,
		`m.Set("protocol", ir.Str(protocol))`, "expose",
	},
	{
		"port-host-shared", "all ports of a service get the host port of the first", valuesFile,
		`return b.use("own "+at.name()+"\x00"+text, at,`,
		`return b.use("own "+at.service, at,`, "ports-short",
	},
	{
		"port-host-lost", "the port on the host is lost", portsFile,
		`m.Set("expose-as", c.publishedAs(p.Published, item, p.Target, false))`,
		``, "ports-short",
	},
	{
		"port-exposed-lost", "the ports of expose are lost", heardFile,
		`all = addPort(all, l)
		}
		for _, l := range mentions[name] {`,
		`_ = l
		}
		for _, l := range mentions[name] {`, "expose",
	},
	{
		"port-protocol-lost", "what a port speaks becomes TCP", portsFile,
		`return p.AppProtocol
`,
		`return "tcp"
`, "ports-long",
	},
}

var textFaults = []fault{
	{
		"env-dropped", "the last environment variable is lost", envFile,
		`if len(list.Items) == 0 {
		return nil`,
		`if list.Items = list.Items[:max(0, len(list.Items)-1)]; len(list.Items) == 0 {
		return nil`, "anchors",
	},
	{
		"env-trimmed", "an environment variable loses the blanks at its ends", envFile,
		`loaded := *c.s.Environment[key]`,
		`loaded := strings.TrimSpace(*c.s.Environment[key])`, "yaml-words",
	},
	{
		"env-empty-inherited", "an empty environment variable becomes the caller's", envFile,
		`if inherited || c.s.Environment[key] == nil {`,
		`if inherited || c.s.Environment[key] == nil || *c.s.Environment[key] == "" {`, "operators",
	},
	{
		"env-file-order", "the first of two env files wins", envFile,
		`out[j] = v
				continue`,
		`_ = j
				continue`, "env-file",
	},
	{
		"dollar-kept", "$$ stays two dollar signs beside a variable", stringsFile,
		`out = out.appendText(p.text)`,
		`out = out.appendText(strings.ReplaceAll(p.text, "$", "$$"))`, "operators-nested",
	},
	{
		"dollar-lost", "$$ is lost beside a variable", stringsFile,
		`out = out.appendText(p.text)`,
		`out = out.appendText(strings.ReplaceAll(p.text, "$", ""))`, "operators-nested",
	},
	{
		"default-lost", "a variable loses its default", templateFile,
		`	}
	return ir.Variable{Name: v.name, Op: v.op, Arg: v.arg.word(env)}`,
		`	}
	return ir.Variable{Name: v.name, Op: v.op}`, "operators",
	},
	{
		"default-of-another", "two defaults of a variable become the first", valuesFile,
		`return b.use("variable "+wordKey(v, env), at,`,
		`return b.use("variable "+v.name, at,`, "two-defaults",
	},
	{
		"default-of-empty", "${X:-default} is empty where X is, like ${X-default}", templateFile,
		`	}
	return ir.Variable{Name: v.name, Op: v.op, Arg: v.arg.word(env)}`,
		`	}
	return ir.Variable{Name: v.name, Op: strings.TrimPrefix(v.op, ":"), Arg: v.arg.word(env)}`, "empty-variables",
	},
	{
		"default-for-empty", "${X-default} is the default where X is empty, like ${X:-default}", templateFile,
		`case known && (value != "" || !strings.HasPrefix(v.op, ":")):`,
		`case known && value == "" && v.op == "-":
		return ir.Variable{Name: v.name, Op: ":-", Arg: v.arg.word(env)}
	case known && (value != "" || !strings.HasPrefix(v.op, ":")):`, "empty-variables",
	},
	{
		"alternative-lost", "${X:+text} is never the text", templateFile,
		`return ir.Variable{Name: v.name, Op: v.op, Arg: v.arg.word(env)}
	case known`,
		`return ir.Variable{Name: v.name, Op: v.op}
	case known`, "empty-variables",
	},
	{
		"dot-env-ignored", "what .env says is not the default", templateFile,
		`case known && (value != "" || !strings.HasPrefix(v.op, ":")):`,
		`case known && value == "\x00":`, "include",
	},
	{
		"secret-shared", "all secrets of a project are the first", mountsFile,
		`ref := c.values.named(ir.SnakeCase(f.Source), c`,
		`ref := c.values.named("secret", c`, "secrets",
	},
	{
		"secret-default", "a secret of the environment is asked for under its own name", mountsFile,
		`return required(def.Environment)`,
		`return required(name)`, "secrets",
	},
	{
		"secret-file", "a secret is read from a file of the same name elsewhere", mountsFile,
		`FileContent{Path: c.rebase(c.written(o, def.File))}`,
		`FileContent{Path: path.Base(def.File)}`, "secrets",
	},
	{
		"text-of-another", "texts of variables of one name become the first", valuesFile,
		`return b.use("literal "+at.what+"\x00"+text, at,`,
		`return b.use("literal "+at.what, at,`, "shared-literals",
	},
	{
		"password-of-another", "passwords in URLs become another secret of their host", valuesFile,
		`|| other.password || other.text != g.text {`,
		`|| other.password {`, "url-password-after-variable",
	},
}

var processFaults = []fault{
	{
		"command-joined", "the words of a command become one", serviceFile,
		`c.set("cmd", c.words("command", s.Command))`,
		`c.set("cmd", c.words("command", types.ShellCommand{strings.Join(s.Command, " ")}))`, "commands",
	},
	{
		"command-word-lost", "the last word of a command is lost", serviceFile,
		`for i, w := range loaded {
		at :=`,
		`for i, w := range loaded[:max(0, len(loaded)-1)] {
		at :=`, "commands",
	},
	{
		"command-swapped", "entrypoint and command are swapped", serviceFile,
		`c.set("entrypoint", c.words("entrypoint", s.Entrypoint))
	c.set("cmd", c.words("command", s.Command))`,
		`c.set("cmd", c.words("entrypoint", s.Entrypoint))
	c.set("entrypoint", c.words("command", s.Command))`, "entrypoint",
	},
	{
		"command-reset-lost", "an empty command is none", serviceFile,
		`if !ok || o.node.Tag == "!!null" {`,
		`if !ok || o.node.Tag == "!!null" || len(loaded) == 0 {`, "commands",
	},
	{
		"user-swapped", "user and working directory are swapped", serviceFile,
		`c.set("workdir", c.optional(s.WorkingDir, "working_dir"))
	c.set("user", c.optional(s.User, "user"))`,
		`c.set("user", c.optional(s.WorkingDir, "working_dir"))
	c.set("workdir", c.optional(s.User, "user"))`, "process",
	},
	{
		"stdin-not-negated", "no-stdin says what stdin_open does", serviceFile,
		`Value: !value}`,
		`Value: value}`, "process",
	},
	{
		"restart-no", "restart: no becomes always", serviceFile,
		`policy = "never"`,
		`policy = "always"`, "restart",
	},
	{
		"restart-any", "the restart condition any becomes on-failure", serviceFile,
		`"any": "always",`,
		`"any": "on-failure",`, "restart-both",
	},
	{
		"restart-count-lost", "the number of restarts is lost", serviceFile,
		`m.Set("max-restarts", ir.Num(n))`,
		`_ = n`, "restart",
	},
	{
		"restart-short-wins", "restart wins over deploy.restart_policy", serviceFile,
		`if c.s.Deploy != nil && c.s.Deploy.RestartPolicy != nil { // it wins in compose too`,
		`if c.s.Restart == "" && c.s.Deploy != nil && c.s.Deploy.RestartPolicy != nil {`, "restart-both",
	},
	{
		"memory-limit-requested", "a limit of memory becomes a request", serviceFile,
		`c.setMemory(memory, "limit", int64(c.s.MemLimit), "mem_limit")`,
		`c.setMemory(memory, "request", int64(c.s.MemLimit), "mem_limit")`, "resources",
	},
	{
		"memory-thousand", "a megabyte has 1000 kilobytes", sizesFile,
		`size := int64(1) << (10 * power);`,
		`size := int64(math.Pow(1000, float64(power)));`, "resources",
	},
	{
		"cpu-rounded", "the fraction of a number of CPUs is lost", serviceFile,
		`strconv.FormatFloat(n, 'g', 6, 32)`,
		`strconv.FormatFloat(n, 'g', 1, 32)`, "resources",
	},
	{
		"image-tag-lost", "an image loses its tag", buildFile,
		`named = c.scalar(c.s.Image, c.place("image")`,
		`named = c.scalar(strings.Split(c.s.Image, ":")[0], c.place("image")`, "image-variables",
	},
	{
		"image-registry-lost", "an image loses its registry", buildFile,
		`named = c.scalar(c.s.Image, c.place("image")`,
		`named = c.scalar(c.s.Image[strings.Index(c.s.Image, "/")+1:], c.place("image")`, "image-variables",
	},
	{
		"build-target-lost", "the stage that is built is lost", buildFile,
		`if c.s.Build.Target != "" {`,
		`if c.s.Build.Target == "none" {`, "build-variants",
	},
	{
		"build-file-lost", "the name of the Dockerfile is lost", buildFile,
		`args.Set("dockerfile", c.scalar(b.Dockerfile, c.place("dockerfile"), c.keys("build", "dockerfile")...))`,
		``, "build-variants",
	},
	{
		"build-context", "every build has the project's folder as its context", buildFile,
		`mountAt("/", hostSource(dir), ir.Meta{Rng: at.rng})`,
		`mountAt("/", hostSource(ir.Str(c.rebase("."))), ir.Meta{Rng: dir.GetMeta().Rng})`, "build-variants",
	},
	{
		"build-shared", "different builds of a folder become one", buildFile,
		`text, err := json.Marshal(key)`,
		`text, err := json.Marshal(key[:1])`, "build-shared",
	},
	{
		"pull-lost", "an image that is always pulled is not", serviceFile,
		`Meta: ir.At(valueRange(o)), Value: true}`,
		`Meta: ir.At(valueRange(o)), Value: false}`, "pull-policy",
	},
	{
		"build-labels-lost", "the labels of a build are lost", buildFile,
		`args.Set("labels", labels)`,
		``, "build-variants",
	},
	{
		"build-tag-lost", "the further tags of a build are lost", buildFile,
		`for i, t := range c.s.Build.Tags {`,
		`for i, t := range c.s.Build.Tags[:0] {`, "build-variants",
	},
}

var mountFaults = []fault{
	{
		"mount-swapped", "the two paths of a mount are swapped", mountsFile,
		`m := mountAt(v.Target, source, meta)`,
		`m := mountAt(v.Source, hostSource(ir.Str(v.Target)), meta)`, "volumes-bind",
	},
	{
		"mount-lost", "the second mount of a service is lost", mountsFile,
		`if m := c.mount(v, items[v.Target], slices.IndexFunc(c.s.Volumes, isIt)); m != nil {`,
		`if i := slices.IndexFunc(c.s.Volumes, isIt); i == 1 {
			continue
		}
		if m := c.mount(v, items[v.Target], slices.IndexFunc(c.s.Volumes, isIt)); m != nil {`, "volumes-bind",
	},
	{
		"mount-folder", "a path is relative to the project, not to the file that is written", mountsFile,
		`rel, err := filepath.Rel(r.opts.OutDir, abs)`,
		`rel, err := filepath.Rel(r.opts.ProjectDir, abs)`, "out-elsewhere",
	},
	{
		"volume-own", "a volume that services share becomes one for each", mountsFile,
		`Value: c.volumeIDs.id(source, "volumes", source)}`,
		`Value: c.id + "-" + c.volumeIDs.id(source, "volumes", source)}`, "volumes-named",
	},
	{
		"volume-single", "all volumes of a service are one", mountsFile,
		`Value: c.volumeIDs.id(source, "volumes", source)}`,
		`Value: c.id}`, "volumes-named",
	},
	{
		"volume-not-added", "the volume that is reported as added is not there", mountsFile,
		`return mountAt(k.Data, volumeSource(ir.Str(id)), ir.Meta{})`,
		`return nil`, "persistent-added",
	},
	{
		"config-target", "a config is not where it is wanted", mountsFile,
		`target := cmp.Or(f.Target, "/"+f.Source)`,
		`target := "/" + f.Source`, "configs",
	},
	{
		"config-text", "the text of a config loses its last line break", mountsFile,
		`stringSource(c.scalar(def.Content, at,`,
		`stringSource(c.scalar(strings.TrimSpace(def.Content), at,`, "configs",
	},
	{
		"secret-target", "secrets are not in /run/secrets", mountsFile,
		`target = path.Join("/run/secrets", target)`,
		`target = path.Join("/run", target)`, "secrets",
	},
	{
		"volume-changed", "the volume whose name is reported as changed is another", mountsFile,
		`Value: c.volumeIDs.id(source, "volumes", source)}`,
		`Value: map[bool]string{true: c.volumeIDs.id(source, "volumes", source), false: "other"}[source == ir.ToID(source)]}`, "names",
	},
}

var stackFaults = []fault{
	{
		"wait-lost", "nobody waits until another service has ended", stackFile,
		`if d.Condition == types.ServiceConditionCompletedSuccessfully {`,
		`if d.Condition == "" {`, "completed-chain",
	},
	{
		"wait-condition", "a service that waits for success starts after failure", stackFile,
		`s.Condition = "success"`,
		`s.Condition = "failure"`, "completed-chain",
	},
	{
		"wait-for-first", "of several services that have to end, only the first is waited for", stackFile,
		`case last == "" || slices.Contains(w.chain(o), last):
			last = o`,
		`case last == "":
			last = o
		case last != o:`, "completed-chain",
	},
	{
		"name-lost", "the further names of a service are lost", portsFile,
		`for _, a := range c.aliases() {`,
		`for _, a := range c.aliases()[:0] {`, "further-names",
	},
	{
		"name-of-another", "the alias of a link becomes a name of the service that has the link", portsFile,
		`ok && target == c.name {`,
		`ok && other == c.name {
			_ = target`, "further-names",
	},
	{
		"service-lost", "the last service of several is never run", stackFile,
		`r.addSteps(t, name)
`,
		`if len(services) == 1 || name != services[len(services)-1] {
			r.addSteps(t, name)
		}
`, "commands",
	},
	{
		"service-without-replicas", "a service without replicas runs", stackFile,
		`if r.hasNoReplicas(name) {
		return false`,
		`if r.hasNoReplicas(name) {
		return true`, "replicas",
	},
	{
		"replicas-lost", "the number of replicas is lost", serviceFile,
		`c.set("scaling", c.scaling())`,
		`c.scaling()`, "replicas",
	},
	{
		"profile-ignored", "services with profiles run without them", stackFile,
		`return len(s.Profiles) == 0 || slices`,
		`return len(s.Profiles) >= 0 || slices`, "profiles",
	},
	{
		"profile-alone", "with a profile, the services without one do not run", stackFile,
		`return len(s.Profiles) == 0 || slices`,
		`return len(s.Profiles) == 0 && len(profiles) == 0 || slices`, "profiles",
	},
	{
		"profile-mixed", "a service with several profiles is only in the first one's template", stackFile,
		`|| slices.ContainsFunc(s.Profiles, func(p string) bool {`,
		`|| slices.ContainsFunc(s.Profiles[:1], func(p string) bool {`, "profiles",
	},
	{
		"healthy-other", "a service that must be healthy has to end", stackFile,
		`if d.Condition == types.ServiceConditionCompletedSuccessfully {`,
		`if d.Condition == types.ServiceConditionCompletedSuccessfully || d.Condition == types.ServiceConditionHealthy {`, "waits-deadlock",
	},
	{
		"name-otherwise", "a name becomes another one than is reported", namesFile,
		`	n.ids[name] = id
	n.taken[id] = name`,
		`	if id != name {
		id += "-x"
	}
	n.ids[name] = id
	n.taken[id] = name`, "names",
	},
}

var writerFaults = []fault{
	{
		"split-first-param", "a split module passes the first value on as every param", legalizeFile,
		`args.Set(x.id, withoutComments(x.arg))`,
		`args.Set(x.id, withoutComments(l.lifted[0].arg))`, "split",
	},
	{
		"split-boolean", "a boolean that is converted is true for another text", legalizeFile,
		`return js + " === 'true'"`,
		`return js + " === 'yes'"`, "split",
	},
	{
		"split-number", "a number that is converted loses its fraction", legalizeFile,
		`return "parseFloat(" + js + ")"`,
		`return "parseInt(" + js + ")"`, "split",
	},
	{
		"text-beside-reference", "text behind a reference is lost", treeFile,
		`s.WriteString(p.Value)`,
		`if s.Len() == 0 {
				s.WriteString(p.Value)
			}`, "image-variables",
	},
	{
		"literal-not-escaped", "a text that looks like a reference becomes one", treeFile,
		`case ir.LooksLikeReference(x.Value):`,
		`case ir.LooksLikeReference(x.Value) && x.Value == "":`, "reference-like",
	},
	{
		"joined-not-escaped", "text around a reference that looks like another becomes one", legalizeFile,
		`return ir.LooksLikeReference(literal.String())`,
		`return false`, "reference-like",
	},
	{
		"script-not-quoted", "the values script does not quote texts", scriptFile,
		`" \"" + data + "\"\n"`,
		`" " + data + "\n"`, "env-file",
	},
	{
		"script-dollar", "the values script does not escape dollar signs", scriptFile,
		"`$`, `\\$`, ",
		``, "operators-nested",
	},
	{
		"builtin-unlike", "a built-in module takes the place of a container with other mounts", selectFile,
		`if !sameArg(key, normalArg(p, service.Get(key)), normalArg(p, expansion.Get(key))) {`,
		`if key != "mounts" && key != "user" && !sameArg(key, normalArg(p, service.Get(key)), normalArg(p, expansion.Get(key))) {`, "builtin-postgres-not",
	},
	{
		"step-after-lost", "a step is written without the step that it waits for", treeFile,
		`when.add("after", optional(name, s.After))`,
		``, "completed-chain",
	},
}

var reportFaults = []fault{
	{
		"unreported-healthcheck", "the loss of a healthcheck is not reported", tableFile,
		`warn("services.*.healthcheck", "compose/healthcheck", "a healthcheck", "nobody waits for it").advise("services that need it must retry until it answers"),`,
		`keep("services.*.healthcheck", "nothing"),`, "no-counterpart",
	},
	{
		"unreported-read-only", "that a mount is read-only is lost, and not reported", tableFile,
		`warn("services.*.volumes[].read_only", "compose/mount-read-only", "a read-only mount", "mounted writable").unless("false"),`,
		`keep("services.*.volumes[].read_only", "nothing"),`, "volumes-named",
	},
	{
		"unreported-address", "that a port is bound to one address is lost, and not reported", tableFile,
		`warn("services.*.ports[].host_ip", "compose/port-host-ip", "binding a port to one address of the host", "the port is exposed as Polytope exposes every port").unless("0.0.0.0", "::"),`,
		`keep("services.*.ports[].host_ip", "nothing"),`, "ports-short",
	},
	{
		"unreported-labels", "the loss of labels is not reported", serviceFile,
		`c.labels()
`,
		`
`, "labels",
	},
	{
		"unreported-health", "that nobody waits for health is not reported", stackFile,
		`r.health(name, g, services)`,
		`_ = name`, "depends-on",
	},
	{
		"unreported-isolation", "that networks keep services apart is lost, and not reported", readFile,
		`r.networkIsolation(services)`,
		``, "network-isolation",
	},
	{
		"unreported-terminal", "that containers get a TTY is not reported", readFile,
		`r.defaultTTY(services)`,
		``, "ports-short",
	},
	{
		"unreported-callers", "that a variable without a text becomes an empty one is not reported", readFile,
		`r.reportCallers()`,
		``, "env-map",
	},
	{
		"unreported-name", "that a service is called otherwise is not reported", namesFile,
		`n.r.changed(n.kind, name, id, rng, keys)`,
		``, "names",
	},
	{
		"unreported-hostname", "that a container does not call itself by its host name is not reported", portsFile,
		`if c.s.Hostname == "" {`,
		`if c.s.Hostname != "\x00" {`, "further-names",
	},
	{
		"unreported-container-name", "that a container is not listed by its container_name is not reported", portsFile,
		`if len(all) == 0 {`,
		`if len(all) < 1<<16 {`, "further-names",
	},
	{
		"unreported-unreachable", "that a service is not reached by its name is not reported", readFile,
		`r.warnUnreachable(services)`,
		``, "depends-on",
	},
	{
		"unreported-exposed", "that a built-in module publishes a port is not reported", selectFile,
		`if len(exposed) > 0 {`,
		`if len(exposed) > 1<<16 {`, "builtin-postgres",
	},
	{
		"unreported-anonymous", "that an unnamed volume is named is not reported", mountsFile,
		`c.add(diag.Note, "compose/volume-anonymous", diag.Approximated, keys,
		fmt.Sprintf("the unnamed volume at %s becomes the project's volume %s, which outlives the job", v.Target, id))`,
		``, "volumes-anonymous",
	},
	{
		"unreported-extension", "the loss of an extension is not reported", lossesFile,
		`if !ok || o.node == nil || hasAnchor(o.node, 0) {`,
		`if ok || o.node == nil || hasAnchor(o.node, 0) {`, "anchors",
	},
	{
		"invented-privileged", "what is switched off anyway is reported as lost", lossesFile,
		`slices.Contains(a.silent, fmt.Sprint(value))`,
		`slices.Contains(a.silent[:0], fmt.Sprint(value))`, "no-counterpart",
	},
	{
		"invented-unused", "what is said of an unused network is reported as lost", lossesFile,
		`|| r.isLeftOut(keys) {`,
		`{`, "network-isolation",
	},
	{
		"invented-container-name", "a container that is called as its service is reported as called otherwise", portsFile,
		`s.ContainerName != "" && s.ContainerName != name {`,
		`s.ContainerName != "" {`, "further-names",
	},
	{
		"invented-wait", "every wait is reported as not kept", stackFile,
		`	if last != "" {
		w.after[step] = last
	}`,
		`	if last != "" {
		w.after[step] = last
		w.left = append(w.left, [2]string{step, last})
	}`, "completed-chain",
	},
	{
		"unreported-wait", "that a service waits for more than before is not reported", stackFile,
		`for _, linked := range g.linked {`,
		`for _, linked := range g.linked[:0] {`, "completed-chain",
	},
	{
		"unreported-random", "that a port has no fixed number on the host is not reported", portsFile,
		`d.Paths = append(d.Paths, joinPath(k))
	}
	c.report.Add(d)`,
		`d.Paths = append(d.Paths, joinPath(k))
	}`, "ports-random",
	},
}
