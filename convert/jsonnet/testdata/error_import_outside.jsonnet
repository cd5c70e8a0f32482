{ services: importstr '/etc/passwd' }
