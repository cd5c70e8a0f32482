package polytope

import (
	"strconv"
	"strings"
	"testing"

	"hull/ir"
)

func TestLiteralCode(t *testing.T) {
	for _, s := range []string{"pt.secret x", "#pt-js \"a\\b\"", "a {pt.value x}\n\t'b' `c` \u2028 é 🚢 \x01\x7f", "{ pt.param x }", "{pt.value x", "pt.pt.value x", "{{pt-pt.value x"} {
		code := literalCode(s).Source
		if got, err := strconv.Unquote(code); err != nil || got != s {
			t.Errorf("%s yields %q (%v), want %q", code, got, err, s)
		}
		if ir.LooksLikeReference(code) || strings.ContainsAny(code, "{}\n\u2028") || strings.Contains(code, "pt.") || strings.Contains(code, "pt-") {
			t.Errorf("%s looks like a reference", code)
		}
	}
}
