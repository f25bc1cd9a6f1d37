#!/usr/bin/env bash
# docktor-py 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: `docktor optimize` for a Dockerfile of two stages: the first begins `FROM --platform=linux/amd64 python:3.12@sha256:... AS build`, the second
# is `FROM build`.
# Guess: the file as it stands: both images are as pinned as they can be.
# Seen: `FROM None:latest` and `FROM build:latest`. The platform, the name of the stage and the digest are gone, and the second stage is no longer the
# first one but an image called build of a registry. The exit status is 0.
# Expected: Dockerfile reference, FROM: flags come before the image, a digest pins it, and a later FROM may name an earlier stage. An optimizer that
# says it fixes a file gives one that builds the same.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check docktor-py==0.2.1 2>/dev/null
cat > Dockerfile <<TEXT
FROM --platform=linux/amd64 python:3.12@sha256:$(printf '%064d' 1) AS build
RUN pip install flask
FROM build
USER 1000
TEXT
v/bin/docktor optimize Dockerfile 2>/dev/null | tee seen
cat > expected <<'TEXT'
FROM None:latest
RUN pip install flask
FROM build:latest
USER 1000
TEXT
cmp -s expected seen || { echo "docktor writes another file now"; exit 1; }
