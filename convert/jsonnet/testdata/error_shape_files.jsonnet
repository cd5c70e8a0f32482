{ 'compose.yaml': { services: {} }, 'polytope.yml': {} }
