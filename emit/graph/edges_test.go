package graph

import (
	"fmt"
	"strings"
	"testing"

	"hull/ir/resolve"
)

// talksOf are the edges to db and my-api, as "id label", of a container.
func talksOf(c resolve.Container) string {
	c.Task, c.ID = call("x"), "x"
	c.Services = append(c.Services, service("x", internal(1)), service("db", internal(5432)))
	job := &resolve.Job{Name: "j", Containers: []resolve.Container{
		c,
		{Task: call("d"), ID: "d", Services: []resolve.Service{service("db", internal(5432))}},
		{Task: call("a"), ID: "a", Services: []resolve.Service{service("my-api", internal(80), internal(81))}},
	}}
	g := New([]*resolve.Job{job})
	var all []string
	for _, e := range g.Edges {
		if e.Kind == Talks {
			all = append(all, strings.TrimSpace(g.Nodes[e.To].Name+" "+e.Label()))
		}
	}
	return strings.Join(all, ", ")
}

func TestTalksFromEnv(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"DB_HOST", "db", "d :5432"},
		{"HOSTS", "db, my-api", "d :5432, a"},
		{"DB_USER", "db", ""},
		{"MODE", "db", ""},
		{"SERVER_NAME", "db", "d :5432"},
		{"URL", "postgres://u:p@db/app", "d :5432"},
		{"URL", "postgres://u:p@db:6000/app", "d :6000"},
		{"URL", "http://my-api/path", "a :80"},
		{"URL", "http://my-api:81", "a :81"},
		{"URL", "tcp://my-api", "a"},
		{"URL", "http://api", ""},
		{"URL", "http://my-api.example.com", ""},
		{"DSN", "u:p@tcp(db:3306)/app", "d :3306"},
		{"DSN", "host=db user=my-api", "d :5432"},
		{"BROKERS", "db:9092,my-api:9093", "d :9092, a :9093"},
		{"AUTH", "db:12345@elsewhere", ""},
		{"X", "other-db:5432", ""},
		{"X", "db-other:5432", ""},
		{"X", "db:5432x", ""},
		{"X", "the db is up", ""},
		{"X", "x:1", ""},
		{"X", "DB", ""},
		{"X", "my-api:80 my-api:81 my-api:80", "a :80, :81"},
		{"X", "", ""},
	} {
		if got := talksOf(resolve.Container{Env: env(c.name, c.value)}); got != c.want {
			t.Errorf("%s=%s talks to %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

func TestTalksFromCommands(t *testing.T) {
	for line, want := range map[string]string{
		"psql -h db":                  "d :5432",
		"psql --host=db":              "d :5432",
		"psql --host db app":          "d :5432",
		"wait-for db:5432 -- run":     "d :5432",
		"nc -z db 5433":               "d :5433",
		"npm run db":                  "",
		"db migrate":                  "",
		"python -m my-api":            "",
		"sh -c 'curl http://my-api/'": "a :80",
	} {
		words := strings.Fields(line)
		for form, c := range map[string]resolve.Container{
			"line":       {Cmd: &resolve.Command{Line: line}},
			"words":      {Cmd: &resolve.Command{Words: words}},
			"entrypoint": {Entrypoint: &resolve.Command{Words: words}},
		} {
			if got := talksOf(c); got != want {
				t.Errorf("%s as %s talks to %q, want %q", line, form, got, want)
			}
		}
	}
}

func TestTalksFromMounts(t *testing.T) {
	for text, want := range map[string]string{
		"server { proxy_pass http://my-api; }": "a :80",
		"upstream x { server db:5432; }":       "d :5432",
		"host: db\nname: my-api":               "d :5432",
		`{"hostname": "my-api"}`:               "a",
		"# uses db and my-api":                 "",
	} {
		m := resolve.Mount{Path: "/x", Source: resolve.Source{Type: "string", Data: text}}
		if got := talksOf(resolve.Container{Mounts: []resolve.Mount{m}}); got != want {
			t.Errorf("%s talks to %q, want %q", text, got, want)
		}
	}
}

// TestTalksStayInTheJob wants names to mean what they mean in each template.
func TestTalksStayInTheJob(t *testing.T) {
	client := resolve.Container{Task: call("client"), ID: "client", Image: "c", Env: env("HOST", "db")}
	server := func(id string) resolve.Container {
		return resolve.Container{Task: call(id), ID: id, Image: "s", Services: []resolve.Service{service("db", internal(1))}}
	}
	g := New([]*resolve.Job{
		{Name: "a", Containers: []resolve.Container{client, server("one")}},
		{Name: "b", Containers: []resolve.Container{server("two")}},
	})
	if len(g.Edges) != 1 || g.Nodes[g.Edges[0].To].Name != "one" {
		t.Errorf("the edges are %v", g.Edges)
	}
}

func TestNewMerges(t *testing.T) {
	g := New(append(guestbook(), nil))
	var got []string
	for _, n := range g.Nodes {
		got = append(got, strings.TrimSpace(fmt.Sprint(n.Kind, " ", n.Name, " ", n.Only)))
	}
	want := "0 outside, 1 guestbook-api, 2 web, 2 migrate, 2 api, 2 db, 2 adminer only in debug, 4 db-data"
	if all := strings.Join(got, ", "); all != want {
		t.Errorf("the nodes are %s", all)
	}
}

func TestOnly(t *testing.T) {
	run := func(ids ...string) *resolve.Job {
		job := &resolve.Job{Name: "j" + strings.Join(ids, "")}
		for _, id := range ids {
			job.Containers = append(job.Containers, resolve.Container{Task: call(id), ID: id})
		}
		return job
	}
	g := New([]*resolve.Job{run("a", "b"), run("a", "b", "c"), run("a")})
	var got []string
	for _, n := range g.Nodes {
		got = append(got, n.Name+" "+n.Only)
	}
	if all := strings.Join(got, "; "); all != "a ; b not in ja; c only in jabc" {
		t.Errorf("the nodes are %s", all)
	}
}

// TestTemplatesOfEdges says whose an edge is where not all templates that have
// both ends have it so.
func TestTemplatesOfEdges(t *testing.T) {
	run := func(name string, after ...resolve.Wait) *resolve.Job {
		b := resolve.Container{Task: call("b"), ID: "b"}
		return &resolve.Job{Name: name, Containers: []resolve.Container{{Task: call("a", after...), ID: "a"}, b}}
	}
	plain, success := resolve.Wait{Step: "b"}, resolve.Wait{Step: "b", Condition: "success"}
	alone := &resolve.Job{Name: "z", Containers: []resolve.Container{{Task: call("a"), ID: "a"}}}
	for want, jobs := range map[string][]*resolve.Job{
		"a waits for b":                                  {run("x", plain), run("y", plain), alone},
		"a waits for b (only in x)":                      {run("x", plain), run("y"), alone},
		"a waits for b (not in z)":                       {run("x", plain), run("y", plain), run("z")},
		"a waits for b (success)":                        {run("x", success), run("y", success)},
		"a waits for b (success (only in y))":            {run("x"), run("y", success)},
		"a waits for b (success (only in y), only in x)": {run("x", plain), run("y", success)},
		"": {run("x"), run("y")},
	} {
		g := New(jobs)
		got := ""
		for i := range g.Edges {
			got += g.sentence(&g.Edges[i])
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestPortsOfAliases shows a port once, whichever services have it.
func TestPortsOfAliases(t *testing.T) {
	c := resolve.Container{Task: call("c"), ID: "c", Services: []resolve.Service{
		service("alias", internal(80), internal(53)),
		service("c", exposed(80, "8080", "http"), internal(81), resolve.Port{Port: 53, Protocol: "udp", Internal: true}),
		service("other", exposed(80, "8080", "tcp"), exposed(80, "8081", "http"), resolve.Port{Port: 81, Protocol: "http", Internal: true}),
	}}
	g := New([]*resolve.Job{{Name: "j", Containers: []resolve.Container{c}}})
	want := "c | as alias | as other | 8080 → 80 http | 8081 → 80 http | port 53 | port 81 | port 53 udp"
	if got := strings.ReplaceAll(g.Nodes[1].Text(), "\n", " | "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSentences(t *testing.T) {
	g := New(guestbook())
	var got []string
	for i := range g.Edges {
		got = append(got, g.sentence(&g.Edges[i]))
	}
	want := []string{
		"outside reaches web (:8080)", "outside reaches adminer (:8081)", "guestbook-api builds migrate (waited for)",
		"guestbook-api builds api", "web talks to api (:3000)", "migrate talks to db (:5432)", "api waits for migrate (success)",
		"api talks to db (:5432)", "db mounts db-data (/var/lib/postgresql/data)", "adminer talks to db (:5432)",
	}
	sortedEqual(t, got, want)
}

func TestNodes(t *testing.T) {
	two := 2
	job := &resolve.Job{
		Name: "j",
		Builds: []resolve.Build{{
			Task: call("b"), Tags: []string{"app", "app:1"}, Dockerfile: "Other", Target: "prod",
			Sources: []resolve.Mount{{Source: resolve.Source{Type: "repo", Repo: "o/r", Path: "src"}}},
		}},
		Containers: []resolve.Container{
			{
				Task:    resolve.Task{Step: "s", Module: "s", Via: []string{"s-base", "polytope/node", "polytope/container"}},
				Image:   "app:latest",
				Scaling: &two,
				Services: []resolve.Service{
					service("front", resolve.Port{Range: "80-85", Protocol: "tcp", Label: "Web"}, internal(9)),
				},
				Mounts: []resolve.Mount{
					{Path: "/d", Source: resolve.Source{Type: "dataset", Dataset: "set"}},
					{Path: "/t", Source: resolve.Source{Type: "string", Data: "x"}},
					{Path: "/v", Source: resolve.Source{Type: "volume"}},
					{Path: "/w", Source: resolve.Source{Type: "volume", ID: "w", From: &resolve.Source{Type: "host", Path: "p"}}},
				},
				Datasets: []resolve.Dataset{{Path: "/out"}},
			},
		},
		Opaque: []resolve.Opaque{{Task: call("o"), Why: "runs code"}},
	}
	g := New([]*resolve.Job{job})
	var got []string
	for i := range g.Nodes {
		got = append(got, strings.ReplaceAll(g.Nodes[i].Text(), "\n", " | "))
	}
	sortedEqual(t, got, []string{
		"outside",
		"app | app:1 | from repo o/r/src | Other | target prod",
		"s | app:latest | by polytope/node | 2 replicas | as front | 80-85 → 80-85 (Web) | port 9 | mounts dataset set | stores /out",
		"o | runs code",
		"unnamed volume | gone with the job",
		"w | filled from p | gone with the job",
	})
	if g.Edges[1].Kind != Builds {
		t.Errorf("the build has no edge: %v", g.Edges)
	}
}

func sortedEqual(t *testing.T, got, want []string) {
	t.Helper()
	missing := map[string]int{}
	for _, s := range want {
		missing[s]++
	}
	for _, s := range got {
		missing[s]--
	}
	for s, n := range missing {
		if n != 0 {
			t.Errorf("%q: %d too few", s, n)
		}
	}
}

func TestShown(t *testing.T) {
	n := Node{}
	for i := range 6 {
		n.Details = append(n.Details, Detail{ExposedDetail, fmt.Sprint(i)})
	}
	n.Details = append(n.Details, Detail{NoteDetail, "note"})
	var got []string
	for _, d := range n.Shown() {
		got = append(got, d.Text)
	}
	if all := strings.Join(got, ", "); all != "0, 1, 2, and 3 more, note" {
		t.Errorf("shown are %s", all)
	}
	e := Edge{Labels: []string{":1", ":2", ":3", ":4"}}
	if e.Label() != ":1, :2 and 2 more" {
		t.Errorf("the label is %s", e.Label())
	}
}
