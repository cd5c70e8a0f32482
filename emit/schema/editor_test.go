package schema

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestEditor opens files in the YAML language server, which editors use. It
// needs yaml-language-server on the PATH (npm install yaml-language-server).
func TestEditor(t *testing.T) {
	server, err := exec.LookPath("yaml-language-server")
	if err != nil {
		t.Skip("yaml-language-server is not installed")
	}
	text, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "schema.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	e := startEditor(t, server, dir)
	head := "# yaml-language-server: $schema=file://" + file + "\n"
	tests := []struct {
		name, text, want string
		line             int // where the complaint is; 0: there is none
	}{
		{name: "good", text: `modules:
  - id: web
    module: web-base
    args:
      port: pt.value web_port
  - id: web-base
    module: polytope/redpanda!console
    params:
      - {id: port, type: [default, str, "8080"]}
    args:
      brokers:
        - {host: pt.value redpanda_host, port: 9092}
      port: "#pt-js parseInt(params['port'])"
templates:
  - id: stack
    run: [web]
`},
		{
			name: "value where a number belongs", line: 5, want: "split",
			text: "modules:\n  - id: web\n    module: polytope/redpanda!console\n    args:\n      port: pt.value port\n",
		},
		{
			name: "unknown argument", line: 5, want: "prot",
			text: "modules:\n  - id: web\n    module: polytope/redpanda!console\n    args:\n      prot: 80\n",
		},
		{
			name: "list where a number belongs", line: 7, want: "integer",
			text: "modules:\n  - id: web\n    module: polytope/redpanda!console\n    args:\n" +
				"      brokers:\n        - host: x\n          port: [1]\n",
		},
		{
			name: "key of another mount source", line: 9, want: "data",
			text: "modules:\n  - id: db\n    module: polytope/container\n    args:\n      image: x\n" +
				"      mounts:\n        - path: /data\n          source: {type: host, path: x,\n            data: y}\n",
		},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.t = t
			found := e.open(fmt.Sprintf("file://%s/%d.yml", dir, i), head+tt.text)
			if tt.line == 0 && len(found) > 0 {
				t.Fatalf("complaints about a good file: %v", found)
			}
			for _, d := range found {
				// Lines count from 0, and the head is one more.
				if d.Range.Start.Line == tt.line && strings.Contains(d.Message, tt.want) {
					return
				}
			}
			if tt.line > 0 {
				t.Errorf("no complaint about %q in line %d: %v", tt.want, tt.line, found)
			}
		})
	}
}

// editor is the client's side of the Language Server Protocol.
type editor struct {
	t        *testing.T
	to       io.Writer
	received chan message
	sent     int
}

type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
}

type complaint struct {
	Message string
	Range   struct{ Start struct{ Line, Character int } }
}

func startEditor(t *testing.T, server, dir string) *editor {
	cmd := exec.Command(server, "--stdio")
	to, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	from, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		to.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	e := &editor{t: t, to: to, received: make(chan message, 100)}
	go receive(bufio.NewReader(from), e.received)
	e.send("initialize", map[string]any{"processId": os.Getpid(), "rootUri": "file://" + dir, "capabilities": map[string]any{}}, true)
	e.await(func(m message) bool { return m.Result != nil })
	e.send("initialized", map[string]any{}, false)
	return e
}

// receive reads messages until there are no more.
func receive(from *bufio.Reader, to chan<- message) {
	defer close(to)
	for {
		header, err := textproto.NewReader(from).ReadMIMEHeader()
		if err != nil {
			return
		}
		n, _ := strconv.Atoi(header.Get("Content-Length"))
		body := make([]byte, n)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		var m message
		if json.Unmarshal(body, &m) == nil {
			to <- m
		}
	}
}

func (e *editor) send(method string, params any, isRequest bool) {
	m := map[string]any{"jsonrpc": "2.0", "method": method, "params": params}
	if isRequest {
		e.sent++
		m["id"] = e.sent
	}
	e.write(m)
}

func (e *editor) write(m map[string]any) {
	body, err := json.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(e.to, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// await reads on to a message, and answers what the server asks meanwhile.
func (e *editor) await(isIt func(message) bool) message {
	e.t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		select {
		case m, ok := <-e.received:
			switch {
			case !ok:
				e.t.Fatal("the server has ended")
			case isIt(m):
				return m
			case m.ID != nil && m.Method != "":
				e.write(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": []any{nil, nil, nil, nil, nil, nil}})
			}
		case <-timeout:
			e.t.Fatal("the server does not answer")
		}
	}
}

// open opens a document, and returns what the server complains about.
func (e *editor) open(uri, text string) []complaint {
	e.t.Helper()
	e.send("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": uri, "languageId": "yaml", "version": 1, "text": text,
	}}, false)
	var published struct {
		URI         string
		Diagnostics []complaint
	}
	e.await(func(m message) bool {
		return m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &published) == nil && published.URI == uri
	})
	return published.Diagnostics
}
