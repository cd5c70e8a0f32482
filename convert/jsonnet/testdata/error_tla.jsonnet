function(missing) { services: {} }
