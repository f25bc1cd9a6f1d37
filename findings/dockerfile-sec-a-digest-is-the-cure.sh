#!/usr/bin/env bash
# dockerfile-sec 1.0.6 (PyPI), Python 3.11 or newer.
#
# Input: three Dockerfiles of one line: `FROM python:3.12-slim`, `FROM python@sha256:...`, and the same digest of `registry.example/python`.
# Guess: its rule core-005, "Use image tag instead of SHA256 hash", for the second and the third.
# Seen: the rule speaks for the first and for the third, and is silent for the second. What it looks for is the contrary of what it says: it wants a
# digest without a tag, of a name without a slash, at the very start of the file. Who does as the words say is told the same again.
# Expected: the words of a rule and what it looks for agree. The reference that the rule gives speaks for digests.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dockerfile-sec==1.0.6 2>/dev/null
digest=sha256:$(printf '%064d' 1)
for image in python:3.12-slim "python@$digest" "registry.example/python@$digest"; do
  echo "FROM $image" > Dockerfile
  v/bin/dockerfile-sec Dockerfile > report
  echo "${image%%0*}: $(grep -o 'Use image tag instead of SHA256 hash' report || echo nothing)"
done | tee seen
cat > expected <<'TEXT'
python:3.12-slim: Use image tag instead of SHA256 hash
python@sha256:: nothing
registry.example/python@sha256:: Use image tag instead of SHA256 hash
TEXT
cmp -s expected seen || { echo "the rule says something else now"; exit 1; }
