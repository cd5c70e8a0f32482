local pt = import 'hull/polytope.libsonnet';
pt.file(modules=[
  pt.container('web', {
    image: 'nginx',
    services: { web: [
      pt.http(80),
      pt.http(80800),
    ] },
  }),
])
