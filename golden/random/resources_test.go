package random

import "path"

// sections are the resources of a compose file, and what defines one of each.
var sections = []struct {
	name    string
	percent int
	define  func(*document, string) any
}{
	{"volumes", 50, (*document).volume},
	{"configs", 20, (*document).config},
	{"secrets", 20, (*document).secret},
	{"networks", 25, (*document).network},
}

// declare chooses the names of the resources.
func (d *document) declare() {
	for _, s := range sections {
		if !d.chance(s.percent) || s.name == "networks" && !d.isNetworked {
			continue
		}
		taken := d.taken
		d.generator.taken = d.namesOf(s.name)
		for range 1 + d.below(3) {
			d.resources[s.name] = append(d.resources[s.name], d.freshName(resourceNames))
		}
		d.generator.taken = taken
	}
}

// namesOf are the names of a section that files of the project have.
func (d *document) namesOf(section string) map[string]bool {
	if d.sectionNames == nil {
		d.generator.sectionNames = map[string]map[string]bool{}
	}
	if d.sectionNames[section] == nil {
		d.sectionNames[section] = map[string]bool{}
	}
	return d.sectionNames[section]
}

// define writes the resources down.
func (d *document) define() {
	for _, s := range sections {
		all := object{}
		for _, name := range d.resources[s.name] {
			all.set(name, s.define(d, name))
		}
		if len(all) > 0 {
			d.top.set(s.name, all)
		}
	}
}

func (d *document) volume(string) any {
	switch d.below(8) {
	case 0:
		return object{}
	case 1:
		return object{{"driver", pick(d.source, "local", "nfs", "${DRIVER:-local}")}, {"driver_opts", object{{"type", "nfs"}, {"n", 1}}}}
	case 2:
		return object{{"external", true}}
	case 3:
		return object{{"external", true}, {"name", pick(d.source, "other", "o-${RELEASE:-t}")}}
	case 4:
		return object{{"name", pick(d.source, "real", "${NAME:-real}-data")}, {"labels", d.labels()}}
	}
	return nil
}

func (d *document) config(name string) any {
	switch d.below(6) {
	case 0:
		if d.dir != "." { // compose-go refuses included ones whose variable is set
			return object{{"content", ""}}
		}
		return object{{"environment", pick(d.source, "STYLE", "WELCOME", "CONFIG_TEXT")}}
	case 1:
		return object{{"file", "./" + d.sideFile("conf", d.raw())}}
	case 2:
		return object{{"file", d.sideFile("conf", "x = 1\n")}, {"name", "named-" + name}}
	case 3:
		return object{{"external", true}}
	}
	return object{{"content", d.styledText()}}
}

func (d *document) secret(name string) any {
	switch d.below(6) {
	case 0:
		return object{{"environment", pick(d.source, "ROOT_PASSWORD", "APP_TOKEN", "SECRET_TEXT")}}
	case 1:
		return object{{"external", true}}
	case 2:
		return object{{"external", true}, {"name", "theirs-" + name}}
	case 3:
		return object{{"file", d.sideFile("txt", pick(d.source, "s3cret", "", "a\nb", "s3cret\n\n"))}, {"labels", d.labels()}}
	}
	return object{{"file", "./" + d.sideFile("txt", "s3cret\n")}}
}

func (d *document) network(string) any {
	switch d.below(7) {
	case 0:
		return object{{"internal", true}}
	case 1:
		return object{{"external", true}}
	case 2:
		return object{{"driver", pick(d.source, "bridge", "overlay")}, {"driver_opts", object{{"mtu", 1400}}}, {"attachable", true}}
	case 3:
		return object{{"name", "net-${RELEASE:-t}"}, {"enable_ipv6", true}, {"labels", d.labels()}}
	case 4:
		return object{{"ipam", object{{"driver", "default"}, {"config", list{object{{"subnet", "172.28.0.0/16"}, {"gateway", "172.28.0.1"}}}}}}}
	}
	return nil
}

// hostPath is a path of the host; those that begin with a dot are relative to
// the file's folder.
func (d *document) hostPath() string {
	return pick(d.source, "./src", "./", "../"+path.Base("shared"), "/var/run/docker.sock", "/etc/localtime", "~/cfg", "./a b", "./${DIR:-dir}", "./deep/er", "/abs/$$x", "./{x}", "${ROOT:-/srv}/x")
}
