local a = import 'lib/a.libsonnet';
{ services: { web: a.web { command: importstr 'lib/command.txt', labels: [std.toString(importbin 'lib/command.txt')] }, vendored: import 'vendored.libsonnet' } }
