package check

import (
	"regexp"
	"slices"
	"strconv"

	"hull/ir"
	"hull/ir/builtin"
	"hull/ir/describe"
	"hull/ir/diag"
)

// problem is what the type checker finds, for the rule with its code.
type problem struct {
	code string
	finding
}

// The codes of the type checker.
const (
	codeType         = "check/type"
	codeSplit        = "check/split"
	codeDefault      = "check/default"
	codeUnknownArg   = "check/unknown-arg"
	codeMissingArg   = "check/missing-arg"
	codeUnknownKey   = "check/unknown-key"
	codeMissingKey   = "check/missing-key"
	codeOptional     = "check/optional-arg"
	codeAbsolutePath = "check/absolute-path"
)

// reportTyped is the rule that reports what the type checker found under its
// code.
func reportTyped(p *pass) {
	for _, found := range p.typed {
		if found.code == p.rule.Code {
			p.report(found.finding)
		}
	}
}

// checkTypes holds every argument against the params of the called module, and
// every default against its own type.
func (p *pass) checkTypes() []problem {
	var all []problem
	for _, s := range p.sites {
		params, ok := p.signature(s.call.Module)
		if !ok {
			continue
		}
		all = append(all, newTyping(s.params).call(s, params)...)
	}
	for i, t := range p.file.Templates {
		all = append(all, checkDefaults(t.Params, templatePlace(t, i))...)
	}
	for i, m := range p.file.Modules {
		all = append(all, checkDefaults(m.Params, modulePlace(m, i))...)
	}
	return all
}

func checkDefaults(params []*ir.Param, at place) []problem {
	var all []problem
	for i, param := range params {
		here := at.in(param.Rng, joinID("params", param.ID, i))
		for _, d := range defaultsIn(param.Type) {
			for _, found := range newTyping(nil).check(d.Value, d.Type, here.or(rangeOf(d.Value))) {
				found.code = codeDefault
				found.message = "the default of " + param.ID + ": " + found.message
				all = append(all, found)
			}
		}
	}
	return all
}

// defaultsIn are the defaults anywhere in a type.
func defaultsIn(t ir.Type) []*ir.DefaultType {
	switch t := t.(type) {
	case *ir.DefaultType:
		return append([]*ir.DefaultType{t}, defaultsIn(t.Type)...)
	case ir.MaybeType:
		return defaultsIn(t.Type)
	case ir.ListType:
		return defaultsIn(t.Elem)
	case ir.MapType:
		return append(defaultsIn(t.Key), defaultsIn(t.Value)...)
	case ir.RecordType:
		var all []*ir.DefaultType
		for _, f := range t.Fields {
			all = append(all, defaultsIn(f.Type)...)
		}
		return all
	case ir.EitherType:
		var all []*ir.DefaultType
		for _, u := range t.Types {
			all = append(all, defaultsIn(u)...)
		}
		return all
	}
	return nil
}

func rangeOf(x ir.Expr) ir.Range {
	if x == nil {
		return ir.Range{}
	}
	return x.GetMeta().Rng
}

// typing checks the expressions of one call, where some params are in scope.
type typing struct {
	params []*ir.Param
	// budget bounds the steps: unions inside unions could take any number. What
	// it does not suffice for is taken to be right.
	budget int
}

const typingBudget = 200_000

func newTyping(params []*ir.Param) *typing { return &typing{params, typingBudget} }

func (t *typing) call(s site, params []*ir.Param) []problem {
	declared := ir.RecordType{}
	for _, p := range params {
		declared.Fields = append(declared.Fields, ir.Field{Key: p.ID, Type: p.Type})
	}
	at := s.at
	at.path += ".args"
	_, isBuiltin := builtin.Lookup(s.call.Module)
	return t.fields(s.call.Args, declared, at, keyWords{
		unknown: codeUnknownArg, missing: codeMissingArg, isBuiltin: isBuiltin,
		unknownText: s.call.Module + " has no param ", missingText: s.call.Module + " needs the argument ",
	})
}

// check holds an expression against a type.
func (t *typing) check(x ir.Expr, want ir.Type, at place) []problem {
	if t.budget--; t.budget < 0 {
		return nil
	}
	switch x := x.(type) {
	case nil, *ir.Null:
		if !ir.AcceptsNull(want) {
			return []problem{mismatch(x, want, at)}
		}
		return nil
	case *ir.Ref:
		return t.ref(x, want, at)
	case *ir.Interp:
		return t.interp(x, want, at)
	case *ir.Code:
		return t.flow(x, t.inferCode(x), want, at)
	case *ir.Convert:
		return t.flow(x, x.To, want, at)
	}
	return t.literal(x, want, at)
}

// literal holds data against a type.
func (t *typing) literal(x ir.Expr, want ir.Type, at place) []problem {
	switch want := want.(type) {
	case ir.AliasType:
		return t.check(x, want.Type, at)
	case ir.MaybeType:
		return t.check(x, want.Type, at)
	case *ir.DefaultType:
		return t.check(x, want.Type, at)
	case ir.EitherType:
		return t.either(x, ir.Alternatives(want), at)
	case ir.Basic:
		return t.basic(x, want, at)
	case ir.EnumType:
		if !want.Has(x) {
			return []problem{mismatch(x, want, at)}
		}
	case ir.RegexType:
		if !want.Fits(x) {
			return []problem{mismatch(x, want, at)}
		}
	case ir.ListType:
		return t.list(x, want, at)
	case ir.RecordType:
		return t.record(x, want, at)
	case ir.MapType:
		return t.dictionary(x, want, at)
	}
	return nil
}

func (t *typing) basic(x ir.Expr, want ir.Basic, at place) []problem {
	switch {
	case want.IsOpen() || want.Fits(x):
		return nil
	case want == ir.AbsolutePathType && isString(x):
		return []problem{relativePath(x, at)}
	}
	return []problem{mismatch(x, want, at)}
}

func relativePath(x ir.Expr, at place) problem {
	return problem{codeAbsolutePath, finding{
		at: at, message: at.arg + ": Must be an absolute path (got " + describe.Got(x) + ")", help: "a path in a container begins with /",
	}}
}

func (t *typing) list(x ir.Expr, want ir.ListType, at place) []problem {
	l, ok := x.(*ir.List)
	if !ok {
		return []problem{mismatch(x, want, at)}
	}
	var all []problem
	for i, item := range l.Items {
		all = append(all, t.check(item, want.Elem, at.index(rangeOf(item), i))...)
	}
	return all
}

func (t *typing) dictionary(x ir.Expr, want ir.MapType, at place) []problem {
	m, ok := x.(*ir.Map)
	if !ok {
		return []problem{mismatch(x, want, at)}
	}
	var all []problem
	for _, e := range m.Entries {
		key := &ir.String{Meta: ir.At(e.KeyRange), Value: e.Key}
		all = append(all, t.check(key, want.Key, at.key(e.KeyRange, e.Key))...)
		all = append(all, t.check(e.Value, want.Value, at.key(rangeOf(e.Value), e.Key))...)
	}
	return all
}

func (t *typing) record(x ir.Expr, want ir.RecordType, at place) []problem {
	m, ok := x.(*ir.Map)
	switch {
	case !ok:
		return []problem{mismatch(x, want, at)}
	case swallowedSource(m) != nil:
		return nil // check/mount-indent says what is wrong
	}
	return t.fields(m, want, at, keyWords{
		unknown: codeUnknownKey, missing: codeMissingKey,
		unknownText: prefix(at) + "there is no key ", missingText: prefix(at) + "needs the key ",
	})
}

// keyWords are how unknown and missing keys are reported.
type keyWords struct {
	unknown, missing, unknownText, missingText string
	// isBuiltin says that the keys are the params of a built-in module, of which
	// other versions may have more.
	isBuiltin bool
}

func (w keyWords) unknownKey(e ir.Entry, absent []string, at place) problem {
	f := finding{
		at: at.key(rangeOf(e.Value), e.Key).or(e.KeyRange), message: w.unknownText + strconv.Quote(e.Key),
		help: diag.DidYouMean(e.Key, absent, ""),
	}
	if w.isBuiltin && f.help == "" {
		f.severity = diag.Warning
		f.help = "the reference does not describe it; another version of the module may have it"
	}
	return problem{w.unknown, f}
}

// fields holds the entries of a map against the declared keys.
func (t *typing) fields(m *ir.Map, want ir.RecordType, at place, words keyWords) []problem {
	absent := want.Absent(m)
	var all []problem
	meant := map[string]bool{}
	for _, e := range entries(m) {
		if slices.ContainsFunc(want.Fields, func(f ir.Field) bool { return f.Key == e.Key }) {
			all = append(all, t.check(e.Value, want.Field(e.Key), at.key(rangeOf(e.Value), e.Key))...)
			continue
		}
		meant[diag.Nearest(e.Key, absent)] = true
		all = append(all, words.unknownKey(e, absent, at))
	}
	for _, f := range want.Fields {
		if m.Get(f.Key) == nil && f.Type != nil && !acceptsAbsence(f.Type) && !meant[f.Key] {
			all = append(all, problem{words.missing, finding{at: at, message: words.missingText + strconv.Quote(f.Key) + ", " + wanted(f.Type)}})
		}
	}
	return all
}

func entries(m *ir.Map) []ir.Entry {
	if m == nil {
		return nil
	}
	return m.Entries
}

// acceptsAbsence tells whether a key of the type may be left out.
func acceptsAbsence(t ir.Type) bool {
	return ir.IsOptional(t) || ir.AcceptsNull(t)
}

// either holds data against a union: where none of its types fits, the one that
// was probably meant says why.
func (t *typing) either(x ir.Expr, types []ir.Type, at place) []problem {
	for _, u := range types {
		if len(t.check(x, u, at)) == 0 {
			return nil
		}
	}
	m, isMap := x.(*ir.Map)
	if isMap {
		if found, ok := wrongTag(m, types, at); ok {
			return []problem{found}
		}
	}
	if best := bestFit(types, x); best != nil {
		return t.check(x, best, at)
	}
	return []problem{mismatch(x, ir.EitherType{Types: types}, at)}
}

// wrongTag reports a key that all records of a union have as an enum, and
// whose literal value none of them allows.
func wrongTag(m *ir.Map, types []ir.Type, at place) (problem, bool) {
	for _, e := range m.Entries {
		members := ir.EnumType{}
		for _, u := range types {
			enum, ok := fieldOf(u, e.Key).(ir.EnumType)
			if !ok || !isString(e.Value) || !excludes(enum, e.Value) {
				members.Values = nil
				break
			}
			members.Values = append(members.Values, enum.Values...)
		}
		if len(members.Values) > 0 {
			return mismatch(e.Value, members.Distinct(), at.key(rangeOf(e.Value), e.Key)), true
		}
	}
	return problem{}, false
}

// fieldOf is the type of a record's key without what does not change its
// shape, or nil.
func fieldOf(t ir.Type, key string) ir.Type {
	record, ok := t.(ir.RecordType)
	if !ok {
		return nil
	}
	field := record.Field(key)
	if field == nil {
		return nil
	}
	return ir.Unwrap(field)
}

// bestFit is the type of a union that data was probably meant for: of its
// shape, with no tag that says otherwise, and most of its keys. It is nil where
// several or none would do.
func bestFit(types []ir.Type, x ir.Expr) ir.Type {
	var best ir.Type
	bestScore := 0
	for _, u := range types {
		if score := fit(u, x); score > bestScore {
			best, bestScore = u, score
		}
	}
	return best
}

func fit(t ir.Type, x ir.Expr) int {
	switch x := x.(type) {
	case *ir.List:
		if _, ok := t.(ir.ListType); ok {
			return 1
		}
	case *ir.Map:
		switch t := t.(type) {
		case ir.MapType:
			return 1
		case ir.RecordType:
			return fitRecord(t, x)
		}
	}
	return 0
}

func fitRecord(t ir.RecordType, m *ir.Map) int {
	const some = 1 << 20
	score := some
	for _, f := range t.Fields {
		x := m.Get(f.Key)
		enum, isEnum := fieldOf(t, f.Key).(ir.EnumType)
		switch {
		case x != nil && isEnum && excludes(enum, x):
			score -= some / 2
		case x != nil:
			score += 2
		case !acceptsAbsence(f.Type):
			score--
		}
	}
	return score
}

// excludes tells whether a literal is none of an enum's members.
func excludes(enum ir.EnumType, x ir.Expr) bool {
	return isString(x) && !enum.Has(x)
}

func prefix(at place) string {
	if at.arg == "" {
		return ""
	}
	return at.arg + ": "
}

// mismatch is the message of Polytope: Must be an integer (got "8079").
func mismatch(x ir.Expr, want ir.Type, at place) problem {
	f := finding{at: at, message: prefix(at) + "Must be " + wanted(want) + " (got " + describe.Got(x) + ")"}
	f.help, f.fix = quoting(x, want)
	return problem{codeType, f}
}

var (
	integerText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	numberText  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
)

// quoting is the help where quotes, or their absence, are all that is wrong.
func quoting(x ir.Expr, want ir.Type) (help, fix string) {
	switch x := x.(type) {
	case *ir.String:
		to, _ := convertible(want)
		if to == ir.IntType && integerText.MatchString(x.Value) || to == ir.NumType && numberText.MatchString(x.Value) ||
			to == ir.BoolType && (x.Value == "true" || x.Value == "false") {
			return "write " + x.Value + " without quotes", FixUnquote
		}
	case *ir.Int, *ir.Float, *ir.Bool:
		if acceptsText(want) {
			return "write it in quotes: " + strconv.Quote(describe.Text(x)), FixQuote
		}
	}
	return "", ""
}
