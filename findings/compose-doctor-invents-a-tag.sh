#!/usr/bin/env bash
# compose-doctor 0.1.0 (PyPI), Python 3.11 or newer.
#
# Input: `compose-doctor --fix` for a service with `image: registry.example/web`, and for one with `image: web` that is built from its own folder.
# Guess: a report that the first has no tag, which a person must choose; nothing about the second.
# Seen: both images get the tag `pinned`, in the file on disk, with a comment that it is to be replaced, and the verdict has no finding left about them.
# No registry has that tag, so the first cannot be pulled any more, and what is built and run is called otherwise than before.
# Expected: the help promises safe fixes, and that a fix is checked. A tag is a fact of a registry; one that nobody asked for is not safe, and with
# `build` the image's name is what the result will be called (Compose specification, image).
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-doctor==0.1.0 2>/dev/null
cat > compose.yaml <<'YAML'
services:
  web:
    image: registry.example/web
    restart: always
  worker:
    image: worker
    build: .
    restart: always
YAML
v/bin/compose-doctor --fix compose.yaml > report || true
{
  grep -o 'image: [^ ]*' compose.yaml
  sed -n '/Findings (after)/,$p' report | grep -c 'explicit tag' || true
} | tee seen
cat > expected <<'TEXT'
image: registry.example/web:pinned
image: worker:pinned
0
TEXT
cmp -s expected seen || { echo "compose-doctor writes something else now"; exit 1; }
