package compose

import (
	"strings"

	"hull/ir/diag"
)

// attribute says what becomes of one attribute of the compose model. The table
// of them drives the reader, the documentation and the completeness test.
type attribute struct {
	// path names the attribute: "*" is any key, "[]" any item of a list.
	path string
	fate fate
	// becomes says in a few words where the attribute goes, or what is
	// missing without it.
	becomes string
	// codes are the diagnostics that the conversion of the attribute may
	// give; the first is the one that the attribute's mere presence gives.
	codes []string

	// The rest is for attributes whose mere presence is reported.
	severity diag.Severity
	noun     string // "a healthcheck"
	help     string
	silent   []string // values that ask for nothing
}

// fate is a diag.Fate, or that all is well.
type fate string

const (
	kept         fate = "kept"
	approximated fate = fate(diag.Approximated)
	dropped      fate = fate(diag.Dropped)
	// resolved is dealt with before conversion, by compose-go.
	resolved fate = "resolved"
)

// reported tells whether presence alone is worth a diagnostic.
func (a *attribute) reported() bool { return a.severity != 0 }

// whole tells whether the entry speaks for everything below it.
func (a *attribute) whole() bool { return a.fate == dropped || a.fate == resolved || a.reported() }

// keep is an attribute with a counterpart; codes are what its conversion may
// still have to say.
func keep(path, becomes string, codes ...string) attribute {
	f := kept
	if len(codes) > 0 {
		f = approximated
	}
	return attribute{path: path, fate: f, becomes: becomes, codes: codes}
}

// warn is an attribute without counterpart whose loss behaviour can show.
func warn(path, code, noun, becomes string) attribute {
	return attribute{path: path, fate: dropped, codes: []string{code}, noun: noun, becomes: becomes, severity: diag.Warning}
}

// note is an attribute without counterpart whose loss behaviour cannot show.
func note(path, code, noun, becomes string) attribute {
	a := warn(path, code, noun, becomes)
	a.severity = diag.Note
	return a
}

// unless lists the values that ask for nothing.
func (a attribute) unless(values ...string) attribute {
	a.silent = values
	return a
}

// instead says that something else takes the attribute's place.
func (a attribute) instead() attribute {
	a.fate = approximated
	return a
}

// advise adds what to do.
func (a attribute) advise(help string) attribute {
	a.help = help
	return a
}

// table is mapping.md, "docker-compose → Polytope", attribute by attribute.
var table = []attribute{
	keep("name", "the prefix of the tags of built images"),
	{path: "version", fate: resolved, becomes: "obsolete in compose, and ignored there too"},
	{path: "include", fate: resolved, becomes: "the included files are part of the project"},
	keep("services", "modules, in the order of the source"),
	keep("services.*", "a module, and a step of the templates", "compose/name-changed", "compose/name-collision", "compose/tty-default"),
	keep("networks", "nothing: every service reaches every other"),
	keep("networks.*", "nothing: every service reaches every other"),
	keep("volumes", "volumes of scope project, where services mount them"),
	keep("volumes.*", "a volume of scope project", "compose/name-changed"),
	keep("configs", "mount sources, where services use them"),
	keep("configs.*", "a mount source"),
	keep("secrets", "secrets, set by the values script"),
	keep("secrets.*", "a secret, set by the values script"),
	warn("models", "compose/models", "an AI model", "no module runs models"),
	warn("jobs", "compose/jobs", "a job", "scheduled and manual jobs have to be written by hand, as templates"),

	// Containers.
	keep("services.*.image", "image; its variables become values"),
	keep("services.*.command", "cmd, as a list; a variable is one word of it", "compose/variable-resolved"),
	keep("services.*.command[]", "an item of cmd"),
	keep("services.*.entrypoint", "entrypoint, as a list; a variable is one word of it", "compose/variable-resolved"),
	keep("services.*.entrypoint[]", "an item of entrypoint"),
	keep("services.*.environment", "env, in order"),
	keep("services.*.environment.*", "an item of env: a value, a secret or a literal, by --values"),
	keep("services.*.environment[]", "an item of env: a value, a secret or a literal, by --values"),
	keep("services.*.env_file", "env, ahead of environment's", "compose/env-file"),
	keep("services.*.env_file[]", "items of env"),
	keep("services.*.env_file[].path", "items of env"),
	keep("services.*.env_file[].required", "a missing file is an error where it is required"),
	keep("services.*.env_file[].format", "read accordingly"),
	keep("services.*.user", "user"),
	keep("services.*.working_dir", "workdir"),
	keep("services.*.tty", "tty"),
	keep("services.*.stdin_open", "no-stdin, negated"),
	keep("services.*.restart", "restart", "compose/restart-unless-stopped", "compose/variable-resolved"),
	keep("services.*.pull_policy", "update-image: true for always", "compose/pull-policy"),
	note("services.*.pull_refresh_after", "compose/pull-policy", "a refresh interval for the image", "images are pulled when missing"),
	keep("services.*.profiles", "a template per profile", "compose/name-changed"),
	keep("services.*.profiles[]", "a template per profile"),
	{path: "services.*.extends", fate: resolved, becomes: "merged into the service"},

	// What talks to what.
	keep("services.*.ports", "services, exposed to the host"),
	keep("services.*.ports[]", "a port or a range of ports of the service", "compose/port-random", "compose/variable-resolved"),
	keep("services.*.ports[].target", "port"),
	keep("services.*.ports[].published", "expose-as: a value, or a literal, by --values", "compose/port-random"),
	keep("services.*.ports[].protocol", "protocol"),
	note("services.*.ports[].app_protocol", "compose/port-app-protocol", "an application protocol", "only http and https are told from other ports").unless("http", "https", "tcp").instead(),
	warn("services.*.ports[].host_ip", "compose/port-host-ip", "binding a port to one address of the host", "the port is exposed as Polytope exposes every port").unless("0.0.0.0", "::"),
	note("services.*.ports[].mode", "compose/port-mode", "the publishing mode of a port", "it matters to Swarm alone").unless("ingress"),
	note("services.*.ports[].name", "compose/port-name", "the name of a port", "names serve documentation alone"),
	keep("services.*.expose", "ports with internal: true"),
	keep("services.*.expose[]", "a port with internal: true"),
	keep("services.*.depends_on", "run-when, where a service must have ended first"),
	keep("services.*.depends_on.*", "run-when, where a service must have ended first"),
	keep("services.*.depends_on.*.condition", "run-when for service_completed_successfully; nothing for service_started, as steps run concurrently",
		"compose/depends-on-healthy", "compose/depends-on-absent"),
	note("services.*.depends_on.*.restart", "compose/depends-on-restart", "restarting with a dependency", "a service must cope with a dependency that comes back").unless("false"),
	keep("services.*.depends_on.*.required", "a dependency that is not there is left out", "compose/depends-on-optional"),
	keep("services.*.depends_on[]", "nothing: steps run concurrently"),
	keep("services.*.container_name", "a further service id; the container's own name is its service's", "compose/container-name", "compose/name-changed", "compose/alias-taken", "compose/variable-resolved"),
	keep("services.*.hostname", "a further service id; what the container calls itself is Polytope's choice", "compose/hostname", "compose/name-changed", "compose/alias-taken", "compose/variable-resolved"),
	warn("services.*.domainname", "compose/domainname", "a domain name", "the container's host name has no domain"),
	keep("services.*.links", "the alias becomes a further service id of the linked service", "compose/name-changed"),
	keep("services.*.links[]", "a further service id of the linked service"),
	warn("services.*.external_links", "compose/external-links", "a link to a container outside of the project", "the host name does not resolve"),
	keep("services.*.networks", "nothing: every service reaches every other", "compose/network-isolation"),
	keep("services.*.networks.*", "nothing: every service reaches every other", "compose/network-isolation"),
	keep("services.*.networks[]", "nothing: every service reaches every other"),
	keep("services.*.networks.*.aliases", "further service ids", "compose/name-changed"),
	keep("services.*.networks.*.aliases[]", "a further service id"),
	warn("services.*.networks.*.ipv4_address", "compose/network-address", "a fixed address", "addresses are assigned; use the service's name"),
	warn("services.*.networks.*.ipv6_address", "compose/network-address", "a fixed address", "addresses are assigned; use the service's name"),
	warn("services.*.networks.*.link_local_ips", "compose/network-address", "a link-local address", "addresses are assigned"),
	warn("services.*.networks.*.mac_address", "compose/mac-address", "a MAC address", "addresses are assigned"),
	note("services.*.networks.*.driver_opts", "compose/network-options", "a driver option of a network", "there are no networks to configure"),
	note("services.*.networks.*.gw_priority", "compose/network-options", "the priority of a gateway", "there is one network").unless("0"),
	note("services.*.networks.*.interface_name", "compose/network-options", "the name of an interface", "interfaces are named by the runtime"),
	note("services.*.networks.*.priority", "compose/network-options", "the priority of a network", "there is one network").unless("0"),
	note("services.*.networks.*.use_service_name_alias", "compose/network-options", "leaving out the service's name as alias", "the name always resolves").unless("true"),
	warn("services.*.network_mode", "compose/network-mode", "a network mode", "the container has the network that Polytope gives it").advise("list what is to be reached from the host under ports"),

	// Files.
	keep("services.*.volumes", "mounts", "compose/volume-added"),
	keep("services.*.volumes[]", "a mount", "compose/volume-anonymous", "compose/variable-resolved"),
	keep("services.*.volumes[].type", "host for bind, volume for volume", "compose/mount-tmpfs", "compose/mount-type"),
	keep("services.*.volumes[].source", "path, rebased to the output file, or id", "compose/name-changed"),
	keep("services.*.volumes[].target", "path"),
	warn("services.*.volumes[].read_only", "compose/mount-read-only", "a read-only mount", "mounted writable").unless("false"),
	keep("services.*.volumes[].bind", "a mount of type host"),
	note("services.*.volumes[].bind.create_host_path", "compose/mount-options", "not creating a missing host folder", "the runtime decides").unless("true"),
	warn("services.*.volumes[].bind.propagation", "compose/mount-options", "mount propagation", "mounted with the runtime's default"),
	warn("services.*.volumes[].bind.recursive", "compose/mount-options", "the handling of nested mounts", "mounted with the runtime's default"),
	note("services.*.volumes[].bind.selinux", "compose/mount-options", "an SELinux label", "relabel the folder by hand where SELinux is enforced"),
	note("services.*.volumes[].consistency", "compose/mount-options", "a consistency hint", "hints are obsolete"),
	keep("services.*.volumes[].volume", "a mount of type volume"),
	note("services.*.volumes[].volume.labels", "compose/volume-options", "a volume's label", "labels serve tools outside of the stack"),
	warn("services.*.volumes[].volume.nocopy", "compose/mount-options", "not copying the image's files into a new volume", "the runtime decides").unless("false"),
	warn("services.*.volumes[].volume.subpath", "compose/mount-options", "mounting a part of a volume", "the whole volume is mounted"),
	keep("services.*.volumes[].tmpfs", "nothing, as the mount is dropped", "compose/mount-tmpfs"),
	keep("services.*.volumes[].tmpfs.mode", "nothing, as the mount is dropped", "compose/mount-tmpfs"),
	keep("services.*.volumes[].tmpfs.size", "nothing, as the mount is dropped", "compose/mount-tmpfs"),
	warn("services.*.volumes[].image", "compose/mount-type", "an image mount's option", "the image is not mounted"),
	warn("services.*.volumes_from", "compose/volumes-from", "taking over another container's mounts", "repeat the mounts in the service"),
	warn("services.*.tmpfs", "compose/tmpfs", "a memory file system", "the folder is on disk, in the container"),
	keep("services.*.configs", "mounts"),
	keep("services.*.configs[]", "a mount"),
	keep("services.*.configs[].source", "type string for content, host for a file, a value for environment", "compose/config-external"),
	keep("services.*.configs[].target", "path"),
	warn("services.*.configs[].uid", "compose/mount-owner", "the owner of a mounted file", "files belong to whom the runtime says"),
	warn("services.*.configs[].gid", "compose/mount-owner", "the group of a mounted file", "files belong to whom the runtime says"),
	warn("services.*.configs[].mode", "compose/mount-owner", "the mode of a mounted file", "files have the runtime's mode, and may be neither private nor executable"),
	keep("services.*.secrets", "mounts of secrets at /run/secrets"),
	keep("services.*.secrets[]", "a mount of type string with the secret as data"),
	keep("services.*.secrets[].source", "pt.secret"),
	keep("services.*.secrets[].target", "path, below /run/secrets where it is relative"),
	warn("services.*.secrets[].uid", "compose/mount-owner", "the owner of a mounted file", "files belong to whom the runtime says"),
	warn("services.*.secrets[].gid", "compose/mount-owner", "the group of a mounted file", "files belong to whom the runtime says"),
	warn("services.*.secrets[].mode", "compose/mount-owner", "the mode of a mounted file", "files have the runtime's mode, and may be neither private nor executable"),

	// Images.
	keep("services.*.build", "a module that calls polytope/build-image, run first", "compose/build-context"),
	keep("services.*.build.context", "sources", "compose/build-context", "compose/variable-resolved"),
	keep("services.*.build.dockerfile", "dockerfile"),
	keep("services.*.build.dockerfile_inline", "a source of type string, mounted as the Dockerfile"),
	keep("services.*.build.target", "target"),
	keep("services.*.build.labels", "labels"),
	keep("services.*.build.labels.*", "a label"),
	keep("services.*.build.labels[]", "a label"),
	keep("services.*.build.tags", "tags"),
	keep("services.*.build.tags[]", "a tag"),
	warn("services.*.build.args", "compose/build-args", "a build argument", "the Dockerfile's own defaults hold").advise("give the ARGs in the Dockerfile their defaults"),
	warn("services.*.build.additional_contexts", "compose/build-context-additional", "a further build context", "what the Dockerfile takes from it is missing"),
	warn("services.*.build.secrets", "compose/build-secrets", "a build secret", "what the Dockerfile mounts is missing"),
	warn("services.*.build.ssh", "compose/build-ssh", "SSH access during the build", "what the Dockerfile fetches with it is missing"),
	warn("services.*.build.network", "compose/build-options", "the network of a build", "the builder's default holds"),
	warn("services.*.build.extra_hosts", "compose/build-options", "a further host of a build", "its name does not resolve"),
	warn("services.*.build.platforms", "compose/build-platforms", "a choice of platforms for a build", "the builder's own platform is built"),
	warn("services.*.build.privileged", "compose/build-options", "a privileged build", "the build runs unprivileged").unless("false"),
	warn("services.*.build.entitlements", "compose/build-options", "an entitlement of a build", "the build runs without"),
	note("services.*.build.cache_from", "compose/build-cache", "a cache for builds", "builds take longer"),
	note("services.*.build.cache_to", "compose/build-cache", "a cache for builds", "builds take longer"),
	note("services.*.build.no_cache", "compose/build-cache", "building without cache", "the builder's cache is used").unless("false"),
	note("services.*.build.no_cache_filter", "compose/build-cache", "building without cache", "the builder's cache is used"),
	note("services.*.build.pull", "compose/build-cache", "pulling base images anew", "the builder decides").unless("false"),
	note("services.*.build.isolation", "compose/build-options", "the isolation of a build", "it matters to Windows alone"),
	note("services.*.build.provenance", "compose/build-attestation", "an attestation", "the image has none"),
	note("services.*.build.sbom", "compose/build-attestation", "an attestation", "the image has none"),
	note("services.*.build.shm_size", "compose/build-options", "the shared memory of a build", "the builder's default holds"),
	note("services.*.build.ulimits", "compose/build-options", "a limit of a build", "the builder's default holds"),

	// Resources and scale.
	keep("services.*.scale", "scaling; 0 leaves the service out of the templates", "compose/scale-zero"),
	keep("services.*.deploy", "scaling, resources and restart"),
	keep("services.*.deploy.replicas", "scaling; 0 leaves the service out of the templates", "compose/scale-zero"),
	warn("services.*.deploy.mode", "compose/deploy-mode", "a deployment mode", "a fixed number of replicas runs").unless("replicated"),
	note("services.*.deploy.endpoint_mode", "compose/deploy-mode", "an endpoint mode", "it matters to Swarm alone"),
	note("services.*.deploy.labels", "compose/labels", "a label of the deployment", "it matters to Swarm alone"),
	note("services.*.deploy.rollback_config", "compose/deploy-update", "a rollback policy", "it matters to Swarm alone"),
	note("services.*.deploy.update_config", "compose/deploy-update", "an update policy", "it matters to Swarm alone"),
	note("services.*.deploy.placement", "compose/deploy-placement", "a placement rule", "it matters to Swarm alone"),
	keep("services.*.deploy.resources", "resources"),
	keep("services.*.deploy.resources.limits", "limits"),
	keep("services.*.deploy.resources.limits.cpus", "cpu.limit"),
	keep("services.*.deploy.resources.limits.memory", "memory.limit", "compose/variable-resolved"),
	warn("services.*.deploy.resources.limits.pids", "compose/pids-limit", "a limit on processes", "there is none").unless("0"),
	keep("services.*.deploy.resources.reservations", "requests"),
	keep("services.*.deploy.resources.reservations.cpus", "cpu.request"),
	keep("services.*.deploy.resources.reservations.memory", "memory.request", "compose/variable-resolved"),
	warn("services.*.deploy.resources.reservations.devices", "compose/gpus", "a device such as a GPU", "the container has no access to it"),
	warn("services.*.deploy.resources.reservations.generic_resources", "compose/generic-resources", "a reserved resource", "nothing is reserved"),
	keep("services.*.deploy.restart_policy", "restart"),
	keep("services.*.deploy.restart_policy.condition", "restart.policy"),
	keep("services.*.deploy.restart_policy.max_attempts", "restart.max-restarts"),
	note("services.*.deploy.restart_policy.delay", "compose/restart-timing", "the delay between restarts", "Polytope's own holds"),
	note("services.*.deploy.restart_policy.window", "compose/restart-timing", "the window of a restart policy", "Polytope's own holds"),
	keep("services.*.cpus", "resources.cpu.limit"),
	keep("services.*.mem_limit", "resources.memory.limit", "compose/variable-resolved"),
	keep("services.*.mem_reservation", "resources.memory.request", "compose/variable-resolved"),
	warn("services.*.cpu_count", "compose/cpu-options", "a number of CPUs", "use cpus").unless("0"),
	warn("services.*.cpu_percent", "compose/cpu-options", "a share of the CPUs", "use cpus").unless("0"),
	warn("services.*.cpu_period", "compose/cpu-options", "a scheduler setting", "use cpus").unless("0"),
	warn("services.*.cpu_quota", "compose/cpu-options", "a scheduler setting", "use cpus").unless("0"),
	warn("services.*.cpu_rt_period", "compose/cpu-options", "a real-time setting", "the container has no real-time budget").unless("0"),
	warn("services.*.cpu_rt_runtime", "compose/cpu-options", "a real-time setting", "the container has no real-time budget").unless("0"),
	warn("services.*.cpu_shares", "compose/cpu-options", "a CPU weight", "use cpus").unless("0"),
	warn("services.*.cpuset", "compose/cpu-options", "a choice of CPUs", "the container runs on any"),
	warn("services.*.mem_swappiness", "compose/swap", "a swap setting", "the runtime's default holds").unless("0"),
	warn("services.*.memswap_limit", "compose/swap", "a swap setting", "the runtime's default holds").unless("0"),
	warn("services.*.pids_limit", "compose/pids-limit", "a limit on processes", "there is none").unless("0"),
	warn("services.*.shm_size", "compose/shm-size", "the size of shared memory", "the runtime's default holds: 64 MB with docker").unless("0"),
	warn("services.*.blkio_config", "compose/blkio", "a limit on block devices", "there is none"),
	warn("services.*.oom_kill_disable", "compose/oom", "an out-of-memory setting", "the runtime's default holds").unless("false"),
	warn("services.*.oom_score_adj", "compose/oom", "an out-of-memory setting", "the runtime's default holds").unless("0"),
	warn("services.*.ulimits", "compose/ulimits", "a process limit", "the runtime's default holds"),
	warn("services.*.gpus", "compose/gpus", "a GPU", "the container has no access to it"),
	warn("services.*.devices", "compose/devices", "a device of the host", "the container has no access to it"),
	warn("services.*.device_cgroup_rules", "compose/devices", "a device rule", "the container has no access to it"),
	warn("services.*.storage_opt", "compose/storage", "a storage option", "the runtime's default holds"),

	// Privileges and kernel settings.
	warn("services.*.privileged", "compose/privileged", "privileged mode", "the container runs unprivileged").unless("false"),
	warn("services.*.cap_add", "compose/capabilities", "a capability", "the container has the runtime's default set"),
	warn("services.*.cap_drop", "compose/capabilities", "dropping a capability", "the container has the runtime's default set"),
	warn("services.*.security_opt", "compose/security-opt", "a security option", "the runtime's default holds"),
	warn("services.*.read_only", "compose/read-only", "a read-only root file system", "the container can write to it").unless("false"),
	warn("services.*.group_add", "compose/group-add", "a further group", "the user has the image's groups"),
	warn("services.*.userns_mode", "compose/namespaces", "a user namespace", "the runtime's default holds"),
	warn("services.*.ipc", "compose/namespaces", "an IPC namespace", "the container has its own"),
	warn("services.*.pid", "compose/namespaces", "a process namespace", "the container has its own"),
	warn("services.*.uts", "compose/namespaces", "a UTS namespace", "the container has its own"),
	warn("services.*.cgroup", "compose/namespaces", "a cgroup namespace", "the runtime's default holds"),
	warn("services.*.cgroup_parent", "compose/namespaces", "a parent cgroup", "the runtime's default holds"),
	warn("services.*.sysctls", "compose/sysctls", "a kernel parameter", "the runtime's default holds"),
	warn("services.*.umask", "compose/umask", "a file mode mask", "the image's holds"),
	warn("services.*.credential_spec", "compose/credential-spec", "a credential specification", "it matters to Windows alone"),
	warn("services.*.isolation", "compose/isolation", "an isolation technology", "it matters to Windows alone"),
	warn("services.*.runtime", "compose/runtime", "a container runtime", "Polytope's own runs the container"),
	warn("services.*.use_api_socket", "compose/api-socket", "access to the container engine", "the container has none").unless("false"),

	// Names and addresses.
	warn("services.*.dns", "compose/dns", "a name server", "Polytope's own answers"),
	warn("services.*.dns_opt", "compose/dns", "a resolver option", "Polytope's own answers"),
	warn("services.*.dns_search", "compose/dns", "a search domain", "names are looked up as they stand"),
	warn("services.*.extra_hosts", "compose/extra-hosts", "a further host name", "the name does not resolve"),
	warn("services.*.mac_address", "compose/mac-address", "a MAC address", "addresses are assigned"),

	// Life cycle.
	warn("services.*.healthcheck", "compose/healthcheck", "a healthcheck", "nobody waits for it").advise("services that need it must retry until it answers"),
	warn("services.*.pre_start", "compose/hooks", "a hook", "its command is not run"),
	warn("services.*.post_start", "compose/hooks", "a hook", "its command is not run"),
	warn("services.*.pre_stop", "compose/hooks", "a hook", "its command is not run"),
	warn("services.*.stop_grace_period", "compose/stop", "a stop setting", "the runtime's default holds"),
	warn("services.*.stop_signal", "compose/stop", "a stop setting", "the image's signal is sent"),
	warn("services.*.init", "compose/init", "an init process", "the command runs as process 1, and has to heed signals and reap its children itself").unless("false"),
	note("services.*.attach", "compose/attach", "not showing a service's output", "Polytope shows every step's").unless("true"),
	note("services.*.logging", "compose/logging", "a logging driver", "Polytope keeps the logs"),
	note("services.*.develop", "compose/develop", "watching files during development", "restart the step by hand"),
	warn("services.*.platform", "compose/platform", "a platform", "the image's variant for the host runs"),
	warn("services.*.provider", "compose/provider", "a service that something else provides", "there is no container to run"),
	warn("services.*.models", "compose/models", "an AI model", "no module runs models"),

	// What others read.
	keep("services.*.labels", "nothing: labels serve tools outside of the stack", "compose/labels", "compose/labels-active"),
	keep("services.*.labels.*", "nothing", "compose/labels", "compose/labels-active"),
	keep("services.*.labels[]", "nothing", "compose/labels", "compose/labels-active"),
	note("services.*.label_file", "compose/labels", "a file of labels", "labels serve tools outside of the stack"),
	note("services.*.annotations", "compose/labels", "an annotation", "annotations serve tools outside of the stack"),

	// Networks.
	note("networks.*.attachable", "compose/network-options", "an attachable network", "there are no networks to configure").unless("false"),
	warn("networks.*.driver", "compose/network-driver", "a network driver", "containers are on Polytope's own network").unless("bridge"),
	note("networks.*.driver_opts", "compose/network-options", "a driver option of a network", "there are no networks to configure"),
	note("networks.*.enable_ipv4", "compose/network-options", "an addressing setting", "addresses are assigned"),
	warn("networks.*.enable_ipv6", "compose/network-options", "an addressing setting", "addresses are assigned, of whichever kind"),
	warn("networks.*.external", "compose/network-external", "a network of others", "containers outside of the stack are not reached by name").unless("false"),
	warn("networks.*.internal", "compose/network-isolation", "a network without access to the outside", "every service reaches the outside").unless("false"),
	note("networks.*.ipam", "compose/network-options", "an address plan", "addresses are assigned"),
	note("networks.*.labels", "compose/labels", "a label of a network", "labels serve tools outside of the stack"),
	note("networks.*.name", "compose/network-options", "the name of a network", "there are no networks to name"),

	// Volumes.
	warn("volumes.*.driver", "compose/volume-options", "a volume driver", "the volume is a Polytope volume").unless("local"),
	warn("volumes.*.driver_opts", "compose/volume-options", "a volume's driver option", "the volume is a Polytope volume"),
	warn("volumes.*.external", "compose/volume-external", "a volume of others", "a new volume of the project takes its place").
		unless("false").advise("copy the data into the new volume"),
	note("volumes.*.labels", "compose/labels", "a label of a volume", "labels serve tools outside of the stack"),
	note("volumes.*.name", "compose/volume-name", "the name of a volume", "the volume's id is its key").advise("copy the data of an existing volume"),

	// Configs and secrets.
	keep("configs.*.content", "type string, data"),
	keep("configs.*.environment", "type string, with a value as data"),
	keep("configs.*.file", "type host, path"),
	warn("configs.*.external", "compose/config-external", "a config of others", "nothing is mounted").unless("false"),
	note("configs.*.labels", "compose/labels", "a label of a config", "labels serve tools outside of the stack"),
	note("configs.*.name", "compose/config-options", "the name of a config", "it matters to Swarm alone"),
	warn("configs.*.template_driver", "compose/config-options", "a template driver", "the text is mounted as it stands"),
	keep("secrets.*.environment", "the values script reads the variable"),
	keep("secrets.*.file", "the values script reads the file"),
	keep("secrets.*.external", "the values script asks for a variable of that name", "compose/secret-external"),
	keep("secrets.*.external.name", "the values script asks for a variable of that name"),
	note("secrets.*.labels", "compose/labels", "a label of a secret", "labels serve tools outside of the stack"),
	note("secrets.*.name", "compose/config-options", "the name of a secret", "it matters to Swarm alone"),
	warn("secrets.*.driver", "compose/config-options", "a secret driver", "the secret is Polytope's"),
	warn("secrets.*.driver_opts", "compose/config-options", "a secret driver's option", "the secret is Polytope's"),
	warn("secrets.*.template_driver", "compose/config-options", "a template driver", "the text is mounted as it stands"),
}

// tableTree is the table as a tree of path elements.
type tableTree struct {
	attribute *attribute
	children  map[string]*tableTree
}

var tableRoot = buildTable()

func buildTable() *tableTree {
	root := &tableTree{}
	for i := range table {
		t := root
		for _, k := range pathElements(table[i].path) {
			if t.children == nil {
				t.children = map[string]*tableTree{}
			}
			if t.children[k] == nil {
				t.children[k] = &tableTree{}
			}
			t = t.children[k]
		}
		t.attribute = &table[i]
	}
	return root
}

// pathElements cuts "a.*.b[].c" into a, *, b, [], c.
func pathElements(path string) []string {
	return strings.Split(strings.ReplaceAll(path, "[]", ".[]"), ".")
}

// child is the entry one element down; nil where the table knows none.
func (t *tableTree) child(key string) *tableTree {
	if c := t.children[key]; c != nil {
		return c
	}
	return t.children["*"]
}
