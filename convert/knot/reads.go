package knot

import (
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// missing are the variables that the logic of a template reads and that are
// not set, in the order of their use.
func (s *source) missing(t *template.Template) []string {
	var out []string
	for _, each := range definedIn(t) {
		out = append(out, s.unset(readsIn(each.Root, true))...)
	}
	return out
}

// unset are the variables of a list that are not set, each once.
func (s *source) unset(variables []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, v := range variables {
		if _, isSet := s.opts.Set[v]; !isSet && !seen[v] {
			out = append(out, v)
		}
		seen[v] = true
	}
	return out
}

// definedIn are the trees of a template: its own, then those that it defines,
// by name.
func definedIn(t *template.Template) []*parse.Tree {
	var trees []*parse.Tree
	if t.Tree != nil && t.Root != nil {
		trees = append(trees, t.Tree)
	}
	others := t.Templates()
	slices.SortFunc(others, func(a, b *template.Template) int { return strings.Compare(a.Name(), b.Name()) })
	for _, o := range others {
		if o.Name() != t.Name() && o.Tree != nil && o.Root != nil {
			trees = append(trees, o.Tree)
		}
	}
	return trees
}

func readsOf(n parse.Node) []string { return readsIn(&parse.ListNode{Nodes: []parse.Node{n}}, true) }

// readsIn lists the variables that the logic of a list reads; those that it
// only prints do not count.
func readsIn(list *parse.ListNode, dotIsRoot bool) []string {
	if list == nil {
		return nil
	}
	var out []string
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if plainVariable(n, dotIsRoot) == "" {
				out = append(out, readsOfPipe(n.Pipe, dotIsRoot)...)
			}
		case *parse.IfNode:
			out = append(out, readsOfBranch(&n.BranchNode, dotIsRoot, dotIsRoot)...)
		case *parse.WithNode:
			out = append(out, readsOfBranch(&n.BranchNode, dotIsRoot, false)...)
		case *parse.RangeNode:
			out = append(out, readsOfBranch(&n.BranchNode, dotIsRoot, false)...)
		case *parse.TemplateNode:
			if n.Pipe != nil && !isDot(n.Pipe) {
				out = append(out, readsOfPipe(n.Pipe, dotIsRoot)...)
			}
		}
	}
	return out
}

// isDot tells whether a template is given all that there is, which it need not
// read.
func isDot(p *parse.PipeNode) bool { return p.String() == "." || p.String() == "$" }

func readsOfBranch(b *parse.BranchNode, dotIsRoot, inside bool) []string {
	out := readsOfPipe(b.Pipe, dotIsRoot)
	out = append(out, readsIn(b.List, inside)...)
	return append(out, readsIn(b.ElseList, dotIsRoot)...)
}

func readsOfPipe(p *parse.PipeNode, dotIsRoot bool) []string {
	var out []string
	for _, c := range p.Cmds {
		args := c.Args
		if v := indexed(args, dotIsRoot); v != "" {
			out = append(out, v)
			args = args[3:]
		}
		for _, a := range args {
			out = append(out, readsOfArg(a, dotIsRoot)...)
		}
	}
	return out
}

// indexed is the variable of "index .var "name"", the way to names that cannot
// stand behind a dot.
func indexed(args []parse.Node, dotIsRoot bool) string {
	if len(args) < 3 || args[0].String() != "index" {
		return ""
	}
	name, ok := args[2].(*parse.StringNode)
	group := variableOf(args[1], dotIsRoot)
	if !ok || group == "" {
		return ""
	}
	return group + "." + name.Text
}

func readsOfArg(n parse.Node, dotIsRoot bool) []string {
	switch n := n.(type) {
	case *parse.PipeNode:
		return readsOfPipe(n, dotIsRoot)
	case *parse.ChainNode:
		return readsOfArg(n.Node, dotIsRoot)
	case *parse.DotNode:
		if dotIsRoot {
			return []string{"*"}
		}
	case *parse.VariableNode:
		if len(n.Ident) == 1 && n.Ident[0] == "$" {
			return []string{"*"}
		}
	}
	if v := variableOf(n, dotIsRoot); v != "" {
		return []string{v}
	}
	return nil
}
