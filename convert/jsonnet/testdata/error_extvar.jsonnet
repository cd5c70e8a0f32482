{ services: std.extVar('absent') }
