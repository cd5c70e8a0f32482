package ir

import "testing"

func TestLooksLikeReference(t *testing.T) {
	references := []string{
		"pt.value x", "pt.values x", "pt.secret x", "pt.secrets x", "pt.param x", "pt.params x", "pt.input x", "pt.value", "pt.value\tx", "pt.value\nx",
		"  pt.secret prod_key", "\npt.param x", "\u00a0pt.value x", "\ufeffpt.value x", "\u200bpt.value x",
		"#pt-js 1", "#pt-clj (x)", "#pt-py x", "#pt-value x", "#pt-secret x", " #pt-js 1", "#pt-js",
		"pt.clj (x)", "pt.js x", "pt.py x", "pt.clj\n(concat)", "pt.tool x",
		"{pt.value x}", "a {pt.secret b} c", "{ pt.param x }", "{pt.value", "{#pt-value x}", "{{pt.value x}}", "a\n{pt.input x}",
	}
	for _, s := range references {
		if !LooksLikeReference(s) {
			t.Errorf("%q does not look like a reference", s)
		}
	}
	for _, s := range []string{"", "pt", "pt.", "value x", "opt.value x", "a pt.value x", "a #pt-js 1", "{pt}", "{x}", "pt-value x", "#pt", "pt.example.com", "{}", "$pt.value x"} {
		if LooksLikeReference(s) {
			t.Errorf("%q looks like a reference", s)
		}
	}
}

func TestHoldsLookalike(t *testing.T) {
	if !HoldsLookalike(NewMap("a", NewList(Str("x"), Str("pt.value x")))) || HoldsLookalike(NewMap("pt.value x", Str("x"))) {
		t.Error("literals are looked at, wherever they stand, and keys are not")
	}
}
