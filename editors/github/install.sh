#!/usr/bin/env bash
# Sees to it that $APHEX is there: installs the release $VERSION of it where it is not.
set -euo pipefail
if command -v "$APHEX" >/dev/null; then
    "$APHEX" --version
    exit 0
fi
if [ -z "$VERSION" ] || [ "$APHEX" != aphex ]; then
    echo "::error title=aphex::there is no \`${APHEX//[$'\r\n%']/ }\`: install it in a step before this one, or give \`version\`"
    exit 1
fi
if ! [[ $VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    echo "::error title=aphex::\`version\` is a whole version such as 0.1.0"
    exit 1
fi
cargo install --locked --quiet aphex --version "$VERSION"
aphex --version
