#!/usr/bin/env bash
# docker-image-py 0.2.0 (PyPI), Python 3.11 or newer.
#
# Input: Reference.parse_normalized_named() and familiar_name() for `python:3.12`, `python@sha256:...`, and `python:3.12@sha256:...`.
# Guess: python, three times.
# Seen: python, TypeError (CanonicalReference.__init__() missing 1 required positional argument: 'digest'), python. The reference that is pinned by its digest
# alone, which is the one that a lock file and a deployment hold, is the one whose name cannot be shown; with a tag beside it, it can.
# Expected: the package is a port of distribution's reference package to Python; there FamiliarName() of a normalized reference with a digest gives its
# short name. The parser itself takes all three, and `name` is right for all three.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check docker-image-py==0.2.0 2>/dev/null
cat > name.py <<'PY'
from docker_image.reference import Reference

digest = "@sha256:" + "ab" * 32
for image in ("python:3.12", "python" + digest, "python:3.12" + digest):
    reference = Reference.parse_normalized_named(image)
    try:
        familiar = reference.familiar_name()
    except TypeError as error:
        familiar = type(error).__name__
    print(image[:20], reference["name"], familiar)
PY
v/bin/python name.py | tee seen
cat > expected <<'TEXT'
python:3.12 docker.io/library/python python
python@sha256:ababab docker.io/library/python TypeError
python:3.12@sha256:a docker.io/library/python python
TEXT
cmp -s expected seen || { echo "docker-image-py names them otherwise now"; exit 1; }
