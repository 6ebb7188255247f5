#!/usr/bin/env bash
# apt-install.sh PACKAGE...: install Debian packages where this user may without being asked anything.
# Exit 1 where there is no apt-get, or no right to use it; the caller says what then.
set -euo pipefail

command -v apt-get >/dev/null || exit 1
as_root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || exit 1
    as_root=(sudo -n "${as_root[@]}")
fi
echo "Installing by apt: $*"
# a machine that never ran `update` knows no package; one that cannot update now may still know enough
"${as_root[@]}" apt-get -qq update || echo "apt-get update failed; trying with the lists that are here."
"${as_root[@]}" apt-get -qq install --yes --no-install-recommends "$@" >/dev/null
