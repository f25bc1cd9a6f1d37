#!/usr/bin/env bash
# docktor-py 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: `docktor optimize` for a Dockerfile with a comment inside a RUN of two lines, a RUN with a mount and one with `--network=none`, an ENV of the
# old form, with a blank, after one of the new form, and an ADD of an address with its checksum.
# Guess: the same instructions, perhaps fewer layers.
# Seen: the comment is joined to the command; `b`, the rest of it, stands on a line of its own, as an instruction nobody knows. `--network=none` becomes
# a command of the shell behind `&&`. The old ENV is appended to the new one, where it is a syntax error, and ADD becomes COPY, which has no --checksum
# and reads no address. Exit status 0.
# Expected: Dockerfile reference: comment lines are removed before an instruction is read, flags stand before a RUN's command, the two forms of ENV do
# not mix, and an address is what ADD is for. None of the four results builds, and all four originals do.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check docktor-py==0.2.1 2>/dev/null
optimize() {
  cat > Dockerfile
  v/bin/docktor optimize Dockerfile 2>/dev/null | tail -n +2
}
{
  printf 'FROM python:3.12\nRUN a \\\n  # why\n  b\n' | optimize
  printf 'FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache pip install flask\nRUN --network=none true\n' | optimize
  printf 'FROM python:3.12\nENV A=1\nENV MODE very fast\n' | optimize
  printf 'FROM python:3.12\nADD --checksum=sha256:%064d https://files.example/a /b\n' 1 | optimize | cut -c1-22
} | tee seen
cat > expected <<'TEXT'
RUN a # why
b
RUN --mount=type=cache,target=/root/.cache pip install flask \
    && --network=none true
ENV A=1 \
    MODE very fast
COPY --checksum=sha256
TEXT
cmp -s expected seen || { echo "docktor writes another file now"; exit 1; }
