// Package known holds what hull knows of the world outside of its formats:
// public images, names and texts of secrets. It is data that readers and
// checkers share.
package known

import (
	"regexp"
	"slices"
	"strings"

	"hull/ir"
)

// Image is what is known of a public image: the ports that its service
// listens on, and where it keeps its data.
type Image struct {
	// Repository is the image's name without registry and tag; official images
	// have one part.
	Repository string
	Ports      []Port
	// Data is where a stateful service keeps what must outlive it; empty for
	// a stateless one.
	Data string
}

// Port is a container port and its protocol, as Polytope names it.
type Port struct {
	Number   uint32
	Protocol string
}

func tcp(n uint32) Port  { return Port{n, "tcp"} }
func web(n uint32) Port  { return Port{n, "http"} }
func webs(n uint32) Port { return Port{n, "https"} }

// images states what the images' own documentation says.
var images = []Image{
	{"postgres", []Port{tcp(5432)}, "/var/lib/postgresql/data"},
	{"pgvector/pgvector", []Port{tcp(5432)}, "/var/lib/postgresql/data"},
	{"postgis/postgis", []Port{tcp(5432)}, "/var/lib/postgresql/data"},
	{"timescale/timescaledb", []Port{tcp(5432)}, "/var/lib/postgresql/data"},
	{"bitnami/postgresql", []Port{tcp(5432)}, "/bitnami/postgresql"},
	{"mysql", []Port{tcp(3306)}, "/var/lib/mysql"},
	{"mysql/mysql-server", []Port{tcp(3306)}, "/var/lib/mysql"},
	{"mariadb", []Port{tcp(3306)}, "/var/lib/mysql"},
	{"percona", []Port{tcp(3306)}, "/var/lib/mysql"},
	{"bitnami/mariadb", []Port{tcp(3306)}, "/bitnami/mariadb"},
	{"mcr.microsoft.com/mssql/server", []Port{tcp(1433)}, "/var/opt/mssql"},
	{"mcr.microsoft.com/azure-sql-edge", []Port{tcp(1433)}, "/var/opt/mssql"},
	{"mongo", []Port{tcp(27017)}, "/data/db"},
	{"redis", []Port{tcp(6379)}, "/data"},
	{"redis/redis-stack", []Port{tcp(6379)}, "/data"},
	{"redis/redis-stack-server", []Port{tcp(6379)}, "/data"},
	{"valkey/valkey", []Port{tcp(6379)}, "/data"},
	{"bitnami/redis", []Port{tcp(6379)}, "/bitnami/redis/data"},
	{"memcached", []Port{tcp(11211)}, ""},
	{"rabbitmq", []Port{tcp(5672)}, "/var/lib/rabbitmq"},
	{"redpandadata/redpanda", []Port{tcp(9092)}, "/var/lib/redpanda/data"},
	{"vectorized/redpanda", []Port{tcp(9092)}, "/var/lib/redpanda/data"},
	{"couchbase", []Port{web(8091), tcp(11210)}, "/opt/couchbase/var"},
	{"couchdb", []Port{web(5984)}, "/opt/couchdb/data"},
	{"elasticsearch", []Port{web(9200)}, "/usr/share/elasticsearch/data"},
	{"elasticsearch/elasticsearch", []Port{web(9200)}, "/usr/share/elasticsearch/data"},
	{"opensearchproject/opensearch", []Port{web(9200)}, "/usr/share/opensearch/data"},
	{"kibana/kibana", []Port{web(5601)}, ""},
	{"minio/minio", []Port{web(9000), web(9001)}, "/data"},
	{"clickhouse/clickhouse-server", []Port{web(8123), tcp(9000)}, "/var/lib/clickhouse"},
	{"influxdb", []Port{web(8086)}, "/var/lib/influxdb2"},
	{"neo4j", []Port{web(7474), tcp(7687)}, "/data"},
	{"cassandra", []Port{tcp(9042)}, "/var/lib/cassandra"},
	{"nats", []Port{tcp(4222)}, ""},
	{"zookeeper", []Port{tcp(2181)}, "/data"},
	{"confluentinc/cp-zookeeper", []Port{tcp(2181)}, "/var/lib/zookeeper/data"},
	{"confluentinc/cp-kafka", []Port{tcp(9092)}, "/var/lib/kafka/data"},
	{"apache/kafka", []Port{tcp(9092)}, "/var/lib/kafka/data"},
	{"bitnami/kafka", []Port{tcp(9092)}, "/bitnami/kafka"},
	{"qdrant/qdrant", []Port{web(6333), tcp(6334)}, "/qdrant/storage"},
	{"getmeili/meilisearch", []Port{web(7700)}, "/meili_data"},
	{"nginx", []Port{web(80)}, ""},
	{"httpd", []Port{web(80)}, ""},
	{"caddy", []Port{web(80), webs(443)}, ""},
	{"grafana/grafana", []Port{web(3000)}, ""},
	{"prom/prometheus", []Port{web(9090)}, ""},
	{"adminer", []Port{web(8080)}, ""},
	{"mailhog/mailhog", []Port{tcp(1025), web(8025)}, ""},
	{"axllent/mailpit", []Port{tcp(1025), web(8025)}, ""},
	{"selenium/hub", []Port{web(4444)}, ""},
}

// officialPrefixes are the names under which registries serve the official
// images.
var officialPrefixes = []string{
	"docker.io/library/", "index.docker.io/library/", "public.ecr.aws/docker/library/", "mirror.gcr.io/library/",
	"docker.io/", "library/",
}

var tagOrDigest = regexp.MustCompile(`(@.*|:[^:/]*)$`)

// Repository is an image's name without tag and digest, and without what
// registries put before the name of an official image.
func Repository(image string) string {
	name, _, _ := strings.Cut(image, "@")
	name = tagOrDigest.ReplaceAllString(name, "")
	for _, p := range officialPrefixes {
		name = strings.TrimPrefix(name, p)
	}
	return name
}

// ImageName is the Repository of an image. ok is false where the literal
// beginning of the image does not reach to the end of its name.
func ImageName(image ir.Expr) (name string, ok bool) {
	text, isWhole := literalPrefix(image)
	return Repository(text), isWhole || tagOrDigest.MatchString(text)
}

// literalPrefix is the literal text that an expression begins with, and
// whether that is all of it.
func literalPrefix(x ir.Expr) (text string, isWhole bool) {
	switch x := x.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Interp:
		if len(x.Parts) > 0 {
			text, _ = literalPrefix(x.Parts[0])
		}
	}
	return text, false
}

// IsNamed tells whether a Repository is that of an image: an official image has
// a name of one part; others are the same at every registry.
func IsNamed(repository, image string) bool {
	return repository == image || strings.Contains(image, "/") && strings.HasSuffix(repository, "/"+image)
}

// LookupImage finds an image by its name, whatever registry it comes from.
func LookupImage(image string) (Image, bool) {
	name := Repository(image)
	i := slices.IndexFunc(images, func(k Image) bool { return IsNamed(name, k.Repository) })
	if i < 0 {
		return Image{}, false
	}
	return images[i], true
}

// httpPorts are the container ports that nearly always speak HTTP.
var httpPorts = []uint32{
	80, 81, 591, 3000, 3001, 4000, 4200, 5000, 5001, 5173, 5601, 5984, 8000, 8001, 8008, 8025, 8080, 8081, 8082, 8083,
	8086, 8088, 8089, 8090, 8096, 8123, 8200, 8500, 8501, 8880, 8888, 9090, 9091, 9200, 15672, 16686,
}

var httpsPorts = []uint32{443, 8443, 9443}

// Protocol is what a container port probably speaks, of which no more is known
// than its transport ("tcp", "udp"; empty is tcp) and the image behind it.
func Protocol(port uint32, transport string, image string) string {
	if transport != "" && transport != "tcp" {
		return transport
	}
	if k, ok := LookupImage(image); ok {
		for _, p := range k.Ports {
			if p.Number == port {
				return p.Protocol
			}
		}
	}
	switch {
	case slices.Contains(httpPorts, port):
		return "http"
	case slices.Contains(httpsPorts, port):
		return "https"
	}
	return "tcp"
}
