{ service: {}, version: '3' }
