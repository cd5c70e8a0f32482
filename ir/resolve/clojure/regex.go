package clojure

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Regex is a regular expression of Java, as far as Go's can stand for it.
type Regex struct {
	source string
	find   *regexp.Regexp
	start  *regexp.Regexp // matches only at the beginning of a text
	whole  *regexp.Regexp // matches only all of a text
	// canBeEmpty is set where it may match nothing, looksBack where that may
	// depend on what is before.
	canBeEmpty, looksBack bool
	// endsLine is set where it has a $, which in Java also matches before a
	// line break at the end.
	endsLine bool
}

// compileRegex translates a regular expression of Java. What Go has not, or
// has with another meaning, is not supported.
//
// Source: the documentation of java.util.regex.Pattern, and of Go's
// regexp/syntax.
func compileRegex(source string) (*Regex, error) {
	t := &translator{rest: []rune(source)}
	if err := t.flags(); err != nil {
		return nil, err
	}
	for len(t.rest) > 0 {
		if err := t.next(); err != nil {
			return nil, err
		}
	}
	re := &Regex{source: source, endsLine: t.endsLine, looksBack: t.looksBack}
	pattern := t.out.String()
	for into, text := range map[**regexp.Regexp]string{
		&re.find: pattern, &re.start: `\A(?:` + pattern + `)`, &re.whole: `\A(?:` + pattern + `)\z`,
	} {
		compiled, err := regexp.Compile(text)
		if err != nil {
			return nil, unsupported("the regular expression %q is wrong, or not supported", source)
		}
		*into = compiled
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	re.canBeEmpty = err != nil || canBeEmpty(tree)
	return re, nil
}

// canBeEmpty tells whether an expression may match nothing.
func canBeEmpty(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpConcat:
		return !slices.ContainsFunc(tree.Sub, func(sub *syntax.Regexp) bool { return !canBeEmpty(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(tree.Sub, canBeEmpty)
	case syntax.OpCapture, syntax.OpPlus:
		return canBeEmpty(tree.Sub[0])
	case syntax.OpRepeat:
		return tree.Min == 0 || canBeEmpty(tree.Sub[0])
	}
	return true
}

type translator struct {
	rest   []rune
	out    strings.Builder
	dotAll bool

	endsLine, looksBack bool
}

const anyButBreaks = `[^\n\r\x{85}\x{2028}\x{2029}]`

// flags reads (?i) and (?s) at the beginning.
func (t *translator) flags() error {
	for {
		s := string(t.rest)
		switch {
		case strings.HasPrefix(s, "(?i)"):
			t.out.WriteString("(?i)")
		case strings.HasPrefix(s, "(?s)"):
			t.dotAll = true
		default:
			return nil
		}
		t.rest = t.rest[4:]
	}
}

func (t *translator) take() rune {
	if len(t.rest) == 0 {
		return eof
	}
	c := t.rest[0]
	t.rest = t.rest[1:]
	return c
}

// repetition is a counted repetition; Java has no other use for {.
var (
	repetition = regexp.MustCompile(`^\{[0-9]+(,[0-9]*)?\}`)
	plainGroup = regexp.MustCompile(`^\?(:|<[A-Za-z][A-Za-z0-9]*>)`)
	possessive = regexp.MustCompile(`^([*+?]|\{[0-9]+(,[0-9]*)?\})\+`)
)

func (t *translator) next() error {
	if possessive.MatchString(string(t.rest)) {
		return unsupported("possessive repetitions are not supported")
	}
	switch c := t.take(); c {
	case '\\':
		return t.escape(false)
	case '[':
		return t.class()
	case '.':
		if t.dotAll {
			t.out.WriteString(`(?s:.)`)
		} else {
			t.out.WriteString(anyButBreaks)
		}
	case '$':
		t.endsLine = true
		t.out.WriteString(`\z`)
	case '^':
		t.looksBack = true
		t.out.WriteString(`\A`)
	case '{':
		if !repetition.MatchString("{" + string(t.rest)) {
			return fail("a { that repeats nothing stands in a regular expression")
		}
		t.out.WriteRune(c)
	case '(':
		if len(t.rest) > 0 && t.rest[0] == '?' && !plainGroup.MatchString(string(t.rest)) {
			return unsupported("groups of the kind (? are not supported in regular expressions, but for (?:, (?<name>, and (?i) and (?s) in front")
		}
		t.out.WriteRune(c)
	default:
		t.out.WriteRune(c)
	}
	return nil
}

// classNames are Java's names of character classes, in those of Go.
var classNames = map[string]string{
	"Lower": "lower", "Upper": "upper", "Alpha": "alpha", "Digit": "digit", "Alnum": "alnum", "Punct": "punct",
	"Graph": "graph", "Print": "print", "Blank": "blank", "Cntrl": "cntrl", "XDigit": "xdigit", "Space": "space",
}

var (
	classEscape = regexp.MustCompile(`^\{([A-Za-z]+)\}`)
	hexEscape   = regexp.MustCompile(`^(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]+)\})`)
)

// escape translates what stands behind a backslash.
func (t *translator) escape(inClass bool) error {
	if parts := hexEscape.FindStringSubmatch(string(t.rest)); parts != nil {
		t.rest = t.rest[utf8.RuneCountInString(parts[0]):]
		t.out.WriteString(`\x{` + parts[1] + parts[2] + parts[3] + `}`)
		return nil
	}
	c := t.take()
	switch {
	case c == eof:
		return fail("a regular expression ends with a backslash")
	case strings.ContainsRune("dDwWtnrfa", c), strings.ContainsRune("bBAzQE", c) && !inClass:
		if c == 'Q' {
			return t.literal()
		}
		t.looksBack = t.looksBack || strings.ContainsRune("bBA", c)
		t.out.WriteString(`\` + string(c))
	case c == 's' && inClass:
		t.out.WriteString(`\t-\r `)
	case c == 's':
		t.out.WriteString(`[\t-\r ]`)
	case c == 'S' && !inClass:
		t.out.WriteString(`[^\t-\r ]`)
	case c == 'e':
		t.out.WriteString(`\x1b`)
	case c == 'p' || c == 'P':
		return t.property(c, inClass)
	case c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return unsupported(`\%c is not supported in regular expressions`, c)
	default:
		t.out.WriteString(regexp.QuoteMeta(string(c)))
		if c == '-' || c == '&' || c == '~' || c == '#' {
			return nil
		}
	}
	return nil
}

// literal translates \Q…\E.
func (t *translator) literal() error {
	text, rest, _ := strings.Cut(string(t.rest), `\E`)
	t.rest = []rune(rest)
	t.out.WriteString(regexp.QuoteMeta(text))
	return nil
}

func (t *translator) property(c rune, inClass bool) error {
	parts := classEscape.FindStringSubmatch(string(t.rest))
	if parts == nil {
		return unsupported(`\%c is supported in regular expressions only with a name in braces`, c)
	}
	t.rest = t.rest[len(parts[0]):]
	name := parts[1]
	if posix, ok := classNames[name]; ok && c == 'p' {
		if posix = "[:" + posix + ":]"; !inClass {
			posix = "[" + posix + "]"
		}
		t.out.WriteString(posix)
		return nil
	}
	if len(name) > 2 {
		return unsupported(`\%c{%s} is not supported in regular expressions`, c, name)
	}
	t.out.WriteString(`\` + string(c) + parts[0])
	return nil
}

// class translates a character class behind its bracket.
func (t *translator) class() error {
	t.out.WriteByte('[')
	if len(t.rest) > 0 && t.rest[0] == '^' {
		t.take()
		t.out.WriteByte('^')
	}
	for isFirst := true; ; isFirst = false {
		switch c := t.take(); c {
		case eof:
			return fail("a [ has no end in a regular expression")
		case ']':
			if isFirst {
				return unsupported("a class that begins with ] is not supported in regular expressions")
			}
			t.out.WriteByte(']')
			return nil
		case '[':
			return unsupported("classes in classes are not supported in regular expressions")
		case '&':
			if len(t.rest) > 0 && t.rest[0] == '&' {
				return unsupported("&& is not supported in regular expressions")
			}
			t.out.WriteRune(c)
		case '\\':
			if err := t.escapeInClass(); err != nil {
				return err
			}
		default:
			t.out.WriteRune(c)
		}
	}
}

// escapeInClass keeps an escaped - from making a range.
func (t *translator) escapeInClass() error {
	if len(t.rest) > 0 && t.rest[0] == '-' {
		t.take()
		t.out.WriteString(`\-`)
		return nil
	}
	return t.escape(true)
}

// check makes sure that a text does not end in a way that Go and Java see
// differently.
func (re *Regex) check(text string) error {
	if !re.endsLine {
		return nil
	}
	for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} {
		if strings.HasSuffix(text, end) {
			return unsupported("$ in a regular expression is not supported for a text that ends with a line break")
		}
	}
	return nil
}

// matches finds all matches; limit is negative for no limit.
func (re *Regex) matches(m *machine, text string) ([][]int, error) {
	if err := re.check(text); err != nil {
		return nil, err
	}
	if err := m.spendText(len(text) * 4); err != nil {
		return nil, err
	}
	found := re.find.FindAllStringSubmatchIndex(text, maxItems+1)
	if err := m.spendItems(len(found)); err != nil {
		return nil, err
	}
	if !re.canBeEmpty {
		return found, nil
	}
	return re.withEmpty(m, text, found)
}

// withEmpty adds the matches of nothing that directly follow another match:
// Java finds them, Go leaves them out.
func (re *Regex) withEmpty(m *machine, text string, found [][]int) ([][]int, error) {
	var all [][]int
	for i, loc := range found {
		all = append(all, loc)
		end := loc[1]
		if loc[0] == end || i+1 < len(found) && found[i+1][0] == end {
			continue
		}
		if re.looksBack {
			return nil, unsupported("this regular expression matches both something and nothing, which is not supported with ^ or \\b in it")
		}
		if err := m.spendText(len(text) - end); err != nil {
			return nil, err
		}
		if next := re.start.FindStringSubmatchIndex(text[end:]); next != nil && next[1] == 0 {
			for k := range next {
				if next[k] >= 0 {
					next[k] += end
				}
			}
			all = append(all, next)
		}
	}
	return all, nil
}

// groups is what re-find gives: the match, or with groups a vector of it and
// them.
func groups(text string, loc []int) Value {
	var parts Vector
	for i := 0; i < len(loc); i += 2 {
		if loc[i] < 0 {
			parts = append(parts, nil)
			continue
		}
		parts = append(parts, text[loc[i]:loc[i+1]])
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return parts
}

func regexArgs(m *machine, args []Value) (*Regex, string, error) {
	re, ok := args[0].(*Regex)
	if !ok {
		return nil, "", fail("%s is no regular expression", typeName(args[0]))
	}
	text, ok := args[1].(string)
	if !ok {
		return nil, "", fail("%s is no string", typeName(args[1]))
	}
	if err := re.check(text); err != nil {
		return nil, "", err
	}
	return re, text, m.spendText(len(text))
}

// matched is re-find, or re-matches for whole texts.
func matched(whole bool) native {
	return func(m *machine, args []Value) (Value, error) {
		re, text, err := regexArgs(m, args)
		if err != nil {
			return nil, err
		}
		find := re.find
		if whole {
			find = re.whole
		}
		loc := find.FindStringSubmatchIndex(text)
		if loc == nil {
			return nil, nil
		}
		return groups(text, loc), nil
	}
}

func reSeqFn(m *machine, args []Value) (Value, error) {
	re, text, err := regexArgs(m, args)
	if err != nil {
		return nil, err
	}
	found, err := re.matches(m, text)
	var items []Value
	for _, loc := range found {
		items = append(items, groups(text, loc))
	}
	return newCell(items).value(), err
}

func rePatternFn(m *machine, args []Value) (Value, error) {
	switch x := args[0].(type) {
	case *Regex:
		return x, nil
	case string:
		if err := m.spend(1000 + len(x)); err != nil {
			return nil, err
		}
		re, err := compileRegex(x)
		return re, err
	}
	return nil, fail("%s makes no regular expression", typeName(args[0]))
}

// splitFn cuts a text at the matches. Empty parts at the end are dropped where
// there is no limit, or it is 0; a match of nothing at the beginning makes no
// part.
func splitFn(m *machine, args []Value) (Value, error) {
	text, ok := args[0].(string)
	re, isRegex := args[1].(*Regex)
	if !ok || !isRegex {
		return nil, fail("split needs a string and a regular expression, not %s and %s", typeName(args[0]), typeName(args[1]))
	}
	limit := int64(0)
	if len(args) > 2 {
		var err error
		if limit, err = index(args[2]); err != nil {
			return nil, err
		}
	}
	found, err := re.matches(m, text)
	if err != nil {
		return nil, err
	}
	return splitAt(text, found, limit), nil
}

func splitAt(text string, found [][]int, limit int64) Vector {
	parts := Vector{}
	from := 0
	for _, loc := range found {
		if limit > 0 && int64(len(parts)) == limit-1 {
			break
		}
		if loc[1] == 0 {
			continue
		}
		parts = append(parts, text[from:loc[0]])
		from = loc[1]
	}
	if from == 0 && len(parts) == 0 {
		return Vector{text}
	}
	parts = append(parts, text[from:])
	for limit == 0 && len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}

var lineBreak = regexp.MustCompile(`\r?\n`)

func splitLinesFn(m *machine, args []Value) (Value, error) {
	text, ok := args[0].(string)
	if !ok {
		return nil, fail("%s is no string", typeName(args[0]))
	}
	found := lineBreak.FindAllStringIndex(text, -1)
	return splitAt(text, found, 0), m.spendItems(len(found))
}

// replaced is clojure.string/replace, or replace-first.
func replaced(first bool) native {
	return func(m *machine, args []Value) (Value, error) {
		text, err := m.asText(args[0])
		if err != nil {
			return nil, err
		}
		switch match := args[1].(type) {
		case string:
			if to, ok := args[2].(string); ok {
				return m.replaceText(text, match, to, first)
			}
		case Char:
			if to, ok := args[2].(Char); ok {
				return m.replaceText(text, string(rune(match)), string(rune(to)), first)
			}
		case *Regex:
			return m.replaceMatches(text, match, args[2], first)
		}
		return nil, fail("%s cannot be replaced by %s", typeName(args[1]), typeName(args[2]))
	}
}

func (m *machine) replaceText(text, match, to string, first bool) (Value, error) {
	n := -1
	if first {
		n = 1
	}
	size := len(text) + strings.Count(text, match)*len(to)
	if err := m.spendText(size); err != nil {
		return nil, err
	}
	return strings.Replace(text, match, to, n), nil
}

func (m *machine) replaceMatches(text string, re *Regex, to Value, first bool) (Value, error) {
	found, err := re.matches(m, text)
	if err != nil {
		return nil, err
	}
	if first {
		found = found[:min(1, len(found))]
	}
	var b strings.Builder
	from := 0
	for _, loc := range found {
		with, err := m.replacement(re, text, loc, to)
		if err != nil {
			return nil, err
		}
		b.WriteString(text[from:loc[0]] + with)
		from = loc[1]
		if b.Len() > maxText {
			return nil, m.spendText(b.Len())
		}
	}
	b.WriteString(text[from:])
	return m.text(b.String())
}

func (m *machine) replacement(re *Regex, text string, loc []int, to Value) (string, error) {
	if s, ok := to.(string); ok {
		return expand(re, text, loc, s)
	}
	v, err := m.apply(to, groups(text, loc))
	if err != nil {
		return "", err
	}
	s, ok := v.(string)
	if !ok {
		return "", fail("what replaces a match must be a string, not %s", typeName(v))
	}
	return s, nil
}

var groupName = regexp.MustCompile(`^\{([A-Za-z][A-Za-z0-9]*)\}`)

// expand puts the groups of a match into a replacement.
//
// Source: the documentation of Matcher.appendReplacement in Java.
func expand(re *Regex, text string, loc []int, to string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(to); i++ {
		switch c := to[i]; {
		case c == '\\' || c == '$':
			i++
			if i == len(to) {
				return "", fail("a replacement ends with %c", c)
			}
			if c == '\\' {
				b.WriteByte(to[i])
				continue
			}
			group, size, err := groupRef(re, to[i:])
			if err != nil {
				return "", err
			}
			i += size - 1
			if from := loc[2*group]; from >= 0 {
				b.WriteString(text[from:loc[2*group+1]])
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// groupRef reads the number or name of a group, and gives the bytes it takes.
func groupRef(re *Regex, s string) (group, size int, err error) {
	if parts := groupName.FindStringSubmatch(s); parts != nil {
		if group = re.find.SubexpIndex(parts[1]); group < 0 {
			return 0, 0, fail("there is no group %s", parts[1])
		}
		return group, len(parts[0]), nil
	}
	for size < len(s) && s[size] >= '0' && s[size] <= '9' {
		next := group*10 + int(s[size]-'0')
		if size > 0 && next > re.find.NumSubexp() {
			break
		}
		group = next
		size++
	}
	if size == 0 || group > re.find.NumSubexp() {
		return 0, 0, fail("$ in a replacement needs the number of a group")
	}
	return group, size, nil
}

func quoteReplacement(_ *machine, args []Value) (Value, error) {
	s, ok := args[0].(string)
	if !ok {
		return nil, fail("%s is no string", typeName(args[0]))
	}
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`).Replace(s), nil
}

var regexFuncs = funcs{
	"re-find": {2, 2, matched(false)}, "re-matches": {2, 2, matched(true)}, "re-seq": {2, 2, reSeqFn},
	"re-pattern": {1, 1, rePatternFn}, "clojure.string/split": {2, 3, splitFn}, "clojure.string/split-lines": {1, 1, splitLinesFn},
	"clojure.string/replace": {3, 3, replaced(false)}, "clojure.string/replace-first": {3, 3, replaced(true)},
	"clojure.string/re-quote-replacement": {1, 1, quoteReplacement},
}
