{ web: (import 'b.libsonnet')('nginx'), file:: std.thisFile }
