#!/usr/bin/env bash
# dockerfile-parse 2.0.1 (PyPI), Python 3.11 or newer.
#
# Input: a two-stage Dockerfile whose stages are begun with `FROM --platform=linux/amd64 IMAGE AS NAME`; a program gives the last stage
# another base image with `parser.baseimage = ...`, or gives all stages theirs with `parser.parent_images = [...]`.
# Guess: the image is exchanged and the rest of the line stays, as its `AS NAME` does.
# Seen: `--platform=linux/amd64` is gone from every line that was written, without a word. The next build takes the builder's own platform.
# Expected: the library reads the flag (release 2.0 taught it to), so its setters leave it. Dockerfile reference, FROM: the flag says which
# platform of a multi-platform image is taken, and by default it is that of the build request; an image built on an ARM laptop is
# then an ARM image.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dockerfile-parse==2.0.1 2>/dev/null
cat > set.py <<'PY'
import io
from dockerfile_parse import DockerfileParser

TEXT = b"FROM --platform=linux/amd64 python:3.12 AS wheels\nFROM --platform=linux/amd64 python:3.12-slim AS run\n"
one, all_stages = (DockerfileParser(fileobj=io.BytesIO(TEXT)) for _ in range(2))
assert one.parent_images == ["python:3.12", "python:3.12-slim"]
one.baseimage = "python:3.13-slim"
all_stages.parent_images = ["python:3.13", "python:3.13-slim"]
print(one.content + all_stages.content, end="")
PY
v/bin/python set.py | tee seen
cat > expected <<'TEXT'
FROM --platform=linux/amd64 python:3.12 AS wheels
FROM python:3.13-slim AS run
FROM python:3.13 AS wheels
FROM python:3.13-slim AS run
TEXT
cmp -s expected seen || { echo "dockerfile-parse writes something else now"; exit 1; }
