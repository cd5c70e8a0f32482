// The guestbook of golden/testdata/guestbook, written by hand.
local pt = import 'hull/polytope.libsonnet';

// A container whose port on the host is a value: values are texts, so that a module beside it makes a number of it.
local published(id, portOnHost, args, port) = [
  pt.module(id, id + '-base', { port: pt.value(id + '_port') }),
  pt.module(
    id + '-base',
    'polytope/container',
    { id: id, services: [pt.service(id, [pt.http(port, expose=pt.asInt('port'))])] } + args,
    params={ port: pt.type.default(pt.type.str, portOnHost) },
  ),
];
local databaseURL = pt.format('postgres://app:%s@db:5432/guestbook', [pt.secret('db_password')]);
local run = [
  'web',
  'api-image',
  pt.step('api', after='migrate', condition='success'),
  pt.step('migrate', after='api-image'),
  'db',
];

pt.file(
  templates=[pt.template('stack', run), pt.template('debug', run + ['adminer'])],
  modules=published('web', '8080', port=80, args={
    image: pt.format('nginx:%s', [pt.value('nginx_tag')]),
    env: pt.env({ API_URL: pt.value('web_api_url') }),
    mounts: pt.mounts({ '/usr/share/nginx/html': pt.host('site') }),
  }) + [
    pt.buildImage('api-image', { sources: { '/': pt.host('api') }, tags: ['guestbook-api'] }),
    // Serves the entries as JSON.
    pt.container('api', {
      image: 'guestbook-api',
      cmd: ['./server', '--verbose'],
      env: { DATABASE_URL: databaseURL, LOG_LEVEL: pt.value('api_log_level') },
      restart: { policy: 'always' },
      services: { api: [pt.http(4000, internal=true)] },
    }),
    pt.container('migrate', { image: 'guestbook-api', cmd: ['./migrate', 'up'], env: { DATABASE_URL: databaseURL } }),
    pt.postgres('db', {
      image: 'postgres:16',
      'container-id': 'db',
      'service-id': 'db',
      env: pt.env([
        { POSTGRES_USER: pt.value('db_postgres_user') },
        { POSTGRES_PASSWORD: pt.secret('db_password') },
        { POSTGRES_DB: pt.value('db_postgres_db') },
      ]),
      'data-volume': pt.volume('db-data'),
    }),
  ] + published('adminer', '8081', port=8080, args={ image: 'adminer:4' }),
)
