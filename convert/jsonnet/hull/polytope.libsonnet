// The library of Polytope files that comes with hull: docs/jsonnet.md says how it is used. It is plain Jsonnet, and makes
// the same of a program with any implementation of the language.
//
//   local pt = import 'hull/polytope.libsonnet';
//   pt.file(modules=[pt.container('web', { image: 'nginx:1.27', services: { web: [pt.http(80)] } })])
//
// What its functions make are objects that file() writes down: references, code, types, modules and so on. Each has its
// kind in the hidden field kindField, and an error in the place of its content, so that what is used outside of file() does
// not pass for data.

local kindField = '$polytope';

// Older implementations have no std.all and std.any.
local all(xs) = std.foldl(function(so, x) so && x, xs, true);
local any(xs) = std.foldl(function(so, x) so || x, xs, false);

local fail(where, message) = error 'polytope: %s: %s' % [where, message];
local list(names) = std.join(', ', names);
local kindOf(x) = if std.isObject(x) && std.objectHasAll(x, kindField) then x[kindField] else null;
local isKind(x, kinds) = std.member(kinds, kindOf(x));
local shown(x) = if kindOf(x) != null then 'a ' + kindOf(x) else if std.isFunction(x) then 'a function' else std.manifestJsonMinified(x);

// forced evaluates a value to its end before it returns another: mistakes are reported where they are made.
local forced(x, result) = if std.length(std.manifestJsonMinified(x)) > 0 then result else null;
// object has the given kind, and the content that is written for it.
local object(kind, content) = forced(content, {
  [kindField]:: kind,
  content:: content,
  'not written by pt.file':
    error 'polytope: a %s is used where text or plain data belongs; join texts and references with pt.interp or pt.format' % kind,
});

// The checks of ids, module references and names.
local digits = '0123456789';
local idChars = 'abcdefghijklmnopqrstuvwxyz_-' + digits;
local refChars = idChars + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ/@:!';
local hasOnly(s, allowed) = std.isString(s) && s != '' && std.stripChars(s, allowed) == '';
local contains(s, part) = std.length(std.findSubstr(part, s)) > 0;
local containsAny(s, parts) = any([contains(s, part) for part in parts]);
local isId(s) = hasOnly(s, idChars);
local checkId(where, id) =
  if isId(id) then id
  else fail(where, '%s is no id: ids have the characters a-z, 0-9, _ and -' % shown(id));
local isModuleRef(s) = isId(s) || hasOnly(s, refChars) && contains(s, '/') && isId(std.split(s, '/')[0]);
local checkModuleRef(where, ref) =
  if isModuleRef(ref) then ref
  else fail(where, '%s is no module: one is an id, or owner/project with @revision, :path and !id as needed' % shown(ref));
local checkName(kind, name) =
  if std.isString(name) && name != '' && !containsAny(name, ['{', '}', ' ', '\t', '\r', '\n', '\f', '\u000b', '\u0085', std.char(160)]) then name
  else fail('pt.' + kind, '%s is no name of a %s' % [shown(name), kind]);

// Texts that Polytope could read as a reference or as code, in any of its dialects.
local wordChars = 'abcdefghijklmnopqrstuvwxyz-';
local blanks = [' ', '\t', '\n', '\f', '\r'];
local isInvisible(c) =
  local n = std.codepoint(c);
  std.member(blanks, c) || n == 11 || n == 133 || n == 160 || n == 173 || n == 1564 || n == 1757 || n == 1807 || n == 2274 ||
  n == 5760 || n == 6158 || n == 12288 || n == 65279 || n == 69821 || n == 69837 || n == 917505 ||
  any([n >= r[0] && n <= r[1] for r in [
    [1536, 1541],
    [2192, 2193],
    [8192, 8207],
    [8232, 8239],
    [8287, 8303],
    [65529, 65531],
    [78896, 78911],
    [113824, 113827],
    [119155, 119162],
    [917536, 917631],
  ]]);
local skip(s, isSkipped) =
  local find(i) = if i < std.length(s) && isSkipped(s[i]) then find(i + 1) tailstrict else i;
  std.substr(s, find(0), std.length(s));
local startsWithAny(s, starts) = any([std.startsWith(s, x) for x in starts]);
local isStart(s) =
  local rest = std.substr(s, 3, std.length(s));
  local behind = skip(rest, function(c) contains(wordChars, c));
  std.startsWith(s, '#pt-') ||
  std.startsWith(s, 'pt.') && (
    std.member(['value', 'values', 'secret', 'secrets', 'param', 'params', 'input', 'inputs'], rest) ||
    startsWithAny(rest, ['clj', 'js', 'py']) ||
    behind != rest && behind != '' && std.member(blanks, behind[0])
  );
local isInside(s) =
  local afterBrace(part) =
    local t = skip(part, function(c) std.member(blanks, c));
    startsWithAny(if std.startsWith(t, '#') then std.substr(t, 1, 3) else t, ['pt.', 'pt-']);
  any([afterBrace(part) for part in std.split(s, '{')[1:]]);
local looksLikeReference(s) = contains(s, 'pt') && (isStart(skip(s, isInvisible)) || isInside(s));

// jsString is a string of JavaScript in which nothing looks like a reference.
local jsString(s) =
  local escapes = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', [std.char(8232)]: '\\u2028', [std.char(8233)]: '\\u2029' };
  local escape(c) = if std.objectHas(escapes, c) then escapes[c] else if std.codepoint(c) < 32 then '\\u%04x' % std.codepoint(c) else c;
  local replaceAll(s, pairs) = std.foldl(function(s, p) std.strReplace(s, p[0], p[1]), pairs, s);
  replaceAll('"%s"' % std.join('', [escape(c) for c in std.stringChars(s)]), [['pt.', 'pt\\x2e'], ['pt-', 'pt\\x2d'], ['{', '\\x7b'], ['}', '\\x7d']]);

local plainText(where, s) =
  if looksLikeReference(s)
  then fail(where, '%s looks like a reference; write pt.value, pt.secret, pt.param or code for one, and pt.literal for the text' % shown(s))
  else s;

// data writes a value down: texts as they are, and what the functions below make as Polytope has it.
local expressions = ['reference', 'text', 'code', 'mount source', 'mount', 'service', 'port'];
local data(where, x) =
  if std.isString(x) then plainText(where, x)
  else if std.isArray(x) then [data('%s[%d]' % [where, i], x[i]) for i in std.range(0, std.length(x) - 1)]
  else if isKind(x, expressions) then x.content
  else if kindOf(x) != null then fail(where, 'a %s is no argument' % kindOf(x))
  else if std.isObject(x) then { [key]: data('%s.%s' % [where, key], x[key]) for key in std.objectFields(x) }
  else if std.isFunction(x) then fail(where, 'a function is no argument')
  else x;

// fields are those of an object that are not null; others than the known ones fail.
local only(where, x, known) =
  local unknown = [key for key in std.objectFields(x) if !std.member(known, key)];
  if unknown == [] then x
  else fail(where, 'there is no %s; there are %s' % [list(unknown), list(known)]);
local present(x) = { [key]: x[key] for key in std.objectFields(x) if x[key] != null };
local checkEnum(where, x, allowed) =
  if x == null || std.member(allowed, x) then x
  else fail(where, '%s is none of %s' % [shown(x), list(allowed)]);
local isDynamic(x) = isKind(x, ['reference', 'text', 'code']);
local unique(where, what, ids) =
  local repeated = std.set([id for id in ids if std.count(ids, id) > 1]);
  if repeated == [] then true else fail(where, 'there are several %s %s' % [what, list(repeated)]);

// References, texts and code.
local reference(kind, name) = object('reference', 'pt.%s %s' % [kind, checkName(kind, name)]) { name:: name, refKind:: kind };
local code(language, source) =
  if std.isString(source) then object('code', '#pt-%s %s' % [language, source])
  else fail('pt.' + language, 'code is a text, not %s' % shown(source));
local camelCase(id) =
  local words = [w for w in std.split(std.strReplace(id, '_', '-'), '-') if w != ''];
  std.join('', [words[0]] + [std.asciiUpper(w[0]) + std.substr(w, 1, std.length(w)) for w in words[1:]]);
local converted(name, before, behind) = code('js', "%sparams['%s']%s" % [before, camelCase(checkId('pt.as', name)), behind]);

local interp(parts) =
  local ok = std.isArray(parts) && all([std.isString(p) || isKind(p, ['reference']) for p in parts]);
  local literal = std.join('', [if std.isString(p) then p else 'x' for p in parts]);
  if !ok then fail('pt.interp', 'the parts are texts and references')
  else if plainText('pt.interp', literal) != literal then null
  else object('text', std.join('', [if std.isString(p) then p else '{%s}' % p.content for p in parts]));
local format(template, references) =
  // Older implementations split at one character only.
  local texts = std.split(std.strReplace(template, '%s', '\u0001'), '\u0001');
  local n = std.length(texts) - 1;
  if n != std.length(references) then fail('pt.format', 'there are %d %%s, and %d references' % [n, std.length(references)])
  else interp([texts[0]] + std.flattenArrays([[references[i], texts[i + 1]] for i in std.range(0, n - 1)]));

// Types. An argument in the place of a type is a type, or the data that writes one.
local typeOf(where, t) = if isKind(t, ['type']) then t.content else fail(where, '%s is no type; types are in pt.type' % shown(t));
local type(content, isOptional=false) = object('type', content) { isOptional:: isOptional };
local types = {
  list(t):: type([typeOf('pt.type.list', t)]),
  record(fields):: type({ [key]: typeOf('pt.type.record', fields[key]) for key in std.objectFields(fields) }),
  map(key, value):: type(['map', typeOf('pt.type.map', key), typeOf('pt.type.map', value)]),
  either(alternatives):: type(['either'] + [typeOf('pt.type.either', t) for t in alternatives]),
  default(t, value):: type(['default', typeOf('pt.type.default', t), data('pt.type.default', value)], true),
  enum(values):: type(['enum'] + [data('pt.type.enum', v) for v in values]),
  maybe(t):: type(['maybe', typeOf('pt.type.maybe', t)], true),
  regex(pattern)::
    if std.isString(pattern) then type(['regex', pattern]) else fail('pt.type.regex', 'a pattern is a text, not %s' % shown(pattern)),
} + {
  [camelCase(name)]: type(name)
  for name in [
    'str',
    'bool',
    'int',
    'num',
    'id',
    'any',
    'code',
    'docker-image',
    'absolute-path',
    'url-path',
    'duration',
    'http-method',
    'dataset-sink',
    'instance-type',
    'data-size',
    'service-ref',
    'env-var',
    'mount-source',
    'service-spec',
  ]
};

local declare(id, type, name=null, info=null) =
  local checked = checkId('pt.declare', id);
  object('declaration', present({ id: checked, type: typeOf('the param ' + checked, type), name: name, info: info })) {
    id:: checked,
    isOptional:: type.isOptional,
  };
// declarations are params: a list of pt.declare, or an object of types by id.
local declarations(where, params) =
  local all =
    if std.isArray(params) then params
    else if std.isObject(params) then [declare(id, params[id]) for id in std.objectFields(params)]
    else fail(where, 'params are a list of pt.declare, or types by id');
  local wrong = [p for p in all if !isKind(p, ['declaration'])];
  if wrong != [] then fail(where, '%s is no param; pt.declare makes one' % shown(wrong[0]))
  else if unique(where, 'params', [p.id for p in all]) then all else null;

// Mounts, services and environments.
local sourceOf(kind, content) = object('mount source', data('the ' + kind, { type: kind } + present(content)));
local isSource(x) = isKind(x, ['mount source']) || isDynamic(x);
local mount(path, source) =
  if std.isString(path) && !std.startsWith(path, '/') then fail('the mount ' + path, 'the path in the container is absolute')
  else if !isSource(source) then fail('the mount ' + shown(path), '%s is no source; there are pt.host, pt.volume, pt.string, pt.dataset and pt.repo' % shown(source))
  else object('mount', data('the mount', { path: path, source: source }));
local mounts(x) = [mount(path, x[path]) for path in std.objectFields(x)];

local protocols = ['http', 'https', 'tcp', 'udp'];
local checkPort(where, n) =
  if n == null || isDynamic(n) then n
  else if std.isNumber(n) && n == std.floor(n) && n >= 1 && n <= 65535 then n
  else fail(where, '%s is no port: one is from 1 to 65535' % shown(n));
local checkRange(where, r) =
  local ends(part) = [std.parseInt(n) for n in std.split(part, '-')];
  local isPart(part) =
    std.length(std.split(part, '-')) <= 2 && all([hasOnly(n, digits) && std.length(n) <= 5 for n in std.split(part, '-')]) &&
    all([n >= 1 && n <= 65535 for n in ends(part)]) && ends(part) == std.sort(ends(part));
  if r == null || isDynamic(r) || std.isString(r) && all([isPart(p) for p in std.split(r, ',')]) then r
  else fail(where, '%s is no range: one is 8000-8100, or several behind commas' % shown(r));
local portSpec(where, number, protocol, expose, internal, label) = object('port', data(where, present(number {
  protocol: if isDynamic(protocol) then protocol else checkEnum(where, protocol, protocols),
  'expose-as': expose,
  label: if label == null then null else checkId(where, label),
  internal: if std.isBoolean(internal) || internal == null || isDynamic(internal) then internal else fail(where, 'internal is true or false'),
})));
local port(number, protocol, expose=null, internal=null, label=null) =
  local where = 'the port ' + shown(number);
  if number == null then fail('pt.port', 'there is no number')
  else portSpec(where, { port: checkPort(where, number) }, protocol, checkPort(where, expose), internal, label);
local range(numbers, protocol, expose=null, internal=null, label=null) =
  local where = 'the range ' + shown(numbers);
  if numbers == null then fail('pt.range', 'there are no numbers')
  else portSpec(where, { range: checkRange(where, numbers) }, protocol, checkRange(where, expose), internal, label);
local service(id, ports) =
  local where = 'the service ' + shown(id);
  local wrong = [p for p in ports if !isKind(p, ['port'])];
  if !std.isArray(ports) then fail(where, 'ports are a list')
  else if wrong != [] then fail(where, '%s is no port; pt.http, pt.https, pt.tcp, pt.udp, pt.port and pt.range make one' % shown(wrong[0]))
  else object('service', data(where, { id: if isDynamic(id) then id else checkId(where, id), ports: ports }));
local services(x) = [service(id, x[id]) for id in std.objectFields(x)];

local isVariable(x) = x == null || std.isString(x) || std.isNumber(x) || std.isBoolean(x) || isDynamic(x);
local variable(name, value) =
  if !std.isString(name) || name == '' || contains(name, '=') then fail('the environment', '%s is no name of a variable' % shown(name))
  else if !isVariable(value) then fail('the variable ' + name, '%s is no text, number or boolean' % shown(value))
  else { name: name, value: value };
// env is a list of variables, of an object or of a list of objects, whose order it keeps.
local env(x) =
  if std.isObject(x) && kindOf(x) == null then [variable(name, x[name]) for name in std.objectFields(x)]
  else if std.isArray(x) && all([std.isObject(o) && kindOf(o) == null for o in x]) then std.flattenArrays([env(o) for o in x])
  else fail('the environment', 'variables are an object of values by name, or a list of such objects');

// The modules that come with Polytope: their params, those that are required first. A test compares them with hull's.
local builtIn = {
  'polytope/container': { required: ['image'], optional: ['cmd', 'datasets', 'entrypoint', 'env', 'id', 'instance-type', 'mounts', 'no-stdin', 'resources', 'restart', 'scaling', 'services', 'tty', 'update-image', 'user', 'workdir'] },
  'polytope/build-image': { required: ['sources', 'tags'], optional: ['dockerfile', 'labels', 'target'] },
  'polytope/hello-world': { required: [], optional: ['message'] },
  'polytope/node': { required: [], optional: ['cmd', 'code', 'env', 'id', 'image', 'mounts', 'package', 'restart', 'services'] },
  'polytope/python': { required: [], optional: ['cmd', 'code', 'env', 'id', 'image', 'mounts', 'requirements', 'restart', 'services'] },
  'polytope/python!simple': { required: [], optional: ['cmd', 'code', 'env', 'services'] },
  'polytope/postgres': { required: [], optional: ['cmd', 'container-id', 'data-volume', 'env', 'image', 'restart', 'scripts', 'service-id'] },
  'polytope/postgres!simple': { required: [], optional: ['data-volume', 'image', 'restart', 'scripts'] },
  'polytope/redpanda': { required: [], optional: ['data-volume', 'image', 'log-level', 'restart'] },
  'polytope/redpanda!connect': { required: ['config-file'], optional: ['container-id', 'image', 'port', 'restart'] },
  'polytope/redpanda!console': { required: [], optional: ['admin-url', 'brokers', 'container-id', 'image', 'log-level', 'port', 'restart', 'schema-registry-url'] },
};
// eased are the arguments of these modules that objects may be given for.
local eased(ref, args) =
  local isPlain(x) = std.isObject(x) && kindOf(x) == null;
  local ease(key, by) = if std.objectHas(args, key) && isPlain(args[key]) then { [key]: by(args[key]) } else {};
  if std.isObject(args) && std.isString(ref) && std.objectHas(builtIn, ref)
  then args + ease('env', env) + ease('mounts', mounts) + ease('sources', mounts) + (if ref == 'polytope/python!simple' then {} else ease('services', services))
  else args;

local checkArgs(where, args) =
  if std.isObject(args) && kindOf(args) == null then args else fail(where, 'args are an object, not %s' % shown(args));

// unchecked marks arguments of which it is not held against the module that they are what it has.
local uncheckedField = '$unchecked';
local isUnchecked(args) = std.isObject(args) && std.objectHasAll(args, uncheckedField);

// knownArgs are the arguments of a call as they are written, all of which the module has; signature is what is known of it,
// or null.
local knownArgs(where, ref, args, signature) =
  local given = eased(ref, checkArgs(where, args));
  data(where + '.args', if signature == null || isUnchecked(args) then given else only('%s: the params of %s' % [where, ref], given, signature.required + signature.optional));
local builtInSignature(ref) = if std.isString(ref) && std.objectHas(builtIn, ref) then builtIn[ref] else null;

local moduleKeys = ['id', 'module', 'args', 'code', 'params', 'info', 'apiVersion', 'default'];
local module(id, module=null, args={}, params=[], code=null, info=null, apiVersion=null, default=false) =
  local where = 'the module ' + shown(id);
  local checks = [checkId(where, id), [p.id for p in declarations(where, params)], knownArgs(where, module, args, builtInSignature(module))];
  forced(checks, {
    [kindField]:: 'module',
    id: id,
    module: module,
    args: args,
    params: params,
    code: code,
    info: info,
    apiVersion: apiVersion,
    default: default,
  });
local call(ref, implied) = function(id, args={}, params=[], info=null)
  module(id, ref, implied(id) + args, params=params, info=info);
local nothing(id) = {};
local ownId(id) = { id: id };

local stepKeys = ['module', 'args', 'id', 'after', 'condition'];
local step(module, args={}, id=null, after=null, condition=null) =
  local where = 'the step ' + shown(module);
  forced([checkModuleRef(where, module), knownArgs(where, module, args, builtInSignature(module))], {
    [kindField]:: 'step',
    module: module,
    args: args,
    id: id,
    after: after,
    condition: condition,
  });
local templateKeys = ['id', 'run', 'params', 'info'];
local template(id, run, params=[], info=null) = { [kindField]:: 'template', id: id, run: run, params: params, info: info };

// writtenArgs are the arguments of a call as they are written, among them all that the module needs.
local writtenArgs(where, ref, args, signature) =
  local lacking = if signature == null || isUnchecked(args) then [] else [p for p in signature.required if !std.objectHas(checkArgs(where, args), p)];
  if lacking != [] then fail(where, '%s needs %s' % [ref, list(lacking)]) else knownArgs(where, ref, args, signature);
local filled(key, x) = if x == null || x == {} || x == [] then {} else { [key]: x };
local writtenParams(where, params) = [p.content for p in declarations(where, params)];

local isCode(x) = isKind(x, ['code']);
local writtenModule(m, signatures) =
  local where = 'the module ' + shown(m.id);
  local checked = only(where, m, moduleKeys);
  local ref = checkModuleRef(where, m.module);
  local body =
    if m.module != null && m.code != null then fail(where, 'it has both a module to call and code; one of them has to go')
    else if m.module != null then { module: ref } + filled('args', writtenArgs(where, ref, m.args, signatures(where, ref)))
    else if m.args != {} then fail(where, 'it has arguments, and no module to call')
    else if isCode(m.code) then { code: m.code.content }
    else fail(where, 'it has neither a module to call nor code; code is made by pt.js, pt.clj or pt.py');
  { id: checkId(where, checked.id) } + body + filled('params', writtenParams(where, m.params)) + filled('info', m.info) +
  filled('api-version', m.apiVersion) + (if m.default then { 'default?': true } else {});

local writtenStep(where, s, ids, signatures) =
  local here = '%s: the step %s' % [where, shown(s.module)];
  local checked = only(here, s, stepKeys);
  local ref = checkModuleRef(where, checked.module);
  local when =
    if s.after == null then (if s.condition == null then {} else fail(here, 'a condition needs after'))
    else if std.member(ids, s.after) then { after: s.after } + filled('after-condition', checkEnum(here, s.condition, ['success', 'always', 'failed']))
    else fail(here, 'it runs after %s, which is no step; there are %s' % [shown(s.after), list(ids)]);
  local written =
    (if s.id == null then {} else { id: checkId(here, s.id) }) + { module: ref } +
    filled('args', writtenArgs(here, ref, s.args, signatures(here, ref))) + filled('run-when', when);
  if written == { module: ref } then ref else written;

local writtenTemplate(t, signatures) =
  local where = 'the template ' + shown(t.id);
  local checked = only(where, t, templateKeys);
  local run = if std.isArray(checked.run) then checked.run else fail(where, 'run is a list of steps');
  local wrong = [s for s in run if !std.isString(s) && !isKind(s, ['step'])];
  local steps =
    if wrong != [] then fail(where, '%s is no step; one is the id of a module, or made by pt.step' % shown(wrong[0]))
    else [if std.isString(s) then step(s) else s for s in run];
  local ids = [if s.id == null then s.module else s.id for s in steps];
  local isUnique = unique(where, 'steps', ids);
  { id: checkId(where, t.id), run: if isUnique then [writtenStep(where, s, ids, signatures) for s in steps] else [] } +
  filled('params', writtenParams(where, t.params)) + filled('info', t.info);

local ofKind(kind, all) =
  local wrong = [x for x in all if !isKind(x, [kind])];
  if !std.isArray(all) then fail('pt.file', '%ss are a list' % kind)
  else if wrong != [] then fail('pt.file', '%s is no %s' % [shown(wrong[0]), kind])
  else all;

// file writes modules and templates down. external are the ids of modules that other files have.
local file(modules=[], templates=[], external=[]) =
  local ms = ofKind('module', modules), ts = ofKind('template', templates);
  local isUnique = unique('pt.file', 'modules', [m.id for m in ms]) && unique('pt.file', 'templates', [t.id for t in ts]);
  local signature(m) =
    local params = declarations('the module ' + shown(m.id), m.params);
    { required: [p.id for p in params if !p.isOptional], optional: [p.id for p in params if p.isOptional] };
  local own = if isUnique then { [m.id]: signature(m) for m in ms } else {};
  local signatures(where, ref) =
    if std.objectHas(own, ref) then own[ref]
    else if std.objectHas(builtIn, ref) then builtIn[ref]
    else if contains(ref, '/') || std.member(external, ref) then null
    else fail(where, 'there is no module %s; there are %s' % [ref, list(std.objectFields(own))]);
  local written = filled('modules', [writtenModule(m, signatures) for m in ms]) + filled('templates', [writtenTemplate(t, signatures) for t in ts]);
  forced(written, written);

{
  file:: file,

  // Modules. What is left out of args and params has its default.
  module:: module,
  unchecked(args):: checkArgs('pt.unchecked', args) { [uncheckedField]:: true },
  declare:: declare,
  type:: types,
  container:: call('polytope/container', ownId),
  node:: call('polytope/node', ownId),
  python:: call('polytope/python', ownId),
  pythonSimple:: call('polytope/python!simple', nothing),
  postgres:: call('polytope/postgres', nothing),
  postgresSimple:: call('polytope/postgres!simple', nothing),
  redpanda:: call('polytope/redpanda', nothing),
  redpandaConnect:: call('polytope/redpanda!connect', nothing),
  redpandaConsole:: call('polytope/redpanda!console', nothing),
  buildImage:: call('polytope/build-image', nothing),
  helloWorld:: call('polytope/hello-world', nothing),

  // Templates.
  template:: template,
  step:: step,

  // References, texts with references, and texts that look like references.
  value(name):: reference('value', name),
  secret(name):: reference('secret', name),
  param(name):: reference('param', name),
  interp(parts):: interp(parts),
  format(template, references):: format(template, references),
  literal(text)::
    if !std.isString(text) then fail('pt.literal', 'it takes a text, not %s' % shown(text))
    else object('text', if looksLikeReference(text) then '#pt-js ' + jsString(text) else text),

  // Code, and params that are texts and are used as something else.
  js(source):: code('js', source),
  clj(source):: code('clj', source),
  py(source):: code('py', source),
  asInt(param):: converted(param, 'parseInt(', ')'),
  asNum(param):: converted(param, 'parseFloat(', ')'),
  asBool(param):: converted(param, '', " === 'true'"),

  // What is mounted, and where.
  host(path):: sourceOf('host', { path: path }),
  volume(id=null, scope='project', create=null, source=null)::
    local where = 'the volume ' + shown(id);
    sourceOf('volume', {
      id: if id == null || isDynamic(id) then id else checkId(where, id),
      scope: checkEnum(where, scope, ['project', 'job']),
      create: checkEnum(where, create, ['never', 'when-missing', 'always']),
      source: source,
    }),
  string(data):: sourceOf('string', { data: data }),
  dataset(dataset, path=null, version=null):: sourceOf('dataset', { dataset: dataset, path: path, version: version }),
  repo(repo=null, path=null, revision=null):: sourceOf('repo', { repo: repo, path: path, revision: revision }),
  mount:: mount,
  mounts:: mounts,

  // Ports and services.
  port:: port,
  http(number, expose=null, internal=null, label=null):: port(number, 'http', expose, internal, label),
  https(number, expose=null, internal=null, label=null):: port(number, 'https', expose, internal, label),
  tcp(number, expose=null, internal=null, label=null):: port(number, 'tcp', expose, internal, label),
  udp(number, expose=null, internal=null, label=null):: port(number, 'udp', expose, internal, label),
  range:: range,
  service:: service,
  services:: services,

  env:: env,
}
