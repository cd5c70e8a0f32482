function(image, replicas=1, file='')
  { services: { web: { image: image, replicas: replicas, file: file, str: std.extVar('str'), code: std.extVar('code'), codeFile: std.extVar('codeFile'), strFile: std.extVar('strFile') } } }
