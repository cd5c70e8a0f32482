package known

import (
	"strings"
	"testing"
)

func TestIsHostName(t *testing.T) {
	for _, name := range []string{
		"HOST", "DB_HOST", "dbHost", "REDIS_HOSTS", "PGHOST", "MYSQL_SERVER", "SERVER", "KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "endpoint",
		"API_URI", "BACKEND", "db-host", "DB_HOST_NAME", "DB_HOSTNAME", "ES_NODES", "POSTGRES_HOST_1", "SMTPHOST", "addr",
	} {
		if !IsHostName(name) {
			t.Errorf("%s holds a host", name)
		}
	}
	for _, name := range []string{
		"", "POSTGRES_DB", "POSTGRES_USER", "DB_SERVER_USER", "SERVER_NAME", "GHOST", "RABBITMQ_DEFAULT_VHOST", "URL_PATH", "HOST_PORT",
		"NAME", "DATABASE", "SERVICE", "APP", "GHOST_DB", "CURLY",
	} {
		if IsHostName(name) {
			t.Errorf("%s holds no host", name)
		}
	}
}

// TestAddresses looks for the host "db".
func TestAddresses(t *testing.T) {
	for _, variable := range []string{
		"DB_HOST=db", "DB_HOST=DB", "DB_HOSTS=cache,db", "X=http://db", "X=http://db/x", "X=postgres://u:p@db/x", "X=postgres://u:p@db:5432/x",
		"X=db:5432", "X=cache:1,db:2", "X=mongodb://a:1,db/x", "X=a b=http://x http://db?x", "X=jdbc:sqlserver://db;databaseName=x",
		"X=u:p@tcp(db:3306)/x", "X=u:p@db/x", "X=jdbc:oracle:thin:@db:1521", `X={"host": "db:5432"}`, "X=redis://db#1", "X=--host=db:5",
	} {
		name, text, _ := strings.Cut(variable, "=")
		if !Addresses(name, text, "db") {
			t.Errorf("%s addresses db", variable)
		}
	}
	for _, variable := range []string{
		"POSTGRES_DB=db", "POSTGRES_USER=db", "X=db", "X=a,db", "DB_HOST=mydb", "DB_HOST=db2", "X=http://x/db", "X=postgres://db:p@x/y", "X=mydb:5432",
		"X=http://db.example.com", "X=postgres://x/db", "X=db:latest", "X=http://x/?host=db", "X=mail@db", "HOST=", "HOST=use/db", "X=dbx:5432", "X=http://mydb/", "X=x.db:80", "DB_HOST=db-name",
	} {
		name, text, _ := strings.Cut(variable, "=")
		if Addresses(name, text, "db") {
			t.Errorf("%s does not address db", variable)
		}
	}
	if Addresses("HOST", "", "") {
		t.Error("no host is addressed by nothing")
	}
}

// TestCommandAddresses looks for the host "db".
func TestCommandAddresses(t *testing.T) {
	for _, command := range []string{"wait db:5432", "x --db-host db", "x --host=db", "x --db=postgres://db/x", "sh -c http://db", "x --broker db"} {
		if !CommandAddresses(strings.Fields(command), "db") {
			t.Errorf("%s addresses db", command)
		}
	}
	for _, command := range []string{"db", "db start", "x --user db", "x --host a db", "x --name=db", "--host", ""} {
		if CommandAddresses(strings.Fields(command), "db") {
			t.Errorf("%s does not address db", command)
		}
	}
}
