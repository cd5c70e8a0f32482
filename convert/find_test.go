package convert

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hull/ir/diag"
)

// makeTree writes files, by their slashed paths, into a new folder.
func makeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const aService = "services: {web: {image: nginx}}\n"

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		below string // the folder that is searched
		opts  FindOptions
		want  string
	}{
		{
			"folders in order, overrides with their base",
			map[string]string{
				"b/compose.yaml": aService, "a/docker-compose.yml": aService, "a/docker-compose.override.yml": aService, "README": "",
			},
			"",
			FindOptions{},
			"a/docker-compose.yml a/docker-compose.override.yml, b/compose.yaml",
		},
		{
			"what is generated is no project",
			map[string]string{"a/compose.yaml": aService, "a/polytope.yml": "modules: []", "b/polytope.yml": "modules: []"},
			"",
			FindOptions{},
			"a/compose.yaml",
		},
		{
			"other compose files are no projects unless asked for",
			map[string]string{"docker-compose.prod.yml": aService, "x/stack.yml": aService},
			"",
			FindOptions{Include: []string{"stack.yml"}},
			"x/stack.yml",
		},
		{
			"a file found twice",
			map[string]string{"compose.yaml": aService},
			"",
			FindOptions{Include: []string{"compose.yaml"}},
			"compose.yaml",
		},
		{
			"included projects",
			map[string]string{
				"compose.yaml":    "include: [db/compose.yaml, {path: [mq/compose.yaml]}, {path: web/compose.yaml}]\n",
				"db/compose.yaml": aService, "mq/compose.yaml": aService, "web/compose.yaml": aService, "own/compose.yaml": aService,
			},
			"",
			FindOptions{},
			"compose.yaml, own/compose.yaml",
		},
		{
			".gitignore, with what it takes back",
			map[string]string{
				".gitignore": "# no\nvendor/\n*.tmp/\n!keep.tmp/\n", "vendor/compose.yaml": aService, "x/vendor/compose.yaml": aService,
				"a.tmp/compose.yaml": aService, "keep.tmp/compose.yaml": aService, "x/.gitignore": "/y\n", "x/y/compose.yaml": aService, "y/compose.yaml": aService,
			},
			"",
			FindOptions{},
			"keep.tmp/compose.yaml, y/compose.yaml",
		},
		{
			".gitignore of the folders above, in a repository",
			map[string]string{
				".git/HEAD": "", ".gitignore": "old\n", "apps/.gitignore": "/new/x\n",
				"apps/new/old/compose.yaml": aService, "apps/new/x/compose.yaml": aService, "apps/new/y/compose.yaml": aService,
			},
			"apps/new",
			FindOptions{},
			"y/compose.yaml",
		},
		{
			"excluded",
			map[string]string{"a/compose.yaml": aService, "b/c/compose.yaml": aService, "b/compose.yaml": aService},
			"",
			FindOptions{Exclude: []string{"/a", "b/*/"}},
			"b/compose.yaml",
		},
		{
			"a marker stands for its folder",
			map[string]string{"a/compose.yaml": aService, "a/hull.yml": "", "a/stack.yml": aService, "a/b/compose.yaml": aService},
			"",
			FindOptions{Marker: "hull.yml", Include: []string{"stack.yml"}},
			"a/hull.yml, a/b/compose.yaml",
		},
		{
			"a file of a project that is ignored",
			map[string]string{".gitignore": "*.override.yml\n", "compose.yml": aService, "compose.override.yml": aService},
			"",
			FindOptions{},
			"compose.yml",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := filepath.Join(makeTree(t, tt.files), filepath.FromSlash(tt.below))
			found, ds := Find([]string{root}, tt.opts)
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			if got := list(root, found); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// list writes projects as their files below root.
func list(root string, found []Source) string {
	var projects []string
	for _, s := range found {
		var files []string
		for _, f := range s.Files {
			files = append(files, strings.Join(relativeParts(root, f), "/"))
		}
		projects = append(projects, strings.Join(files, " "))
	}
	return strings.Join(projects, ", ")
}

func TestFindInSeveralFolders(t *testing.T) {
	root := makeTree(t, map[string]string{"a/compose.yaml": aService, "b/compose.yaml": aService})
	dirs := []string{filepath.Join(root, "b"), root, filepath.Join(root, "nowhere")}
	found, ds := Find(dirs, FindOptions{})
	if got := list(root, found); got != "b/compose.yaml, a/compose.yaml" {
		t.Errorf("found %q", got)
	}
	if len(ds) != 1 || ds[0].Code != "input/folder" || !strings.Contains(ds[0].Message, "no such file") {
		t.Errorf("reported %v", ds)
	}
}

func TestFindTellsOfFoldersItCannotRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads every folder")
	}
	root := makeTree(t, map[string]string{"a/compose.yaml": aService, "b/compose.yaml": aService})
	closed := filepath.Join(root, "b")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(closed, 0o755)
	found, ds := Find([]string{root}, FindOptions{})
	if got := list(root, found); got != "a/compose.yaml" {
		t.Errorf("found %q", got)
	}
	if len(ds) != 1 || ds[0].Code != "input/folder" || ds[0].Severity != diag.Warning {
		t.Errorf("reported %v", ds)
	}
}

func TestShardsPartition(t *testing.T) {
	var all []Source
	for i := range 500 {
		all = append(all, Source{Files: []string{fmt.Sprintf("stacks/%d/compose.yaml", i)}})
	}
	for n := 1; n <= 7; n++ {
		counts := map[string]int{}
		for i := 1; i <= n; i++ {
			part := Shard(all, i, n)
			if len(part) < 500/n/2 {
				t.Errorf("part %d of %d has %d projects", i, n, len(part))
			}
			for _, s := range part {
				counts[s.Files[0]]++
			}
			fewer := Shard(all[:250], i, n)
			if !slices.EqualFunc(fewer, Shard(part, i, n)[:len(fewer)], func(a, b Source) bool { return a.Files[0] == b.Files[0] }) {
				t.Errorf("part %d of %d changes with the other projects", i, n)
			}
		}
		for _, s := range all {
			if counts[s.Files[0]] != 1 {
				t.Errorf("%s is in %d of %d parts", s.Files[0], counts[s.Files[0]], n)
			}
		}
	}
}
