#!/usr/bin/env bash
# Writes one comment on the pull request $NUMBER of $REPOSITORY: what the scripts that $PIPELINES matches would change against
# $BASE, and their graphs. The comment of an earlier run is written anew.
set -euo pipefail
# shellcheck source=editors/github/files.sh
. "$(dirname "$0")/files.sh"

readonly MARK='<!-- aphex: difference and graph -->'
# GitHub takes 65,536 characters; a piece of this many bytes leaves room for others.
readonly LONGEST=20000
body=$(mktemp)
trap 'rm -f "$body"' EXIT

# A fenced block, whose fence is longer than any row of backticks in the text.
block() {
    local language=$1 text=$2 fence='```' cut=
    if [ "${#text}" -gt "$LONGEST" ]; then
        text=${text:0:LONGEST}
        text=${text%$'\n'*}
        cut=$'\n\nThe rest is too long for a comment; the command itself shows it.'
    fi
    while [[ $text == *"$fence"* ]]; do fence+='`'; done
    printf '%s%s\n%s\n%s%s\n\n' "$fence" "$language" "$text" "$fence" "$cut"
}

difference() {
    local file=$1 text status=0
    if ! git cat-file -e "$BASE:$file" 2>/dev/null; then
        printf 'This script is new.\n\n'
        return
    fi
    text=$("$APHEX" diff --color never --against "$BASE" "${parameters[@]}" -- "$file" 2>/dev/null) || status=$?
    if [ -n "$text" ]; then
        block text "$text"
    elif [ "$status" -eq 0 ]; then
        printf 'Nothing of what the script becomes would change.\n\n'
    else
        printf 'The difference cannot be told: this script, or the one before it, has errors.\n\n'
    fi
}

# One graph for each pipeline; a script that has no single one is drawn as a tree.
graph() {
    local file=$1 text
    if text=$("$APHEX" graph --quiet --format mermaid "${parameters[@]}" -- "$file" 2>/dev/null) \
        && [ "${#text}" -le "$LONGEST" ]; then
        printf '<details><summary>Graph</summary>\n\n'
        block mermaid "$text"
        printf '</details>\n\n'
    elif text=$("$APHEX" graph --quiet --color never "${parameters[@]}" -- "$file" 2>/dev/null); then
        printf '<details><summary>Graph</summary>\n\n'
        block text "$text"
        printf '</details>\n\n'
    fi
}

matching "$PIPELINES"
if [ ${#files[@]} -eq 0 ]; then
    echo "no file of the repository matches \`pipelines\`"
    exit 0
fi
# `aphex diff` takes a file of that name first, and a pull request may bring one.
if [ -z "$BASE" ] || [[ $BASE == -* ]] || [ -e "$BASE" ] || [ -L "$BASE" ]; then
    echo "::error title=aphex::\`base\` is no revision, or the repository has a file of its name"
    exit 1
fi
# A shallow clone has not got the revision.
if ! git cat-file -e "$BASE^{commit}" 2>/dev/null && ! git fetch --quiet --depth 1 origin "$BASE"; then
    echo "::warning title=aphex::the base is not there, and cannot be fetched: check out with \`fetch-depth: 0\`"
    exit 0
fi
printf '%s\n' "$MARK" > "$body"
left=0
for file in "${files[@]}"; do
    # A file's name stands in the page as text, whatever is in it.
    # shellcheck disable=SC2016
    piece=$(printf '### `%s`\n\n' "${file//[\`$'\n\r']/?}"; difference "$file"; graph "$file")
    if [ $(($(wc -c < "$body") + ${#piece})) -gt 60000 ]; then
        left=$((left + 1))
    else
        printf '\n%s\n' "$piece" >> "$body"
    fi
done
if [ "$left" -gt 0 ]; then
    printf '\n%d more scripts are too long for a comment.\n' "$left" >> "$body"
fi

comments=repos/$REPOSITORY/issues
ids=$(gh api --paginate "$comments/$NUMBER/comments" \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$MARK\"))) | .id") || ids=
id=${ids%%$'\n'*}
if [ -n "$id" ]; then
    written() { gh api --silent --method PATCH "$comments/comments/$id" -F "body=@$body"; }
else
    written() { gh api --silent --method POST "$comments/$NUMBER/comments" -F "body=@$body"; }
fi
if ! written; then
    # The token of a pull request from a fork may only read.
    echo "::notice title=aphex::the comment could not be written; it is in the summary of this run"
    cat "$body" >> "$GITHUB_STEP_SUMMARY"
fi
