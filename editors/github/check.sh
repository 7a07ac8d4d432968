#!/usr/bin/env bash
# Annotates the scripts that $FILES matches with what is wrong in them, and writes the same as SARIF. The outputs `status` and
# `sarif-file` say how it went; the step itself fails only where aphex could not do its work.
set -euo pipefail
# shellcheck source=editors/github/files.sh
. "$(dirname "$0")/files.sh"

# shellcheck disable=SC2153
matching "$FILES"
if [ ${#files[@]} -eq 0 ]; then
    echo "::warning title=aphex::no file of the repository matches \`files\`"
    echo "status=0" >> "$GITHUB_OUTPUT"
    exit 0
fi
sarif=$RUNNER_TEMP/aphex.sarif
check() { "$APHEX" check --quiet --color never --message-format "$1" "${parameters[@]}" -- "${files[@]}"; }

status=0
check github 2>&1 || status=$?
check sarif 2> "$sarif" || true
# 3 is a file that cannot be read; what is beside the problems then is no SARIF.
if [ "$status" -le 1 ]; then
    echo "sarif-file=$sarif" >> "$GITHUB_OUTPUT"
fi
echo "status=$status" >> "$GITHUB_OUTPUT"
echo "${#files[@]} scripts checked"
