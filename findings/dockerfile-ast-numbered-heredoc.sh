#!/usr/bin/env bash
# dockerfile-ast 0.7.1 (npm), with dockerfile 3.4.0 (PyPI; BuildKit's own parser) as a witness. Node.js 18 and Python 3.11 or newer, amd64.
#
# Input: a RUN with a here-document on a descriptor of its own, `RUN python - 3<<EOF`, two lines and `EOF`; and the same without the 3.
# Guess: one RUN both times, as in BuildKit.
# Seen: without the number one RUN. With it the lines of the document are instructions: a RUN, an `IMPORT` and an `EOF`. Nothing is marked
# as wrong in the tree; linters and editors that are built on it report instructions that nobody wrote, and a line of the document
# that begins with USER or ENV is taken for a change to the image.
# Expected: Dockerfile reference, "Here-documents", which follow the POSIX shell: there a number may stand before << (Shell Command Language,
# 2.7.4, "[n]<<word"), and BuildKit's parser reads it. The package has getHeredocs() for RUN, and its change log speaks of them as supported.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check --only-binary :all: dockerfile==3.4.0 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts dockerfile-ast@0.7.1 >/dev/null 2>&1
cat > read.js <<'JS'
const text = require('fs').readFileSync(0, 'utf8');
console.log('dockerfile-ast', ...require('dockerfile-ast').DockerfileParser.parse(text).getInstructions().map(instruction => instruction.getKeyword()));
JS
for redirection in '<<EOF' '3<<EOF'; do
  printf 'FROM scratch\nRUN python - %s\nimport sys\nEOF\n' "$redirection" > Dockerfile
  v/bin/python -c 'import dockerfile; print("BuildKit", *(command.cmd.upper() for command in dockerfile.parse_file("Dockerfile")))'
  node read.js < Dockerfile
done | tee seen
printf 'BuildKit FROM RUN\ndockerfile-ast FROM RUN\nBuildKit FROM RUN\ndockerfile-ast FROM RUN IMPORT EOF\n' | cmp -s - seen || { echo "one of the two reads something else now"; exit 1; }
