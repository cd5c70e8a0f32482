package graph

import (
	"fmt"

	"hull/ir/resolve"
)

// call is a task of a step that is named after its module.
func call(name string, after ...resolve.Wait) resolve.Task {
	return resolve.Task{Step: name, Module: name, After: after}
}

func env(pairs ...string) []resolve.EnvVar {
	var list []resolve.EnvVar
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, resolve.EnvVar{Name: pairs[i], Value: &pairs[i+1]})
	}
	return list
}

func service(id string, ports ...resolve.Port) resolve.Service {
	return resolve.Service{ID: id, Ports: ports}
}

func internal(port int) resolve.Port {
	return resolve.Port{Port: port, Protocol: "tcp", Internal: true}
}

func exposed(port int, as, protocol string) resolve.Port {
	return resolve.Port{Port: port, Protocol: protocol, ExposeAs: as}
}

func volume(path, id string) resolve.Mount {
	return resolve.Mount{Path: path, Source: resolve.Source{Type: "volume", Scope: "project", ID: id}}
}

func host(path, source string) resolve.Mount {
	return resolve.Mount{Path: path, Source: resolve.Source{Type: "host", Path: source}}
}

func small() []*resolve.Job {
	return []*resolve.Job{{
		Name: "stack",
		Containers: []resolve.Container{
			{
				Task: call("web"), ID: "web", Image: "nginx:1.27", Env: env("API_URL", "http://api:3000"),
				Services: []resolve.Service{service("web", exposed(80, "8080", "http"))},
			},
			{
				Task: call("api"), ID: "api", Image: "example/api:2", Env: env("DB_HOST", "db", "POSTGRES_USER", "web"),
				Services: []resolve.Service{service("api", internal(3000))},
			},
			{
				Task: call("db"), ID: "db", Image: "postgres:16",
				Mounts:   []resolve.Mount{volume("/var/lib/postgresql/data", "db-data")},
				Services: []resolve.Service{service("db", internal(5432))},
			},
		},
	}}
}

// guestbook is the golden case of that name, resolved by hand.
func guestbook() []*resolve.Job {
	built := resolve.Wait{Step: "api-image"}
	migrated := resolve.Wait{Step: "migrate", Condition: "success"}
	stack := resolve.Job{
		Name: "stack",
		Builds: []resolve.Build{{
			Task: call("api-image"), Tags: []string{"guestbook-api"}, Dockerfile: "Dockerfile",
			Sources: []resolve.Mount{host("/", "api")},
		}},
		Containers: []resolve.Container{
			{
				Task: call("web"), ID: "web", Image: "nginx:1.27", Env: env("API_URL", "http://api:3000"),
				Mounts:   []resolve.Mount{host("/usr/share/nginx/html", "site")},
				Services: []resolve.Service{service("web", exposed(80, "8080", "http"))},
			},
			{
				Task: call("migrate", built), ID: "migrate", Image: "guestbook-api",
				Env: env("DATABASE_URL", "postgres://app:pw@db:5432/guestbook"),
			},
			{
				Task: call("api", migrated), ID: "api", Image: "guestbook-api",
				Env:      env("DATABASE_URL", "postgres://app:pw@db:5432/guestbook"),
				Services: []resolve.Service{service("api", resolve.Port{Port: 3000, Protocol: "http", Internal: true})},
			},
			{
				Task: resolve.Task{Step: "db", Module: "db", Via: []string{"polytope/postgres", "polytope/container"}},
				ID:   "db", Image: "postgres:16", Mounts: []resolve.Mount{volume("/var/lib/postgresql/data", "db-data")},
				Services: []resolve.Service{service("db", internal(5432))},
			},
		},
	}
	debug := stack
	debug.Name = "debug"
	debug.Containers = append(append([]resolve.Container{}, stack.Containers...), resolve.Container{
		Task: call("adminer"), ID: "adminer", Image: "adminer:4", Env: env("ADMINER_DEFAULT_SERVER", "db"),
		Services: []resolve.Service{service("adminer", exposed(8080, "8081", "http"))},
	})
	return []*resolve.Job{&stack, &debug}
}

// shop is a large stack.
func shop() []*resolve.Job {
	talks := map[string][]string{
		"gateway":       {"storefront", "admin", "accounts", "catalog", "orders", "search", "auth"},
		"storefront":    {"gateway", "assets"},
		"admin":         {"auth", "reports"},
		"accounts":      {"accounts-db", "cache", "kafka"},
		"auth":          {"accounts", "cache"},
		"catalog":       {"catalog-db", "search", "kafka", "minio"},
		"search":        {"elasticsearch"},
		"orders":        {"orders-db", "payments", "inventory", "kafka", "cache"},
		"payments":      {"payments-db", "kafka", "bank-mock"},
		"inventory":     {"catalog-db", "kafka"},
		"shipping":      {"orders", "kafka"},
		"notifications": {"kafka", "mail"},
		"reports":       {"warehouse", "minio"},
		"etl":           {"kafka", "warehouse", "orders-db", "catalog-db", "accounts-db"},
		"kafka-ui":      {"kafka"},
		"grafana":       {"prometheus", "loki", "tempo"},
		"prometheus":    {"gateway", "orders", "payments", "catalog"},
		"thumbnails":    {"minio", "cache"},
	}
	open := map[string]string{
		"gateway": "443", "admin": "8443", "grafana": "3000", "kafka-ui": "8089", "mail": "8025", "minio": "9001",
	}
	names := []string{
		"gateway", "storefront", "admin", "accounts", "auth", "catalog", "search", "orders", "payments", "inventory",
		"shipping", "notifications", "reports", "etl", "kafka-ui", "grafana", "prometheus", "thumbnails", "assets",
		"accounts-db", "catalog-db", "orders-db", "payments-db", "cache", "kafka", "elasticsearch", "minio", "warehouse",
		"bank-mock", "mail", "loki", "tempo", "seed-data", "cron",
	}
	kept := map[string]string{
		"accounts-db": "/var/lib/postgresql/data", "catalog-db": "/var/lib/postgresql/data", "orders-db": "/var/lib/mysql",
		"payments-db": "/var/lib/postgresql/data", "kafka": "/var/lib/kafka", "elasticsearch": "/usr/share/elasticsearch/data",
		"minio": "/data", "warehouse": "/var/lib/clickhouse", "prometheus": "/prometheus", "grafana": "/var/lib/grafana",
	}
	job := &resolve.Job{Name: "shop"}
	for i, name := range names {
		c := resolve.Container{
			Task: call(name), ID: name, Image: fmt.Sprintf("registry.example/shop/%s:2.%d.0", name, i),
			Services: []resolve.Service{service(name, internal(8000+i))},
		}
		if as := open[name]; as != "" {
			c.Services[0].Ports = append(c.Services[0].Ports, exposed(9000+i, as, "http"))
		}
		for k, other := range talks[name] {
			c.Env = append(c.Env, env(fmt.Sprintf("PEER_%d", k), fmt.Sprintf("http://%s:%d", other, 8000+indexOf(names, other)))...)
		}
		if path := kept[name]; path != "" {
			c.Mounts = append(c.Mounts, volume(path, name+"-data"))
		}
		job.Containers = append(job.Containers, c)
	}
	job.Builds = append(job.Builds, resolve.Build{Task: call("orders-image"), Tags: []string{job.Containers[7].Image}, Dockerfile: "Dockerfile"})
	job.Containers[7].After = []resolve.Wait{{Step: "seed-data", Condition: "success"}, {Step: "orders-image"}}
	job.Containers[5].After = []resolve.Wait{{Step: "seed-data", Condition: "success"}}
	job.Containers[32].Env = env("A", "orders-db:8021", "B", "catalog-db:8020")
	job.Opaque = []resolve.Opaque{{Task: call("announce", resolve.Wait{Step: "orders", Condition: "always"}), Why: "the module is not known"}}
	return []*resolve.Job{job}
}

func indexOf(list []string, s string) int {
	for i := range list {
		if list[i] == s {
			return i
		}
	}
	return -1
}
