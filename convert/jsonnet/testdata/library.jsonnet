local pt = import 'hull/polytope.libsonnet';
local database(name) = pt.postgres(name, { 'container-id': name, 'service-id': name, 'data-volume': pt.volume(name + '-data') });
pt.file(
  templates=[pt.template('stack', ['db', 'api'])],
  modules=[
    database('db'),
    pt.container('api', {
      image: pt.format('api:%s', [pt.value('tag')]),
      env: { DB: pt.format('postgres://app:%s@db', [pt.secret('password')]), LITERAL: pt.literal('{pt.value x}') },
      services: { api: [pt.http(4000, expose=pt.value('port')), pt.range('8000-8010', 'tcp', internal=true)] },
    }) + { args+: { cmd: ['run'] } },
  ],
)
