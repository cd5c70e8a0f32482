{ services: {}, assert std.length(self.services) > 0 : 'there are no services' }
