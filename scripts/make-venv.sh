#!/usr/bin/env bash
# make-venv.sh PYTHON FOLDER: a virtual environment, with what Debian leaves out of python3 added by apt.
set -euo pipefail
python=$1 folder=$2 here=$(dirname "$0")

if ! command -v "$python" >/dev/null; then
    echo "There is no '$python'. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "'$python' is Python $version; 3.11 or later is needed. Name one: make PYTHON=python3.11" >&2
    exit 1
fi
# Debian's python3 has no ensurepip, without which venv makes an environment that has no pip.
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    if ! bash "$here/apt-install.sh" "python$version-venv"; then
        echo "'$python' cannot make virtual environments. Install Debian's python$version-venv" >&2
        echo "(sudo apt-get install python$version-venv), or name another Python: make PYTHON=..." >&2
        exit 1
    fi
fi
# half an environment would be taken for a whole one the next time
trap 'rm -rf "$folder"' ERR
"$python" -m venv "$folder"
