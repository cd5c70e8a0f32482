# fish completion for hull: hull completion fish > ~/.config/fish/completions/hull.fish
function __hull_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -l candidates (hull __complete $words[2..-1] "$current" 2>/dev/null)
	if test (count $candidates) -gt 0
		printf '%s\n' $candidates
	else
		__fish_complete_path "$current"
	end
end
complete -c hull -f -a '(__hull_complete)'
