{ image: 'vendored', file: std.thisFile }
