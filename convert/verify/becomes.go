package verify

import (
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// What the target says where a code explains a difference.

func nothing(d *Difference) bool { return d.Target == nil }

// emptyText is there for what has no text. compose-go leaves out what an env
// file names and nobody sets.
func emptyText(d *Difference) bool {
	return (d.Source == nil || *d.Source == unset) && d.Target != nil && *d.Target == ""
}

// theID is the id that a name becomes. A profile that is called as the base is
// becomes another.
func theID(d *Difference) bool {
	if d.Source == nil || d.Target == nil {
		return false
	}
	id := idOf(*d.Source)
	return *d.Target == id || id == base && *d.Target == "profile-"+base
}

// always has unless-stopped become always, and leaves the number of restarts.
func always(d *Difference) bool {
	if d.Source == nil || d.Target == nil {
		return false
	}
	rest, ok := strings.CutPrefix(*d.Source, "unless-stopped")
	return ok && *d.Target == "always"+rest
}

// ownPort is the container's own number on the host, in the place of each port
// there that docker compose chooses.
func ownPort(d *Difference) bool {
	if d.Target == nil {
		return false
	}
	number, _, _ := strings.Cut(d.elements[len(d.elements)-1], "/")
	want := map[string]bool{}
	if d.Source == nil {
		want[number] = true
	} else {
		for _, p := range strings.Split(*d.Source, ", ") {
			if _, err := strconv.Atoi(p); err != nil || p == "0" {
				p = number
			}
			want[p] = true
		}
	}
	return *d.Target == sorted(want)
}

// ownVolume is a volume that has a name, and is this mount's alone.
func ownVolume(d *Difference) bool { return d.Target != nil && d.isOwn }

// dataVolume is one where the image keeps its data.
func dataVolume(d *Difference) bool { return ownVolume(d) && d.isData }

// waitsForEnd is a wait that was none, or only for health.
func waitsForEnd(d *Difference) bool {
	return d.Target != nil && *d.Target == types.ServiceConditionCompletedSuccessfully
}

// withoutLineBreak is the text of a file but for the line breaks at its end.
func withoutLineBreak(d *Difference) bool {
	text, err := strconv.Unquote(strings.TrimPrefix(d.content, "text "))
	return err == nil && d.Target != nil && *d.Target == inlineText(strings.TrimRight(text, "\n"))
}
