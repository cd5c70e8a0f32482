package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hull/ir/builtin"
	"hull/ir/resolve"
)

// builder collects the nodes and edges of jobs. What several jobs run is found
// again by its key.
type builder struct {
	jobs    []string
	list    []Node
	members [][]string // of each node: the jobs that it is part of
	nodes   map[string]int

	edgeList []Edge
	edges    map[edgeKey]int
	uses     []map[string][]string // of each edge: by its labels, the jobs that have it so
}

type edgeKey struct {
	from, to int
	kind     EdgeKind
}

// node finds or adds the node with a key, in the current job.
func (b *builder) node(kind NodeKind, name string, key ...string) int {
	id := fmt.Sprintf("%d %q", kind, key)
	i, ok := b.nodes[id]
	if !ok {
		i = len(b.list)
		b.nodes[id] = i
		b.list = append(b.list, Node{Kind: kind, Name: name})
		b.members = append(b.members, nil)
	}
	if job := b.jobs[len(b.jobs)-1]; !slices.Contains(b.members[i], job) {
		b.members[i] = append(b.members[i], job)
	}
	return i
}

// detail adds a line to a node, behind those of its kind.
func (b *builder) detail(node int, kind DetailKind, text string) {
	n := &b.list[node]
	d := Detail{kind, text}
	if text == "" || slices.Contains(n.Details, d) {
		return
	}
	at := len(n.Details)
	for at > 0 && n.Details[at-1].Kind > kind {
		at--
	}
	n.Details = slices.Insert(n.Details, at, d)
}

// edge finds or adds an edge, and notes that the current job has it with a
// label.
func (b *builder) edge(from, to int, kind EdgeKind, label string) {
	if from == to {
		return
	}
	key := edgeKey{from, to, kind}
	i, ok := b.edges[key]
	if !ok {
		i = len(b.edgeList)
		b.edges[key] = i
		b.edgeList = append(b.edgeList, Edge{From: from, To: to, Kind: kind})
		b.uses = append(b.uses, map[string][]string{})
	}
	if job := b.jobs[len(b.jobs)-1]; !slices.Contains(b.uses[i][label], job) {
		b.uses[i][label] = append(b.uses[i][label], job)
	}
}

// labelEdges says of each edge what it is labelled with, and in which templates
// where that is not in all that have both ends.
func (b *builder) labelEdges() {
	for i := range b.edgeList {
		both := b.commonJobs(&b.edgeList[i])
		plain := b.uses[i][""]
		var labels []string
		for _, label := range slices.SortedFunc(maps.Keys(b.uses[i]), compareLabels) {
			if label == "" {
				continue
			}
			in := b.uses[i][label]
			plain = without(plain, in)
			if only := onlyIn(in, both); only != "" {
				label += " (" + only + ")"
			}
			labels = append(labels, label)
		}
		if only := onlyIn(plain, both); only != "" && len(plain) > 0 {
			labels = append(labels, only)
		}
		b.edgeList[i].Labels = labels
	}
}

// commonJobs are the jobs that both ends of an edge are part of; the outside is
// there in all.
func (b *builder) commonJobs(e *Edge) []string {
	common := b.jobs
	for _, end := range []int{e.From, e.To} {
		if b.list[end].Kind != Outside {
			common = without(common, without(b.jobs, b.members[end]))
		}
	}
	return common
}

// compareLabels puts ports by their number.
func compareLabels(a, b string) int {
	number := func(s string) int {
		n, _ := strconv.Atoi(strings.TrimPrefix(s, ":"))
		return n
	}
	return cmp.Or(cmp.Compare(number(a), number(b)), strings.Compare(a, b))
}

// addJob adds what a job runs, and then what joins it.
func (b *builder) addJob(job *resolve.Job) {
	steps := map[string][]int{}
	tags := map[string][]int{}
	for _, build := range job.Builds {
		i := b.addBuild(&build)
		steps[build.Step] = append(steps[build.Step], i)
		for _, tag := range build.Tags {
			tags[fullTag(tag)] = append(tags[fullTag(tag)], i)
		}
	}
	containers := make([]int, len(job.Containers))
	for i := range job.Containers {
		c := &job.Containers[i]
		containers[i] = b.addContainer(c)
		steps[c.Step] = append(steps[c.Step], containers[i])
		for _, build := range tags[fullTag(c.Image)] {
			b.edge(build, containers[i], Builds, "")
		}
	}
	for _, o := range job.Opaque {
		i := b.node(Opaque, cmp.Or(o.Step, o.Module), o.Step, o.Module)
		b.modules(i, &o.Task)
		b.detail(i, NoteDetail, o.Why)
		steps[o.Step] = append(steps[o.Step], i)
	}
	b.addWaits(job, steps)
	b.addTalks(job, containers)
}

// fullTag is an image with its tag.
func fullTag(image string) string {
	if strings.Contains(image[strings.LastIndex(image, "/")+1:], ":") || strings.Contains(image, "@") {
		return image
	}
	return image + ":latest"
}

func (b *builder) addBuild(build *resolve.Build) int {
	name := build.Step
	if len(build.Tags) > 0 {
		name = build.Tags[0]
	}
	i := b.node(Build, name, append([]string{build.Dockerfile, build.Target}, build.Tags...)...)
	for _, tag := range build.Tags[min(1, len(build.Tags)):] {
		b.detail(i, ImageDetail, tag)
	}
	b.modules(i, &build.Task)
	for _, m := range build.Sources {
		b.detail(i, SourceDetail, sourceText("from ", &m.Source))
	}
	if build.Dockerfile != "Dockerfile" {
		b.detail(i, NoteDetail, build.Dockerfile)
	}
	if build.Target != "" {
		b.detail(i, NoteDetail, "target "+build.Target)
	}
	return i
}

// addContainer adds a container with what it mounts and what it exposes. The
// same id with another image is another container.
func (b *builder) addContainer(c *resolve.Container) int {
	key := []string{c.ID, c.Image}
	if c.ID == "" {
		key = append(key, c.Module, c.Step)
	}
	i := b.node(Container, cmp.Or(c.ID, c.Step, c.Module, c.Image), key...)
	b.detail(i, ImageDetail, c.Image)
	b.modules(i, &c.Task)
	if c.Scaling != nil && *c.Scaling != 1 {
		b.detail(i, ReplicaDetail, count(*c.Scaling, "replica", "replicas"))
	}
	for _, s := range c.Services {
		if s.ID != b.list[i].Name {
			b.detail(i, ServiceDetail, "as "+s.ID)
		}
	}
	b.addPorts(i, c.Services)
	for _, m := range c.Mounts {
		b.addMount(i, &m)
	}
	for _, d := range c.Datasets {
		b.detail(i, SourceDetail, "stores "+d.Path)
	}
	return i
}

// modules names the modules that a task goes through, but those that go by its
// own name and those at the end, which all tasks of a kind share.
func (b *builder) modules(node int, t *resolve.Task) {
	name := b.list[node].Name
	obvious := []string{"", name, name + "-base", t.Step, t.Step + "-base", builtin.Container, buildImage}
	var named []string
	for _, m := range append([]string{t.Module}, t.Via...) {
		if !slices.Contains(obvious, m) && !slices.Contains(named, m) {
			named = append(named, m)
		}
	}
	if len(named) > 0 {
		b.detail(node, ModuleDetail, "by "+strings.Join(named, ", "))
	}
}

// buildImage is the module that every build ends in.
const buildImage = "polytope/build-image"

// addPorts adds the ports of a container: first those that are exposed. A port
// of several services is one port of the container.
func (b *builder) addPorts(container int, services []resolve.Service) {
	shown := map[string]bool{}
	for _, isInternal := range []bool{false, true} {
		for _, s := range services {
			for _, p := range s.Ports {
				if p.Internal == isInternal {
					b.addPort(container, &p, shown)
				}
			}
		}
	}
}

func (b *builder) addPort(container int, p *resolve.Port, shown map[string]bool) {
	inside := p.Range
	if p.Port != 0 {
		inside = strconv.Itoa(p.Port)
	}
	about := ""
	if p.Protocol != "" && p.Protocol != "tcp" {
		about = " " + p.Protocol
	}
	if p.Label != "" {
		about += " (" + p.Label + ")"
	}
	socket := inside + "/tcp"
	if p.Protocol == "udp" {
		socket = inside + "/udp"
	}
	if p.Internal {
		if !shown[socket] {
			b.detail(container, InternalDetail, "port "+inside+about)
		}
		shown[socket] = true
		return
	}
	host := cmp.Or(p.ExposeAs, inside)
	if !shown[host+":"+socket] {
		b.detail(container, ExposedDetail, host+" → "+inside+about)
	}
	shown[socket], shown[host+":"+socket] = true, true
	b.edge(b.node(Outside, "outside"), container, Exposes, ":"+host)
}

func (b *builder) addMount(container int, m *resolve.Mount) {
	s := &m.Source
	if s.Type != "volume" {
		b.detail(container, SourceDetail, sourceText("mounts ", s))
		return
	}
	key := []string{s.Scope, s.ID}
	if s.ID == "" {
		key = append(key, strconv.Itoa(container), m.Path)
	}
	v := b.node(Volume, cmp.Or(s.ID, "unnamed volume"), key...)
	if s.Scope != "project" {
		b.detail(v, NoteDetail, "gone with the "+cmp.Or(s.Scope, "job"))
	}
	if s.From != nil {
		b.detail(v, SourceDetail, sourceText("filled from ", s.From))
	}
	b.edge(container, v, Mounts, m.Path)
}

// sourceText names what is mounted; texts are left out, for a file of theirs
// is part of the container.
func sourceText(verb string, s *resolve.Source) string {
	switch s.Type {
	case "host":
		return verb + s.Path
	case "dataset":
		return verb + "dataset " + strings.TrimSuffix(s.Dataset+"/"+s.Path, "/")
	case "repo":
		return verb + "repo " + strings.TrimSuffix(s.Repo+"/"+s.Path, "/")
	}
	return ""
}

// waitLabels say of a condition when it holds.
//
// Source: the Polytope reference, "Job DAGs": after-condition.
var waitLabels = map[string]string{
	"":        "",
	"success": "success",
	"always":  "any end",
	"failed":  "failure",
}

// addWaits adds who waits for whom. That a container waits for the build of
// its image goes without a second edge, the other way round.
func (b *builder) addWaits(job *resolve.Job, steps map[string][]int) {
	add := func(task *resolve.Task, node int) {
		for _, w := range task.After {
			label, known := waitLabels[w.Condition]
			if !known {
				label = w.Condition
			}
			for _, other := range steps[w.Step] {
				if _, built := b.edges[edgeKey{other, node, Builds}]; built {
					b.edge(other, node, Builds, "waited for")
					continue
				}
				b.edge(node, other, Waits, label)
			}
		}
	}
	eachTask(job, func(t *resolve.Task) {
		for _, node := range steps[t.Step] {
			add(t, node)
		}
	})
}

func eachTask(job *resolve.Job, f func(*resolve.Task)) {
	for i := range job.Builds {
		f(&job.Builds[i].Task)
	}
	for i := range job.Containers {
		f(&job.Containers[i].Task)
	}
	for i := range job.Opaque {
		f(&job.Opaque[i].Task)
	}
}

// tagMembers says of each node which templates it is part of, unless it is
// part of all, and of the outside, which is part of none.
func (b *builder) tagMembers() {
	for i := range b.list {
		if b.list[i].Kind != Outside {
			b.list[i].Only = onlyIn(b.members[i], b.jobs)
		}
	}
}

// onlyIn says which of some templates are meant, the shorter way; it is empty
// where that is all of them.
func onlyIn(in, all []string) string {
	out := without(all, in)
	switch {
	case len(out) == 0:
		return ""
	case len(out) < len(in):
		return "not in " + strings.Join(out, ", ")
	}
	return "only in " + strings.Join(in, ", ")
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return strconv.Itoa(n) + " " + many
}
