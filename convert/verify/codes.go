package verify

import (
	"slices"
	"strings"

	"hull/ir/diag"
)

// scopes limits what a code can explain. A code that is not here explains what
// is at its path or below.
var scopes = map[string][]scope{
	"compose/tty-default":          {{attributes: []string{"tty", "stdin_open"}, isSilent: true}},
	"compose/name-changed":         {{attributes: []string{"", "names", "profiles"}, becomes: theID}},
	"compose/hostname":             {{attributes: []string{"hostname"}, isExact: true, becomes: nothing}},
	"compose/container-name":       {{attributes: []string{"container_name"}, isExact: true, becomes: nothing}},
	"compose/alias-taken":          {{attributes: []string{"names"}}},
	"compose/service-port-unknown": {{attributes: []string{"names"}}},
	"compose/waits-more":           {{attributes: []string{"depends_on"}, becomes: waitsForEnd}},
	"compose/waits-less":           {{attributes: []string{"depends_on"}}},
	"compose/port-random":          {{attributes: []string{"ports.*"}, isExact: true, becomes: ownPort}},
	"compose/port-protocol":        {{attributes: []string{"ports.*"}}},
	"compose/network-isolation":    {{attributes: []string{"networks", "internal"}, isExact: true}},
	"compose/volume-anonymous":     {{attributes: []string{"volumes.*"}, isExact: true, becomes: ownVolume}},
	"compose/volume-added":         {{from: "image", attributes: []string{"volumes.*"}, isWide: true, isSilent: true, becomes: dataVolume}},
	"compose/env-inherited":        {{attributes: []string{"environment.*"}, becomes: emptyText}},
	"compose/restart-unless-stopped": {
		{attributes: []string{"restart", "deploy.restart_policy.condition"}, isExact: true, becomes: always},
	},
	"compose/pull-policy":         {{attributes: []string{"pull_policy", "pull_refresh_after"}, becomes: nothing}},
	"compose/depends-on-healthy":  {{attributes: []string{"depends_on"}, becomes: nothing}},
	"compose/depends-on-optional": {{attributes: []string{"depends_on"}, becomes: nothing}},
	"compose/secret-line-break":   {{attributes: []string{"secrets", "configs"}, becomes: withoutLineBreak}},
	"compose/scale-zero": {
		{from: "scale", attributes: []string{""}, isWide: true, becomes: nothing},
		{from: "deploy.replicas", attributes: []string{""}, isWide: true, becomes: nothing},
	},
	"compose/no-image": {{attributes: []string{""}}},
	"compose/labels": {
		{from: "label_file", attributes: []string{"labels"}, isWide: true},
		{attributes: []string{"labels", "annotations", "label_file", "deploy.labels", "volumes.*.volume.labels"}},
	},
	"polytope/builtin-exposes": {{from: "services", attributes: []string{"ports.*"}, isWide: true, isSilent: true, becomes: ownPort}},
	// Comments explain no difference.
	"compose/comments": nil,
	// What the variable has now is written down, so that now nothing differs.
	resolved:        nil,
	envFileVariable: nil,
}

// Entries of these codes say what differs with other texts for the variables.
const (
	resolved        = "compose/variable-resolved"
	envFileVariable = "compose/env-file-variable"
)

// unseen are the entries that need not show in a comparison with the values of
// today, by their codes and the ends of their paths, each with its reason.
var unseen = []struct{ code, from, why string }{
	{envFileVariable, "", "its variables may be the file's own, and it differs when that changes"},
	{"compose/comments", "", "comments do nothing where a container runs"},
	{"compose/waits-more", "build", "compose does not say in which order it builds"},
}

// ofRunning are the codes that say of a service what shows where it runs: what
// is added to it, what it is called, and what its variables would change.
var ofRunning = []string{resolved, "compose/volume-added", "compose/name-changed", "polytope/builtin-exposes"}

// isUnseen tells whether an entry need not show.
func isUnseen(entry diag.Diagnostic) bool {
	for _, u := range unseen {
		if u.code == entry.Code && slices.ContainsFunc(paths(entry), func(p string) bool { return endsIn(p, u.from) }) {
			return true
		}
	}
	return false
}

// endsIn tells whether a path has an end; the empty one has every path.
func endsIn(p, end string) bool { return end == "" || p == end || strings.HasSuffix(p, "."+end) }
