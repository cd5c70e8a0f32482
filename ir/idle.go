package ir

import "slices"

// IdleModules are the modules that no step of a template runs, directly or by
// others. A file without templates stands for its module, and none is idle.
func IdleModules(f *File) []*Module {
	if len(f.Templates) == 0 {
		return nil
	}
	used := map[string]bool{}
	for _, t := range f.Templates {
		for _, s := range t.Run {
			for m := f.Module(s.Call.Module); m != nil && !used[m.ID]; m = f.Module(m.Call.Module) {
				used[m.ID] = true
				if m.Call == nil {
					break
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(f.Modules), func(m *Module) bool { return used[m.ID] })
}

// Uncalled are those of some modules that no other of them calls.
func Uncalled(modules []*Module) []*Module {
	return slices.DeleteFunc(slices.Clone(modules), func(m *Module) bool {
		return slices.ContainsFunc(modules, func(o *Module) bool { return o != m && o.Call != nil && o.Call.Module == m.ID })
	})
}
