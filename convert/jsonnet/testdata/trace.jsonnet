{ services: std.trace('hello', {}) }
