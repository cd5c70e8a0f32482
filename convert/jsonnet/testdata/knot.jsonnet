{ image: 'nginx', container_name: '${{ .user.username }}-web', ports: ['80:80/tcp'] }
