// A job specification and volume definitions: two documents.
[{ image: 'nginx', volumes: ['data:/data'] }, { volumes: { data: {} } }]
