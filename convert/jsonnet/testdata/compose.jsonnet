// A function makes each service, and the environment is shared.
local service(image, port) = {
  image: image,
  ports: ['%d:%d' % [port, port]],
  environment: { LOG_LEVEL: 'info' },
};
{
  services: {
    web: service('nginx:1.27', 80) { environment+: { API: 'http://api:4000' } },
    api: service('api', 4000),
  },
}
