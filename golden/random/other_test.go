package random

import (
	"path"
)

// unmapped are the attributes without counterpart in Polytope.
var unmapped = []attribute{
	is("privileged", true, false, "${FLAG:-true}"),
	is("cap_add", list{"NET_ADMIN"}, list{"ALL", "SYS_TIME"}),
	is("cap_drop", list{"ALL"}),
	is("ulimits", object{{"nofile", 1024}}, object{{"nproc", 65535}, {"nofile", object{{"soft", 1}, {"hard", 2}}}}),
	is("sysctls", object{{"net.core.somaxconn", 1024}}, list{"net.ipv4.tcp_syncookies=0"}),
	is("logging", object{{"driver", "json-file"}, {"options", object{{"max-size", "10m"}}}}, object{{"driver", "none"}}),
	is("dns", "1.1.1.1", list{"8.8.8.8", "9.9.9.9"}),
	is("dns_opt", list{"use-vc"}),
	is("dns_search", "example.com", list{"a", "b"}),
	is("extra_hosts", list{"host.docker.internal:host-gateway"}, object{{"somehost", "10.0.0.1"}}, list{"a=1.2.3.4", "b:::1"}),
	is("devices", list{"/dev/ttyUSB0:/dev/ttyUSB0"}, list{"/dev/fuse"}, list{object{{"source", "/dev/x"}, {"target", "/dev/y"}, {"permissions", "rw"}}}),
	is("device_cgroup_rules", list{"c 1:3 mr"}),
	is("tmpfs", "/run", list{"/tmp", "/run:size=64m"}),
	is("shm_size", "64m", 1000000),
	is("init", true, false, "true"),
	is("ipc", "host", "shareable"),
	is("pid", "host"),
	is("uts", "host"),
	is("cgroup", "host", "private"),
	is("cgroup_parent", "m-executor"),
	is("userns_mode", "host"),
	is("security_opt", list{"no-new-privileges:true"}, list{"label:disable", "seccomp=unconfined"}),
	is("gpus", "all", list{object{{"driver", "nvidia"}, {"count", 2}, {"capabilities", list{"gpu"}}}}),
	is("stop_grace_period", "30s", "1m30s", "${T:-5s}"),
	is("stop_signal", "SIGINT"),
	is("annotations", object{{"com.example", "x"}}, list{"a=b"}),
	is("blkio_config", object{{"weight", 300}, {"device_read_bps", list{object{{"path", "/dev/sdb"}, {"rate", "12mb"}}}}}),
	is("read_only", true, false),
	is("group_add", list{"mail", 1000}),
	is("mac_address", "02:42:ac:11:65:43"),
	is("domainname", "example.com"),
	is("external_links", list{"other", "x:y"}),
	is("oom_kill_disable", true, false),
	is("oom_score_adj", 100, -500),
	is("cpu_shares", 73), is("cpuset", "0,1"), is("cpu_count", 2), is("cpu_percent", 50), is("cpu_period", 20000), is("cpu_quota", "50000"),
	is("cpu_rt_runtime", 400000), is("cpu_rt_period", 1400),
	is("mem_swappiness", 60), is("memswap_limit", "2g"),
	is("attach", true, false),
	is("runtime", "runc"),
	is("isolation", "default"),
	is("platform", "linux/amd64"),
	is("storage_opt", object{{"size", "1G"}}),
	is("credential_spec", object{{"file", "spec.json"}}),
	is("post_start", list{object{{"command", "./setup.sh"}, {"user", "root"}}}, list{object{{"command", list{"a", "$$b"}}, {"environment", list{"A=b"}}}}),
	is("pre_stop", list{object{{"command", "./down.sh"}}}),
	is("develop", object{{"watch", list{object{{"path", "./src"}, {"action", "sync"}, {"target", "/src"}, {"ignore", list{"node_modules/"}}}, object{{"path", "p.json"}, {"action", "rebuild"}}}}}),
	is("x-own", "text", object{{"a", list{1, 2}}}, nil),
	{"network_mode", 8, (*service).networkMode, func(s *service) bool { return !s.isNetworked }},
	{"pids_limit", 3, func(s *service) any { return pick[any](s.source, 100, "200", -1) }, isShort},
	{"volumes_from", 3, func(s *service) any {
		if t := s.targets(); len(t) > 0 {
			return list{pick(s.source, t...).name + pick(s.source, "", ":ro")}
		}
		return list{"container:other"}
	}, nil},
	{"label_file", 2, func(s *service) any { return "./" + s.sideFile("labels", "a=b\nc=d e\n") }, nil},
}

// is is a rare attribute with one of several values.
func is(name string, values ...any) attribute {
	return attribute{name, 3, func(s *service) any { return pick(s.source, values...) }, nil}
}

func (s *service) networkMode() any {
	if t := s.targets(); len(t) > 0 && s.chance(40) {
		return "service:" + pick(s.source, t...).name
	}
	return pick[any](s.source, "host", "bridge", "none", "container:other")
}

var dockerfiles = []string{"FROM alpine\n", "FROM node:20\nEXPOSE 3000 9229/udp\nCMD [\"node\"]\n", "FROM alpine AS a\nFROM a AS b\nARG P=8080\nEXPOSE $P\nVOLUME /data\n", "FROM postgres:16\n", ""}

// build draws a build with its Dockerfile.
func (s *service) build() any {
	dir := pick(s.source, ".", "./app", "./Other Dir", "app")
	if s.chance(10) {
		return pick(s.source, "https://github.com/org/repo.git#main", "git@github.com:org/repo.git")
	}
	s.files[path.Join(s.dir, dir, "Dockerfile")] = pick(s.source, dockerfiles...)
	if s.chance(45) {
		return dir
	}
	b := object{{"context", dir}}
	switch {
	case s.isInline && s.chance(60):
		b.set("dockerfile_inline", pick(s.source, "FROM alpine\n", "FROM alpine\nRUN echo $$HOME\nEXPOSE 9000\n"))
	case !s.isInline && s.chance(40):
		s.files[path.Join(s.dir, dir, "docker/Dev.dockerfile")] = pick(s.source, dockerfiles...)
		b.set("dockerfile", "docker/Dev.dockerfile")
	}
	return append(b, some(s.source, 7, s.buildOptions()...)...)
}

func (s *service) buildOptions() []entry {
	return []entry{
		{"target", pick(s.source, "a", "b", "${STAGE:-b}")},
		{"args", pick[any](s.source, object{{"A", s.text()}, {"B", nil}}, list{"P=9000", "Q"})},
		{"labels", s.labels()},
		{"tags", list{"app:built", "org/app:${RELEASE:-x}"}},
		{"cache_from", list{"type=local,src=path"}},
		{"cache_to", list{"type=local,dest=path"}},
		{"no_cache", true},
		{"pull", true},
		{"network", "host"},
		{"platforms", list{"linux/amd64", "linux/arm64"}},
		{"shm_size", "2gb"},
		{"extra_hosts", list{"a:1.2.3.4"}},
		{"ssh", list{"default"}},
		{"additional_contexts", object{{"res", "./res"}}},
		{"privileged", true},
		{"isolation", "default"},
		{"ulimits", object{{"nofile", 100}}},
		{"entitlements", list{"network.host"}},
		{"provenance", true},
		{"sbom", true},
	}
}
