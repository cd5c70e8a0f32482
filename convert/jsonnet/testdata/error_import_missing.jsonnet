{ services: import 'lib/nothing.libsonnet' }
