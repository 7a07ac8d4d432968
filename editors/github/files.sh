# shellcheck shell=bash disable=SC2034
# Sourced by the others: `matching` puts the files that the lines of $1 match into the array `files`, `parameters` is what each
# command is given.
matching() {
    local pattern patterns=()
    files=()
    while IFS= read -r pattern; do
        [ -z "$pattern" ] || patterns+=(":(glob)$pattern")
    done <<< "$1"
    if [ ${#patterns[@]} -eq 0 ]; then return; fi
    mapfile -d '' -t files < <(git ls-files -z --deduplicate -- "${patterns[@]}")
}

parameters=()
if [ -n "$PARAM_FILE" ]; then
    parameters=(--param-file "$PARAM_FILE")
fi
