#!/usr/bin/env bash
# need-chromium.sh: Chromium for the browser tests, by apt where this user may.
# Exit 1 where there is none and CI=true: there it must not be missed. Elsewhere it is told.
set -euo pipefail

if command -v chromium >/dev/null || { bash "$(dirname "$0")/apt-install.sh" chromium && command -v chromium >/dev/null; }; then
    exit 0
fi
echo "There is no chromium, and it could not be installed: sudo apt-get install chromium" >&2
if [ "${CI:-}" = true ]; then
    exit 1
fi
echo "THE BROWSER TESTS WILL NOT BE RUN." >&2
