#compdef hull
# zsh completion for hull: source <(hull completion zsh)
_hull() {
	local -a candidates
	candidates=("${(@f)$(hull __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
	candidates=(${candidates:#})
	if (( ${#candidates} )); then
		compadd -a candidates
	else
		_files
	fi
}
if [[ "${funcstack[1]}" = _hull ]]; then
	_hull "$@"
else
	compdef _hull hull
fi
