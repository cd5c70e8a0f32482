# bash completion for hull: source <(hull completion bash)
_hull() {
	local IFS=$'\n'
	# shellcheck disable=SC2207 # one candidate a line; mapfile is missing in bash 3
	COMPREPLY=($(hull __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _hull hull
