package polytope

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"

	"hull/ir"
)

// TypeText is a param type as a file has it in YAML, on one line.
func TypeText(t ir.Type) string {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	if err := e.Encode(yamlFlow((&builder{}).typ(t))); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// TypeJSON is a param type as a file has it in JSON, on one line.
func TypeJSON(t ir.Type) []byte {
	var b bytes.Buffer
	writeJSON(&b, (&builder{}).typ(t))
	return b.Bytes()
}
