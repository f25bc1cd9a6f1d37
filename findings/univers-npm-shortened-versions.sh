#!/usr/bin/env bash
# univers 32.0.1 (PyPI), with semver-range 0.0.3 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: npm ranges: is 1.2.9 in `<=1.2`, 1.2.3 in `1.2`, 2.0.0-alpha in `^1.0.0`, 1.2.0 in `>1.1.x`, and 1.2.3 in `1.x`?
# Guess: yes, yes, no, yes, yes.
# Seen: no, no, yes, an UnboundLocalError, yes. A shortened version is filled up with zeros behind an operator, and 1.2 alone is 1.2.0 alone; a pre-release
# of the next major version is let in.
# Expected: node-semver's documentation: "X-Ranges", a partial version is an X-range, so <=1.2 holds all of 1.2; "Caret Ranges", ^1.2.3 ends below 2.0.0-0.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check univers==32.0.1 semver-range==0.0.3 2>/dev/null
cat > ask.py <<'PY'
from semver_range import Range, Version
from univers.version_range import NpmVersionRange
from univers.versions import SemverVersion

for version, asked in (("1.2.9", "<=1.2"), ("1.2.3", "1.2"), ("2.0.0-alpha", "^1.0.0"), ("1.2.0", ">1.1.x"), ("1.2.3", "1.x")):
    try:
        answer = SemverVersion(version) in NpmVersionRange.from_native(asked)
    except UnboundLocalError as error:
        answer = type(error).__name__
    print(version, asked, "|", answer, Version(version) in Range(asked))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
1.2.9 <=1.2 | False True
1.2.3 1.2 | False True
2.0.0-alpha ^1.0.0 | True False
1.2.0 >1.1.x | UnboundLocalError True
1.2.3 1.x | True True
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }
