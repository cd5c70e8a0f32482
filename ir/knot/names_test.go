package knot

import "testing"

func TestValueNames(t *testing.T) {
	for variable, want := range map[string]string{
		"user.timezone":     "user_timezone",
		"var.db_password":   "db_password",
		"var.myVar":         "myVar",
		"var.user_timezone": "var_user_timezone", // the system's
		"var.stack_name":    "var_stack_name",    // stack.name's
		"var.a.b":           "var_a_b",
		"stack.db.var.port": "stack_db_var_port",
	} {
		if got := ValueName(variable); got != want {
			t.Errorf("%s becomes %s, want %s", variable, got, want)
		}
		if back, ok := VariableOf(ValueInfo(variable)); !ok || back != variable {
			t.Errorf("the documentation of %s names %q", variable, back)
		}
	}
	for _, info := range []string{"", "the timezone", "see ${{.user.timezone}} of knot", "${{.user.timezone}} of knots"} {
		if v, ok := VariableOf(info); ok {
			t.Errorf("%q names %s", info, v)
		}
	}
	for _, v := range Variables {
		if back, ok := SystemVariable(ValueName(v.Name)); !ok || back != v {
			t.Errorf("%s comes back as %v", v.Name, back)
		}
	}
	if v, ok := SystemVariable("web_port"); ok {
		t.Errorf("web_port is %v", v)
	}
}
