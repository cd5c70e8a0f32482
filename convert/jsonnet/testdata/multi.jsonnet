// With multi: each field is a file.
{ 'web/compose.yaml': { services: {} }, 'polytope.json': { templates: [] }, '../out.yaml': { services: {} }, 'x.yaml': { service: {} } }
