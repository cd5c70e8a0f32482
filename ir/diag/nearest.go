package diag

import (
	"strconv"
	"strings"

	"github.com/xrash/smetrics"
)

// maxCandidates bounds the work: who has more names than that knows them.
const maxCandidates = 1000

// Nearest is the candidate that a misspelt word probably means; empty where
// none is near: at most a third of its letters wrong, and no more than three.
func Nearest(word string, candidates []string) string {
	if len(candidates) > maxCandidates {
		return ""
	}
	best, limit := "", min(len(word)/3+1, 3)+1
	for _, c := range candidates {
		if d := smetrics.WagnerFischer(strings.ToLower(word), strings.ToLower(c), 1, 1, 1); d < limit && d < len(c) {
			best, limit = c, d
		}
	}
	return best
}

// DidYouMean is the help that names the nearest candidate, or else the help
// given.
func DidYouMean(word string, candidates []string, orElse string) string {
	if near := Nearest(word, candidates); near != "" {
		return "did you mean " + strconv.Quote(near) + "?"
	}
	return orElse
}
