function(image) { image: image }
