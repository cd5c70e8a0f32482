// A file with everything that Polytope has.
local pt = import 'hull/polytope.libsonnet';
local t = pt.type;

pt.file(
  templates=[
    pt.template(
      'stack',
      [
        pt.step('web', { 'some-port': '1', t: {}, r: 'a', e: 1 }),
        'polytope/hello-world',
        // Last.
        pt.step(
          'polytope/hello-world',
          { message: '100% pt.param size' },
          id='second',
          after='web',
          condition='always',
        ),
      ],
      params=[pt.declare('size', t.default(t.int, 3), name='Size', info='How large.')],
      info='All of it.',
    ),
    pt.template('empty', []),
  ],
  modules=[
    // The page.
    pt.container(
      'web',
      {
        // the version
        image: pt.format('nginx:%s', [pt.value('tag')]),
        cmd: ['sh', '-c', pt.interp(['echo \'a\' "b" \\ ', pt.param('a'), '%s'])],
        env: pt.env([
          // First of all.
          { Z: pt.value('z') },
          { A: 1 },
          { LITERAL: pt.literal('pt.secret x') },
          { JSON: pt.format('{"a": "%s"}', [pt.secret('b')]) },
          { NONE: null },
          { YES: true },
          { WIKI: 'pt.wikipedia.org' },
          { UNICODE: 'ä → 🐙' },
        ]),
        mounts: [
          pt.mount('/data', pt.volume('data')),
          pt.mount('/b', pt.volume(scope='job', create='always', source=pt.host('x'))),
          pt.mount('/c', pt.volume(scope=null)),
          pt.mount(
            '/d',
            pt.string(|||
              a
              b
            |||),
          ),
          pt.mount('/e', pt.string('a\n  b\n\nc')),
          pt.mount('/f', pt.dataset('x', path='y', version=3)),
          pt.mount('/g', pt.repo()),
          pt.mount('/h', pt.repo(repo='x', path='y', revision='z')),
          pt.mount('/i', pt.param('m')),
        ],
        services: {
          web: [
            pt.http(80, expose=pt.asInt('some-port'), label='main'),
            pt.https(443, internal=true),
            pt.range('8000-8010', 'udp', expose='9000-9010'),
            pt.tcp(pt.param('t')),
          ],
        },
        restart: { policy: 'always', 'max-restarts': 1.5 },
      },
      params=[
        pt.declare('a', t.default(t.str, "it's")),
        pt.declare('some-port', t.str),
        pt.declare('t', t.record({ z: t.list(t.int), a: t.either([t.str, t.list(t.num)]), m: t.map(t.str, t.any) })),
        pt.declare('r', t.regex('^[a-z]+\\.$')),
        pt.declare('e', t.enum([1, 'two', true, null])),
        pt.declare('m', t.maybe(t.list(t.envVar))),
        pt.declare(
          'n',
          t.maybe(t.record({ policy: t.enum(['always', 'on-failure']), 'max-restarts': t.maybe(t.int) })),
        ),
        pt.declare('d', t.default(t.dataSize, '512MB')),
      ],
      info='A page.',
    ),
    pt.module(
      'other',
      'polytope/container',
      {
        image: 'x',
        id: 'different',
        services: [{ id: 'z', ports: [{ port: 0, protocol: 'tcp' }] }],
        mounts: [{ path: 'relative', source: { type: 'x' } }],
        env: pt.param('x'),
      },
      params={ x: t.any },
    ),
    pt.module(
      'code',
      code=pt.clj(|||-
        (let [a 1]
          (println a))
      |||),
      params={ a: t.int, b: t.bool },
      apiVersion='1',
      default=true,
    ),
    pt.module('call', 'code', { a: pt.asNum('q'), b: pt.param('q') }, params={ q: t.str }),
    pt.buildImage('image', { sources: { '/': pt.host('.') }, tags: ['a'] }),
    pt.module('unknown', 'owner/project@v1:some/path!id', {
      x: {},
      y: [],
      z: [[], {}],
      'with space': 1,
      'local': 2,
      "it's": 3,
    }),
  ],
)
