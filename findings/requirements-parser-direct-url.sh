#!/usr/bin/env bash
# requirements-parser 0.13.1 (PyPI), Python 3.11 or newer.
#
# Input: `flask @ https://example.org/flask-3.0-py3-none-any.whl`, the same file without a name, and `flask @ git+https://example.org/flask.git@v1`.
# Guess: the address in `uri`, three times.
# Seen: it is None for the first, with no path and no version either, and `specifier` says True: what comes out is "any flask", to be had from the
# index. The address without a name and the one of a repository are kept. No warning, while other lines that are not supported give one.
# Expected: pip's documentation, "Requirement Specifiers", and the dependency specifiers of PyPA: NAME @ URL is the standard form for exactly
# this, and names where the package comes from. The README counts URLs among what is handled.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check requirements-parser==0.13.1 2>/dev/null
cat > read.py <<'PY'
import requirements

WHEEL = "https://example.org/flask-3.0-py3-none-any.whl"
for line in (f"flask @ {WHEEL}", WHEEL, "flask @ git+https://example.org/flask.git@v1"):
    (requirement,) = requirements.parse(line)
    print(requirement.name, requirement.uri, requirement.path, requirement.specs, requirement.specifier)
PY
v/bin/python -W error read.py | tee seen
cat > expected <<'TEXT'
flask None None [] True
None https://example.org/flask-3.0-py3-none-any.whl None [] False
flask git+https://example.org/flask.git None [] False
TEXT
cmp -s expected seen || { echo "requirements-parser reads something else now"; exit 1; }
