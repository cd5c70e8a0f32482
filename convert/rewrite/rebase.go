package rewrite

import (
	"path"
	"path/filepath"
	"strings"

	"hull/ir"
)

// Rebase changes the host paths of a file that moves from one folder to
// another, both absolute, so that they lead where they did. Only paths that are
// relative to the file are: one that begins with ./ is relative to the working
// directory (the Polytope reference, "mount-source").
func Rebase(f *ir.File, from, to string) {
	if from == to {
		return
	}
	ir.Walk(f, func(n ir.Node) bool {
		m, ok := n.(*ir.Map)
		if !ok {
			return true
		}
		kind, _ := m.Get("type").(*ir.String)
		host, _ := m.Get("path").(*ir.String)
		if kind != nil && kind.Value == "host" && host != nil && isFileRelative(host.Value) {
			if moved, err := filepath.Rel(to, filepath.Join(from, filepath.FromSlash(host.Value))); err == nil {
				host.Value = filepath.ToSlash(moved)
			}
		}
		return true
	})
}

func isFileRelative(p string) bool {
	return p != "" && !path.IsAbs(p) && p != "." && !strings.HasPrefix(p, "./") && !strings.HasPrefix(p, "~")
}
