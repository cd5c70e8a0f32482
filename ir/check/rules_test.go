package check

import "strings"

var typeTests = []ruleTest{
	// basic types
	hit(codeType, called("int", "", `"8079"`), `"8079": p: Must be an integer (got "8079")`),
	hit(codeType, called("int", "", `1.5`), `1.5: p: Must be an integer (got 1.5)`),
	hit(codeType, called("str", "", `8079`), `8079: p: Must be a string (got 8079)`),
	hit(codeType, called("bool", "", `"true"`), `"true": p: Must be a boolean (got "true")`),
	hit(codeType, called("num", "", `true`), `true: p: Must be a number (got true)`),
	hit(codeType, called("id", "", `My.App`), `My.App: p: Must be an id (0–9, a–z, _ and -) (got "My.App")`),
	hit(codeType, called("docker-image", "", `"my image"`), `"my image": p: Must be an image name (got "my image")`),
	hit(codeType, called("str", "", `[a]`), `[a: p: Must be a string (got a list)`),
	hit(codeType, called("int", "", `{a: 1}`), `{a: p: Must be an integer (got a map)`),
	hit(codeType, called("str", "", `null`), `null: p: Must be a string (got null)`),
	miss(codeType, called("int", "", `8079`)),
	miss(codeType, called("num", "", `1`)),
	miss(codeType, called("num", "", `1.5`)),
	miss(codeType, called("bool", "", `false`)),
	miss(codeType, called("id", "", `my_app-2`)),
	miss(codeType, called("any", "", `[1, {a: null}]`)),
	miss(codeType, called("any", "", `null`)),
	miss(codeType, called("data-size", "", `512`)), // its form is not public
	miss(codeType, called("[maybe, str]", "", `null`)),
	miss(codeType, called("[default, int, 1]", "", `null`)),
	// compound types
	hit(codeType, called("[int]", "", `[1, "2", x]`), `"2": p[1]: Must be an integer (got "2")`, `x: p[2]: Must be an integer (got "x")`),
	hit(codeType, called("[int]", "", `1`), `1: p: Must be a list (got 1)`),
	hit(codeType, called("{a: {b: int}}", "", `{a: {b: x}}`), `x: p.a.b: Must be an integer (got "x")`),
	hit(codeType, called("[map, str, int]", "", `{a: 1, b: x}`), `x: p.b: Must be an integer (got "x")`),
	hit(codeType, called("[map, id, int]", "", `{A: 1}`), `A: p.A: Must be an id (0–9, a–z, _ and -) (got "A")`),
	hit(codeType, called("[map, str, int]", "", `[1]`), `[1: p: Must be a map (got a list)`),
	hit(codeType, called("[enum, 1, two]", "", `three`), `three: p: Must be one of 1, two (got "three")`),
	hit(codeType, called("[regex, '^v[0-9]']", "", `x1`), `x1: p: Must be a string that matches ^v[0-9] (got "x1")`),
	hit(codeType, called("[regex, '^v[0-9]']", "", `1`), `1: p: Must be a string that matches ^v[0-9] (got 1)`),
	hit(codeType, called("[maybe, [default, int, 1]]", "", `x`), `x: p: Must be an integer (got "x")`),
	miss(codeType, called("[[int]]", "", `[[1], []]`)),
	miss(codeType, called("[enum, 1, two]", "", `1`)),
	miss(codeType, called("[regex, '^v[0-9]']", "", `v1`)),
	miss(codeType, called("[regex, '(?<!x)y']", "", `z`)), // a pattern that only Java knows
	// unions: the alternative that was meant says what is wrong
	hit(codeType, called("[either, str, int]", "", `true`), `true: p: Must be a string or an integer (got true)`),
	hit(codeType, called("[either, str, [str]]", "", `[a, 1]`), `1: p[1]: Must be a string (got 1)`),
	hit(codeType, called("[either, str, [str]]", "", `{a: b}`), `{a: p: Must be a string or a list (got a map)`),
	hit(codeType, called("mount-source", "", `{type: volum, id: x}`), `volum: p.type: Must be one of dataset, host, repo, string, volume (got "volum")`),
	hit(codeType, called("mount-source", "", `{type: string, data: 1}`), `1: p.data: Must be a string (got 1)`),
	hit(codeType, called("mount-source", "", `{type: volume, scope: projekt}`), `projekt: p.scope: Must be one of project, job (got "projekt")`),
	hit(codeType, called("mount-source", "", `./data`), `./data: p: Must be a map (got "./data")`),
	hit(codeType, called("service-spec", "", `{id: s, ports: [{port: 80, protocol: htp}]}`), `htp: p.ports[0].protocol: Must be one of tcp, udp, http, https (got "htp")`),
	hit(codeType, called("service-spec", "", `{id: s, ports: [{port: "80", protocol: tcp}]}`), `"80": p.ports[0].port: Must be an integer (got "80")`),
	hit(codeType, called("service-spec", "", `{id: s, ports: [{range: 80-90, protocol: tcp, expose-as: 80}]}`), `80: p.ports[0].expose-as: Must be a string (got 80)`),
	hit(codeType, called("env-var", "", `{name: A, value: [1]}`), `[1: p.value: Must be a string, a boolean or an integer (got a list)`),
	hit(codeType, called("env-var", "", `{name: A, value: 1.5}`), `1.5: p.value: Must be a string, a boolean or an integer (got 1.5)`),
	miss(codeType, called("[either, str, [str]]", "", `[a]`)),
	miss(codeType, called("mount-source", "", `{type: volume, source: {type: host, path: x}}`)),
	miss(codeType, called("service-spec", "", `{id: s, ports: [{range: 80-90, protocol: tcp, expose-as: "80"}]}`)),
	miss(codeType, called("[env-var]", "", `[{name: A, value: 1}, {name: B, value: true}, {name: C}, {name: D, value: null}]`)),
	// through params
	hit(codeType, called("int", "{id: a, type: str}", `pt.param a`), `pt.param a: p: Must be an integer (got pt.param a, a string)`),
	hit(codeType, called("int", "{id: a, type: num}", `pt.param a`), `pt.param a: p: Must be an integer (got pt.param a, a number)`),
	hit(codeType, called("str", "{id: a, type: [either, str, int]}", `pt.param a`), `pt.param a: p: Must be a string (got pt.param a, a string or an integer)`),
	hit(codeType, called("[str]", "{id: a, type: str}", `pt.param a`), `pt.param a: p: Must be a list (got pt.param a, a string)`),
	hit(codeType, called("[str]", "{id: a, type: [int]}", `pt.param a`), `pt.param a: p: Must be a list (got pt.param a, a list)`),
	hit(codeType, called("[enum, a, b]", "{id: a, type: [enum, a, c]}", `pt.param a`), `pt.param a: p: Must be one of a, b (got pt.param a, one of a, c)`),
	hit(codeType, called("{a: int}", "{id: a, type: {b: int}}", `pt.param a`), `pt.param a: p: Must be a map (got pt.param a, a map)`),
	hit(codeType, called("[map, str, int]", "{id: a, type: {b: str}}", `pt.param a`), `pt.param a: p: Must be a map (got pt.param a, a map)`),
	hit(codeType, called("[str]", "{id: a, type: int}", `[x, pt.param a]`), `pt.param a: p[1]: Must be a string (got pt.param a, an integer)`),
	hit(codeType, called("[map, str, int]", "{id: a, type: [map, str, str]}", `pt.param a`), `pt.param a: p: Must be a map (got pt.param a, a map)`),
	hit(codeType, called("int", "{id: a, type: [regex, x]}", `pt.param a`), `pt.param a: p: Must be an integer (got pt.param a, a string that matches x)`),
	hit(codeType, called("int", "{id: a, type: [map, str, str]}", `pt.param a`), `pt.param a: p: Must be an integer (got pt.param a, a map)`),
	miss(codeType, called("{a: int}", "{id: a, type: [map, str, int]}", `pt.param a`)), // its keys are not known
	miss(codeType, called("[map, str, int]", "{id: a, type: {b: int}}", `pt.param a`)),
	miss(codeType, called("num", "{id: a, type: int}", `pt.param a`)),
	miss(codeType, called("[either, str, [str]]", "{id: a, type: [either, [str], str]}", `pt.param a`)),
	miss(codeType, called("docker-image", "{id: a, type: [default, str, x]}", `pt.param a`)),
	miss(codeType, called("[enum, a, b]", "{id: a, type: str}", `pt.param a`)), // it may be one of them
	miss(codeType, called("[maybe, [service-spec]]", "{id: a, type: [maybe, [service-spec]]}", `pt.param a`)),
	miss(codeType, called("[maybe, {policy: [enum, a, b], n: [maybe, int]}]", "{id: a, type: [maybe, {policy: [enum, a]}]}", `pt.param a`)),
	miss(codeType, called("int", "{id: a, type: any}", `pt.param a`)),
	miss(codeType, called("int", "", `pt.param a`)), // check/unknown-param says it
	// texts
	hit(codeType, called("[str]", "", `pt.value a`), `pt.value a: p: Must be a list (got pt.value a, a string)`),
	hit(codeType, called("int", "{id: a, type: int}", `"1{pt.param a}"`), `"1{pt.param a}": p: Must be an integer (got "1{pt.param a}", a string)`),
	miss(codeType, called("[regex, '^v']", "", `pt.value a`)),
	miss(codeType, called("[enum, a, b]", "", `pt.secret a`)),
	// code
	hit(codeType, called("str", "", `"#pt-js parseInt('1')"`), `"#pt-js parseInt('1')": p: Must be a string (got #pt-js parseInt('1'), an integer)`),
	hit(codeType, called("int", "{id: a-b, type: str}", `"#pt-js params['aB']"`), `"#pt-js params['aB']": p: Must be an integer (got #pt-js params['aB'], a string)`),
	hit(codeType, called("bool", "", `"#pt-clj (str 1)"`), `"#pt-clj (str 1)": p: Must be a boolean (got #pt-clj (str 1), a string)`),
	miss(codeType, called("int", "", `"#pt-js parseInt('1')"`)),
	miss(codeType, called("int", "", `"#pt-js parseFloat('1')"`)),
	miss(codeType, called("int", "", `"#pt-js whatever('1')"`)),

	// a value needs the split
	hit(codeSplit, container(`services: [{id: s, ports: [{port: 80, protocol: tcp, expose-as: pt.value port}]}]`),
		`pt.value port: services[0].ports[0].expose-as: Must be an integer (got pt.value port, a string)`),
	hit(codeSplit, container(`tty: pt.secret tty`), `pt.secret tty: tty: Must be a boolean (got pt.secret tty, a string)`),
	hit(codeSplit, called("num", "", `"1{pt.value a}"`), `"1{pt.value a}": p: Must be a number (got "1{pt.value a}", a string)`),
	hit(codeSplit, called("[either, int, [int]]", "", `pt.value a`), `pt.value a: p: Must be an integer or a list (got pt.value a, a string)`),
	miss(codeSplit, container(`user: pt.value user, workdir: pt.value dir, env: [{name: PORT, value: pt.value port}]`)),
	miss(codeSplit, called("int", "{id: a, type: int}", `"1{pt.param a}"`)),
	miss(codeSplit, called("[int]", "", `pt.value a`)), // no conversion makes a list

	hit(codeDefault, called(`[default, int, "8080"]`, "", `1`), `"8080": the default of p: Must be an integer (got "8080")`),
	hit(codeDefault, called(`[default, str, null]`, "", `a`), `null: the default of p: Must be a string (got null)`),
	hit(codeDefault, called(`[maybe, [default, [enum, a, b], c]]`, "", `a`), `c: the default of p: Must be one of a, b (got "c")`),
	hit(codeDefault, called(`{a: [default, bool, 1]}`, "", `{}`), `1: the default of p: Must be a boolean (got 1)`),
	hit(codeDefault, "templates: [{id: t, params: [{id: p, type: [default, int, x]}], run: []}]", `x: the default of p: Must be an integer (got "x")`),
	miss(codeDefault, called(`[default, {policy: [enum, always], max: [maybe, int]}, {policy: always, max: null}]`, "", `null`)),
	miss(codeDefault, called(`[default, [maybe, str], null]`, "", `a`)),

	hit(codeUnknownArg, container(`comand: x`), `comand: polytope/container has no param "comand"`),
	hit(codeUnknownArg, called("int", "", `1, q: 2`), `q: n has no param "q"`),
	hit(codeUnknownArg, "templates: [{id: t, run: [{module: polytope/hello-world, args: {mesage: x}}]}]", `mesage: polytope/hello-world has no param "mesage"`),
	miss(codeUnknownArg, container(`cmd: x`)),
	miss(codeUnknownArg, "modules: [{id: m, module: acme/container, args: {x: 1}}]"),

	hit(codeMissingArg, "modules: [{id: m, module: polytope/container}]", `polytope/container: polytope/container needs the argument "image", an image name`),
	hit(codeMissingArg, "templates: [{id: t, run: [n]}]\nmodules: [{id: n, params: [{id: p, type: [int]}], code: x}]", `n: n needs the argument "p", a list`),
	miss(codeMissingArg, "modules: [{id: m, module: polytope/container, args: {imag: x}}]"), // check/unknown-arg suggests it
	miss(codeMissingArg, "modules: [{id: m, module: polytope/postgres}]"),
	miss(codeMissingArg, "templates: [{id: t, run: [n]}]\nmodules: [{id: n, params: [{id: p, type: any}], code: x}]"),

	hit(codeUnknownKey, container(`services: [{id: s, port: 80, ports: []}]`), `port: services[0]: there is no key "port"`),
	hit(codeUnknownKey, container(`mounts: [{path: /a, source: {type: host, path: a}, read-only: true}]`), `read-only: mounts[0]: there is no key "read-only"`),
	hit(codeUnknownKey, container(`mounts: [{path: /a, source: {type: volume, name: a}}]`), `name: mounts[0].source: there is no key "name"`),
	miss(codeUnknownKey, container(`mounts: [{path: /a, source: {type: volume, id: a, scope: project, create: always}}]`)),
	miss(codeUnknownKey, called("[map, str, any]", "", `{anything: 1}`)),

	hit(codeMissingKey, container(`services: [{id: s, ports: [{port: 80}]}]`), `{port: services[0].ports[0]: needs the key "protocol", one of tcp, udp, http, https`),
	hit(codeMissingKey, container(`services: [{ports: []}]`), `{ports: services[0]: needs the key "id", an id (0–9, a–z, _ and -)`),
	hit(codeMissingKey, container(`mounts: [{path: /a, source: {type: host}}]`), `{type: mounts[0].source: needs the key "path", a string`),
	miss(codeMissingKey, container(`services: [{id: s, prots: []}]`)), // check/unknown-key suggests it
	miss(codeMissingKey, container(`restart: {policy: always}`)),

	hit(codeOptional, called("int", "{id: a, type: [maybe, int]}", `pt.param a`), `pt.param a: p: pt.param a may be absent, and an integer is required here`),
	hit(codeOptional, container(`services: [{id: pt.param a, ports: []}]`)[:len("modules: [{id: m, ")]+
		"params: [{id: a, type: [maybe, id]}], module: polytope/container, args: {image: i, services: [{id: pt.param a, ports: []}]}}]",
		`pt.param a: services[0].id: pt.param a may be absent, and an id (0–9, a–z, _ and -) is required here`),
	miss(codeOptional, called("[maybe, int]", "{id: a, type: [maybe, int]}", `pt.param a`)),
	miss(codeOptional, called("[default, int, 1]", "{id: a, type: [maybe, int]}", `pt.param a`)),
	miss(codeOptional, called("int", "{id: a, type: [default, int, 1]}", `pt.param a`)),
	miss(codeOptional, called("str", "{id: a, type: [maybe, str]}", `"{pt.param a}"`)),

	hit(codeAbsolutePath, container(`mounts: [{path: data, source: {type: host, path: data}}]`), `data: mounts[0].path: Must be an absolute path (got "data")`),
	hit(codeAbsolutePath, container(`workdir: ./app`), `./app: workdir: Must be an absolute path (got "./app")`),
	hit(codeAbsolutePath, container(`workdir: "app/{pt.value dir}"`), `"app/{pt.value dir}": workdir: Must be an absolute path (got "app/{pt.value dir}")`),
	miss(codeAbsolutePath, container(`mounts: [{path: /data, source: {type: host, path: data}}]`)),
	miss(codeAbsolutePath, container(`workdir: "{pt.value dir}/app"`)),
	miss(codeAbsolutePath, container(`workdir: "/{pt.value dir}"`)),
	miss(codeAbsolutePath, called("[either, absolute-path, str]", "", `"app/{pt.value dir}"`)),

	hit("check/mount-indent", container(`mounts: [{path: {/root/.cache/, source: {type: volume, id: c}}}]`), `{/root/.cache/: path holds the mount's source: they belong side by side`),
	hit("check/mount-indent", "modules: [{id: m, module: acme/x, args: {mounts: [{path: {/a, source: 1}}]}}]", `{/a: path holds the mount's source: they belong side by side`),
	miss("check/mount-indent", container(`mounts: [{path: /root/.cache/, source: {type: volume, id: c}}]`)),
	miss(codeMissingKey, container(`mounts: [{path: {/root/.cache/, source: {type: volume, id: c}}}]`)),
	miss(codeType, container(`mounts: [{path: {/root/.cache/, source: {type: volume, id: c}}}]`)),
}

var nameTests = []ruleTest{
	hit("check/id", "modules: [{id: My.App, module: polytope/repl}]", `My.App: module "My.App": Must be an id (0–9, a–z, _ and -)`),
	hit("check/id", "modules: [{module: polytope/repl}]", `{module: a module needs an id`),
	hit("check/id", "templates: [{id: T, run: [{id: 'a b', module: polytope/repl}]}]",
		`{id: template "T": Must be an id (0–9, a–z, _ and -)`, `{id: step "a b": Must be an id (0–9, a–z, _ and -)`),
	hit("check/id", called("str", "{id: aB, type: str}", "pt.param aB"), `{id: param "aB": Must be an id (0–9, a–z, _ and -)`),
	miss("check/id", "modules: [{id: my_app-2, module: polytope/repl}]\ntemplates: [{id: t, run: [polytope/redpanda!console]}]"),

	hit("check/duplicate-id", "modules:\n- {id: m, module: polytope/repl}\n- {id: m, module: polytope/repl}", `m: module "m" is there already, in line 2`),
	hit("check/duplicate-id", "templates: [{id: t, run: [polytope/repl, polytope/repl]}]", `polytope/repl: step "polytope/repl" is there already, in line 1`),
	hit("check/duplicate-id", called("str", "{id: a, type: str}, {id: a, type: int}", "pt.param a"), `{id: param "a" is there already, in line 1`),
	miss("check/duplicate-id", "modules: [{id: m, module: polytope/repl}]\ntemplates: [{id: m, run: [polytope/repl, {id: again, module: polytope/repl}]}]"),

	hit("check/module-body", "modules: [{id: m}]", `m: module m has neither module nor code`),
	hit("check/module-body", "modules: [{id: m, module: polytope/repl, code: '#pt-js 1'}]", `m: module m has both module and code`),
	miss("check/module-body", "modules: [{id: m, module: polytope/repl}, {id: n, code: '#pt-js 1'}]"),

	hit("check/call-cycle", "modules: [{id: m, module: m}]", `m: the call never ends: m → m`),
	hit("check/call-cycle", "modules: [{id: z, module: a}, {id: a, module: b}, {id: b, module: a}]", `b: the call never ends: a → b → a`),
	miss("check/call-cycle", "modules: [{id: a, module: b}, {id: b, module: c}, {id: c, module: polytope/repl}, {id: d, module: b}]"),

	hit("check/unknown-module", "templates: [{id: t, run: [apu]}]\nmodules: [{id: api, module: polytope/repl}]", `apu: there is no module "apu"`),
	hit("check/unknown-module", "modules: [{id: m, module: 'polytope/a b'}]", `'polytope/a b': "polytope/a b" is no module`),
	hit("check/unknown-module", "modules: [{id: m, module: polytope/contaner}]", `polytope/contaner: polytope/contaner is no module that is known`),
	miss("check/unknown-module", "modules: [{id: m, module: 'polytope/postgres@v1:x/y!simple'}, {id: n, module: acme/contaner}, {id: o, module: polytope/couchbase!cbq}]"),
	miss("check/unknown-module", "templates: [{id: dev, run: [stack, api]}, {id: stack, run: [api]}]\nmodules: [{id: api, module: polytope/repl}]"),

	hit("check/unknown-param", called("str", "{id: abc, type: str}", "pt.param abd"), `pt.param abd: the module declares no param "abd"`),
	hit("check/unknown-param", "templates: [{id: t, run: [{module: polytope/hello-world, args: {message: 'a {pt.param x}'}}]}]", `'a {pt.param x: the template declares no param "x"`),
	miss("check/unknown-param", called("str", "{id: abc, type: str}", "'{pt.param abc} {pt.value abd}'")),

	hit("check/unknown-step", "templates: [{id: t, run: [api, {module: web, run-when: {after: apu}}]}]", `{module: web waits for "apu", which is no step of the template t`),
	hit("check/unknown-step", "templates: [{id: t, run: [{id: x, module: api}, {module: web, run-when: {after: api}}]}]", `{module: web waits for "api", which is no step of the template t`),
	miss("check/unknown-step", "templates: [{id: t, run: [{id: x, module: api}, {module: web, run-when: {after: x}}]}]"),

	hit("check/waits-forever", after("polytope/redpanda", ""), `{module: m waits for s, which serves until the job is stopped`),
	hit("check/waits-forever", after("polytope/redpanda", "data-volume: pt.value v"), `{module: m waits for s, which serves until the job is stopped`),
	hit("check/waits-forever", after("polytope/couchbase", ""), `{module: m waits for s, which serves until the job is stopped`),
	hit("check/waits-forever", after("polytope/container", "image: i, services: [{id: s, ports: [{port: 80, protocol: tcp}]}]"), `{module: m waits for s, which serves until the job is stopped`),
	hit("check/waits-forever", after("polytope/container", "image: i, restart: {policy: always}"), `{module: m waits for s, which serves until the job is stopped`),
	hit("check/waits-forever", "templates: [{id: t, run: [{module: a, run-when: {after: b}}, {module: b, run-when: {after: a}}]}]",
		`{module: a waits for itself: a → b → a`, `{module: b waits for itself: b → a → b`),
	miss("check/waits-forever", after("polytope/container", "image: i, cmd: migrate, restart: {policy: on-failure}")),
	miss("check/waits-forever", after("polytope/container", "image: i, services: []")),
	miss("check/waits-forever", after("polytope/container", "image: i, services: pt.param x")),
	miss("check/waits-forever", after("polytope/build-image", "tags: [a], sources: []")),
	miss("check/waits-forever", after("polytope/couchbase!init-cluster", "services: [data, index]")),
	miss("check/waits-forever", "templates: [{id: t, run: [polytope/redpanda, m]}]\nmodules: [{id: m, module: polytope/repl}]"),

	hit("check/unset-binding", "modules: [{id: m, module: polytope/hello-world, args: {message: '{pt.value a}{pt.secret b}'}}]\nbindings: [[value, a, x], [value, b, x]]",
		`'{pt.value a: the values script does not set the secret b, but a value of that name`),
	hit("check/unset-binding", "modules: [{id: m, module: polytope/hello-world, args: {message: pt.value a}}]\nbindings: [[value, b, x]]",
		`pt.value a: the values script does not set the value a`),
	miss("check/unset-binding", "modules: [{id: m, module: polytope/hello-world, args: {message: pt.value a}}]\nbindings: [[value, a, x]]"),

	hit("check/unused-binding", "modules: [{id: m, module: polytope/hello-world, args: {message: pt.value a}}]\nbindings: [[value, a, x], [secret, a, x]]",
		`[secret: the values script sets the secret a, and nothing reads it`),
	miss("check/unused-binding", "templates: [{id: t, run: [{module: polytope/hello-world, args: {message: pt.value a}}]}]\nbindings: [[value, a, x]]"),
}

// after is a file in which a step waits for a module s, which calls another.
func after(module, args string) string {
	return "templates: [{id: t, run: [s, {module: m, run-when: {after: s}}]}]\nmodules: [{id: m, module: polytope/repl}, " +
		"{id: s, module: s-base}, {id: s-base, params: [{id: x, type: [maybe, any]}], module: '" + module + "', args: {" + args + "}}]"
}

var codeTests = []ruleTest{
	hit("check/value-in-code", called("int", "", `"#pt-js parseInt(pt.value('port'))"`), `"#pt-js parseInt(pt.value('port'))": pt.value cannot be read in code: there are only params`),
	hit("check/value-in-code", called("int", "", `"#pt-js parseInt(pt.secrets.port)"`), `"#pt-js parseInt(pt.secrets.port)": pt.secrets cannot be read in code: there are only params`),
	hit("check/value-in-code", called("int", "", `"#pt-js parseInt('{pt.value port}')"`), `"#pt-js parseInt('{pt.value port}')": pt.value cannot be read in code: there are only params`),
	miss("check/value-in-code", called("str", "", `"#pt-js 'pt.value port' // pt.value(1)"`)),
	miss("check/value-in-code", called("str", "", `pt.value port`)),
	miss("check/value-in-code", called("str", "", `"#pt-js params.pt.length"`)),

	hit("check/code-param", called("int", "{id: api-port, type: str}", `"#pt-js parseInt(params['api_port'])"`),
		`"#pt-js parseInt(params['api_port'])": param api-port is "apiPort" here, not "api_port"`),
	hit("check/code-param", called("int", "", `"#pt-js parseInt(params.port)"`), `"#pt-js parseInt(params.port)": the module declares no param "port"`),
	hit("check/code-param", called("str", "{id: api-port, type: str}", `"#pt-clj (:apiPort params)"`), `"#pt-clj (:apiPort params)": param api-port is "api-port" here, not "apiPort"`),
	hit("check/code-param", "templates: [{id: t, run: [{module: polytope/hello-world, args: {message: '#pt-js params.x'}}]}]", `'#pt-js params.x': the template declares no param "x"`),
	miss("check/code-param", called("int", "{id: api-port, type: str}", `"#pt-js parseInt(params['apiPort'])"`)),
	miss("check/code-param", called("str", "{id: api-port, type: str}", `"#pt-clj (:api-port params)"`)),
	miss("check/code-param", called("str", "{id: a, type: str}", `"#pt-js [{b: 1}].map(params => params.b)"`)),
	miss("check/code-param", called("str", "", `"#pt-py params['x']"`)),
}

var houseTests = []ruleTest{
	hit("check/no-volume", "templates: [{id: t, run: [polytope/redpanda]}]", `polytope/redpanda: redpandadata/redpanda keeps data, and no volume: it is lost when the container ends`),
	hit("check/no-volume", "modules: [{id: m, module: polytope/postgres, args: {scripts: [{type: host, path: x.sql}]}}]", `polytope/postgres: postgres keeps data, and no volume: it is lost when the container ends`),
	hit("check/no-volume", "modules: [{id: m, module: polytope/couchbase}]", `polytope/couchbase: polytope/couchbase keeps data, and no volume: it is lost when the container ends`),
	hit("check/no-volume", "modules: [{id: m, module: polytope/container, args: {image: 'docker.io/library/redis:7', mounts: [{path: /etc/redis.conf, source: {type: host, path: c}}]}}]",
		`polytope/container: redis keeps data, and no volume: it is lost when the container ends`),
	hit("check/no-volume", "modules: [{id: m, module: polytope/container, args: {image: 'ghcr.io/pgvector/pgvector:{pt.value tag}'}}]",
		`polytope/container: pgvector/pgvector keeps data, and no volume: it is lost when the container ends`),
	// once, at the module that lacks it; at the caller where that does not pass it
	hit("check/no-volume", "templates: [{id: t, run: [m]}]\nmodules: [{id: m, module: n}, {id: n, module: polytope/postgres}]", `polytope/postgres: postgres keeps data, and no volume: it is lost when the container ends`),
	hit("check/no-volume", "templates: [{id: t, run: [n]}]\nmodules: [{id: n, params: [{id: v, type: [maybe, mount-source]}], module: polytope/postgres, args: {data-volume: pt.param v}}]",
		`n: postgres keeps data, and no volume: it is lost when the container ends`),
	miss("check/no-volume", "modules: [{id: m, module: polytope/postgres, args: {data-volume: {type: volume, scope: project, id: d}}}]"),
	miss("check/no-volume", "modules: [{id: n, params: [{id: v, type: mount-source}], module: polytope/postgres, args: {data-volume: pt.param v}}]"),
	miss("check/no-volume", "modules: [{id: m, module: polytope/container, args: {image: 'mysql:8', mounts: [{path: /var/lib, source: {type: host, path: c}}]}}]"),
	miss("check/no-volume", "modules: [{id: m, module: polytope/container, args: {image: 'postgres:16', mounts: [{path: /pgdata, source: {type: volume, id: c}}]}}]"),
	miss("check/no-volume", "modules: [{id: m, module: polytope/container, args: {image: 'acme/redis-exporter:1'}}]"),
	miss("check/no-volume", "modules: [{id: m, module: polytope/container, args: {image: 'redis{pt.value suffix}'}}]"),

	hit("check/volume-scope", container("mounts: [{path: /a, source: {type: volume, id: a}}]"), `{type: a volume without a scope is gone when the job ends`),
	hit("check/volume-scope", container("mounts: [{path: /a, source: {type: volume, id: a, scope: job}}]"), `{type: a volume of the job is gone when the job ends`),
	hit("check/volume-scope", "modules: [{id: m, module: acme/x, args: {data: {type: volume, id: a}}}]", `{type: a volume without a scope is gone when the job ends`),
	hit("check/volume-scope", called("[default, mount-source, {type: volume, id: a}]", "", "null"), `{type: a volume without a scope is gone when the job ends`),
	miss("check/volume-scope", container("mounts: [{path: /a, source: {type: volume, id: a, scope: project}}, {path: /b, source: {type: host, path: b}}]")),
	miss("check/volume-scope", "modules: [{id: m, module: acme/x, args: {data: {type: volume, loudness: 11}}}]"),

	hit("check/literal-secret", container("env: [{name: DB_PASSWORD, value: hunter2}]"), `hunter2: the secret DB_PASSWORD is in the file as plain text`),
	hit("check/literal-secret", "modules: [{id: m, module: polytope/curity, args: {password: hunter2}}]", `hunter2: the secret password is in the file as plain text`),
	hit("check/literal-secret", container("env: [{name: URL, value: 'postgres://app:hunter2@{pt.value host}/x'}]"), `'postgres: a password in a URL is in the file as plain text`),
	hit("check/literal-secret", container("cmd: [run, ghp_0123456789abcdefghijklmnopqrstuvwxyz]"), `[run: a GitHub token is in the file as plain text`),
	hit("check/literal-secret", called("[default, str, x]", "{id: api-key, type: [default, str, s3cret]}", "pt.param api-key"), `s3cret: the secret api-key is in the file as plain text`),
	miss("check/literal-secret", container("env: [{name: DB_PASSWORD, value: pt.secret db_password}, {name: A_TOKEN, value: ''}, {name: PASSWORD_FILE, value: x}]")),
	miss("check/literal-secret", container("env: [{name: DB_PASSWORD, value: /run/secrets/db}, {name: URL, value: 'postgres://app:{pt.secret p}@db/x'}, {name: V, value: 'http://a:80/@x'}]")),

	hit("check/literal-env", container("env: [{name: LOG, value: info}, {name: N, value: 4}, {name: B, value: false}]"),
		`info: LOG is "info" in every environment`, `4: N is 4 in every environment`, `false: B is false in every environment`),
	hit("check/literal-env", "modules: [{id: m, module: polytope/node, args: {env: [{name: A, value: b}]}}]", `b: A is "b" in every environment`),
	miss("check/literal-env", container("env: [{name: LOG, value: pt.value log}, {name: A, value: ''}, {name: B}, {name: C, value: 'http://{pt.value host}'}]")),
	miss("check/literal-env", container("env: [{name: DB_PASSWORD, value: hunter2}]")), // check/literal-secret
	miss("check/literal-env", container("env: [{name: JAVA_OPTS, value: -Xmx1g}]")),    // a value cannot be set to it
	miss("check/literal-env", called("[{name: str, value: str, extra: [maybe, str]}]", "", "[{name: a, value: b}]")),

	hit("check/literal-port", container("services: [{id: s, ports: [{port: 80, protocol: http, expose-as: 8080}]}]"), `8080: the port is exposed as 8080 in every environment`),
	hit("check/literal-port", container("services: [{id: s, ports: [{range: 80-90, protocol: http, expose-as: 8080-8090}]}]"), `8080-8090: the port is exposed as "8080-8090" in every environment`),
	miss("check/literal-port", container("services: [{id: s, ports: [{port: 4000, protocol: http, internal: true}, {port: 1, protocol: tcp, expose-as: \"#pt-js parseInt('1')\"}]}]")),

	hit("check/step-id", "templates: [{id: t, run: [{id: x, module: m}]}]", `{id: the step needs no id of its own: m is called once`),
	hit("check/step-id", "templates: [{id: t, run: [{id: m, module: m}]}]", `{id: the step has the id of its module anyway`),
	miss("check/step-id", "templates: [{id: t, run: [{id: x, module: m}, {id: y, module: m}]}]"),
	miss("check/step-id", "templates: [{id: t, run: [{id: x, module: polytope/repl}, {module: m, run-when: {after: x}}]}]"),
	miss("check/step-id", "templates: [{id: t, run: [m, {module: n}]}]"),

	hit("check/template-param", passing("[default, str, a]", "p: pt.param x"), `{id: the param x only passes on p, for which n has a default`),
	miss("check/template-param", passing("str", "p: pt.param x")),
	miss("check/template-param", passing("[default, str, a]", "p: '{pt.param x}!'")),
	miss("check/template-param", passing("[default, str, a]", "p: pt.param x, q: pt.param x")),

	hit("check/unused-param", called("str", "{id: a, type: str}, {id: b-c, type: str}", "pt.param a"), `{id: nothing uses the param b-c`),
	hit("check/unused-param", "templates: [{id: t, params: [{id: x, type: str}], run: [polytope/repl]}]", `{id: nothing uses the param x`),
	miss("check/unused-param", called("str", "{id: b-c, type: str}", `"#pt-js params.bC"`)),
	miss("check/unused-param", called("str", "{id: b-c, type: str}", `"#pt-js JSON.stringify(params)"`)),
	miss("check/unused-param", called("str", "{id: b-c, type: str}", `"#pt-clj (dissoc params :x)"`)),
	miss("check/unused-param", called("str", "{id: b, type: str}", `["x{pt.param b}"]`)),
	miss("check/unused-param", "modules: [{id: m, params: [{id: a, type: str}]}]"),

	hit("check/unknown-host", reaching("http://apii:4000"), `"http://apii:4000": no service is called apii`),
	hit("check/unknown-host", reaching("api:4000,apii:4000"), `"api:4000,apii:4000": no service is called apii`),
	hit("check/unknown-host", reaching("postgres://a:{pt.secret p}@dbb:{pt.value port}/x"), `"postgres://a:{pt.secret p}@dbb:{pt.value port}/x": no service is called dbb`),
	hit("check/unknown-host", "templates: [{id: t, run: [m]}]\nmodules: [{id: m, module: polytope/redpanda!console, args: {brokers: [{host: kafka, port: 1}]}}]", `{host: no service is called kafka`),
	hit("check/unknown-host", reaching("x")+"\nbindings: [[value, api_url, 'http://apii:4000']]", `[value: no service is called apii`),
	miss("check/unknown-host", reaching("postgres://app:{pt.secret p}@{pt.value host}/x")), // a user and a password
	miss("check/unknown-host", reaching("http://api:4000")),
	miss("check/unknown-host", reaching("http://db:5432")), // by the argument of a wrapper
	miss("check/unknown-host", reaching("http://localhost:4000")),
	miss("check/unknown-host", reaching("http://api.example.com:4000")),
	miss("check/unknown-host", reaching("http://{pt.value host}:4000")),
	miss("check/unknown-host", reaching("http://apii/path")), // it may be a path of some scheme's own
	miss("check/unknown-host", "templates: [{id: t, run: [m]}]\n"+container("image: 'registry:5000/x', cmd: 'debug:100'")),
	miss("check/unknown-host", strings.Replace(reaching("http://apii:4000"), "run: [", "run: [acme/everything, ", 1)), // which may provide it
	miss("check/unknown-host", strings.Replace(reaching("http://apii:4000"), "templates:", "fragment:", 1)),
	miss("check/unknown-host", "templates: [{id: t, run: [m]}]\nmodules: [{id: m, module: polytope/container, args: {image: i, env: [{name: C_HOST, value: 'couchbase:8091'}]}}, {id: c, module: polytope/couchbase}]"),
}

// passing is a template with a param x, and a module n with the params p and q.
func passing(typ, args string) string {
	return "templates: [{id: t, params: [{id: x, type: [default, str, b]}], run: [{module: n, args: {" + args + "}}]}]\n" +
		"modules: [{id: n, params: [{id: p, type: " + typ + "}, {id: q, type: [default, str, c]}], module: polytope/hello-world, args: {message: '{pt.param p}{pt.param q}'}}]"
}

// reaching is a file with the services api and db, and a variable that reaches
// something.
func reaching(url string) string {
	return `templates: [{id: t, run: [web, api, db]}]
modules:
- {id: web, module: polytope/container, args: {image: i, env: [{name: API_URL, value: "` + url + `"}]}}
- {id: api, module: polytope/container, args: {image: i, services: [{id: api, ports: []}]}}
- {id: db, module: db-base, args: {name: db}}
- {id: db-base, params: [{id: name, type: str}], module: polytope/container, args: {image: i, services: [{id: pt.param name, ports: []}]}}`
}
