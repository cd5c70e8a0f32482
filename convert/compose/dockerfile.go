package compose

import (
	"cmp"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// stage is a stage of a Dockerfile, as far as its ports go.
type stage struct {
	name, from string
	expose     []string
	args       map[string]string
}

var (
	instruction = regexp.MustCompile(`(?i)^\s*(FROM|EXPOSE|ARG|ENV)\s+(.*)$`)
	fromFlags   = regexp.MustCompile(`^(?:--\S+\s+)*(\S+)(?:\s+(?i:as)\s+(\S+))?`)
)

// dockerfilePorts are the EXPOSE lines of the stage that is built, and of the
// stages that it is built from. A Dockerfile that cannot be had says nothing.
func (r *reader) dockerfilePorts(s types.ServiceConfig) []listen {
	build := r.buildOfImage(s)
	if build == nil {
		return nil
	}
	stages := parseDockerfile(r.dockerfile(build))
	i := len(stages) - 1
	for j, st := range stages {
		if build.Target != "" && (strings.EqualFold(st.name, build.Target) || strconv.Itoa(j) == build.Target) {
			i = j
		}
	}
	var out []listen
	for i >= 0 {
		for _, e := range stages[i].expose {
			out = addPort(out, parseExpose(e))
		}
		i = parentStage(stages, i)
	}
	return out
}

// buildOfImage is the build of the image that a service runs: its own, or that of
// the first service which builds that image; nil where nothing builds it.
func (r *reader) buildOfImage(s types.ServiceConfig) *types.BuildConfig {
	if s.Build != nil || s.Image == "" {
		return s.Build
	}
	for _, name := range r.serviceNames() {
		if other := r.Services[name]; other.Image == s.Image && other.Build != nil {
			return other.Build
		}
	}
	return nil
}

// parentStage is the earlier stage that a stage is built from, or -1.
func parentStage(stages []stage, i int) int {
	for j := i - 1; j >= 0; j-- {
		if strings.EqualFold(stages[j].name, stages[i].from) || strconv.Itoa(j) == stages[i].from {
			return j
		}
	}
	return -1
}

func (r *reader) dockerfile(b *types.BuildConfig) string {
	if b.DockerfileInline != "" {
		return b.DockerfileInline
	}
	name := cmp.Or(b.Dockerfile, "Dockerfile")
	if !path.IsAbs(name) {
		name = path.Join(r.src.files.relative(b.Context), name)
	}
	text, _, err := r.src.files.read(name)
	if err != nil {
		return ""
	}
	return string(text)
}

// parseDockerfile reads the instructions that say which ports an image has.
func parseDockerfile(text string) []stage {
	var stages []stage
	global := map[string]string{}
	for _, line := range strings.Split(strings.ReplaceAll(text, "\\\n", " "), "\n") {
		m := instruction.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		word := strings.ToUpper(m[1])
		if word == "FROM" {
			if f := fromFlags.FindStringSubmatch(m[2]); f != nil {
				stages = append(stages, stage{name: f[2], from: f[1], args: map[string]string{}})
			}
			continue
		}
		args := global
		if len(stages) > 0 {
			args = stages[len(stages)-1].args
		}
		if word != "EXPOSE" {
			setDefaults(args, global, m[2])
		} else if len(stages) > 0 {
			last := &stages[len(stages)-1]
			last.expose = append(last.expose, strings.Fields(expandArgs(m[2], args))...)
		}
	}
	return stages
}

// setDefaults notes what ARG or ENV say; a bare ARG takes the global default.
func setDefaults(args, global map[string]string, text string) {
	fields := strings.Fields(text)
	if len(fields) == 2 && !strings.Contains(fields[0], "=") {
		args[fields[0]] = fields[1] // ENV NAME value
		return
	}
	for _, f := range fields {
		name, value, ok := strings.Cut(f, "=")
		if !ok {
			value = global[name]
		}
		args[name] = strings.Trim(value, `"'`)
	}
}

func expandArgs(text string, args map[string]string) string {
	s, err := substitute(text, func(name string) (string, bool) { v, ok := args[name]; return v, ok })
	if err != nil {
		return ""
	}
	return s
}
