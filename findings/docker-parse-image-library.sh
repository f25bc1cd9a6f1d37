#!/usr/bin/env bash
# docker-parse-image 3.0.1 (npm), Node.js 18 or newer.
#
# Input: an image with a one-part name in a private registry, `registry.example/api:1`, and one that is pinned by digest, `python@sha256:...`.
# Guess: `fullname` is the first unchanged, and docker.io's `library/python` with the digest behind an @ for the second.
# Seen: `registry.example/library/api:1`, another repository than the one that was named, and `library/python:sha256:...`, which is no
# reference at all: the digest is given out as a tag.
# Expected: only Docker Hub has the name space "library" for one-part names (distribution, reference: normalization puts it before a name
# of docker.io alone), and a digest is joined with @ (reference grammar). parse-docker-image-name (npm) and docker-image-py (PyPI) do so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts docker-parse-image@3.0.1 >/dev/null 2>&1
cat > read.js <<'JS'
const parse = require('docker-parse-image');
console.log(parse('registry.example/api:1').fullname);
console.log(parse('python@sha256:' + 'ab'.repeat(32)).fullname.replaceAll('ab', ''));
JS
node read.js | tee seen
printf 'registry.example/library/api:1\nlibrary/python:sha256:\n' | cmp -s - seen || { echo "docker-parse-image reads something else now"; exit 1; }
