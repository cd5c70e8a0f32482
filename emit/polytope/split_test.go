package polytope

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"hull/ir"
)

// compactArgs are arguments as JSON on one line, with apostrophes for quotes.
func compactArgs(f *ir.File, c *ir.Call) string {
	b := &builder{scope: newScope(f, signatures)}
	n := b.args(c)
	if n == nil {
		return ""
	}
	var buf bytes.Buffer
	writeJSON(&buf, n)
	return strings.ReplaceAll(buf.String(), `"`, `'`)
}

func compactParams(f *ir.File, params []*ir.Param) string {
	b := &builder{scope: newScope(f, signatures)}
	var all []string
	for _, p := range params {
		var buf bytes.Buffer
		writeJSON(&buf, b.typ(p.Type))
		all = append(all, p.ID+"="+strings.ReplaceAll(buf.String(), `"`, `'`))
	}
	return strings.Join(all, " ")
}

func convert(to ir.Basic, x ir.Expr) *ir.Convert { return &ir.Convert{To: to, X: x} }

func js(source string) *ir.Code { return &ir.Code{Lang: ir.JS, Source: source} }

// testBindings are what the tests refer to: p is "80", s a secret, none has no
// default, odd looks like a reference.
var testBindings = []*ir.Binding{
	{Kind: ir.ValueRef, Name: "p", Default: ir.Literal("80")},
	{Kind: ir.ValueRef, Name: "q", Default: ir.Word{variable("Q", ":-", ir.Text("9"))}},
	{Kind: ir.SecretRef, Name: "s", Default: ir.Literal("hidden")},
	{Kind: ir.ValueRef, Name: "s", Default: ir.Literal("not the secret")},
	{Kind: ir.ValueRef, Name: "none", Default: ir.Word{variable("NONE", ":?")}},
	{Kind: ir.ValueRef, Name: "odd", Default: ir.Literal("pt.secret x")},
}

// TestSplitArguments gives each expression to a module m with params own
// (str) and count (int). Without wrapper and params, nothing was
// split.
func TestSplitArguments(t *testing.T) {
	port := func(container int64, x ir.Expr) ir.Expr {
		return ir.NewMap("port", ir.Num(container), "expose-as", x)
	}
	tests := []struct {
		name, arg string
		x         ir.Expr
		args      string // of the call that m made
		wrapper   string // arguments for the base, if there is one
		params    string // of the base, without m's own
	}{
		{"literal", "scaling", ir.Str("3"), `3`, "", ""},
		{"literal too large", "scaling", ir.Str("99999999999999999999"), `'99999999999999999999'`, "", ""},
		{"literal not exact", "scaling", ir.Str("03"), `'03'`, "", ""},
		{"literal bool", "tty", ir.Str("true"), `true`, "", ""},
		{"literal bool spelt otherwise", "tty", ir.Str("yes"), `'yes'`, "", ""},
		{"literal num", "resources", ir.NewMap("cpu", ir.NewMap("limit", ir.Str("1.50"), "request", ir.Str("2"))), `{'cpu':{'limit':1.5,'request':2}}`, "", ""},
		{"secret", "scaling", secret("s"), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'pt.secret s'`, `scaling='str'`},
		{"value", "scaling", value("p"), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'pt.value p'`, `scaling=['default','str','80']`},
		{"live default", "scaling", value("q"), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'pt.value q'`, `scaling=['default','str','9']`},
		{"no default", "scaling", value("none"), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'pt.value none'`, `scaling='str'`},
		{"no binding", "scaling", value("x"), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'pt.value x'`, `scaling='str'`},
		{"odd default", "scaling", value("odd"), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'pt.value odd'`, `scaling='str'`},
		{"bool", "tty", value("p"), `'#pt-js params['tty'] === 'true''`, `'tty':'pt.value p'`, `tty=['default','str','80']`},
		{"num", "resources", ir.NewMap("cpu", ir.NewMap("limit", value("p"), "request", value("q"))), `{'cpu':{'limit':'#pt-js parseFloat(params['cpuLimit'])','request':'#pt-js parseFloat(params['cpuRequest'])'}}`, `'cpu-limit':'pt.value p','cpu-request':'pt.value q'`, `cpu-limit=['default','str','80'] cpu-request=['default','str','9']`},
		{"nested", "restart", ir.NewMap("max-restarts", value("p")), `{'max-restarts':'#pt-js parseInt(params['maxRestarts'])'}`, `'max-restarts':'pt.value p'`, `max-restarts=['default','str','80']`},
		{"string", "image", value("p"), `'pt.value p'`, "", ""},
		{"either takes strings", "user", value("p"), `'pt.value p'`, "", ""},
		{"either takes strings as literals", "user", ir.Str("1000"), `'1000'`, "", ""},
		{"env takes strings", "env", ir.NewList(env("A", value("p"))), `[{'name':'A','value':'pt.value p'}]`, "", ""},
		{"unknown argument", "unheard-of", value("p"), `'pt.value p'`, "", ""},
		{"interpolation", "scaling", join(ir.Str("1"), value("p")), `'#pt-js parseInt(params['scaling'])'`, `'scaling':'1{pt.value p}'`, `scaling=['default','str','180']`},
		{"ambiguous interpolation", "scaling", join(ir.Str("{pt.x}"), value("p")), `'#pt-js parseInt('\x7bpt\x2ex\x7d' + params['p'])'`, `'p':'pt.value p'`, `p=['default','str','80']`},
		{"interpolation of params", "scaling", join(ir.Str("1"), paramRef("own")), `'#pt-js parseInt('1' + params['own'])'`, "", ""},
		{"interpolation in a bool", "tty", join(paramRef("own"), ir.Str("e")), `'#pt-js '' + params['own'] + 'e' === 'true''`, "", ""},
		{"param in place", "scaling", paramRef("own"), `'#pt-js parseInt(params['own'])'`, "", ""},
		{"param that fits", "scaling", paramRef("count"), `'pt.param count'`, "", ""},
		{"param in kebab case", "scaling", paramRef("own-port"), `'#pt-js parseInt(params['ownPort'])'`, "", ""},
		{"explicit", "any", convert(ir.IntType, value("p")), `'#pt-js parseInt(params['any'])'`, `'any':'pt.value p'`, `any=['default','str','80']`},
		{"explicit in a list", "any", ir.NewList(convert(ir.NumType, value("p")), convert(ir.BoolType, value("q"))), `['#pt-js parseFloat(params['any'])','#pt-js params['any2'] === 'true'']`, `'any':'pt.value p','any2':'pt.value q'`, `any=['default','str','80'] any2=['default','str','9']`},
		{"explicit twice", "any", convert(ir.IntType, convert(ir.NumType, value("p"))), `'#pt-js parseInt(params['any'])'`, `'any':'pt.value p'`, `any=['default','str','80']`},
		{"explicit literal", "any", convert(ir.IntType, ir.Str("7")), `7`, "", ""},
		{"explicit param that fits", "any", convert(ir.IntType, paramRef("count")), `'pt.param count'`, "", ""},
		{"explicit code", "any", convert(ir.IntType, js("f()")), `'#pt-js parseInt((f()))'`, "", ""},
		{"code", "scaling", js("f()"), `'#pt-js f()'`, "", ""},
		{"ports", "services", services("m", port(80, value("p")), port(90, value("q")), port(90, value("none"))), `[{'id':'m','ports':[{'port':80,'expose-as':'#pt-js parseInt(params['port'])'},{'port':90,'expose-as':'#pt-js parseInt(params['port90'])'},{'port':90,'expose-as':'#pt-js parseInt(params['port2'])'}]}]`, `'port':'pt.value p','port90':'pt.value q','port2':'pt.value none'`, `port=['default','str','80'] port90=['default','str','9'] port2='str'`},
		{"shared", "services", services("m", port(80, value("p")), ir.NewMap("port", value("p"))), `[{'id':'m','ports':[{'port':80,'expose-as':'#pt-js parseInt(params['port'])'},{'port':'#pt-js parseInt(params['port'])'}]}]`, `'port':'pt.value p'`, `port=['default','str','80']`},
		{"range stays text", "services", services("m", ir.NewMap("range", value("p"), "expose-as", value("q"))), `[{'id':'m','ports':[{'range':'pt.value p','expose-as':'pt.value q'}]}]`, "", ""},
		{"dataset version", "mounts", ir.NewList(ir.NewMap("source", ir.NewMap("type", ir.Str("dataset"), "version", value("p")))), `[{'source':{'type':'dataset','version':'#pt-js parseInt(params['version'])'}}]`, `'version':'pt.value p'`, `version=['default','str','80']`},
		{"ambiguous text", "image", join(ir.Str("{pt.value x} "), value("p"), ir.Str(" "), paramRef("own")), `'#pt-js '\x7bpt\x2evalue x\x7d ' + params['p'] + ' ' + params['own']'`, `'p':'pt.value p'`, `p=['default','str','80']`},
		{"ambiguous start", "image", join(ir.Str("pt.value a-"), value("p")), `'#pt-js 'pt\x2evalue a-' + params['p']'`, `'p':'pt.value p'`, `p=['default','str','80']`},
		{"ambiguous in two parts", "image", join(ir.Str("{p"), ir.Str("t.value x}"), paramRef("own")), `'#pt-js '\x7bp' + 't.value x\x7d' + params['own']'`, "", ""},
		{"literal that looks like a reference", "scaling", ir.Str("pt.value p"), `'#pt-js 'pt\x2evalue p''`, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := container("m", test.arg, test.x)
			m.Params = []*ir.Param{param("own", ir.StrType), param("count", ir.IntType)}
			f := &ir.File{Modules: []*ir.Module{m}, Bindings: testBindings}
			out := Split(f, signatures)
			last := out.Modules[len(out.Modules)-1]
			if got := unescape(compactArgs(out, last.Call)); got != `{'`+test.arg+`':`+test.args+`}` {
				t.Errorf("args %s\nwant {'%s':%s}", got, test.arg, test.args)
			}
			ownArgs, ownParams := `'own':'pt.param own','count':'pt.param count'`, `own='str' count='int'`
			wrapper, params := "", ""
			if len(out.Modules) == 2 {
				wrapper = strings.TrimSuffix(strings.TrimPrefix(compactArgs(out, out.Modules[0].Call), "{"), ","+ownArgs+"}")
				params = strings.TrimSuffix(compactParams(out, last.Params), " "+ownParams)
			}
			if wrapper != test.wrapper || params != test.params {
				t.Errorf("wrapper %s\nwant %s\nparams %s\nwant %s", wrapper, test.wrapper, params, test.params)
			}
		})
	}
}

// unescape undoes JSON's backslashes before the apostrophes that stand for
// quotes, and doubled ones.
func unescape(s string) string {
	return strings.NewReplacer(`\'`, `'`, `\\`, `\`).Replace(s)
}

func TestSplitKeepsWhatNeedsNone(t *testing.T) {
	f := guestbook()
	f.Modules = f.Modules[1:]
	if out := Split(f, signatures); !reflect.DeepEqual(out, f) {
		t.Error("a file that needs no split has changed")
	}
}

func TestSplitLeavesItsInput(t *testing.T) {
	f := guestbook()
	Split(f, signatures)
	if !reflect.DeepEqual(f, guestbook()) {
		t.Error("the input has changed")
	}
}

func TestSplitTwice(t *testing.T) {
	once := Split(guestbook(), signatures)
	if twice := Split(once, signatures); !reflect.DeepEqual(once, twice) {
		t.Error("a split file splits again")
	}
}

// TestSplitModule holds what goes where besides the arguments.
func TestSplitModule(t *testing.T) {
	m := container("web", "scaling", value("p"))
	m.Info, m.Comments.Head, m.Call.Comments.Head = "A page.", "above", "call"
	m.Call.Args.Entries[0].Value.GetMeta().Comments.Head = "how many"
	out := Split(&ir.File{Modules: []*ir.Module{m, container("web-base"), container("web-base-2")}}, signatures)
	if len(out.Modules) != 4 {
		t.Fatalf("%d modules", len(out.Modules))
	}
	wrapper, base := out.Modules[0], out.Modules[1]
	if wrapper.ID != "web" || wrapper.Info != "A page." || wrapper.Comments.Head != "above" || wrapper.Call.Module != "web-base-3" {
		t.Errorf("wrapper %+v calls %s", wrapper, wrapper.Call.Module)
	}
	if base.ID != "web-base-3" || !base.Comments.IsZero() || base.Call.Module != "polytope/container" || base.Call.Comments.Head != "call" {
		t.Errorf("base %+v calls %s", base, base.Call.Module)
	}
	if !wrapper.Call.Args.Get("scaling").GetMeta().Comments.IsZero() || base.Call.Args.Get("scaling").GetMeta().Comments.Head != "how many" {
		t.Error("the argument's comment is not in the base alone")
	}
}

// TestSplitLocalModules takes types from the file's own modules first.
func TestSplitLocalModules(t *testing.T) {
	shadow := &ir.Module{ID: "polytope/container", Params: []*ir.Param{param("image", ir.IntType)}, Code: js("1")}
	out := Split(&ir.File{Modules: []*ir.Module{container("m", "image", value("p")), shadow}}, signatures)
	if got := compactArgs(out, out.Modules[1].Call); got != `{'image':'#pt-js parseInt(params['image'])'}` {
		t.Error(got)
	}
}

// TestParamID chooses ids beside params of the module that it must differ from,
// camel-cased.
func TestParamID(t *testing.T) {
	port := ir.NewMap("port", ir.Num(80))
	tests := []struct {
		at    place
		taken string
		want  string
	}{
		{place{key: "expose-as", siblings: port}, "", "port"},
		{place{key: "expose-as", siblings: port}, "port", "port80"},
		{place{key: "expose-as", siblings: port}, "port port-80", "port2"},
		{place{key: "expose-as", siblings: port}, "port port80 port_2", "port3"},
		{place{key: "expose-as", siblings: ir.NewMap("port", value("x"))}, "port", "port2"},
		{place{key: "limit", parent: "cpu"}, "", "cpu-limit"},
		{place{key: "limit", parent: "cpu"}, "cpu_limit cpu-limit-2", "cpu-limit3"},
		{place{key: "value", siblings: env("LOG_LEVEL", nil)}, "", "log-level"},
		{place{key: "value"}, "", "value"},
		{place{key: "Größe 2"}, "", "gr-e-2"},
		{place{key: "8080"}, "", "arg8080"},
		{place{}, "", "arg"},
	}
	for _, test := range tests {
		taken := map[string]bool{}
		for _, id := range strings.Fields(test.taken) {
			taken[ir.CamelCase(id)] = true
		}
		if got := test.at.paramID(taken); got != test.want {
			t.Errorf("%+v beside %s: got %s, want %s", test.at, test.taken, got, test.want)
		}
	}
}

// TestEntryType picks the alternative of a union by a literal tag, then by the
// keys that are there.
func TestEntryType(t *testing.T) {
	single := ir.RecordType{Fields: []ir.Field{{Key: "x", Type: ir.StrType}, {Key: "port", Type: ir.IntType}}}
	several := ir.RecordType{Fields: []ir.Field{{Key: "x", Type: ir.IntType}, {Key: "range", Type: ir.StrType}}}
	tagged := func(tag string, u ir.Type) ir.Type {
		return ir.RecordType{Fields: []ir.Field{{Key: "type", Type: ir.EnumType{Values: []ir.Expr{ir.Str(tag)}}}, {Key: "x", Type: u}, {Key: tag, Type: ir.StrType}}}
	}
	either := func(ts ...ir.Type) ir.Type { return ir.MaybeType{Type: ir.EitherType{Types: ts}} }
	tests := []struct {
		name string
		t    ir.Type
		m    *ir.Map
		want ir.Type
	}{
		{"first", either(single, several), ir.NewMap("x", ir.Num(1), "port", ir.Num(1)), ir.StrType},
		{"second", either(single, several), ir.NewMap("x", ir.Num(1), "range", ir.Num(1)), ir.IntType},
		{"optional key that only one has", either(ir.RecordType{Fields: []ir.Field{{Key: "x", Type: ir.StrType}}}, ir.RecordType{Fields: []ir.Field{{Key: "x", Type: ir.IntType}, {Key: "y", Type: ir.MaybeType{Type: ir.StrType}}}}), ir.NewMap("x", ir.Num(1), "y", ir.Num(1)), ir.IntType},
		{"tag of the first", either(tagged("a", ir.StrType), tagged("b", ir.IntType)), ir.NewMap("type", ir.Str("a"), "x", ir.Num(1), "b", ir.Num(1)), ir.StrType},
		{"tag of the second", either(tagged("a", ir.StrType), tagged("b", ir.IntType)), ir.NewMap("type", ir.Str("b"), "x", ir.Num(1), "a", ir.Num(1)), ir.IntType},
		{"record before map", either(ir.MapType{Key: ir.StrType, Value: ir.StrType}, several), ir.NewMap("x", ir.Num(1)), ir.IntType},
		{"map", either(ir.StrType, ir.MapType{Key: ir.StrType, Value: ir.IntType}), ir.NewMap("x", ir.Num(1)), ir.IntType},
		{"no map", either(ir.StrType, ir.ListType{Elem: ir.IntType}), ir.NewMap("x", ir.Num(1)), nil},
		{"unknown", nil, ir.NewMap("x", ir.Num(1)), nil},
	}
	for _, test := range tests {
		if got := entryType(test.t, test.m, "x"); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestSplitSteps(t *testing.T) {
	inline := &ir.Step{Call: ir.Call{Module: "polytope/redpanda!console", Args: ir.NewMap("x", convert(ir.IntType, value("p")))}}
	local := &ir.Step{Call: ir.Call{Module: "web", Args: ir.NewMap("port", value("p"), "n", paramRef("t"))}}
	after := &ir.Step{Call: ir.Call{Module: "web"}, ID: "x", After: "polytope/redpanda!console"}
	f := &ir.File{
		Modules:   []*ir.Module{{ID: "web", Params: []*ir.Param{param("port", ir.IntType), param("n", ir.IntType)}, Code: js("1")}},
		Templates: []*ir.Template{{ID: "stack", Params: []*ir.Param{param("t", ir.StrType)}, Run: []*ir.Step{inline, local, after}}},
	}
	out := Split(f, signatures)
	run := out.Templates[0].Run
	for i, want := range []string{
		`redpanda-console redpanda-console-base {'x':'pt.value p','t':'pt.param t'}`,
		`web web-base {'port':'pt.value p','t':'pt.param t'}`, `x web `,
	} {
		if got := run[i].ID + " " + run[i].Call.Module + " " + compactArgs(out, &run[i].Call); got != want {
			t.Errorf("step %d: got %s, want %s", i, got, want)
		}
	}
	if run[2].After != "redpanda-console" || after.After != "polytope/redpanda!console" {
		t.Errorf("the last step is after %s", run[2].After)
	}
	if got := compactArgs(out, out.Modules[2].Call); got != `{'port':'#pt-js parseInt(params['port'])','n':'#pt-js parseInt(params['t'])'}` {
		t.Errorf("the base has %s", got)
	}
}

func TestConversionTarget(t *testing.T) {
	params, _ := signatures("test/kinds")
	for i, want := range []ir.Basic{"int", "int", "", ""} {
		if got, _ := conversionTarget(params[i].Type); got != want {
			t.Errorf("%s: got %q, want %q", params[i].ID, got, want)
		}
	}
	m := &ir.Module{ID: "m", Call: &ir.Call{Module: "test/kinds", Args: ir.NewMap(
		"either", ir.NewList(value("a")), "by-name", ir.NewMap("x", value("b")))}}
	out := Split(&ir.File{Modules: []*ir.Module{m}}, signatures)
	if got := compactArgs(out, out.Modules[1].Call); got != `{'either':['#pt-js params['either'] === 'true''],'by-name':{'x':'#pt-js parseInt(params['x'])'}}` {
		t.Error(got)
	}
}
