local port(n) =
  assert n > 0 : 'a port is positive, not %d' % n;
  n;
local service(n) = { ports: [port(n)] };
{ services: { web: service(1), db: service(-1) } }
