{
  services: import 'lib/broken.libsonnet',
}
