#!/usr/bin/env bash
# univers 32.0.1 (PyPI), with packaging 25.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: Python's version specifiers: is 1.0.post1 in `>1.0`, 1.0+cu121 in `==1.0`, 1.4 in `~=1.2`, 1.0.3 in `==1.0.*`, and 1.5 in `>=1,<2`?
# Guess: no, yes, yes, yes, yes.
# Seen: yes, no, refused, refused, yes. The two operators that requirements files use most for "this series" raise InvalidVersionRange, and a build with a
# local label, as PyTorch's index serves them, does not count as the version that it is.
# Expected: the packaging specification "Version specifiers": an exclusive comparison does not let in post-releases of the given version; a local label of the
# candidate is ignored where the specifier has none; "~=" and "==1.0.*" are a part of the scheme.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check univers==32.0.1 packaging==25.0 2>/dev/null
cat > ask.py <<'PY'
from packaging.specifiers import SpecifierSet
from univers.version_range import InvalidVersionRange, PypiVersionRange
from univers.versions import PypiVersion

for version, asked in (("1.0.post1", ">1.0"), ("1.0+cu121", "==1.0"), ("1.4", "~=1.2"), ("1.0.3", "==1.0.*"), ("1.5", ">=1,<2")):
    try:
        answer = PypiVersion(version) in PypiVersionRange.from_native(asked)
    except InvalidVersionRange as error:
        answer = type(error).__name__
    print(version, asked, "|", answer, version in SpecifierSet(asked))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
1.0.post1 >1.0 | True False
1.0+cu121 ==1.0 | False True
1.4 ~=1.2 | InvalidVersionRange True
1.0.3 ==1.0.* | InvalidVersionRange True
1.5 >=1,<2 | True True
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }
