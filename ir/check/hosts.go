package check

import (
	"regexp"
	"slices"
	"strings"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/diag"
)

// checkHosts reports host names that look like those of services, and that no
// service in the file has. It errs on the side of silence: a name counts only
// where it stands in a URL with a port, or as host:port in something that is
// named for it, and only where all services of the file are known. A file
// without a template is part of a stack that is put together elsewhere.
func checkHosts(p *pass) {
	ids, known := p.serviceIDs()
	if !known || p.file.Partial || len(p.file.Templates) == 0 {
		return
	}
	report := func(host string, at place) {
		p.report(finding{
			at: at, message: "no service is called " + host,
			help: diag.DidYouMean(host, ids, "a container is reached by the id of a service that it has"),
		})
	}
	expect := func(hosts []string, at place) {
		for _, host := range hosts {
			if !slices.Contains(ids, host) {
				report(host, at)
			}
		}
	}
	p.spots(func(s spot) {
		expect(brokerHost(s.m), s.at)
		for _, e := range s.m.Entries {
			name := e.Key
			if n := textOf(s.m.Get("name")); e.Key == "value" && n != "" {
				name = n
			}
			if e.Key == "image" {
				continue
			}
			expect(hostsIn(name, e.Value), s.at.key(rangeOf(e.Value), e.Key))
		}
	})
	for _, b := range p.file.Bindings {
		if text, ok := b.Default.Eval(ir.Unset); ok && b.Kind == ir.ValueRef {
			expect(hostsIn(b.Name, ir.Str(text)), place{rng: b.Rng, path: "values." + b.Name})
		}
	}
}

// brokerHost is the host of a map {host: h, port: p}.
func brokerHost(m *ir.Map) []string {
	host := textOf(m.Get("host"))
	if m.Get("port") == nil || !isServiceName(host) {
		return nil
	}
	return []string{host}
}

var (
	// urlHost is the host of a URL with a port. What stands before an "@" is a
	// user and a password.
	urlHost = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/@\s'"]*@)?([a-zA-Z0-9_.-]+):(?:[0-9]+|\x00)(?:[^@0-9\x00]|$)`)
	// addresses is a list of host:port.
	addresses = regexp.MustCompile(`^[a-zA-Z0-9_.-]+:(?:[0-9]{2,5}|\x00)(?:,[a-zA-Z0-9_.-]+:(?:[0-9]{2,5}|\x00))*$`)
	// addressNames are names of what holds host:port.
	addressNames = regexp.MustCompile(`(?:^|_)(?:host|hosts|url|urls|uri|addr|address|addresses|server|servers|broker|brokers|` +
		`endpoint|endpoints|bootstrap_servers|upstream|nodes|cluster|dsn|origin|backend)(?:_|$)`)
	serviceName = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
)

// hostsIn are the names in a text that can only be those of services.
func hostsIn(name string, x ir.Expr) []string {
	if l, ok := x.(*ir.List); ok {
		var all []string
		for _, item := range l.Items {
			all = append(all, hostsIn(name, item)...)
		}
		return all
	}
	text := template(x)
	var all []string
	for _, m := range urlHost.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	if len(all) == 0 && addressNames.MatchString(ir.SnakeCase(name)) && addresses.MatchString(text) {
		for _, address := range strings.Split(text, ",") {
			host, _, _ := strings.Cut(address, ":")
			all = append(all, host)
		}
	}
	return slices.DeleteFunc(all, func(host string) bool { return !isServiceName(host) })
}

// template is a text with NUL for each reference in it.
func template(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.String:
		return x.Value
	case *ir.Interp:
		var b strings.Builder
		for _, p := range x.Parts {
			if s, ok := p.(*ir.String); ok {
				b.WriteString(s.Value)
			} else {
				b.WriteByte(0)
			}
		}
		return b.String()
	}
	return ""
}

// isServiceName tells whether a host can only be a service's: one label, and
// none that every machine knows.
func isServiceName(host string) bool {
	return serviceName.MatchString(host) && host != "localhost" && host != "unix"
}

// serviceIDs are the ids of all services that the file's calls can provide;
// known is false where some cannot be told.
func (p *pass) serviceIDs() (ids []string, known bool) {
	known = true
	for _, s := range p.sites {
		ref, args := p.end(&ir.Call{Module: s.call.Module, Args: substitute(s.call.Args, s.params, nil)})
		found, ok := p.servicesOf(ref, args, s)
		ids, known = append(ids, found...), known && ok
	}
	return ids, known
}

// servicesOf are the services of the module that a call ends in.
func (p *pass) servicesOf(ref string, args *ir.Map, s site) (ids []string, known bool) {
	m, isBuiltin := builtin.Lookup(ref)
	switch {
	case p.local[ref] != nil, isBuiltin && m.Call == nil && ref != builtin.Container:
		return nil, true // runs code, which opens no services that hull knows of
	case ref == builtin.Container:
		return listedServices(args.Get("services"))
	}
	if _, isPublic := publicModules[ref]; !isPublic && !isBuiltin {
		return nil, false
	}
	return likelyServices(ref, args, s), true
}

// listedServices are the ids in a list of services.
func listedServices(x ir.Expr) (ids []string, known bool) {
	l, ok := x.(*ir.List)
	if !ok {
		return nil, ir.IsNull(x) || isParam(x)
	}
	for _, item := range l.Items {
		m, ok := item.(*ir.Map)
		if !ok {
			return nil, false
		}
		id := m.Get("id")
		if !isString(id) && !isParam(id) {
			return nil, false
		}
		ids = append(ids, textOf(id))
	}
	return ids, true
}

// isParam holds for params that nothing was passed to: who calls the module
// does, and is looked at as well.
func isParam(x ir.Expr) bool {
	ref, ok := x.(*ir.Ref)
	return ok && ref.Kind == ir.ParamRef
}

// likelyServices are the names that the services of a module can have whose
// body is not public, or whose arguments are not known: its own, and all that
// the call says.
func likelyServices(ref string, args *ir.Map, s site) []string {
	_, name, _ := strings.Cut(ref, "/")
	project, variant, _ := strings.Cut(name, "!")
	ids := []string{project, variant, project + "-" + variant}
	if s.module != nil {
		ids = append(ids, s.module.ID)
	}
	if args != nil {
		ir.Walk(args, func(n ir.Node) bool {
			if text, ok := n.(*ir.String); ok && ir.IsID(text.Value) {
				ids = append(ids, text.Value)
			}
			return true
		})
	}
	return ids
}
