std.manifestYamlDoc({ services: { web: { image: 'nginx' } } })
