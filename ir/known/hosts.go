package known

import (
	"regexp"
	"slices"
	"strings"

	"hull/ir"
)

// hostWords are the words of a name, in snake case, that say that it holds a
// host; others are written together with what comes before, as in PGHOST.
var hostWords = regexp.MustCompile(`(?:^|_)(?:hosts?|hostnames?|servers?|addr|addrs|address|addresses|endpoints?|urls?|uris?|dsns?|brokers?|` +
	`bootstrap|upstreams?|nodes|peers|seeds|backends?|origins?|(?:pg|db|mq|my|sql|mysql|postgres|mongo|redis|smtp|mail|rabbitmq|api|proxy|remote)` +
	`(?:host|hostname|server|addr|address|url|uri))(?:_|$)`)

// otherEnds are the last words of names that speak of a host and hold something
// else of it.
var otherEnds = regexp.MustCompile(`_(?:users?|username|login|password|passwd|pass|secret|token|key|db|database|dbname|schema|collection|` +
	`ports?|protocol|scheme|path|id|prefix|suffix|realm|queue|topic|bucket|index|type|mode|version|timeout|[a-z]*(?:server|node|broker)_name)$`)

// IsHostName tells whether the name of a variable or of a flag says that it
// holds a host, as DB_HOST does and POSTGRES_DB does not.
func IsHostName(name string) bool {
	snake := ir.SnakeCase(name)
	return hostWords.MatchString(snake) && !otherEnds.MatchString("_"+snake)
}

// Addresses tells whether the text of a variable has a host in it as an
// address: in a URL, before a port, behind a user and password; and where the
// variable is named for one also by itself, or in a list. That a text merely is
// the same as a host says nothing: databases and users are called after the
// programs that have them.
func Addresses(name, text, host string) bool {
	text, host = strings.ToLower(text), strings.ToLower(host)
	if host == "" || !strings.Contains(text, host) {
		return false
	}
	if slices.Contains(urlHosts(text), host) || isBeforePort(text, host) || isBehindUser(text, host) {
		return true
	}
	isIt := func(item string) bool { return strings.TrimSpace(item) == host }
	return IsHostName(name) && slices.ContainsFunc(strings.FieldsFunc(text, isListMark), isIt)
}

// CommandAddresses tells whether a command has a host in it as an address: as
// Addresses says, where flags are the variables.
func CommandAddresses(words []string, host string) bool {
	flag := ""
	for _, word := range words {
		name, text, hasText := strings.Cut(word, "=")
		if !hasText {
			name, text = flag, word
		}
		if Addresses(strings.TrimLeft(name, "-"), text, host) || Addresses("", word, host) {
			return true
		}
		flag = ""
		if strings.HasPrefix(word, "-") && !hasText {
			flag = word
		}
	}
	return false
}

func isListMark(r rune) bool { return r == ',' || r == ';' || r == ' ' }

// urlHosts are the hosts of the URLs in a text. A URL may have several, as
// mongodb://a:1,b:2/x has.
func urlHosts(text string) []string {
	var hosts []string
	for {
		_, rest, found := strings.Cut(text, "://")
		if !found {
			return hosts
		}
		text = rest
		authority := rest
		if end := strings.IndexAny(rest, "/?#;\"'` \t\n<>()[]{}"); end >= 0 {
			authority = rest[:end]
		}
		authority = authority[strings.LastIndexByte(authority, '@')+1:]
		for host := range strings.SplitSeq(authority, ",") {
			host, _, _ = strings.Cut(host, ":")
			hosts = append(hosts, host)
		}
	}
}

// places calls with what stands before and behind each place of a host in a
// text, and tells whether it holds for one.
func places(text, host string, holds func(before, behind string) bool) bool {
	for i := 0; ; {
		at := strings.Index(text[i:], host)
		if at < 0 {
			return false
		}
		i += at
		if holds(text[:i], text[i+len(host):]) {
			return true
		}
		i++
	}
}

// isBeforePort finds host:port.
func isBeforePort(text, host string) bool {
	return places(text, host, func(before, behind string) bool {
		isStart := before == "" || strings.ContainsAny(before[len(before)-1:], " \t\n,=;'\"`(@|")
		return isStart && len(behind) > 1 && behind[0] == ':' && behind[1] >= '0' && behind[1] <= '9'
	})
}

// isBehindUser finds user:password@host, which needs no scheme.
func isBehindUser(text, host string) bool {
	return places(text, host, func(before, behind string) bool {
		user, isUser := strings.CutSuffix(before, "@")
		isEnd := behind == "" || strings.ContainsAny(behind[:1], "/?,; \n")
		return isUser && isEnd && strings.Contains(user[strings.LastIndexAny(user, " \n")+1:], ":")
	})
}
