{ services: { web: function(x) x } }
