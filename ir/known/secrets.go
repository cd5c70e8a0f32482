package known

import (
	"regexp"
	"slices"
	"strings"

	"hull/ir"
)

// secretWords are the words of a name, in snake case, that say that it holds a
// secret.
var secretWords = regexp.MustCompile(`(?:^|_)(?:[a-z0-9]*passwords?|[a-z0-9]*passwd|passphrases?|pass|pwd|pw|[a-z0-9]*secrets?|` +
	`[a-z0-9]*tokens?|credentials?|salt|jwt|(?:redis|basic|http|proxy|neo4j)_auth|[a-z0-9]+_?keys?(?:_base)?)(?:_|$)`)

// harmlessEnds are the last words of names that speak of a secret and hold
// none: a path to it, how long it lives, what it is called.
var harmlessEnds = regexp.MustCompile(`_(?:file|files|path|dir|url|uri|endpoint|host|port|user|username|name|id|prefix|suffix|header|type|` +
	`algorithm|alg|issuer|audience|expiry|expiration|expires|expire|exp|lifetime|ttl|timeout|age|days|hours|minutes|seconds|length|size|count|` +
	`limit|min|max|rounds|enabled|disabled|enable|required|allowed|policy|mode|method|regex|pattern|version|size)$`)

// publicKeys are the names with "key" that hold none, or one for everybody.
var publicKeys = regexp.MustCompile(`(?:^|_)(?:public|publishable|site|cache|routing|partition|primary|foreign|sort|hot|mon|tur)_?keys?$|^keys?$`)

// secretHints are what every match of secretWords holds one of. Looking for
// them first spares most names the search for the pattern.
var secretHints = []string{"pass", "pw", "secret", "token", "credential", "salt", "jwt", "auth", "key"}

// IsSecretName tells whether the name of a variable says that it holds a
// secret. NAME_FILE holds a path.
func IsSecretName(name string) bool {
	snake := ir.SnakeCase(name)
	return snake != "pwd" && containsAny(snake, secretHints) && secretWords.MatchString(snake) && !harmlessEnds.MatchString(snake) && !publicKeys.MatchString(snake)
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// IsSecret also looks at the text: "yes" is no password, a path is none
// either, and neither is nothing at all.
func IsSecret(name, text string) bool {
	switch strings.ToLower(text) {
	case "", "true", "false", "yes", "no", "on", "off", "0", "1":
		return false
	}
	isPath := strings.HasPrefix(text, "/") && strings.Count(text, "/") > 1
	return IsSecretName(name) && !isPath || SecretText(text) != ""
}

// placeholder is what stands where a secret will be, or what everybody's first
// password is: that another text holds it says nothing.
var placeholder = regexp.MustCompile(`(?i)^[<{\[]|^(?:change|replace|your|my|insert|enter|set|todo|fixme|xxx|example|sample|dummy|test|demo|` +
	`default|password|passw0rd|secret|postgres|mysql|mongo|redis|root|admin|user|guest|dev|local|none|null|123)`)

// IsPlaceholder tells whether a text only holds a secret's place.
func IsPlaceholder(text string) bool { return placeholder.MatchString(text) }

// SecretText says what secret a text is by its shape, in words for a message;
// empty where it looks like none.
func SecretText(text string) string {
	for _, shape := range secretShapes {
		if containsAny(text, shape.hints) && shape.pattern.MatchString(text) {
			return shape.what
		}
	}
	return ""
}

// secretShapes are texts that can be nothing but secrets, by the prefixes that
// their issuers document, and by the syntax of addresses with passwords.
var secretShapes = []struct {
	what string
	// hints are what every match of the pattern holds one of.
	hints   []string
	pattern *regexp.Regexp
}{
	{"a password in an address", []string{"=", "@"}, regexp.MustCompile(`(?i)(?:^|;)\s*(?:password|pwd)=[^;\s]|^[^:@/\s]+:[^@/\s]+@tcp\(`)},
	{"a private key", []string{"PRIVATE KEY"}, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`)},
	{"an AWS access key", []string{"AKIA", "ASIA"}, regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`)},
	{"a GitHub token", []string{"gh", "github_pat_"}, regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,})`)},
	{"a GitLab token", []string{"glpat-"}, regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20}`)},
	{"a Slack token", []string{"xox"}, regexp.MustCompile(`\bxox[abprs]-[A-Za-z0-9-]{10,}`)},
	{"an API key", []string{"sk-", "AIza", "k_live_"}, regexp.MustCompile(`\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{35}|\b[sr]k_live_`)},
	{"a Slack webhook", []string{"hooks.slack.com/services/"}, regexp.MustCompile(`hooks\.slack\.com/services/`)},
	{"a bearer token", []string{" "}, regexp.MustCompile(`(?i)\bbearer [a-z0-9._~+/-]{8,}`)},
	{"a JSON web token", []string{"eyJ"}, regexp.MustCompile(`^eyJ[\w-]{8,}\.[\w-]+\.`)},
}

// URLPassword is the password in a URL, and the host behind it:
// scheme://user:password@host.
var URLPassword = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^/@\s:'"]*:([^/@\s'"]+)@([a-zA-Z0-9_.-]*)`)
