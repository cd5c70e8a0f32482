package rewrite

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hull/ir"
)

// Rebase changes the host paths of a file that moves from one folder to
// another, both absolute, so that they lead where they did, and the paths of
// files that values and secrets are the content of. A host's path that begins
// with ./ is relative to the working directory (the Polytope reference,
// "mount-source"): it stays, as does one that a value or secret begins.
func Rebase(f *ir.File, from, to string) {
	if from == to {
		return
	}
	m := move{from, to}
	ir.Walk(f, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Map:
			if kind, _ := n.Get("type").(*ir.String); kind != nil && kind.Value == "host" {
				m.host(n.Get("path"))
			}
		case *ir.Binding:
			n.Default = m.word(n.Default)
		}
		return true
	})
}

// move is a file's from one folder to another.
type move struct{ from, to string }

// host changes a host's path, or the text that it begins with.
func (m move) host(x ir.Expr) {
	if text, ok := x.(*ir.Interp); ok && len(text.Parts) > 0 {
		x = text.Parts[0]
	}
	if host, ok := x.(*ir.String); ok && isFileRelative(host.Value) {
		host.Value = m.path(host.Value)
	}
}

// word is a word that reads the same files.
func (m move) word(w ir.Word) ir.Word {
	w = slices.Clone(w)
	for i, p := range w {
		switch p := p.(type) {
		case ir.FileContent:
			if !path.IsAbs(p.Path) && !strings.HasPrefix(p.Path, "~") {
				w[i] = ir.FileContent{Path: m.path(p.Path)}
			}
		case ir.Variable:
			p.Arg = m.word(p.Arg)
			w[i] = p
		}
	}
	return w
}

// path is a path from the new folder. One that ends in a slash may be the
// beginning of another.
func (m move) path(p string) string {
	moved, err := filepath.Rel(m.to, filepath.Join(m.from, filepath.FromSlash(p)))
	if err != nil {
		return p
	}
	moved = filepath.ToSlash(moved)
	if strings.HasSuffix(p, "/") {
		moved += "/"
	}
	return moved
}

func isFileRelative(p string) bool {
	return p != "" && !path.IsAbs(p) && p != "." && !strings.HasPrefix(p, "./") && !strings.HasPrefix(p, "~")
}
