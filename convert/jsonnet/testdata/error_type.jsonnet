{ services: { 'ä': 1 + [].x } }
